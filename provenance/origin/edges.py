"""How much speaks for each version having been taken from each other: weights of a chain's edges.

Every consideration is a part of its own, so that a hop can be explained by the parts that made
it. Weights are log-odds; the constants are set so that the probabilities of hops in generated
stories are calibrated (``tests/origin`` holds them there).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from provenance.article import Interval
from provenance.origin.story import Story
from provenance.origin.texts import Bools, runs
from provenance.origin.tree import F64, Hypothesis, marginals

FIRST, OWN, UNKNOWN = -3, -2, -1
"""Rows of a matrix of edges that stand for no node."""
_INDEPENDENT = -1.0
"""Log-odds that the versions are pieces of their own, before their texts are looked at."""
_QUOTATION, _OWN_SLOPE, _OWN_CAP = 0.45, 40.0, 2.0
"""Share of a text below which it is quoted rather than copied, and how sharp that border is."""
_UNKNOWN_ALONE, _UNKNOWN_AMONG = -0.5, -4.0
"""Log-odds that the source is unknown, against the first of the known versions being the source:
with no other version known, and with some."""
_WIRE = -2.5
"""Log-odds that an agency is the source, before what pages say for it."""
_FROM_WIRE = -0.7
"""Log-odds that a version was taken from an agency itself, against all other versions together."""
_REPEATED = 0.3
_WIRE_CAP = 8.0
_GUESSED_CAP = 5.0
"""Most that the guessed text of a source that is not at hand can speak against it."""
_AGENCY_SITE = 4.0
"""For a version on an agency's own site being the first; against its having been taken."""
_SAYS_LATER = 2.0
_CREDIT_CAP = 2.5
_DIRECT = 0.25
"""For the credited agency itself being the parent, beyond the weight of the credit."""
_ELSEWHERE = 0.8
"""Share of a trace's or credit's weight that holds for a parent that bears it too."""
_RELIABLE = {"visible-text": 0.5, "url": 0.5}
_EARLIER, _LATER = 0.5, -2.2
"""Copies are later than their originals; clocks, zones and updates lie once in ten times."""


@dataclass(frozen=True, slots=True)
class Edges:
    """All edges of a story, weighed.

    Columns are the nodes that can be children; rows are those, then the wires, then ``first``
    (the child is the first of all), ``own`` (it is a piece of its own that shares a passage) and
    ``unknown`` (its parent is not known).

    Attributes:
        parts: For each consideration its log-odds, float64[rows, columns].
        probabilities: Marginals over all trees; every column sums to 1.
    """

    parts: dict[str, F64]
    probabilities: F64

    @property
    def inner(self) -> F64:
        """Marginals of edges between nodes that can be children."""
        return self.probabilities[: self.probabilities.shape[1]]

    @property
    def outside(self) -> F64:
        """Marginals of the other rows: the wires, ``first``, ``own`` and ``unknown``."""
        return self.probabilities[self.probabilities.shape[1] :]


def edges(story: Story) -> Edges:
    """Weigh every edge of a story."""
    count = len(story)
    shape = (len(story.parties) + 3, count)
    parts = {
        "prior": _prior(story, shape),
        "inconsistent": _inconsistent(story, shape),
        "changed": _changed(story, shape),
        "time": _time(story, shape),
        "trace": _trace(story, shape),
        "credit": _credit(story, shape),
        "wrapper": _wrapper(story, shape),
    }
    total = sum(parts.values(), np.zeros(shape))
    sources = [*range(count, len(story.parties)), UNKNOWN]
    # A piece of its own may quote a story, wherever that comes from.
    mixed = np.logaddexp(total[sources], total[OWN])
    priors = [_wire(story, wire) for wire in sources[:-1]]
    priors.append(_UNKNOWN_AMONG if story.size > 1 else _UNKNOWN_ALONE)
    inner, begins = marginals(
        total[:count],
        [
            *(Hypothesis(p, row, single=False) for p, row in zip(priors, mixed, strict=True)),
            Hypothesis(0.0, total[FIRST], single=True),
            Hypothesis(_INDEPENDENT, total[OWN], single=False),
        ],
    )
    taken = begins[: len(sources)] * np.exp(total[sources] - mixed)
    own = begins[-1] + (begins[: len(sources)] - taken).sum(axis=0)
    return Edges(parts, np.vstack([inner, taken[:-1], begins[-2], own, taken[-1]]))


