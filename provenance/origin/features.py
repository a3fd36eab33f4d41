"""What speaks for each version having been taken from each other, counted.

Every consideration is a matrix of its own, so that a hop can be explained by the considerations
that made it; `weights` says how much each counts. Columns are the nodes that can be children;
rows are those, then the wires, then three that stand for no node: ``FIRST`` (the child is the
first of all), ``OWN`` (it is a piece of its own that shares a passage) and ``UNKNOWN`` (its parent
is not known).

`readings` counts those of the texts, `said` those of what pages say; the others are here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from provenance.origin.readings import changes, headlines, readings
from provenance.origin.rows import FIRST, OWN, UNKNOWN, Fact
from provenance.origin.said import credits, signatures, sources, traces
from provenance.origin.story import Story
from provenance.origin.times import precedes
from provenance.origin.tree import F64

_MOST_LINES = 4

Features = dict[str, F64]


def features(story: Story) -> Features:
    """Every consideration about every edge, float64[rows, columns] each."""
    shape = (len(story.parties) + 3, len(story))
    found: Features = {}
    texts, words = (readings, changes, headlines), (traces, sources, credits, signatures)
    for part in (*texts, *words, _times, _lines, _standing):
        for name, row, column, value in part(story):
            matrix = found.setdefault(name, np.zeros(shape))
            matrix[row, column] += value
    return found


def _times(story: Story) -> Iterator[Fact]:
    """Who was published before whom; an overlap says nothing."""
    published = [version.article.published for version in story.versions]
    for parent, first in enumerate(published):
        for child, second in enumerate(published):
            order = precedes(first, second)
            if order:
                yield "earlier" if order > 0 else "later", parent, child, abs(order)


def _lines(story: Story) -> Iterator[Fact]:
    """Lines around the text that both have."""
    shared = np.zeros((story.size, story.size))
    for holders in story.lines.values():
        has = np.zeros(story.size, dtype=np.bool_)
        has[list(holders)] = True
        # A line of two versions says more than one that all have.
        shared += (has[:, None] & has[None, :]) * (2 / len(holders))
    every = slice(story.size)
    yield "shared-line", every, every, np.minimum(shared, _MOST_LINES)
    # Who takes lines along takes all of them, and puts its own around.
    for parent, lines in enumerate(story.story_lines):
        for child in np.flatnonzero(shared[parent]).tolist():
            if child != parent:
                left = len(lines - story.story_lines[child])
                yield "line-left", parent, child, float(min(left, _MOST_LINES))


def _standing(story: Story) -> Iterator[Fact]:
    """What can be said before looking at texts, times and names."""
    size = story.size
    for number in (n for n in range(len(story.parties)) if story.is_wire(n)):
        yield "wire", number, slice(None), 1.0
        if number < size:
            yield "wire", number, slice(None), -1.0
            yield "agency-first", FIRST, number, 1.0
            yield "agency-taken", slice(size), number, 1.0
    for hand in range(size, len(story)):
        unnamed = [v for v in range(size) if not story.names(v, hand)]
        if unnamed:
            yield "taken-by-hand", unnamed, hand, 1.0
            yield "silent-of-hand", hand, unnamed, 1.0
        yield "hand-first", FIRST, hand, 1.0
    if size > 1:
        yield "unknown", UNKNOWN, slice(size), 1.0
    yield "quotation", OWN, slice(size), _quotation(story)[:size]


def _quotation(story: Story) -> F64:
    """How far what a version shares is below what a copy shares, 0 at the border.

    A text of which another version has the half is a copy of it; what quotes less is its own.
    """
    border, cap = 0.45, 0.15
    if story.size < 2:
        return np.full(story.size, -1.0)
    contained = story.texts.containment()
    np.fill_diagonal(contained, 0.0)
    shared = contained.max(axis=1)
    result: F64 = np.minimum(border - shared, cap)
    return result
