"""What stands between the known parts of a credit: names, by how they are written, or prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from provenance.attribution.credits.stretches import SEPARATORS, Part, Stretch
from provenance.attribution.outlets.names import PARTICLES, SHORTENED, conjoins, like_outlet, nobody

_MAX_CASELESS = 16
"""Letters of a script without capitals that a name may have."""
INITIALS = 4
"""Letters that an editor's initials may have."""
_WORD = re.compile(
    r"[^\W_](?:[^\s_'./|,;:()\[\]{}<>=+&*•·»«\"。、：；，।（）【】〔〕［］「」『』・…!~–—\-]|['’.\-](?=[^\W_]))*"
)
_SMALL = (Part.PROSE, Part.INITIALS)
"""What a name in small letters may be taken for."""
_NEWS = " News"
_SHORT_FIRST = re.compile(r"[A-Z](?:\.[A-Z]){0,2}")


def with_names(text: str, taken: list[Stretch]) -> list[Stretch]:
    """Fill the gaps: runs of capitalised words are names, initials are an editor's, else prose."""
    filled: list[Stretch] = []
    done = 0
    for stretch in (*taken, None):
        until = stretch.start if stretch else len(text)
        for word in _WORD.finditer(text, done, until):
            part = _part_of(text, word.start(), word.end())
            last = filled[-1] if filled else None
            if last and part is None and _numbers(text, last, word):
                part = Part.NAME
            if part is None:
                continue
            if last and part in _SMALL and _labelled(text, last, word.start(), word.end()):
                part = Part.NAME
            if last and last.part is part is Part.NAME and _runs_on(text, last, word.start()):
                filled[-1] = Stretch(part, last.start, word.end())
            else:
                filled.append(Stretch(part, word.start(), word.end()))
        if stretch:
            filled.append(stretch)
            done = stretch.end
    return _with_pairs(text, filled)


def _numbers(text: str, last: Stretch, number: re.Match[str]) -> bool:
    """Whether a number ends a station's name: "News 9", "Radio 2"."""
    front = last.words(text).split()[-1]
    closed = not text[number.end() : number.end() + 1].strip(" .)]|,-–—")
    named = last.part in (Part.NAME, Part.JOB) and like_outlet(front) and front[0].isupper()
    return named and len(number[0]) <= 2 and closed and text[last.end : number.start()] == " "


def _labelled(text: str, last: Stretch, start: int, end: int) -> bool:
    """Whether a word in lower case alone follows "Editor:" or "Source:": a pen name, an outlet."""
    colon = text[last.end : start].strip() in (":", "：")
    if last.part is Part.SOURCE and end - start >= INITIALS:
        return colon and not text[end:].strip(" .)]") and not nobody(text[start:end])
    return colon and last.part is Part.BYLINE and _apart(text, start, end)


def _runs_on(text: str, name: Stretch, at: int) -> bool:
    """Whether a name goes on with the word at `at`: "St. Louis" and "J.D. Rowe" too."""
    gap, last = text[name.end : at], name.words(text).split()[-1]
    shortened = last.lower() in SHORTENED or _SHORT_FIRST.fullmatch(last)
    return gap == " " or (gap == ". " and bool(shortened))


def _with_pairs(text: str, stretches: list[Stretch]) -> list[Stretch]:
    """The stretches, those of one name as one: "Mail & Echo", "Business Times", "Ana de la Paz"."""
    joined: list[Stretch] = []
    for one in stretches:
        whole = one.part is Part.NAME and _with_particles(text, joined)
        if whole:
            joined[-whole:] = [Stretch(Part.NAME, joined[-whole].start, one.end)]
            continue
        ends = one.part is Part.NAME and like_outlet(_with_news(text, one))
        pair = joined[-2:] if ends else []
        paired = [left.part for left in pair]
        tied = paired == [Part.NAME, Part.JOINT] and _ties(text, *pair)
        if tied or (paired == [Part.NAME, Part.JOB] and _is_title(text[pair[0].end : one.start])):
            joined[-2:] = [Stretch(Part.NAME, pair[0].start, one.end)]
        else:
            joined.append(one)
    return joined


def _ties(text: str, name: Stretch, joint: Stretch) -> bool:
    """Whether a word ties two halves of one name: "Mail & Echo", "Advertiser and Times"."""
    return joint.words(text) == "&" or conjoins(name.words(text), text[joint.start :])


def _with_particles(text: str, before: Sequence[Stretch]) -> int:
    """How many stretches before a name are its beginning: a name, and particles in lower case."""
    small = 0
    while small < len(before) and before[-1 - small].words(text) in PARTICLES:
        small += 1
    first = before[-1 - small] if small < len(before) else None
    fits = first is not None and first.part is Part.NAME and " " not in first.words(text)
    return small + 1 if small and fits else 0


def _is_title(between: str) -> bool:
    """Whether a word between two names is written as a part of them: " Business "."""
    return between == f" {between.strip()} " and between.strip().istitle()


def _with_news(text: str, name: Stretch) -> str:
    """A name, with the "News" behind it that may also be a newsroom's: "District News Desk"."""
    return text[name.start : name.end + len(_NEWS) * text.startswith(_NEWS, name.end)]


def _part_of(text: str, start: int, end: int) -> Part | None:
    word = text[start:end]
    if word[0].isdigit():
        return None
    if word[0].isupper() or word[0].istitle():
        return Part.NAME
    if not word[0].islower():
        return Part.NAME if len(word) <= _MAX_CASELESS else Part.PROSE
    if len(word) <= INITIALS and _apart(text, start, end):
        return Part.INITIALS
    return Part.PROSE


def _apart(text: str, start: int, end: int) -> bool:
    """Whether a word has a separator or an end of the line on both sides, and a separator on one.

    "ab/kle (afp, dpa)", "(jk)"; not "(PTI) has".
    """
    before, after = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    sides = [side in SEPARATORS for side in (before, after) if side]
    return bool(sides) and all(sides)
