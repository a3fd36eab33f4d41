"""Mutated pages, feeds, sitemaps, agency feeds, tables and archives: no crash, no hang, no bloat.

``python -m tests.sources.fuzz [CASES] [SEED]``; ``make fuzz`` runs for an hour. Mutations are of
bytes (flipped, cut, doubled, foreign) and of structure (tags, braces and lines dropped, repeated,
nested, swapped between files). A case that fails is written to the folder ``fuzz-failures``.
"""

from __future__ import annotations

import gzip
import random
import re
import resource
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import orjson

from benchmarks.shared import shared
from provenance.article import Article, InputError, SetAside
from provenance.sources import Fetcher, read
from provenance.sources.manners import Manners
from tests.sources.test_agency_feeds import G2, MEDIA_CLOUD, NELA, NINJS_1, NINJS_2, WEBHOSE
from tests.sources.test_feeds import ATOM, JSON_FEED, RSS
from tests.sources.test_warc import Archive, chunked

LONGEST = 5.0
"""Seconds that one case may take."""
MOST_MEMORY = 1_000_000
"""KiB that the process may reach."""
LARGEST = 5_000_000
"""Bytes of a case."""
PARTS = re.compile(rb"<[^>]{0,300}>|[{}\[\],:]|\n|[^<{}\[\],:\n]{1,400}")
ODD = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"<![CDATA[", b"]]>", b"<!--", b"<!DOCTYPE x [", b"&#0;",
    b"&#x110000;", b"%00", b"\xed\xa0\x80", b"\\ud800", b"1e999999", b"-1", b"\r\n\r\n",
    b"WARC/1.0", b"99999999999999999999", b"<?xml version='1.0' encoding='utf-16'?>",
    b"charset=utf-7", b"://[",
)  # fmt: skip


def seeds() -> dict[str, list[bytes]]:
    """Good files of each format."""
    paths = sorted(shared("pages").glob("*.html.gz"))[::4]
    pages = [gzip.decompress(path.read_bytes()) for path in paths]
    pages = [page for page in pages if len(page) < 400_000]
    archive = Archive(False)
    for number, page in enumerate(pages[:3]):
        archive.response(f"/{number}", page[:40_000])
        archive.response(f"/c{number}", chunked(page[:5_000]), Transfer_Encoding="chunked")
        packed = gzip.compress(page[:40_000])
        archive.response(f"/z{number}", packed, Content_Encoding="gzip")
        archive.revisit(f"/{number}")
    records = [orjson.dumps(one) for one in (NINJS_1, NINJS_2, WEBHOSE, MEDIA_CLOUD, NELA)]
    sitemap = (
        b"<urlset><url><loc>https://x.invalid/1</loc><lastmod>2026-01-01</lastmod></url></urlset>"
    )
    return {
        "html": pages,
        "feed": [RSS.encode(), ATOM.encode(), JSON_FEED.encode()],
        "sitemap": [
            sitemap,
            sitemap.replace(b"urlset", b"sitemapindex").replace(b"url>", b"sitemap>"),
        ],
        "newsml": [G2.format(text="Some text.", more="And more.").encode()],
        "jsonl": [b"\n".join(records), b"[" + b",\n".join(records) + b"]"],
        "csv": [b"text,url,published\n" + b'"A text, long",https://x.invalid,2026-01-01\n' * 20],
        "urls": [b"https://x.invalid/1\n# a remark\nhttps://y.invalid/2\n"],
        "warc": [archive.file.getvalue()],
    }


