"""Bulk deduplication: clusters of a corpus, and the corpus without its copies."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.article import InputError, SetAside

if TYPE_CHECKING:
    import pandas as pd

KEEP = ("origin", "earliest", "longest", "first")
SCHEMA = "provenance.dedup/1"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How duplicates are found and which version stays.

    Attributes:
        threshold: Least Jaccard similarity of near-duplicates, 0.3 to 1.
        partial: Look for texts contained in longer ones, too.
        keep: ``origin``: an agency's own page, else the earliest, else the longest version;
            ``earliest``, ``longest``, or ``first`` in the input.
        threads: Threads that sketch and verify.
        memory: Bytes of keys held before they are sorted on disk.
        columns: Our column name to the table's own.
        format: Force the format instead of recognising it.
    """

    threshold: float = 0.8
    partial: bool = True
    keep: str = "origin"
    threads: int = 2
    memory: int = 2 << 30
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None

    def __post_init__(self) -> None:
        if not 0.3 <= self.threshold <= 1:
            raise InputError(f"threshold {self.threshold} is not between 0.3 and 1")
        if self.keep not in KEEP:
            raise InputError(f"keep {self.keep!r} is none of {', '.join(KEEP)}")


@dataclass(frozen=True, slots=True)
class DedupResult:
    """What `dedup_to` found.

    Attributes:
        clusters: The contract's table, one row for each article.
        set_aside: What could not be read.
        summary: Counts, parameters, seconds for each stage, peak memory.
    """

    clusters: pd.DataFrame
    set_aside: tuple[SetAside, ...]
    summary: dict[str, Any]


def _silent(_stage: str, _done: int, _total: int) -> None:
    return


def dedup_to(
    paths: Sequence[str], out: Path, options: Options | None = None, progress: Progress = _silent
) -> DedupResult:
    """Deduplicate files into a folder: clusters, kept records, what was set aside, a summary.

    Args:
        paths: Files, folders, globs, or ``-``.
        out: Folder to write to; created.
        options: See `Options`.
        progress: Called with stage, number done and total (0 when unknown).

    Raises:
        InputError: Nothing could be read, or a table has no text.
    """
    from provenance.bulk.corpus import Reader
    from provenance.bulk.output import write_all
    from provenance.bulk.pipeline import cluster_batches

    options = options or Options()
    out.mkdir(parents=True, exist_ok=True)
    reader = Reader(options.columns, options.format)
    files = list(_files(paths))
    batches = (batch for path in files for batch in reader.batches(path))
    found, summary = cluster_batches(batches, options, out, progress)
    if not len(found):
        raise InputError("no article could be read; see " + str(out / "set_aside.jsonl"))
    began = time.perf_counter()
    write_all(found, reader, files, out)
    summary["seconds"]["write"] = round(time.perf_counter() - began, 3)
    summary |= {"schema": SCHEMA, "set_aside": len(reader.set_aside), "inputs": files}
    import orjson

    (out / "summary.json").write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    return DedupResult(found, tuple(reader.set_aside), summary)


def _files(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from (str(file) for file in sorted(Path(path).rglob("*")) if file.is_file())
        elif path == "-" or Path(path).is_file():
            yield path
        else:
            matches = sorted(glob.glob(path, recursive=True))
            if not matches:
                raise InputError(f"{path}: no such file or folder")
            yield from (match for match in matches if Path(match).is_file())


def dedup(
    source: pd.DataFrame | Iterable[Any] | str | Path, options: Options | None = None
) -> pd.DataFrame:
    """Clusters of a table, of texts or records, or of files, as a table.

    Args:
        source: A DataFrame with a column ``text``; an iterable of texts or of records (mappings);
            or a path, or several paths of existing files.
        options: See `Options`.

    Returns:
        One row for each article, columns as in ``clusters.parquet``.
    """
    from provenance.bulk.corpus import Reader, batches_of_records
    from provenance.bulk.pipeline import cluster_batches

    options = options or Options()
    if isinstance(source, str | Path):
        reader = Reader(options.columns, options.format)
        batches = (b for path in _files([str(source)]) for b in reader.batches(path))
    else:
        records = source.to_dict("records") if hasattr(source, "to_dict") else source
        batches = batches_of_records(records, options.columns)
    return cluster_batches(batches, options, None, _silent)[0]
