"""Batches of texts → which stay, stage by stage. What each stage makes is kept in a `State`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from provenance.article import InputError, SetAside
from provenance.bulk import clusters, matching
from provenance.bulk.against import AGAINST, Texts, indexed_as
from provenance.bulk.batch import Batch, outlet_hashes
from provenance.bulk.candidates import Flags
from provenance.bulk.kernel import I64, ID_BITS
from provenance.bulk.matching import SHORTEST, Corpus, Pairs, Progress
from provenance.bulk.options import Options
from provenance.bulk.representative import Choice, choose
from provenance.bulk.sketch import Sketches, Workspace, sketch
from provenance.bulk.spool import Sorter, mapped, release
from provenance.bulk.state import Arrays, Facts, State
from provenance.bulk.windows import windows
from provenance.fingerprint.text import U64

if TYPE_CHECKING:
    import pyarrow as pa

Items = Callable[[], Iterator[Batch | SetAside]]
Again = Callable[["pa.Table"], Texts]
READ, CANDIDATES, VERIFY, CLUSTER = "read and sketch", "candidates", "verify", "cluster"
LARGEST_CORPUS = 1 << ID_BITS
_ID_MASK = np.uint64((1 << ID_BITS) - 1)
_COUNTS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """What is known at the end of the middle part.

    Attributes:
        about: One row for each article, see `batch.describe`; mapped from disk.
        choice: Clusters, and which articles stay.
        facts: Counts for the summary.
        indexed_as: Id of the indexed article that each is a copy of, null where there is none;
            None when no index was asked.
    """

    about: pa.Table
    choice: Choice
    facts: dict[str, Any]
    indexed_as: pa.ChunkedArray | None = None

    @property
    def keep(self) -> Flags:
        """Which articles stay."""
        if self.indexed_as is None:
            return self.choice.keep
        fresh: Flags = self.indexed_as.is_null().to_numpy()
        return self.choice.keep & fresh


def find(items: Items, again: Again, settings: Options, state: State, progress: Progress) -> Found:
    """Duplicates among the batches.

    Args:
        items: Gives the batches, and what was set aside; asked only if they were not read before.
        again: Gives all texts once more, when there is an index to look them up in.
        settings: See `Options`.
        state: Where all stages leave what they make.
        progress: Called with stage, number done and total (0 when unknown).

    Raises:
        InputError: Nothing could be read.
    """
    import pyarrow as pa

    folder = state.folder
    arrays, read = state.stage(READ, lambda: _read(items(), settings, folder, progress))
    if not read["articles"]:
        raise InputError(f"no article could be read{read['first_fault']}")
    corpus = Corpus(mapped(folder / "tokens", np.uint32), **arrays)
    progress = _releasing(progress, corpus, settings.memory)
    groups = matching.exact_groups(corpus)
    arrays, _ = state.stage(
        CANDIDATES, lambda: _candidates(corpus, groups, settings, folder, progress)
    )
    pairs, stock = arrays["pairs"], arrays["stock"]

    def compare(wanted: U64) -> Pairs:
        return matching.compare(wanted, corpus, stock, settings.threads, progress)[0]

    arrays, _ = state.stage(VERIFY, lambda: _verify(pairs, corpus, stock, settings, progress))
    counts = arrays["overlaps"].reshape(-1, _COUNTS)
    about = read_about(folder)
    arrays, facts = state.stage(
        CLUSTER, lambda: _cluster(pairs, counts, corpus, groups, about, compare, settings)
    )
    facts = {**facts, "candidates": len(pairs), "boilerplate_shingles": len(stock)}
    if settings.against is None:
        return Found(about, Choice(**arrays), {**read, **facts})
    copies = folder / "indexed.arrow"
    _, indexed = state.stage(
        AGAINST,
        lambda: _look_up(copies, again(about), groups, corpus, settings, progress),
    )
    with pa.memory_map(str(copies)) as file:
        indexed_as = pa.ipc.open_file(file).read_all().column(0)
    return Found(about, Choice(**arrays), {**read, **facts, **indexed}, indexed_as)


def _look_up(
    path: Path, texts: Texts, groups: I64, corpus: Corpus, settings: Options, progress: Progress
) -> tuple[Arrays, Facts]:
    import pyarrow as pa

    found = indexed_as(texts, groups, corpus.counts, settings, progress)
    table = pa.table({"indexed_as": found})
    with pa.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
    return {}, {"indexed": len(found) - found.null_count}


def read_about(folder: Path) -> pa.Table:
    """What is known of each article, mapped from where reading left it."""
    import pyarrow as pa

    return pa.ipc.open_file(pa.memory_map(str(folder / "about.arrow"))).read_all()


def _releasing(progress: Progress, corpus: Corpus, memory: int) -> Progress:
    """Progress that lets go of mapped tokens before they fill more than a quarter of the memory."""
    texts = max(1, len(corpus.digests))
    pair_bytes = 2 * corpus.tokens.nbytes // texts + 1
    each = max(1, memory // 4 // pair_bytes)
    seen = 0

    def show(stage: str, done: int, total: int) -> None:
        nonlocal seen
        if done // each != seen:
            seen = done // each
            release(corpus.tokens)
        progress(stage, done, total)

    return show


def _read(
    items: Iterator[Batch | SetAside], settings: Options, folder: Path, progress: Progress
) -> tuple[Arrays, Facts]:
    """Sketch all batches on all threads; tokens, keys and metadata go to files as they come."""
    import pyarrow as pa

    sizes = windows(settings.threshold, settings.partial)
    keys = _sorter(folder, "keys", settings, ID_BITS)
    keys.clear()
    spare = [Workspace() for _ in range(2 * settings.threads)]
    parts = _Parts()

    def work(batch: Batch) -> list[Sketches]:
        workspace = spare.pop()
        try:
            return [
                sketch(batch.data, offsets, sizes, SHORTEST, workspace)
                for offsets in batch.pieces()
            ]
        finally:
            spare.append(workspace)

    with (
        (folder / "tokens").open("wb") as tokens,
        (folder / "aside.jsonl").open("wb") as aside,
        pa.OSFile(str(folder / "about.arrow"), "wb") as file,
        pa.ipc.new_file(file, about_schema()) as about,
    ):
        first_fault = ""
        set_aside = 0

        def batches() -> Iterator[Batch]:
            nonlocal first_fault, set_aside
            for item in items:
                if isinstance(item, Batch):
                    yield item
                    continue
                first_fault = first_fault or f"; {item.source}: {item.reason}"
                set_aside += 1
                row = {"file": item.source, "record": item.record, "reason": item.reason}
                aside.write(orjson.dumps(row) + b"\n")

        for batch, sketches in _in_order(batches(), work, settings.threads):
            about.write_batch(batch.about)
            parts.outlets.append(outlet_hashes(batch.about))
            for done in sketches:
                done.tokens.tofile(tokens)
                keys.append(done.keys + np.uint64(parts.texts))
                parts.add(done)
            if parts.texts > LARGEST_CORPUS:
                raise InputError(f"more than {LARGEST_CORPUS:,} articles; split the corpus")
            progress(READ, parts.texts, int(parts.texts / batch.share) if batch.share else 0)
    keys.spill()
    facts = {"articles": parts.texts, "set_aside": set_aside, "first_fault": first_fault}
    return parts.arrays(), facts


def about_schema() -> pa.Schema:
    """Columns of `batch.describe`."""
    import pyarrow as pa

    text = pa.large_string()
    return pa.schema({
        "id": text, "outlet": text, "published": text,
        "file": pa.int32(), "record": pa.int64(), "start": pa.int64(), "stop": pa.int64(),
    })  # fmt: skip


class _Parts:
    """Small arrays of the sketches, until they are put together."""

    def __init__(self) -> None:
        self.texts = 0
        self._counts = [np.empty(0, np.int64)]
        self._digests = [np.empty(0, np.uint64)]
        self._key_counts = [np.empty(0, np.int64)]
        self.outlets = [np.empty(0, np.uint32)]

    def add(self, done: Sketches) -> None:
        self.texts += len(done.counts)
        self._counts.append(done.counts)
        self._digests.append(done.digests)
        texts = (done.keys & _ID_MASK).astype(np.int64)
        self._key_counts.append(np.bincount(texts, minlength=len(done.counts)))

    def arrays(self) -> Arrays:
        """Fields of a `Corpus` but the tokens."""
        starts = np.zeros(self.texts + 1, dtype=np.int64)
        np.cumsum(np.concatenate(self._counts), out=starts[1:])
        return {
            "starts": starts,
            "digests": np.concatenate(self._digests),
            "key_counts": np.concatenate(self._key_counts),
            "outlets": np.concatenate(self.outlets),
        }


def _in_order(
    batches: Iterator[Batch], work: Callable[[Batch], list[Sketches]], threads: int
) -> Iterator[tuple[Batch, list[Sketches]]]:
    """Batches with what the threads made of them, a few ahead."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[tuple[Batch, Future[list[Sketches]]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > threads:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _sorter(folder: Path, name: str, settings: Options, low_bit: int) -> Sorter:
    """Sorting takes up to three times what is held: a part, its copy and the next."""
    return Sorter(folder, name, settings.memory // 32, low_bit, settings.threads)


def _candidates(
    corpus: Corpus, groups: I64, settings: Options, folder: Path, progress: Progress
) -> tuple[Arrays, Facts]:
    keys, pairs = (
        _sorter(folder, "keys", settings, ID_BITS),
        _sorter(folder, "pairs", settings, 0),
    )
    pairs.clear()
    alive = groups == np.arange(len(groups))
    found, stock = matching.find_candidates(keys, corpus, alive, pairs, settings.threads, progress)
    pairs.clear()
    return {"pairs": found, "stock": stock}, {}


def _verify(
    pairs: U64, corpus: Corpus, stock: U64, settings: Options, progress: Progress
) -> tuple[Arrays, Facts]:
    _, counts = matching.compare(pairs, corpus, stock, settings.threads, progress)
    return {"overlaps": counts.reshape(-1)}, {}


def _cluster(
    pairs: U64, counts: Any, corpus: Corpus, groups: I64, about: pa.Table,
    compare: clusters.Compare, settings: Options,
) -> tuple[Arrays, Facts]:  # fmt: skip
    compared = matching.as_pairs(pairs, counts)
    near, partial = matching.edges(compared, counts, corpus, settings.threshold, settings.partial)
    labels, splits = clusters.near_clusters(
        compared.where(near), corpus, settings.threshold, compare
    )
    labels = clusters.attach_partial(labels, compared.where(partial), corpus)
    choice = choose(labels[groups], groups, corpus, about, compare, settings)
    facts = {
        "splits": [
            {"texts": s.texts, "lowest_jaccard": s.lowest, "into": list(s.into)} for s in splits
        ]
    }
    return {name: getattr(choice, name) for name in choice.__slots__}, facts
