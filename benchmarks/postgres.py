"""Adding and looking up at size in PostgreSQL, on a server of its own over loopback.

``python -m benchmarks.postgres [ARTICLES] [--keep URL]`` fills a new server (durable, 1 GB of
shared buffers, otherwise as it comes) with the articles of ``benchmarks.lookup``, then looks up
stored ones, and lets several processes do both at once. With ``--keep`` it uses, and fills where it
is missing, the index of an address. Time spent on generating articles is not counted.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version
from itertools import pairwise
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import numpy as np
import psycopg

from benchmarks.lookup import generated
from benchmarks.shared import record
from provenance.article import Article, ProvenanceError
from provenance.index import Counts, Index
from provenance.index.codec import decode, encode
from tests.index.server import running

SERVER = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
}
EACH = 100_000
LOOKUPS = 2000
CLIENTS = 16
COMMITTED = 20
SECONDS = 10
MOST_COMMITS = 8
"""Of one client in a second."""


class Timed:
    """Articles, and the seconds it took to come by them, by the clock and of this thread."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = iter(articles)
        self.seconds = self.cpu = 0.0

    def __iter__(self) -> Iterator[Article]:
        while True:
            start, cpu = time.perf_counter(), time.thread_time()
            article = next(self._articles, None)
            self.seconds += time.perf_counter() - start
            self.cpu += time.thread_time() - cpu
            if article is None:
                return
            yield article


