"""Files of any supported format → batches of texts; what cannot be read is set aside."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np

from provenance.article import Article, InputError, ProvenanceError, SetAside
from provenance.bulk.against import Texts, numbered
from provenance.bulk.batch import Batch, Place, batch_of_records
from provenance.bulk.columns import parquet_groups
from provenance.bulk.kernel import I64
from provenance.bulk.records import (
    Row,
    article_values,
    csv_rows,
    document_rows,
    json_rows,
    page_rows,
    with_text,
)
from provenance.bulk.threads import abreast, ahead
from provenance.sources import read
from provenance.sources.extraction import Extraction
from provenance.sources.identity import is_address
from provenance.sources.recognise import HEAD, decompressed, recognise

STANDARD_INPUT = "-"
Item = TypeVar("Item")
TABLES = ("jsonl", "csv", "parquet")
PAGES = ("warc", "pages")
ROWS = 2048
BYTES = 8 << 20
"""A batch of records ends at the first of these two: articles, or characters of text."""
READ_AT_ONCE = 1 << 18
"""Bytes: with Python's own 8 KB a thread that parses lets go of its turn at every third record."""
READ_AHEAD = 4
"""Batches that each thread reads while earlier ones are sketched."""


@dataclass(frozen=True, slots=True)
class File:
    """One input.

    Attributes:
        number: Its place among the inputs.
        path: Where it is read.
        name: What it is called in results: the path, or ``-``.
        kind: ``jsonl``, ``json`` for a list or a document of many lines, ``csv``, ``parquet``,
            ``warc``, ``pages`` for all else that is read, or empty for what cannot be, and then
        fault: why not.
        size: Bytes on disk.
    """

    number: int
    path: str
    name: str
    kind: str
    fault: str = ""
    size: int = 0


def recognised(number: int, path: str, name: str, format: str | None) -> File:
    """A file with its kind, by its first bytes."""
    if is_address(path):
        return File(number, path, name, "pages")
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as stream:
            head = decompressed(stream, name).peek(HEAD)[:HEAD]
        kind = format or recognise(head, name)
    except InputError as error:
        return File(number, path, name, "", str(error).removeprefix(f"{name}: "))
    except OSError as error:
        return File(number, path, name, "", f"cannot be read: {error.strerror or error}")
    if name == STANDARD_INPUT and kind == "txt" and not format:
        # Nothing but its name tells a CSV file from a text.
        return File(number, path, name, "", "one text is no corpus; of a table, add --format csv")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if kind == "jsonl" and (start.startswith(b"[") or start.partition(b"\n")[0].strip() == b"{"):
        kind = "json"
    known = kind in (*TABLES, "json", "warc")
    return File(number, path, name, kind if known else "pages", size=size)


@dataclass(frozen=True, slots=True)
class _Part:
    """A file, and what share of the whole input comes before it and is it."""

    file: File
    before: float
    own: float

    def read(self, size: int | None = None) -> float:
        """Share of the whole input that is read when so many bytes of the file are, or all."""
        done = 1.0 if size is None else size / max(1, self.file.size)
        return self.before + self.own * done


