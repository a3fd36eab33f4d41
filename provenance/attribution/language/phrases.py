"""The words by which pages credit, date, disclaim and decorate, and the pass that finds them.

The knowledge is in ``phrases.toml`` (its header documents the format).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from provenance.attribution.language.words import (
    ByWord,
    is_whole,
    runs_of_letters,
    starts_with,
    unify,
    word_at,
)


class PhraseKind(StrEnum):
    """What a phrase is said for; the values are the tables of ``phrases.toml``."""

    BYLINE = "byline"
    AFTER_NAME = "after-name"
    JOINT = "joint"
    STAFF = "staff"
    WIRES = "wires"
    JOB = "job"
    SOURCE = "source"
    PHOTO = "photo"
    WITH_FILES = "with-files"
    CONTRIBUTION = "contribution"
    TEXT = "text"
    SUPPLIED = "supplied"
    CAPTION = "caption"
    COURTESY = "courtesy"
    USED = "used"
    GLUE = "glue"
    SAYS = "says"
    DISCLAIMER = "disclaimer"
    VERBATIM = "verbatim"
    RIGHTS = "rights"
    FIRST_APPEARED = "first-appeared"
    SOURCE_LINK = "source-link"
    TIMESTAMP = "timestamp"
    PROMOTION = "promotion"
    INVITES = "invites"
    CHANNEL = "channel"
    RELATED = "related"
    READ_MORE = "read-more"
    NAVIGATION = "navigation"
    SECTION = "section"
    COMMENT = "comment"
    LEGAL = "legal"
    DATE = "date"


_NONE_DONE = dict.fromkeys(PhraseKind, 0)
_BEHIND, _SHORT = 3, "short"
"""Characters behind the first word by which phrases are looked up, since many begin alike, and the
key of those with fewer."""


class Hit(NamedTuple):
    """One place where a text has a known phrase.

    Attributes:
        kind: What the phrase is said for.
        start: Offset of its first character.
        end: Offset after its last character.
    """

    kind: PhraseKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    kind: PhraseKind
    at_start: bool
    at_end: bool


class Phrases:
    """Known phrases, and the one pass that finds them in a text of any script.

    Args:
        written: For each kind, its phrases as ``phrases.toml`` writes them.

    Attributes:
        words: The words that stand in some phrase, as runs of letters.
    """

    def __init__(self, written: Iterable[tuple[PhraseKind, str]]) -> None:
        known = sorted({_phrase(*one): None for one in written}, key=lambda one: -len(one.text))
        self.words = runs_of_letters(phrase.text for phrase in known)
        self._phrases: dict[str, dict[str, list[_Phrase]]] = {}
        for phrase in known:
            first = word_at(phrase.text, 0)
            behind = phrase.text[len(first) : len(first) + _BEHIND]
            alike = self._phrases.setdefault(first, {_SHORT: []})
            alike.setdefault(behind if len(behind) == _BEHIND else _SHORT, []).append(phrase)
        self._starts = starts_with({key[0] for key in self._phrases})
        self._by_word = ByWord(known)

    def find(self, text: str) -> list[Hit]:
        """Find the phrases of every kind: in order of place, the longest of each kind there.

        Hits of one kind never overlap. Time is linear in the text, whatever the text.
        """
        exact = unify(text)
        folded = exact.lower()
        first, last = _worded_span(exact)
        done = _NONE_DONE.copy()
        hits = []
        places = self._by_word.places(folded, lambda _: folded)
        for start, phrase in self._scanned(folded) if places is None else places:
            end = start + len(phrase.text)
            if (
                start >= done[phrase.kind]
                and (start <= first or not phrase.at_start)
                and (end >= last or not phrase.at_end)
                and is_whole(exact, start, end)
            ):
                done[phrase.kind] = end
                hits.append(Hit(phrase.kind, start, end))
        return hits

    def _scanned(self, folded: str) -> Iterator[tuple[int, _Phrase]]:
        """Where which phrase may begin, in a text of any script, word by word."""
        for candidate in self._starts.finditer(folded):
            alike = self._phrases.get(candidate[1])
            if not alike:
                continue
            start, behind = candidate.start(), candidate.end(1)
            for phrase in (*alike.get(folded[behind : behind + _BEHIND], ()), *alike[_SHORT]):
                if folded.startswith(phrase.text, start):
                    yield start, phrase


@cache
def phrases() -> Phrases:
    """The shipped phrases, read once."""
    file = files("provenance.attribution.language") / "phrases.toml"
    text = file.read_text(encoding="utf-8")
    return Phrases(
        (PhraseKind(kind), phrase)
        for kind, languages in tomllib.loads(text).items()
        for written in languages.values()
        for phrase in written
    )


@lru_cache(maxsize=1024)
def find_phrases(text: str) -> tuple[Hit, ...]:
    """The known phrases in a text; kept for a while, since a page is read in several passes."""
    return tuple(phrases().find(text))


def _phrase(kind: PhraseKind, written: str) -> _Phrase:
    at_start, at_end = written.startswith("^"), len(written) > 1 and written.endswith("$")
    text = unify(written.removeprefix("^") if at_start else written).lower()
    return _Phrase(text.removesuffix("$") if at_end else text, kind, at_start, at_end)


def _worded_span(text: str) -> tuple[int, int]:
    """Offsets of the first letter or digit and after the last one."""
    first = next((at for at, char in enumerate(text) if char.isalnum()), len(text))
    last = next((at for at in range(len(text), 0, -1) if text[at - 1].isalnum()), 0)
    return first, last
