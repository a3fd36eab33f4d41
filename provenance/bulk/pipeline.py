"""Batches of texts → which stay, stage by stage. What each stage makes is kept in a `State`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.article import InputError, SetAside
from provenance.bulk import clusters, matching
from provenance.bulk.against import AGAINST, Texts, indexed_as
from provenance.bulk.batch import Batch
from provenance.bulk.candidates import Flags
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Corpus, Pairs, Progress
from provenance.bulk.options import Options
from provenance.bulk.representative import Choice, choose
from provenance.bulk.sketching import READ, key_sorter, part_size, read_about, sketch_all
from provenance.bulk.spool import Sorter, mapped, release
from provenance.bulk.state import Arrays, Facts, State
from provenance.fingerprint.text import U64

if TYPE_CHECKING:
    import pyarrow as pa

Items = Callable[[], Iterator[Batch | SetAside]]
Again = Callable[["pa.Table"], Texts]
CANDIDATES, VERIFY, CLUSTER = "candidates", "verify", "cluster"
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
    arrays, read = state.stage(READ, lambda: sketch_all(items(), settings, folder, progress))
    if not read["articles"]:
        raise InputError(f"no article could be read{read['first_fault'] or '; nothing is there'}")
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


def _candidates(
    corpus: Corpus, groups: I64, settings: Options, folder: Path, progress: Progress
) -> tuple[Arrays, Facts]:
    keys, pairs = (
        key_sorter(folder, settings),
        Sorter(folder, "pairs", part_size(settings), 0, settings.threads),
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
    centres = np.array([split.centre for split in splits], np.int64)
    ids = about.column("id").take(centres).to_pylist()
    told = [
        {"centre": id, "texts": s.texts, "lowest_jaccard": s.lowest, "into": list(s.into)}
        for id, s in zip(ids, splits, strict=True)
    ]
    return {name: getattr(choice, name) for name in choice.__slots__}, {"splits": told}
