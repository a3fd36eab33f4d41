"""Bulk dedup beside its peers: ``python -m benchmarks.bulk SECTION [ARTICLES]``.

Sections, small enough for a few minutes each:

- a script (English, accents, Cyrillic, Hindi, Chinese) or ``news``: speed, recall and precision
  from texts to pairs, for us and each peer that is installed;
- ``threads``: one thread and two, from buffers, the best of some rounds by the clock;
- ``recall``: pairs of real articles and edited copies found, at several thresholds;
- ``partial``: partial copies found, and what looking for them costs;
- ``guard``: clusters of a corpus made to provoke false ones;
- ``compile``: the first call, with an empty and with a full cache.

Rates are articles per second of processor time, as a shared machine's clock shows what others do.
The truth is every pair with a shingle in common, its exact sets compared.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial as partial_of
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import bulk_peers
from benchmarks.bulk_peers import Pairs
from benchmarks.bulk_texts import ALPHABETS, edited_news, news, overlaps, provoking, synthetic
from provenance.bulk import matching
from provenance.bulk.kernel import I64, ID_BITS, U8
from provenance.bulk.matching import SHORTEST, Corpus
from provenance.bulk.sketch import Sketches, Workspace, join, sketch
from provenance.bulk.spool import Sorter
from provenance.bulk.threads import over
from provenance.bulk.windows import PARTIAL, PARTIAL_TOKENS, windows
from provenance.fingerprint import token_hashes

THRESHOLD = 0.7
THRESHOLDS = (0.7, 0.8, 0.9, 0.95)
BATCH = 256
ROUNDS = 3
PEERS = {
    "rensa": bulk_peers.rensa,
    "datasketch, xxhash": bulk_peers.datasketch_xxhash,
    "gaoya": bulk_peers.gaoya,
    "text-dedup's algorithm": bulk_peers.sha1_minhash,
    "Daft (signatures only)": bulk_peers.daft,
}


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs, those of equal texts through the first of them.

    Attributes:
        near: Near-duplicates.
        partial: Partial copies.
        groups: For each text the first that is equal to it.
    """

    near: Pairs
    partial: Pairs
    groups: I64

    def recall(self, true: Pairs, found: Pairs) -> float:
        """Share of the true pairs that were found; equal texts stand for each other."""
        first = self.groups.tolist()
        hits = sum(
            first[a] == first[b] or tuple(sorted((first[a], first[b]))) in found for a, b in true
        )
        return float(hits / len(true)) if true else 1.0


def batches(texts: list[str]) -> Iterator[tuple[U8, I64]]:
    """Texts as UTF-8 end to end, as Arrow holds them."""
    return (join(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH))


def find(
    given: Iterable[tuple[U8, I64]], partial: bool = True, threads: int = 1,
    threshold: float = THRESHOLD,
) -> Found:  # fmt: skip
    """Our pairs."""
    sizes = windows(threshold, partial)
    spare = [Workspace() for _ in range(threads)]

    def work(batch: tuple[U8, I64]) -> Sketches:
        workspace = spare.pop()
        try:
            return sketch(*batch, sizes, SHORTEST, workspace)
        finally:
            spare.append(workspace)

    done = over(given, work, threads)
    keys, first = Sorter(None, "keys", 1 << 60, ID_BITS, threads), 0
    for part in done:
        keys.append(part.keys + np.uint64(first))
        first += len(part.counts)
    starts = np.concatenate(([0], np.cumsum(np.concatenate([part.counts for part in done]))))
    known = Corpus(
        np.concatenate([part.tokens for part in done]), starts,
        np.concatenate([part.digests for part in done]),
        np.concatenate([part.key_counts for part in done]), np.zeros(first, dtype=np.uint32),
    )  # fmt: skip
    groups = matching.exact_groups(known)
    pairs, stock = matching.find_candidates(
        keys, known, groups == np.arange(first), Sorter(None, "pairs", 1 << 60, 0, threads),
        threads, _silent,
    )  # fmt: skip
    compared, counts = matching.compare(pairs, known, stock, threads, _silent)
    kinds = matching.edges(compared, counts, known, threshold, partial)
    near, inside = (
        set(zip(compared.a[kind].tolist(), compared.b[kind].tolist(), strict=True))
        for kind in kinds
    )
    return Found(near, inside, groups)


def _from_strings(texts: list[str]) -> Found:
    return find(batches(texts))


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def truth(texts: list[str], threshold: float = THRESHOLD) -> tuple[Pairs, Pairs]:
    """All near-duplicates and all partial copies, by brute force."""
    pairs, shared, sizes = overlaps(texts)
    a, b = pairs.T
    near = shared / (sizes[a] + sizes[b] - shared) >= threshold
    tokens = np.array([len(token_hashes(text)) for text in texts])
    inside = shared / np.minimum(sizes[a], sizes[b]) >= PARTIAL
    inside &= (np.minimum(tokens[a], tokens[b]) >= PARTIAL_TOKENS) & ~near
    long = np.minimum(tokens[a], tokens[b]) >= SHORTEST
    return _set(pairs[near & long]), _set(pairs[inside])


def _set(pairs: I64) -> Pairs:
    return {(a, b) for a, b in pairs.tolist()}


def seconds(job: Callable[[], Any], rounds: int, clock: Callable[[], float]) -> tuple[float, Any]:
    """The best of some rounds, and the last result."""
    best, result = float("inf"), None
    for _ in range(rounds):
        began = clock()
        result = job()
        best = min(best, clock() - began)
    return best, result


