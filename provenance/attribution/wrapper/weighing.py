"""Signs weighed: where the story is in a text without markup, and what kind a wrapper line is.

Two linear models over the same signs, fitted by ``benchmarks/fit_wrapper.py`` to real pages read by
hand; ``wrapper.toml`` holds their weights. The first gives each line the log-odds that it is story;
the story is then the run of lines with the largest sum, after Pasternack and Roth, "Extracting
Article Text from the Web with Maximum Subsequence Segmentation" (WWW 2009). The second gives each
kind of wrapper a score.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from provenance.article import Block, WrapperKind
from provenance.attribution.wrapper.signs import place_signs, signs

FOR, AGAINST = 8.0, -0.7
"""Bounds of what one line can say for and against the story: a box inside it does not end it."""
INSIDE = -1.5
"""Log-odds from which a line between the story's first and last is story."""
BESIDE = -1.3
"""Log-odds from which a paragraph right before or behind the run belongs to it: the first and the
last carry a dateline or a sign-off, which look like wrapper."""
PARAGRAPH = frozenset({"whole sentence", "words > 12"})
STORY = "story"
"""The table of the first model; the others are named for kinds of wrapper."""
ALWAYS = "always"
"""The sign that every line has."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """Both models.

    Attributes:
        rows: The row of each sign.
        table: Weights, float64, one row for each sign; story first, then one column for each kind.
        kinds: The kinds of the columns from the second on.
    """

    rows: dict[str, int]
    table: NDArray[np.float64]
    kinds: tuple[WrapperKind, ...]

    def sum(self, own: Iterable[str]) -> NDArray[np.float64]:
        """The weights of a line with these signs, one for each column."""
        # In order of rows: sums of floats in the order of a set differ from run to run.
        known = sorted(self.rows[sign] for sign in own if sign in self.rows)
        total: NDArray[np.float64] = self.table[[self.rows[ALWAYS], *known]].sum(axis=0)
        return total


@cache
def _weights() -> _Weights:
    file = files("provenance.attribution.wrapper") / "wrapper.toml"
    text = file.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    names = [STORY, *sorted(set(tables) - {STORY})]
    known = sorted({sign for table in tables.values() for sign in table} | {ALWAYS})
    rows = {sign: row for row, sign in enumerate(known)}
    table = np.array([[tables[name].get(sign, 0.0) for name in names] for sign in known])
    return _Weights(rows, table, tuple(WrapperKind(name) for name in names[1:]))


@lru_cache(maxsize=4)
def story_lines(blocks: tuple[Block, ...]) -> frozenset[int]:
    """Indices of the lines that are story, on a page of which nothing but the text is known."""
    weights, lines = _weights(), signs(blocks)
    odds = [float(weights.sum(own)[0]) for own in lines]
    first, last = largest_run([min(max(value, AGAINST), FOR) for value in odds])
    joins = [value > BESIDE and own >= PARAGRAPH for value, own in zip(odds, lines, strict=True)]
    while last >= 0 and first > 0 and joins[first - 1]:
        first -= 1
    while 0 <= last < len(blocks) - 1 and joins[last + 1]:
        last += 1
    return frozenset(at for at in range(first, last + 1) if odds[at] > INSIDE)


def largest_run(values: Sequence[float]) -> tuple[int, int]:
    """First and last index of the contiguous run with the largest sum (Kadane's algorithm).

    The last index is -1 when no value is above 0.
    """
    best, bounds, total, start = 0.0, (len(values), -1), 0.0, 0
    for at, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, at
        total += value
        if total > best:
            best, bounds = total, (start, at)
    return bounds


def likeliest_kinds(
    blocks: tuple[Block, ...], title: str, first: int, last: int
) -> Callable[[int], WrapperKind]:
    """For a block the kind of wrapper that it most likely is, if it is wrapper.

    A function of the block's index: most blocks of most pages are story and never asked about.

    Args:
        blocks: The page.
        title: Its headline, where it is known.
        first: Index of the story's first paragraph.
        last: Index of its last one.
    """
    weights, lines = _weights(), signs(blocks)
    place = place_signs(blocks, title, first, last)
    return lambda at: weights.kinds[int(weights.sum(lines[at] | place(at))[1:].argmax())]
