"""Is this line a credit, and what does it credit?

A credit has a grammar of its own, the same in all languages: agencies, people, places, dates, the
words that introduce or join them, and nothing else. A line is read by taking all of these away;
when prose remains, it is a sentence that mentions an agency, not a credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from provenance.attribution.agencies.agency import FormKind
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.line import INTRODUCING, CreditLine, runs_on
from provenance.attribution.credits.parts import parts, surely_prose
from provenance.attribution.credits.stretches import SEPARATORS, Part, Stretch
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import PLATFORMS, like_outlet

MAX_CREDIT = 300
"""Characters from which a line is no credit."""
_MAX_NAMES = 14
"""Capitalised words, beside the agencies, that a credit may hold."""
TWEET = re.compile(r"\(@\w{1,40}\)")
"""The sign of a message quoted from elsewhere."""
_STOPS = frozenset(".!?…。！？।॥؟۔")
_STATING = frozenset({Part.WITH_FILES, Part.CONTRIBUTION, Part.SUPPLIED})
"""Parts that make a sentence about the text."""
_ASIDE = frozenset({Part.JOB, Part.DATE, Part.WIRES, Part.TEXT, Part.GLUE, Part.SOURCE})
"""Parts that stand between a joining word and what it joins."""


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
    if Part.GLUE in held and not held & (INTRODUCING | {Part.TEXT, Part.STAFF, Part.WIRES}):
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
        if behind and not titled and runs_on(text, one, behind[0]):
            return True
        if at and one.mention.ambiguous and runs_on(text, stretches[at - 1], one):
            return True
    return False
