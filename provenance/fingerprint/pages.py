"""The table of code points as the kernel reads it: by pages of 64, which share all but a byte.

In UTF-8 the last byte of a code point has its low 6 bits; the bytes before say which page it is on.
So the letters of one page that stand in a block are folded by one look-up of their last bytes in a
row of 64, and where folding leads to another page, of the bytes before them in another row. Only
code points of two or three bytes have pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from provenance.fingerprint.compiled import U8
from provenance.fingerprint.text import (
    CHANGES,
    CLASS_SHIFT,
    FOLD_MASK,
    REORDERS,
    SECOND,
    SEPARATOR,
    U32,
    WORD,
    table,
)

SPACE = 0x20
STOP = 0
"""Stands for what cannot be looked up: it vanishes, splits tokens, or must be normalised."""
KEPT = 0
"""Stands throughout the row of a page on which folding leaves all but the last byte alone."""
MARK_FLIP = 0xC0
"""Turns the last byte of a combining mark into what stands for it in a row, and back."""
THREE_BYTES = 32
"""Pages before have code points of two bytes, those from here on of three; the first 32 of these
are for overlong forms, which are damage: all stop."""
PAGES = THREE_BYTES + 0x10000 // 64


@dataclass(frozen=True, slots=True)
class Pages:
    """Rows for each page.

    Attributes:
        entries: `fingerprint.text.table`, for what the rows do not hold.
        heads: uint8[PAGES, 64]: for each last byte the folded byte before it, or `KEPT`.
        lasts: uint8[PAGES, 64]: for each last byte the folded one; `SPACE` for a separator, `STOP`,
            or with `MARK_FLIP` for a mark that might be reordered.
    """

    entries: U32
    heads: U8
    lasts: U8


@lru_cache(maxsize=1)
def pages() -> Pages:
    """The pages of the Unicode characters from 0x80 to 0xFFFF."""
    entries = table()
    codes = np.arange(0x10000, dtype=np.uint32)
    own = entries[: len(codes)]
    kinds = own >> np.uint32(CLASS_SHIFT) & np.uint32(7)
    folded = own & np.uint32(FOLD_MASK)
    steady = own & np.uint32(CHANGES | SECOND) == 0
    # The first of three bytes is never rewritten, nor is the number of bytes.
    fixed = np.where(codes < 0x800, folded < 0x800, folded >> 12 == codes >> 12) & (folded >= 0x80)
    lasts = np.where(steady & (kinds == WORD) & fixed, 0x80 | folded & 0x3F, STOP)
    lasts[own & np.uint32(REORDERS) != 0] ^= MARK_FLIP
    lasts[lasts == MARK_FLIP] = STOP
    lasts[(own & np.uint32(CHANGES | SECOND | REORDERS) == 0) & (kinds == SEPARATOR)] = SPACE
    heads = np.where(codes < 0x800, 0xC0 | folded >> 6, 0x80 | folded >> 6 & 0x3F)
    moved = (folded >> 6 != codes >> 6) & (lasts != STOP) & (lasts != SPACE)
    heads[~np.repeat(moved.reshape(-1, 64).any(axis=1), 64)] = KEPT
    return Pages(entries, _rows(heads), _rows(lasts))


def _rows(values: U32) -> U8:
    """One row for each page, the code points of two bytes before those of three."""
    rows = np.zeros((PAGES, 64), dtype=np.uint8)
    by_page = values.reshape(-1, 64)
    rows[:THREE_BYTES] = by_page[:THREE_BYTES]
    rows[2 * THREE_BYTES :] = by_page[THREE_BYTES:]
    return rows
