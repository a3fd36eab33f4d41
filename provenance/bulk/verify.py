"""Pairs of texts → exact overlap of their shingle sets, compiled."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from provenance.bulk.candidates import LOW_32, PAIR_SHIFT
from provenance.bulk.kernel import I64, hash_shingles
from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.text import U32, U64

I32 = NDArray[np.int32]

SHARED, ONLY_A, ONLY_B, STOCK_SHARED, STOCK_A, STOCK_B = range(6)
"""Columns of what `overlaps` counts: shingles in both, in a alone, in b alone; and how many of
each are boilerplate."""


def stock_table(shingles: U64) -> U64:
    """A set of shingles as an open-addressed table of a power-of-two size; 0 is a free slot."""
    size = 1 << (2 * len(shingles)).bit_length()
    table = np.zeros(size, dtype=np.uint64)
    _fill(table, shingles)
    return table


@compiled
def _fill(table: U64, shingles: U64) -> None:
    mask = np.uint64(len(table) - 1)
    for shingle in shingles:
        slot = shingle & mask
        while table[slot] != 0 and table[slot] != shingle:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = shingle


@part
def is_stock(table: U64, shingle: np.uint64) -> bool:
    """Whether a shingle is in a `stock_table`."""
    mask = np.uint64(len(table) - 1)
    slot = shingle & mask
    while table[slot] != 0:
        if table[slot] == shingle:
            return True
        slot = (slot + np.uint64(1)) & mask
    return False


@part
def _mask_for(pairs: U64, index: int, starts: I64) -> np.uint64:
    """Slots, less one, for the text at `index` and all it is paired with, at most half filled.

    A small table for small texts stays in the first-level cache.
    """
    a = np.int64(pairs[index] >> PAIR_SHIFT)
    longest = starts[a + 1] - starts[a]
    while index < len(pairs) and np.int64(pairs[index] >> PAIR_SHIFT) == a:
        b = np.int64(pairs[index] & LOW_32)
        longest = max(longest, starts[b + 1] - starts[b])
        index += 1
    size = 64
    while size < 4 * longest:
        size *= 2
    return np.uint64(size - 1)


@compiled
def overlaps(pairs: U64, tokens: U32, starts: I64, stock: U64, counts: I32) -> None:
    """Exact overlap of each pair.

    The shingles of a pair's first text are put in a hash table once for all pairs that begin with
    it; those of the second are looked up in it. Slots are not cleared but stamped: one belongs to
    the present text only if it bears its stamp.

    Args:
        pairs: Sorted, ``a << 32 | b``.
        tokens: Token hashes of all texts, end to end.
        starts: Where each text begins in `tokens`, and the last ends.
        stock: Boilerplate, from `stock_table`.
        counts: Written: int32[pairs, 6], see the columns above.
    """
    longest = 1
    for pair in pairs:
        a, b = np.int64(pair >> PAIR_SHIFT), np.int64(pair & LOW_32)
        longest = max(longest, starts[a + 1] - starts[a], starts[b + 1] - starts[b])
    size = 64
    while size < 4 * longest:
        size *= 2
    keys = np.empty(size, dtype=np.uint64)
    stamps_a = np.zeros(size, dtype=np.int32)
    stamps_b = np.zeros(size, dtype=np.int32)
    shingles = np.empty(longest, dtype=np.uint64)
    has_stock = len(stock) > 1
    current, size_a, stock_a, stamp_a, mask = -1, 0, 0, 0, np.uint64(63)
    for index in range(len(pairs)):
        a, b = np.int64(pairs[index] >> PAIR_SHIFT), np.int64(pairs[index] & LOW_32)
        stamp_b = index + 1
        if a != current:
            current, size_a, stock_a, stamp_a = a, 0, 0, stamp_b
            mask = _mask_for(pairs, index, starts)
            number = hash_shingles(tokens[starts[a] :], starts[a + 1] - starts[a], shingles)
            for place in range(number):
                shingle = shingles[place]
                slot = shingle & mask
                while stamps_a[slot] == stamp_a and keys[slot] != shingle:
                    slot = (slot + np.uint64(1)) & mask
                if stamps_a[slot] != stamp_a:
                    keys[slot] = shingle
                    stamps_a[slot] = stamp_a
                    size_a += 1
                    if has_stock:
                        stock_a += np.int64(is_stock(stock, shingle))
        _compare(
            tokens[starts[b] :], starts[b + 1] - starts[b], shingles, stock, has_stock,
            keys, stamps_a, stamps_b, stamp_a, stamp_b, mask, counts[index],
        )  # fmt: skip
        counts[index, ONLY_A] = size_a - counts[index, SHARED]
        counts[index, STOCK_A] = stock_a - counts[index, STOCK_SHARED]


@part
def _compare(
    tokens: U32,
    count: int,
    shingles: U64,
    stock: U64,
    has_stock: bool,
    keys: U64,
    stamps_a: I32,
    stamps_b: I32,
    stamp_a: int,
    stamp_b: int,
    mask: np.uint64,
    counts: I32,
) -> None:
    """Look the second text's shingles up in the first's table: fills all columns but a's."""
    shared, only_b, stock_shared, stock_b = 0, 0, 0, 0
    number = hash_shingles(tokens, count, shingles)
    for place in range(number):
        shingle = shingles[place]
        slot = shingle & mask
        while (stamps_a[slot] == stamp_a or stamps_b[slot] == stamp_b) and keys[slot] != shingle:
            slot = (slot + np.uint64(1)) & mask
        if stamps_b[slot] == stamp_b:
            continue  # the text repeats itself
        in_a = stamps_a[slot] == stamp_a
        if not in_a:
            keys[slot] = shingle
        stamps_b[slot] = stamp_b
        shared += np.int64(in_a)
        only_b += np.int64(not in_a)
        if has_stock and is_stock(stock, shingle):
            stock_shared += np.int64(in_a)
            stock_b += np.int64(not in_a)
    counts[SHARED], counts[ONLY_B] = shared, only_b
    counts[STOCK_SHARED], counts[STOCK_B] = stock_shared, stock_b