def _own(story: Story) -> F64:
    """Log-odds of each node being a piece of its own that has words in common with the others.

    A text that contains most of another, or is contained in it, is a copy; less are quotations.
    """
    result = np.full(len(story), -_OWN_SLOPE)
    if story.size > 1:
        contained = story.texts.containment()
        np.fill_diagonal(contained, 0.0)
        shared = np.maximum(contained.max(axis=0), contained.max(axis=1))
        result[: story.size] = np.minimum(_OWN_SLOPE * (_QUOTATION - shared), _OWN_CAP)
    return result


def _wire(story: Story, wire: int) -> float:
    """Log-odds that a wire is the source of the story.

    Credits on several pages count less than one by one: copies take them over from each other.
    """
    agency = story.parties[wire]
    weights = [story.agency_weight(version, agency) for version in range(story.size)]
    best = max(weights)
    others = sum(weight for weight in weights if weight > 0) - best
    return _WIRE + min(best + _REPEATED * others, _WIRE_CAP)


def _prior(story: Story, shape: tuple[int, int]) -> F64:
    """What can be said before looking: which edges can be at all."""
    size = story.size
    result = np.full(shape, -log(size))
    result[[row for row in range(len(story.parties)) if story.is_wire(row)]] = _FROM_WIRE
    result[FIRST] = 0.0
    result[OWN] = _own(story)
    np.fill_diagonal(result, -np.inf)
    for number in (number for number in range(size) if story.is_wire(number)):
        result[FIRST, number] += _AGENCY_SITE
        result[:size, number] -= _AGENCY_SITE
    for hand in range(size, len(story)):
        for version in range(size):
            named = bool(story.names(version, hand))
            result[hand, version] = 0.0 if named else -np.inf
            result[version, hand] = -np.inf if named else -2.0 - log(size)
        for other in range(size, len(story)):
            inside = other != hand and _inside(story, hand, other)
            result[hand, other] = 0.0 if inside else -np.inf
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
        result[:size, child] = _cost(shared & ~texts.presence[:, sequence])
        guess = float(_cost((shared & ~consensus[sequence])[None, :])[0])
        result[len(story) :, child] = max(guess, -_GUESSED_CAP)
    result[[FIRST, OWN]] = 0.0
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
    sequence = texts.sequences[texts.fullest]
    count, _, at_end = runs(~texts.presence[:, sequence[texts.consensus[sequence]]])
    result[len(story) :, :size] -= np.minimum(0.5 * count - 0.3 * at_end, 3.0)
    for child, sequence in enumerate(texts.sequences if size > 1 else ()):
        count, length, _ = runs(~texts.common[sequence][None, :])
        result[:, child] -= min(0.5 * float(count[0]), 2.5) + min(float(length[0]) / 100, 2.0)
    result[[FIRST, OWN]] = 0.0
    return result


def _time(story: Story, shape: tuple[int, int]) -> F64:
    """For parents published before the child, against those after; an overlap says nothing."""
    result = np.zeros(shape)
    published = [version.article.published for version in story.versions]
    for parent, first in enumerate(published):
        for child, second in enumerate(published):
            order = precedes(first, second)
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
        for number in range(len(story)):
            found = story.names(child, number)
            if not found or number == child:
                continue
            strength = min(sum(trace.strength for trace in found), 7.0)
            result[number, child] += strength
            result[[child, OWN], [number, child]] -= strength
            for other in range(story.size):
                if other not in (child, number) and story.names(other, number):
                    result[other, child] += _ELSEWHERE * strength
    return result


def _credit(story: Story, shape: tuple[int, int]) -> F64:
    """For the agencies that pages credit, directly or through a parent that credits them too."""
    result = np.zeros(shape)
    size = story.size
    agencies = [number for number in range(len(story.parties)) if story.is_wire(number)]
    for number in agencies:
        agency = story.parties[number]
        weights = [story.agency_weight(version, agency) for version in range(size)]
        crediting = [v for v in range(size) if weights[v] > 0 and v != number]
        if number < size and crediting:
            # The agency's own version is at hand: pages that credit it are not the first.
            result[FIRST, crediting] -= _SAYS_LATER
            result[FIRST, number] += _SAYS_LATER
        for child in crediting:
            weight = min(weights[child], _CREDIT_CAP)
            result[number, child] += weight + _DIRECT
            result[OWN, child] -= weight
            result[[v for v in crediting if v != child], child] += _ELSEWHERE * weight
        for hand in range(size, len(story)):
            naming = [weights[version] for version in range(size) if story.names(version, hand)]
            result[number, hand] += min(max(*naming, 0.0), _CREDIT_CAP)
    for version in range(size):
        result[[FIRST, OWN], version] += float(np.clip(story.own_weight(version), -1.5, 1.5))
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
    np.fill_diagonal(result, 0.0)
    return result
