"""Root, parent, credit and calibration on simulated stories.

``python -m benchmarks.chain [--stories N] [--seed S] [--html] [--record]``. Seeds below 1000 are
for development, seeds from 1000 for reports.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from benchmarks.shared import record
from benchmarks.simulator import Copy, Story, articles_of, stories
from provenance.attribution import Agencies
from provenance.compare import compare
from provenance.jobs.check import describe
from provenance.origin import Judgement, judge

Scored = list[tuple[float, bool]]


def calibration_error(scored: Scored) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: dict[int, Scored] = {}
    for probability, right in scored:
        bins.setdefault(min(9, int(probability * 10)), []).append((probability, right))
    gaps = (abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values())
    return sum(gaps) / max(1, len(scored))


def parent_of(copy: Copy) -> tuple[str, str | None] | None:
    """(party, article or None) of the nearest ancestor the judge can know of."""
    parent = copy.parent
    if parent is None:
        return None
    known = parent.present or copy.traces or parent.parent is None
    return (parent.press.id, parent.id if parent.present else None) if known else parent_of(parent)


def credit_of(copy: Copy, root: str) -> str:
    """The credit verdict that is right for a copy."""
    names = {name for line in copy.lines for name in line.names}
    if copy.press.id == root:
        return "not-needed"
    if root in names:
        return "credited"
    if names - {copy.press.id}:
        return "miscredited"
    return "self-claimed" if names else "uncredited"


def judgements(
    story: Story, agencies: Agencies, as_html: bool
) -> dict[str, tuple[Judgement, float]]:
    """Every present copy judged beside the others, with the seconds it took."""
    versions = [describe(article, agencies) for article in articles_of(story, as_html=as_html)]
    found = {}
    for subject in versions:
        others = [version for version in versions if version is not subject]
        start = time.perf_counter()
        comparisons = {v.article.id: compare(subject.article, v.article) for v in others}
        judgement = judge(subject, others, comparisons, agencies)
        found[subject.article.id] = judgement, time.perf_counter() - start
    return found


def measure(count: int, seed: int, *, times: bool, as_html: bool) -> list[str]:
    """Judge simulated stories and say how often the judgement is right."""
    agencies = Agencies.load()
    roots: Scored = []
    hops: Scored = []
    missing: list[bool] = []
    confusion: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    for story in stories(count, seed, times=times):
        copies = {copy.id: copy for copy in story.copies}
        for id, (judgement, taken) in judgements(story, agencies, as_html).items():
            seconds.append(taken)
            copy = copies[id]
            top = judgement.origins[0] if judgement.origins else None
            roots.append(
                (top.probability if top else 0.0, top is not None and top.party.id == story.root)
            )
            confusion[credit_of(copy, story.root), judgement.credit.verdict.value] += 1
            expected = parent_of(copy)
            if expected is None:
                continue
            hop = next((hop for hop in judgement.chain if hop.child.article == id), None)
            right = hop is not None and (hop.parent.party.id, hop.parent.article) == expected
            hops.append((hop.probability if hop else 0.0, right))
            if copy.traces and copy.parent and not copy.parent.present:
                missing.append(right)
    credits = sum(n for (a, b), n in confusion.items() if a == b)
    wrong = [f"{a} as {b}: {n}" for (a, b), n in confusion.most_common() if a != b]

    def share(hits: list[bool]) -> str:
        return f"{sum(hits) / max(1, len(hits)):.3f} of {len(hits)}"

    return [
        f"- {'with' if times else 'without'} times, {'HTML' if as_html else 'text'}:",
        f"  root right {share([r for _, r in roots])}, parent right (strict) "
        f"{share([r for _, r in hops])}, hops through a missing version {share(missing)}",
        f"  credit right {credits / max(1, confusion.total()):.3f} ({'; '.join(wrong[:6])})",
        f"  calibration error: origin {calibration_error(roots):.3f}, hop "
        f"{calibration_error(hops):.3f}; {sum(seconds) / max(1, len(seconds)):.4f} s a judgement",
    ]


def main() -> None:
    """Measure with and without times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lines = [
        line
        for times in (True, False)
        for line in measure(chosen.stories, chosen.seed, times=times, as_html=chosen.html)
    ]
    if chosen.record:
        record("Chains on simulated stories", lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
