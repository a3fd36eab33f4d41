"""What a file or stream is: compression and format, by content first, then by name."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from provenance.article import InputError

FORMATS = (
    "html", "txt", "jsonl", "csv", "parquet", "warc", "feed", "sitemap", "urls", "newsml",
)  # fmt: skip
HEAD = 8192
"""Bytes looked at to recognise a format."""
LARGEST_RATIO = 1000
"""Decompressed over compressed size beyond which a stream is taken for a bomb."""
RATIO_FROM = 100_000_000
"""Decompressed bytes before the ratio counts: small files of one letter are no danger."""
LARGEST_WINDOW = 1 << 27
STEP = 1 << 12
"""Bytes of Zstandard taken at once: the worst of bombs makes some 100 MB of them."""
GZIP, ZSTD, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
BINARY = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "ZIP or Office"), (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"\x7fELF", "program"),
    (b"SQLite format 3", "SQLite"), (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"), (b"RIFF", "media"), (b"ID3", "audio"), (b"OggS", "audio"),
)  # fmt: skip
HTML_START = re.compile(
    rb"<(?:!doctype\s{1,9}html|html|head|body|title|meta|script|div|article|p|h1|main|section|table)\b",
    re.I,
)
NEWSML = re.compile(rb"<(?:\w{1,20}:)?(?:newsMessage|newsItem|packageItem)\b[^>]{0,900}iptc\.org")
JSON_LIST = re.compile(rb"\[\s{0,1000}[{\[\]]")
JSON_FEED = re.compile(rb"""^\{[^{}\[\]]{0,2000}"https?:(?:\\?/){2}jsonfeed\.org\\?/version""")
ADDRESS_LINE = re.compile(rb"(?:https?://\S{1,2048}|#.{0,2048})?\s{0,9}")
MISTAKES = 3
"""Least number of lines in a list of addresses to each that is no address."""
MARKUP_LATER = re.compile(rb"<(?:html|body|article|p|div)\b", re.I)
SUFFIXES = {
    "html": "html", "htm": "html", "xhtml": "html", "shtml": "html", "php": "html", "asp": "html",
    "txt": "txt", "text": "txt", "md": "txt", "jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl",
    "csv": "csv", "tsv": "csv", "parquet": "parquet", "pq": "parquet", "warc": "warc",
    "rss": "feed", "atom": "feed", "urls": "urls",
}  # fmt: skip


class _Counted(io.RawIOBase):
    """Counts the compressed bytes taken, also from a stream that cannot tell."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        self.taken += len(data)
        return len(data)


class _Frames:
    """Zstandard, frame after frame: the library's own reader takes a torn end for the end."""

    def __init__(self, source: _Counted) -> None:
        from zstandard import ZstdDecompressor

        self._source = source
        self._begin = ZstdDecompressor(max_window_size=LARGEST_WINDOW).decompressobj
        self._frame: Any = None
        self._taken, self._ready = b"", memoryview(b"")

    def read1(self, size: int) -> bytes:
        """At most so many bytes.

        Raises:
            EOFError: The last frame is torn.
        """
        while not self._ready:
            self._taken = self._taken or self._source.read(STEP) or b""
            if not self._taken:
                if self._frame is not None:
                    raise EOFError("ended in the middle of a frame")
                break
            frame = self._frame or self._begin()
            self._ready = memoryview(frame.decompress(self._taken))
            self._taken = frame.unused_data
            self._frame = None if frame.eof else frame
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)


class _Bounded(io.RawIOBase):
    """A decompressed stream that refuses to grow beyond all proportion to its source."""

    def __init__(self, inner: gzip.GzipFile | _Frames, source: _Counted, name: str) -> None:
        self._inner, self._source, self._name = inner, source, name
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))  # read would lose what comes before a tear
        except InputError:
            raise
        except Exception as error:  # gzip, zlib and zstandard each raise their own kinds
            raise InputError(f"{self._name}: damaged compression ({error})") from error
        self._given += len(data)
        if self._given > RATIO_FROM and self._given > LARGEST_RATIO * self._source.taken:
            raise InputError(f"{self._name}: decompresses beyond all proportion; refused")
        buffer[: len(data)] = data
        return len(data)


def decompressed(stream: BinaryIO, name: str) -> io.BufferedReader:
    """The stream itself, or what is in it if it is gzip or Zstandard.

    Raises:
        InputError: While reading, when the compression is damaged or a bomb.
    """
    buffered = (
        stream
        if isinstance(stream, io.BufferedReader)
        else io.BufferedReader(cast(io.RawIOBase, stream))
    )
    start = buffered.peek(4)[:4]
    source = _Counted(buffered)
    inner: gzip.GzipFile | _Frames
    if start.startswith(GZIP):
        inner = gzip.GzipFile(fileobj=cast(BinaryIO, source))
    elif start == ZSTD:
        inner = _Frames(source)
    else:
        return buffered
    return io.BufferedReader(_Bounded(inner, source, name))


def recognise(head: bytes, name: str) -> str:
    """The format of a decompressed stream.

    Args:
        head: Its first bytes.
        name: The file's name, ``-``, or an address.

    Raises:
        InputError: It is binary and none of the formats read.
    """
    if head.startswith(PARQUET):
        return "parquet"
    if head.startswith(b"WARC/"):
        return "warc"
    kind = next((kind for mark, kind in BINARY if head.startswith(mark)), "")
    if kind or _looks_binary(head):
        raise InputError(
            f"{name}: a binary file ({kind or 'unknown'}), not one of the formats read"
        )
    by_name = _by_name(name)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:HEAD]
    if start.startswith(b"<"):
        markup = _markup(start)
        if markup:
            return markup
    elif start.startswith(b"{") or JSON_LIST.match(start):
        return "feed" if JSON_FEED.search(start) else "jsonl"
    elif _only_addresses(start):
        return "urls"
    if by_name in ("csv", "jsonl", "txt", "html", "urls"):
        return by_name
    return "html" if MARKUP_LATER.search(start) else "txt"


def _markup(start: bytes) -> str:
    """Which kind of angle brackets; empty for text that only begins with one."""
    lower = start.lower()
    if b"<urlset" in lower or b"<sitemapindex" in lower:
        return "sitemap"
    if NEWSML.search(start):
        return "newsml"
    if (b"<rss" in lower or b"<feed" in lower or b"<rdf:rdf" in lower) and b"<html" not in lower:
        return "feed"
    return "html" if HTML_START.search(start) else ""


def _only_addresses(start: bytes) -> bool:
    """Whether the first line is an http address, and of the rest all but a few: mistakes happen."""
    whole = start.split(b"\n") if len(start) < HEAD - 3 else start.split(b"\n")[:-1]
    found = [line for line in whole if line.strip() and not line.startswith(b"#")]
    others = [line for line in found if not ADDRESS_LINE.fullmatch(line)]
    return len(found) > MISTAKES * len(others) and found[0] not in others


def _by_name(name: str) -> str:
    suffixes = (suffix.lstrip(".").lower() for suffix in reversed(PurePath(name).suffixes[-2:]))
    return next((SUFFIXES[suffix] for suffix in suffixes if suffix in SUFFIXES), "")


def _looks_binary(head: bytes) -> bool:
    """Many control bytes, and not the zero bytes of UTF-16 text."""
    sample = head[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return controls * 30 > len(sample)


def lines(stream: io.BufferedReader, limit: int, name: str) -> Iterator[bytes | InputError]:
    """Lines of a stream; one longer than `limit` bytes comes as an error and is skipped over."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        yield InputError(f"record is larger than {limit // 1_000_000} MB; not read")
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
