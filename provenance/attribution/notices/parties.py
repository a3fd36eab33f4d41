"""Whom a notice names that is no agency: the outlet it came from, or one that shows the text.

Its place in the sentence says which.
"""

from __future__ import annotations

from collections.abc import Sequence

from provenance.attribution.notices.line import REACH, Line
from provenance.attribution.notices.vocabulary import Token, Word
from provenance.attribution.outlets.names import (
    AGO,
    MAKERS,
    PLATFORMS,
    is_own,
    like_outlet,
    like_person,
    signs_alone,
)

_SHORTEST = frozenset(("the", "der", "die", "das", "le", "la", "el", "il"))
"""Articles that stand alone before an agency's name, and are no name."""
_MOST_NAMES = 3
"""Names that a notice about an outlet may hold."""
_ARTICLES = frozenset(("a", "an", "this"))
_FUNCTION = frozenset({Word.SMALL, Word.US, Word.PLACES, Word.COMES, Word.WITHIN})
"""Kinds of words that say nothing of what was done with a text."""


def source_of(line: Line, own: Sequence[str]) -> str:
    """The outlet from which a line says that the text came, or empty."""
    named = [name for name in _sources(line) if not (is_own(name, own) or AGO.fullmatch(name))]
    others = sum(one.name == "other" for one in line.tokens)
    if not named or others > _MOST_NAMES:
        return ""
    told = line.has(Word.PASSED, Word.READING, Word.WRITTEN, Word.TEXT, Word.TAKES)
    # "Example Times is published by Example Newspapers" speaks of the outlet, not of the text.
    alone = _only_of(line) and (" " in named[0] or signs_alone(named[0]))
    return named[0] if (line.about and told) or alone else ""


def _only_of(line: Line) -> bool:
    """Whether a line of no words but a notice's own names one party, and that is not the page."""
    return line.known == 1 and [one.name for one in line.tokens if one.name] == ["other"]


def speaker_of(line: Line, own: Sequence[str]) -> str:
    """The outlet that says what it did to the text; empty when that is the page's own."""
    speaking = [one for at, one in enumerate(line.tokens) if one.name and _speaks(line, at)]
    own_speaks = any(one.name == "own" or is_own(one.text, own) for one in speaking)
    names = [one.text for one in speaking if one.name == "other" and like_outlet(one.text)]
    return "" if own_speaks or not names else names[0]


def _speaks(line: Line, at: int) -> bool:
    """Whether a name is of who shows the text, or says what they did to it."""
    verb, _, after = _around(line, at)
    desk = (after and after[0].does(Word.DESK)) or (verb and verb.does(Word.KEPT, Word.DESK))
    return bool(desk) or (verb is None and _shows(after))


def _around(line: Line, at: int) -> tuple[Token | None, Sequence[Token], Sequence[Token]]:
    """The verb before a name, the words before it, the nearest first, and those behind it."""
    before = [t for t in line.tokens[max(0, at - REACH) : at] if t.name != "own"][::-1]
    verb = next((t for t in before if _tells(t)), None)
    return verb, before, line.tokens[at + 1 : at + 1 + REACH]


def _sources(line: Line) -> list[str]:
    """Outlets named as where the text is from, not as who shows it or says what they did.

    Where the line points at the text, a name of any shape may have had it.
    """
    firm, original = line.about > 1, line.has(Word.ORIGINAL)
    sources = []
    for at, one in enumerate(line.tokens):
        if one.name != "other" or one.text.lower() in _SHORTEST or _speaks(line, at):
            continue
        verb, before, after = _around(line, at)
        whole = " " in one.text or signs_alone(one.text)  # "Post on X"
        placed = _only_of(line) and whole and _places(before)
        if placed or _gives(one, verb, before, after, firm=firm or (original and verb is not None)):
            sources.append(one.text)
    return sources


def _places(before: Sequence[Token]) -> bool:
    """Whether the words before a name say where a text was, so that the name is no author's.

    "More at …", "Taken from …"; but "Read more on …" names what it is about.
    """
    behind = {kind for one in before[:1] for kind in one.kinds}
    kinds = {kind for one in before[1:] for kind in one.kinds}
    if Word.PLACES in behind:
        return bool(kinds)
    if before[:1] and before[0].text.lower() in MAKERS:
        return Word.ORIGINAL in kinds  # whoever had it first is an outlet
    if Word.WITHIN in behind and kinds & {Word.TEXT, Word.ORIGINAL, Word.POINTING}:
        return bool(kinds & {Word.PASSED, Word.READING, Word.ORIGINAL, Word.TEXT})
    return Word.COMES in behind and bool(kinds & {Word.PASSED, Word.ORIGINAL})


def _tells(token: Token) -> bool:
    """Whether a word says what somebody did to the text: no small word, nor "us"."""
    return bool(token.kinds - _FUNCTION) or not (token.kinds or token.name)


def _shows(after: Sequence[Token]) -> bool:
    """Whether the subject of such words is who shows the text."""
    verb = next((t for t in after if _tells(t)), None)
    return verb is not None and verb.does(Word.KEPT, Word.TAKES)


def _gives(
    one: Token, verb: Token | None, before: Sequence[Token], after: Sequence[Token], *, firm: bool
) -> bool:
    """Whether a name behind `verb`, or before `after`, is where the text came from.

    A person writes and reports too, so beside such verbs the name must look like an outlet's.
    """
    name = one.text
    if verb and verb is before[0] and verb.does(Word.TEXT) and not one.set_off:
        return False  # "News World Island" is a row of menu entries
    if firm and verb and verb.does(Word.PASSED, Word.READING):
        return name.lower() not in PLATFORMS
    first = any(t.does(Word.PASSED) for t in after) and any(t.does(Word.ORIGINAL) for t in after)
    if firm and verb is None and first:
        return name.lower() not in PLATFORMS
    if not _only_outlet(name):
        return False
    if after and after[0].does(Word.TEXT) and before and before[0].text.lower() in _ARTICLES:
        return True
    if verb is None:
        passes = any(t.does(Word.PASSED, Word.WRITTEN, Word.TEXT) for t in after)
        return passes and any(t.does(Word.ORIGINAL) for t in after)
    written = firm and verb.does(Word.WRITTEN, Word.TAKES)
    return written or verb.does(Word.PASSED, Word.READING, Word.ORIGINAL, Word.TEXT)


def _only_outlet(name: str) -> bool:
    return like_outlet(name) and not like_person(name) and name.lower() not in PLATFORMS
