"""How much each consideration says for an edge, as log-odds: one table, with the reason for each.

The signs and the order are from textual criticism and from how news is passed on; the figures were
fitted on simulated stories for development (``python -m benchmarks.fit_chain``) and are checked on
others (``python -m benchmarks.chain``). `features` says what each consideration counts.
"""

from __future__ import annotations

from types import MappingProxyType

WEIGHTS = MappingProxyType({
    # A parent cannot hand on what it lacks, but some words are changed alike by two editors
    # (spelling, style). Hardly anybody changes back to what most have.
    "lacks-usual-word": -0.35,
    "lacks-usual-passage": -1.21,
    "lacks-length": -0.73,
    # The same for a source that is not at hand, against the best guess at its text.
    "guess-lacks-word": -0.34,
    "guess-lacks-passage": -0.15,
    # What a version alone has, its copies would have too.
    "parent-private": -0.22,
    # Every change of what others have costs.
    "dropped-word": -0.35,
    "dropped-passage": -0.36,
    # What the first should have: the text that most versions have.
    "first-lacks": -0.52,
    # What a taken version has added, in hundreds of words; a first has added nothing.
    "added-length": -0.23,
    # Copies are later than their originals, but clocks, zones and updates lie.
    "earlier": 0.82,
    "later": -4.29,
    # The child names the parent, or the parent bears the name too.
    "named": 1.45,
    "names": -1.24,
    "named-same": 1.02,
    "named-too": 0.66,
    # The child credits the agency; the parent does in the same words, or in its dateline too.
    "credit": 1.91,
    "credit-direct": 0.65,
    "credit-own": -1.0,
    "credit-same": 2.07,
    "credit-too": 1.44,
    "credit-first": -2.3,
    "own-claim": 1.0,
    # Originals are signed by a reporter, what is taken by a desk.
    "signed-by-name": 1.0,
    "signed-by-desk": -1.0,
    # Wrapper lines that both have.
    "shared-line": 0.83,
    # Headlines are mostly kept, with a word before or behind; fitted higher, but real editors
    # write new ones more often than simulated ones do.
    "headline-lost": -4.0,
    # What can be said before looking.
    "wire": -0.87,
    "unknown": -1.17,
    "agency-first": 4.21,
    "agency-taken": -4.01,
    "taken-by-hand": -2.0,
    "hand-unnamed": 0.42,
    "quotation": 40.0,
})  # fmt: skip
"""For each consideration its weight for each unit."""

PRIORS = MappingProxyType({
    # Rival ways in which a story may have begun, against one of the versions being the first.
    "independent": -1.0,
    "unknown-alone": -0.5,
    "unknown-among": -9.0,
    "wire": -1.89,
    # A page alone: what it credits; beside others, credits speak for each edge.
    "wire-credit": 1.0,
})  # fmt: skip
"""Log-odds of rival hypotheses."""
