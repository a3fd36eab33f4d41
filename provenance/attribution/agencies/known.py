"""Who sells text to outlets, and where a text names them.

The knowledge is in ``agencies.toml`` (its header documents the format); this module finds its
written forms in running text of any script, in one pass linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from provenance.article import InputError
from provenance.attribution.agencies.agency import Agency, AgencyKind, FormKind, Mention
from provenance.attribution.agencies.file import parse
from provenance.attribution.language.words import (
    ByWord,
    is_whole,
    runs_of_letters,
    starts_with,
    unify,
)

_MAX_LABELS = 8
_MAX_NAME = 200
# Without gaps, as in `words`.
_DIGITS = {code: code for code in range(0x3000)} | dict.fromkeys(map(ord, "0123456789"), ord("#"))
_LONG, _SHORT = 4, 2


@dataclass(frozen=True, slots=True)
class _Form:
    """A written form ready to be looked up, with the agencies that use it."""

    text: str
    kind: FormKind
    agencies: tuple[Agency, ...]

    def agency(self, language: str, placed: frozenset[str]) -> Agency | None:
        """The first that writes in `language`, else the first; None: the page means another.

        Of several that write in it, those with places are meant where they are among `placed`.
        """
        meant = [one for one in self.agencies if language in one.languages] or self.agencies[:1]
        if len(meant) > 1:
            here = [one for one in meant if one.id in placed]
            meant = here or [one for one in meant if not one.places]
        return meant[0] if meant else None


class Agencies:
    """The agencies known, and the one pass that finds them in a text.

    Args:
        agencies: In order of precedence: the first wins a form or a domain that several use,
            unless the language of the text speaks for another.
    """

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_id = {agency.id: agency for agency in agencies}
        self._placed: frozenset[str] = frozenset()
        self._views: dict[frozenset[str], Agencies] = {self._placed: self}

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
        added = parse(text, str(extra), known)
        return cls((added | {id: known[id] for id in known if id not in added}).values())

    def as_meant_by(self, text: str, host: str) -> Agencies:
        """The agencies, those that share a form told apart by the places that a page names.

        Args:
            text: All of the page's text.
            host: Where the page is, or empty.
        """
        if not any(form in text for form in self._shared):
            return self
        folded, country = unify(text).lower(), host.rpartition(".")[2]
        placed = frozenset(
            one.id
            for one in self._by_id.values()
            if one.places
            and (one.country.lower() == country or any(_names(folded, p) for p in one.places))
        )
        if placed not in self._views:
            view = copy(self)
            view._placed = placed
            self._views[placed] = view
        return self._views[placed]

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
                agency = form.agency(language, self._placed)
                if agency and agency.kind is not AgencyKind.RELEASE:
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
    def _shared(self) -> frozenset[str]:
        """The forms that agencies with places use."""
        return frozenset(form for one in self if one.places for form in one.ambiguous)

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
    shipped = files("provenance.attribution.agencies") / "agencies.toml"
    return Agencies(parse(shipped.read_text(encoding="utf-8"), "agencies.toml", {}).values())


def _names(folded: str, place: str) -> bool:
    """Whether a text in lower case has a place's name as words of its own."""
    at = folded.find(place.lower())
    return at >= 0 and is_whole(folded, at, at + len(place))


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
