"""UTF-8 bytes to token hashes, shingles and window minima, compiled; the bits of `text`.

Text is first *folded* into bytes where every token is a run of UTF-8 without spaces and every gap
is one or more spaces, 64 bytes at a time where they are ASCII (`fold_texts`). Tokens are then
hashed 8 bytes at a time (`hash_tokens`). All that follows are loops over arrays without branches,
which LLVM turns into vector instructions.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.compiled import compiled
from provenance.fingerprint.intrinsics import (
    BLOCK,
    fold_ascii,
    load_word,
    lowest_bit,
    not_spaces,
)
from provenance.fingerprint.shingles import SHINGLE, SHINGLE_BASE
from provenance.fingerprint.text import (
    CHANGES,
    CLASS_SHIFT,
    FIRST,
    FOLD_MASK,
    HEAD,
    HEAD_SPLITS_AFTER,
    IGNORED,
    MIX_1,
    MIX_2,
    REORDERS,
    SECOND,
    SEPARATOR,
    SINGLE,
    TABLE_SIZE,
    TOKEN_BASE,
    U32,
    U64,
    WORD,
    powers,
)

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]

SPACE = np.uint8(0x20)
APOSTROPHES = (0x27, 0x60)
"""ASCII that vanishes without ending a token."""
WORD_BYTES = 8
SHORT_TOKEN = 2 * WORD_BYTES
"""Bytes of a token that is hashed without a loop: nearly all are shorter."""
LOW_BYTES = np.array(
    [[(1 << 8 * min(max(n - start, 0), 8)) - 1 for start in (0, 8)] for n in range(17)],
    dtype=np.uint64,
)
"""Masks that keep the first n bytes of a token's first and second word."""
SHINGLE_POWERS = powers(int(SHINGLE_BASE), SHINGLE)
ALL_BITS = np.uint64(0xFFFFFFFFFFFFFFFF)
ONE = np.uint64(1)
SPECIAL = 7 << CLASS_SHIFT | CHANGES | REORDERS | SECOND
PLAIN_LETTER = WORD << CLASS_SHIFT
"""What the `SPECIAL` bits of most letters are: one test, and they go through as they are."""
HIGH_BITS = np.uint64(0x8080808080808080)


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
def _has_four(folded: U8, begin: int, to: int) -> bool:
    """Whether the unfinished token before `to` has as many code points as a HEAD splits after."""
    count = 0
    while to > begin and folded[to - 1] != SPACE and count < HEAD_SPLITS_AFTER:
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
def _plain_ahead(data: U8, at: int) -> bool:
    """Whether the next 16 bytes are ASCII, and the first no apostrophe."""
    if at + 16 > len(data) or data[at] == APOSTROPHES[0] or data[at] == APOSTROPHES[1]:
        return False
    return (load_word(data, at) | load_word(data, at + 8)) & HIGH_BITS == 0


@compiled
def _fold_beyond(
    data: U8,
    start: int,
    at: int,
    end: int,
    table: U32,
    normalised: bool,
    folded: U8,
    begin: int,
    to: int,
) -> tuple[int, int]:
    """Fold code points beyond ASCII and the apostrophes among them, until plain ASCII returns.

    Returns where reading and writing go on; reading is -1 when the text must be normalised.
    """
    # The letter before may join with the first mark: ASCII letters are looked up like others.
    previous = np.int64(table[data[at - 1]]) if at > start else 0
    while at < end:
        found = _decode(data, at, end)
        code = found >> 3
        # Plain ASCII is folded faster elsewhere, but not for a few letters between accents.
        if code < 0x80 and _plain_ahead(data, at):
            break
        entry = np.int64(table[np.uint64(min(code, TABLE_SIZE - 1))])
        if entry & SPECIAL == PLAIN_LETTER:
            at += found & 7
            previous = entry
            to = _encode(entry & FOLD_MASK, folded, to)
            continue
        if not normalised and _must_normalise(entry, previous):
            return -1, to
        at += found & 7
        previous = entry
        kind = entry >> CLASS_SHIFT & 7
        if kind == IGNORED:
            continue
        if kind == SEPARATOR:
            folded[to] = SPACE
            to += 1
            continue
        if kind == SINGLE or (kind == HEAD and _has_four(folded, begin, to)):
            folded[to] = SPACE
            to += 1
        to = _encode(entry & FOLD_MASK, folded, to)
        if kind == SINGLE:
            folded[to] = SPACE
            to += 1
    return at, to


