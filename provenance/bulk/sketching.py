"""Batches of texts → tokens, keys and metadata in files: all that is read of the input."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson

from provenance.article import InputError, SetAside
from provenance.bulk import kernel
from provenance.bulk.batch import Batch, outlet_hashes
from provenance.bulk.kernel import ID_BITS
from provenance.bulk.matching import SHORTEST, Progress
from provenance.bulk.options import Options
from provenance.bulk.sketch import Sketches, Workspace, sketch
from provenance.bulk.spool import Sorter
from provenance.bulk.state import Arrays, Facts
from provenance.bulk.windows import windows
from provenance.fingerprint.compiled import is_kept

if TYPE_CHECKING:
    import pyarrow as pa

COMPILE, READ = "compiling once", "read and sketch"
LARGEST_CORPUS = 1 << ID_BITS


def part_size(settings: Options) -> int:
    """Words that a sorter holds: sorting takes three times as much, a part, its copy, the next."""
    return settings.memory // 32


def key_sorter(folder: Path, settings: Options) -> Sorter:
    """The keys of all texts, or where they are to go."""
    return Sorter(folder, "keys", part_size(settings), ID_BITS, settings.threads)


def sketch_all(
    items: Iterator[Batch | SetAside], settings: Options, folder: Path, progress: Progress
) -> tuple[Arrays, Facts]:
    """Sketch all batches on all threads; tokens, keys and metadata go to files as they come."""
    import pyarrow as pa

    if not is_kept(kernel.sketch_texts):
        progress(COMPILE, 0, 0)  # told until the first batch is done
    sizes = windows(settings.threshold, settings.partial)
    keys = key_sorter(folder, settings)
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
                where = f"{item.source}#{item.record}" if item.record else item.source
                first_fault = first_fault or f"; {where}: {item.reason}"
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
        self._key_counts.append(done.key_counts)

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


def read_about(folder: Path) -> pa.Table:
    """What is known of each article, mapped from where reading left it."""
    import pyarrow as pa

    return pa.ipc.open_file(pa.memory_map(str(folder / "about.arrow"))).read_all()
