"""Bulk dedup beside its peers, one run, one thread: ``python -m benchmarks.bulk [ARTICLES]``.

Synthetic articles of about 500 words with Zipf frequencies, a third of them edited copies; whole
job from Python strings to verified pairs; recall and precision against the exact join of each
copy with its original. Peers that are not installed are said to be so.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from provenance.bulk import matching
from provenance.bulk.kernel import I64, ID_BITS, U8
from provenance.bulk.matching import SHORTEST, Corpus
from provenance.bulk.sketch import Sketches, Workspace, join, sketch
from provenance.bulk.spool import Sorter
from provenance.bulk.windows import windows
from provenance.fingerprint import overlap, shingle_set

THRESHOLD = 0.7
ALPHABETS = {
    "English": "etaoinshrdlucmfw",
    "accents": "etaoinshrdlucmfweasintoru" + "éàñü",
    "Cyrillic": "оеаинтсрвлкмдпуя",
    "Hindi": "कमनसलरतपहदजबवयाकमनसलरतिीेो",
    "Chinese": "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会",
}
Pairs = set[tuple[int, int]]


def corpus(articles: int, alphabet: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Articles, and for each edited copy its number and its original's."""
    rng, numpy_rng = random.Random(1), np.random.default_rng(1)
    spaced = alphabet != "Chinese"
    letters = ALPHABETS[alphabet]
    words = np.array(
        ["".join(rng.choices(letters, k=rng.randint(2, 9) if spaced else 1)) for _ in range(30000)]
    )
    weights = 1 / np.arange(10, len(words) + 10)
    weights /= weights.sum()
    originals = articles * 2 // 3
    texts, copies = [], []
    kept = [numpy_rng.choice(words, 500, p=weights) for _ in range(originals)]
    for number in range(articles):
        chosen = kept[number % originals]
        if number >= originals:
            edited = numpy_rng.random(500) < rng.choice([0.002, 0.01, 0.02, 0.04])
            chosen = np.where(edited, numpy_rng.choice(words, 500), chosen)
            copies.append((number - originals, number))
        texts.append((" " if spaced else "").join(chosen.tolist()))
    return texts, copies


def ours(texts: list[str]) -> Pairs:
    """Our pairs, from Python strings."""
    return found(sketched([join(texts[i : i + 256]) for i in range(0, len(texts), 256)]))


def sketched(batches: list[tuple[U8, I64]]) -> list[Sketches]:
    """Sketches of batches of UTF-8."""
    sizes, workspace = windows(THRESHOLD, True), Workspace()
    return [sketch(*batch, sizes, SHORTEST, workspace) for batch in batches]


def found(done: list[Sketches]) -> Pairs:
    """Near-duplicate pairs of sketched texts."""
    keys = Sorter(None, "keys", 1 << 60, ID_BITS, 1)
    key_counts, first = [], 0
    for part in done:
        key_counts.append(part.key_counts)
        keys.append(part.keys + np.uint64(first))
        first += len(part.counts)
    starts = np.concatenate(([0], np.cumsum(np.concatenate([part.counts for part in done]))))
    known = Corpus(
        np.concatenate([part.tokens for part in done]), starts,
        np.concatenate([part.digests for part in done]), np.concatenate(key_counts),
        np.zeros(first, dtype=np.uint32),
    )  # fmt: skip
    groups = matching.exact_groups(known)
    alive = groups == np.arange(first)
    silent = lambda *_: None  # noqa: E731
    pairs, stock = matching.find_candidates(
        keys, known, alive, Sorter(None, "pairs", 1 << 60, 0, 1), 1, silent
    )
    compared, counts = matching.compare(pairs, known, stock, 1, silent)
    near, _ = matching.edges(compared, counts, known, THRESHOLD, True)
    exact = [(int(groups[i]), int(i)) for i in np.flatnonzero(~alive)]
    return {*zip(compared.a[near].tolist(), compared.b[near].tolist(), strict=True), *exact}


def from_buffers(batches: list[tuple[U8, I64]], _texts: list[str]) -> Pairs:
    """Our pairs, from UTF-8 as Arrow holds it."""
    return found(sketched(batches))


def datasketch_xxhash(texts: list[str]) -> Pairs:
    """MinHash and LSH, 128 permutations; its bands are its own choice."""
    import xxhash  # type: ignore[import-not-found]
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    result: Pairs = set()
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=128, hashfunc=xxhash.xxh32_intdigest)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        result |= {(other, number) for other in lsh.query(sketch)}
        lsh.insert(number, sketch)
    return result


def rensa(texts: list[str]) -> Pairs:
    """R-MinHash, 16 bands, candidates filtered by its estimate."""
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-not-found]

    lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=128, num_bands=16)
    sketches: list[Any] = []
    result: Pairs = set()
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update(shingles(text))
        for other in lsh.query(sketch):
            if sketches[other].jaccard(sketch) >= THRESHOLD:
                result.add((other, number))
        lsh.insert(number, sketch)
        sketches.append(sketch)
    return result


def daft(texts: list[str]) -> Pairs:
    """Signatures only: Daft finds no pairs by itself."""
    import daft as library  # type: ignore[import-not-found]

    frame = library.from_pydict({"text": texts})
    frame.select(frame["text"].minhash(num_hashes=128, ngram_size=5)).collect()
    return set()


def shingles(text: str) -> list[str]:
    """Word 5-grams; of characters where there are no spaces."""
    words = text.lower().split() if " " in text else list(text)
    return [" ".join(words[place : place + 5]) for place in range(max(1, len(words) - 4))]


def measure(
    name: str, job: Callable[[list[str]], Pairs], texts: list[str], true: Pairs, times: int = 1
) -> float:
    """Print one row; returns articles a second."""
    seconds = []
    try:
        for _ in range(times):
            began = time.perf_counter()
            pairs = job(texts)
            seconds.append(time.perf_counter() - began)
    except ImportError as error:
        print(f"| {name} | not installed: {error} | | |")
        return 0.0
    rate = len(texts) / min(seconds)
    right = len(pairs & true)
    recall = f"{right / len(true):.3f}" if pairs else "signatures only"
    precision = f"{right / len(pairs):.3f}" if pairs else ""
    print(f"| {name} | {rate:,.0f} | {recall} | {precision} |", flush=True)
    return rate


def main() -> None:
    """Print one table for each script."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    ours(corpus(50, "English")[0])  # compile
    for alphabet in ALPHABETS:
        texts, copies = corpus(articles, alphabet)
        true = {
            pair
            for pair in copies
            if overlap(*(shingle_set(texts[number]) for number in pair)).jaccard >= THRESHOLD
        }
        print(f"\n{alphabet}, {articles:,} articles, {len(true):,} true pairs\n")
        print("| tool | articles/s | recall | precision |\n|---|---|---|---|")
        measure("provenance, from Python strings", ours, texts, true, 3)
        batches = [join(texts[i : i + 256]) for i in range(0, len(texts), 256)]
        measure(
            "provenance, from UTF-8 buffers",
            partial(from_buffers, batches),
            texts,
            true,
            3,
        )
        if alphabet == "English":
            few = texts
            measure("rensa", rensa, few, true)
            measure("datasketch, xxhash", datasketch_xxhash, few, true)
            measure("Daft (signatures only)", daft, few, true)


if __name__ == "__main__":
    main()
