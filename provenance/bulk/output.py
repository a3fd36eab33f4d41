"""The folder `dedup` leaves: the table of clusters, and the kept records as they came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np

from provenance.bulk.batch import names
from provenance.bulk.columns import open_parquet
from provenance.bulk.corpus import File
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Progress
from provenance.bulk.pipeline import Found
from provenance.bulk.records import csv_dialect
from provenance.bulk.representative import RELATIONS
from provenance.sources.recognise import decompressed

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile, ParquetWriter

Item = TypeVar("Item")
WRITE = "write"
ROWS = 1 << 14
COPIED = 1 << 20
"""Bytes copied at a time."""


def cluster_tables(found: Found, files: Sequence[File]) -> Iterator[pa.Table]:
    """The contract's table of clusters, some rows at a time.

    Args:
        found: What became of each article.
        files: The inputs; empty when the articles came from memory.
    """
    import pyarrow as pa

    about, choice = found.about, found.choice
    ids = about.column("id")
    relations = pa.array(RELATIONS)
    for start in range(0, max(1, len(ids)), ROWS):
        part = slice(start, start + ROWS)
        yield pa.table({
            "id": ids.slice(start, ROWS).cast(pa.string()),
            "source": _sources(about.slice(start, ROWS), files),
            "cluster": choice.cluster[part],
            "keep": found.keep[part],
            "representative": ids.take(choice.representative[part]).cast(pa.string()),
            "jaccard": choice.jaccard[part],
            "containment": choice.containment[part],
            "relation": relations.take(pa.array(choice.relation[part])),
        })  # fmt: skip


def _sources(about: pa.Table, files: Sequence[File]) -> pa.ChunkedArray:
    """File and record of each article."""
    import pyarrow as pa

    numbers, records = (about.column(name).to_numpy() for name in ("file", "record"))
    cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    chunks = [
        names(files[numbers[a]].name if files else "", records[a:b]).cast(pa.string())
        for a, b in pairwise(cuts)
        if a < b
    ]
    return pa.chunked_array(chunks, pa.string())


def write_clusters(path: Path, found: Found, files: Sequence[File]) -> None:
    """Write the table of clusters as Parquet."""
    from pyarrow.parquet import ParquetWriter

    writer = None
    for table in cluster_tables(found, files):
        writer = writer or ParquetWriter(path, table.schema, use_dictionary=["relation"])
        writer.write_table(table)
    if writer:
        writer.close()


def write_kept(
    files: Sequence[File], found: Found, pages: Path, out: Path, progress: Progress
) -> None:
    """Write the kept records, each in its file's own format, byte for byte or row by row.

    Files of one format go together; where their headers, encodings or schemas differ they go to
    ``kept-2`` and so on, since one file cannot hold both.

    Args:
        files: The inputs.
        found: Where each article was read, and which stay.
        pages: Records of the articles that came from pages.
        out: Folder to write to.
        progress: Called with stage, articles done, and their number.
    """
    about, keep = found.about, found.keep
    numbers = about.column("file").to_numpy()
    targets = _Targets(out)
    spooled: list[I64] = []
    for file in files:
        first, last = np.searchsorted(numbers, [file.number, file.number + 1])
        rows = about.slice(first, last - first)
        chosen = keep[first:last]
        if file.kind == "parquet":
            _keep_rows(file, rows.column("record").to_numpy()[chosen], targets)
        elif first < last:
            places = (rows.column(name).to_numpy()[chosen] for name in ("start", "stop"))
            runs = _runs(*places)
            if file.kind == "pages":
                spooled.append(runs)
            else:
                _keep_records(file, runs, targets)
        progress(WRITE, int(last), len(keep))
    if spooled:
        target, _ = targets.stream("jsonl", "")
        with pages.open("rb") as stream:
            copy_runs(stream, np.concatenate(spooled), b"\n", target)
    targets.close()


class _Targets:
    """The kept files that are open: one for each format and kind of header."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._open: dict[tuple[str, object], Any] = {}

    def _path(self, suffix: str) -> Path:
        """The next file of a format."""
        number = 1 + sum(known == suffix for known, _ in self._open)
        return self._out / f"kept{f'-{number}' if number > 1 else ''}.{suffix}"

    def stream(self, suffix: str, header: object) -> tuple[BinaryIO, bool]:
        """The file of a header, and whether it is new."""
        new = (suffix, header) not in self._open
        if new:
            stream = self._path(suffix).open("wb")
            self._open[suffix, header] = stream
        return self._open[suffix, header], new

    def parquet(self, file: ParquetFile) -> ParquetWriter:
        """The writer of a file's schema; it compresses as the file does."""
        from pyarrow.parquet import ParquetWriter

        schema = file.schema_arrow
        key = ("parquet", str(schema))
        if key not in self._open:
            groups = file.metadata
            filled = groups.num_row_groups and groups.num_columns
            compression = groups.row_group(0).column(0).compression if filled else "SNAPPY"
            self._open[key] = ParquetWriter(
                self._path("parquet"), schema, use_dictionary=False, write_statistics=False,
                compression="NONE" if compression == "UNCOMPRESSED" else compression,
            )  # fmt: skip
        return self._open[key]

    def close(self) -> None:
        """Finish all files."""
        for target in self._open.values():
            target.close()


