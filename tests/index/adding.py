"""Run as a process of its own by the tests: adds many small articles, telling after each batch.

Usage: ``python -m tests.index.adding INDEX FIRST COUNT``
"""

from __future__ import annotations

import sys

from provenance.index import Counts, Index, adding
from tests.index.made_articles import article, text


def tell(counts: Counts) -> None:
    print(counts.added + counts.updated + counts.unchanged, flush=True)


def main() -> None:
    location, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    adding.BATCH_ARTICLES = 20
    with Index.open(location) as opened:
        made = (article(n, body=text(n, 60)) for n in range(first, first + count))
        opened.add(made, progress=tell)


if __name__ == "__main__":
    main()
