"""The words of a notice (see `notice`) and the names among them, in the notice's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from provenance.attribution.agencies.agency import Mention
from provenance.attribution.credits.parts import ADDRESS, in_compound
from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import AND, conjoins

_NAME_WORDS = 5
_SHORTENED = 3
"""Letters before a full stop that is a name's own: "St. Louis", "L.A. Times"."""
_TITLE_WORDS = 4
"""Words of the headline in a row that are its quotation."""
_WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_PART, _COMPOUND = re.compile(r"[^\W_]+"), re.compile(r"(?<![^\W_])[^\W_]++(?:['.&-][^\W_]+)+")
_LONE = re.compile(r"(?<= )[^\W\d_]+(?= )")
"""Words that stand alone between blanks."""
_CASELESS = re.compile("[\u0590-\u1dff\u3000-\uffef]")
_IN_NAME = frozenset(
    {" ", " & ", " de ", " del ", " do ", " da ", " di ", " della ", " du ", " des "}
)
"""What stands between the words of a name."""
_MORE_NAME = re.compile(r"(?: [A-Z]\w{1,20}){1,2}(?=\W|$)")
_QUOTES = frozenset("\"'“„«‘")
_STARTS = frozenset('.!?:;()[]*"')


class Word(StrEnum):
    """What a word does in a notice; the values are the tables of ``notices.toml``."""

    POINTING = "pointing"
    TEXT = "text"
    PASSED = "passed"
    READING = "reading"
    ORIGINAL = "original"
    WRITTEN = "written"
    KEPT = "kept"
    WIRE = "wire"
    DESK = "desk"
    US = "us"
    TAKES = "takes"
    PLACES = "places"
    COMES = "comes"
    WITHIN = "within"
    SMALL = "small"
    SAYS = "says"


Vocabulary = dict[str, frozenset[Word]]
"""Words in lower case and what each does."""
_CAPITAL_NOUNS = "de"
"""The language that writes all nouns with a capital: one alone is no name."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word and what it does, or a name: ``own``, ``agency`` or ``other``.

    `set_off`: another sign than a blank stands before the name.
    """

    text: str
    kinds: frozenset[Word] = frozenset()
    name: str = ""
    set_off: bool = False

    def does(self, *kinds: Word) -> bool:
        """Whether it is a word of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


@cache
def _vocabularies() -> dict[str, dict[str, frozenset[Word]]]:
    """For each language the words of the shipped tables and what they do."""
    file = files("provenance.attribution.notices") / "notices.toml"
    text = file.read_text(encoding="utf-8")
    found: dict[str, dict[str, frozenset[Word]]] = {}
    for kind, languages in tomllib.loads(text).items():
        for language, words in languages.items():
            known = found.setdefault(language, {})
            for word in words.split():
                known[word] = known.get(word, frozenset()) | {Word(kind)}
    return found


@cache
def _languages() -> dict[str, tuple[int, ...]]:
    """For each word the places of the languages that have it."""
    places: dict[str, tuple[int, ...]] = {}
    for at, known in enumerate(_vocabularies().values()):
        for word in known:
            places[word] = (*places.get(word, ()), at)
    return places


def vocabulary_of(text: str) -> dict[str, frozenset[Word]]:
    """The words of the language that most of a text's words are of."""
    places, found = _languages(), list(_vocabularies().values())
    counts = [0] * len(found)
    for word in _WORD.findall(text.lower()):
        for at in places.get(word, ()):
            counts[at] += 1
    return found[counts.index(max(counts))]


def may_know(
    text: str,
    vocabulary: Vocabulary,
    others: Sequence[Container[str]],
    own: Sequence[str],
    least: float,
) -> bool:
    """Whether `vocabulary` can have such a share of a line's words; costs far less than tokens.

    Args:
        text: The line, unified.
        vocabulary: The words of its language.
        others: Words that may be left out of account: those of agencies, dates, the headline.
        own: Names of the outlet itself, in lower case.
        least: The share.
    """
    if _CASELESS.search(text):
        return True
    folded = text.lower()
    known = sum(map(vocabulary.__contains__, _PART.findall(folded)))
    known += sum(map(vocabulary.__contains__, _COMPOUND.findall(folded)))
    strange = 0
    for word in _LONE.findall(text):
        lower = word.lower()
        if (
            word[0].islower()
            and lower not in vocabulary
            and not any(lower in words for words in others)
            and not any(lower in name for name in own)
        ):
            strange += 1
            if known / (known + strange) < least:
                return False
    return True


