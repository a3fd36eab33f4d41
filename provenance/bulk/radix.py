"""Sorting 64-bit words by their digits, compiled: many times numpy's speed at these sizes.

The words are first dealt into `BUCKETS` by their highest digit, each thread dealing its share of
them; then the threads sort bucket after bucket by the digits that are left, inside their cache.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from itertools import pairwise

import numpy as np

from provenance.bulk.kernel import I64
from provenance.bulk.threads import PARTS_A_THREAD, over
from provenance.fingerprint.compiled import compiled
from provenance.fingerprint.text import U64

BUCKET_BITS = 11
BUCKETS = 1 << BUCKET_BITS
"""As many counters fit in the first-level cache, and as many places to write to in the TLB."""
SMALL_DIGIT = 8
"""Bits of a digit where buckets are small: clearing more counters would cost more than a pass."""
SMALL_BUCKET = 1 << 13


def sort_words(words: U64, low_bit: int = 0, threads: int = 1) -> U64:
    """The words in ascending order of their bits from `low_bit` up, others as they came.

    Args:
        words: Overwritten.
        low_bit: Bits below do not count; the sort is stable in them.
        threads: How many threads share the work; the result is the same.
    """
    high_bit = int(words.max()).bit_length() if len(words) else 0
    if high_bit <= low_bit:
        return words
    shift = max(low_bit, high_bit - BUCKET_BITS)
    dealt = np.empty_like(words)
    bounds = _deal(words, dealt, shift, threads)
    digit = SMALL_DIGIT if len(words) < SMALL_BUCKET * BUCKETS else BUCKET_BITS
    passes = -(-(shift - low_bit) // digit)
    cuts = np.linspace(0, len(words), PARTS_A_THREAD * threads + 1)
    edges = np.unique(np.searchsorted(bounds, cuts))

    def sort(part: int) -> None:
        own = bounds[edges[part] : edges[part + 1] + 1]
        _sort_buckets(dealt, words, own, low_bit, shift, passes)

    over(range(len(edges) - 1), sort, threads)
    return words if passes % 2 else dealt


def _deal(words: U64, dealt: U64, shift: int, threads: int) -> I64:
    """Deal words by their digit from `shift` up; where each bucket begins, and the last ends."""
    cuts = np.linspace(0, len(words), threads + 1).astype(np.int64)
    shares = [words[start:end] for start, end in pairwise(cuts.tolist())]
    counts = np.array(over(shares, lambda share: _count(share, shift), threads))
    # A bucket holds the first share's words before the second's: the order is kept.
    ends = np.cumsum(counts.T).reshape(BUCKETS, threads).T
    places = np.ascontiguousarray(ends - counts)
    bounds = np.append(places[0], len(words))
    over(range(threads), lambda part: _scatter(shares[part], shift, places[part], dealt), threads)
    return bounds


@compiled
def _count(words: U64, shift: int) -> I64:
    counts = np.zeros(BUCKETS, dtype=np.int64)
    for word in words:
        counts[word >> np.uint64(shift)] += 1
    return counts


@compiled
def _scatter(words: U64, shift: int, places: I64, dealt: U64) -> None:
    for word in words:
        digit = word >> np.uint64(shift)
        dealt[np.uint64(places[digit])] = word
        places[digit] += 1


@compiled
def _sort_buckets(
    words: U64, other: U64, bounds: I64, low_bit: int, high_bit: int, passes: int
) -> None:
    """Sort each bucket by the bits from `low_bit` to `high_bit`, in equal digits.

    After an odd number of passes the result is in `other`.
    """
    bits = -(-(high_bit - low_bit) // max(passes, 1))
    places = np.empty(1 << bits, dtype=np.int64)
    for bucket in range(len(bounds) - 1):
        start, end = bounds[bucket], bounds[bucket + 1]
        source, target = words[start:end], other[start:end]
        for number in range(passes):
            _pass(source, np.uint64(low_bit + number * bits), target, places)
            source, target = target, source


@compiled
def _pass(words: U64, shift: np.uint64, result: U64, places: I64) -> None:
    """One stable pass by the digit that begins at `shift` and has ``len(places)`` values."""
    mask = np.uint64(len(places) - 1)
    places[:] = 0
    for word in words:
        places[word >> shift & mask] += 1
    total = 0
    for digit in range(len(places)):
        count = places[digit]
        places[digit] = total
        total += count
    for word in words:
        digit = word >> shift & mask
        result[np.uint64(places[digit])] = word
        places[digit] += 1
