"""Keys that stand in several texts → pairs of texts worth comparing, compiled."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from provenance.bulk.kernel import I64, ID_BITS
from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.text import U64

Flags = NDArray[np.bool_]

CROWD = 20
"""Texts that share one key before it may be boilerplate; such buckets are judged, not paired."""
LEAST_SHARE = 8
"""A pair is compared when it shares at least one in so many of the smaller text's keys. Sure
matches share far more; a quotation or a stock phrase less."""
PAIR_SHIFT = np.uint64(32)
LOW_32 = np.uint64(0xFFFFFFFF)
_ID = np.uint64((1 << ID_BITS) - 1)
_KEY_SHIFT = np.uint64(ID_BITS)


@part
def _members(keys: U64, start: int, alive: Flags, members: I64) -> tuple[int, int]:
    """Different living texts of the bucket that begins at `start`; where the next begins.

    Members beyond the room in `members` are counted but not written.
    """
    key = keys[start] >> _KEY_SHIFT
    at, count, last = start, 0, -1
    while at < len(keys) and keys[at] >> _KEY_SHIFT == key:
        text = np.int64(keys[at] & _ID)
        if text != last and alive[text]:
            if count < len(members):
                members[count] = text
            count += 1
            last = text
        at += 1
    return count, at


def cuts(keys: U64, parts: int) -> list[int]:
    """Where to cut sorted packed keys into about equal parts, none of them inside a bucket."""
    inner = np.arange(1, parts if len(keys) else 1)
    heads = keys[len(keys) * inner // parts] >> _KEY_SHIFT << _KEY_SHIFT
    return [0, *np.unique(np.searchsorted(keys, heads)).tolist(), len(keys)]


def bucket_pairs(keys: U64, alive: Flags) -> tuple[U64, I64]:
    """All pairs of the small buckets of sorted packed keys.

    Args:
        keys: Sorted: key in the high bits, number of the text in the low `ID_BITS`.
        alive: Texts to look at: one of each group of exact duplicates.

    Returns:
        The pairs, ``a << 32 | b`` with a < b, one for each shared key; and the start in `keys` of
        each bucket of `CROWD` or more texts.
    """
    # Room for the worst case: pages that are never written to take no memory.
    pairs = np.empty(len(keys) * (CROWD - 2) // 2, dtype=np.uint64)
    crowds = np.empty(len(keys) // CROWD, dtype=np.int64)
    pair_count, crowd_count = _bucket_pairs(keys, alive, pairs, crowds)
    return pairs[:pair_count].copy(), crowds[:crowd_count].copy()


@compiled
def _bucket_pairs(keys: U64, alive: Flags, pairs: U64, crowds: I64) -> tuple[int, int]:
    members = np.empty(CROWD, dtype=np.int64)
    pair_count, crowd_count, at = 0, 0, np.int64(0)  # typed, see `utf8.fold`
    while at < len(keys):
        if at + 1 < len(keys) and keys[at] >> _KEY_SHIFT != keys[at + 1] >> _KEY_SHIFT:
            at += 1
            continue
        start = at
        count, at = _members(keys, start, alive, members)
        if count >= CROWD:
            crowds[crowd_count] = start
            crowd_count += 1
            continue
        for first in range(count):
            high = np.uint64(members[first]) << PAIR_SHIFT
            for second in range(first + 1, count):
                pairs[pair_count] = high | np.uint64(members[second])
                pair_count += 1
    return pair_count, crowd_count


@part
def crowd_members(keys: U64, start: int, alive: Flags) -> I64:
    """The different living texts of one bucket."""
    count, _ = _members(keys, start, alive, np.empty(0, dtype=np.int64))
    members = np.empty(count, dtype=np.int64)
    _members(keys, start, alive, members)
    return members


@compiled
def crowd_room(keys: U64, crowds: I64, alive: Flags) -> int:
    """Members of all crowds together."""
    nowhere = np.empty(0, dtype=np.int64)
    room = 0
    for start in crowds:
        room += _members(keys, start, alive, nowhere)[0]
    return room


@compiled
def worthwhile_pairs(pairs: U64, key_counts: I64) -> int:
    """Sorted pairs, one for each shared key → those that share enough, in place; their number."""
    kept, at = 0, 0
    while at < len(pairs):
        pair = pairs[at]
        start = at
        while at < len(pairs) and pairs[at] == pair:
            at += 1
        smaller = min(key_counts[pair >> PAIR_SHIFT], key_counts[pair & LOW_32])
        if (at - start) * LEAST_SHARE >= smaller:
            pairs[kept] = pair
            kept += 1
    return kept