@compiled
def _fold(data: U8, at: int, end: int, table: U32, normalised: bool, folded: U8, begin: int) -> int:
    """Fold ``data[at:end]`` into ``folded[begin:]``; returns where it ends, or -1: normalise."""
    to = begin
    tail = np.empty(BLOCK, dtype=np.uint8)
    start = at
    while at < end:
        if at + BLOCK <= len(data):
            stops = fold_ascii(data, at, folded, to)
        else:
            tail[: len(data) - at] = data[at:]
            stops = fold_ascii(tail, 0, folded, to)
        run = min(lowest_bit(stops), end - at)
        at += run
        to += run
        if run == BLOCK or at == end:
            continue
        at, to = _fold_beyond(data, start, at, end, table, normalised, folded, begin, to)
        if at < 0:
            return -1
    folded[to : to + BLOCK] = SPACE
    return to


@compiled
def fold_texts(data: U8, offsets: I64, table: U32, normalised: bool, folded: U8, ends: I64) -> None:
    """Fold texts into bytes with one token a run, see the module.

    Args:
        data: UTF-8 of all texts, end to end.
        offsets: Where each begins and the last ends, int64[texts + 1].
        table: `fingerprint.text.table()`.
        normalised: Whether the texts are known to be NFKC.
        folded: Written: text i goes to ``folded[2 * (offsets[i] - offsets[0]) + 2 * BLOCK * i:]``,
            as folding at most doubles a text (`room_for`).
        ends: Written: where text i ends in `folded`; -1 when it must be normalised first.
    """
    for text in range(len(ends)):
        begin = 2 * (offsets[text] - offsets[0]) + 2 * BLOCK * text
        ends[text] = _fold(data, offsets[text], offsets[text + 1], table, normalised, folded, begin)


def room_for(offsets: I64) -> int:
    """Bytes that `fold_texts` needs for its result."""
    return int(2 * (offsets[-1] - offsets[0]) + 2 * BLOCK * len(offsets))


@compiled
def _find_edges(folded: U8, begin: int, end: int, edges: I64) -> int:
    """Where tokens begin and end, in turn, into `edges`; returns their number.

    Eight edges are written at a time, wanted or not: a branch for each would be mispredicted.
    """
    number = 0
    carried = np.uint64(0)
    for at in range(begin, end + 1, BLOCK):
        inside = not_spaces(folded, at)
        if at + BLOCK > end:
            inside &= (ONE << np.uint64(end - at)) - ONE
        left = inside ^ (inside << ONE | carried)
        carried = inside >> np.uint64(63)
        while left != 0:
            first = number
            for place in range(8):
                edges[np.uint64(first + place)] = at + lowest_bit(left)
                number += np.int64(left != 0)
                left &= left - ONE
    return number


@compiled
def _long_token_sum(folded: U8, at: int, length: int) -> Any:
    """Polynomial over the 64-bit words of one token of any length."""
    total, power = np.uint64(0), ONE
    while length > 0:
        total += (load_word(folded, at) & LOW_BYTES[min(length, WORD_BYTES), 0]) * power
        power *= TOKEN_BASE
        at += WORD_BYTES
        length -= WORD_BYTES
    return total


@compiled
def hash_tokens(folded: U8, begin: int, end: int, edges: I64, sums: U64, tokens: U32) -> int:
    """Hash the tokens of a folded text into `tokens`; returns their number.

    `edges` and `sums` are scratch, of at least ``end - begin + 9`` and half as many items.
    """
    count = _find_edges(folded, begin, end, edges) // 2
    for index in range(count):
        # Unsigned indexes spare numba's check for negative ones.
        start = edges[np.uint64(2 * index)]
        length = edges[np.uint64(2 * index + 1)] - start
        if length <= SHORT_TOKEN:
            first = load_word(folded, start) & LOW_BYTES[np.uint64(length), np.uint64(0)]
            second = load_word(folded, start + WORD_BYTES)
            second &= LOW_BYTES[np.uint64(length), np.uint64(1)]
            sums[np.uint64(index)] = first + second * TOKEN_BASE
        else:
            sums[np.uint64(index)] = _long_token_sum(folded, start, length)
    for index in range(count):
        tokens[index] = mixed(sums[index]) >> np.uint64(32)
    return count


@compiled
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


@compiled
def _minima(values: U64, number: int, step: int, result: U64) -> int:
    """The smaller of each value and the one `step` after it; arrays apart, to vectorise."""
    number -= step
    later = values[step:]
    for index in range(number):
        result[index] = min(values[index], later[index])
    return number


@compiled
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
