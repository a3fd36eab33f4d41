"""Who sells text to outlets, and where a text names them.

The knowledge is in ``agencies.toml`` (its header documents the format); this module reads it and
finds its written forms in running text of any script, in one pass linear in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from provenance.article import InputError
from provenance.attribution.words import ByWord, is_whole, runs_of_letters, starts_with, unify


class AgencyKind(StrEnum):
    """What an agency sells."""

    AGENCY = "agency"
    SYNDICATOR = "syndicator"
    PHOTO = "photo"


class FormKind(StrEnum):
    """How a written form stands for an agency; the values are the lists of ``agencies.toml``."""

    NAMES = "names"
    SHORT = "short"
    AMBIGUOUS = "ambiguous"
    SIGNOFFS = "signoffs"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Agency:
    """One news agency, syndication service or photo service.

    Attributes:
        id: Lower-case short name, e.g. ``keystone-sda``.
        name: Display name, in its own language and Latin letters.
        kind: What it sells.
        country: ISO 3166-1 alpha-2 code of its seat.
        languages: ISO 639-1 codes of the languages it writes in.
        domains: Registrable domains or hosts of its own sites.
        house: Registrable domains or hosts of its owner's outlets.
        names: Full names, in any script; matched whatever their case.
        short: Abbreviations and names whose case matters; matched as written and in capitals.
        ambiguous: Like `short`, but also common words, people, places or parties: a credit only
            where nothing but a credit can stand.
        signoffs: Forms found only in credits; ``#`` stands for one digit, case does not matter.
        photo: Forms that credit a picture and never the text; case does not matter.
        parents: Ids of the agencies it belongs to or is a service of.
        partners: Ids of the agencies whose material it distributes, or that distribute its own.
    """

    id: str
    name: str
    kind: AgencyKind
    country: str
    languages: tuple[str, ...]
    domains: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    signoffs: tuple[str, ...] = ()
    photo: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names an agency.

    Attributes:
        agency: Who is named.
        start: Offset of its first character.
        end: Offset after its last character.
        form: The words as the text has them.
        kind: Which kind of form they are.
    """

    agency: Agency
    start: int
    end: int
    form: str
    kind: FormKind

    @property
    def ambiguous(self) -> bool:
        """Whether the form means other things too, so that it credits only in a strong place."""
        return self.kind is FormKind.AMBIGUOUS

    def agency_writes(self, language: str) -> bool:
        """Whether the agency writes in a language."""
        return language in self.agency.languages

    def at_home(self, language: str) -> bool:
        """Whether the form is of the agency's own language, which English is only as its first.

        Nearly all agencies write English too, where their abbreviations mean other things.
        """
        written = self.form[:1].isupper() and language != "en"
        first = self.form.isascii() and not written
        return language in self.agency.languages[: 1 if first else None]

    @property
    def photo(self) -> bool:
        """Whether the form credits a picture, never the text."""
        return self.kind is FormKind.PHOTO or self.agency.kind is AgencyKind.PHOTO


@dataclass(frozen=True, slots=True)
class _Form:
    """A written form ready to be looked up, with the agencies that use it."""

    text: str
    kind: FormKind
    agencies: tuple[Agency, ...]

    def agency(self, language: str) -> Agency:
        """The first that writes in `language`, else the first."""
        return next((one for one in self.agencies if language in one.languages), self.agencies[0])


_TEXTS = ("name", "kind", "country")
_LISTS = tuple(entry.name for entry in fields(Agency) if entry.name not in ("id", *_TEXTS))
_MAX_LABELS = 8
_MAX_NAME = 200
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Without gaps, as in `words`.
_DIGITS = {code: code for code in range(0x3000)} | dict.fromkeys(map(ord, "0123456789"), ord("#"))
_LONG, _SHORT = 4, 2


