"""Core against wrapper, block by block, on simulated pages: alone and beside the other copies.

``python -m benchmarks.wrapper [--stories N] [--seed S] [--record]``; seeds as for `chain`.
"""

from __future__ import annotations

import argparse
from collections import Counter

from benchmarks.shared import record
from benchmarks.simulator import articles_of, stories, truth_of
from provenance.attribution import Agencies
from provenance.compare import Role, compare, roles
from provenance.jobs.check import describe


def measure(count: int, seed: int, *, beside: bool, as_html: bool) -> list[str]:
    """Read simulated pages and compare the role and kind of every block with the truth."""
    agencies = Agencies.load()
    cells: Counter[tuple[bool, bool]] = Counter()
    kinds: list[bool] = []
    missed: Counter[str] = Counter()
    unscored = 0
    for story in stories(count, seed, times=True):
        copies = {copy.id: copy for copy in story.copies}
        articles = articles_of(story, as_html=as_html)
        for article in articles:
            others = [o for o in articles if o is not article] if beside else []
            read = describe(article, agencies)
            given = roles(article, read.kinds, [compare(article, other) for other in others])
            truth = truth_of(article, copies[article.id])
            for line, role, kind in zip(truth, given, read.kinds, strict=True):
                if line is None:
                    unscored += 1
                    continue
                wrapper = role.role is Role.WRAPPER
                cells[bool(line.kinds), wrapper] += 1
                if line.kinds and wrapper and kind is not None:
                    kinds.append(kind in line.kinds)
                if bool(line.kinds) != wrapper:
                    missed["/".join(sorted(line.kinds)) or "core"] += 1
    hit, over, under = cells[True, True], cells[False, True], cells[True, False]
    return [
        f"- {'HTML' if as_html else 'text'}, {'beside the other copies' if beside else 'alone'}: "
        f"wrapper precision {hit / max(1, hit + over):.3f}, "
        f"recall {hit / max(1, hit + under):.3f}, "
        f"F1 {2 * hit / max(1, 2 * hit + over + under):.3f}; kind right "
        f"{sum(kinds) / max(1, len(kinds)):.3f}; {cells.total()} blocks, {unscored} not scored; "
        f"most missed {', '.join(f'{name} {n}' for name, n in missed.most_common(5))}"
    ]


def main() -> None:
    """Measure text and HTML, alone and beside copies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lines = [
        line
        for as_html in (False, True)
        for beside in (False, True)
        for line in measure(chosen.stories, chosen.seed, beside=beside, as_html=as_html)
    ]
    if chosen.record:
        record("Core and wrapper on simulated pages", lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
