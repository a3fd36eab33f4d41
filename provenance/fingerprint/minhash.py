"""Shingle sets to MinHash signatures and LSH bands, bit for bit those of datasketch 2.x.

Scheme ``affine32`` of `datasketch.MinHash`: the low 32 bits of a shingle hash go through
MurmurHash3's 32-bit finaliser once, then through ``a * h + b`` modulo 2^32 with odd ``a`` for each
permutation, and the minimum is kept (Broder, 1997).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from provenance.fingerprint.shingles import SHINGLE_BASE
from provenance.fingerprint.text import U32, U64, mix, powers

PERMUTATIONS = 128
SEED = 1
TOGETHER = 4096
"""Shingles permuted at a time, 2 MB: bounds the memory of a long text, and stays in the cache."""
BANDS = 25
ROWS = 5
EMPTY = np.uint32(0xFFFFFFFF)
"""Every value of the signature of an empty set."""


@lru_cache(maxsize=4)
def permutations(count: int = PERMUTATIONS, seed: int = SEED) -> tuple[U32, U32]:
    """Multipliers (odd) and offsets, uint32[count] each, as datasketch draws them from `seed`."""
    generator = np.random.RandomState(seed)
    multipliers = generator.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2)
    offsets = generator.randint(0, 1 << 32, count, dtype=np.uint32)
    return multipliers + np.uint32(1), offsets


def premix(shingles: U64) -> U32:
    """Low 32 bits of each shingle hash through MurmurHash3's 32-bit finaliser."""
    values = shingles.astype(np.uint32)
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def signature(shingles: U64) -> U32:
    """MinHash of a shingle set, uint32[PERMUTATIONS]."""
    multipliers, offsets = permutations()
    minima = np.full(PERMUTATIONS, EMPTY)
    mixed = premix(shingles)
    for start in range(0, len(mixed), TOGETHER):
        part = mixed[None, start : start + TOGETHER]
        np.minimum(minima, (part * multipliers[:, None] + offsets[:, None]).min(axis=1), out=minima)
    return minima


def bands(values: U32) -> U64:
    """Bucket keys of a signature: one 64-bit hash for each band of ROWS values, uint64[BANDS].

    Signatures may be given many at a time, in more axes, before the last.
    """
    rows = values[..., : BANDS * ROWS].reshape(*values.shape[:-1], BANDS, ROWS).astype(np.uint64)
    keys = (rows * powers(int(SHINGLE_BASE), ROWS)).sum(axis=-1, dtype=np.uint64)
    return mix(keys + np.arange(1, BANDS + 1, dtype=np.uint64) * SHINGLE_BASE)


def estimate(a: U32, b: U32) -> float:
    """Estimated Jaccard similarity of two signatures, 0 to 1."""
    return float(np.mean(a == b))


def to_datasketch(values: U32) -> Any:
    """The signature as a `datasketch.MinHash` (scheme ``affine32``)."""
    from datasketch import MinHash

    return MinHash(seed=SEED, hashvalues=values, scheme="affine32")


def from_datasketch(minhash: Any) -> U32:
    """The signature held by a `datasketch.MinHash`.

    Raises:
        ValueError: When its scheme, seed or length is not ours.
    """
    if minhash.scheme != "affine32" or minhash.seed != SEED or len(minhash) != PERMUTATIONS:
        raise ValueError(
            f"a MinHash of scheme affine32, seed {SEED} and {PERMUTATIONS} permutations is needed, "
            f"got {minhash.scheme}, {minhash.seed}, {len(minhash)}"
        )
    return np.array(minhash.hashvalues, dtype=np.uint32)
