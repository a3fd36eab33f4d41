"""Adding and looking up at size, and the cold start of a whole ``provenance check FILE``.

``python -m benchmarks.lookup [ARTICLES] [--keep FILE]`` builds an index of generated articles of
about 500 words: phrases of four words from the real news set in random order, with one of 200
outlets' footers. So words are as frequent as in news, phrases are shared as by chance, and the
footers are shared as boilerplate is. One in twenty is a copy, a cut or a wrapped copy of an earlier
one. Then it measures lookups in this process and cold ones in processes of their own.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import numpy as np

from benchmarks.shared import news, record
from provenance.article import Article, Block, Outlet
from provenance.index import Counts, Index
from provenance.index.codec import encode

PHRASES = 500_000
LOOKUPS = 1000
COLD = 7


def phrases() -> list[str]:
    """Runs of four words of the real news set."""
    words = chain.from_iterable(article.text.split() for article in news())
    grouped = (" ".join(islice(words, 4)) for _ in range(PHRASES))
    return [phrase for phrase in grouped if phrase]


def generated(count: int) -> Iterator[Article]:
    """The articles, always the same ones."""
    pool, draw = phrases(), random.Random(1)
    footers = [" ".join(draw.choices(pool, k=15)) for _ in range(200)]
    recent: list[list[str]] = []
    for number in range(count):
        lines = [" ".join(draw.choices(pool, k=12)) for _ in range(draw.randint(4, 16))]
        if recent and draw.random() < 0.05:
            copied = draw.choice(recent)
            lines = draw.choice((copied, copied[: len(copied) // 2], lines[:2] + copied))
        recent = [*recent[-999:], lines]
        outlet = draw.randrange(200)
        blocks = tuple(Block(i, line) for i, line in enumerate([*lines, footers[outlet]]))
        url = f"https://outlet{outlet}.example/news/{number}"
        yield Article(url, blocks, url=url, outlet=Outlet(f"outlet{outlet}.example", str(outlet)))


def build(location: Path, count: int) -> list[str]:
    """Build the index; lines about speed, memory and size."""
    marks: list[tuple[int, float]] = []
    start = time.perf_counter()

    def note(counts: Counts) -> None:
        marks.append((counts.added, time.perf_counter() - start))

    with Index.open(str(location)) as index:
        index.add(generated(count), progress=note)
        seconds = time.perf_counter() - start
        info = index.info()
    half = next(spent for added, spent in marks if added >= count // 2)
    text = sum(len(encode(article)) for article in generated(2000)) / 2000
    size = location.stat().st_size / count
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"- {count:,} articles of {info.tokens / count:.0f} tokens added in {seconds:.0f} s: "
        f"{count / seconds:,.0f} a second, generation included (first half "
        f"{count / 2 / half:,.0f}, second half {count / 2 / (seconds - half):,.0f}); "
        f"peak memory {memory:,.0f} MB",
        f"- {size:,.0f} bytes an article, {size - text:,.0f} beyond its compressed text "
        f"({info.postings / count:.0f} postings)",
    ]


def warm(location: Path) -> str:
    """Lookups in this process."""
    spent, matches = [], 0
    with Index.open(str(location), read_only=True) as index:
        subjects = list(islice(index.articles(), 0, None, max(1, len(index) // LOOKUPS)))
        for article in subjects[:50]:
            index.find(article)
        for article in subjects:
            start = time.perf_counter()
            matches += len(index.find(article))
            spent.append(time.perf_counter() - start)
    p50, p99 = np.percentile(spent, (50, 99)) * 1000
    return (
        f"- lookup: p50 {p50:.1f} ms, p99 {p99:.1f} ms over {len(spent):,} stored articles "
        f"({matches / len(spent):.2f} matches each)"
    )


def cold(location: Path, folder: Path) -> str:
    """Whole commands, each in a new process, and the bare interpreter beside them."""
    with Index.open(str(location), read_only=True) as index:
        files = []
        for number, article in enumerate(islice(index.articles(), COLD)):
            files.append(folder / f"{number}.txt")
            files[-1].write_text(article.text, encoding="utf-8")
    command = [sys.executable, "-m", "provenance", "check", "--index", str(location), "--json"]
    checks = [_timed([*command, str(file)]) for file in files]
    bare = [_timed([sys.executable, "-c", "pass"]) for _ in files]
    return (
        f"- cold `provenance check FILE`: median {np.median(checks):.2f} s, worst "
        f"{max(checks):.2f} s of {COLD} (bare interpreter {np.median(bare):.2f} s)"
    )


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="build or reuse this index file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        location = chosen.keep or Path(folder) / "lookup.db"
        lines = [] if location.exists() else build(location, chosen.articles)
        lines += [warm(location), cold(location, Path(folder))]
    record(f"Index of {chosen.articles:,} articles", lines)


if __name__ == "__main__":
    main()
