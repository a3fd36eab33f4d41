"""Notices: sentences in which a page speaks about the text on it, not about the world.

Outlets word them anew, so no list of phrases holds them all. But a notice has its own subject, the
text, and few things to say of it: where it came from, who had it first, whether anybody touched it.
It is told by its words: nearly all are those of ``notices.toml``, beside the names of whom it
speaks. An agency in it is where the text came from. Of an outlet, its place in the sentence says
whether the text came from there, or whether the outlet only says that it touched nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provenance.attribution.agencies import Agencies, Mention
from provenance.attribution.credit_lines import TWEET
from provenance.attribution.notice_words import (
    Token,
    Word,
    most_known,
    tokens_of,
    vocabulary_of,
    without_title,
)
from provenance.attribution.outlets import PLATFORMS, is_own, like_outlet, like_person, signs_alone
from provenance.attribution.phrases import PhraseKind, find_phrases, phrases
from provenance.attribution.words import unify

LONGEST = 600
"""Characters that a notice may have."""
_ENOUGH = 3
"""Signs of a notice that are needed beside an agency's name."""
_KNOWN, _KNOWN_ALL = 0.7, 0.85
"""Share of the words that must be a notice's own: beside an agency, and beside any other name."""
_MOST_NAMES = 3
"""Names that a notice about an outlet may hold."""
_ARTICLES = frozenset(("a", "an", "this"))
_REACH = 6
"""Words over which a verb looks for whom it is about."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says.

    Attributes:
        mentions: The agencies that it names as where the text is from.
        source: The outlet that it names as where the text is from, or empty.
        speaker: The outlet, another than the page's own, that speaks in it, or empty.
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
    if (
        len(text) > LONGEST
        or TWEET.search(text)
        or any(hit.kind is PhraseKind.PHOTO for hit in find_phrases(text))
    ):
        return None
    plain = unify(text)
    vocabulary = vocabulary_of(plain)
    if (
        most_known(plain, vocabulary, (agencies.words, phrases().words, unify(title).lower()), own)
        < _KNOWN
    ):
        return None
    mentions = [one for one in agencies.find(text, language) if not one.photo]
    tokens = list(tokens_of(plain, mentions, own, vocabulary))
    tokens = without_title(tokens, title)
    known = _known(tokens)
    if known < _KNOWN or any(one.does(Word.SAYS) for one in tokens):
        return None
    about = _about_text(tokens)
    sources, speakers = _roles(tokens, firm=about > 1)
    speaker = next(iter(speakers), "")
    firm = about > 1 and known >= _KNOWN_ALL
    if mentions and _supplies(tokens, text):
        return Notice(tuple(mentions), "", speaker, firm)
    if not mentions and _unnamed(tokens):
        return Notice((), "", speaker, firm)
    named = [name for name in sources if not is_own(name, own)]
    others = sum(one.name == "other" for one in tokens)
    told = any(
        t.does(Word.PASSED, Word.READING, Word.WRITTEN, Word.TEXT, Word.TAKES) for t in tokens
    )
    alone = (
        known == 1 and others == 1 and bool(named) and (" " in named[0] or signs_alone(named[0]))
    )
    if not named or others > _MOST_NAMES or known < _KNOWN_ALL or not ((about and told) or alone):
        return None
    return Notice((), named[0], speaker, firm)


def _known(tokens: Sequence[Token]) -> float:
    """Share of the words that are a notice's own; 0 when there are none."""
    words = [one for one in tokens if not one.name]
    return sum(bool(one.kinds) for one in words) / max(1, len(words))


def _supplies(tokens: Sequence[Token], text: str) -> bool:
    """Whether a line about a text that names an agency says that the text is the agency's."""
    apart = (PhraseKind.CONTRIBUTION, PhraseKind.WITH_FILES, PhraseKind.USED, PhraseKind.RIGHTS)
    if any(hit.kind in apart for hit in find_phrases(text)):
        return False
    about = _about_text(tokens)
    ours = any(one.name == "own" or one.does(Word.DESK, Word.US) for one in tokens)
    firm = (
        about > 1
        or ours
        or _known(tokens) == 1
        or any(one.does(Word.KEPT, Word.WIRE) for one in tokens)
    )
    original = any(one.does(Word.ORIGINAL) for one in tokens)
    handled = _handled(tokens)
    return bool(firm and (handled or ours)) and about + min(2, handled) + ours + original >= _ENOUGH


def _unnamed(tokens: Sequence[Token]) -> bool:
    """Whether a line says of a text that it is some agency's and that nobody touched it."""
    kept, wired = (any(one.does(kind) for one in tokens) for kind in (Word.KEPT, Word.WIRE))
    named = any(one.name or one.does(Word.DESK, Word.US) for one in tokens)
    enough = _about_text(tokens) + min(2, _handled(tokens)) + named >= _ENOUGH
    return kept and wired and enough and _handled(tokens) > 1


def _handled(tokens: Sequence[Token]) -> int:
    return sum(one.does(Word.PASSED, Word.KEPT, Word.WIRE, Word.TAKES) for one in tokens)


def _about_text(tokens: Sequence[Token]) -> int:
    """2 when the line points at the text ("this story"), 1 when it speaks of some text or feed."""
    for at, one in enumerate(tokens):
        near = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 1 + _REACH]]
        if one.does(Word.POINTING) and any(t.does(Word.TEXT, Word.WIRE) for t in near):
            return 2
    said = (Word.TEXT, Word.ORIGINAL, Word.WIRE, Word.KEPT)
    return int(any(one.does(*said) for one in tokens))


def _roles(tokens: Sequence[Token], *, firm: bool) -> tuple[list[str], list[str]]:
    """Outlets named as where the text is from, and those that show it or say what they did.

    `firm`: the line points at the text, so that a name of any shape may have had it.
    """
    original = any(one.does(Word.ORIGINAL) for one in tokens)
    sources, speakers = [], []
    for at, one in enumerate(tokens):
        if one.name != "other":
            continue
        before = [t for t in tokens[max(0, at - _REACH) : at] if t.name != "own"][::-1]
        after = tokens[at + 1 : at + 1 + _REACH]
        verb = next((t for t in before if _tells(t)), None)
        desk = (after and after[0].does(Word.DESK)) or (verb and verb.does(Word.KEPT, Word.DESK))
        if desk or (verb is None and _shows(after)):
            speakers.append(one.text)
        elif _gives(one, verb, before, after, firm=firm or (original and verb is not None)):
            sources.append(one.text)
    return sources, speakers


def _tells(token: Token) -> bool:
    """Whether a word says what somebody did to the text: no small word, nor "us"."""
    return bool(token.kinds - {Word.SMALL, Word.US}) or not (token.kinds or token.name)


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
        passes = any(t.does(Word.PASSED, Word.WRITTEN) for t in after)
        return passes and any(t.does(Word.ORIGINAL) for t in after)
    written = firm and verb.does(Word.WRITTEN, Word.TAKES)
    return written or verb.does(Word.PASSED, Word.READING, Word.ORIGINAL, Word.TEXT)


def _only_outlet(name: str) -> bool:
    return like_outlet(name) and not like_person(name) and name.lower() not in PLATFORMS
