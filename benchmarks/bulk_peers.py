"""The tools that bulk dedup is measured beside, each with its best settings: texts → pairs.

Install them with ``pip install -r benchmarks/requirements.txt``.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha1
from itertools import combinations
from typing import Any

import numpy as np

Pairs = set[tuple[int, int]]
PERMUTATIONS = 128
WORDS = 5


def shingles(text: str) -> list[str]:
    """Word 5-grams; of characters where there are no spaces."""
    words = text.lower().split() if " " in text else list(text)
    return [" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))]


def datasketch_xxhash(texts: list[str], threshold: float) -> Pairs:
    """MinHash and LSH, 128 permutations; its bands are its own choice."""
    import xxhash  # type: ignore[import-not-found]
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    result: Pairs = set()
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=PERMUTATIONS, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        result |= {(other, number) for other in lsh.query(sketch)}
        lsh.insert(number, sketch)
    return result


def rensa(texts: list[str], threshold: float) -> Pairs:
    """R-MinHash, 16 bands, candidates filtered by its estimate."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    lsh = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=16)
    sketches: list[Any] = []
    result: Pairs = set()
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(shingles(text))
        for other in lsh.query(sketch):
            if sketches[other].jaccard(sketch) >= threshold:
                result.add((other, number))
        lsh.insert(number, sketch)
        sketches.append(sketch)
    return result


def gaoya(texts: list[str], threshold: float) -> Pairs:
    """MinHash index, 25 bands of 5, candidates filtered by its estimate."""
    from gaoya.minhash import MinHashStringIndex  # type: ignore[import-not-found]

    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=threshold, num_bands=25, band_size=5,
        analyzer="word" if " " in texts[0] else "char", lowercase=True, ngram_range=(WORDS, WORDS),
    )  # fmt: skip
    result: Pairs = set()
    for number, text in enumerate(texts):
        result |= {(other, number) for other in index.query(text)}
        index.insert_document(number, text)
    return result


def daft(texts: list[str], _threshold: float) -> Pairs:
    """Signatures only: Daft finds no pairs by itself."""
    import daft as library  # type: ignore[import-not-found]

    frame = library.from_pydict({"text": texts})
    sketched = frame["text"].minhash(num_hashes=PERMUTATIONS, ngram_size=WORDS)
    frame.select(sketched).collect()
    return set()


def sha1_minhash(texts: list[str], _threshold: float) -> Pairs:
    """What text-dedup does: SHA-1 of shingles, 128 permutations in numpy, 9 bands of 13."""
    rng, prime = np.random.default_rng(42), np.uint64((1 << 61) - 1)
    a = rng.integers(1, prime, PERMUTATIONS, dtype=np.uint64)
    b = rng.integers(0, prime, PERMUTATIONS, dtype=np.uint64)
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        octets = [sha1(each.encode()).digest()[:4] for each in set(shingles(text))]
        hashes = np.frombuffer(b"".join(octets), dtype=np.uint32).astype(np.uint64)
        least = ((hashes[:, None] * a + b) % prime & np.uint64(0xFFFFFFFF)).min(axis=0)
        for band in range(9):
            buckets[band, least[13 * band : 13 * band + 13].tobytes()].append(number)
    return {pair for members in buckets.values() for pair in combinations(members, 2)}
