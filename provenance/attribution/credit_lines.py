"""Is this line a credit, and what does it credit?

A credit has a grammar of its own, the same in all languages: agencies, people, places, dates, the
words that introduce or join them, and nothing else. A line is read by taking all of these away;
when prose remains, it is a sentence that mentions an agency, not a credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from provenance.attribution.agencies import Agencies, FormKind, Mention
from provenance.attribution.phrases import PhraseKind, phrases
from provenance.attribution.words import unify

MAX_CREDIT = 300
"""Characters from which a line is no credit."""
_MAX_NAMES = 14
"""Capitalised words, beside the agencies, that a credit may hold."""
_MAX_CASELESS = 16
"""Letters of a script without capitals that a name may have."""


class Part(StrEnum):
    """What a stretch of a credit is."""

    AGENCY = "agency"
    OWN = "own"
    NAME = "name"
    INITIALS = "initials"
    PROSE = "prose"
    PHOTO = "photo"
    WITH_FILES = "with-files"
    CONTRIBUTION = "contribution"
    SOURCE = "source"
    BYLINE = "byline"
    AFTER_NAME = "after-name"
    JOINT = "joint"
    STAFF = "staff"
    WIRES = "wires"
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


@dataclass(frozen=True, slots=True)
class CreditLine:
    """What a credit says.

    Attributes:
        text: The line.
        stretches: What it is made of, in order.
        mentions: The agencies it credits with text; none when it only names people or the outlet.
        names: People (or places) named.
        joint: The outlet's own work and the agency's are joined by a word such as "with".
        staff: The outlet's own people sign: by initials, as a newsroom, or by its name.
        photo: It speaks of a picture.
        loose: An agency's name runs on into another name without a separator, as in "Reuters Next".
    """

    text: str
    stretches: tuple[Stretch, ...]
    mentions: tuple[Mention, ...]
    names: tuple[str, ...]
    joint: bool
    staff: bool
    photo: bool
    loose: bool

    def has(self, part: Part) -> bool:
        """Whether some stretch is of this kind."""
        return any(stretch.part is part for stretch in self.stretches)

    @property
    def slashed(self) -> bool:
        """Whether a slash ties an agency to a name, as pictures are credited: "REUTERS/J. Doe"."""
        pairs = zip(self.stretches, self.stretches[1:], strict=False)
        return any(
            {left.part, right.part} == {Part.AGENCY, Part.NAME}
            and "/" in self.text[left.end : right.start]
            for left, right in pairs
        )

    @property
    def bracketed(self) -> bool:
        """Whether it stands in brackets."""
        text = self.text.strip()
        return text[:1] in ("(", "[", "（") and text[-1:] in (")", "]", "）")

    @property
    def sure(self) -> bool:
        """Whether the agencies are named by more than an ambiguous form."""
        return any(not mention.ambiguous for mention in self.mentions)


_PRECEDENCE = (
    (PhraseKind.PHOTO, Part.PHOTO),
    (PhraseKind.WITH_FILES, Part.WITH_FILES),
    (PhraseKind.CONTRIBUTION, Part.CONTRIBUTION),
    (PhraseKind.SOURCE, Part.SOURCE),
    (PhraseKind.STAFF, Part.STAFF),
    (PhraseKind.BYLINE, Part.BYLINE),
    (PhraseKind.AFTER_NAME, Part.AFTER_NAME),
    (PhraseKind.JOINT, Part.JOINT),
    (PhraseKind.WIRES, Part.WIRES),
    (PhraseKind.TIMESTAMP, Part.DATE),
    (PhraseKind.DATE, Part.DATE),
    (PhraseKind.JOB, Part.JOB),
    (PhraseKind.RIGHTS, Part.RIGHTS),
)
_TIES = {Part.JOINT, Part.BYLINE, Part.SOURCE, Part.WITH_FILES, Part.JOB, Part.WIRES, Part.DATE}
_TIES |= {Part.STAFF, Part.OWN, Part.AGENCY, Part.CONTRIBUTION, Part.AFTER_NAME, Part.INITIALS}
_TIES |= {Part.PHOTO, Part.RIGHTS}
_WORD = re.compile(
    r"[^\W_](?:[^\s_'./|,;:()\[\]{}<>=+&*•·»«\"。、：；，（）【】〔〕［］「」『』・…!~–—\-]|['’.\-](?=[^\W_]))*"
)
_ADDRESS = re.compile(r"\S{1,64}@\S{1,100}|https?://\S{1,200}|@\w{1,40}")
_SIGNED = re.compile(r"(?<=/)[^\W\d_]{2,4}(?![\w/])|(?<![\w/])[^\W\d_]{2,4}(?=/)")
_SEPARATORS = frozenset("-/|,;:()[]{}<>=+&*•·»«\"'.。、：；，（）【】〔〕［］「」『』・…!~")


def read_credit(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> CreditLine | None:
    """Read a line as a credit.

    Args:
        text: A line, or the end of one.
        agencies: The known agencies.
        language: ISO 639-1 code of the text.
        own: Names of the outlet itself, in lower case: crediting itself credits nobody else.

    Returns:
        The credit, or None when prose remains once everything a credit holds is taken away.
    """
    if not text or len(text) > MAX_CREDIT:
        return None
    stretches = parts(text, agencies, language, own)
    if any(stretch.part is Part.PROSE for stretch in stretches):
        return None
    names = tuple(text[one.start : one.end] for one in stretches if one.part is Part.NAME)
    if sum(len(name.split()) for name in names) > _MAX_NAMES:
        return None
    found = [one.mention for one in stretches if one.mention]
    photo = any(m.photo for m in found) or any(one.part is Part.PHOTO for one in stretches)
    mentions = tuple(mention for mention in found if not mention.photo)
    return CreditLine(
        text=text,
        stretches=tuple(stretches),
        mentions=mentions,
        names=names,
        joint=_is_joint(stretches),
        staff=any(one.part in (Part.INITIALS, Part.STAFF, Part.OWN) for one in stretches),
        photo=photo,
        loose=_is_loose(text, stretches),
    )


def parts(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> list[Stretch]:
    """Cut a line into what a credit is made of, in order; the rest is names or prose."""
    taken = [Stretch(Part.AGENCY, one.start, one.end, one) for one in agencies.find(text, language)]
    taken += _free(_own_names(text, own), taken)
    signed = (one for one in _SIGNED.finditer(text) if one[0].islower())
    taken += _free([Stretch(Part.INITIALS, m.start(), m.end()) for m in signed], taken)
    addresses = [Stretch(Part.DATE, m.start(), m.end()) for m in _ADDRESS.finditer(text)]
    taken += _free(addresses, taken)
    hits = phrases().find(text)
    for kind, part in _PRECEDENCE:
        found = [Stretch(part, hit.start, hit.end) for hit in hits if hit.kind is kind]
        taken += _free(found, taken)
    taken.sort(key=lambda one: one.start)
    return _with_names(text, [_agencys_own(text, taken, at) for at in range(len(taken))])


def _agencys_own(text: str, taken: Sequence[Stretch], at: int) -> Stretch:
    """A newsroom beside an agency's name is the agency's: "AP News Staff", "Redazione ANSA"."""
    one = taken[at]
    pairs = (
        (taken[at - 1], one) if at else None,
        (one, taken[at + 1]) if taken[at + 1 :] else None,
    )
    for left, right in filter(None, pairs if one.part is Part.STAFF else ()):
        if Part.AGENCY in (left.part, right.part) and not text[left.end : right.start].strip():
            return Stretch(Part.JOB, one.start, one.end)
    return one


def _own_names(text: str, own: Sequence[str]) -> list[Stretch]:
    folded = unify(text).lower()
    found = []
    for name in own:
        at = folded.find(name)
        end = at + len(name)
        if at >= 0 and not (folded[at - 1 : at].isalnum() or folded[end : end + 1].isalnum()):
            found.append(Stretch(Part.OWN, at, end))
    return found


def _free(found: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """Those found that touch nothing taken, nor one another."""
    free: list[Stretch] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in (*taken, *free)):
            free.append(one)
    return free


def _with_names(text: str, taken: list[Stretch]) -> list[Stretch]:
    """Fill the gaps: runs of capitalised words are names, initials are an editor's, else prose."""
    filled: list[Stretch] = []
    done = 0
    for stretch in (*taken, None):
        until = stretch.start if stretch else len(text)
        for word in _WORD.finditer(text, done, until):
            part = _part_of(text, word.start(), word.end())
            if part is None:
                continue
            last = filled[-1] if filled else None
            if last and last.part is part is Part.NAME and text[last.end : word.start()] == " ":
                filled[-1] = Stretch(part, last.start, word.end())
            else:
                filled.append(Stretch(part, word.start(), word.end()))
        if stretch:
            filled.append(stretch)
            done = stretch.end
    return filled


