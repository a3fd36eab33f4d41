"""Real republications: does each article of a known cross-outlet pair find the other?

``python -m benchmarks.news_pairs`` adds ``news/articles.parquet`` to a fresh index, looks up every
article, and compares what is found with ``news/pairs.csv`` (pairs found by sampling, "at least
these").
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.shared import news, record, shared
from provenance.index import Index, Match

Pair = frozenset[str]


def listed() -> tuple[set[Pair], set[Pair]]:
    """The pairs of ``pairs.csv``: those across outlets, and all."""
    with shared("news/pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    across = {Pair((row["a"], row["b"])) for row in rows if row["a_outlet"] != row["b_outlet"]}
    return across, {Pair((row["a"], row["b"])) for row in rows}


def found_by_all(index: Index) -> Iterator[tuple[str, str, Match]]:
    """(looked up id, its outlet, match) for every match of every stored article but itself."""
    for article in index.articles():
        for match in index.find(article):
            if match.article.id != article.id:
                yield article.id, article.outlet.domain if article.outlet else "", match


def main() -> None:
    """Measure and record."""
    across, everything = listed()
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(str(Path(folder) / "news.db")) as index,
    ):
        start = time.perf_counter()
        counts = index.add(news())
        adding = time.perf_counter() - start
        start = time.perf_counter()
        directed = {
            (id, match.article.id): (outlet, match) for id, outlet, match in found_by_all(index)
        }
        looking = time.perf_counter() - start
        titles = {article.id: article.title for article in index.articles()}
    both = {Pair(key) for key in directed if (key[1], key[0]) in directed}
    one = {Pair(key) for key in directed} - both
    other = [
        (key, match)
        for key, (outlet, match) in directed.items()
        if match.article.outlet and match.article.outlet.domain != outlet
        if key[0] < key[1] and Pair(key) not in across
    ]
    other.sort(key=lambda each: -max(each[1].overlap.a_in_b, each[1].overlap.b_in_a))
    same = [
        key for key, (o, m) in directed.items() if m.article.outlet and m.article.outlet.domain == o
    ]
    lines = [
        f"- {counts.added + counts.updated:,} articles added in {adding:.1f} s, each looked up "
        f"in {looking:.1f} s ({1000 * looking / len(titles):.1f} ms each)",
        f"- listed cross-outlet pairs: {len(across & both)} of {len(across)} found from both sides",
        f"- pairs found from one side only: {len(one)}",
        f"- other cross-outlet pairs found: {len(other)}",
        f"- pairs within one outlet found: {len({Pair(key) for key in same})} "
        f"(of {len(everything - across)} listed, most of which are furniture: "
        f"{len((everything - across) & both)} found)",
        "",
        "Other cross-outlet pairs (shared shingles, containment of the shorter, titles):",
        "",
    ]
    for (a, b), match in other:
        overlap = match.overlap
        lines.append(
            f"- {overlap.shared}, {max(overlap.a_in_b, overlap.b_in_a):.2f}: "
            f"{titles[a][:70]} / {titles[b][:70]}"
        )
    record("Real republications in the news set", lines)


if __name__ == "__main__":
    main()
