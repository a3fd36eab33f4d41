"""Recall and precision of the index on altered copies, and why it finds them by winnowing.

``python -m benchmarks.recall`` indexes the real pages and the real news articles, alters 1,000
articles and every page in five ways, and looks the copies up. A match that the unaltered article
has too (a real republication, its outlet's furniture) is no false one.

The second part compares three kinds of keys by the share of copies that share at least one, or two,
with their original: passages (winnowing), a sample of shingle hashes of the same size (FracMinHash:
those below a bound), and MinHash bands. That is on the beginnings of articles, since on whole ones
all but the bands find everything.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.recall_copies import ALTERATIONS, Alteration
from benchmarks.shared import news, record, shared
from provenance.article import Article, Block, Outlet
from provenance.fingerprint import U64, Fingerprint, bands, fingerprint
from provenance.fingerprint.shingles import WINDOW
from provenance.index import Index
from provenance.sources import read

SUBJECTS = 1000
HELD_OUT = 2000
"""News articles that are not indexed: what copies are embedded in and rewritten with."""
LENGTHS = (400, 150, 80, 50)
SHORT = 50
"""Tokens from which a text is a subject."""


@dataclass(slots=True)
class Tally:
    """What became of the copies of one kind."""

    copies: int = 0
    found: int = 0
    false: int = 0


def altered(text: str, alter: Alteration, others: Sequence[str], draw: random.Random) -> Article:
    """A copy of a text, published by an outlet that has nothing else."""
    lines = alter(text, others, draw).split("\n")
    blocks = tuple(Block(index, line) for index, line in enumerate(lines))
    return Article("the copy", blocks, outlet=Outlet("copy.example", "Copy"))


def measured(
    index: Index, subjects: Sequence[Article], others: Sequence[str], draw: random.Random
) -> dict[str, Tally]:
    """Look up the altered copies of the subjects."""
    tallies = {name: Tally() for name in ALTERATIONS}
    for subject in subjects:
        own = {match.article.id for match in index.find(subject, limit=1000)}
        for name, alter in ALTERATIONS.items():
            copy = altered(subject.text, alter, others, draw)
            ids = {match.article.id for match in index.find(copy)}
            tallies[name].copies += 1
            tallies[name].found += subject.id in ids
            tallies[name].false += len(ids - own - {subject.id})
    return tallies


def table(tallies: dict[str, Tally], indexed: int) -> Iterator[str]:
    """A Markdown table of tallies."""
    yield "| copy | found | recall | false matches | in 10,000 pairs |"
    yield "|---|---|---|---|---|"
    for name, tally in tallies.items():
        rate = 10_000 * tally.false / (tally.copies * indexed)
        yield (
            f"| {name} | {tally.found} of {tally.copies} | {tally.found / tally.copies:.4f} "
            f"| {tally.false} | {rate:.5f} |"
        )


def key_sets(prints: Fingerprint) -> tuple[U64, U64, U64]:
    """Passages, sampled shingles of the same expected number, and bands."""
    bound = np.uint64(2 / (WINDOW + 1) * 2**64)
    return prints.passages, prints.shingles[prints.shingles < bound], bands(prints.signature)


def compared(texts: Sequence[str], others: Sequence[str], draw: random.Random) -> Iterator[str]:
    """A Markdown table of the share of copies that share keys with their original."""
    yield "| first words | copy | passages ≥ 1, ≥ 2 | sampled ≥ 1, ≥ 2 | bands ≥ 1 |"
    yield "|---|---|---|---|---|"
    for length in LENGTHS:
        beginnings = [" ".join(text.split(" ")[:length]) for text in texts]
        originals = [key_sets(fingerprint(text)) for text in beginnings]
        for name, alter in ALTERATIONS.items():
            shared_keys = np.array(
                [
                    [len(np.intersect1d(a, b)) for a, b in zip(keys, key_sets(copy), strict=True)]
                    for keys, copy in (
                        (keys, fingerprint(alter(text, others, draw)))
                        for keys, text in zip(originals, beginnings, strict=True)
                    )
                ]
            )
            one, two = (shared_keys >= 1).mean(axis=0), (shared_keys >= 2).mean(axis=0)
            yield (
                f"| {length} | {name} | {one[0]:.3f}, {two[0]:.3f} | {one[1]:.3f}, {two[1]:.3f} "
                f"| {one[2]:.3f} |"
            )


def main() -> None:
    """Measure and record."""
    draw = random.Random(1)
    articles = list(news())
    draw.shuffle(articles)
    others, indexed = [each.text for each in articles[:HELD_OUT]], articles[HELD_OUT:]
    files = sorted(shared("pages").glob("*.html.gz"))
    pages = [each for file in files for each in read(str(file)) if isinstance(each, Article)]
    long_pages = [page for page in pages if fingerprint(page.text).tokens >= SHORT]
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(str(Path(folder) / "recall.db")) as index,
    ):
        index.add(pages)
        index.add(indexed)
        start = time.perf_counter()
        of_pages = measured(index, long_pages, others, draw)
        # Two records of one address are one article, so not every record is there.
        subjects = [each for each in indexed[: SUBJECTS + 10] if index.get(each.id)][:SUBJECTS]
        of_news = measured(index, subjects, others, draw)
        seconds, size = time.perf_counter() - start, len(index)
    lines = [
        f"{size:,} articles indexed; {len(long_pages)} of {len(pages)} pages have at least {SHORT} "
        f"tokens of main text; {seconds:.0f} s.",
        "",
        "Real pages:",
        "",
        *table(of_pages, size),
        "",
        "Real news:",
        "",
        *table(of_news, size),
        "",
        "Keys at equal storage (news):",
        "",
        *compared([each.text for each in indexed[:SUBJECTS]], others, draw),
    ]
    record("Recall on altered copies", lines)


if __name__ == "__main__":
    main()
