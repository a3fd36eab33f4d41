"""A source of any kind → a stream of `Article` and `SetAside`."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from provenance.article import InputError, SetAside
from provenance.sources.answers import Fetched
from provenance.sources.encoding import decode
from provenance.sources.extraction import Extraction, Page
from provenance.sources.feeds import feed_entries
from provenance.sources.fetch import Fetcher
from provenance.sources.follow import Item, follow_entries, follow_sitemap
from provenance.sources.html import LARGEST_PAGE
from provenance.sources.identity import is_address
from provenance.sources.newsml import newsml_records
from provenance.sources.recognise import FORMATS, HEAD, decompressed, recognise
from provenance.sources.records import NO_COLUMNS, article_from_record
from provenance.sources.shapes import SHAPES
from provenance.sources.sitemaps import address_list, read_sitemap
from provenance.sources.tables import (
    BadRecord,
    Record,
    csv_records,
    json_records,
    parquet_records,
)
from provenance.sources.text import article_from_text
from provenance.sources.warc import warc_pages

_SHOWN = 200
"""Characters that an error shows of what is no path."""
ABOUT_FOLDER = re.compile(
    r"(readme|licen[cs]e|copying|notice|authors|changelog|contributing)(\.(md|txt|rst))?", re.I
)
"""Names of files that say something of a folder and are none of its pages."""
SPOOL = 50_000_000
"""Bytes of a piped Parquet file kept in memory before it goes to disk; Parquet needs seeking."""


@dataclass(frozen=True, slots=True)
class _Source:
    """One stream, and all that is known of it.

    Attributes:
        name: The file or address.
        fetcher: How what it leads to is fetched.
        format: Forced format, or None.
        columns: Our column name to the table's own.
        fetched: The answer that it is the body of, or None for a file.
    """

    name: str
    fetcher: Fetcher
    format: str | None
    columns: Mapping[str, str]
    fetched: Fetched | None = None

    @property
    def base(self) -> str:
        return self.fetched.final_url if self.fetched else ""

    @property
    def charset(self) -> str:
        return self.fetched.charset if self.fetched else ""


def read(
    source: str,
    *,
    format: str | None = None,
    columns: Mapping[str, str] = NO_COLUMNS,
    fetcher: Fetcher | None = None,
    extraction: Extraction | None = None,
) -> Iterator[Item]:
    """Read every article of a source, one at a time.

    What cannot be read (a bad record, a binary file in a folder, a page without text) comes as a
    `SetAside` with its reason; the rest goes on.

    Args:
        source: An http(s) address, a file, a folder (read recursively, in order of names, without
            what is hidden), or ``-`` for standard input.
        format: One of `FORMATS`; recognised by content, then by name, when None.
        columns: Our column name to the table's own, e.g. ``{"text": "body"}``.
        fetcher: How addresses are fetched; also those that a feed, sitemap or list leads to.
        extraction: How the pages of files and archives are read; in this process when None.

    Raises:
        InputError: There is no such file, or the format cannot be read.
        FetchError: The address could not be fetched.
    """
    if format is not None and format not in FORMATS:
        raise InputError(f"format {format!r} cannot be read; give one of {', '.join(FORMATS)}")
    found = _found(source, format, columns, fetcher or Fetcher())
    return (extraction or Extraction()).articles(found)


def _found(
    source: str, format: str | None, columns: Mapping[str, str], fetcher: Fetcher
) -> Iterator[Item | Page]:
    """All that a source holds; pages as they came."""
    if source == "-":
        yield from _from_stream(sys.stdin.buffer, _Source("-", fetcher, format, columns))
    elif is_address(source):
        fetched = fetcher.fetch(source)
        at = _Source(source, fetcher, format, columns, fetched)
        yield from _from_stream(io.BytesIO(fetched.data), at)
    elif _is(source, Path.is_dir):
        for path in _files(Path(source)):
            if ABOUT_FOLDER.fullmatch(path.name):
                yield SetAside(str(path), "", "about its folder, by its name; give it by itself")
            else:
                yield from _from_file(path, _Source(str(path), fetcher, format, columns))
    elif _is(source, Path.is_file):
        yield from _from_file(Path(source), _Source(source, fetcher, format, columns))
    else:
        raise InputError(f"{source[:_SHOWN]}: no such file or folder")


def _files(folder: Path) -> Iterator[Path]:
    """What is in a folder, in order of names, but for what is hidden there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts):
            yield path


