"""Many texts at once to what an index finds them by, compiled; the bits of `fingerprint`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from provenance.fingerprint.compiled import compiled
from provenance.fingerprint.folding import Workspace, fold, join
from provenance.fingerprint.kernel import (
    BLOCK,
    I64,
    U8,
    hash_shingles,
    hash_tokens,
    window_minima,
)
from provenance.fingerprint.minhash import PERMUTATIONS, permutations, premix
from provenance.fingerprint.shingles import WINDOW
from provenance.fingerprint.sketch import Sketch
from provenance.fingerprint.text import U32, U64

LETTERS = 1 << 20
"""Texts are folded in batches of about so many letters, which stay in the cache."""
_premix = compiled(premix)


def sketches(texts: Sequence[str]) -> list[Sketch]:
    """The sketch of each text, as `Sketch.of` gives it, many times faster for many texts."""
    workspace = Workspace()
    found: list[Sketch] = []
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > LETTERS:
            found += _sketches(batch, workspace)
            batch, size = [], 0
    return found + _sketches(batch, workspace)


def _sketches(texts: list[str], workspace: Workspace) -> list[Sketch]:
    if not texts:
        return []
    folded, begins, ends = fold(*join(texts), workspace)
    room = int(np.sum(ends - begins)) // 2 + len(texts)
    counts = np.empty(len(texts), dtype=np.int64)
    signatures = np.empty((len(texts), PERMUTATIONS), dtype=np.uint32)
    passages = np.empty(room, dtype=np.uint64)
    cuts = np.zeros(len(texts) + 1, dtype=np.int64)
    _sketch_texts(folded, begins, ends, *permutations(), counts, signatures, passages, cuts)
    parts = np.split(passages[: cuts[-1]], cuts[1:-1])
    return [Sketch(*each) for each in zip(counts.tolist(), signatures, parts, strict=True)]


@compiled
def _sketch_texts(
    folded: U8,
    begins: I64,
    ends: I64,
    multipliers: U32,
    offsets: U32,
    counts: I64,
    signatures: U32,
    passages: U64,
    cuts: I64,
) -> None:
    """Sketch folded texts; the last four arrays are written.

    Passages of text i go to ``passages[cuts[i]:cuts[i + 1]]``.
    """
    longest = np.max(ends - begins) + 2 * BLOCK
    edges = np.empty(longest, dtype=np.int64)
    sums = np.empty(longest, dtype=np.uint64)
    scratch = np.empty(longest, dtype=np.uint64)
    tokens = np.empty(longest, dtype=np.uint32)
    for text in range(len(begins)):
        count = hash_tokens(folded, begins[text], ends[text], edges, sums, tokens)
        number = hash_shingles(tokens, count, sums)
        counts[text] = count
        _sign(_premix(sums[:number]), multipliers, offsets, signatures[text])
        at = cuts[text]
        cuts[text + 1] = at + _winnow(sums, number, scratch, passages[at:])


@compiled
def _sign(mixed: U32, multipliers: U32, offsets: U32, signature: U32) -> None:
    """MinHash of premixed shingles into `signature`."""
    for place in range(len(signature)):
        multiplier, offset = multipliers[place], offsets[place]
        least = np.uint32(0xFFFFFFFF)
        for index in range(len(mixed)):
            least = min(least, np.uint32(mixed[index] * multiplier + offset))
        signature[place] = least


@compiled
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
