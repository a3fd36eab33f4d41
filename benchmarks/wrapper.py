"""Core against wrapper, block by block: on real pages labelled by hand and on simulated pages.

``python -m benchmarks.wrapper [--half dev|held-out] [--stories N] [--seed S] [--phrases SET]
[--show] [--record]``

Each is judged as HTML and as plain text, alone and beside other versions of the story. Real pages:
see `wrapper_pages`. Simulator: seeds and phrases as for `chain`; phrases are kept from those who
write rules. ``--show`` lists what is judged wrongly on the real pages of the half (look at ``dev``
only).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.shared import record
from benchmarks.simulator import NEWEST, PHRASES, articles_of, stories, truth_of
from benchmarks.wrapper_pages import UNSURE, Labels, labelled
from provenance.article import Article
from provenance.attribution import Agencies
from provenance.compare import Role, compare, roles
from provenance.jobs.check import describe

MENUS = frozenset({"menu", "foot", "ticker", "mixed", "form", "dialog", "share"})
"""Labels of what is left out of the second figure for kinds: it is most of a page and easy."""


@dataclass
class Score:
    """Counts over blocks.

    Attributes:
        cells: Blocks by whether they are wrapper and whether they are judged so.
        kinds: Whether the kind is right, for wrapper judged as such; also without menus.
        missed: What is judged wrongly, by label or kind.
        unscored: Blocks that could be either, or that the reader split or joined.
    """

    cells: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    kinds: list[bool] = field(default_factory=list)
    inner: list[bool] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    unscored: int = 0

    def add(self, label: str, right: Iterable[str], wrapper: bool, kind: str) -> bool:
        """Count one block; returns whether it is judged rightly."""
        truth = label != "core"
        self.cells[truth, wrapper] += 1
        if truth != wrapper:
            self.missed[label] += 1
            return False
        if not truth:
            return True
        correct = kind in right
        self.kinds.append(correct)
        if label not in MENUS:
            self.inner.append(correct)
            if not correct:
                self.missed[f"{label} as {kind}"] += 1
        return correct

    def line(self, name: str) -> str:
        """The figures, as a list item."""
        hit, over, under = self.cells[True, True], self.cells[False, True], self.cells[True, False]
        core = self.cells[False, False]
        return (
            f"- {name}: wrapper F1 {_f1(hit, over, under):.3f} (precision "
            f"{hit / max(1, hit + over):.3f}, recall {hit / max(1, hit + under):.3f}), core F1 "
            f"{_f1(core, under, over):.3f}; kind right {_share(self.kinds):.3f}, without menus "
            f"{_share(self.inner):.3f}; {self.cells.total()} blocks, {self.unscored} not scored; "
            f"most missed {', '.join(f'{name} {n}' for name, n in self.missed.most_common(6))}"
        )


def _f1(hit: int, over: int, under: int) -> float:
    return 2 * hit / max(1, 2 * hit + over + under)


def _share(rights: Sequence[bool]) -> float:
    return sum(rights) / max(1, len(rights))


def judged(
    article: Article, others: Sequence[Article], agencies: Agencies
) -> Iterator[tuple[bool, str]]:
    """For each block whether it is judged wrapper, and its kind."""
    read = describe(article, agencies)
    given = roles(article, read.kinds, [compare(article, other) for other in others])
    for role, kind in zip(given, read.kinds, strict=True):
        yield role.role is Role.WRAPPER, str(kind or "other")


def real(half: str, *, show: bool) -> list[str]:
    """Judge the labelled pages."""
    agencies, labels = Agencies.load(), Labels()
    scores: dict[str, Score] = {}
    for page in labelled(labels, half):
        for form, article in (("HTML", page.html), ("text", page.text)):
            for beside in (False, True):
                others = [page.copy] if beside else []
                name = f"{form}, {'beside a second version' if beside else 'alone'}"
                score = scores.setdefault(name, Score())
                rows = zip(
                    article.blocks,
                    labels.of(page.name, article),
                    judged(article, others, agencies),
                    strict=True,
                )
                for block, label, (wrapper, kind) in rows:
                    if label == UNSURE:
                        score.unscored += 1
                    elif not score.add(label, labels.kinds[label], wrapper, kind) and show:
                        said = kind if wrapper else "core"
                        print(f"{name} | {page.name} {block.index} | {label} as {said} |"
                              f" {block.text[:100]}")  # fmt: skip
    return [score.line(name) for name, score in scores.items()]


def simulated(count: int, seed: int, phrases: str) -> list[str]:
    """Judge simulated pages."""
    agencies = Agencies.load()
    scores: dict[str, Score] = {}
    for story in stories(count, seed, times=True, phrases=phrases):
        copies = {copy.id: copy for copy in story.copies}
        for form in ("text", "HTML"):
            articles = articles_of(story, as_html=form == "HTML")
            for article in articles:
                truth = truth_of(article, copies[article.id])
                for beside in (False, True):
                    others = [o for o in articles if o is not article] if beside else []
                    name = f"{form}, {'beside the other copies' if beside else 'alone'}"
                    score = scores.setdefault(name, Score())
                    verdicts = judged(article, others, agencies)
                    for line, (wrapper, kind) in zip(truth, verdicts, strict=True):
                        if line is None:
                            score.unscored += 1
                            continue
                        label = "/".join(sorted(line.kinds)) or "core"
                        score.add(label, line.kinds, wrapper, kind)
    return [score.line(name) for name, score in scores.items()]


def main() -> None:
    """Measure, and print or record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "held-out"), default="dev")
    parser.add_argument("--stories", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phrases", choices=PHRASES, default=NEWEST)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lines = [f"Real pages, {chosen.half} half:", "", *real(chosen.half, show=chosen.show)]
    if chosen.stories:
        said = f"{chosen.phrases} phrases ({PHRASES[chosen.phrases]})"
        lines += ["", f"Simulated pages, {chosen.stories} stories, seed {chosen.seed}, {said}:", ""]
        lines += simulated(chosen.stories, chosen.seed, chosen.phrases)
    if chosen.record:
        record("Core and wrapper", lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
