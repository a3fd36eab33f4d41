"""Tables → a stream of records: JSON lines, CSV, Parquet, never whole in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

import orjson

from provenance.article import InputError
from provenance.sources.encoding import declared_or_detected
from provenance.sources.html import LARGEST_PAGE
from provenance.sources.recognise import HEAD, lines

Record = Mapping[str, object]
BATCH = 256
LARGEST_CSV_RECORD = LARGEST_PAGE
CONTAINERS = ("posts", "stories", "articles", "items", "results", "documents")
DEEPEST = 100
"""Levels of nesting in a list of records, beyond which it is not read."""
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that is none; its reason."""

    reason: str


def json_records(stream: io.BufferedReader, name: str) -> Iterator[Record | BadRecord]:
    """One record for each line of JSON, item of a JSON list, or whole JSON document.

    Lists are read item by item. A document that is no list may hold its records in one of the
    fields `CONTAINERS`, as the answers of interfaces do.
    """
    if stream.peek(HEAD)[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        yield from json_items(stream)
        return
    rest = lines(stream, LARGEST_PAGE, name)
    first: bytes | InputError = next(rest, b"")
    if isinstance(first, bytes) and not _is_json(first):
        # Printed over several lines, or a bad first line.
        whole = first + stream.read(LARGEST_PAGE - len(first))
        if _is_json(whole):
            yield from _json_line(whole)
            return
        *most, last = whole.splitlines(keepends=True)
        for line in filter(bytes.strip, most):
            yield from _json_line(line)
        first = last if last.endswith(b"\n") else last + stream.readline(LARGEST_PAGE)
    for each in chain((first,), rest):
        if isinstance(each, InputError):
            yield BadRecord(str(each))
        elif each.strip():
            yield from _json_line(each)


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return not data.strip()
    return True


def _json_line(line: bytes) -> Iterator[Record | BadRecord]:
    try:
        value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        yield BadRecord(not_json(line, error))
        return
    held = value
    if isinstance(value, dict):
        held = next((value[name] for name in CONTAINERS if type(value.get(name)) is list), value)
    for item in held if isinstance(held, list) else [held]:
        yield item if isinstance(item, dict) else BadRecord("not a JSON object")


def not_json(line: bytes, error: orjson.JSONDecodeError) -> str:
    """Why a line could not be read as JSON, in plain words."""
    try:
        line.decode()
    except UnicodeDecodeError as damage:
        place = f"byte {damage.start + 1}: {line[damage.start : damage.start + 1].hex()}"
        return f"not UTF-8 ({place}): save the file in that encoding"
    if error.pos >= len(line.decode().rstrip()) > 0:
        return "not JSON: it ends too early; is the file cut off?"
    return f"not JSON: character {error.pos + 1}: {error.msg.partition(':')[0]}"


def json_items(stream: BinaryIO) -> Iterator[Record | BadRecord]:
    """The items of a JSON list of any length, one at a time; damage ends it with its reason."""
    from ijson import JSONError, basic_parse
    from ijson.common import ObjectBuilder

    metered = _Metered(stream)
    builder, depth = ObjectBuilder(), 0
    try:
        # The library's own `items` keeps the path to each value, which deep nesting makes endless.
        for event, value in basic_parse(metered, use_float=True, buf_size=1 << 20):
            depth += event.startswith("start") - event.startswith("end")
            if depth > DEEPEST:
                raise InputError(f"nested deeper than {DEEPEST}")
            if depth == 0 or (depth == 1 and event == "start_array"):
                continue
            builder.event(event, value)
            if depth == 1:
                item = builder.value
                builder = ObjectBuilder()
                metered.taken = 0
                yield item if isinstance(item, dict) else BadRecord("not a JSON object")
    except (JSONError, UnicodeDecodeError) as error:
        yield BadRecord(f"not JSON, the rest is not read: {' '.join(str(error).split())[:80]}")
    except InputError as error:
        yield BadRecord(f"{error}; the rest is not read")


class _Metered:
    """A stream of which no more than a record's worth is taken for one record."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self.taken += len(data)
        if self.taken > 2 * LARGEST_PAGE:
            raise InputError(f"record is larger than {LARGEST_PAGE // 1_000_000} MB")
        return data


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
    rows = csv.reader(_csv_lines(text, name), delimiter=delimiter)
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


def _csv_lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    while line := text.readline(LARGEST_CSV_RECORD + 1):
        if len(line) > LARGEST_CSV_RECORD:
            raise InputError(
                f"{name}: a line is larger than {LARGEST_CSV_RECORD // 1_000_000} MB; "
                "the rest is not read"
            )
        yield line.replace("\x00", "")


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
