"""Web archives: what crawlers write, and what is left of it after an accident."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from provenance.article import Article, SetAside
from provenance.sources import read
from provenance.sources.extraction import Extraction
from provenance.sources.recognise import decompressed
from provenance.sources.warc import warc_pages

HEAD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.org/raw\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: "
)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Some text of a page</p>"


def page(number: int, text: str = "Grüße vom Fluss") -> bytes:
    return f"<html><title>Story {number}</title><h1>Story {number}</h1><p>{text}</p>".encode()


def chunked(data: bytes) -> bytes:
    parts = [data[start : start + 7] for start in range(0, len(data), 7)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw(http: bytes, length: int | None = None) -> bytes:
    return HEAD + b"%d\r\n\r\n%b\r\n\r\n" % (len(http) if length is None else length, http)


class Archive:
    """Writes an archive as a crawler does."""

    def __init__(self, gzipped: bool) -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=gzipped)
        self.writer.write_record(self.writer.create_warcinfo_record("x.warc", {"by": "a test"}))

    def response(self, path: str, body: bytes, status: str = "200 OK", **headers: str) -> None:
        named = {"Content-Type": "text/html; charset=utf-8"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        http = StatusAndHeaders(status, list(named.items()), protocol="HTTP/1.1")
        address = f"https://paper.org{path}"
        record = self.writer.create_warc_record(
            address, "response", payload=io.BytesIO(body), http_headers=http
        )
        self.writer.write_record(record)

    def revisit(self, path: str) -> None:
        address = f"https://paper.org{path}"
        record = self.writer.create_revisit_record(address, "sha1:A", address, "2026-01-01T00:00Z")
        self.writer.write_record(record)

    def save(self, path: Path) -> str:
        path.write_bytes(self.file.getvalue())
        return str(path)


def articles(source: str) -> list[Article]:
    return [item for item in read(source) if isinstance(item, Article)]


def reasons(source: str) -> list[str]:
    return [item.reason for item in read(source) if isinstance(item, SetAside)]


@pytest.mark.parametrize("gzipped", [True, False])
def test_pages_come_decoded_and_what_is_no_page_is_passed_over(
    gzipped: bool, tmp_path: Path
) -> None:
    archive = Archive(gzipped)
    archive.response("/plain", page(0))
    archive.response("/chunked", chunked(page(1)), Transfer_Encoding="chunked")
    archive.response("/gzip", gzip.compress(page(2)), Content_Encoding="gzip")
    both = chunked(gzip.compress(page(3)))
    archive.response("/both", both, Transfer_Encoding="chunked", Content_Encoding="gzip")
    archive.response("/br", brotli.compress(page(4)), Content_Encoding="br")
    latin = page(5).decode().encode("latin-1")
    archive.response("/latin", latin, Content_Type="text/html; charset=iso-8859-1")
    archive.revisit("/plain")
    archive.response("/picture", b"\x89PNG", Content_Type="image/png")
    archive.response("/moved", b"", status="301 Moved", Location="/plain")
    archive.response("/gone", page(9), status="404 Not Found")
    name = archive.save(tmp_path / "news.warc.gz")
    found = articles(name)
    assert [article.title for article in found] == [f"Story {number}" for number in range(6)]
    assert all(article.text == "Grüße vom Fluss" for article in found)
    assert [article.final_url for article in found[:2]] == [
        "https://paper.org/plain",
        "https://paper.org/chunked",
    ]
    assert found[0].source == f"{name}#2"
    assert reasons(name) == []


def test_a_bad_page_is_set_aside_and_the_next_one_read(tmp_path: Path) -> None:
    archive = Archive(True)
    archive.response("/empty", b"<html></html>")
    broken = gzip.compress(random.Random(0).randbytes(90_000))
    damaged = broken[:50_000] + bytes(2000) + broken[52_000:]
    archive.response("/broken", damaged, Content_Encoding="gzip")
    letters = b"a" * 200_000_000
    archive.response("/bomb", gzip.compress(letters), Content_Encoding="gzip")
    archive.response("/bomb", brotli.compress(letters, quality=5), Content_Encoding="br")
    archive.response("/good", page(1))
    name = archive.save(tmp_path / "news.warc.gz")
    assert [article.title for article in articles(name)] == ["Story 1"]
    empty, rotten, *bombs = reasons(name)
    assert "https://paper.org/empty: page without text" in empty
    assert rotten.startswith("https://paper.org/broken: ")
    assert ["larger than 20 MB" in bomb for bomb in bombs] == [True, True]


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_file_cut_anywhere_gives_what_came_before(gzipped: bool, tmp_path: Path) -> None:
    archive = Archive(gzipped)
    for number in range(3):
        archive.response(f"/{number}", page(number))
    whole = archive.file.getvalue()
    for length in range(60, len(whole) - 4, 131):
        path = tmp_path / f"cut{length}.warc"
        path.write_bytes(whole[:length])
        titles = [article.title for article in articles(str(path))]
        assert titles == [f"Story {number}" for number in range(len(titles))]
        assert len(titles) < 3 or length > len(whole) - 20
        if len(titles) < 2:
            assert len(reasons(str(path))) <= 1
    assert reasons(str(tmp_path / "cut60.warc")) != []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"WARC/1.0\r\n\0\1\2", "record is cut off"),
        (b"WARC/1.0", "record is cut off"),
        (b"WARC/1.0\r\nX: " + b"a" * 50_000_000, "headers larger than 4 MB"),
        (b"WARC/1.0\r\n" + b"A: b\r\n" * 700_000, "headers larger than 4 MB"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 50_000_000), "headers larger than 4 MB"),
        (raw(OK, 5) + raw(OK), "damaged record, the rest is not read"),
        (raw(OK, -5) + raw(OK), "damaged record, the rest is not read"),
        (raw(OK, 10**30), "damaged record, the rest is not read"),
        (raw(OK, 10**12), "record is cut off"),
    ],
)
def test_hostile_archives_end_in_one_clear_line(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.warc"
    path.write_bytes(data)
    assert reason in reasons(str(path))[-1]
    assert "\n" not in reasons(str(path))[-1]


def test_wrong_chunks_and_wrong_encodings_are_read_as_they_are(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.warc"
    odd = OK.replace(b"OK\r\n", b"OK\r\nTransfer-Encoding: chunked\r\n")
    endless = odd.replace(b"<p>", b"ffffffffffff\r\n<p>")
    lying = OK.replace(b"OK\r\n", b"OK\r\nContent-Encoding: gzip\r\n")
    path.write_bytes(raw(odd) + raw(endless) + raw(lying)[:-4] + b"junk\r\n" + raw(OK))
    found = articles(str(path))
    assert len(found) == 4
    assert all(article.text.endswith("Some text of a page") for article in found)
    assert capfd.readouterr().err == ""


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = []
    for count in (6, 48):
        archive = Archive(True)
        for number in range(count):
            archive.response(f"/{number}", page(number, "A line of some length. " * 400))
        name = archive.save(tmp_path / "news.warc.gz")
        tracemalloc.start()
        assert sum(1 for _ in read(name)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_is_told_and_nothing_worse(data: st.DataObject) -> None:
    archive = bytearray(raw(OK) * 3)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(archive) - 1))
        archive[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    stream = decompressed(io.BytesIO(bytes(archive)), "fuzzed")
    items = list(Extraction().articles(warc_pages(stream, "fuzzed")))
    assert len(items) <= 4
    assert all("\n" not in item.reason for item in items if isinstance(item, SetAside))