def _keep_rows(file: File, records: I64, targets: _Targets) -> None:
    """Copy the chosen rows of a Parquet file, row group by row group."""
    import pyarrow as pa

    if file.fault:
        return
    source = open_parquet(file.path, file.name)
    writer = targets.parquet(source)

    def groups() -> Iterator[pa.Table]:
        first = 0
        for group in range(source.num_row_groups):
            rows = source.metadata.row_group(group).num_rows
            mask = np.zeros(rows, np.bool_)
            a, b = np.searchsorted(records, [first + 1, first + rows + 1])
            mask[records[a:b] - first - 1] = True
            at = 0
            if a < b:
                for batch in source.iter_batches(ROWS, row_groups=[group]):
                    yield batch.filter(pa.array(mask[at : at + len(batch)]))
                    at += len(batch)
            first += rows

    for batch in ahead(groups()):
        writer.write_batch(batch)


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items, the next one made on another thread while the last is in use."""
    end: Any = object()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, items, end)
        while (item := waiting.result()) is not end:
            waiting = pool.submit(next, items, end)
            yield item


def _runs(starts: I64, stops: I64) -> I64:
    """Byte ranges with those that touch made one: int64[runs, 2]."""
    if not len(starts):
        return np.empty((0, 2), np.int64)
    first = np.concatenate(([True], starts[1:] != stops[:-1]))
    last = np.concatenate((first[1:], [True]))
    return np.stack((starts[first], stops[last]), axis=1)


def _keep_records(file: File, runs: I64, targets: _Targets) -> None:
    """Copy the chosen records of a file of lines, under a header where there is one."""
    with Path(file.path).open("rb") as stream:
        plain = decompressed(stream, file.name)
        key: object = ""
        newline, position = b"\n", 0
        if file.kind == "csv":
            dialect = csv_dialect(plain, file.name)
            newline, position = dialect.newline, len(dialect.header)
            key = dialect.key
        target, new = targets.stream(file.kind, key)
        if new and file.kind == "csv":
            header = dialect.header
            target.write(header if header.endswith(newline) else header + newline)
        copy_runs(plain, runs, newline, target, position)


def copy_runs(
    stream: BinaryIO, runs: I64, newline: bytes, target: BinaryIO, position: int = 0
) -> None:
    """Copy byte ranges of a stream, each ended by a line break.

    Args:
        stream: Read forward only.
        runs: Ascending ranges, int64[runs, 2].
        newline: Added where a range does not end in it: the last line of a file may lack it.
        target: Where they go.
        position: Where the stream stands.
    """
    for start, stop in runs.tolist():
        _skip(stream, start - position)
        position = start
        piece = b""
        while position < stop:
            piece = stream.read(min(COPIED, stop - position))
            if not piece:
                raise OSError("the input has become shorter since it was read")
            target.write(piece)
            position += len(piece)
        if not piece.endswith(newline):
            target.write(newline)


def _skip(stream: BinaryIO, count: int) -> None:
    if stream.seekable():
        stream.seek(count, 1)
        return
    while count and (piece := stream.read(min(COPIED, count))):
        count -= len(piece)
