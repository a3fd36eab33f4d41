"""Notices: sentences in which a page speaks about the text on it, not about the world.

Outlets word them anew, so no list of phrases holds them all. But a notice has its own subject, the
text, and few things to say of it: where it came from, who had it first, whether anybody touched it.
It is told by its words: nearly all are those of ``notices.toml``, beside the names of whom it
speaks. An agency in it is where the text came from. Of an outlet, its place in the sentence says
whether the text came from there, or whether the outlet only says that it touched nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from provenance.attribution.agencies.agency import Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.lines import TWEET
from provenance.attribution.language.phrases import PhraseKind, find_phrases, phrases
from provenance.attribution.language.words import unify
from provenance.attribution.notices.vocabulary import (
    Token,
    Word,
    may_know,
    tokens_of,
    vocabulary_of,
    without_title,
)
from provenance.attribution.outlets.names import (
    AGO,
    MAKERS,
    PLATFORMS,
    is_own,
    like_outlet,
    like_person,
    signs_alone,
)

LONGEST = 600
"""Characters that a notice may have."""
_ENOUGH = 3
"""Signs of a notice that are needed beside an agency's name."""
_KNOWN, _KNOWN_ALL = 0.7, 0.85
"""Share of the words that must be a notice's own: beside an agency, and beside any other name."""
_SHORTEST = frozenset(("the", "der", "die", "das", "le", "la", "el", "il"))
"""Articles that stand alone before an agency's name, and are no name."""
_BRIEF = 7
"""Words and names up to which a line of a notice's words needs no further sign."""
_TELLING = (Word.PASSED, Word.READING, Word.ORIGINAL)
_MOST_NAMES = 3
"""Names that a notice about an outlet may hold."""
_ARTICLES = frozenset(("a", "an", "this"))
_RESERVED = re.compile(
    r"(?<=[.!?])\s*(?:©|\(c\)|copyright)[^.]{0,60}\.?(?: all rights reserved\.?)?$", re.I
)
"""A line of rights behind a notice."""
_FUNCTION = frozenset({Word.SMALL, Word.US, Word.PLACES, Word.COMES, Word.WITHIN})
"""Kinds of words that say nothing of what was done with a text."""
_REACH = 6
"""Words over which a verb looks for whom it is about."""


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


@dataclass(frozen=True)
class _Line:
    """The words of a line, and what they say together, each worked out when first asked for."""

    tokens: Sequence[Token]

    def has(self, *kinds: Word) -> bool:
        return any(one.does(*kinds) for one in self.tokens)

    @cached_property
    def known(self) -> float:
        """Share of the words that are a notice's own; 0 when there are none."""
        words = [one for one in self.tokens if not one.name]
        return sum(bool(one.kinds) for one in words) / max(1, len(words))

    @cached_property
    def about(self) -> int:
        """2 when it points at the text ("this story"), 1 when it speaks of some text or feed."""
        for at, one in enumerate(self.tokens):
            near = [*self.tokens[max(0, at - 1) : at], *self.tokens[at + 1 : at + 1 + _REACH]]
            if one.does(Word.POINTING) and any(t.does(Word.TEXT, Word.WIRE) for t in near):
                return 2
        return int(self.has(Word.TEXT, Word.ORIGINAL, Word.WIRE, Word.KEPT))

    @property
    def states(self) -> bool:
        """Whether it tells what somebody said; that opinions do not reflect others' is a notice."""
        before = [None, *self.tokens]
        return any(
            one.does(Word.SAYS)
            and not (one.does(Word.KEPT) and left is not None and left.text.lower() == "not")
            for left, one in zip(before, self.tokens, strict=False)
        )

    @cached_property
    def handled(self) -> int:
        """How often it says what was done with a text."""
        kinds = (Word.PASSED, Word.KEPT, Word.WIRE, Word.TAKES)
        return sum(one.does(*kinds) for one in self.tokens)


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
    line = _Line(without_title(tokens, title))
    if line.known < _KNOWN or line.states:
        return None
    pictured = any(hit.kind is PhraseKind.PHOTO for hit in find_phrases(text))
    if pictured and not (line.about > 1 and line.has(Word.KEPT)):
        return None
    firm = line.about > 1 and line.known >= _KNOWN_ALL
    if mentions and _supplies(line, text):
        return Notice(tuple(mentions), "", _speaker(line, own), firm)
    if not mentions and _unnamed(line):
        return Notice((), "", _speaker(line, own), firm)
    source = _source(line, own) if line.known >= _KNOWN_ALL else ""
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


def _bare_line(text: str) -> _Line:
    """The words of a part of a line, whoever is named in it."""
    plain = unify(text)
    return _Line(list(tokens_of(plain, (), (), vocabulary_of(plain))))


def _supplies(line: _Line, text: str) -> bool:
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


def _unnamed(line: _Line) -> bool:
    """Whether a line says of a text that it is some agency's and that nobody touched it."""
    named = any(one.name for one in line.tokens) or line.has(Word.DESK, Word.US)
    enough = line.about + min(2, line.handled) + named >= _ENOUGH
    return line.has(Word.KEPT) and line.has(Word.WIRE) and enough and line.handled > 1


def _source(line: _Line, own: Sequence[str]) -> str:
    """The outlet from which a line says that the text came, or empty."""
    named = [name for name in _sources(line) if not (is_own(name, own) or AGO.fullmatch(name))]
    others = sum(one.name == "other" for one in line.tokens)
    if not named or others > _MOST_NAMES:
        return ""
    told = line.has(Word.PASSED, Word.READING, Word.WRITTEN, Word.TEXT, Word.TAKES)
    # "Example Times is published by Example Newspapers" speaks of the outlet, not of the text.
    alone = _only_of(line) and (" " in named[0] or signs_alone(named[0]))
    return named[0] if (line.about and told) or alone else ""


def _only_of(line: _Line) -> bool:
    """Whether a line of no words but a notice's own names one party, and that is not the page."""
    return line.known == 1 and [one.name for one in line.tokens if one.name] == ["other"]


def _speaker(line: _Line, own: Sequence[str]) -> str:
    """The outlet that says what it did to the text; empty when that is the page's own."""
    speaking = [one for at, one in enumerate(line.tokens) if one.name and _speaks(line, at)]
    own_speaks = any(one.name == "own" or is_own(one.text, own) for one in speaking)
    names = [one.text for one in speaking if one.name == "other" and like_outlet(one.text)]
    return "" if own_speaks or not names else names[0]


def _speaks(line: _Line, at: int) -> bool:
    """Whether a name is of who shows the text, or says what they did to it."""
    verb, _, after = _around(line, at)
    desk = (after and after[0].does(Word.DESK)) or (verb and verb.does(Word.KEPT, Word.DESK))
    return bool(desk) or (verb is None and _shows(after))


def _around(line: _Line, at: int) -> tuple[Token | None, Sequence[Token], Sequence[Token]]:
    """The verb before a name, the words before it, the nearest first, and those behind it."""
    before = [t for t in line.tokens[max(0, at - _REACH) : at] if t.name != "own"][::-1]
    verb = next((t for t in before if _tells(t)), None)
    return verb, before, line.tokens[at + 1 : at + 1 + _REACH]


def _sources(line: _Line) -> list[str]:
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