def beside_peers(texts: list[str]) -> None:
    """One table: speed, recall, precision."""
    true, _ = truth(texts)
    print(f"{len(texts):,} articles, {len(true):,} true pairs of {SHORTEST} tokens or more\n")
    print(
        "| tool | articles/s | ours from strings / it | recall | precision |\n|---|---|---|---|---|"
    )
    given = list(batches(texts))
    rates = []
    for name, job in (
        ("provenance, from Python strings", partial_of(_from_strings, texts)),
        ("provenance, from UTF-8 buffers", partial_of(find, given)),
    ):
        taken, found = seconds(job, ROUNDS, time.process_time)
        rates.append(len(texts) / taken)
        right = len(found.near & true) / max(1, len(found.near))
        print(
            f"| {name} | {rates[-1]:,.0f} | | {found.recall(true, found.near):.3f} | {right:.3f} |"
        )
    for name, peer in PEERS.items():
        try:
            taken, pairs = seconds(partial_of(peer, texts, THRESHOLD), 1, time.process_time)
        except ImportError as error:
            print(f"| {name} | not installed: {error} | | | |")
            continue
        rate, hits = len(texts) / taken, len(pairs & true)
        answers = (
            f"{hits / max(1, len(true)):.3f} | {hits / len(pairs):.3f}" if pairs else "none | none"
        )
        print(f"| {name} | {rate:,.0f} | {rates[0] / rate:.1f} | {answers} |", flush=True)


def threads(articles: int) -> None:
    """One thread and two."""
    for name, texts in (("English", synthetic(articles, "English")), ("news", news(articles))):
        given = list(batches(texts))
        one, _ = seconds(partial_of(find, given), 2 * ROUNDS, time.perf_counter)
        two, _ = seconds(partial_of(find, given, threads=2), 2 * ROUNDS, time.perf_counter)
        rates = f"{len(texts) / one:,.0f} articles/s, on two {len(texts) / two:,.0f}"
        print(f"- {name}, {len(texts):,} articles: on one thread {rates}: {one / two:.2f} times")


def recall(articles: int) -> None:
    """What is found of real articles and their copies, at several thresholds."""
    texts = edited_news(articles)
    given = list(batches(texts))
    print("| threshold | near pairs | recall | precision | partial copies | recall |")
    print("|---|---|---|---|---|---|")
    for threshold in THRESHOLDS:
        near, inside = truth(texts, threshold)
        found = find(given, threshold=threshold)
        first = found.groups.tolist()
        known = {tuple(sorted((first[a], first[b]))) for a, b in near}
        right = len(found.near & known) / max(1, len(found.near))
        print(
            f"| {threshold} | {len(near):,} | {found.recall(near, found.near):.4f} | {right:.4f} "
            f"| {len(inside):,} | {found.recall(inside, found.partial | found.near):.4f} |",
            flush=True,
        )


def partial(articles: int) -> None:
    """Partial copies: recall, and their price."""
    for name, texts in (("English", synthetic(articles, "English")), ("news", news(20000))):
        _, true = truth(texts)
        given = list(batches(texts))
        without, _ = seconds(partial_of(find, given, partial=False), ROUNDS, time.process_time)
        taken, found = seconds(partial_of(find, given), ROUNDS, time.process_time)
        recall = found.recall(true, found.partial | found.near)
        price = taken / without
        print(f"- {name}: {len(true):,} partial copies, recall {recall:.3f}, {price:.2f} times")


def guard(articles: int) -> None:
    """What a corpus made to provoke false clusters becomes."""
    from provenance.jobs.dedup_table import dedup

    rows = provoking(articles)
    records = [
        {"id": str(place), "outlet": outlet, "text": " ".join(text)}
        for place, (_, outlet, text, _) in enumerate(rows)
    ]
    print(f"{len(rows):,} articles\n")
    print("| kind | articles | in clusters | largest cluster |\n|---|---|---|---|")
    table = dedup(records)
    kinds = np.array([kind for kind, *_ in rows])[[int(id) for id in table["id"]]]
    for kind in ("furniture", "short", "drift", "copies"):
        labels = table["cluster"][kinds == kind]
        clustered = labels[labels >= 0]
        largest = clustered.value_counts().max() if len(clustered) else 0
        print(f"| {kind} | {len(labels):,} | {len(clustered):,} | {largest:,} |")


def compiling() -> None:
    """Seconds of the first call, by the clock of a new process."""
    code = (
        "from benchmarks.bulk import batches, find; import time; began = time.perf_counter();"
        "find(batches(['a few words ' * 20] * 9)); print(round(time.perf_counter() - began, 2))"
    )
    with TemporaryDirectory() as folder:
        for name in ("empty", "full"):
            environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
            run = [sys.executable, "-c", code]
            done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
            print(f"- first call, {name} cache: {done.stdout.strip()} s")


def main() -> None:
    """Run one section."""
    section = sys.argv[1] if len(sys.argv) > 1 else "English"
    articles = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    find(batches(synthetic(60, "English")))  # compiled before anything is measured
    if section in ALPHABETS:
        beside_peers(synthetic(articles or 6000, section))
    elif section == "news":
        beside_peers(news(articles or 20000))
    elif section == "threads":
        threads(articles or 18000)
    elif section == "recall":
        recall(articles or 5000)
    elif section == "partial":
        partial(articles or 6000)
    elif section == "guard":
        guard(articles or 2000)
    elif section == "compile":
        compiling()
    else:
        raise SystemExit(f"{section}: no such section; see python -m pydoc benchmarks.bulk")


if __name__ == "__main__":
    main()
