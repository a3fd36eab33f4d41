"""Tokens to shingles: the true sets on which every match is verified.

A shingle is `SHINGLE` consecutive tokens; its hash is a polynomial over the token hashes, mixed.
A text shorter than one shingle is one shingle of all its tokens; an empty text has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from provenance.fingerprint.text import U32, U64, mix, powers, token_hashes

SHINGLE = 5
"""Tokens in a shingle."""
WINDOW = 16
"""Shingles in a winnowing window."""
SHINGLE_BASE = np.uint64(0xD6E8FEB86659FD93)


def shingle_sequence(hashes: U32, size: int = SHINGLE) -> U64:
    """Shingle hashes in text order, repeats included: uint64[max(1, tokens - size + 1)]."""
    count = len(hashes)
    if count == 0:
        return np.empty(0, dtype=np.uint64)
    size = min(size, count)
    weights = powers(int(SHINGLE_BASE), size)
    total = np.zeros(count - size + 1, dtype=np.uint64)
    for offset in range(size):
        total += hashes[offset : offset + len(total)] * weights[offset]
    return mix(total)


def passages(sequence: U64, window: int = WINDOW) -> U64:
    """Winnowed passage fingerprints of a shingle sequence: sorted, unique uint64.

    The smallest hash of every `window` consecutive shingles is kept (Schleimer, Wilkerson and
    Aiken, "Winnowing", SIGMOD 2003), so two texts that share any run of
    ``window + SHINGLE - 1`` tokens are sure to share a passage fingerprint, at about
    ``2 / (window + 1)`` of the storage of all shingles.
    """
    if len(sequence) <= window:
        return distinct(sequence)[:1]
    minima, width = sequence, 1
    while width < window:  # minima of twice as many shingles, until it is the whole window
        step = min(width, window - width)
        minima = np.minimum(minima[:-step], minima[step:])
        width += step
    changes = np.flatnonzero(minima[1:] != minima[:-1])
    return distinct(np.append(minima[changes], minima[-1]))


@dataclass(frozen=True, slots=True)
class Overlap:
    """How two shingle sets overlap.

    Attributes:
        shared: Number of shingles in both.
        jaccard: Shared over all, 0 to 1.
        a_in_b: Share of a's shingles found in b (containment), 0 to 1.
        b_in_a: Share of b's shingles found in a, 0 to 1.
    """

    shared: int
    jaccard: float
    a_in_b: float
    b_in_a: float


def overlap(a: U64, b: U64) -> Overlap:
    """Exact overlap of two sorted unique shingle arrays; two empty sets share nothing."""
    if not len(a) or not len(b):
        return Overlap(0, 0.0, 0.0, 0.0)
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return Overlap(shared, shared / (len(a) + len(b) - shared), shared / len(a), shared / len(b))


def shingle_set(text: str) -> U64:
    """Sorted unique shingle hashes of a text, uint64[number of distinct shingles]."""
    return distinct(shingle_sequence(token_hashes(text)))


def distinct(hashes: U64) -> U64:
    """Sorted unique hashes; for so few, sorting is faster than numpy's own hash table."""
    found = np.sort(hashes)
    if len(found) < 2:
        return found
    first = np.empty(len(found), dtype=np.bool_)
    first[0] = True
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]
