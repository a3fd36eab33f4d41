"""Text to tokens, for every script, by one table that a compiled kernel can share.

The definition, in order:

1. Unicode NFKC.
2. Each code point is looked up in a table shipped with the package (so that an index does not
   depend on the Python version that wrote it): its class and its folded form. Folding is one code
   point to one code point: simple case folding, and decimal digits of every script to ASCII.
3. Tokens are runs of WORD code points (letters, digits and *combining marks*, so Devanagari,
   Arabic and Thai words stay whole). A SINGLE code point (Han, kana) is a token by itself, since
   those scripts put no space between words. IGNORED code points (apostrophes, soft hyphens, zero
   width and bidirectional controls, Arabic and Hebrew pointing) vanish without ending a token.
   A HEAD code point (Thai and Lao leading vowels, which always begin a syllable) starts a new
   token once the current one has four code points, so that an unspaced sentence does not become
   one giant token. Anything else separates.

A token's hash reads the UTF-8 of its folded code points as little-endian 64-bit words, the last one
filled with zeros, takes a polynomial over them modulo 2^64, and keeps the high 32 bits of
MurmurHash3's 64-bit mixer (Appleby, 2011). A kernel so hashes eight letters at a time. Two words
that happen to share their 32 bits matter only where they stand in the same place between the same
neighbours: one chance in 2^32 for each word that differs.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEPARATOR, WORD, SINGLE, IGNORED, HEAD = range(5)
HEAD_SPLITS_AFTER = 4
CLASS_SHIFT = 24
FOLD_MASK = 0x1FFFFF
CHANGES = 1 << 27
"""Flag of a code point that NFKC replaces by anything but separators: normalise first."""
REORDERS = 1 << 28
"""Flag of a combining mark: NFKC may reorder it among neighbours that bear the same flag."""
FIRST = 1 << 29
"""Flag of a code point that NFKC may join with a following one that bears SECOND."""
SECOND = 1 << 30
"""Flag of a code point that NFKC may join with one before it that bears FIRST."""
TABLE_SIZE = 0x30000

_UNSURE = "\uffff"
"""Stands where only normalising tells."""
TOKEN_BASE = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]


@lru_cache(maxsize=1)
def table() -> U32:
    """The code point table, uint32[0x30000]: class << 24 | flags | folded code point."""
    with np.load(Path(__file__).with_name("characters.npz"), allow_pickle=False) as stored:
        entries: U32 = stored["difference"] + np.arange(TABLE_SIZE, dtype=np.uint32)
    return entries


def mix(values: U64) -> U64:
    """MurmurHash3's 64-bit finaliser, element by element: a bijection that avalanches."""
    shift = np.uint64(33)
    values = values ^ (values >> shift)
    values = values * MIX_1
    values = values ^ (values >> shift)
    values = values * MIX_2
    return values ^ (values >> shift)


@lru_cache(maxsize=8)
def powers(base: int, count: int) -> U64:
    """base^0 … base^(count-1) modulo 2^64, uint64[count]."""
    result = np.full(count, base, dtype=np.uint64)
    result[:1] = 1
    return np.multiply.accumulate(result, dtype=np.uint64)


def _folded(text: str) -> tuple[U32, NDArray[np.int64]]:
    """Folded code points of all tokens, end to end, and where each token starts."""
    codes = np.frombuffer(
        unicodedata.normalize("NFKC", text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    )
    entries = table()[np.minimum(codes, TABLE_SIZE - 1)]
    classes = (entries >> np.uint32(CLASS_SHIFT)) & np.uint32(7)
    kept = classes != IGNORED
    entries, classes = entries[kept], classes[kept]
    inside = classes != SEPARATOR
    starts = inside.copy()
    # A token goes on only from a WORD or HEAD code point to another.
    continues = (classes == WORD) | (classes == HEAD)
    starts[1:] &= ~(continues[1:] & continues[:-1])
    if (classes == HEAD).any():
        _split_at_heads(classes, starts)
    folded = (entries & np.uint32(FOLD_MASK))[inside]
    return folded, np.flatnonzero(starts[inside])


def _split_at_heads(classes: U32, starts: NDArray[np.bool_]) -> None:
    """Start a new token at each HEAD whose token already has four code points (in place)."""
    begin = 0
    for position in np.flatnonzero(starts | (classes == HEAD)).tolist():
        if starts[position] or position - begin >= HEAD_SPLITS_AFTER:
            starts[position] = True
            begin = position


class _Folds(dict[int, str | None]):
    """What a code point becomes among tokens with spaces between; filled as they are met."""

    def __missing__(self, code: int) -> str | None:
        entry = int(table()[min(code, TABLE_SIZE - 1)])
        kind = entry >> CLASS_SHIFT & 7
        folded: str | None = chr(entry & FOLD_MASK)
        if entry & (CHANGES | REORDERS | SECOND) or kind == HEAD:
            folded = _UNSURE
        elif kind == SEPARATOR:
            folded = " "
        elif kind == IGNORED:
            folded = None
        elif kind == SINGLE:
            folded = f" {folded} "
        self[code] = folded
        return folded


_folds = _Folds()


def tokens(text: str) -> list[str]:
    """The folded tokens of a text, in order.

    >>> tokens("The U.S. didn’t: हिन्दी में, 東京")
    ['the', 'u', 's', 'didnt', 'हिन्दी', 'में', '東', '京']
    """
    plain = text.translate(_folds)
    if _UNSURE not in plain:
        return plain.split()
    folded, starts = _folded(text)
    if not len(starts):
        return []
    joined = folded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    ends = [*starts[1:].tolist(), len(joined)]
    return [joined[start:end] for start, end in zip(starts.tolist(), ends, strict=True)]


def token_hashes(text: str) -> U32:
    """32-bit hashes of the tokens of a text, in order, uint32[number of tokens]."""
    folded, starts = _folded(text)
    if not len(starts):
        return np.empty(0, dtype=np.uint32)
    encoded = folded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    octets = np.frombuffer(encoded.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    # A byte that does not go on a code point begins one: the n-th such byte begins the n-th.
    starts = np.flatnonzero((octets & 0xC0) != 0x80)[starts]
    lengths = np.diff(np.append(starts, len(octets)))
    within = np.arange(len(octets)) - np.repeat(starts, lengths)
    weights = powers(int(TOKEN_BASE), 1 << max(4, int(lengths.max()).bit_length()))[within // 8]
    weights = weights << (np.uint64(8) * (within % 8).astype(np.uint64))
    sums = np.add.reduceat(octets.astype(np.uint64) * weights, starts)
    return (mix(sums) >> np.uint64(32)).astype(np.uint32)
