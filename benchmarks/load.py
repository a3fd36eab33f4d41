"""The server under load: wrk (Debian) asks for checks of stored pages while `add` writes.

``python -m benchmarks.load INDEX [--seconds 60] [--clients 16]`` serves a copy of an index, has wrk
ask for the check of 20,000 of its articles in random order, adds articles all the while, and tells
requests a second, latencies, failures, the memory all the while, and the CPU time of one request,
which other work on the machine does not change much.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import orjson

from benchmarks.lookup import generated
from benchmarks.shared import record, sampled
from provenance.index import Index

SCRIPT = Path(__file__).with_suffix(".lua")
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
ASKED = 20_000
TICKS = os.sysconf("SC_CLK_TCK")


def bodies(place: Path, out: Path) -> None:
    """Requests for stored articles, one a line."""
    with Index.open(str(place), create=False, read_only=True) as index:
        ids = [article.id for article in index.articles()]
    chosen = random.Random(1).sample(ids, min(ASKED, len(ids)))
    out.write_bytes(b"\n".join(orjson.dumps({"id": id}) for id in chosen) + b"\n")


def tree(root: int) -> Iterator[int]:
    """A process and its descendants."""
    yield root
    for task in Path(f"/proc/{root}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def used(root: int) -> tuple[float, float]:
    """CPU seconds and resident megabytes of a process and its descendants."""
    seconds = pages = 0
    for process in tree(root):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds += int(fields[11]) + int(fields[12])
        pages += int(fields[21])
    return seconds / TICKS, pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def wrk(clients: int, seconds: int, asked: Path) -> str:
    """What wrk says."""
    return subprocess.run(
        ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", "--timeout=10s", "--latency", "-s", SCRIPT,
         ADDRESS],
        env={**os.environ, "LOAD_BODIES": str(asked)}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def add_forever(place: Path) -> subprocess.Popen[bytes]:
    """A process that adds generated articles, some at a time, until it is stopped."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.load", "--add", str(place)])


def adding(place: str) -> None:
    """Add ten articles at a time, each with another address."""
    pool = list(islice(generated(2000), 2000))
    with Index.open(place) as index:
        for start in range(0, len(pool), 10):
            index.add(pool[start : start + 10])
            time.sleep(0.5)


def measure(place: Path, asked: Path, clients: int, seconds: int) -> list[str]:
    """Serve, warm up, load, and tell."""
    command = [sys.executable, "-m", "provenance", "serve", "--index", str(place)]
    server = subprocess.Popen([*command, "--port", str(PORT)], stderr=subprocess.DEVNULL)
    try:
        time.sleep(5)
        wrk(4, 10, asked)
        writer = add_forever(place)
        before, _ = used(server.pid)
        with sampled(lambda: used(server.pid)[1], seconds / 10) as memory:
            said = wrk(clients, seconds, asked)
        after, _ = used(server.pid)
        writer.terminate()
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
        f"- {clients} clients, {seconds} s, while articles are added: "
        + "; ".join(
            " ".join(line.split()) for line in said.splitlines() if line.strip().startswith(kept)
        ),
        f"- CPU of server and checkers: {(after - before) / count * 1000:.1f} ms a request; "
        f"memory, MB, in ten steps: {', '.join(f'{each:,.0f}' for each in memory)}",
        f"- answers other than 200: {'; '.join(failed) or 'none'}; "
        f"load average of the machine {os.getloadavg()[0]:.1f}",
    ]


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--add", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.add:
        adding(chosen.add)
        return
    with TemporaryDirectory(dir=chosen.index.parent) as folder:
        place, asked = Path(folder) / "load.db", Path(folder) / "bodies"
        shutil.copy(chosen.index, place)
        bodies(place, asked)
        record("Server under load", measure(place, asked, chosen.clients, chosen.seconds))


if __name__ == "__main__":
    main()
