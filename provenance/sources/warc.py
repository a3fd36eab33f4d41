"""Web archives (WARC) → pages, one record at a time, in constant memory."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from provenance.article import InputError, SetAside
from provenance.sources.answers import CHARSET
from provenance.sources.extraction import Page
from provenance.sources.html import LARGEST_PAGE
from provenance.sources.recognise import HEAD, recognise

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

LARGEST_HEAD = 4_000_000
"""Bytes of one record's headers, beyond which a file is no archive."""
CHUNK = 1 << 16
PAGES = ("text/html", "application/xhtml+xml", "")
"""Media types read; an empty one is looked into."""


def warc_pages(stream: io.BufferedReader, name: str) -> Iterator[Page | SetAside]:
    """The pages of an archive's responses, in order.

    Requests, metadata, pictures, redirects and errors are passed over without a word; so are
    revisit records, which say that a page was fetched again and had not changed. A page that
    cannot be read is set aside, as is what is left of a file that ends or breaks in the middle.

    Args:
        stream: The archive, decompressed.
        name: For messages and for the pages' `name`.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import BufferedReader

    BufferedReader.DECOMPRESSORS["br"] = _Brotli
    metered = _Metered(stream)
    records = iter(ArchiveIterator(metered))
    number = 0
    while True:
        number += 1
        try:
            with metered.head(), _muted():
                record = next(records, None)
            if record is None and number == 1:
                raise InputError("no whole record in it")
            if record is None:
                return
            item = _item(record, name, str(number))
            complete = _drained(record)
        except InputError as error:
            yield SetAside(name, str(number), str(error).removeprefix(f"{name}: "))
            return
        except Exception as error:  # the library raises whatever the damage leads it into
            reason = f"damaged record, the rest is not read ({str(error)[:80]})"
            yield SetAside(name, str(number), " ".join(reason.split()))
            return
        if item and complete:
            yield item
        elif not complete:
            yield SetAside(name, str(number), "record is cut off")


class _Metered:
    """A stream that refuses to give more than a head's worth while a head is read."""

    def __init__(self, inner: io.BufferedReader) -> None:
        self._inner = inner
        self._left: int | None = None

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read1(size)  # not read: it would lose what comes before a tear
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise InputError(f"headers larger than {LARGEST_HEAD // 1_000_000} MB; not read")
        return data

    @contextmanager
    def head(self) -> Iterator[None]:
        self._left = LARGEST_HEAD
        yield
        self._left = None


class _Brotli:
    """Brotli as the archive library wants it; its own binding fails with recent versions."""

    unused_data = None

    def __init__(self) -> None:
        from brotli import Decompressor

        self._inner = Decompressor()

    def decompress(self, data: bytes) -> bytes:
        return bytes(self._inner.process(data, output_buffer_limit=LARGEST_PAGE + 1))


@contextmanager
def _muted() -> Iterator[None]:
    """Keep the library's remarks about odd records off standard error."""
    kept, sys.stderr = sys.stderr, io.StringIO()
    try:
        yield
    finally:
        sys.stderr = kept


def _item(record: ArcWarcRecord, name: str, number: str) -> Page | SetAside | None:
    """The page of a record; None when it holds none."""
    http = record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return None
    kind = (http.get_header("Content-Type") or "").strip()
    if kind.partition(";")[0].strip().lower() not in PAGES:
        return None
    charset = CHARSET.search(kind)
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    try:
        data = _body(record.content_stream())
        recognise(data[:HEAD], url)
    except InputError as error:
        return SetAside(name, number, f"{url}: {str(error).removeprefix(f'{url}: ')}")
    except Exception as error:  # each decompressor raises its own kinds
        return SetAside(name, number, f"{url}: damaged compression ({str(error)[:80]})")
    return Page(data, name, number, url, url, charset.group(1) if charset else "")


def _body(content: Any) -> bytes:
    """The decoded body, a little more than a page's worth of it at most."""
    parts: list[bytes] = []
    size = 0
    with _muted():
        while size <= LARGEST_PAGE and (part := content.read(CHUNK)):
            parts.append(part)
            size += len(part)
    return b"".join(parts)


def _drained(record: ArcWarcRecord) -> bool:
    """Read a record to its end; whether all of it was there."""
    while record.raw_stream.read(CHUNK):
        continue
    return record.length is not None and not getattr(record.raw_stream, "limit", 0)
