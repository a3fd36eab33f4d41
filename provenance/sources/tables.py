"""Tables → a stream of records: JSON lines, CSV, Parquet, never whole in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from provenance.article import InputError
from provenance.sources.encoding import declared_or_detected
from provenance.sources.html import LARGEST_PAGE
from provenance.sources.recognise import HEAD, lines

Record = Mapping[str, object]
BATCH = 256
LARGEST_CSV_RECORD = LARGEST_PAGE
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that is none; its reason."""

    reason: str


def json_records(stream: io.BufferedReader, name: str) -> Iterator[Record | BadRecord]:
    """One record for each line of JSON; a file that is one JSON list gives its items."""
    for line in lines(stream, LARGEST_PAGE, name):
        if isinstance(line, InputError):
            yield BadRecord(str(line))
        elif line.strip():
            yield from _json_line(line)


def _json_line(line: bytes) -> Iterator[Record | BadRecord]:
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        yield BadRecord(f"not JSON: {str(error)[:80]}")
        return
    for item in value if isinstance(value, list) else [value]:
        yield item if isinstance(item, dict) else BadRecord("not a JSON object")


def csv_records(stream: io.BufferedReader, name: str) -> Iterator[Record | BadRecord]:
    """One record for each row, by the names of the header row.

    Raises:
        InputError: There is no header row.
    """
    head = stream.peek(HEAD)[:HEAD]
    text = io.TextIOWrapper(
        stream, encoding=declared_or_detected(head), errors="replace", newline=""
    )
    csv.field_size_limit(LARGEST_CSV_RECORD)
    first_line = head.split(b"\n", 1)[0].decode("latin-1")
    delimiter = max(DELIMITERS, key=first_line.count)
    rows = csv.reader((line.replace("\x00", "") for line in text), delimiter=delimiter)
    header = next(rows, None)
    if not header:
        raise InputError(f"{name}: an empty table")
    names = [column.strip().lstrip("\ufeff") for column in header]
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRecord(f"not CSV: {error}")
            continue
        if len(row) != len(names):
            if row:
                yield BadRecord(f"{len(row)} values for {len(names)} columns")
            continue
        yield dict(zip(names, row, strict=True))


def parquet_records(file: BinaryIO, name: str) -> Iterator[Record | BadRecord]:
    """One record for each row, read in small batches.

    Args:
        file: A seekable file.
        name: For messages.

    Raises:
        InputError: The file is damaged.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        for batch in ParquetFile(file).iter_batches(batch_size=BATCH):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{name}: damaged Parquet file ({reason[:100]})") from error
