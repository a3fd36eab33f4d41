"""The kept records as they came: row by row from Parquet, byte for byte from all else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from provenance.bulk.archives import record_bounds
from provenance.bulk.columns import ROWS as READ_ROWS
from provenance.bulk.columns import open_parquet
from provenance.bulk.corpus import File
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Progress
from provenance.bulk.pipeline import Found
from provenance.bulk.records import csv_dialect
from provenance.bulk.threads import ahead
from provenance.sources.recognise import decompressed

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

WRITE = "write"
ROWS = 1 << 13
"""Rows of a row group."""
AHEAD = 2 * ROWS // READ_ROWS
"""Batches read while a row group is written: of half of the rows it may consist."""
COPIED = 1 << 20
"""Bytes copied at a time."""


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
    numbers, keep = found.about.column("file").to_numpy(), found.keep
    targets = _Targets(out)
    bounds = np.searchsorted(numbers, np.arange(len(files) + 1))
    tables: list[tuple[File, I64]] = []
    spooled: list[I64] = []
    for file, first, last in zip(files, bounds[:-1], bounds[1:], strict=True):
        kept = found.about.slice(first, last - first).select(["record", "start", "stop"])
        records, starts, stops = (column.to_numpy()[keep[first:last]] for column in kept.columns)
        if not len(records):
            continue
        if file.kind == "parquet":
            tables.append((file, records))
        elif file.kind in ("json", "pages"):
            spooled.append(_runs(starts, stops))
        elif file.kind == "warc":
            _keep_archive(file, records, targets)
        else:
            _keep_lines(file, _runs(starts, stops), targets)
            progress(WRITE, int(last), len(numbers))
    _keep_rows(tables, targets, progress)
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

    def parquet(self, file: ParquetFile) -> _Rows:
        """The file of a schema, compressed as the first of its inputs is."""
        schema = file.schema_arrow
        # What a writer notes in the metadata, such as pandas its row labels, differs by shard.
        key = ("parquet", schema.remove_metadata().to_string(show_field_metadata=False))
        if key not in self._open:
            filled = file.num_row_groups and file.metadata.num_columns
            found = file.metadata.row_group(0).column(0).compression if filled else "SNAPPY"
            compression = "NONE" if found == "UNCOMPRESSED" else found
            self._open[key] = _Rows(self._path("parquet"), schema, compression)
        return self._open[key]

    def close(self) -> None:
        """Finish all files."""
        for target in self._open.values():
            target.close()


class _Rows:
    """A Parquet file written in row groups of `ROWS`."""

    def __init__(self, path: Path, schema: pa.Schema, compression: str) -> None:
        from pyarrow.parquet import ParquetWriter

        self._writer = ParquetWriter(path, schema, use_dictionary=False, compression=compression)
        self._held: list[pa.RecordBatch] = []
        self._count = 0

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._count += batch.num_rows
        if self._count >= ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._held:
            self._writer.write_table(pa.Table.from_batches(self._held), self._count or 1)
        self._held, self._count = [], 0

    def close(self) -> None:
        self._flush()
        self._writer.close()


def _keep_rows(tables: Sequence[tuple[File, I64]], targets: _Targets, progress: Progress) -> None:
    """Copy the chosen rows of Parquet files; one is read while another is written."""

    def chosen() -> Iterator[tuple[_Rows, pa.RecordBatch]]:
        for file, records in tables:
            source = open_parquet(file.path, file.name)
            target = targets.parquet(source)
            yield from ((target, batch) for batch in _chosen_rows(source, records))

    total, done = sum(len(records) for _, records in tables), 0
    for target, batch in ahead(chosen(), AHEAD):
        target.write(batch)
        done += batch.num_rows
        progress(WRITE, done, total)


def _chosen_rows(source: ParquetFile, records: I64) -> Iterator[pa.RecordBatch]:
    """The rows of a file that have these numbers, from 1; row groups without any are not read."""
    import pyarrow as pa

    first = 0
    for group in range(source.num_row_groups):
        rows = source.metadata.row_group(group).num_rows
        mask = np.zeros(rows, np.bool_)
        a, b = np.searchsorted(records, [first + 1, first + rows + 1])
        mask[records[a:b] - first - 1] = True
        at = 0
        if a < b:
            for batch in source.iter_batches(READ_ROWS, row_groups=[group]):
                yield batch.filter(pa.array(mask[at : at + batch.num_rows]))
                at += batch.num_rows
        first += rows


def _runs(starts: I64, stops: I64) -> I64:
    """Byte ranges with those that touch made one: int64[runs, 2]."""
    if not len(starts):
        return np.empty((0, 2), np.int64)
    first = np.concatenate(([True], starts[1:] != stops[:-1]))
    last = np.concatenate((first[1:], [True]))
    return np.stack((starts[first], stops[last]), axis=1)


def _keep_lines(file: File, runs: I64, targets: _Targets) -> None:
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


def _keep_archive(file: File, records: I64, targets: _Targets) -> None:
    """Copy the chosen records of a web archive, decompressed."""
    target, _ = targets.stream("warc", "")
    with Path(file.path).open("rb") as first, Path(file.path).open("rb") as second:
        bounds = record_bounds(decompressed(first, file.name), file.name, int(records[-1]))
        runs = _runs(bounds[records - 1], bounds[records])
        copy_runs(decompressed(second, file.name), runs, b"", target)


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
