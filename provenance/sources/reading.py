"""A source of any kind → a stream of `Article` and `SetAside`."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from provenance.article import Article, InputError, SetAside
from provenance.sources.encoding import decode
from provenance.sources.fetch import Fetcher
from provenance.sources.html import LARGEST_PAGE, article_from_html
from provenance.sources.identity import is_address
from provenance.sources.recognise import FORMATS, HEAD, LATER, decompressed, recognise
from provenance.sources.records import NO_COLUMNS, article_from_record
from provenance.sources.tables import (
    BadRecord,
    Record,
    csv_records,
    json_records,
    parquet_records,
)
from provenance.sources.text import article_from_text

Item = Article | SetAside
SPOOL = 50_000_000
"""Bytes of a piped Parquet file kept in memory before it goes to disk; Parquet needs seeking."""


def read(
    source: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] = NO_COLUMNS,
    fetcher: Fetcher | None = None,
) -> Iterator[Item]:
    """Read every article of a source, one at a time.

    What cannot be read (a bad record, a binary file in a folder, a page without text) comes as a
    `SetAside` with its reason; the rest goes on.

    Args:
        source: An http(s) address, a file, a folder (read recursively, in order of names), or
            ``-`` for standard input.
        format: ``html``, ``txt``, ``jsonl``, ``csv`` or ``parquet``; recognised by content, then
            by name, when None.
        columns: Our column name to the table's own, e.g. ``{"text": "body"}``.
        fetcher: How addresses are fetched.

    Raises:
        InputError: There is no such file, or the format cannot be read.
        FetchError: The address could not be fetched.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"format {format!r} cannot be read yet; give one of {', '.join(FORMATS)}")
    if source == "-":
        yield from _from_stream(sys.stdin.buffer, "-", format, columns)
    elif is_address(source):
        yield from _from_address(source, format, columns, fetcher or Fetcher())
    elif Path(source).is_dir():
        for path in sorted(Path(source).rglob("*")):
            if path.is_file():
                yield from _from_file(path, format, columns)
    elif Path(source).is_file():
        yield from _from_file(Path(source), format, columns)
    else:
        raise InputError(f"{source}: no such file or folder")


def _from_file(path: Path, format: str | None, columns: Mapping[str, str]) -> Iterator[Item]:
    try:
        with path.open("rb") as stream:
            yield from _from_stream(stream, str(path), format, columns)
    except OSError as error:
        yield SetAside(str(path), "", f"cannot be read: {error.strerror or error}")


def _from_address(
    address: str, format: str | None, columns: Mapping[str, str], fetcher: Fetcher
) -> Iterator[Item]:
    fetched = fetcher.fetch(address)

    def page(data: bytes) -> Article:
        return article_from_html(
            data,
            url=fetched.url,
            final_url=fetched.final_url,
            charset=fetched.charset,
            source=address,
        )

    yield from _from_stream(io.BytesIO(fetched.data), address, format, columns, page)


def _from_stream(
    stream: BinaryIO,
    name: str,
    format: str | None,
    columns: Mapping[str, str],
    page: Callable[[bytes], Article] | None = None,
) -> Iterator[Item]:
    """Every article of one file; what spoils the whole file sets the file aside."""
    try:
        plain = decompressed(stream, name)
        kind = format or recognise(plain.peek(HEAD)[:HEAD], name)
        if kind in LATER:
            raise InputError(f"{name}: {kind} files cannot be read yet")
        if kind in ("html", "txt"):
            data = _whole(plain, name)
            if kind == "txt":
                yield article_from_text(decode(data), source=name)
            else:
                yield page(data) if page else article_from_html(data, source=name)
        else:
            yield from _from_records(_records(kind, plain, name), name, columns)
    except InputError as error:
        yield SetAside(name, "", str(error).removeprefix(f"{name}: "))


def _whole(stream: io.BufferedReader, name: str) -> bytes:
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise InputError(f"{name}: page is larger than {LARGEST_PAGE // 1_000_000} MB; not read")
    return data


def _records(kind: str, stream: io.BufferedReader, name: str) -> Iterator[Record | BadRecord]:
    if kind == "jsonl":
        return json_records(stream, name)
    if kind == "csv":
        return csv_records(stream, name)
    return parquet_records(_seekable(stream), name)


def _seekable(stream: io.BufferedReader) -> BinaryIO:
    """The stream, or a spooled copy of one that only runs forward."""
    if stream.seekable():
        return stream
    spooled = SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - closed when dropped
    while chunk := stream.read(1 << 20):
        spooled.write(chunk)
    spooled.seek(0)
    return spooled  # type: ignore[return-value]


def _from_records(
    records: Iterator[Record | BadRecord], name: str, columns: Mapping[str, str]
) -> Iterator[Item]:
    for number, record in enumerate(records, 1):
        source = f"{name}#{number}"
        if isinstance(record, BadRecord):
            yield SetAside(name, str(number), record.reason)
            continue
        try:
            yield article_from_record(record, source=source, columns=columns)
        except InputError as error:
            yield SetAside(name, str(number), str(error).removeprefix(f"{source}: "))
