"""UTF-8 folded code point by code point, compiled: what no block of 64 bytes can hold.

That are apostrophes, characters that are tokens by themselves, code points of four bytes, damage.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

import numpy as np

from provenance.fingerprint.compiled import U8, part
from provenance.fingerprint.intrinsics import load_word
from provenance.fingerprint.pages import SPACE
from provenance.fingerprint.text import (
    CHANGES,
    CLASS_SHIFT,
    FIRST,
    FOLD_MASK,
    HEAD,
    HEAD_SPLITS_AFTER,
    IGNORED,
    REORDERS,
    SECOND,
    SEPARATOR,
    SINGLE,
    TABLE_SIZE,
    U32,
    WORD,
)

HIGH_BITS = np.uint64(0x8080808080808080)
APOSTROPHES = (0x27, 0x60)
"""ASCII that vanishes without ending a token."""
SPECIAL = 7 << CLASS_SHIFT | CHANGES | REORDERS | SECOND
PLAIN_LETTER = WORD << CLASS_SHIFT
PLAIN_SINGLE = SINGLE << CLASS_SHIFT
"""What the `SPECIAL` bits of most letters and of most Chinese characters are."""
SAME_SINGLE = SPECIAL | FOLD_MASK
THREE_OCTETS = np.uint64(0xFFFFFF)
CALM = 4
"""Letters in a row after which blocks are worth their while again."""
UNFOLDED = -1
"""Instead of a size: the text must be normalised first."""


@part
def _decode(data: U8, at: int, end: int) -> int:
    """Code point at `at` and, shifted left, its length; damaged UTF-8 reads as U+FFFD."""
    lead = np.int64(data[np.uint64(at)])
    if lead < 0x80:
        return lead << 3 | 1
    left = end - at
    if 0xC0 <= lead < 0xE0 and left >= 2:
        return ((lead & 0x1F) << 6 | np.int64(data[np.uint64(at + 1)]) & 0x3F) << 3 | 2
    if 0xE0 <= lead < 0xF0 and left >= 3:
        middle = (np.int64(data[at + 1]) & 0x3F) << 6
        return ((lead & 0xF) << 12 | middle | np.int64(data[at + 2]) & 0x3F) << 3 | 3
    if lead >= 0xF0 and left >= 4:
        middle = (np.int64(data[at + 1]) & 0x3F) << 12 | (np.int64(data[at + 2]) & 0x3F) << 6
        return ((lead & 7) << 18 | middle | np.int64(data[at + 3]) & 0x3F) << 3 | 4
    return 0xFFFD << 3 | 1


@part
def encode(code: int, target: U8, to: int) -> int:
    """Write a code point as UTF-8; returns where the next goes."""
    if code < 0x80:
        target[np.uint64(to)] = code
        return to + 1
    if code < 0x800:
        target[np.uint64(to)] = 0xC0 | code >> 6
        target[np.uint64(to + 1)] = 0x80 | code & 0x3F
        return to + 2
    if code < 0x10000:
        target[np.uint64(to)] = 0xE0 | code >> 12
        target[np.uint64(to + 1)] = 0x80 | code >> 6 & 0x3F
        target[np.uint64(to + 2)] = 0x80 | code & 0x3F
        return to + 3
    target[np.uint64(to)] = 0xF0 | code >> 18
    target[np.uint64(to + 1)] = 0x80 | code >> 12 & 0x3F
    target[np.uint64(to + 2)] = 0x80 | code >> 6 & 0x3F
    target[np.uint64(to + 3)] = 0x80 | code & 0x3F
    return to + 4


@part
def _has_four(folded: U8, to: int) -> bool:
    """Whether the unfinished token before `to` has as many code points as a HEAD splits after."""
    count = 0
    while to > 0 and folded[to - 1] != SPACE and count < HEAD_SPLITS_AFTER:
        to -= 1
        count += np.int64((folded[to] & 0xC0) != 0x80)
    return count >= HEAD_SPLITS_AFTER


@part
def _must_normalise(entry: int, previous: int) -> bool:
    """Whether NFKC could change a code point, given the table entry of the one before it."""
    return (
        entry & CHANGES != 0
        or (entry & SECOND != 0 and previous & FIRST != 0)
        or (entry & REORDERS != 0 and previous & REORDERS != 0 and entry != previous)
    )


@part
def _entry(entries: U32, code: int) -> int:
    return np.int64(entries[np.uint64(min(code, TABLE_SIZE - 1))])


@part
def _entry_before(data: U8, start: int, at: int, end: int, entries: U32) -> int:
    """Table entry of the code point before `at`, 0 where the text begins."""
    if at == start:
        return 0
    lead = at - 1
    while lead > start and lead > at - 4 and data[lead] & 0xC0 == 0x80:
        lead -= 1
    found = _decode(data, lead, end)
    # In damaged text what stands here need not be what was read: then nothing joins with it.
    return _entry(entries, found >> 3) if lead + (found & 7) == at else 0


@part
def _plain_ahead(data: U8, at: int) -> bool:
    """Whether the next 16 bytes are ASCII, and the first no apostrophe."""
    if data[at] == APOSTROPHES[0] or data[at] == APOSTROPHES[1]:
        return False
    return (load_word(data, at) | load_word(data, at + 8)) & HIGH_BITS == 0


@part
def _fold_singles(
    data: U8, at: int, end: int, entries: U32, folded: U8, to: int
) -> tuple[int, int]:
    """Fold Chinese characters and their like, of three bytes, from the first to the last of a run.

    Returns where reading and writing go on.
    """
    while True:
        folded[np.uint64(to)] = SPACE
        folded[np.uint64(to + 1)] = data[np.uint64(at)]
        folded[np.uint64(to + 2)] = data[np.uint64(at + 1)]
        folded[np.uint64(to + 3)] = data[np.uint64(at + 2)]
        at += 3
        to += 4
        if at + 3 > end:
            break
        word = np.int64(load_word(data, at) & THREE_OCTETS)
        code = (word & 0xF) << 12 | (word >> 2) & 0xFC0 | word >> 16 & 0x3F
        if (
            word & 0xF0 != 0xE0
            or np.int64(entries[np.uint64(code)]) & SAME_SINGLE != PLAIN_SINGLE | code
        ):
            break
    folded[np.uint64(to)] = SPACE
    return at, to + 1


@part
def fold_each(
    data: U8, start: int, at: int, end: int, entries: U32, normalised: bool, folded: U8, to: int
) -> tuple[int, int]:
    """Fold code points one by one until some are plain.

    Returns where reading and writing go on; reading is `UNFOLDED` when the text must be normalised.
    """
    previous = _entry_before(data, start, at, end, entries)
    calm = 0
    while at < end and calm < CALM:
        found = _decode(data, at, end)
        code = found >> 3
        if code < 0x80 and _plain_ahead(data, at):
            break
        entry = _entry(entries, code)
        calm += 1
        if entry & SPECIAL == PLAIN_LETTER:
            at += found & 7
            previous = entry
            to = encode(entry & FOLD_MASK, folded, to)
            continue
        if code >= 0x80:
            calm = 0
        if entry & SAME_SINGLE == PLAIN_SINGLE | code and found & 7 == 3:
            at, to = _fold_singles(data, at, end, entries, folded, to)
            previous = _entry_before(data, start, at, end, entries)  # the last of the run
            continue
        if not normalised and _must_normalise(entry, previous):
            return UNFOLDED, to
        at += found & 7
        previous = entry
        kind = entry >> CLASS_SHIFT & 7
        if kind == IGNORED:
            continue
        if kind == SEPARATOR:
            folded[to] = SPACE
            to += 1
            continue
        if kind == SINGLE or (kind == HEAD and _has_four(folded, to)):
            folded[to] = SPACE
            to += 1
        to = encode(entry & FOLD_MASK, folded, to)
        if kind == SINGLE:
            folded[to] = SPACE
            to += 1
    return at, to
