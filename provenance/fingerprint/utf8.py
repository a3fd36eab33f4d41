"""UTF-8 to *folded* bytes, compiled: every token a run without spaces, every gap some spaces.

A block of 64 bytes is folded at once as far as its code points keep their length in bytes: ASCII
by arithmetic, letters and separators beyond it page by page (`pages`). What is left (apostrophes,
characters that are tokens by themselves, code points of four bytes, damage) is folded one by one.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np

from provenance.fingerprint.compiled import U8, compiled, inlined
from provenance.fingerprint.intrinsics import (
    BLOCK,
    between,
    change,
    fold_ascii,
    load_word,
    look_up,
    lowest_bit,
)
from provenance.fingerprint.pages import MARK_FLIP, SPACE, STOP, THREE_BYTES
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

ONE = np.uint64(1)
TWO = np.uint64(2)
THREE = np.uint64(3)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
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
PADDING = BLOCK + 8
"""Bytes that are read, if not used, beyond the end of a text."""


@compiled
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


@compiled
def _encode(code: int, target: U8, to: int) -> int:
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


@compiled
def _has_four(folded: U8, to: int) -> bool:
    """Whether the unfinished token before `to` has as many code points as a HEAD splits after."""
    count = 0
    while to > 0 and folded[to - 1] != SPACE and count < HEAD_SPLITS_AFTER:
        to -= 1
        count += np.int64((folded[to] & 0xC0) != 0x80)
    return count >= HEAD_SPLITS_AFTER


@compiled
def _must_normalise(entry: int, previous: int) -> bool:
    """Whether NFKC could change a code point, given the table entry of the one before it."""
    return (
        entry & CHANGES != 0
        or (entry & SECOND != 0 and previous & FIRST != 0)
        or (entry & REORDERS != 0 and previous & REORDERS != 0 and entry != previous)
    )


@compiled
def _entry(entries: U32, code: int) -> int:
    return np.int64(entries[np.uint64(min(code, TABLE_SIZE - 1))])


@compiled
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


@compiled
def _plain_ahead(data: U8, at: int) -> bool:
    """Whether the next 16 bytes are ASCII, and the first no apostrophe."""
    if data[at] == APOSTROPHES[0] or data[at] == APOSTROPHES[1]:
        return False
    return (load_word(data, at) | load_word(data, at + 8)) & HIGH_BITS == 0


@compiled
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


@compiled
def _fold_each(
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
            to = _encode(entry & FOLD_MASK, folded, to)
            continue
        if code >= 0x80:
            calm = 0
        if entry & SAME_SINGLE == PLAIN_SINGLE | code and found & 7 == 3:
            at, to = _fold_singles(data, at, end, entries, folded, to)
            previous = entry
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
        to = _encode(entry & FOLD_MASK, folded, to)
        if kind == SINGLE:
            folded[to] = SPACE
            to += 1
    return at, to


@inlined
def _same_page(data: U8, at: int, last: int, twos: Any, threes: Any) -> tuple[int, Any]:
    """Page of the code point whose last byte is the block's `last`; mask of all on that page."""
    middle = data[np.uint64(at + last - 1)]
    if middle >= 0xC0:
        return np.int64(middle & 0x1F), (between(data, at, middle, middle) & twos) << ONE
    lead = data[np.uint64(at + last - 2)]
    page = THREE_BYTES + (np.int64(lead & 0xF) << 6 | np.int64(middle & 0x3F))
    same = between(data, at, lead, lead) & threes
    return page, same << TWO & between(data, at, middle, middle) << ONE


@inlined
def _fold_letters(
    data: U8, at: int, keep: Any, beyond: Any, heads: U8, lasts: U8, folded: U8, to: int
) -> tuple[Any, int]:
    """Fold what is not ASCII in a block that is in `folded` already, where its length stays.

    Args:
        data: UTF-8.
        at: Where the block begins in it, at the first byte of a code point.
        keep: Mask of the bytes that belong to the text.
        beyond: Mask of the bytes beyond ASCII.
        heads: See `Pages`.
        lasts: See `Pages`.
        folded: Written.
        to: Where the block begins in it.

    Returns:
        Mask with the first byte of each code point that is not folded; and how many bytes are
        whole, as the last code point may go on in the next block.
    """
    twos = between(data, at, 0xC2, 0xDF) & keep
    threes = between(data, at, 0xE0, 0xEF) & keep
    trailing = between(data, at, 0x80, 0xBF) & keep
    cut = twos & ~(keep >> ONE) | threes & ~(keep >> TWO)
    whole = lowest_bit(cut)
    second, third = (twos | threes) << ONE, threes << TWO
    wrong = (second & ~trailing) >> ONE | (third & ~trailing) >> TWO | trailing & ~(second | third)
    wrong |= beyond & keep & ~(twos | threes | trailing)
    if keep != ALL_BITS:  # what goes on beyond the text is damaged
        wrong |= cut
    bad = wrong | cut
    sound = (bad & (~bad + ONE)) - ONE  # bits below the lowest that is bad
    of_two, of_three = twos << ONE & sound, third & sound
    every = of_two | of_three
    left, found = every, np.uint64(0)
    while left != 0:
        page, same = _same_page(data, at, lowest_bit(left), twos, threes)
        same &= left
        found |= look_up(data, at, heads, lasts, page, same, folded, to)
        left &= ~same
    if found != 0:
        gaps = between(folded, to, SPACE, SPACE) & found
        change(folded, to, gaps >> ONE | (gaps & of_three) >> TWO, 0, SPACE)
        stops = between(folded, to, STOP, STOP) & found
        marks = found & ~gaps & ~stops
        change(folded, to, marks, 0xFF, MARK_FLIP)
        # Two marks in a row may have to change places; the one before the first is not known.
        stops |= marks & (marks << TWO | marks << THREE | np.uint64(7))
        wrong |= (stops & of_two) >> ONE | (stops & of_three) >> TWO
    return wrong, whole


@compiled
def fold(
    data: U8, start: int, end: int, entries: U32, heads: U8, lasts: U8,
    normalised: bool, folded: U8,
) -> int:  # fmt: skip
    """Fold one text.

    Args:
        data: UTF-8, with `PADDING` bytes of anything after the text.
        start: Where the text begins in it.
        end: Where it ends.
        entries: See `Pages`; the next two too.
        heads: Folded bytes before the last.
        lasts: Folded last bytes.
        normalised: Whether the text is known to be NFKC.
        folded: Written; `room_for` says how long it must be.

    Returns:
        Number of folded bytes; `UNFOLDED` when the text must be normalised first.
    """
    at, to = start, 0
    while at < end:
        stops, beyond = fold_ascii(data, at, folded, to)
        size = min(BLOCK, end - at)
        keep = ALL_BITS >> np.uint64(BLOCK - size)
        if beyond & keep != 0:
            wrong, whole = _fold_letters(data, at, keep, beyond, heads, lasts, folded, to)
            stops |= wrong
            size = min(size, whole)
        # A branch, not arithmetic: the next block need not wait until this one is folded.
        if stops & keep == 0:
            at += size
            to += size
            continue
        run = lowest_bit(stops)
        at, to = _fold_each(data, start, at + run, end, entries, normalised, folded, to + run)
        if at < 0:
            return UNFOLDED
    return to


@compiled
def room_for(octets: int) -> int:
    """Bytes of `fold`'s result at most, for a text of so many: folding at most doubles them."""
    return 2 * octets + 2 * PADDING