def flip(data: bytes, rng: random.Random, _other: bytes) -> bytes:
    """Some bits flipped."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(data: bytes, rng: random.Random, _other: bytes) -> bytes:
    """A part taken out, or the end."""
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + (data[end:] if rng.random() < 0.5 else b"")


def insert(data: bytes, rng: random.Random, _other: bytes) -> bytes:
    """Odd bytes put in, once or many times."""
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(ODD) * rng.choice((1, 1, 3, 1000)) + data[place:]


def splice(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """The beginning of one file, the end of another."""
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def restructure(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """Tags, braces, lines and texts dropped, doubled, swapped, or nested deeply."""
    parts = PARTS.findall(data)
    foreign = PARTS.findall(other[:20_000])
    for _ in range(rng.randint(1, 30)):
        if not parts:
            return data
        place = rng.randrange(len(parts))
        kind = rng.randrange(5)
        if kind == 0:
            del parts[place]
        elif kind == 1 and len(parts[place]) <= 400:
            parts[place] *= rng.choice((2, 50, 5000))
        elif kind == 2:
            to = rng.randrange(len(parts))
            parts[place], parts[to] = parts[to], parts[place]
        elif kind == 3 and foreign:
            parts.insert(place, rng.choice(foreign))
        else:
            parts[place] = parts[place].swapcase()
    return b"".join(parts)


MUTATIONS: tuple[Callable[[bytes, random.Random, bytes], bytes], ...] = (
    flip, cut, insert, splice, restructure,
)  # fmt: skip


def mutated(files: dict[str, list[bytes]], rng: random.Random) -> tuple[str, bytes]:
    """A format and a file that was one of it."""
    kind = rng.choice(list(files))
    data = rng.choice(files[kind])
    for _ in range(rng.randint(1, 3)):
        other = rng.choice(files[rng.choice(list(files))])
        data = rng.choice(MUTATIONS)(data, rng, other) or b" "
    data = data[:LARGEST]
    return kind, gzip.compress(data, 1) if rng.random() < 0.1 else data


def run(path: Path, kind: str | None) -> Counter[str]:
    """Read one file; what came of it."""
    fetcher = Fetcher(attempts=1, connect_timeout=0.1, manners=Manners(delay=0, backoff=0))
    found: Counter[str] = Counter()
    for item in read(str(path), format=kind, fetcher=fetcher):
        found[type(item).__name__] += 1
        if isinstance(item, Article):
            assert item.blocks and item.id
        if isinstance(item, SetAside):
            assert item.reason and "\n" not in item.reason
    return found


def main(cases: int, seed: int, seconds: float = float("inf")) -> None:
    """Run so many cases, or for so many seconds."""
    files, rng = seeds(), random.Random(seed)
    found: Counter[str] = Counter()
    slowest, failures, memory, began = 0.0, 0, 0, time.monotonic()
    no_network = patch("socket.getaddrinfo", side_effect=socket.gaierror)
    with TemporaryDirectory() as folder, no_network:
        path = Path(folder, "case")
        for number in range(cases):
            kind, data = mutated(files, rng)
            path.write_bytes(data)
            start = time.monotonic()
            try:
                found += run(path, kind if rng.random() < 0.7 else None)
            except InputError:
                found["InputError"] += 1
            except Exception as error:
                failures += 1
                print(f"case {number} ({kind}): {type(error).__name__}: {str(error)[:200]}")
                Path("fuzz-failures").mkdir(exist_ok=True)
                Path("fuzz-failures", f"{seed}-{number}.{kind}").write_bytes(data)
            now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            if now > memory + 100_000:
                print(f"case {number} ({kind}, {len(data)} bytes): memory now {now // 1024} MiB")
            memory = max(memory, now)
            taken = time.monotonic() - start
            slowest = max(slowest, taken)
            if taken > LONGEST:
                failures += 1
                print(f"case {number} ({kind}): took {taken:.1f} s")
                Path("fuzz-failures").mkdir(exist_ok=True)
                Path("fuzz-failures", f"{seed}-{number}-slow.{kind}").write_bytes(data)
            if time.monotonic() - began > seconds:
                break
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{number + 1} cases: {dict(found)}; slowest {slowest:.2f} s; memory {memory // 1024} MiB"
    )
    if failures or memory > MOST_MEMORY:
        raise SystemExit(f"{failures} cases failed; most memory {memory // 1024} MiB")


if __name__ == "__main__":
    numbers = [float(value) for value in sys.argv[1:]]
    main(int(numbers[0]) if numbers else 10_000, int(numbers[1]) if len(numbers) > 1 else 0,
         *numbers[2:3])  # fmt: skip
