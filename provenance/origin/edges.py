"""How much speaks for each version having been taken from each other: weights of a chain's edges.

Every consideration is a part of its own (`PARTS`), so that a hop can be explained by the parts
that made it. Weights are log-odds; the constants are set so that the probabilities of hops in
generated stories are calibrated (``tests/origin`` holds them there).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from provenance.article import Interval
from provenance.origin.story import Story
from provenance.origin.texts import Bools, runs
from provenance.origin.tree import F64

NO_PARENT = -4.0
"""Log-odds that a version has no parent among those known, before anything is known."""
_AGENCY_SITE = 4.0
"""Added when the version stands on an agency's own site."""
_CREDIT_CAP = 6.5
_ELSEWHERE = 0.8
"""Share of a trace's or credit's weight that holds when another version bears it too."""
_RELIABLE = {"visible-text": 0.5, "url": 0.5}
_EARLIER, _LATER = 0.5, -2.2
"""Copies are later than their originals; clocks, zones and updates lie once in ten times."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Weights of all edges of a story.

    Attributes:
        total: float64[n + 1, n] over all nodes, the root last; see `tree`.
        parts: The same for each consideration, whose sum it is.
    """

    total: F64
    parts: dict[str, F64]


def edges(story: Story) -> Edges:
    """Weigh every edge of a story."""
    shape = (len(story) + 1, len(story))
    parts = {
        "prior": _prior(story, shape),
        "inconsistent": _inconsistent(story, shape),
        "changed": _changed(story, shape),
        "time": _time(story, shape),
        "trace": _trace(story, shape),
        "credit": _credit(story, shape),
        "wrapper": _wrapper(story, shape),
    }
    return Edges(sum(parts.values(), np.zeros(shape)), parts)


def _prior(story: Story, shape: tuple[int, int]) -> F64:
    """What can be said before looking: which edges can be at all."""
    result = np.full(shape, -np.inf)
    size, end = story.size, len(story)
    hands = range(size, size + len(story.hands))
    result[:size, :size] = -log(size)
    np.fill_diagonal(result, -np.inf)
    result[end, :] = NO_PARENT - log(size)
    for number in range(end):
        if number < size and story.is_wire(number):
            result[end, number] += _AGENCY_SITE
            result[:size, number] -= _AGENCY_SITE
    for hand in hands:
        result[:size, hand] = [
            -np.inf if story.names(version, hand) else -2.0 - log(size) for version in range(size)
        ]
        result[hand, :size] = [
            0.0 if story.names(version, hand) else -np.inf for version in range(size)
        ]
    for wire in range(size + len(story.hands), end):
        result[wire, :wire] = NO_PARENT
        result[wire, size + len(story.hands) :] = -np.inf
        result[end, wire] = 0.0
    for inner in hands:
        for outer in hands:
            if inner != outer and _inside(story, inner, outer):
                result[inner, outer] = 0.0
    return result


def _inside(story: Story, inner: int, outer: int) -> bool:
    """Whether a page bears the inner hand's trace nearer to the text than the outer hand's."""
    for version in range(story.size):
        first, second = story.names(version, inner), story.names(version, outer)
        blocks_first = [trace.block for trace in first if trace.block is not None]
        blocks_second = [trace.block for trace in second if trace.block is not None]
        if blocks_first and blocks_second and max(blocks_first) < max(blocks_second):
            return True
    return False


def _inconsistent(story: Story, shape: tuple[int, int]) -> F64:
    """Against parents that lack text which the child has in common with a third version.

    A wire, or an unknown parent, is taken to have had the consensus of the versions.
    """
    result = np.zeros(shape)
    texts, size = story.texts, story.size
    common, consensus = texts.common, texts.consensus
    for child, sequence in enumerate(texts.sequences):
        shared = common[sequence]
        missing = shared & ~texts.presence[:, sequence]
        result[:size, child] = _cost(missing)
        lost = _cost((shared & ~consensus[sequence])[None, :])
        result[size + len(story.hands) :, child] = lost
    return result


def _cost(missing: Bools) -> F64:
    count, length, _ = runs(missing)
    cost: F64 = -np.minimum(1.2 * count + 0.1 * length, 25.0)
    return cost


