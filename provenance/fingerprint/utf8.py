"""UTF-8 to *folded* bytes, compiled: every token a run without spaces, every gap some spaces.

A block of 64 bytes is folded at once as far as its code points keep their length in bytes: ASCII
by arithmetic, letters and separators beyond it page by page (`pages`). What is left (apostrophes,
characters that are tokens by themselves, code points of four bytes, damage) is folded one by one
(`codepoints`).
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np

from provenance.fingerprint.codepoints import UNFOLDED, fold_each
from provenance.fingerprint.compiled import I64, U8, inlined, part
from provenance.fingerprint.intrinsics import (
    BLOCK,
    between,
    change,
    fold_ascii,
    look_up,
    lowest_bit,
)
from provenance.fingerprint.pages import KEPT, MARK_FLIP, SPACE, STOP, THREE_BYTES
from provenance.fingerprint.text import U32

ONE = np.uint64(1)
TWO = np.uint64(2)
THREE = np.uint64(3)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
PADDING = BLOCK + 8
"""Bytes that are read, if not used, beyond the end of a text."""


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
        if heads[page, 0] != KEPT:
            look_up(data, at + 1, heads, page, same >> ONE, folded, to)
        found |= look_up(data, at, lasts, page, same, folded, to)
        left &= ~same
    if found != 0:
        gaps = between(folded, to, SPACE, SPACE) & found
        if gaps != 0:
            change(folded, to, gaps >> ONE | (gaps & of_three) >> TWO, 0, SPACE)
        stops = between(folded, to, STOP, STOP) & found
        marks = found & ~gaps & ~stops
        if marks != 0:
            change(folded, to, marks, 0xFF, MARK_FLIP)
        # Two marks in a row may have to change places; the one before the first is not known.
        stops |= marks & (marks << TWO | marks << THREE | np.uint64(7))
        wrong |= (stops & of_two) >> ONE | (stops & of_three) >> TWO
    return wrong, whole


@part
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
    at, to = start, np.int64(0)  # typed: for a literal, what it is given to is compiled twice
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
        at, to = fold_each(data, start, at + run, end, entries, normalised, folded, to + run)
        if at < 0:
            return UNFOLDED
    return to


@part
def room_for(offsets: I64) -> int:
    """Bytes of `fold`'s result at most, for any of the texts that begin and end at these offsets.

    Folding at most doubles them.
    """
    longest = 0
    for text in range(len(offsets) - 1):
        longest = max(longest, offsets[text + 1] - offsets[text])
    return 2 * longest + 2 * PADDING
