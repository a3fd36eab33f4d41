"""Notices: sentences in which a page speaks about the text on it, not about the world.

Outlets word them anew, so no list of phrases holds them all. But a notice has its own subject, the
text, and few things to say of it: where it came from, who had it first, whether anybody touched it.
It is told by its words: nearly all are those of ``notices.toml``, beside the names of whom it
speaks. An agency in it is where the text came from. Of an outlet, its place in the sentence says
whether the text came from there, or whether the outlet only says that it touched nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from provenance.attribution.agencies import Agencies, Mention
from provenance.attribution.credit_parts import ADDRESS
from provenance.attribution.outlets import like_outlet, like_person
from provenance.attribution.phrases import PhraseKind, find_phrases
from provenance.attribution.words import unify

LONGEST = 600
"""Characters that a notice may have."""
_ENOUGH = 3
"""Signs of a notice that are needed beside an agency's name."""
_KNOWN, _KNOWN_ALL = 0.7, 0.85
"""Share of the words that must be a notice's own: beside an agency, and beside any other name."""
_NAME_WORDS = 5
_REACH = 4
"""Words over which a verb looks for whom it is about."""
_WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_IN_NAME = frozenset({" ", " & ", " de ", " del ", " do ", " da ", " di ", " della ", " du ", " des "})
"""What stands between the words of a name."""
_STARTS = frozenset(".!?:;()[]*\"")


class Word(StrEnum):
    """What a word does in a notice; the values are the tables of ``notices.toml``."""

    POINTING = "pointing"
    TEXT = "text"
    PASSED = "passed"
    ORIGINAL = "original"
    WRITTEN = "written"
    KEPT = "kept"
    WIRE = "wire"
    DESK = "desk"
    US = "us"
    TAKES = "takes"
    SMALL = "small"
    SAYS = "says"


_Vocabulary = dict[str, frozenset[Word]]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says.

    Attributes:
        mentions: The agencies that it names as where the text is from.
        source: The outlet that it names as where the text is from, or empty.
        speaker: The outlet, another than the page's own, that speaks in it, or empty.
    """

    mentions: tuple[Mention, ...]
    source: str
    speaker: str


@dataclass(frozen=True, slots=True)
class _Token:
    """A word and what it does, or a name: ``own``, ``agency`` or ``other``."""

    text: str
    kinds: frozenset[Word] = frozenset()
    name: str = ""

    def does(self, *kinds: Word) -> bool:
        return not self.kinds.isdisjoint(kinds)


def read_notice(
    text: str, agencies: Agencies, language: str = "", own: tuple[str, ...] = ()
) -> Notice | None:
    """Read a line as a notice about the text it stands with.

    Args:
        text: A line.
        agencies: The known agencies.
        language: ISO 639-1 code of the text.
        own: Names of the outlet itself, in lower case.

    Returns:
        The notice, or None when the line speaks of something else.
    """
    if len(text) > LONGEST:
        return None
    plain = unify(text)
    vocabulary = _vocabulary_of(plain)
    mentions = [one for one in agencies.find(text, language) if not one.photo]
    tokens = list(_tokens(plain, mentions, own, vocabulary))
    words = [one for one in tokens if not one.name]
    known = sum(bool(one.kinds) for one in words) / max(1, len(words))
    about = _about_text(tokens)
    if not words or known < _KNOWN or any(one.does(Word.SAYS) for one in words):
        return None
    sources, speakers = _roles(tokens)
    handled = sum(one.does(Word.PASSED, Word.KEPT, Word.WIRE, Word.TAKES) for one in words)
    kept = any(one.does(Word.KEPT) for one in words)
    ours = bool(speakers) or any(one.name == "own" or one.does(Word.DESK, Word.US) for one in tokens)
    enough = about + min(2, handled) + ours >= _ENOUGH
    if mentions and enough and not _contributes(text):
        return Notice(tuple(mentions), "", next(iter(speakers), ""))
    unnamed = kept and any(one.does(Word.WIRE) for one in words) and handled > 1
    if not mentions and unnamed and enough:
        return Notice((), "", next(iter(speakers), ""))
    source = next((name for name in sources if about or (known == 1 and _only_outlet(name))), "")
    if mentions or not source or known < _KNOWN_ALL:
        return None
    return Notice((), source, next(iter(speakers), ""))


@cache
def _vocabularies() -> dict[str, dict[str, frozenset[Word]]]:
    """For each language the words of the shipped tables and what they do."""
    text = files("provenance.attribution").joinpath("notices.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, frozenset[Word]]] = {}
    for kind, languages in tomllib.loads(text).items():
        for language, words in languages.items():
            known = found.setdefault(language, {})
            for word in words.split():
                known[word] = known.get(word, frozenset()) | {Word(kind)}
    return found


def _vocabulary_of(text: str) -> dict[str, frozenset[Word]]:
    """The words of the language that most of a text's words are of."""
    words = [found[0] for found in _WORD.finditer(text.lower())]
    return max(_vocabularies().values(), key=lambda known: sum(word in known for word in words))


