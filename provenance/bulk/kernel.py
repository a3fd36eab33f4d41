"""UTF-8 bytes to token hashes and the keys that duplicates are found by, compiled."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np

from provenance.bulk.windows import KEY_SHINGLES
from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.kernel import (
    ALL_BITS,
    I64,
    U8,
    UNFOLDED,
    hash_shingles,
    hash_text,
    mixed,
    window_minima,
)
from provenance.fingerprint.text import U32, U64
from provenance.fingerprint.utf8 import room_for

__all__ = ["I64", "ID_BITS", "KEY_BASE", "KEY_MASK", "KEY_SPREAD", "U8", "hash_shingles"]

KEY_BASE = np.uint64(0xC2B2AE3D27D4EB4F)
KEY_SPREAD = np.uint64(0x9FB21C651E98DF25)
ID_BITS = 26
"""Low bits of a packed key: the text's number. 67 million texts, and 38 bits of its hash."""
KEY_MASK = np.uint64(0xFFFFFFFFFFFFFFFF << ID_BITS & 0xFFFFFFFFFFFFFFFF)


@part
def digest_of(shingles: U64, number: int, tokens: int) -> Any:
    """Hash of a whole shingle sequence: equal for texts of the same tokens in the same order."""
    total = np.uint64(tokens)
    for index in range(number):
        total += shingles[index] * np.uint64(2 * index + 1)
    return mixed(total)


@part
def _emit_keys(
    shingles: U64, number: int, window: int, text: int, scratch: U64, keys: U64, at: int
) -> int:
    """Append a text's keys, packed with its number, to `keys`; returns where the next go."""
    number -= KEY_SHINGLES - 1
    for index in range(number):
        scratch[index] = shingles[index] + shingles[index + KEY_SHINGLES - 1] * KEY_BASE
    minima, number = window_minima(scratch, number, window, shingles)
    last = ALL_BITS
    for index in range(number):
        # Minima crowd near zero: multiplying spreads them over the bits that are kept.
        keys[np.uint64(at)] = (minima[index] * KEY_SPREAD) & KEY_MASK | np.uint64(text)
        at += np.int64(minima[index] != last)
        last = minima[index]
    return at


@compiled
def sketch_texts(
    data: U8,
    offsets: I64,
    entries: U32,
    heads: U8,
    lasts: U8,
    normalised: bool,
    windows: I64,
    shortest: int,
    tokens: U32,
    counts: I64,
    digests: U64,
    keys: U64,
    key_counts: I64,
) -> tuple[int, int]:
    """Token hashes, digests and keys of texts.

    Args:
        data: UTF-8 of all texts, with `PADDING` bytes of anything after the last.
        offsets: Where each begins and the last ends, int64[texts + 1].
        entries: See `pages.Pages`; the next two too.
        heads: Folded bytes before the last.
        lasts: Folded last bytes.
        normalised: Whether the texts are known to be NFKC.
        windows: From `windows.windows`.
        shortest: Texts with fewer tokens have no keys.
        tokens: Written: token hashes of all texts, end to end.
        counts: Written: tokens of each text; `UNFOLDED` where it must be normalised first.
        digests: Written: hash of the whole of each text.
        keys: Written: the keys of each text in the high bits, its number in the low `ID_BITS`.
        key_counts: Written: keys of each text.

    Returns:
        Numbers of tokens and of keys.
    """
    room = room_for(offsets)
    folded = np.empty(room, dtype=np.uint8)
    edges = np.empty(room, dtype=np.int32)
    sums = np.empty(room // 2, dtype=np.uint64)
    scratch = np.empty(room // 2, dtype=np.uint64)
    token_at, key_at = np.int64(0), np.int64(0)  # typed, see `utf8.fold`
    for text in range(len(offsets) - 1):
        key_counts[text] = 0
        count = hash_text(
            data, offsets[text], offsets[text + 1], entries, heads, lasts, normalised,
            folded, edges, sums, tokens[token_at:],
        )  # fmt: skip
        counts[text] = count
        if count == UNFOLDED:
            continue
        number = hash_shingles(tokens[token_at:], count, sums)
        digests[text] = digest_of(sums, number, count)
        token_at += count
        if count >= shortest:
            window = windows[min(number, len(windows) - 1)]
            key_start = key_at
            key_at = _emit_keys(sums, number, window, text, scratch, keys, key_at)
            key_counts[text] = key_at - key_start
    return token_at, key_at
