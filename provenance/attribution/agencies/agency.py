"""An agency as the agencies file describes it, and a place that names one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AgencyKind(StrEnum):
    """What an agency sells."""

    AGENCY = "agency"
    SYNDICATOR = "syndicator"
    PHOTO = "photo"
    RELEASE = "release"


class FormKind(StrEnum):
    """How a written form stands for an agency; the values are the lists of ``agencies.toml``."""

    NAMES = "names"
    SHORT = "short"
    AMBIGUOUS = "ambiguous"
    SIGNOFFS = "signoffs"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Agency:
    """One news agency, syndication service, photo service or wire for press releases.

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
        places: Places it reports from: of several agencies that share a form and write in one
            language, those with places are meant only by pages that name one, or are of its
            country.
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
    places: tuple[str, ...] = ()


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
