"""Is this line a credit, and what does it credit?

A credit has a grammar of its own, the same in all languages: agencies, people, places, dates, the
words that introduce or join them, and nothing else. A line is read by taking all of these away;
when prose remains, it is a sentence that mentions an agency, not a credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from provenance.attribution.agencies.agency import FormKind, Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.parts import parts, surely_prose
from provenance.attribution.credits.stretches import SEPARATORS, Part, Stretch
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import PLATFORMS, holds_outlet, like_outlet, like_person

MAX_CREDIT = 300
"""Characters from which a line is no credit."""
_MAX_NAMES = 14
"""Capitalised words, beside the agencies, that a credit may hold."""
TWEET = re.compile(r"\(@\w{1,40}\)")
"""The sign of a message quoted from elsewhere."""
TRADES = frozenset({"writer", "reporter", "correspondent"})
"""What one person is, whatever is before it."""
_SEGMENT = re.compile(r"[^,;:|()\[\]]+")
_STOPS = frozenset(".!?…。！？।॥؟۔")
_INTRODUCING = frozenset({
    Part.SOURCE,
    Part.BYLINE,
    Part.WITH_FILES,
    Part.CONTRIBUTION,
    Part.SUPPLIED,
    Part.COURTESY,
})  # fmt: skip
"""Parts that say of what follows or precedes them that the text is its own."""
_STATING = frozenset({Part.WITH_FILES, Part.CONTRIBUTION, Part.SUPPLIED})
"""Parts that make a sentence about the text."""
_IN_UNNAMED = frozenset(Part) - {Part.AGENCY, Part.PROSE, Part.PHOTO, Part.RIGHTS, Part.SITE}
_LONGEST_PERSON = 4
"""Words that a person's name may have."""
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]")
_MOST_IDEOGRAPHS = 12
"""Letters of Chinese that the people of one credit may have, all together."""
_ASIDE = frozenset({Part.JOB, Part.DATE, Part.WIRES, Part.TEXT, Part.GLUE, Part.SOURCE})
"""Parts that stand between a joining word and what it joins."""


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
        """Whether a slash ties an agency to a person, as pictures are credited: "REUTERS/J. Doe".

        One word may be a place: "EFE / Madrid".
        """
        named = (one.words(self.text) for one in self.stretches if one.part is Part.AGENCY)
        forms = {_without_the(form) for form in named}
        desks = tuple(one.words(self.text) for one in self.stretches if one.part is Part.STAFF)
        for segment in _SEGMENT.findall(self.text):
            sides = [_without_the(side.strip(" ©–—-")) for side in segment.split("/")]
            for left, right in pairwise(sides):
                person = right if left in forms else left if right in forms else ""
                known = any(name in person for name in self.names)
                if " " in person and known and not person.endswith(desks):
                    return True
        return False

    @property
    def shares_with_outlet(self) -> bool:
        """Whether a slash ties a person to their outlet, as pictures are credited: "Doe/Star"."""
        sides = self.text.strip(" ()[]").split("/")
        return (
            len(sides) == 2
            and not self.mentions
            and all(one.part in (Part.NAME, Part.OWN, Part.JOB) for one in self.stretches)
            and all(side == side.strip() and " " in side for side in sides)
        )

    @property
    def people(self) -> tuple[str, ...]:
        """The names that may be people's: no outlet's, and no newsroom's before its title.

        One staff writer is a person: "Jane Doe Staff Writer".
        """
        if len(_IDEOGRAPHS.findall("".join(self.names))) > _MOST_IDEOGRAPHS:
            return ()
        titled = {
            left.words(self.text)
            for left, right in pairwise(self.stretches)
            if right.part is Part.STAFF
            and not self.text[left.end : right.start].strip()
            and right.words(self.text).lower().split()[-1] not in TRADES
        }
        return tuple(
            name
            for name in self.names
            if 1 < len(name.split()) <= _LONGEST_PERSON
            and name not in titled
            and (like_person(name) or not (like_outlet(name.split()[-1]) or holds_outlet(name)))
        )

    @property
    def runs_on(self) -> bool:
        """Whether a name runs on into an agency's: "Jane Doe Reuters", "Follow Reuters"."""
        pairs = pairwise(self.stretches)
        return any(
            left.part is Part.NAME
            and right.part is Part.AGENCY
            and _runs_on(self.text, left, right)
            for left, right in pairs
        )

    @property
    def signed_by_agency(self) -> bool:
        """Whether the agency's own people sign behind its name: "PTI SKL NSD", "भाषा सुरेश"."""
        first, *rest = self.stretches
        words = [word for name in self.names for word in name.split()]
        initials = all(
            (len(word) <= 4 and word in (word.upper(), word.lower()))
            or word.upper() == word.lower()
            for word in words
        )
        people = all(one.part is Part.NAME for one in rest)
        return first.part is Part.AGENCY and people and initials and 1 <= len(words) <= 4

    @property
    def agency_people(self) -> bool:
        """Whether the agency's own people had a part: "AP writer Jane Doe contributed"."""
        row = [one.part for one in self.stretches]
        if not any(
            one.part is Part.AGENCY and not SEPARATORS & set(self.text[one.end : one.end + 1])
            for one in self.stretches
        ):
            return False
        if self.joint and row[0] is not Part.JOINT and Part.CONTRIBUTION not in row:
            return False
        starts = ([Part.AGENCY, Part.JOB, Part.NAME], [Part.AGENCY, Part.NAME])
        return any(row[at : at + len(start)] == start for at in range(len(row)) for start in starts)

    @property
    def bracketed(self) -> bool:
        """Whether it stands in brackets."""
        text = self.text.strip()
        return text[:1] in ("(", "[", "（") and text[-1:] in (")", "]", "）")

    @property
    def introduced(self) -> bool:
        """Whether its own words say that it credits the text."""
        return self.joint or any(stretch.part in _INTRODUCING for stretch in self.stretches)

    @property
    def tied_to_own(self) -> bool:
        """Whether the outlet's own name stands beside an agency's and nothing else: "Star–AP"."""
        return {one.part for one in self.stretches} == {Part.OWN, Part.AGENCY}

    @property
    def names_alone(self) -> bool:
        """Whether it is one name or address and nothing else."""
        return [one.part for one in self.stretches] in ([Part.NAME], [Part.SITE])

    @property
    def unnamed(self) -> bool:
        """Whether it credits agencies without naming them: "Redaktion mit Agenturen"."""
        if self.mentions or not self.has(Part.WIRES) or len(self.names) > 2:
            return False
        return all(stretch.part in _IN_UNNAMED for stretch in self.stretches)

    @property
    def sure(self) -> bool:
        """Whether the agencies are named by more than an ambiguous form."""
        return any(not mention.ambiguous for mention in self.mentions)


