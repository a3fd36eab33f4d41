"""Bulk deduplication: clusters of a corpus, and the corpus without its copies."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provenance.article import InputError, SetAside
from provenance.bulk.options import Options

if TYPE_CHECKING:
    import pandas as pd

    from provenance.bulk.corpus import Batch


SCHEMA = "provenance.dedup/1"
Progress = Callable[[str, int, int], None]


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
    files = [_spooled(out) if path == "-" else path for path in _files(paths)]
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


def _spooled(out: Path) -> str:
    """Standard input as a file: it is read twice, once for its texts, once for what is kept."""
    path = out / "stdin"
    with path.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
    return str(path)


def _files(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from (str(file) for file in sorted(Path(path).rglob("*")) if file.is_file())
        elif path == "-" or Path(path).is_file():
            yield path
        else:
            matches = sorted(str(found) for found in _glob(path))
            if not matches:
                raise InputError(f"{path}: no such file or folder")
            yield from (match for match in matches if Path(match).is_file())


def _glob(pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    anchor = Path(path.anchor)
    return anchor.glob(str(path.relative_to(anchor)))


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
        files = list(_files([str(source)]))
        batches: Iterator[Batch] = (b for path in files for b in reader.batches(path))
    else:
        records = source.to_dict("records") if hasattr(source, "to_dict") else source
        batches = batches_of_records(records, options.columns)
    return cluster_batches(batches, options, None, _silent)[0]
