"""Many texts at once to what an index finds them by, compiled; the bits of `fingerprint`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.folding import join, normalised, padded
from provenance.fingerprint.kernel import (
    I64,
    U8,
    UNFOLDED,
    hash_shingles,
    hash_text,
    window_minima,
)
from provenance.fingerprint.minhash import PERMUTATIONS, permutations, premix
from provenance.fingerprint.pages import pages
from provenance.fingerprint.shingles import WINDOW
from provenance.fingerprint.sketch import Sketch
from provenance.fingerprint.text import U32, U64
from provenance.fingerprint.utf8 import room_for

LETTERS = 1 << 20
"""Texts are joined in batches of about so many letters, which stay in the cache."""
_premix = part(premix)


def sketches(texts: Sequence[str]) -> list[Sketch]:
    """The sketch of each text, as `Sketch.of` gives it, many times faster for many texts."""
    found: list[Sketch] = []
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > LETTERS:
            found += _sketches(batch)
            batch, size = [], 0
    return found + _sketches(batch)


def _sketches(texts: list[str]) -> list[Sketch]:
    if not texts:
        return []
    data, offsets = join(texts)
    found = _pass(data, offsets, False)
    left = [place for place, each in enumerate(found) if each.tokens == UNFOLDED]
    if left:
        again = _pass(*normalised(data, offsets, left), True)
        for place, each in zip(left, again, strict=True):
            found[place] = each
    return found


def _pass(data: U8, offsets: I64, normal: bool) -> list[Sketch]:
    texts, known = len(offsets) - 1, pages()
    room = int(offsets[-1]) + texts
    counts = np.empty(texts, dtype=np.int64)
    signatures = np.empty((texts, PERMUTATIONS), dtype=np.uint32)
    passages = np.empty(room, dtype=np.uint64)
    cuts = np.zeros(texts + 1, dtype=np.int64)
    _sketch_texts(
        *padded(data, offsets), known.entries, known.heads, known.lasts, normal,
        *permutations(), counts, signatures, passages, cuts,
    )  # fmt: skip
    parts = np.split(passages[: cuts[-1]], cuts[1:-1])
    return [Sketch(*each) for each in zip(counts.tolist(), signatures, parts, strict=True)]


@compiled
def _sketch_texts(
    data: U8,
    offsets: I64,
    entries: U32,
    heads: U8,
    lasts: U8,
    normal: bool,
    multipliers: U32,
    addends: U32,
    counts: I64,
    signatures: U32,
    passages: U64,
    cuts: I64,
) -> None:
    """Sketch texts; the last four arrays are written.

    Passages of text i go to ``passages[cuts[i]:cuts[i + 1]]``.
    """
    room = room_for(offsets)
    folded, edges = np.empty(room, dtype=np.uint8), np.empty(room, dtype=np.int32)
    sums, scratch = np.empty(room // 2, dtype=np.uint64), np.empty(room // 2, dtype=np.uint64)
    tokens = np.empty(room // 2, dtype=np.uint32)
    for text in range(len(counts)):
        count = hash_text(
            data, offsets[text], offsets[text + 1], entries, heads, lasts, normal,
            folded, edges, sums, tokens,
        )  # fmt: skip
        counts[text] = count
        at = cuts[text]
        cuts[text + 1] = at
        if count == UNFOLDED:
            continue
        number = hash_shingles(tokens, count, sums)
        _sign(_premix(sums[:number]), multipliers, addends, signatures[text])
        cuts[text + 1] = at + _winnow(sums, number, scratch, passages[at:])


@part
def _sign(mixed: U32, multipliers: U32, offsets: U32, signature: U32) -> None:
    """MinHash of premixed shingles into `signature`."""
    for place in range(len(signature)):
        multiplier, offset = multipliers[place], offsets[place]
        least = np.uint32(0xFFFFFFFF)
        for index in range(len(mixed)):
            least = min(least, np.uint32(mixed[index] * multiplier + offset))
        signature[place] = least


@part
def _winnow(shingles: U64, number: int, scratch: U64, passages: U64) -> int:
    """Passages of a shingle sequence, which is overwritten, sorted and unique; their number."""
    if number == 0:
        return 0
    minima, left = window_minima(shingles, number, WINDOW, scratch)
    changes = 0
    for index in range(left):
        passages[changes] = minima[index]
        changes += np.int64(index + 1 == left or minima[index + 1] != minima[index])
    passages[:changes].sort()
    kept = 0
    for index in range(changes):
        passages[kept] = passages[index]
        kept += np.int64(index + 1 == changes or passages[index + 1] != passages[index])
    return kept