def _tokens(
    text: str, mentions: Sequence[Mention], own: Sequence[str], vocabulary: _Vocabulary
) -> Iterator[_Token]:
    """The words in order, names as one token each; dates and numbers left out."""
    folded = text.lower()
    spans = [(one.start, one.end, "agency") for one in mentions]
    for name in own:
        spans += [
            (found.start(), found.end(), "own")
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
        ]
    spans += [(found.start(), found.end(), "") for found in ADDRESS.finditer(text)]
    spans += [
        (hit.start, hit.end, "")
        for hit in find_phrases(text)
        if hit.kind is PhraseKind.DATE and not text[hit.start].islower()
    ]
    spans.sort(key=lambda span: (span[0], -span[1]))
    done = 0
    for start, end, kind in [*spans, (len(text), len(text), "")]:
        if start < done:
            continue
        yield from _between(text, done, start, vocabulary)
        if kind:
            yield _Token(text[start:end], name=kind)
        done = end


def _between(text: str, start: int, end: int, vocabulary: _Vocabulary) -> Iterator[_Token]:
    """Words between known names; a run of capitalised ones is a name."""
    run: list[re.Match[str]] = []
    for found in _WORD.finditer(text, start, end):
        if not any(char.isalpha() for char in found[0]):
            continue
        if run and text[run[-1].end() : found.start()] not in _IN_NAME:
            yield from _named(text, run, vocabulary)
            run = []
        if _is_capital(text, found, vocabulary):
            run.append(found)
            continue
        yield from _named(text, run, vocabulary)
        run = []
        yield _Token(found[0], vocabulary.get(found[0].lower(), frozenset()))
    yield from _named(text, run, vocabulary)


def _is_capital(text: str, found: re.Match[str], vocabulary: _Vocabulary) -> bool:
    """Whether a word is written like a name: a capital that opens no sentence."""
    word = found[0]
    if not (word[0].isupper() or word[0].isdigit() or "." in word):
        return False
    before = text[: found.start()].rstrip(" -")
    opens = not before or before[-1] in _STARTS
    return not (opens and word.lower() in vocabulary)


def _named(
    text: str, run: Sequence[re.Match[str]], vocabulary: _Vocabulary
) -> Iterator[_Token]:
    """A run of capitalised words: a name, its desk behind it; too long for one, words of no use."""
    words = [_Token(found[0], vocabulary.get(found[0].lower(), frozenset())) for found in run]
    last = len(run)
    while last and words[last - 1].does(Word.DESK):
        last -= 1
    if last > _NAME_WORDS:
        yield from (_Token(word.text) for word in words)
        return
    if last:
        yield _Token(text[run[0].start() : run[last - 1].end()], name="other")
    yield from words[last:]


def _about_text(tokens: Sequence[_Token]) -> int:
    """2 when the line points at the text ("this story"), 1 when it speaks of some text or feed."""
    for at, one in enumerate(tokens):
        near = tokens[at + 1 : at + 1 + _REACH]
        if one.does(Word.POINTING) and any(t.does(Word.TEXT, Word.WIRE) for t in near):
            return 2
    said = (Word.TEXT, Word.ORIGINAL, Word.WIRE, Word.KEPT)
    return int(any(one.does(*said) for one in tokens))


def _contributes(text: str) -> bool:
    """Whether somebody helped with the report, so that it is not all an agency's."""
    parts = (PhraseKind.CONTRIBUTION, PhraseKind.WITH_FILES, PhraseKind.USED)
    return any(hit.kind in parts for hit in find_phrases(text))


def _roles(tokens: Sequence[_Token]) -> tuple[list[str], list[str]]:
    """Outlets named as where the text is from, and those that show it or say what they did."""
    sources, speakers = [], []
    for at, one in enumerate(tokens):
        if one.name != "other":
            continue
        before = [t for t in tokens[max(0, at - _REACH) : at] if t.name != "own"][::-1]
        after = tokens[at + 1 : at + 1 + _REACH]
        verb = next((t for t in before if _tells(t)), None)
        if (after and after[0].does(Word.DESK)) or (verb and verb.does(Word.KEPT, Word.DESK)):
            speakers.append(one.text)
        elif verb is None and _shows(after):
            speakers.append(one.text)
        elif _gives(one.text, verb, after):
            sources.append(one.text)
    return sources, speakers


def _tells(token: _Token) -> bool:
    """Whether a word says what somebody did to the text: no small word, nor "us"."""
    return bool(token.kinds - {Word.SMALL, Word.US}) or not (token.kinds or token.name)


def _shows(after: Sequence[_Token]) -> bool:
    """Whether the subject of such words is who shows the text."""
    verb = next((t for t in after if _tells(t)), None)
    return verb is not None and verb.does(Word.KEPT, Word.TAKES)


def _gives(name: str, verb: _Token | None, after: Sequence[_Token]) -> bool:
    """Whether a name behind `verb`, or before `after`, is where the text came from.

    A person writes and reports too, so beside such verbs the name must look like an outlet's.
    """
    if verb is None:
        passes = any(t.does(Word.PASSED, Word.WRITTEN) for t in after)
        return passes and any(t.does(Word.ORIGINAL) for t in after) and _only_outlet(name)
    if verb.does(Word.PASSED, Word.ORIGINAL):
        return True
    return verb.does(Word.WRITTEN, Word.TEXT, Word.TAKES) and _only_outlet(name)


def _only_outlet(name: str) -> bool:
    return like_outlet(name) and not like_person(name)
