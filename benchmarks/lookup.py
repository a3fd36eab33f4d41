"""Adding and looking up at growing size, and the cold start of a whole ``provenance check FILE``.

``python -m benchmarks.lookup [ARTICLES …] [--folder FOLDER]`` builds one index for each number in
the folder (those that are there already are used again) from generated articles of about 500
words: phrases of four words from the real news set in random order, with one of 200 outlets'
footers. So words are as frequent as in news, phrases are shared as by chance, and the footers are
shared as boilerplate is. One in twenty is a copy, a cut or a wrapped copy of an earlier one.
Lookups are measured in this process (warm), and cold: a new connection, and no page of the index
in the system's cache. ``--more N`` tells instead how fast N articles are added to a copy of each
index, articles that are all made beforehand.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import numpy as np
import orjson

from benchmarks.shared import record, shared
from provenance.article import Article, Block, Interval, Outlet
from provenance.fingerprint import batch
from provenance.index import Counts, Index
from provenance.index.codec import encode

PHRASES = 500_000
WARM = 1000
COLD = 100
CHECKS = 7
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)


def phrases() -> list[str]:
    """Runs of four words of the real news set, read in parts to keep peak memory that of adding."""
    from pyarrow import parquet

    file = parquet.ParquetFile(shared("news/articles.parquet"))
    texts = (text.as_py() for part in file.iter_batches(200, columns=["text"]) for text in part[0])
    words = chain.from_iterable(text.split() for text in texts)
    grouped = (" ".join(islice(words, 4)) for _ in range(PHRASES))
    return [phrase for phrase in grouped if phrase]


def generated(count: int, seed: int = 1) -> Iterator[Article]:
    """The articles, always the same ones for a seed."""
    pool, draw = phrases(), random.Random(seed)
    footers = [" ".join(draw.choices(pool, k=15)) for _ in range(200)]
    recent: list[list[str]] = []
    for number in range(count):
        lines = [" ".join(draw.choices(pool, k=12)) for _ in range(draw.randint(4, 16))]
        if recent and draw.random() < 0.05:
            copied = draw.choice(recent)
            lines = draw.choice((copied, copied[: len(copied) // 2], lines[:2] + copied))
        recent = [*recent[-999:], lines]
        outlet = draw.randrange(200)
        at = FIRST_DAY + timedelta(minutes=number)
        url = f"https://outlet{outlet}.example/{'news' if seed == 1 else seed}/{number}"
        yield Article(
            url,
            tuple(Block(i, line) for i, line in enumerate([*lines, footers[outlet]])),
            url=url,
            outlet=Outlet(f"outlet{outlet}.example", str(outlet)),
            title=" ".join(draw.choices(pool, k=2)),
            published=Interval(at, at, "json-ld"),
        )


class Timed:
    """A stream of articles, and the seconds that its making took, of clock and of processor."""

    def __init__(self, articles: Iterator[Article]) -> None:
        self.articles, self.seconds, self.work = articles, 0.0, 0.0

    def __iter__(self) -> Iterator[Article]:
        while True:
            start, work = time.perf_counter(), time.thread_time()
            article = next(self.articles, None)
            self.seconds += time.perf_counter() - start
            self.work += time.thread_time() - work
            if article is None:
                return
            yield article


def build(location: Path, count: int) -> None:
    """Build the index, and keep beside it what that took."""
    marks: list[tuple[int, float]] = []
    start, work = time.perf_counter(), time.process_time()
    articles = Timed(generated(count))

    def note(counts: Counts) -> None:
        marks.append((counts.added, time.perf_counter() - start - articles.seconds))

    with Index.open(str(location)) as index:
        index.add(articles, progress=note)
    seconds = time.perf_counter() - start - articles.seconds
    work = time.process_time() - work - articles.work
    half = next(spent for added, spent in marks if added >= count // 2)
    text = sum(len(encode(article)) for article in generated(2000)) / 2000
    beyond = location.stat().st_size / count - text
    figures = {
        "adds a second": f"{count / seconds:,.0f}",
        "adds a second of one processor": f"{count / work:,.0f}",
        "first, second half": f"{count / 2 / half:,.0f}, {count / 2 / (seconds - half):,.0f}",
        "peak memory, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}",
        "bytes beyond the text": f"{beyond:,.0f} (text {text:,.0f})",
    }
    location.with_suffix(".json").write_bytes(orjson.dumps(figures))


def more(location: Path, count: int) -> str:
    """Articles a second, of the clock and of one processor, that are added to a copy."""
    batch.sketches(["Loads the compiled kernel."])
    articles = list(generated(count, seed=2))
    with tempfile.TemporaryDirectory(dir=location.parent) as folder:
        copy = Path(shutil.copy(location, folder))
        os.sync()
        with Index.open(str(copy)) as index:
            start, work = time.perf_counter(), time.process_time()
            added = index.add(articles).added
            seconds, spent = time.perf_counter() - start, time.process_time() - work
    return f"{added / seconds:,.0f}, {added / spent:,.0f}"


def subjects(index: Index, count: int) -> list[Article]:
    """Stored articles from all over the index."""
    ids = [article.id for article in generated(20_000)]
    chosen = random.Random(2).sample(ids, count)
    found = (index.get(id) for id in chosen)
    return [article for article in found if article]


def warm(location: Path) -> tuple[str, str]:
    """Lookups in this process: milliseconds (p50, p99), and matches found for each."""
    spent, matches = [], 0
    with Index.open(str(location), read_only=True) as index:
        articles = subjects(index, WARM)
        for article in articles[:100]:
            index.find(article)
        for article in articles:
            start = time.perf_counter()
            matches += len(index.find(article))
            spent.append(time.perf_counter() - start)
    return _percentiles(spent), f"{matches / len(spent):.2f}"


def cold(location: Path) -> str:
    """Lookups that read every page from disk, opening included: milliseconds (p50, p99)."""
    with Index.open(str(location), read_only=True) as index:
        articles = subjects(index, COLD)
    spent = []
    for article in articles:
        _forget(location)
        start = time.perf_counter()
        with Index.open(str(location), read_only=True) as index:
            index.find(article)
        spent.append(time.perf_counter() - start)
    return _percentiles(spent)


def _percentiles(spent: list[float]) -> str:
    p50, p99 = np.percentile(spent, (50, 99)) * 1000
    return f"{p50:.1f}, {p99:.1f}"


def _forget(path: Path) -> None:
    """Have the system drop a file's pages from its cache."""
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def whole_checks(location: Path) -> str:
    """Whole commands, each in a new process: seconds (median, worst)."""
    page = location.with_suffix(".txt")
    spent = []
    for article in islice(generated(1000), 0, None, 1000 // CHECKS):
        page.write_text(article.text, encoding="utf-8")
        command = [sys.executable, "-m", "provenance", "check", "--index", str(location), "--json"]
        start = time.perf_counter()
        subprocess.run([*command, str(page)], check=True, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - start)
    page.unlink()
    return f"{np.median(spent):.2f}, {max(spent):.2f}"


def measure(location: Path) -> dict[str, str]:
    """All figures of one index."""
    figures: dict[str, str] = orjson.loads(location.with_suffix(".json").read_bytes())
    lookup, matches = warm(location)
    return figures | {
        "lookup warm, ms (p50, p99)": lookup,
        "matches each": matches,
        "lookup cold, ms (p50, p99)": cold(location),
        "`provenance check FILE`, s (median, worst)": whole_checks(location),
    }


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=Path("build/lookup"))
    parser.add_argument("--more", type=int, default=0, help="only add so many to a copy of each")
    parser.add_argument("--build-only", action="store_true", help="measure lookups another time")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    locations = {count: chosen.folder / f"{count}.db" for count in chosen.articles}
    for count, location in locations.items():
        if not location.with_suffix(".json").exists():
            build(location, count)
    if chosen.build_only:
        return
    if chosen.more:
        for count, location in locations.items():
            print(f"{count:,}: {more(location, chosen.more)} a second (clock, one processor)")
        return
    table = {f"{count:,}": measure(location) for count, location in locations.items()}
    lines = [f"| articles | {' | '.join(table)} |", f"|---|{'---|' * len(table)}"]
    for name in next(iter(table.values())):
        lines.append(f"| {name} | {' | '.join(each[name] for each in table.values())} |")
    record("Index at growing size", lines)


if __name__ == "__main__":
    main()
