"""A source of any kind → a stream of `Article` and `SetAside`."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from provenance.article import Article, InputError, SetAside
from provenance.sources.encoding import decode
from provenance.sources.fetch import Fetcher
from provenance.sources.html import article_from_html
from provenance.sources.identity import is_address
from provenance.sources.records import NO_COLUMNS, article_from_record
from provenance.sources.text import article_from_text

Item = Article | SetAside


def read(
    source: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] = NO_COLUMNS,
    fetcher: Fetcher | None = None,
) -> Iterator[Item]:
    """Read every article of a source."""
    if is_address(source):
        fetched = (fetcher or Fetcher()).fetch(source)
        yield article_from_html(
            fetched.data,
            url=fetched.url,
            final_url=fetched.final_url,
            charset=fetched.charset,
            source=source,
        )
        return
    if source == "-":
        yield from _read_stream(sys.stdin.buffer, "-", format, columns)
        return
    path = Path(source)
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file()):
            yield from _read_file(inner, format, columns)
    elif path.is_file():
        yield from _read_file(path, format, columns)
    else:
        raise InputError(f"{source}: no such file or folder")


def _read_file(path: Path, format: str | None, columns: Mapping[str, str]) -> Iterator[Item]:
    with path.open("rb") as stream:
        yield from _read_stream(stream, str(path), format, columns)


def _read_stream(
    stream: BinaryIO, name: str, format: str | None, columns: Mapping[str, str]
) -> Iterator[Item]:
    kind = format or _kind(name)
    if name.endswith(".gz"):
        stream = gzip.open(stream)  # type: ignore[assignment]
    if kind == "parquet":
        yield from _records(name, _parquet(stream), columns)
    elif kind == "jsonl":
        import orjson

        yield from _records(name, (orjson.loads(line) for line in stream if line.strip()), columns)
    elif kind == "csv":
        yield from _records(name, csv.DictReader(io.TextIOWrapper(stream, "utf-8")), columns)
    else:
        data = stream.read()
        try:
            if kind == "html" or b"<html" in data[:4000].lower():
                yield article_from_html(data, source=name)
            else:
                yield article_from_text(decode(data), source=name)
        except InputError as error:
            yield SetAside(name, "", str(error))


def _kind(name: str) -> str:
    for suffix in reversed(Path(name).suffixes):
        if suffix.lstrip(".") in ("html", "htm", "jsonl", "csv", "parquet", "txt"):
            return suffix.lstrip(".")
    return "txt"


def _parquet(stream: BinaryIO) -> Iterator[Mapping[str, object]]:
    from pyarrow.parquet import ParquetFile

    for batch in ParquetFile(stream).iter_batches(batch_size=256):
        yield from batch.to_pylist()


def _records(name: str, records: object, columns: Mapping[str, str]) -> Iterator[Item]:
    for number, record in enumerate(records, 1):  # type: ignore[arg-type,var-annotated]
        try:
            yield article_from_record(record, source=f"{name}#{number}", columns=columns)
        except InputError as error:
            yield SetAside(name, str(number), str(error))
