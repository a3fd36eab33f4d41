"""Whose text a page says it runs: an agency's, its own, or both: evidence added up as log-odds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp

from provenance.article import Evidence, Party
from provenance.attribution.evidence.weights import JOINT, JOINT_PRIOR, PRIOR

NAMED = 0.5
"""Probability from which an agency is named."""
_REPEATED = 0.25
"""Share of its weight that a further fact of the same kind adds."""
_SELVES = ("self", "agency-feed")
_RIGHTS = frozenset(("copyright", "metadata-rights", "metadata-publisher"))


class Authorship(StrEnum):
    """Who wrote a text, as far as its page says."""

    SOLE = "sole"
    JOINT = "joint"
    SELF = "self"
    OWN = "own"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose text a page says it runs.

    Attributes:
        kind: ``sole`` an agency's text, ``joint`` staff with an agency, ``self`` an agency on its
            own site or in its own feed, ``own`` the outlet's own people, ``unknown`` the page does
            not say.
        parties: The agencies, the most likely first; for ``own`` the outlet.
        probability: That `kind` and the first of `parties` are right.
    """

    kind: Authorship
    parties: tuple[Party, ...]
    probability: float


def authorship(evidence: Sequence[Evidence]) -> Attribution:
    """Add up a page's own evidence.

    Args:
        evidence: From `evidence`; facts of other articles do not belong here.
    """
    agencies = {
        party: _sigmoid(PRIOR + weight)
        for party, weight in _weights(_without_distributors(evidence)).items()
        if party.kind == "agency"
    }
    named = sorted(
        (party for party, p in agencies.items() if p >= NAMED),
        key=lambda party: (-agencies[party], party.id),
    )
    selves = [fact.party for fact in evidence if fact.kind in _SELVES and fact.party]
    if selves:
        return Attribution(Authorship.SELF, (selves[0],), agencies[selves[0]])
    if named:
        joint = joint_probability(evidence)
        kind = Authorship.JOINT if joint >= NAMED else Authorship.SOLE
        return Attribution(kind, tuple(named), agencies[named[0]] * max(joint, 1 - joint))
    best = max(agencies.values(), default=0.0)
    # A desk signs what agencies it does not name have sent, too; a reporter does not.
    unnamed = any(fact.kind == "unnamed-agencies" for fact in evidence)
    signs = ("staff-byline",) if unnamed else ("staff-byline", "own-byline")
    own = [f for f in evidence if f.kind in signs and f.party]
    if own and own[0].party:
        return Attribution(Authorship.OWN, (own[0].party,), 1 - best)
    return Attribution(Authorship.UNKNOWN, (), 1 - best)


def joint_probability(evidence: Sequence[Evidence]) -> float:
    """Probability that staff wrote together with the agency, given that one is credited."""
    kinds = {fact.kind for fact in evidence}
    return _sigmoid(JOINT_PRIOR + sum(JOINT.get(kind, 0.0) for kind in kinds))


def _without_distributors(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The facts without those copyright lines that only say who passed another agency's text on."""
    credited = {
        fact.party
        for fact in evidence
        if fact.kind not in _RIGHTS and fact.party and fact.party.kind == "agency"
    }
    return [f for f in evidence if f.kind not in _RIGHTS or not credited or f.party in credited]


def _weights(evidence: Sequence[Evidence]) -> dict[Party, float]:
    """For each party the sum over kinds: the strongest fact in full, repetitions in part."""
    by_kind: dict[Party, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for fact in evidence:
        if fact.party is not None:
            by_kind[fact.party][fact.kind].append(fact.weight)
    return {
        party: sum(
            max(weights) + _REPEATED * (sum(weights) - max(weights)) for weights in kinds.values()
        )
        for party, kinds in by_kind.items()
    }


def _sigmoid(x: float) -> float:
    return 1 / (1 + exp(-max(min(x, 30.0), -30.0)))
