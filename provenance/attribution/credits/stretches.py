"""The parts of a credit by name, and a stretch of a line that is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from provenance.attribution.agencies.agency import Mention

SEPARATORS = frozenset("-/|,;:()[]{}<>=+&*•·»«\"'.。।、：；，।（）【】〔〕［］「」『』・…!~")
"""What sets the stretches of a credit apart."""


class Part(StrEnum):
    """What a stretch of a credit is."""

    AGENCY = "agency"
    OWN = "own"
    SITE = "site"
    NAME = "name"
    INITIALS = "initials"
    PROSE = "prose"
    PHOTO = "photo"
    WITH_FILES = "with-files"
    CONTRIBUTION = "contribution"
    SUPPLIED = "supplied"
    COURTESY = "courtesy"
    SOURCE = "source"
    BYLINE = "byline"
    AFTER_NAME = "after-name"
    JOINT = "joint"
    STAFF = "staff"
    WIRES = "wires"
    TEXT = "text"
    GLUE = "glue"
    JOB = "job"
    DATE = "date"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a line and what it is; `mention` for agencies only."""

    part: Part
    start: int
    end: int
    mention: Mention | None = None

    def words(self, text: str) -> str:
        """Its part of the text that was cut."""
        return text[self.start : self.end]
