"""The order of aligned blocks: which pairs run in step, and how to list them for a reader."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Aligned(Protocol):
    """A block index on each side, None where a side lacks the block."""

    @property
    def a(self) -> int | None:
        """Index in the first version."""

    @property
    def b(self) -> int | None:
        """Index in the second version."""

    @property
    def moved(self) -> bool:
        """Whether the pair is out of step."""


P = TypeVar("P", bound=Aligned)


def in_order(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The largest set of pairs that run in step on both sides (longest increasing subsequence)."""
    ordered = sorted(pairs)
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, b) in enumerate(ordered):
        # A block paired twice keeps step with itself: (3, 4), (3, 5) and (4, 5), (5, 5).
        length = bisect_left(tails, b + 1)
        tails[length : length + 1] = [b]
        last[length : length + 1] = [place]
        before.append(last[length - 1] if length else -1)
    chosen: set[tuple[int, int]] = set()
    place = last[-1] if last else -1
    while place >= 0:
        chosen.add(ordered[place])
        place = before[place]
    return chosen


def page_order(pairs: Sequence[P]) -> list[P]:
    """Sort by the first version; what only the second has follows its predecessor there."""
    anchors = sorted(
        (pair.b, pair.a)
        for pair in pairs
        if pair.a is not None and pair.b is not None and not pair.moved
    )

    def key(pair: P) -> tuple[int, int, int]:
        if pair.a is not None:
            return pair.a, 0, -1 if pair.b is None else pair.b
        assert pair.b is not None  # noqa: S101 - a pair has at least one side
        place = bisect_left(anchors, (pair.b, -1))
        return anchors[place - 1][1] if place else -1, 1, pair.b

    return sorted(pairs, key=key)
