"""Notices: sentences in which a page speaks about the text on it, not about the world.

Outlets word them anew, so no list of phrases holds them all. But a notice has its own subject, the
text, and few things to say of it: where it came from, who had it first, whether anybody touched it.
It is told by its words: nearly all are those of ``notices.toml``, beside the names of whom it
speaks. An agency in it is where the text came from. Of an outlet, its place in the sentence says
whether the text came from there, or whether the outlet only says that it touched nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from provenance.attribution.agencies.agency import Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.lines import TWEET
from provenance.attribution.language.phrases import PhraseKind, find_phrases, phrases
from provenance.attribution.language.words import unify
from provenance.attribution.notices.line import Line
from provenance.attribution.notices.parties import source_of, speaker_of
from provenance.attribution.notices.vocabulary import (
    Word,
    may_know,
    tokens_of,
    vocabulary_of,
    without_title,
)

LONGEST = 600
"""Characters that a notice may have."""
_ENOUGH = 3
"""Signs of a notice that are needed beside an agency's name."""
_KNOWN, _KNOWN_ALL = 0.7, 0.85
"""Share of the words that must be a notice's own: beside an agency, and beside any other name."""
_BRIEF = 7
"""Words and names up to which a line of a notice's words needs no further sign."""
_TELLING = (Word.PASSED, Word.READING, Word.ORIGINAL)
_RESERVED = re.compile(
    r"(?<=[.!?])\s*(?:©|\(c\)|copyright)[^.]{0,60}\.?(?: all rights reserved\.?)?$", re.I
)
"""A line of rights behind a notice."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says.

    Attributes:
        mentions: The agencies that it names as where the text is from.
        source: The outlet that it names as where the text is from, or empty.
        speaker: Another outlet that says of itself what it did to the text, or empty.
        firm: It points at the text and holds hardly a word that is not a notice's own.
    """

    mentions: tuple[Mention, ...]
    source: str
    speaker: str
    firm: bool


def read_notice(
    text: str,
    agencies: Agencies,
    language: str = "",
    own: tuple[str, ...] = (),
    title: str = "",
) -> Notice | None:
    """Read a line as a notice about the text it stands with.

    Args:
        text: A line.
        agencies: The known agencies.
        language: ISO 639-1 code of the text.
        own: Names of the outlet itself, in lower case.
        title: The page's headline, which a notice may quote.

    Returns:
        The notice, or None when the line speaks of something else.
    """
    if len(text) > LONGEST or TWEET.search(text):
        return None
    plain = _RESERVED.sub("", unify(text))
    vocabulary = vocabulary_of(plain)
    others = (agencies.words, phrases().words, unify(title).lower())
    if not may_know(plain, vocabulary, others, own, _KNOWN):
        return None
    mentions = [one for one in agencies.find(text, language) if not one.photo]
    tokens = list(tokens_of(plain, mentions, own, vocabulary))
    line = Line(without_title(tokens, title))
    if line.known < _KNOWN or line.states:
        return None
    pictured = any(hit.kind is PhraseKind.PHOTO for hit in find_phrases(text))
    if pictured and not (line.about > 1 and line.has(Word.KEPT)):
        return None
    firm = line.about > 1 and line.known >= _KNOWN_ALL
    if mentions and _supplies(line, text):
        return Notice(tuple(mentions), "", speaker_of(line, own), firm)
    if not mentions and _unnamed(line):
        return Notice((), "", speaker_of(line, own), firm)
    source = source_of(line, own) if line.known >= _KNOWN_ALL else ""
    return Notice((), source, "", firm) if source else None


def points_at_text(text: str) -> bool:
    """Whether words speak of the text they stand with: "This column …", not "The memo, …"."""
    return _bare_line(text).about > 1


def tells_of_feed(text: str) -> bool:
    """Whether words say that nobody touched a text, or that it came by a feed."""
    return _bare_line(text).has(Word.KEPT, Word.WIRE)


def passed_on(text: str) -> bool:
    """Whether a line opens with how a text came here: "Excerpted from …", "Original URL"."""
    line = _bare_line(text)
    opens = bool(line.tokens) and line.tokens[0].does(*_TELLING)
    return opens and not line.has(Word.WRITTEN)


def _bare_line(text: str) -> Line:
    """The words of a part of a line, whoever is named in it."""
    plain = unify(text)
    return Line(list(tokens_of(plain, (), (), vocabulary_of(plain))))


def _supplies(line: Line, text: str) -> bool:
    """Whether a line about a text that names an agency says that the text is the agency's."""
    apart = (PhraseKind.CONTRIBUTION, PhraseKind.WITH_FILES, PhraseKind.USED, PhraseKind.RIGHTS)
    if any(hit.kind in apart for hit in find_phrases(text)):
        return False
    ours = any(one.name == "own" for one in line.tokens) or line.has(Word.DESK, Word.US)
    if line.known == 1 and len(line.tokens) <= _BRIEF and line.has(*_TELLING):
        return True  # "Used by permission of AFP", "Keep reading at Reuters"
    firm = line.about > 1 or ours or line.known == 1 or line.has(Word.KEPT, Word.WIRE)
    signs = line.about + min(2, line.handled) + ours + line.has(Word.ORIGINAL)
    return firm and bool(line.handled or ours) and signs >= _ENOUGH


def _unnamed(line: Line) -> bool:
    """Whether a line says of a text that it is some agency's and that nobody touched it."""
    named = any(one.name for one in line.tokens) or line.has(Word.DESK, Word.US)
    enough = line.about + min(2, line.handled) + named >= _ENOUGH
    return line.has(Word.KEPT) and line.has(Word.WIRE) and enough and line.handled > 1