_TIES = {Part.JOINT, Part.BYLINE, Part.SOURCE, Part.WITH_FILES, Part.JOB, Part.WIRES, Part.DATE}
_TIES |= {Part.STAFF, Part.OWN, Part.AGENCY, Part.CONTRIBUTION, Part.AFTER_NAME, Part.INITIALS}
_TIES |= {Part.PHOTO, Part.RIGHTS, Part.SUPPLIED, Part.COURTESY, Part.TEXT, Part.GLUE}


@lru_cache(maxsize=4096)
def read_credit(
    text: str, agencies: Agencies, language: str = "", own: tuple[str, ...] = ()
) -> CreditLine | None:
    """Read a line as a credit; kept for a while, since lines recur on a page and on an outlet's.

    Args:
        text: A line, or the end of one.
        agencies: The known agencies.
        language: ISO 639-1 code of the text.
        own: Names of the outlet itself, in lower case: crediting itself credits nobody else.

    Returns:
        The credit, or None when prose remains once everything a credit holds is taken away.
    """
    if not text or len(text) > MAX_CREDIT or TWEET.search(text) or text.endswith(("?", "？", "؟")):
        return None
    if surely_prose(text, agencies, own):
        return None
    stretches = parts(text, agencies, language, own)
    if _pictured_by_other(text, stretches):
        stretches = stretches[:1]
    if any(one.part is Part.PROSE for one in stretches) or _is_sentence(text, stretches):
        return None
    names = tuple(text[one.start : one.end] for one in stretches if one.part is Part.NAME)
    shares = sum(word.lower() in PLATFORMS for name in names for word in name.split())
    if shares > 1 or sum(len(name.split()) for name in names) > _MAX_NAMES:
        return None
    found = [one.mention for one in stretches if one.mention]
    held = {one.part for one in stretches}
    mentions = tuple(mention for mention in found if not mention.photo)
    thanked = Part.COURTESY in held and not (mentions or Part.TEXT in held or like_outlet(text))
    photo = len(mentions) < len(found) or Part.PHOTO in held or thanked
    return CreditLine(
        text=text,
        stretches=tuple(stretches),
        mentions=mentions,
        names=names,
        joint=_is_joint(stretches),
        staff=bool(held & {Part.STAFF, Part.OWN}) or _has_initials(text, stretches),
        photo=photo,
        loose=_is_loose(text, stretches),
    )