def _part_of(text: str, start: int, end: int) -> Part | None:
    word = text[start:end]
    if word[0].isdigit():
        return None
    if word[0].isupper() or word[0].istitle():
        return Part.NAME
    if not word[0].islower():
        return Part.NAME if len(word) <= _MAX_CASELESS else Part.PROSE
    if len(word) <= 4 and _beside_separator(text, start, end):
        return Part.INITIALS
    return Part.PROSE


def _beside_separator(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in _SEPARATORS or after in _SEPARATORS if before or after else False


def _is_joint(stretches: Sequence[Stretch]) -> bool:
    """Whether a joining word ties an agency to something that is no agency.

    "Jane Doe and AP", "with AP", "AP and staff reports"; not "AP and Reuters", and not "Jane Doe
    and John Roe, AP".
    """
    real = [one for one in stretches if one.part not in (Part.JOB, Part.DATE)]
    for at, one in enumerate(real):
        before = real[at - 1].part if at else None
        after = real[at + 1].part if at + 1 < len(real) else None
        if one.part is Part.WITH_FILES:
            return True
        if one.part is not Part.JOINT or Part.AGENCY not in (before, after):
            continue
        if after is Part.AGENCY and before is not Part.AGENCY:
            return True
        if before is Part.AGENCY and after in (Part.NAME, Part.STAFF, Part.OWN, Part.INITIALS):
            return True
    return False


def _is_loose(text: str, stretches: Sequence[Stretch]) -> bool:
    """Whether some agency's name runs on into the next name, or an ambiguous one out of one."""
    for at, one in enumerate(stretches):
        if one.mention is None or one.mention.kind is FormKind.SIGNOFFS:
            continue
        if at + 1 < len(stretches) and _runs_on(text, one, stretches[at + 1]):
            return True
        if at and one.mention.ambiguous and _runs_on(text, stretches[at - 1], one):
            return True
    return False


def _runs_on(text: str, left: Stretch, right: Stretch) -> bool:
    between = text[left.end : right.start].strip()
    ties = {left.part, right.part} & (_TIES - {Part.AGENCY})
    both_agencies = left.part is right.part is Part.AGENCY
    return not (ties or both_agencies or any(char in _SEPARATORS for char in unify(between)))
