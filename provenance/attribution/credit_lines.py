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

from provenance.attribution.agencies import Agencies, FormKind, Mention
from provenance.attribution.credit_parts import SEPARATORS, Part, Stretch, parts, surely_prose
from provenance.attribution.outlets import (
    PLATFORMS,
    like_outlet,
    like_person,
    signs_alone,
    unlike_person,
)
from provenance.attribution.words import unify

MAX_CREDIT = 300
"""Characters from which a line is no credit."""
_MAX_NAMES = 14
"""Capitalised words, beside the agencies, that a credit may hold."""
TWEET = re.compile(r"\(@\w{1,40}\)")
"""The sign of a message quoted from elsewhere."""
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
_OUTLET_AFTER = frozenset({Part.SOURCE, Part.SUPPLIED, Part.COURTESY})
_NOT_IN_OUTLET = frozenset({Part.WIRES, Part.OWN, Part.INITIALS, Part.RIGHTS, Part.PHOTO})
_BEFORE_OUTLET = frozenset({Part.OWN, Part.TEXT, Part.GLUE, Part.JOB, Part.SUPPLIED, Part.RIGHTS})
_IN_UNNAMED = frozenset(Part) - {Part.AGENCY, Part.PROSE, Part.PHOTO, Part.RIGHTS, Part.SITE}
_DAYTIMES = frozenset({"daily", "sunday", "evening", "morning"})
_BEHIND_NAME = re.compile(r"\s?[(（\[]|,\s?\d")
_IN_NAME = frozenset({Part.NAME, Part.GLUE, Part.JOB, Part.SITE})
_TRADES = frozenset({"writer", "reporter", "correspondent"})
_SIGNING = frozenset({"reporter", "reporters", "correspondent", "correspondents", "service"})
"""Trades behind an outlet's name that make it a signature: "Harbour Courier Reporters"."""
_LONGEST_PERSON = 4
"""Words that a person's name may have."""
_TITLES = frozenset({Part.JOB, Part.SOURCE, Part.BYLINE})
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
        forms = {one.words(self.text) for one in self.stretches if one.part is Part.AGENCY}
        desks = tuple(one.words(self.text) for one in self.stretches if one.part is Part.STAFF)
        for segment in _SEGMENT.findall(self.text):
            sides = [side.strip(" ©–—-") for side in segment.split("/")]
            for left, right in pairwise(sides):
                person = right if left in forms else left if right in forms else ""
                named = any(name in person for name in self.names)
                if " " in person and named and not person.endswith(desks):
                    return True
        return False

    @property
    def people(self) -> tuple[str, ...]:
        """The names that may be people's: no outlet's, and no newsroom's before its title."""
        titled = {
            left.words(self.text)
            for left, right in pairwise(self.stretches)
            if right.part is Part.STAFF and not self.text[left.end : right.start].strip()
        }
        return tuple(
            name
            for name in self.names
            if 1 < len(name.split()) <= _LONGEST_PERSON
            and name not in titled
            and (like_person(name) or not like_outlet(name.split()[-1]))
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
    def unnamed(self) -> bool:
        """Whether it credits agencies without naming them: "Redaktion mit Agenturen"."""
        if self.mentions or not self.has(Part.WIRES) or len(self.names) > 2:
            return False
        return all(stretch.part in _IN_UNNAMED for stretch in self.stretches)

    @property
    def outlet(self) -> str:
        """The outlet that it credits: what follows "Source:" or "provided by" and is no agency."""
        leads = _OUTLET_AFTER | ({Part.BYLINE} if self.has(Part.TEXT) else set())
        if self._is_lone_outlet or self._is_written_by_outlet:
            return self.names[0].rstrip(" :")
        lead = next((at for at, one in enumerate(self.stretches) if one.part in leads), -1)
        before, rest = self.stretches[:lead], self.stretches[lead + 1 :]
        while rest and rest[0].part is Part.GLUE:
            rest = rest[1:]
        named = any(one.part in (Part.NAME, Part.SITE) for one in rest)
        if lead < 0 or self.mentions or self.photo or not named or self.text.isupper():
            return ""
        if any(one.part in _NOT_IN_OUTLET for one in rest):
            return ""
        if any(one.part not in _BEFORE_OUTLET for one in before):
            return ""
        between = self.text[self.stretches[lead].end : rest[0].start]
        if self.stretches[lead].part is Part.SOURCE and not SEPARATORS & set(unify(between)):
            return ""
        return self._outlet_name(rest)

    @property
    def _is_written_by_outlet(self) -> bool:
        """Whether an outlet stands where an author does: "By Harbour Courier"."""
        parts = [one.part for one in self.stretches]
        return parts == [Part.BYLINE, Part.NAME] and unlike_person(self.names[0])

    @property
    def _is_lone_outlet(self) -> bool:
        """Whether it is an outlet's name as a sign-off: "(Harbour Courier)", "— News18"."""
        only = len(self.stretches) == 1 and len(self.names) == 1
        set_off = self.bracketed or self.text.lstrip()[:1] in ("-", "–", "—")
        return only and set_off and signs_alone(self.names[0])

    def _outlet_name(self, rest: Sequence[Stretch]) -> str:
        """The name that `rest` opens with: "Harbour News" of "Harbour News on 3 January"."""
        small = [one.words(self.text)[0].islower() for one in rest]
        last = len(rest) - 1
        while last and rest[last].part not in (Part.NAME, Part.SITE):
            if not (small[last] or (rest[last].part is Part.DATE and small[last - 1])):
                break
            last -= 1
        return _BEHIND_NAME.split(self.text[rest[0].start : rest[last].end])[0].rstrip(" :")

    @property
    def newsroom(self) -> str:
        """The name with which a newsroom signs: "By Harbour Courier Staff", "Redaktion Anzeiger".

        Before one person's trade it may be a person's: "Jane Doe Staff Writer".
        """
        for at, (left, right) in enumerate(pairwise(self.stretches)):
            if left.part is Part.STAFF and all(one.part in _IN_NAME for one in self.stretches[1:]):
                name = self._outlet_name(self.stretches[1:])
                several = " " in name and like_outlet(name)
                return name if not at and (several or signs_alone(name)) else ""
            if left.part is Part.NAME and not self.text[left.end : right.start].strip():
                title = right.words(self.text).lower().split()
                behind = self.stretches[at + 2 : at + 3]
                desk = right.part is Part.STAFF
                if title == ["news"] and behind and behind[0].part is Part.STAFF:
                    title, desk = ["news", *behind[0].words(self.text).lower().split()], True
                if desk or (right.part in _TITLES and title[-1] in _SIGNING):
                    return self._named_before(left, title, alone=not desk)
        return ""

    def _named_before(self, left: Stretch, title: Sequence[str], *, alone: bool) -> str:
        """The newsroom's name that stands before its title; `alone`: it may be a person's."""
        words = left.words(self.text).removeprefix("The ").split()
        paper = like_outlet(words[-1]) and words[-1].lower() not in _DAYTIMES
        if alone and (not words[1:] or like_person(" ".join(words))):
            return ""
        if title[0] == "news" and title[1:] and not paper:
            words.append("News")
        if len(words) > 2 and words[1].isupper() and not words[-1].isupper():
            words = [word for word in words if not word.isupper()]
        whole = (len(words) <= 2 or title[-1] not in _TRADES) and len(words[-1]) > 1
        telling = words if title[-1] not in _TRADES else words[-1:]
        return " ".join(words) if whole and like_outlet(" ".join(telling)) else ""

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
        titled = len(behind) == 2 and behind[1].part in (Part.AFTER_NAME, Part.BYLINE)
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