@dataclass(frozen=True, slots=True)
class Reader:
    """How files are read.

    Attributes:
        columns: Our column name to the files' own.
        format: Force the format instead of recognising it.
        threads: Threads that read Parquet; all else is parsed by one, as Python is.
        processes: How many may read pages, see `Extraction`.
    """

    columns: Mapping[str, str]
    format: str | None = None
    threads: int = 1
    processes: int = 1

    def batches(self, files: Sequence[File], pages: BinaryIO) -> Iterator[Batch | SetAside]:
        """All texts of all files, in order, read while earlier ones are in use.

        Args:
            files: What to read.
            pages: Where the records of articles go that had none of their own.
        """
        ends = np.cumsum([0, *(file.size for file in files)]) / max(1, sum(f.size for f in files))
        shares = zip(ends[:-1].tolist(), np.diff(ends).tolist(), strict=True)
        parts = [_Part(file, *share) for file, share in zip(files, shares, strict=True)]
        with Extraction(self.processes) as extraction:
            for kind, run in groupby(parts, key=lambda part: part.file.kind):
                if kind == "parquet":
                    groups = (group for part in run for group in self._groups(part))
                    yield from abreast(groups, READ_AHEAD, self.threads)
                elif kind in PAGES:
                    yield from ahead(self._of_pages(run, extraction, pages), READ_AHEAD)
                else:
                    each = (_faults_aside(self._of_file(part, pages), part.file) for part in run)
                    yield from ahead(chain.from_iterable(each), READ_AHEAD)

    def again(self, files: Sequence[File], numbers: I64, pages: Path) -> Texts:
        """All texts once more, tables first; those of pages from the records they are kept as.

        Args:
            files: What was read.
            numbers: Number of the file of each text.
            pages: The records of pages.
        """
        tables = [file for file in files if file.kind in TABLES]
        of_table = np.isin(numbers, [file.number for file in tables])
        order = np.concatenate((np.flatnonzero(of_table), np.flatnonzero(~of_table)))
        spooled = File(len(files), str(pages), pages.name, "jsonl")
        batches = (
            item
            for reader, part in ((self, tables), (Reader({}), [spooled]))
            for item in reader.batches(part, io.BytesIO())
        )
        return numbered(batches, order)

    def _groups(self, part: _Part) -> Iterator[Iterator[Batch | SetAside]]:
        file = part.file
        try:
            yield from parquet_groups(
                file.path, file.name, file.number, self.columns, part.before, part.own
            )
        except ProvenanceError as error:
            yield iter((_fault(file, error),))

    def _of_pages(
        self, parts: Iterable[_Part], extraction: Extraction, pages: BinaryIO
    ) -> Iterator[Batch | SetAside]:
        """Articles of pages, several files at once where several processes may read them."""

        def items(part: _Part) -> Iterator[tuple[_Part, Article | SetAside]]:
            found = read(
                part.file.path, format=self.format, columns=self.columns, extraction=extraction
            )
            return ((part, item) for item in _faults_aside(found, part.file))

        at_once = 1 if self.processes == 1 else 2 * self.processes
        found = abreast(map(items, parts), READ_AHEAD, at_once)
        for part, of_part in groupby(found, key=itemgetter(0)):
            rows = page_rows((item for _, item in of_part), self.columns, pages)
            yield from self._of_rows(rows, part.file, part.read)

    def _of_file(self, part: _Part, pages: BinaryIO) -> Iterator[Batch | SetAside]:
        file = part.file
        if file.fault:
            raise InputError(f"{file.name}: {file.fault}")
        with Path(file.path).open("rb", READ_AT_ONCE) as stream:
            plain = decompressed(stream, file.name)
            if file.kind == "json":
                rows = document_rows(plain, file.name, pages)
                yield from self._of_rows(_faults_aside(rows, file), file, part.read)
            else:
                rows = (json_rows if file.kind == "jsonl" else csv_rows)(plain, file.name)
                share = lambda: part.read(stream.tell())  # noqa: E731
                yield from self._of_rows(_faults_aside(rows, file), file, share)

    def _of_rows(
        self, rows: Iterable[Row | SetAside], file: File, share: Any
    ) -> Iterator[Batch | SetAside]:
        held: list[Row] = []
        texts: list[str] = []
        size = 0
        for row in rows:
            if isinstance(row, SetAside):
                yield row
                continue
            try:
                values, text = with_text(row.values, self.columns)
            except InputError as error:
                yield SetAside(file.name, str(row.number), str(error))
                continue
            held.append(row if values is row.values else row._replace(values=values))
            texts.append(text)
            size += len(text)
            if len(held) == ROWS or size > BYTES:
                yield self._batch(held, texts, file, share())
                held, texts, size = [], [], 0
        if held:
            yield self._batch(held, texts, file, share())

    def _batch(self, rows: list[Row], texts: list[str], file: File, share: float) -> Batch:
        numbers, starts, stops, values = zip(*rows, strict=True)
        place = Place(file.name, file.number, np.array(numbers), np.array(starts), np.array(stops))
        return batch_of_records(texts, values, place, self.columns, share)


def _faults_aside(items: Iterable[Item], file: File) -> Iterator[Item | SetAside]:
    """What could be read of a file, and then, set aside, what ended it."""
    try:
        yield from items
    except ProvenanceError as error:
        yield _fault(file, error)
    except OSError as error:
        yield SetAside(file.name, "", f"cannot be read: {error.strerror or error}")


def _fault(file: File, error: ProvenanceError) -> SetAside:
    """What ended the reading of a file."""
    return SetAside(file.name, "", str(error).removeprefix(f"{file.name}: "))


def batches_of_items(
    items: Iterable[Any], columns: Mapping[str, str]
) -> Iterator[Batch | SetAside]:
    """Batches of an iterable of texts, of mappings or of articles, numbered from 1."""
    reader = Reader(columns)
    yield from reader._of_rows(_rows(items, columns), File(-1, "", "", "rows"), lambda: 0.0)


def _rows(items: Iterable[Any], columns: Mapping[str, str]) -> Iterator[Row | SetAside]:
    for number, item in enumerate(items, 1):
        if isinstance(item, Article):
            values: Mapping[str, Any] = {
                columns.get(name, name): value for name, value in article_values(item).items()
            }
        elif isinstance(item, Mapping):
            values = item
        elif isinstance(item, str):
            values = {columns.get("text", "text"): item}
        else:
            yield SetAside("", str(number), f"{type(item).__name__}: no text, record or article")
            continue
        yield Row(number, 0, 0, values)
