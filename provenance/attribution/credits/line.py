"""A line of credit as its stretches tell it: whom it names, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from provenance.attribution.agencies.agency import Mention
from provenance.attribution.credits.stretches import SEPARATORS, Part, Stretch
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import holds_outlet, like_outlet, like_person

TRADES = frozenset({"writer", "reporter", "correspondent"})
"""What one person is, whatever is before it."""
_SEGMENT = re.compile(r"[^,;:|()\[\]]+")
INTRODUCING = frozenset({
    Part.SOURCE,
    Part.BYLINE,
    Part.WITH_FILES,
    Part.CONTRIBUTION,
    Part.SUPPLIED,
    Part.COURTESY,
})  # fmt: skip
"""Parts that say of what follows or precedes them that the text is its own."""
_IN_UNNAMED = frozenset(Part) - {Part.AGENCY, Part.PROSE, Part.PHOTO, Part.RIGHTS, Part.SITE}
_LONGEST_PERSON = 4
"""Words that a person's name may have."""
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]")
_MOST_IDEOGRAPHS = 12
"""Letters of Chinese that the people of one credit may have, all together."""
_TIES = {Part.JOINT, Part.BYLINE, Part.SOURCE, Part.WITH_FILES, Part.JOB, Part.WIRES, Part.DATE}
_TIES |= {Part.STAFF, Part.OWN, Part.AGENCY, Part.CONTRIBUTION, Part.AFTER_NAME, Part.INITIALS}
_TIES |= {Part.PHOTO, Part.RIGHTS, Part.SUPPLIED, Part.COURTESY, Part.TEXT, Part.GLUE}


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

    def only(self, part: Part) -> bool:
        """Whether every stretch is of this kind."""
        return all(stretch.part is part for stretch in self.stretches)

    def opens(self, part: Part) -> bool:
        """Whether the first stretch is of this kind."""
        return any(stretch.part is part for stretch in self.stretches[:1])

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
            left.part is Part.NAME and right.part is Part.AGENCY and runs_on(self.text, left, right)
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
        return self.joint or any(stretch.part in INTRODUCING for stretch in self.stretches)

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


def _without_the(name: str) -> str:
    return name[4:] if name[:4].lower() == "the " else name


def runs_on(text: str, left: Stretch, right: Stretch) -> bool:
    """Whether two stretches stand side by side without a sign that parts or ties them."""
    between = text[left.end : right.start].strip()
    ties = {left.part, right.part} & (_TIES - {Part.AGENCY})
    both_agencies = left.part is right.part is Part.AGENCY
    return not (ties or both_agencies or any(char in SEPARATORS for char in unify(between)))
