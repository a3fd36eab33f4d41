"""Batches of texts → the table of clusters, stage by stage."""

from __future__ import annotations

import resource
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from provenance.bulk import clusters, matching
from provenance.bulk.candidates import Flags
from provenance.bulk.corpus import METADATA, Batch
from provenance.bulk.kernel import I64, ID_BITS
from provenance.bulk.matching import SHORTEST, Corpus, Pairs, Progress
from provenance.bulk.options import Options
from provenance.bulk.representative import choose
from provenance.bulk.sketch import Sketches, Workspace, sketch
from provenance.bulk.spool import Sorter, Spool
from provenance.bulk.windows import windows
from provenance.fingerprint.text import U64

if TYPE_CHECKING:
    import pandas as pd

_ID_MASK = np.uint64((1 << ID_BITS) - 1)


def cluster_batches(
    batches: Iterator[Batch], settings: Options, folder: Path | None, progress: Progress
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table of clusters, and a summary. With a folder, large arrays are kept on disk there."""
    clock = _Clock()
    with TemporaryDirectory(prefix=".work-", dir=folder) as name:
        work = Path(name)
        keys = Sorter(work, "keys", settings.memory // 32, ID_BITS)
        corpus, metadata, sources = _read(
            batches, settings, keys, work if folder else None, progress
        )
        clock.stop("read and sketch")
        groups = matching.exact_groups(corpus)
        alive: Flags = groups == np.arange(len(groups))
        pairs_sorter = Sorter(work, "pairs", settings.memory // 32, 0)
        pairs, stock = matching.find_candidates(keys, corpus, alive, pairs_sorter, progress)
        clock.stop("candidates")

        def compare(wanted: U64) -> Pairs:
            return matching.compare(wanted, corpus, stock, settings.threads, progress)[0]

        compared, counts = matching.compare(pairs, corpus, stock, settings.threads, progress)
        near, partial = matching.edges(
            compared, counts, corpus, settings.threshold, settings.partial
        )
        clock.stop("verify")
        labels, splits = clusters.near_clusters(
            compared.where(near), corpus, settings.threshold, compare
        )
        labels = clusters.attach_partial(labels, compared.where(partial), corpus)
        table = choose(labels[groups], groups, corpus, metadata, sources, compare, settings)
        clock.stop("cluster")
    summary = {
        "version": version("provenance"),
        "articles": len(table),
        "kept": int(table["keep"].sum()),
        "clusters": int(table["cluster"].nunique() - (table["cluster"] == -1).any()),
        "exact": int((table["relation"] == "exact").sum()),
        "near": int((table["relation"] == "near").sum()),
        "partial": int((table["relation"] == "partial").sum()),
        "candidates": len(pairs),
        "boilerplate_shingles": len(stock),
        "splits": [
            {"texts": s.texts, "lowest_jaccard": s.lowest, "into": list(s.into)} for s in splits
        ],
        "parameters": {
            "threshold": settings.threshold, "partial": settings.partial,
            "keep": settings.keep, "shortest": SHORTEST, "slack": matching.SLACK,
        },
        "seconds": clock.seconds,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    return table, summary


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def stop(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def _read(
    batches: Iterator[Batch], settings: Options, keys: Sorter, folder: Path | None,
    progress: Progress,
) -> tuple[Corpus, dict[str, list[str]], list[tuple[str, int]]]:  # fmt: skip
    """Sketch all batches, a few at a time, on all threads."""
    sizes = windows(settings.threshold, settings.partial)
    tokens = Spool(np.uint32, folder / "tokens" if folder else None)
    counts: list[I64] = []
    digests: list[U64] = []
    key_counts: list[I64] = []
    metadata: dict[str, list[str]] = {name: [] for name in METADATA}
    sources: list[tuple[str, int]] = []
    spare = [Workspace() for _ in range(2 * settings.threads)]

    def work(batch: Batch) -> Sketches:
        workspace = spare.pop()
        try:
            return sketch(batch.data, batch.offsets, sizes, SHORTEST, workspace)
        finally:
            spare.append(workspace)

    def take(batch: Batch, done: Sketches) -> None:
        first = len(sources)
        tokens.append(done.tokens)
        counts.append(done.counts)
        digests.append(done.digests)
        texts = (done.keys & _ID_MASK).astype(np.int64)
        key_counts.append(np.bincount(texts, minlength=len(done.counts)))
        keys.append(done.keys + np.uint64(first))
        sources.extend(batch.sources)
        for name, values in batch.metadata.items():
            metadata[name].extend(values)
        progress("read", len(sources), 0)

    with ThreadPoolExecutor(settings.threads) as pool:
        waiting: deque[tuple[Batch, Future[Sketches]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > settings.threads:
                first, future = waiting.popleft()
                take(first, future.result())
        for first, future in waiting:
            take(first, future.result())
    starts = np.zeros(len(sources) + 1, dtype=np.int64)
    np.cumsum(np.concatenate([np.empty(0, np.int64), *counts]), out=starts[1:])
    outlets = np.array([crc32(name.encode()) for name in metadata["outlet"]], dtype=np.uint32)
    corpus = Corpus(
        tokens.finish(),
        starts,
        np.concatenate([np.empty(0, np.uint64), *digests]),
        np.concatenate([np.empty(0, np.int64), *key_counts]),
        outlets,
    )
    return corpus, metadata, sources
