"""How much each consideration says for an edge, as log-odds: one table, with the reason for each.

The signs and the order are from textual criticism and from how news is passed on; the figures were
fitted on simulated stories for development (``python -m benchmarks.fit_chain``) and are checked on
others (``python -m benchmarks.chain``). `features` says what each consideration counts.
"""

from __future__ import annotations

from types import MappingProxyType

WEIGHTS = MappingProxyType({
    # A parent cannot hand on what it lacks. One word may have been changed alike by two editors
    # (spelling, style), a passage hardly; and hardly anybody changes back to what most have.
    "lacks-word": -0.26,
    "lacks-passage": -0.19,
    "lacks-usual-word": -0.55,
    "lacks-usual-passage": -1.48,
    "lacks-length": -0.42,
    # The same for a source that is not at hand, against the best guess at its text.
    "guess-lacks-word": -0.64,
    "guess-lacks-passage": -0.65,
    # What a version alone has, it was the last to touch: its copies would have it too.
    "parent-private": -0.05,
    "first-private": -0.18,
    # Every change of what others have costs; a cut at the end is the cheapest.
    "dropped-word": -0.11,
    "dropped-passage": -0.39,
    "dropped-end": 0.1,
    # What the first should have: the text that most versions have.
    "first-lacks": -0.14,
    # What a taken version has added; a first has added nothing.
    "added-passages": -0.58,
    "added-length": -0.7,
    # Copies are later than their originals, but clocks, zones and updates lie.
    "earlier": 0.49,
    "later": -4.31,
    # The child names the parent, or the parent bears the name too.
    "named": 1.33,
    "names": -1.06,
    "named-same": 0.78,
    "named-too": 0.38,
    # The child credits the agency; the parent credits it in the same words, or at all.
    "credit": 1.75,
    "credit-direct": 0.59,
    "credit-own": -1.0,
    "credit-same": 1.29,
    "credit-too": 1.15,
    "credit-other": 0.01,
    "credit-first": -2.3,
    "own-claim": 1.0,
    "own-claim-among": 0.0,
    # Wrapper lines that both have; those that others share and the parent lacks.
    "shared-line": 1.12,
    "lacking-line": -0.01,
    # Headlines are mostly kept, or kept with a word before or behind.
    "headline-lost": -3.0,
    "headline-shared": -0.01,
    # What can be said before looking.
    "wire": -0.1,
    "agency-first": 4.2,
    "agency-taken": -4.01,
    "taken-by-hand": -2.0,
    "hand-unnamed": 0.89,
    "quotation": 40.0,
})  # fmt: skip
"""For each consideration its weight for each unit."""

PRIORS = MappingProxyType({
    # Rival ways in which a story may have begun, against one of the versions being the first.
    "independent": -1.0,
    "unknown-alone": -0.5,
    "unknown-among": -8.0,
    "wire": -2.56,
    # Credits on several pages count less than one by one: copies take them from each other.
    "wire-credit-alone": 1.0,
    "wire-credit-among": 0.05,
    "wire-repeated": 0.06,
})  # fmt: skip
"""Log-odds of rival hypotheses."""
