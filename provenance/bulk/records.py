"""JSON lines, CSV and pages → records with the bytes they came in, one at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

import orjson

from provenance.article import Article, InputError, SetAside
from provenance.sources.encoding import declared_or_detected
from provenance.sources.html import article_from_html
from provenance.sources.recognise import HEAD, lines
from provenance.sources.shapes import shaped
from provenance.sources.tables import DELIMITERS, BadRecord, json_records, not_json

_FIELD, _FIELDS = 30, 8
"""Characters of a field's name, and fields, that a reason names."""
LARGEST_RECORD = 50_000_000
WIDE = {"utf-16": ("utf-16-le", "utf-16-be"), "utf-32": ("utf-32-le", "utf-32-be")}


class Row(NamedTuple):
    """One record: a tuple, as there may be millions and it takes a third of the time to make.

    Attributes:
        number: From 1.
        start: Its first byte in the decompressed file.
        stop: The byte after its last, the line break included.
        values: Its fields.
    """

    number: int
    start: int
    stop: int
    values: Mapping[str, Any]


class _Positioned:
    """Lines of a stream, and how many bytes they were: decompressed streams cannot tell."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.at = 0

    def readline(self, size: int) -> bytes:
        line = self._stream.readline(size)
        self.at += len(line)
        return line


def json_rows(stream: io.BufferedReader, name: str) -> Iterator[Row | SetAside]:
    """Records of JSON lines; what is no object is set aside."""
    counted = _Positioned(stream)
    start = 0
    for number, line in enumerate(lines(cast(io.BufferedReader, counted), LARGEST_RECORD, name), 1):
        stop = counted.at
        if isinstance(line, InputError):
            yield SetAside(name, str(number), str(line))
        elif not line.isspace():
            try:
                values = orjson.loads(line.removeprefix(codecs.BOM_UTF8))
            except orjson.JSONDecodeError as error:
                yield SetAside(name, str(number), not_json(line, error))
            else:
                if isinstance(values, dict):
                    yield Row(number, start, stop, values)
                else:
                    yield SetAside(name, str(number), "not a JSON object")
        start = stop


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written.

    Attributes:
        encoding: Codec, without byte order mark.
        delimiter: Between values.
        names: Of the columns.
        header: Bytes before the first record.
    """

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    header: bytes

    @property
    def key(self) -> tuple[str, str]:
        """Equal for files whose records may stand under one header."""
        text = self.header.decode(self.encoding, "replace")
        return self.encoding, text.lstrip("\ufeff").rstrip("\r\n")

    @property
    def newline(self) -> bytes:
        """A line break as bytes."""
        return "\n".encode(self.encoding)


def csv_dialect(stream: io.BufferedReader, name: str) -> Dialect:
    """Read the header of a CSV file.

    Raises:
        InputError: There is none.
    """
    head = stream.peek(HEAD)[:HEAD]
    encoding = declared_or_detected(head).replace("utf-8-sig", "utf-8")
    if encoding in WIDE:
        marks = {"utf-16": codecs.BOM_UTF16_BE, "utf-32": codecs.BOM_UTF32_BE}
        encoding = WIDE[encoding][head.startswith(marks[encoding])]
    header = next(_raw_lines(stream, encoding), b"")
    text = header.decode(encoding, "replace").lstrip("\ufeff").replace("\x00", "")
    delimiter = max(DELIMITERS, key=text.count)
    names = tuple(cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), []))
    if not names:
        raise InputError(f"{name}: an empty table")
    return Dialect(encoding, delimiter, names, header)


def _raw_lines(stream: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Lines as bytes, whatever their line break is in this encoding."""
    newline = "\n".encode(encoding)
    pending = b""
    while piece := stream.readline(LARGEST_RECORD):
        pending += piece
        if len(newline) > 1:
            if encoding.endswith("le"):
                pending += stream.read(len(newline) - 1)
            if len(pending) % len(newline) or not pending.endswith(newline):
                continue  # the byte of a line break inside another character
        yield pending
        pending = b""
    if pending:
        yield pending


def csv_rows(stream: io.BufferedReader, name: str) -> Iterator[Row | SetAside]:
    """Records of a CSV file, which may span lines; those that do not fit the header are set aside.

    Raises:
        InputError: There is no header.
    """
    dialect = csv_dialect(stream, name)
    start = at = len(dialect.header)

    def text_lines() -> Iterator[str]:
        nonlocal at
        for line in _raw_lines(stream, dialect.encoding):
            at += len(line)
            yield line.decode(dialect.encoding, "replace").replace("\x00", "")

    csv.field_size_limit(LARGEST_RECORD)
    rows = csv.reader(text_lines(), delimiter=dialect.delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if len(cells) == len(dialect.names):
                yield Row(number, start, at, dict(zip(dialect.names, cells, strict=True)))
            elif cells:
                reason = f"{len(cells)} values for {len(dialect.names)} columns"
                yield SetAside(name, str(number), reason)
            else:
                number -= 1  # an empty line is no record
        except csv.Error as error:
            yield SetAside(name, str(number), f"not CSV: {error}")
        start = at


def page_rows(
    items: Iterable[Article | SetAside], columns: Mapping[str, str], spool: BinaryIO
) -> Iterator[Row | SetAside]:
    """Articles of anything that is no table, with the JSON they are kept as.

    Args:
        items: What was read of one source.
        columns: Our column name to the records' own.
        spool: Where the JSON goes; positions of rows are positions in it.
    """
    number = 0
    for item in items:
        if isinstance(item, SetAside):
            yield item
            continue
        given = item.source.rpartition("#")[2]
        number = int(given) if given.isdecimal() else number + 1
        values = article_values(item)
        start = spool.tell()
        spool.write(orjson.dumps(values) + b"\n")
        named = {columns.get(name, name): value for name, value in values.items()}
        yield Row(number, start, spool.tell(), named)


def article_values(article: Article) -> dict[str, str]:
    """An article as the record it is kept as."""
    return {
        "id": article.id, "url": article.url,
        "outlet": article.outlet.domain if article.outlet else "", "title": article.title,
        "published": article.published.earliest.isoformat() if article.published else "",
        "source": article.source, "text": article.text,
    }  # fmt: skip


def document_rows(
    stream: io.BufferedReader, name: str, spool: BinaryIO
) -> Iterator[Row | SetAside]:
    """Records of JSON that is not one object a line, each kept as a line of its own.

    Args:
        stream: The file, decompressed.
        name: For messages.
        spool: Where the lines go; positions of rows are positions in it.
    """
    for number, record in enumerate(json_records(stream, name), 1):
        if isinstance(record, BadRecord):
            yield SetAside(name, str(number), record.reason)
            continue
        start = spool.tell()
        spool.write(orjson.dumps(record) + b"\n")
        yield Row(number, start, spool.tell(), record)


def with_text(
    values: Mapping[str, Any], columns: Mapping[str, str]
) -> tuple[Mapping[str, Any], str]:
    """A record, put into our names if it is of a known shape, and its text or that of its HTML.

    Raises:
        InputError: It has neither, or was withdrawn by its sender.
    """
    values = values if columns else shaped(values)
    text = values.get(columns.get("text", "text"))
    if isinstance(text, str) and text.strip():
        return values, text
    html = values.get(columns.get("html", "html"))
    if isinstance(html, str | bytes) and html.strip():
        return values, article_from_html(html).text
    if text is None and html is None and values:
        fields = ", ".join(str(name)[:_FIELD] for name in [*values][:_FIELDS])
        raise InputError(f"no text among {fields}; name its column with --column text=…")
    raise InputError("no text")
