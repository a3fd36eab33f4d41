"""Words as a reader sees them, words as a comparison sees them, and the runs that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel, Opcode

from provenance.fingerprint import tokens

EditKind = Literal["equal", "insert", "delete", "replace"]

_SINGLE = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_HEAD = "\u0e40-\u0e44\u0ec0-\u0ec4"
_WORD = re.compile(f"[{_SINGLE}]|[{_HEAD}]?[^\\s{_SINGLE}{_HEAD}]+|[{_HEAD}]")
"""White space parts words; so does every Han or kana character and every Thai leading vowel."""

_MARK = "zqnextwordqz"
_KEPT, _COMMON = 100_000, 24
"""Pieces whose keys are remembered, and the letters of the longest such piece."""
_WINDOW = 8_000
"""Words of one side that are aligned at once; memory grows with the product of both sides."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words that both versions have, or that one or both have instead of the other's.

    Attributes:
        kind: ``equal``, ``insert`` (only b has it), ``delete`` (only a has it) or ``replace``.
        a: The run as the first version shows it, empty for ``insert``.
        b: The run as the second version shows it, empty for ``delete``.
    """

    kind: EditKind
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one block.

    Attributes:
        text: The block's text.
        keys: For each word its folded tokens, joined; punctuation alone is no word.
        spans: For each word where it starts and ends in `text`.
    """

    text: str
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def quote(self, start: int, end: int) -> str:
        """The text from word `start` up to word `end`, exclusive, with what stands between."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]] if start < end else ""

    def part(self, start: int, end: int | None) -> Words:
        """The words from `start` up to `end`, exclusive, of the same text."""
        return Words(self.text, self.keys[start:end], self.spans[start:end])


class Run(NamedTuple):
    """Word positions of an edit: ``a[a_start:a_end]`` became ``b[b_start:b_end]``."""

    equal: bool
    a_start: int
    a_end: int
    b_start: int
    b_end: int


def words_of(texts: Sequence[str]) -> list[Words]:
    """Split texts into words, for any script."""
    found = [[(m.group(), m.span()) for m in _WORD.finditer(text)] for text in texts]
    keys = _known_keys({piece for pieces in found for piece, _ in pieces})
    return [_words(text, pieces, keys) for text, pieces in zip(texts, found, strict=True)]


def _words(text: str, pieces: list[tuple[str, tuple[int, int]]], keys: dict[str, str]) -> Words:
    """The pieces that have a key; punctuation that stands alone belongs to the word before it."""
    kept: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece, (start, end) in pieces:
        if keys[piece]:
            kept.append(keys[piece])
            spans.append((start if spans else 0, end))
        elif spans:
            spans[-1] = (spans[-1][0], end)
    return Words(text, tuple(kept), tuple(spans))


_kept: dict[str, str] = {}
"""The keys of pieces that were met: most words of any text are common ones."""


def _known_keys(pieces: set[str]) -> dict[str, str]:
    """The key of each piece, from memory where it was met before."""
    if len(_kept) > _KEPT:
        _kept.clear()
    keys = {piece: key for piece in pieces if (key := _kept.get(piece)) is not None}
    new = _keys(pieces - keys.keys())
    _kept.update((piece, key) for piece, key in new.items() if len(piece) <= _COMMON)
    return keys | new


def _keys(pieces: Iterable[str]) -> dict[str, str]:
    """The folded tokens of each piece, joined; folded all at once, which is far cheaper."""
    ordered = sorted(pieces)
    parts: list[list[str]] = []
    for token in tokens("".join(f"{_MARK}\n{piece}\n" for piece in ordered) + _MARK):
        if token == _MARK:
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) != len(ordered) + 1:  # a text that holds the mark itself
        if len(ordered) == 1:
            return {ordered[0]: ordered[0].casefold()}
        half = len(ordered) // 2
        return _keys(ordered[:half]) | _keys(ordered[half:])
    return {piece: "".join(part) for piece, part in zip(ordered, parts, strict=False)}


def runs(a: Sequence[str], b: Sequence[str]) -> list[Run]:
    """The fewest inserted and deleted words that turn `a` into `b`, as runs covering both.

    Giant texts are aligned window by window, so that memory stays bounded; their runs are then
    nearly the fewest.
    """
    result: list[Run] = []
    i = j = 0
    while i < len(a) or j < len(b):
        codes = list(Indel.opcodes(a[i : i + _WINDOW], b[j : j + _WINDOW]))
        if i + _WINDOW < len(a) or j + _WINDOW < len(b):
            codes = _settled(codes)
        for code in codes:
            run = Run(
                code.tag == "equal",
                *(i + code.src_start, i + code.src_end),
                *(j + code.dest_start, j + code.dest_end),
            )
            result = _joined(result, run)
        i, j = i + codes[-1].src_end, j + codes[-1].dest_end
    return result


def _settled(codes: list[Opcode]) -> list[Opcode]:
    """The runs that do not hang on what comes after the window; all when nothing is equal."""
    sure = _WINDOW * 3 // 4
    last = max(
        (
            place
            for place, code in enumerate(codes)
            if code.tag == "equal" and max(code.src_start, code.dest_start) < sure
        ),
        default=len(codes) - 1,
    )
    return codes[: last + 1]


def _joined(so_far: list[Run], run: Run) -> list[Run]:
    """Add a run to those before it; a deletion beside an insertion is one replacement."""
    if so_far and so_far[-1].equal == run.equal:
        last = so_far.pop()
        run = Run(run.equal, last.a_start, run.a_end, last.b_start, run.b_end)
    so_far.append(run)
    return so_far


def edit(run: Run, a: Words, b: Words) -> Edit:
    """A run as the words that a reader sees."""
    before, after = a.quote(run.a_start, run.a_end), b.quote(run.b_start, run.b_end)
    kind: EditKind = "replace"
    if run.equal:
        kind = "equal"
    elif not before:
        kind = "insert"
    elif not after:
        kind = "delete"
    return Edit(kind, before, after)