class Agencies:
    """The agencies known, and the one pass that finds them in a text.

    Args:
        agencies: In order of precedence: the first wins a form or a domain that several use,
            unless the language of the text speaks for another.
    """

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_id = {agency.id: agency for agency in agencies}

    @classmethod
    def load(cls, extra: Path | None = None) -> Agencies:
        """Read the shipped file and, on top of it, the user's own.

        Args:
            extra: A file of the same format. An agency with a known id adds its lists to those
                there and replaces the rest; agencies of this file take precedence.

        Raises:
            InputError: The file is not readable or not of the format.
        """
        if extra is None:
            return _shipped()
        known = {agency.id: agency for agency in _shipped()}
        try:
            text = extra.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"agencies file {extra}: cannot read it: {error}") from error
        added = _parse(text, str(extra), known)
        return cls((added | {id: known[id] for id in known if id not in added}).values())

    def __iter__(self) -> Iterator[Agency]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def by_id(self, id: str) -> Agency | None:
        """Return the agency with this id, or None."""
        return self._by_id.get(id)

    def by_domain(self, host: str) -> Agency | None:
        """Return the agency whose own site a host name is or belongs to, or None."""
        return next((self._domains[name] for name in _above(host) if name in self._domains), None)

    def of_house(self, host: str) -> list[Agency]:
        """Return the agencies whose own site, or whose owner's outlet, a host name is of."""
        found = [agency for name in _above(host) for agency in self._houses.get(name, ())]
        own = self.by_domain(host)
        return [own, *found] if own else found

    def by_name(self, text: str, language: str = "") -> Agency | None:
        """Return the agency that a whole string names, or None.

        Punctuation and a leading "The" do not count, nor does the case of an abbreviation that is
        no word; ``Agence France-Presse (AFP)`` names one agency, ``dpa/AFP`` two, hence None.

        Args:
            text: E.g. an author or a source from metadata.
            language: As for `find`.
        """
        if len(text) > _MAX_NAME:
            return None
        for spelling in (text, text.upper()):
            mentions = self.find(spelling, language)
            if spelling != text and any(mention.ambiguous for mention in mentions):
                return None
            rest = spelling.lower()
            for mention in reversed(mentions):
                rest = rest[: mention.start] + rest[mention.end :]
            rest = rest.strip().removeprefix("the")
            named = {mention.agency.id for mention in mentions}
            if len(named) == 1 and not any(char.isalnum() for char in rest):
                return None if mentions[0].kind is FormKind.PHOTO else mentions[0].agency
        return None

    def find(self, text: str, language: str = "") -> list[Mention]:
        """Find every place that names an agency: in order, not overlapping, the longest form.

        Time is linear in the text, whatever the text.

        Args:
            text: Any text.
            language: ISO 639-1 code of the text. Decides between agencies that share a form:
                the first that writes in it, else the first.
        """
        exact = unify(text)
        folded = exact.lower()
        shape = folded.translate(_DIGITS)
        compared = {
            FormKind.NAMES: folded,
            FormKind.PHOTO: folded,
            FormKind.SHORT: exact,
            FormKind.AMBIGUOUS: exact,
            FormKind.SIGNOFFS: shape,
        }
        mentions: list[Mention] = []
        done = 0
        places = self._by_word.places(folded, lambda form: compared[form.kind])
        for start, form in self._scanned(shape, compared) if places is None else places:
            end = start + len(form.text)
            if start >= done and is_whole(exact, start, end):
                agency = form.agency(language)
                mentions.append(Mention(agency, start, end, text[start:end], form.kind))
                done = end
        return mentions

    def _scanned(self, shape: str, compared: Mapping[FormKind, str]) -> Iterator[tuple[int, _Form]]:
        """Where which form may begin, in a text of any script, word by word."""
        for candidate in self._starts.finditer(shape):
            start = candidate.start()
            long = self._forms.get(shape[start : start + _LONG], ())
            for form in (*long, *self._forms.get(shape[start : start + _SHORT], ())):
                if compared[form.kind].startswith(form.text, start):
                    yield start, form

    @cached_property
    def _domains(self) -> dict[str, Agency]:
        return {domain: agency for agency in reversed(list(self)) for domain in agency.domains}

    @cached_property
    def _houses(self) -> dict[str, list[Agency]]:
        houses: dict[str, list[Agency]] = {}
        for agency in self:
            for domain in agency.house:
                houses.setdefault(domain, []).append(agency)
        return houses

    @cached_property
    def _forms(self) -> dict[str, list[_Form]]:
        """Forms by how they begin, case and digits aside; the longest first.

        Two lengths of key, so that a common beginning of two letters does not lead to hundreds.
        """
        users: dict[tuple[str, FormKind], list[Agency]] = {}
        for agency in self:
            for kind in FormKind:
                for form in getattr(agency, kind.value):
                    for text in _spellings(form, kind):
                        same = users.setdefault((text, kind), [])
                        same += [] if agency in same else [agency]
        forms: dict[str, list[_Form]] = {}
        for (text, kind), same in sorted(users.items(), key=lambda item: -len(item[0][0])):
            width = _LONG if len(text) >= _LONG else _SHORT
            key = text[:width].lower().translate(_DIGITS)
            forms.setdefault(key, []).append(_Form(text, kind, tuple(same)))
        return forms

    @cached_property
    def _by_word(self) -> ByWord[_Form]:
        alike = [form for forms in self._forms.values() for form in forms]
        return ByWord(sorted(alike, key=lambda form: -len(form.text)))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that stand in some form, as runs of letters in lower case."""
        return runs_of_letters(form.text for alike in self._forms.values() for form in alike)

    @cached_property
    def _starts(self) -> re.Pattern[str]:
        """Where a form may start: at a word's start, or anywhere in scripts without spaces."""
        return starts_with({key[0] for key in self._forms})