def tokens_of(
    text: str, mentions: Sequence[Mention], own: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Token]:
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
        if hit.kind is PhraseKind.DATE and not (text[hit.start].islower() or in_compound(text, hit))
    ]
    spans.sort(key=lambda span: (span[0], -span[1]))
    done = 0
    for start, end, kind in [*spans, (len(text), len(text), "")]:
        if start < done:
            continue
        yield from _between(text, done, start, vocabulary)
        if kind:
            yield Token(text[start:end], name=kind)
        # "Example Times Online" is the outlet's own name too.
        longer = _MORE_NAME.match(text, end) if kind == "own" else None
        done = longer.end() if longer else end


def _between(text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Token]:
    """Words between known names; a run of capitalised ones is a name."""
    run: list[re.Match[str]] = []
    for found in _WORD.finditer(text, start, end):
        if not any(char.isalpha() for char in found[0]):
            if run and text[run[-1].end() : found.start()] == " ":
                run.append(found)  # "News 5 Harbour"
            continue
        gap = text[run[-1].end() : found.start()] if run else ""
        if run and conjoins(text[run[0].start() : run[-1].end()], text[found.start() :]):
            continue
        tied = gap in _IN_NAME or gap.strip() in AND
        if run and not tied and not (gap == ". " and len(run[-1][0]) <= _SHORTENED):
            yield from _named(text, run, vocabulary)
            run = []
        if _is_capital(text, found, vocabulary):
            run.append(found)
            continue
        yield from _named(text, run, vocabulary)
        run = []
        yield Token(found[0], vocabulary.get(found[0].lower(), frozenset()))
    yield from _named(text, run, vocabulary)


def _is_capital(text: str, found: re.Match[str], vocabulary: Vocabulary) -> bool:
    """Whether a word is written like a name: a capital that opens no sentence."""
    word = found[0]
    if not (word[0].isupper() or word[0].isdigit() or "." in word):
        return False
    before = text[: found.start()].rstrip(" -")
    opens = not before or before[-1] in _STARTS
    return not (opens and word.lower() in vocabulary)


def _named(text: str, run: Sequence[re.Match[str]], vocabulary: Vocabulary) -> Iterator[Token]:
    """A run of capitalised words: a name, its desk behind it; too long for one, words of no use."""
    words = [Token(found[0], vocabulary.get(found[0].lower(), frozenset())) for found in run]
    if len(words) == 1 and words[0].kinds and vocabulary is _vocabularies()[_CAPITAL_NOUNS]:
        yield words[0]
        return
    last = len(run)
    while last and (words[last - 1].does(Word.DESK) or run[last - 1][0].isdigit()):
        last -= 1
    if last > _NAME_WORDS:
        yield from (Token(word.text) for word in words)
        return
    if last:
        start, name = run[0].start(), text[run[0].start() : run[last - 1].end()]
        quoted = text[start - 1 : start] in _QUOTES
        set_off = not text[:start].rstrip()[-1:].isalnum()
        yield Token(name.removesuffix("'s"), name="" if quoted else "other", set_off=set_off)
    yield from words[last:]


def without_title(tokens: list[Token], headline: str) -> list[Token]:
    """The words without the headline that they quote."""
    title = {found[0] for found in _WORD.finditer(unify(headline).lower())}
    kept: list[Token] = []
    run: list[Token] = []
    for one in [*tokens, None]:
        if one and set(_WORD.findall(one.text.lower())) <= title and one.name != "agency":
            run.append(one)
            continue
        quoted = sum(len(t.text.split()) for t in run) >= _TITLE_WORDS
        kept += [] if quoted else run
        kept += [one] if one else []
        run = []
    return kept