def _is(source: str, kind: Callable[[Path], bool]) -> bool:
    """Whether a path is of a kind; what no file system takes for a path is none."""
    try:
        return kind(Path(source))
    except (OSError, ValueError):
        return False


def _from_file(path: Path, source: _Source) -> Iterator[Item | Page]:
    try:
        with path.open("rb") as stream:
            yield from _from_stream(stream, source)
    except OSError as error:
        yield SetAside(str(path), "", f"cannot be read: {error.strerror or error}")


def _from_stream(stream: BinaryIO, source: _Source) -> Iterator[Item | Page]:
    """Every article of one file; what spoils the whole file sets the file aside."""
    try:
        plain = decompressed(stream, source.name)
        kind = source.format or recognise(plain.peek(HEAD)[:HEAD], source.name)
        yield from READERS[kind](plain, source)
    except InputError as error:
        yield SetAside(source.name, "", str(error).removeprefix(f"{source.name}: "))


def _whole(stream: io.BufferedReader, name: str) -> bytes:
    data = stream.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise InputError(f"{name}: larger than {LARGEST_PAGE // 1_000_000} MB; not read")
    return data


def _html(stream: io.BufferedReader, source: _Source) -> Iterator[Page]:
    url = source.fetched.url if source.fetched else ""
    data = _whole(stream, source.name)
    yield Page(data, source.name, url=url, final_url=source.base, charset=source.charset)


def _txt(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    data = _whole(stream, source.name)
    url = source.fetched.url if source.fetched else ""
    yield article_from_text(decode(data, source.charset), url=url, source=source.name)


def _feed(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    data = _whole(stream, source.name)
    entries = feed_entries(data, source.name, source.base, source.charset)
    yield from follow_entries(entries, source.name, source.fetcher)


def _sitemap(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    sitemap = read_sitemap(_whole(stream, source.name), source.name, source.base)
    yield from follow_sitemap(sitemap, source.name, source.fetcher)


def _urls(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    yield from follow_entries(address_list(stream, source.name), source.name, source.fetcher)


def _warc(stream: io.BufferedReader, source: _Source) -> Iterator[SetAside | Page]:
    yield from warc_pages(stream, source.name)


def _jsonl(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    yield from _from_records(json_records(stream, source.name), source)


def _csv(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    yield from _from_records(_with_text(csv_records(stream, source.name), source), source)


def _parquet(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    records = parquet_records(_seekable(stream), source.name)
    yield from _from_records(_with_text(records, source), source)


def _newsml(stream: io.BufferedReader, source: _Source) -> Iterator[Item]:
    yield from _from_records(newsml_records(_whole(stream, source.name), source.name), source)


def _seekable(stream: io.BufferedReader) -> BinaryIO:
    """The stream, or a spooled copy of one that only runs forward."""
    if stream.seekable():
        return stream
    spooled = SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 - closed when dropped
    while chunk := stream.read(1 << 20):
        spooled.write(chunk)
    spooled.seek(0)
    return spooled  # type: ignore[return-value]


def _with_text(
    records: Iterator[Record | BadRecord], source: _Source
) -> Iterator[Record | BadRecord]:
    """The rows of a table that has a column of texts: another table is no corpus, and one fault.

    Raises:
        InputError: None of its columns holds texts.
    """
    wanted = [source.columns.get(name, name) for name in ("text", "html")]
    for number, record in enumerate(records):
        if number == 0 and not isinstance(record, BadRecord):
            known = any(fits(record) for fits, _ in SHAPES)
            if not known and not any(name in record for name in wanted):
                raise InputError(
                    f"{source.name}: a table without a column of texts; if one holds them, "
                    "name it with --column text=…"
                )
        yield record


def _from_records(records: Iterator[Record | BadRecord], source: _Source) -> Iterator[Item]:
    for number, record in enumerate(records, 1):
        place = f"{source.name}#{number}"
        if isinstance(record, BadRecord):
            yield SetAside(source.name, str(number), record.reason)
            continue
        try:
            yield article_from_record(record, source=place, columns=source.columns)
        except InputError as error:
            yield SetAside(source.name, str(number), str(error).removeprefix(f"{place}: "))


READERS: Mapping[str, Callable[[io.BufferedReader, _Source], Iterator[Item | Page]]] = {
    "html": _html,
    "txt": _txt,
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "warc": _warc,
    "feed": _feed,
    "sitemap": _sitemap,
    "urls": _urls,
    "newsml": _newsml,
}