def _pictured_by_other(text: str, stretches: Sequence[Stretch]) -> bool:
    """Whether an agency is followed by whose the pictures are: "AFP - photos Reuters"."""
    if [one.part for one in stretches] != [Part.AGENCY, Part.PHOTO, Part.AGENCY]:
        return False
    first, word, other = stretches
    apart = not SEPARATORS.isdisjoint(unify(text[first.end : word.start]))
    differ = first.mention and other.mention and first.mention.agency != other.mention.agency
    return apart and bool(differ)


def _has_initials(text: str, stretches: Sequence[Stretch]) -> bool:
    """Whether the outlet's people sign: "dpa/sep"; behind a blank it is the agency's: "IANS sk"."""
    signed = [at for at, one in enumerate(stretches) if one.part is Part.INITIALS]
    if not signed or not signed[0] or stretches[0].part is not Part.AGENCY:
        return bool(signed)
    before = stretches[signed[0] - 1]
    return bool(text[before.end : stretches[signed[0]].start].strip())


def _is_sentence(text: str, stretches: Sequence[Stretch]) -> bool:
    """Whether small words make it a sentence about something else than the text.

    In a script without capitals a full stop does so too, since there all words may be names.
    """
    held = {one.part for one in stretches}
    if held & _STATING:
        return False
    pairs = pairwise(one.part for one in stretches)
    if (Part.AGENCY, Part.GLUE) in pairs:
        return True
    if Part.GLUE in held and not held & (_INTRODUCING | {Part.TEXT, Part.STAFF, Part.WIRES}):
        return True
    names = "".join(text[one.start : one.end] for one in stretches if one.part is Part.NAME)
    return bool(names) and names.lower() == names.upper() and text.rstrip()[-1:] in _STOPS


def _is_joint(stretches: Sequence[Stretch]) -> bool:
    """Whether a joining word ties an agency to something that is no agency.

    "Jane Doe and AP", "with AP", "AP and staff reports"; not "AP and Reuters", and not "Jane Doe
    and John Roe, AP".
    """
    real = [one for one in stretches if one.part not in _ASIDE]
    for at, one in enumerate(real):
        before = real[at - 1].part if at else None
        after = real[at + 1].part if at + 1 < len(real) else None
        if one.part in (Part.WITH_FILES, Part.CONTRIBUTION):
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
        behind = stretches[at + 1 : at + 3]
        titled = len(behind) == 2 and behind[1].part in (Part.AFTER_NAME, Part.BYLINE, Part.JOB)
        if behind and not titled and _runs_on(text, one, behind[0]):
            return True
        if at and one.mention.ambiguous and _runs_on(text, stretches[at - 1], one):
            return True
    return False


def _runs_on(text: str, left: Stretch, right: Stretch) -> bool:
    between = text[left.end : right.start].strip()
    ties = {left.part, right.part} & (_TIES - {Part.AGENCY})
    both_agencies = left.part is right.part is Part.AGENCY
    return not (ties or both_agencies or any(char in SEPARATORS for char in unify(between)))


def _without_the(name: str) -> str:
    return name[4:] if name[:4].lower() == "the " else name
