"""Builds the code point table that `text` ships as ``characters.npz``.

``python -m provenance.fingerprint.characters`` writes it anew. The file is part of the
fingerprint scheme: an index stores the scheme's version, so the table only changes with it.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

from provenance.fingerprint.text import (
    CHANGES,
    CLASS_SHIFT,
    FIRST,
    HEAD,
    IGNORED,
    REORDERS,
    SECOND,
    SEPARATOR,
    SINGLE,
    TABLE_SIZE,
    U32,
    WORD,
)

UNICODE = "14.0.0"
"""Version of Unicode that the shipped table was built from (Python 3.11's)."""
APOSTROPHES = "'’‘ʼʻ`´′"
UNSPACED = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA", "BOPOMOFO")
UNSPACED_MARKS = "々〆〇ー"
SYLLABLE_HEADS = (range(0x0E40, 0x0E45), range(0x0EC0, 0x0EC5))
POINTING = (range(0x0591, 0x05C8), range(0x064B, 0x0660), (0x0640, 0x0670, 0x3099, 0x309A))


def classify(char: str) -> int:
    """The class of one code point that NFKC leaves alone."""
    code, category = ord(char), unicodedata.category(char)
    if char in APOSTROPHES or category == "Cf" or 0xFE00 <= code <= 0xFE0F:
        return IGNORED
    if any(code in points for points in POINTING):
        return IGNORED
    if any(code in heads for heads in SYLLABLE_HEADS):
        return HEAD
    if category[0] not in "LM" and category not in ("Nd", "Nl") and char != "〇":
        return SEPARATOR
    if char in UNSPACED_MARKS or unicodedata.name(char, "").startswith(UNSPACED):
        return SINGLE
    return WORD


def fold(char: str) -> int:
    """One code point to one: decimal digits to ASCII, else simple case folding."""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return ord("0") + digit
    folded = char.casefold()
    return ord(folded) if len(folded) == 1 else ord(char.lower()[0])


def build() -> U32:
    """The whole table, uint32[TABLE_SIZE]; code points beyond it share its last entry."""
    entries = np.zeros(TABLE_SIZE, dtype=np.uint32)
    for code in range(TABLE_SIZE - 1):
        char = chr(code)
        entries[code] = classify(char) << CLASS_SHIFT | flags(char) | fold(char)
    return entries


def flags(char: str) -> int:
    """What NFKC may do to the code point; see the flags' definitions."""
    form = unicodedata.normalize("NFKC", char)
    # A replacement by separators alone (no-break space, ellipsis, full-width comma) changes no
    # token, so it needs no normalising.
    changes = form != char and any(classify(part) != SEPARATOR for part in form)
    # A letter with a mark of its own may lose it to a mark that NFKC puts before it.
    first = char in PAIRS[0] or len(unicodedata.normalize("NFD", char)) > 1
    second = char in PAIRS[1]
    reorders = unicodedata.combining(char) != 0
    return changes * CHANGES | reorders * REORDERS | first * FIRST | second * SECOND


def composition_pairs() -> tuple[frozenset[str], frozenset[str]]:
    """Code points that canonical composition joins: as first of a pair, and as second."""
    firsts, seconds = set(), set()
    for code in range(TABLE_SIZE):
        char = chr(code)
        decomposed = unicodedata.normalize("NFD", char)
        if len(decomposed) > 1 and unicodedata.normalize("NFC", char) == char:
            firsts.add(unicodedata.normalize("NFC", decomposed[:-1]))
            seconds.add(decomposed[-1])
    return frozenset(firsts), frozenset(seconds)


PAIRS = composition_pairs()


if __name__ == "__main__":
    # Stored as the difference to the identity, which compresses twenty times better.
    difference = build() - np.arange(TABLE_SIZE, dtype=np.uint32)
    np.savez_compressed(Path(__file__).with_name("characters.npz"), difference=difference)