def build(url: str, count: int) -> list[str]:
    """Fill the index; lines about speed and size."""
    articles = Timed(generated(count))
    marks: list[tuple[int, float, float, float]] = []

    with Index.open(url) as index:
        start, work, served = time.perf_counter(), time.process_time(), _server_seconds(index)

        def note(counts: Counts) -> None:
            seconds = time.perf_counter() - start - articles.seconds
            cpu = time.process_time() - work - articles.cpu
            marks.append((counts.added, seconds, cpu, _server_seconds(index) - served))
            if len(marks) % 25 == 0:
                print("{:,} in {:.0f} s; processor: {:.0f} s, server {:.0f} s".format(*marks[-1]))

        index.add(articles, progress=note)
        note(Counts(count))  # with the settling after the last batch
        info = index.info()
    _, seconds, cpu, server = marks[-1]
    reached = [next(mark for mark in marks if mark[0] >= at) for at in range(EACH, count + 1, EACH)]
    rates = [
        f"{(b[0] - a[0]) / (b[1] - a[1]):,.0f}" for a, b in pairwise([(0, 0.0, 0.0, 0.0), *reached])
    ]
    half = next(spent for added, spent, *_ in marks if added >= count // 2)
    slowest = max(np.diff([0.0, *(spent for _, spent, *_ in marks)]))
    text = sum(len(encode(article)) for article in generated(2000)) / 2000
    return [
        f"- {count:,} articles of {info.tokens / count:.0f} tokens added by one client in "
        f"{seconds:.0f} s: {count / seconds:,.0f} a second (first half {count / 2 / half:,.0f}, "
        f"second half {count / 2 / (seconds - half):,.0f}; slowest batch {slowest:.1f} s); "
        f"processor time {1e3 * cpu / count:.3f} ms an article here, "
        f"{1e3 * server / count:.3f} ms in the server",
        f"- each {EACH:,}, without the last merge: {', '.join(rates) or '–'} a second",
        f"- {info.bytes / count:,.0f} bytes an article, {info.bytes / count - text:,.0f} beyond "
        f"its compressed text ({info.postings / count:.0f} postings)",
    ]


def lookups(url: str) -> str:
    """Lookups by one client."""
    with Index.open(url, read_only=True) as index:
        subjects = _subjects(index, LOOKUPS)
        for article in subjects[:50]:
            index.find(article)
        spent, matches = [], 0
        cpu, server = time.process_time(), _server_seconds(index)
        for article in subjects:
            start = time.perf_counter()
            matches += len(index.find(article))
            spent.append(time.perf_counter() - start)
        cpu, server = time.process_time() - cpu, _server_seconds(index) - server
    p50, p99 = np.percentile(spent, (50, 99)) * 1000
    return (
        f"- lookup: p50 {p50:.1f} ms, p99 {p99:.1f} ms over {len(spent):,} stored articles "
        f"({matches / len(spent):.2f} matches each); processor time "
        f"{1e3 * cpu / len(spent):.1f} ms a lookup here, {1e3 * server / len(spent):.1f} ms in the "
        "server"
    )


def _server_seconds(index: Index) -> float:
    """Processor time that the server's process of this index's connection has taken so far."""
    ((pid,),) = index._store._session.all("SELECT pg_backend_pid()")  # type: ignore[attr-defined]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _subjects(index: Index, count: int) -> list[Article]:
    """Articles from anywhere in the index, in any order."""
    draw = np.random.default_rng(1)
    numbers = draw.integers(1, len(index), count, endpoint=True).tolist()
    bodies = index._store.bodies(numbers)
    return [decode(bodies[number]) for number in numbers if number in bodies]


def _client(url: str, articles: Sequence[Article], told: SimpleQueue[tuple[int, int]]) -> None:
    """Tell the adds and lookups of one of many clients in `SECONDS`."""
    added = looked_up = 0
    with Index.open(url) as index:
        until = time.perf_counter() + SECONDS
        for first in range(0, len(articles), COMMITTED):
            batch = articles[first : first + COMMITTED]
            added += index.add(batch).added
            for article in batch:
                index.find(article)
                looked_up += 1
                if time.perf_counter() > until:
                    told.put((added, looked_up))
                    return
    raise SystemExit("the clients have run out of articles")


def crowd(url: str) -> str:
    """Several clients that add and look up at once: new articles, most of whose texts are known."""
    own = COMMITTED * SECONDS * MOST_COMMITS
    # Their outlets stay: what a page shares with others of its outlet is no sign of a copy.
    fresh = [
        replace(article, id=f"{time.time_ns()} {article.id}", url="")
        for article in generated(CLIENTS * own)
    ]
    context = multiprocessing.get_context("fork")  # which gives them their articles at once
    told: SimpleQueue[tuple[int, int]] = context.SimpleQueue()
    clients = [
        context.Process(target=_client, args=(url, fresh[own * n : own * (n + 1)], told))
        for n in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if any(client.exitcode for client in clients):
        raise SystemExit("a client failed")
    done = [told.get() for _ in clients]
    added, looked_up = (sum(each) / SECONDS for each in zip(*done, strict=True))
    return (
        f"- {CLIENTS} clients at once, each in turn adding {COMMITTED} articles in one commit and "
        f"looking each up: {added:,.0f} articles added and {looked_up:,.0f} looked up a second in "
        "all"
    )


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=100_000)
    parser.add_argument("--keep", help="fill or reuse the index of this address")
    chosen = parser.parse_args()
    with nullcontext() if chosen.keep else running(**SERVER) as server:
        url = chosen.keep or (server.url if server else "")
        lines = [_versions(url)]
        lines += [] if _exists(url) else build(url, chosen.articles)
        lines += [lookups(url), crowd(url)]
    record(f"PostgreSQL index of {chosen.articles:,} articles", lines)


def _versions(url: str) -> str:
    with psycopg.connect(url.partition("?")[0]) as connection:
        server = connection.info.parameter_status("server_version")
    return (
        f"- PostgreSQL {server}, psycopg {version('psycopg')}; {SERVER['shared_buffers']} buffers"
    )


def _exists(url: str) -> bool:
    try:
        with Index.open(url, create=False, read_only=True) as index:
            return len(index) > 0
    except ProvenanceError:
        return False


if __name__ == "__main__":
    main()
