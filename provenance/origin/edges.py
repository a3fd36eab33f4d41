"""How likely each version is to have been taken from each other: the edges of a chain, weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from provenance.article import Party
from provenance.origin.features import features
from provenance.origin.parties import same_outlet
from provenance.origin.rows import FIRST, OWN, UNKNOWN
from provenance.origin.story import Story
from provenance.origin.texts import Bools
from provenance.origin.tree import F64, Hypothesis, marginals
from provenance.origin.weights import PRIORS, WEIGHTS

_WIRE_CAP = 8.0
"""Most that a page's credits can say for an agency when it stands alone."""


@dataclass(frozen=True, slots=True)
class Edges:
    """All edges of a story, weighed; rows and columns as in `features`.

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

    def part(self, *begins: str) -> F64:
        """The sum of the considerations whose names begin so."""
        found = [matrix for name, matrix in self.parts.items() if name.startswith(begins)]
        return sum(found, np.zeros_like(self.probabilities))


def edges(story: Story) -> Edges:
    """Weigh every edge of a story."""
    parts = {name: WEIGHTS[name] * matrix for name, matrix in features(story).items()}
    total = np.sum(list(parts.values()), axis=0)
    return Edges(parts, probabilities(story, total, PRIORS))


def probabilities(story: Story, total: F64, priors: Mapping[str, float]) -> F64:
    """Marginals of all edges over all trees and all ways in which the story may have begun.

    Args:
        story: The nodes.
        total: Log-odds of each edge, float64[rows, columns].
        priors: Log-odds of the rival beginnings.
    """
    count = len(story)
    total = np.where(forbidden(story), -np.inf, total)
    total[:count] -= log(story.size)
    sources = [*range(count, len(story.parties)), UNKNOWN]
    # A piece of its own may quote a story, wherever that comes from.
    mixed = np.logaddexp(total[sources], total[OWN])
    odds = [_wire(story, wire, priors) for wire in sources[:-1]]
    odds.append(priors["unknown-among" if story.size > 1 else "unknown-alone"])
    inner, begins = marginals(
        total[:count],
        [
            *(Hypothesis(p, row, single=False) for p, row in zip(odds, mixed, strict=True)),
            Hypothesis(0.0, total[FIRST], single=True),
            Hypothesis(priors["independent"], total[OWN], single=False),
        ],
    )
    taken = begins[: len(sources)] * np.exp(total[sources] - mixed)
    own = begins[-1] + (begins[: len(sources)] - taken).sum(axis=0)
    return np.vstack([inner, taken[:-1], begins[-2], own, taken[-1]])


def _wire(story: Story, wire: int, priors: Mapping[str, float]) -> float:
    """Log-odds that a wire is the source of the story."""
    if story.size > 1:
        return priors["wire"]  # the credits speak for each edge
    credit = story.agency_weight(0, story.parties[wire])
    return priors["wire"] + priors["wire-credit"] * min(credit, _WIRE_CAP)


def forbidden(story: Story) -> Bools:
    """Edges that cannot be: to oneself, and those of hands that no page speaks of.

    Nor has an agency's own page its text from anybody whom it does not credit.
    """
    size = story.size
    result = np.zeros((len(story.parties) + 3, len(story)), dtype=np.bool_)
    np.fill_diagonal(result, True)
    for hand in range(size, len(story)):
        for version in range(size):
            result[version, hand] = bool(story.names(version, hand))
        for other in range(size, len(story)):
            result[hand, other] = other == hand or not _inside(story, hand, other)
    for agency in filter(story.is_wire, range(size)):
        for parent, party in enumerate(story.parties):
            result[parent, agency] |= not _credits_or_is(story, agency, parent, party)
    return result


def _credits_or_is(story: Story, version: int, parent: int, party: Party) -> bool:
    """Whether a version's page credits a party, or is that party's too."""
    if same_outlet(party, story.parties[version]) or story.names(version, parent):
        return True
    return party.kind == "agency" and story.agency_weight(version, party) > 0


def _inside(story: Story, inner: int, outer: int) -> bool:
    """Whether a page bears the inner hand's trace nearer to the text than the outer hand's."""
    for version in range(story.size):
        first, second = story.names(version, inner), story.names(version, outer)
        blocks_first = [trace.block for trace in first if trace.block is not None]
        blocks_second = [trace.block for trace in second if trace.block is not None]
        if blocks_first and blocks_second and max(blocks_first) < max(blocks_second):
            return True
    return False
