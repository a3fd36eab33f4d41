"""Root, parent, credit and calibration on simulated stories.

``python -m benchmarks.chain [--stories N] [--seed S] [--phrases SET] [--html] [--perfect]
[--record]``. Seeds below 1000 are for development, seeds from 1000 for reports.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.shared import record
from benchmarks.simulator import (
    NEWEST,
    PHRASES,
    Copy,
    Press,
    Story,
    articles_of,
    read_perfectly,
    stories,
)
from provenance.article import Party
from provenance.attribution import Agencies
from provenance.compare import compare
from provenance.jobs.check import describe
from provenance.origin import Judgement, Version, judge
from provenance.origin.credit import SURE
from provenance.origin.model import Node
from provenance.origin.parties import same_outlet

Scored = list[tuple[float, bool]]


def calibration_error(scored: Scored) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins: dict[int, Scored] = {}
    for probability, right in scored:
        bins.setdefault(min(9, int(probability * 10)), []).append((probability, right))
    gaps = (abs(sum(p for p, _ in b) - sum(r for _, r in b)) for b in bins.values())
    return sum(gaps) / max(1, len(scored))


@dataclass(frozen=True, slots=True)
class Known:
    """What can be known of a story at all.

    Attributes:
        root: Whether its first version is at hand, or some version at hand names who wrote it.
        named: Ids of all parties that versions at hand name.
    """

    root: bool
    named: frozenset[str]

    @classmethod
    def of(cls, story: Story) -> Known:
        """Look at the versions at hand."""
        present = [copy for copy in story.copies if copy.present]
        named = frozenset(name for copy in present for line in copy.lines for name in line.names)
        return cls(story.copies[0].present or story.root in named, named)


def parent_of(copy: Copy, known: Known) -> tuple[Press, str | None] | None:
    """Press and article (None when it is not at hand) of the nearest ancestor one can know of."""
    parent = copy.parent
    if parent is None:
        return None
    if parent.present:
        return parent.press, parent.id
    speaks = any(parent.press.name in line.text for line in copy.lines if line.kinds)
    if speaks or (parent.parent is None and parent.press.id in known.named):
        return parent.press, None
    return parent_of(parent, known)


def is_press(party: Party, press: Press) -> bool:
    """Whether a party is a press, which a page may know by its name alone."""
    kind = "outlet" if "." in press.id else "agency"
    return same_outlet(party, Party(kind, press.id, press.name))


def is_parent(node: Node, expected: tuple[Press, str | None]) -> bool:
    """Whether a hop's parent is the expected one."""
    press, article = expected
    return node.article == article and is_press(node.party, press)


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


def versions_of(story: Story, agencies: Agencies, *, as_html: bool, perfect: bool) -> list[Version]:
    """The present copies as the program reads them, or as a reader without fault would."""
    copies = {copy.id: copy for copy in story.copies}
    return [
        read_perfectly(article, copies[article.id], story, agencies)
        if perfect
        else describe(article, agencies)
        for article in articles_of(story, as_html=as_html)
    ]


def judgements(versions: list[Version], agencies: Agencies) -> dict[str, tuple[Judgement, float]]:
    """Every present copy judged beside the others, with the seconds it took."""
    found = {}
    for subject in versions:
        others = [version for version in versions if version is not subject]
        start = time.perf_counter()
        comparisons = {v.article.id: compare(subject.article, v.article) for v in others}
        judgement = judge(subject, others, comparisons, agencies)
        found[subject.article.id] = judgement, time.perf_counter() - start
    return found


@dataclass
class Tally:
    """What was right and wrong, added up over stories.

    Attributes:
        roots: Of versions whose origin can be known: probability of the first, and whether right.
        hops: Of versions whose parent can be known: probability of its hop, and whether right.
        twins: Whether each hop's parent is the true one or has the very same text.
        missing: Whether each hop through a version that is not at hand is right.
        silent: Where nobody can know the origin: whether none is named as likely.
        credits: (right verdict, given verdict), how often.
        seconds: Taken by each judgement.
    """

    roots: Scored = field(default_factory=list)
    hops: Scored = field(default_factory=list)
    twins: list[bool] = field(default_factory=list)
    missing: list[bool] = field(default_factory=list)
    silent: list[bool] = field(default_factory=list)
    credits: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, copy: Copy, story: Story, judgement: Judgement) -> None:
        """Score one judgement."""
        known = Known.of(story)
        top = judgement.origins[0] if judgement.origins else None
        said = top.probability if top else 0.0
        if known.root:
            root = story.copies[0].press
            self.roots.append((said, top is not None and is_press(top.party, root)))
            self.credits[credit_of(copy, story.root), judgement.credit.verdict.value] += 1
        else:
            self.silent.append(said < SURE)
        expected = parent_of(copy, known)
        if expected is None:
            return
        hop = next((hop for hop in judgement.chain if hop.child.article == copy.id), None)
        right = hop is not None and is_parent(hop.parent, expected)
        self.hops.append((hop.probability if hop else 0.0, right))
        texts = {other.id: other.text for other in story.copies}
        same = hop is not None and texts.get(hop.parent.article or "") == texts.get(
            expected[1] or "", 0
        )
        self.twins.append(right or same)
        if copy.traces and expected[1] is None:
            self.missing.append(right)

    def lines(self) -> list[str]:
        """The figures, in words."""
        right = sum(n for (a, b), n in self.credits.items() if a == b)
        wrong = [f"{a} as {b}: {n}" for (a, b), n in self.credits.most_common() if a != b]
        return [
            f"  root right {_share([r for _, r in self.roots])}; silent where none can be known "
            f"{_share(self.silent)}",
            f"  parent right {_share([r for _, r in self.hops])}, it or one with the very same "
            f"text {_share(self.twins)}; through a missing version {_share(self.missing)}",
            f"  credit right {right / max(1, self.credits.total()):.3f} ({'; '.join(wrong[:6])})",
            f"  calibration error: origin {calibration_error(self.roots):.3f}, hop "
            f"{calibration_error(self.hops):.3f}; "
            f"{sum(self.seconds) / max(1, len(self.seconds)):.4f} s a judgement",
        ]


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / max(1, len(hits)):.3f} of {len(hits)}"


def measure(
    count: int, seed: int, *, phrases: str, times: bool, as_html: bool, perfect: bool
) -> list[str]:
    """Judge simulated stories and say how often the judgement is right."""
    agencies = Agencies.load()
    tally = Tally()
    for story in stories(count, seed, times=times, phrases=phrases):
        copies = {copy.id: copy for copy in story.copies}
        versions = versions_of(story, agencies, as_html=as_html, perfect=perfect)
        for id, (judgement, taken) in judgements(versions, agencies).items():
            tally.seconds.append(taken)
            tally.add(copies[id], story, judgement)
    shown = f"{'with' if times else 'without'} times, {'HTML' if as_html else 'text'}"
    shown += ", read without fault" if perfect else ""
    shown += f", {count} stories from seed {seed}, {phrases} phrases ({PHRASES[phrases]})"
    return [f"- {shown}:", *tally.lines()]


def main() -> None:
    """Measure with and without times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phrases", choices=PHRASES, default=NEWEST)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("--perfect", action="store_true", help="judge what was read without fault")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    lines = [
        line
        for times in (True, False)
        for line in measure(
            chosen.stories,
            chosen.seed,
            phrases=chosen.phrases,
            times=times,
            as_html=chosen.html,
            perfect=chosen.perfect,
        )
    ]
    if chosen.record:
        record("Chains on simulated stories", lines)
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
