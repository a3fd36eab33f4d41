"""Files of any supported format → batches of texts, and the kept records as they came."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from provenance.article import Article, InputError, SetAside
from provenance.bulk.kernel import I64, U8
from provenance.bulk.sketch import join
from provenance.sources import read
from provenance.sources.recognise import HEAD, decompressed, lines, recognise
from provenance.sources.tables import DELIMITERS

BATCH = 256
LARGEST_RECORD = 50_000_000
METADATA = ("id", "url", "outlet", "published")


@dataclass(slots=True)
class Batch:
    """Some texts with what is known of them.

    Attributes:
        data: UTF-8 of all texts, end to end.
        offsets: Where each begins and the last ends, int64[texts + 1].
        metadata: Column name to its values, as strings; empty where unknown.
        sources: File and record number of each.
    """

    data: U8
    offsets: I64
    metadata: dict[str, list[str]]
    sources: list[tuple[str, int]]


@dataclass(slots=True)
class Row:
    """One record before it is put in a batch; `raw` is how it goes to the kept file."""

    number: int
    raw: bytes
    values: Mapping[str, Any]


@dataclass(slots=True)
class Reader:
    """Reads files; what cannot be read is set aside."""

    columns: Mapping[str, str]
    format: str | None = None
    set_aside: list[SetAside] = field(default_factory=list)

    def kind(self, path: str) -> str:
        """``jsonl``, ``csv``, ``parquet``, or ``pages`` for what is no table."""
        if path == "-" or not Path(path).is_file():
            return "pages"
        with Path(path).open("rb") as stream:
            found = self.format or recognise(decompressed(stream, path).peek(HEAD)[:HEAD], path)
        return found if found in ("jsonl", "csv", "parquet") else "pages"

    def batches(self, path: str) -> Iterator[Batch]:
        """All texts of one file."""
        if self.kind(path) == "parquet":
            yield from self._parquet_batches(path)
            return
        rows: list[Row] = []
        texts: list[str] = []
        for row in self.rows(path):
            text = row.values.get(self.columns.get("text", "text"))
            if not isinstance(text, str) or not text.strip():
                self.set_aside.append(SetAside(path, str(row.number), "no text"))
                continue
            rows.append(row)
            texts.append(text)
            if len(rows) == BATCH:
                yield self._batch(path, rows, texts)
                rows, texts = [], []
        if rows:
            yield self._batch(path, rows, texts)

    def _batch(self, path: str, rows: list[Row], texts: list[str]) -> Batch:
        names = {name: self.columns.get(name, name) for name in METADATA}
        metadata = {
            name: [_string(row.values.get(column)) for row in rows]
            for name, column in names.items()
        }
        return Batch(*join(texts), metadata, [(path, row.number) for row in rows])

    def _parquet_batches(self, path: str) -> Iterator[Batch]:
        import pyarrow as pa
        from pyarrow.parquet import ParquetFile

        file = ParquetFile(path)
        names = {name: self.columns.get(name, name) for name in ("text", *METADATA)}
        present = [column for column in names.values() if column in file.schema_arrow.names]
        if names["text"] not in present:
            raise InputError(f"{path}: no column {names['text']!r}; name it with --column text=…")
        number = 0
        for table in file.iter_batches(batch_size=BATCH, columns=present):
            text = table.column(names["text"]).cast(pa.large_string()).fill_null("")
            offsets = np.frombuffer(text.buffers()[1], np.int64)[
                text.offset : text.offset + len(text) + 1
            ]
            blob = text.buffers()[2]
            data = np.frombuffer(blob, np.uint8) if blob else np.empty(0, np.uint8)
            metadata = {
                name: [_string(value) for value in table.column(column).to_pylist()]
                if column in present
                else [""] * len(text)
                for name, column in names.items()
                if name != "text"
            }
            sources = [(path, number + place + 1) for place in range(len(text))]
            number += len(text)
            yield Batch(data, offsets, metadata, sources)

    def rows(self, path: str) -> Iterator[Row]:
        """All records of a file that is not Parquet, in order."""
        kind = self.kind(path)
        if kind == "pages":
            yield from self._pages(path)
            return
        with Path(path).open("rb") as stream:
            plain = decompressed(stream, path)
            yield from self._json_rows(plain, path) if kind == "jsonl" else _csv_rows(plain)

    def _json_rows(self, stream: Any, path: str) -> Iterator[Row]:
        for number, line in enumerate(lines(stream, LARGEST_RECORD, path), 1):
            if isinstance(line, InputError):
                self.set_aside.append(SetAside(path, str(number), str(line)))
                continue
            try:
                values = orjson.loads(line) if line.strip() else None
            except orjson.JSONDecodeError as error:
                self.set_aside.append(SetAside(path, str(number), f"not JSON: {error}"))
                continue
            if isinstance(values, dict):
                yield Row(number, line if line.endswith(b"\n") else line + b"\n", values)
            elif values is not None:
                self.set_aside.append(SetAside(path, str(number), "not a JSON object"))

    def _pages(self, path: str) -> Iterator[Row]:
        number = 0
        for item in read(path, format=self.format, columns=self.columns):
            if isinstance(item, SetAside):
                self.set_aside.append(item)
                continue
            number += 1
            values = _values(item)
            named = {self.columns.get(name, name): value for name, value in values.items()}
            yield Row(number, orjson.dumps(values) + b"\n", named)


def _values(article: Article) -> dict[str, str]:
    published = article.published.earliest.isoformat() if article.published else ""
    outlet = article.outlet.domain if article.outlet else ""
    return {
        "id": article.id, "url": article.url, "outlet": outlet, "title": article.title,
        "published": published, "source": article.source, "text": article.text,
    }  # fmt: skip


def _string(value: object) -> str:
    return "" if value is None else str(value)


def _csv_rows(stream: BinaryIO) -> Iterator[Row]:
    """Records of a CSV file with their bytes; the header is record 0."""
    header: list[str] = []
    delimiter = ","
    pending = b""
    number = 0
    csv.field_size_limit(LARGEST_RECORD)
    for line in stream:
        pending += line
        if pending.count(b'"') % 2 and len(pending) < LARGEST_RECORD:
            continue  # a line break inside quotes
        raw, pending = pending, b""
        text = raw.decode("utf-8", "replace").lstrip("\ufeff")
        if not header:
            delimiter = max(DELIMITERS, key=text.count)
        cells = next(csv.reader([text], delimiter=delimiter), [])
        if not header:
            header = [cell.strip() for cell in cells]
            continue
        if cells:
            number += 1
            yield Row(number, raw, dict(zip(header, cells, strict=False)))


def batches_of_records(records: Any, columns: Mapping[str, str]) -> Iterator[Batch]:
    """Batches of an iterable of texts or of mappings."""
    names = {name: columns.get(name, name) for name in ("text", *METADATA)}
    texts: list[str] = []
    metadata: dict[str, list[str]] = {name: [] for name in METADATA}
    number = 0
    for record in records:
        values = record if isinstance(record, Mapping) else {names["text"]: record}
        texts.append(_string(values.get(names["text"])))
        for name in METADATA:
            metadata[name].append(_string(values.get(names[name])))
        if len(texts) == BATCH:
            places = [("", number + place + 1) for place in range(len(texts))]
            yield Batch(*join(texts), metadata, places)
            number += len(texts)
            texts, metadata = [], {name: [] for name in METADATA}
    if texts:
        places = [("", number + place + 1) for place in range(len(texts))]
        yield Batch(*join(texts), metadata, places)
