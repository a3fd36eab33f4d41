"""The server under load: wrk (Debian) asks for checks while `provenance add` adds new articles.

``python -m benchmarks.load INDEX [--mix stored|pages] [--seconds 60] [--clients 16] [--adds 20]``
serves a copy of an index that also holds the real pages, has wrk ask for the check of 20,000 of its
articles (``stored``) or of the real pages, sent whole (``pages``), each in random order, and all
the while has a `provenance add` read articles that the index never held: so many a second, ``inf``
as many as it can, 0 none. It tells requests a second, latencies, failures,
memory all the while, articles really added, and the CPU time of one request, which other work on
the machine does not change much. It fails when articles were to be added and none were, or adding
ended before the load did.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.request import urlopen

import orjson

from benchmarks.lookup import phrases
from benchmarks.shared import record, sampled, shared
from provenance.index import Index

SCRIPT = Path(__file__).with_suffix(".lua")
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
PROVENANCE = (sys.executable, "-m", "provenance")
ASKED = 20_000
REAL = [str(path) for path in sorted(shared("pages").glob("*.html.gz"))]
SETTLING = 15
"""Seconds until `provenance add` has begun to write."""
TICKS = os.sysconf("SC_CLK_TCK")


def stored(place: Path) -> Iterator[bytes]:
    """Requests for stored articles."""
    with Index.open(str(place), create=False, read_only=True) as index:
        ids = [article.id for article in index.articles()]
    for id in random.Random(1).sample(ids, min(ASKED, len(ids))):
        yield orjson.dumps({"id": id})


def pages(_place: Path) -> Iterator[bytes]:
    """Requests with the real pages."""
    for path in REAL:
        page = gzip.decompress(Path(path).read_bytes()).decode("utf-8", "replace")
        yield orjson.dumps({"html": page})


MIXES = {"stored": stored, "pages": pages}


def new_articles(place: Path) -> Iterator[bytes]:
    """Records of articles that no index holds; one in twenty copies, cuts or wraps a held one."""
    pool, draw = phrases(), random.Random(time.time())
    with Index.open(str(place), create=False, read_only=True) as index:
        known = [[block.text for block in each.blocks] for each in islice(index.articles(), 5000)]
    for number in count():
        lines = [" ".join(draw.choices(pool, k=12)) for _ in range(draw.randint(4, 16))]
        if draw.random() < 0.05:
            copied = draw.choice(known)
            lines = draw.choice((copied, copied[: len(copied) // 2 + 1], [*lines[:2], *copied]))
        outlet = f"outlet{draw.randrange(200)}.example"
        url = f"https://{outlet}/later/{number}"
        yield orjson.dumps({"url": url, "outlet": outlet, "text": "\n\n".join(lines)})


@contextmanager
def adding(place: Path, rate: float) -> Iterator[subprocess.Popen[bytes]]:
    """A `provenance add` that reads new articles, so many a second, until it is left."""
    command = [*PROVENANCE, "add", "-", "--format", "jsonl", "--index", str(place)]
    articles = new_articles(place)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    feeder = Thread(target=feed, args=(process, articles, rate))
    feeder.start()
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        feeder.join()


def feed(process: subprocess.Popen[bytes], articles: Iterator[bytes], rate: float) -> None:
    """Hand articles on when they are due, until nobody reads them."""
    assert process.stdin
    begun = time.monotonic()
    with suppress(BrokenPipeError), process.stdin as out:
        for number, article in enumerate(articles):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            out.write(article + b"\n")
            out.flush()


def held(place: Path) -> int:
    """How many articles an index holds."""
    with Index.open(str(place), create=False, read_only=True) as index:
        return len(index)


def await_answer(server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers."""
    while True:
        try:
            urlopen(f"{ADDRESS}/healthz").close()
        except OSError as error:
            if server.poll() is not None:
                raise SystemExit("the server ended") from error
            time.sleep(0.5)
        else:
            return


def busy() -> float:
    """Seconds for which the machine's processors have worked, for anybody."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()
    user, nice, system, _idle, _wait, *rest = map(int, fields[1:])
    return (user + nice + system + sum(rest[:2])) / TICKS


def tree(root: int) -> Iterator[int]:
    """A process and its descendants."""
    yield root
    for task in Path(f"/proc/{root}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def used(root: int) -> tuple[float, float]:
    """CPU seconds and resident megabytes of a process and its descendants."""
    seconds = resident = 0
    for process in tree(root):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds += int(fields[11]) + int(fields[12])
        resident += int(fields[21])
    return seconds / TICKS, resident * os.sysconf("SC_PAGE_SIZE") / 1e6


def wrk(clients: int, seconds: int, asked: Path) -> str:
    """What wrk says."""
    return subprocess.run(
        ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", "--timeout=10s", "--latency", "-s", SCRIPT,
         ADDRESS],
        env={**os.environ, "LOAD_BODIES": str(asked)}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def measure(place: Path, asked: Path, chosen: argparse.Namespace) -> list[str]:
    """Serve, warm up, load, and tell."""
    command = [*PROVENANCE, "serve", "--index", str(place), "--port", str(PORT)]
    clients, seconds = chosen.clients, chosen.seconds
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        await_answer(server)
        wrk(clients, 15, asked)
        with adding(place, chosen.adds) if chosen.adds else nullcontext() as writer:
            time.sleep(SETTLING if writer else 0)
            articles, begun = held(place), time.monotonic()
            before, whole = used(server.pid)[0], busy()
            with sampled(lambda: used(server.pid)[1], seconds / 10) as memory:
                said = wrk(clients, seconds, asked)
            after, whole = used(server.pid)[0], busy() - whole
            added, taken = held(place) - articles, time.monotonic() - begun
            if writer and (writer.poll() is not None or not added):
                raise SystemExit(f"adding ended early, after {added} articles")
        metrics = urlopen(f"{ADDRESS}/metrics").read().decode()
    finally:
        server.terminate()
        server.wait()
    count = int(next(line for line in said.splitlines() if "requests in" in line).split()[0])
    kept = ("50%", "99%", "Requests/sec", "Socket errors", "Non-2xx")
    failed = [
        line
        for line in metrics.splitlines()
        if line.startswith("provenance_requests_total") and 'status="200"' not in line
    ]
    return [
        f"- {clients} clients ask for {chosen.mix} articles, {seconds} s, "
        f"{added:,} new ones added meanwhile ({added / taken:.1f} a second): "
        + "; ".join(
            " ".join(line.split()) for line in said.splitlines() if line.strip().startswith(kept)
        ),
        f"- CPU of server and checkers: {(after - before) / count * 1000:.1f} ms a request, "
        f"{(after - before) / taken:.2f} processors of {whole / taken:.2f} that worked at all; "
        f"memory, MB, in ten steps: {', '.join(f'{each:,.0f}' for each in memory)}",
        f"- answers other than 200: {'; '.join(failed) or 'none'}; "
        f"load average of the machine {os.getloadavg()[0]:.1f}",
    ]


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--mix", choices=MIXES, default="stored")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--adds", type=float, default=20.0)
    chosen = parser.parse_args()
    with TemporaryDirectory(dir=chosen.index.parent) as folder:
        place, asked = Path(folder) / "load.db", Path(folder) / "bodies"
        shutil.copy(chosen.index, place)
        command = [*PROVENANCE, "add", *REAL, "--index", str(place)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        asked.write_bytes(b"\n".join(MIXES[chosen.mix](place)) + b"\n")
        record("Server under load", measure(place, asked, chosen))


if __name__ == "__main__":
    main()