@cache
def _shipped() -> Agencies:
    """The agencies of the shipped file, read once: that takes longer than to check a page."""
    shipped = files("provenance.attribution").joinpath("agencies.toml")
    return Agencies(_parse(shipped.read_text(encoding="utf-8"), "agencies.toml", {}).values())


def _above(host: str) -> list[str]:
    """A host name and those it is below, the longest first."""
    labels = host.lower().rstrip(".").split(".")[-_MAX_LABELS:]
    return [".".join(labels[first:]) for first in range(len(labels))]


def _spellings(form: str, kind: FormKind) -> Iterator[str]:
    """The form as it is compared, and in capitals where case matters."""
    exact = unify(form)
    if kind in (FormKind.SHORT, FormKind.AMBIGUOUS):
        yield exact
        yield unify(form.upper())
    else:
        yield exact.lower()


def _parse(text: str, source: str, known: Mapping[str, Agency]) -> dict[str, Agency]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"agencies file {source}: not TOML: {error}") from error
    agencies = {id: _agency(id, table, source, known.get(id)) for id, table in tables.items()}
    for agency in agencies.values():
        for other in (*agency.parents, *agency.partners):
            if other not in agencies and other not in known:
                raise InputError(f"agencies file {source}: [{agency.id}] names {other!r}, unknown")
    return agencies


def _agency(id: str, table: object, source: str, base: Agency | None) -> Agency:
    """Check one table and make it an agency, on top of the one that has its id already."""

    def wrong(what: str) -> InputError:
        return InputError(f"agencies file {source}: [{id}] {what}")

    if not isinstance(table, dict) or not _ID.fullmatch(id):
        raise wrong("must be a table with an id of lower-case letters, digits and hyphens")
    values: dict[str, Any] = {"id": id} if base is None else asdict(base)
    for key, value in table.items():
        if key in _LISTS and isinstance(value, list) and all(map(_is_form, value)):
            values[key] = (*values.get(key, ()), *value)
        elif key in _TEXTS and _is_form(value):
            values[key] = value
        else:
            raise wrong(
                f"has a key {key!r} that is unknown or of the wrong type; see docs/agencies.md"
            )
    missing = [key for key in (*_TEXTS, "languages") if key not in values]
    if missing:
        raise wrong(f"lacks {', '.join(missing)}")
    try:
        values["kind"] = AgencyKind(values["kind"])
    except ValueError:
        raise wrong(f"has kind {values['kind']!r}; use {', '.join(AgencyKind)}") from None
    return Agency(**values)


def _is_form(value: object) -> bool:
    return isinstance(value, str) and len(value) > 1
