"""Sorting 64-bit words by their digits, compiled: many times numpy's speed at these sizes.

The words are first dealt into `BUCKETS` by their highest digit, each thread dealing its share of
them; then the threads sort bucket after bucket inside their cache. A bucket is dealt once more,
into about as many places as it has words, which mostly leaves little to insert; where the words are
not so evenly spread, digit after digit from the lowest.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from itertools import pairwise

import numpy as np

from provenance.bulk.kernel import I64
from provenance.bulk.threads import PARTS_A_THREAD, over
from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.text import U64

BUCKET_BITS = 11
BUCKETS = 1 << BUCKET_BITS
"""As many counters fit in the first-level cache, and as many places to write to in the TLB."""
DIGIT = 8
"""Bits of a digit of the words of one bucket."""
MOVES = 8
"""A word may be moved past so many others, on average, before digits are thought cheaper."""


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
    cuts = np.linspace(0, len(words), PARTS_A_THREAD * threads + 1)
    edges = np.unique(np.searchsorted(bounds, cuts))

    def sort(part: int) -> None:
        _sort_buckets(dealt, words, bounds[edges[part] : edges[part + 1] + 1], low_bit, shift)

    over(range(len(edges) - 1), sort, threads)
    return words


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
def _sort_buckets(dealt: U64, result: U64, bounds: I64, low_bit: int, high_bit: int) -> None:
    """Sort each bucket by the bits from `low_bit` to `high_bit` into the result."""
    places = np.empty(BUCKETS, dtype=np.int64)
    for bucket in range(len(bounds) - 1):
        start, end = bounds[bucket], bounds[bucket + 1]
        words, target = dealt[start:end], result[start:end]
        bits = 0
        while 1 << bits < end - start and bits < min(BUCKET_BITS, high_bit - low_bit):
            bits += 1
        _pass(words, np.uint64(high_bit - bits), target, places[: 1 << bits])
        if not _insert(target, np.uint64(low_bit)):
            _sort_digits(target, words, low_bit, high_bit, places[: 1 << DIGIT])


@compiled
def _insert(words: U64, low_bit: np.uint64) -> bool:
    """Sort by insertion, or give up where that takes many moves: words stay, in some order."""
    left = MOVES * len(words)
    for place in range(1, len(words)):
        word, at = words[place], place
        while at > 0 and words[at - 1] >> low_bit > word >> low_bit:
            words[at] = words[at - 1]
            at -= 1
        words[at] = word
        left -= place - at
        if left < 0:
            return False
    return True


@compiled
def _sort_digits(words: U64, other: U64, low_bit: int, high_bit: int, places: I64) -> None:
    """Sort by all digits in which words differ, from the lowest up; `other` is overwritten."""
    varying = np.uint64(0)
    for word in words:
        varying |= word ^ words[0]
    source, target, swapped = words, other, False
    for bit in range(low_bit, high_bit, DIGIT):
        if varying >> np.uint64(bit) & np.uint64(len(places) - 1) != 0:
            _pass(source, np.uint64(bit), target, places)
            source, target = target, source
            swapped = not swapped
    if swapped:
        for place in range(len(words)):
            words[place] = other[place]


@part
def _pass(words: U64, shift: np.uint64, result: U64, places: I64) -> None:
    """One stable pass by the digit that begins at `shift` and has ``len(places)`` values."""
    mask = np.uint64(len(places) - 1)
    for digit in range(len(places)):
        places[digit] = 0
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
