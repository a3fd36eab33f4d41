"""UTF-8 to token hashes, shingles and window minima, compiled; the bits of `text`.

A text is folded into bytes where every token is a run of UTF-8 without spaces (`utf8`); tokens are
then hashed 8 bytes at a time. All that follows are loops over arrays without branches, which LLVM
turns into vector instructions. Texts go all the way one after the other, so that what is between
stays in the first-level cache.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np

from provenance.fingerprint.codepoints import UNFOLDED
from provenance.fingerprint.compiled import I32, I64, U8, compiled, part
from provenance.fingerprint.intrinsics import (
    BLOCK,
    bit_count,
    load_word,
    not_spaces,
    write_places,
)
from provenance.fingerprint.shingles import SHINGLE, SHINGLE_BASE
from provenance.fingerprint.text import MIX_1, MIX_2, TOKEN_BASE, U32, U64, powers
from provenance.fingerprint.utf8 import ALL_BITS, ONE, fold

__all__ = [
    "ALL_BITS",
    "I64",
    "U8",
    "UNFOLDED",
    "hash_shingles",
    "hash_text",
    "mixed",
    "window_minima",
]

WORD_BYTES = 8
LONG_WORDS = 10
"""Bytes of a text for each token, from which on tokens of up to four words are common."""
LOW_BYTES = np.array(
    [(1 << 8 * min(count, WORD_BYTES)) - 1 for count in range(4 * WORD_BYTES + 1)], dtype=np.uint64
)
"""Masks that keep the first bytes of a word, as many as are left of the token."""
TOKEN_POWERS = powers(int(TOKEN_BASE), 4)
SHINGLE_POWERS = powers(int(SHINGLE_BASE), SHINGLE)


@part
def _find_edges(folded: U8, size: int, edges: I32) -> int:
    """Where tokens begin and end, in turn, into `edges`; returns their number."""
    number = 0
    carried = np.uint64(0)
    for at in range(0, size + 1, BLOCK):
        inside = not_spaces(folded, at)
        if at + BLOCK > size:
            inside &= (ONE << np.uint64(size - at)) - ONE
        changes = inside ^ (inside << ONE | carried)
        carried = inside >> np.uint64(63)
        write_places(changes, at, edges, number)
        number += bit_count(changes)
    return number


@part
def _long_token_sum(folded: U8, at: int, length: int) -> Any:
    """Polynomial over the 64-bit words of one token of any length."""
    total, power = np.uint64(0), ONE
    while length > 0:
        total += (load_word(folded, at) & LOW_BYTES[min(length, WORD_BYTES)]) * power
        power *= TOKEN_BASE
        at += WORD_BYTES
        length -= WORD_BYTES
    return total


@part
def _sum_words(folded: U8, edges: I32, count: int, words: int, sums: U64) -> None:
    """Polynomial of each token; those of so many words at most are summed without a branch."""
    for index in range(count):
        # Unsigned indexes spare numba's check for negative ones.
        start = np.int64(edges[np.uint64(2 * index)])
        length = np.int64(edges[np.uint64(2 * index + 1)]) - start
        if length > words * WORD_BYTES:
            sums[np.uint64(index)] = _long_token_sum(folded, start, length)
            continue
        total = load_word(folded, start) & LOW_BYTES[np.uint64(length)]
        second = load_word(folded, start + WORD_BYTES)
        second &= LOW_BYTES[np.uint64(max(length - WORD_BYTES, 0))]
        total += second * TOKEN_POWERS[1]
        if words == 4:
            third = load_word(folded, start + 2 * WORD_BYTES)
            third &= LOW_BYTES[np.uint64(max(length - 2 * WORD_BYTES, 0))]
            fourth = load_word(folded, start + 3 * WORD_BYTES)
            fourth &= LOW_BYTES[np.uint64(max(length - 3 * WORD_BYTES, 0))]
            total += third * TOKEN_POWERS[2] + fourth * TOKEN_POWERS[3]
        sums[np.uint64(index)] = total


@part
def _hash_tokens(folded: U8, size: int, edges: I32, sums: U64, tokens: U32) -> int:
    """Hash the tokens of a folded text into `tokens`; returns their number."""
    count = _find_edges(folded, size, edges) // 2
    if size > LONG_WORDS * count:
        _sum_words(folded, edges, count, 4, sums)
    else:
        _sum_words(folded, edges, count, 2, sums)
    for index in range(count):
        tokens[index] = mixed(sums[index]) >> np.uint64(32)
    return count


@part
def hash_text(
    data: U8, start: int, end: int, entries: U32, heads: U8, lasts: U8, normalised: bool,
    folded: U8, edges: I32, sums: U64, tokens: U32,
) -> int:  # fmt: skip
    """Hash the tokens of one text into `tokens`.

    Args:
        data: UTF-8, with `PADDING` bytes of anything after the text.
        start: Where the text begins in it.
        end: Where it ends.
        entries: See `pages.Pages`; the next two too.
        heads: Folded bytes before the last.
        lasts: Folded last bytes.
        normalised: Whether the text is known to be NFKC.
        folded: Scratch, of `utf8.room_for` the text's bytes.
        edges: Scratch of as many items.
        sums: Scratch of half as many.
        tokens: Written.

    Returns:
        Number of tokens; `UNFOLDED` when the text must be normalised first.
    """
    size = fold(data, start, end, entries, heads, lasts, normalised, folded)
    return size if size < 0 else _hash_tokens(folded, size, edges, sums, tokens)


@part
def mixed(value: Any) -> Any:
    """MurmurHash3's 64-bit finaliser."""
    value = (value ^ value >> np.uint64(33)) * MIX_1
    value = (value ^ value >> np.uint64(33)) * MIX_2
    return value ^ value >> np.uint64(33)


@compiled
def hash_shingles(tokens: U32, count: int, shingles: U64) -> int:
    """Shingle hashes of a token sequence, in order, into `shingles`; returns their number."""
    if count < SHINGLE:
        total = np.uint64(0)
        for offset in range(count):
            total += np.uint64(tokens[offset]) * SHINGLE_POWERS[offset]
        shingles[0] = mixed(total)
        return min(count, 1)
    number = count - SHINGLE + 1
    for index in range(number):
        total = np.uint64(tokens[index]) * SHINGLE_POWERS[0]
        total += np.uint64(tokens[index + 1]) * SHINGLE_POWERS[1]
        total += np.uint64(tokens[index + 2]) * SHINGLE_POWERS[2]
        total += np.uint64(tokens[index + 3]) * SHINGLE_POWERS[3]
        total += np.uint64(tokens[index + 4]) * SHINGLE_POWERS[4]
        shingles[index] = mixed(total)
    return number


@part
def _minima(values: U64, number: int, step: int, result: U64) -> int:
    """The smaller of each value and the one `step` after it; arrays apart, to vectorise."""
    number -= step
    later = values[step:]
    for index in range(number):
        result[index] = min(values[index], later[index])
    return number


@part
def window_minima(values: U64, number: int, window: int, other: U64) -> tuple[U64, int]:
    """Minima of every `window` values in a row; both arrays are overwritten.

    Minima of 2, 4, 8 … in a row come from those of half as many; the last step overlaps.
    """
    window = min(window, number)
    width = 1
    while width < window:
        step = min(width, window - width)
        number = _minima(values, number, step, other)
        values, other = other, values
        width += step
    return values, number
