"""UTF-8 bytes to token hashes and the keys that duplicates are found by, compiled."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import numpy as np

from provenance.bulk.windows import KEY_SHINGLES
from provenance.fingerprint.compiled import compiled
from provenance.fingerprint.kernel import (
    ALL_BITS,
    BLOCK,
    I64,
    U8,
    fold_texts,
    hash_shingles,
    hash_tokens,
    mixed,
    room_for,
    window_minima,
)
from provenance.fingerprint.text import U32, U64

__all__ = [
    "BLOCK",
    "I64",
    "ID_BITS",
    "KEY_BASE",
    "KEY_MASK",
    "KEY_SPREAD",
    "U8",
    "fold_texts",
    "hash_shingles",
    "hash_tokens",
    "room_for",
    "sketch_texts",
    "window_minima",
]

KEY_BASE = np.uint64(0xC2B2AE3D27D4EB4F)
KEY_SPREAD = np.uint64(0x9FB21C651E98DF25)
ID_BITS = 26
"""Low bits of a packed key: the text's number. 67 million texts, and 38 bits of its hash."""
KEY_MASK = np.uint64(0xFFFFFFFFFFFFFFFF << ID_BITS & 0xFFFFFFFFFFFFFFFF)


@compiled
def digest_of(shingles: U64, number: int, tokens: int) -> Any:
    """Hash of a whole shingle sequence: equal for texts of the same tokens in the same order."""
    total = np.uint64(tokens)
    for index in range(number):
        total += shingles[index] * np.uint64(2 * index + 1)
    return mixed(total)


@compiled
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
    folded: U8,
    begins: I64,
    ends: I64,
    windows: I64,
    shortest: int,
    tokens: U32,
    counts: I64,
    digests: U64,
    keys: U64,
) -> tuple[int, int]:
    """Token hashes, digests and keys of folded texts.

    Args:
        folded: From `fold_texts`.
        begins: Where each text begins in it.
        ends: Where each text ends in it.
        windows: From `windows.windows`.
        shortest: Texts with fewer tokens have no keys.
        tokens: Written: token hashes of all texts, end to end.
        counts: Written: tokens of each text.
        digests: Written: hash of the whole of each text.
        keys: Written: the keys of each text in the high bits, its number in the low `ID_BITS`.

    Returns:
        Numbers of tokens and of keys.
    """
    longest = np.max(ends - begins) + 2 * BLOCK
    edges = np.empty(longest, dtype=np.int64)
    sums = np.empty(longest, dtype=np.uint64)
    scratch = np.empty(longest, dtype=np.uint64)
    token_at, key_at = 0, 0
    for text in range(len(begins)):
        count = hash_tokens(folded, begins[text], ends[text], edges, sums, tokens[token_at:])
        number = hash_shingles(tokens[token_at:], count, sums)
        counts[text] = count
        digests[text] = digest_of(sums, number, count)
        token_at += count
        if count >= shortest:
            window = windows[min(number, len(windows) - 1)]
            key_at = _emit_keys(sums, number, window, text, scratch, keys, key_at)
    return token_at, key_at