def _changed(story: Story, shape: tuple[int, int]) -> F64:
    """Against children that lost much of the parent's text or added much: each change costs.

    A cut is cheaper than an addition, and cheapest at the end: that is where editors cut.
    """
    result = np.zeros(shape)
    texts, size = story.texts, story.size
    for parent, sequence in enumerate(texts.sequences):
        count, _, at_end = runs(~texts.presence[:, sequence])
        result[parent, :size] -= np.minimum(0.5 * count - 0.3 * at_end, 3.0)
    for child, sequence in enumerate(texts.sequences):
        count, length, _ = runs(~texts.common[sequence][None, :])
        added = min(0.5 * float(count[0]), 2.5) + min(float(length[0]) / 100, 2.0)
        result[:, child] -= added
    return result


def _time(story: Story, shape: tuple[int, int]) -> F64:
    """For parents published before the child, against those after; an overlap says nothing."""
    result = np.zeros(shape)
    for parent in range(story.size):
        for child in range(story.size):
            order = precedes(
                story.versions[parent].article.published, story.versions[child].article.published
            )
            result[parent, child] = _EARLIER * order if order > 0 else -_LATER * order
    return result


def precedes(a: Interval | None, b: Interval | None) -> float:
    """1 when a is surely before b, -1 when after, less where a source is less reliable, else 0."""
    if a is None or b is None:
        return 0.0
    trust = _RELIABLE.get(a.source, 1.0) * _RELIABLE.get(b.source, 1.0)
    if a.latest < b.earliest:
        return trust
    return -trust if b.latest < a.earliest else 0.0


def _trace(story: Story, shape: tuple[int, int]) -> F64:
    """For parents that the child's page names, and for those that bear the same names."""
    result = np.zeros(shape)
    for child in range(story.size):
        for number in range(story.size + len(story.hands)):
            found = story.names(child, number)
            if not found or number == child:
                continue
            strength = min(sum(trace.strength for trace in found), 7.0)
            result[number, child] += strength
            result[child, number] -= strength
            for other in range(story.size):
                if other not in (child, number) and story.names(other, number):
                    result[other, child] += _ELSEWHERE * strength
    return result


def _credit(story: Story, shape: tuple[int, int]) -> F64:
    """For the agencies that pages credit, directly or through a parent that credits them too."""
    result = np.zeros(shape)
    size, end = story.size, len(story)
    for wire in (number for number in range(end) if story.is_wire(number)):
        agency = story.parties[wire]
        weights = [story.agency_weight(version, agency) for version in range(size)]
        best = max(weights)
        for child in range(size):
            if child == wire:
                continue
            weight = min(weights[child], _CREDIT_CAP)
            if wire >= size:
                weight = min(max(weights[child], _ELSEWHERE * best), _CREDIT_CAP)
                result[wire, child] += weight
            elif weight > 0:
                result[wire, child] += min(weight, 2.5) + 1.0
            for other in range(size):
                if other not in (child, wire) and weights[other] > 0 and weights[child] > 0:
                    result[other, child] += _ELSEWHERE * min(weights[child], 2.5)
        for hand in range(size, size + len(story.hands)) if wire >= size else ():
            naming = [weights[v] for v in range(size) if story.names(v, hand)]
            result[wire, hand] += min(max(*naming, _ELSEWHERE * best), _CREDIT_CAP)
    for version in range(size):
        own = sum(evidence.weight for evidence in story.own_evidence(version))
        result[end, version] += float(np.clip(own, -1.5, 1.5))
    return result


def _wrapper(story: Story, shape: tuple[int, int]) -> F64:
    """For parents with the child's inherited lines, against those that lack a line others have."""
    shared, lacking = np.zeros(shape), np.zeros(shape)
    for versions in story.lines.values():
        for child in versions:
            for parent in range(story.size):
                if parent in versions:
                    shared[parent, child] += 1
                else:
                    lacking[parent, child] += 1
    result: F64 = 0.7 * np.minimum(shared, 4) - 0.7 * np.minimum(lacking, 4)
    np.fill_diagonal(result[: shape[1]], 0.0)
    return result
