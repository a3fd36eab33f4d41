"""Reading web archives: pages a second, reading alone and with extraction, and the memory of it.

The archive is made of the shared real pages, as crawlers store them: a third plain, a third in
chunks, a third compressed and in chunks, with a revisit record after every tenth.
"""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from benchmarks.shared import record, shared
from provenance.article import Article
from provenance.sources import article_from_html, extraction, read
from provenance.sources.extraction import Extraction, Page

PAGES = 1280
EXTRACTED = 256
PROCESSES = 2
WARMING = 100
"""Pages that are not timed: the first ones start the processes."""


def pages() -> list[bytes]:
    """The shared pages, decompressed."""
    files = sorted(shared("pages").glob("*.html*"))
    return [gzip.open(f).read() if f.suffix == ".gz" else f.read_bytes() for f in files]


def chunked(data: bytes) -> bytes:
    """A body in chunks of 8 KiB, as HTTP/1.1 sends it."""
    parts = (data[start : start + 8192] for start in range(0, len(data), 8192))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def write(path: Path, bodies: list[bytes], count: int) -> None:
    """Write an archive of so many responses."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for number in range(count):
            body, headers = bodies[number % len(bodies)], [("Content-Type", "text/html")]
            if number % 3 == 2:
                body = gzip.compress(body, 6)
                headers.append(("Content-Encoding", "gzip"))
            if number % 3:
                body = chunked(body)
                headers.append(("Transfer-Encoding", "chunked"))
            address = f"https://site{number % 50}.example.org/story/{number}"
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            made = writer.create_warc_record(
                address, "response", payload=io.BytesIO(body), http_headers=http
            )
            writer.write_record(made)
            if number % 10 == 0:
                writer.write_record(
                    writer.create_revisit_record(address, "sha1:A", address, "2026-01-01T00:00:00Z")
                )


def per_second(work: Callable[[], int]) -> float:
    """Pages a second of processor time, which the load of the machine does not change much."""
    start = time.process_time()
    count = work()
    return count / (time.process_time() - start)


def peak_memory() -> int:
    """Most resident memory so far, in MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def unread(_page: Page) -> Article:
    """Stands for extraction where reading alone is measured."""
    return Article("", ())


def merely_trafilatura(page: bytes) -> str | None:
    """What our extraction asks of it, and nothing else."""
    from trafilatura import extract

    return extract(page, include_comments=False, include_tables=True, fast=True)


def count(items: Iterator[object]) -> int:
    """How many there are."""
    return sum(1 for _ in items)


def main() -> None:
    """Measure and print; ``--record`` appends to the results."""
    bodies = pages()
    lines = [
        f"{len(bodies)} real pages of {sum(map(len, bodies)) / len(bodies) / 1000:.0f} KB.",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder:
        rates = {}
        for name in ("pages.warc.gz", "pages.warc"):
            path = Path(folder, name)
            write(path, bodies, PAGES)
            with patch.object(extraction, "article_of", unread):
                rates[name] = per_second(lambda path=path: count(read(str(path))))  # type: ignore[misc]
                lines.append(f"- {name}: reading alone {rates[name]:,.0f} pages/s")
            lines.append(f"  ({path.stat().st_size / 1e6:.0f} MB, memory {peak_memory()} MiB)")
        path = Path(folder, "pages.warc.gz")
        both = per_second(lambda: count(islice(read(str(path)), EXTRACTED)))
        again = bodies * (EXTRACTED // len(bodies))
        alone = per_second(
            lambda: count(article_from_html(b, url="https://a.org/x") for b in again)
        )
        library = per_second(lambda: count(map(merely_trafilatura, again)))
        memory = peak_memory()
        with Extraction(PROCESSES) as processes:
            items = read(str(path), extraction=processes)
            count(islice(items, WARMING))
            start = time.perf_counter()
            count(islice(items, EXTRACTED))
        seconds = time.perf_counter() - start
    lines += [
        f"- extraction alone: {alone:,.0f} pages/s; merely trafilatura's text of the same pages, "
        f"with the same settings: {library:,.0f} ({alone / library:.2f})",
        f"- pages.warc.gz with extraction: {both:,.0f} pages/s, memory {memory} MiB",
        f"- the same in {PROCESSES} processes: {EXTRACTED / seconds:,.0f} pages/s by the clock",
        "",
        f"The limit is extraction: reading is {100 * both / rates['pages.warc.gz']:.0f} % of it.",
    ]
    if "--record" in sys.argv:
        record("Web archives", lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
