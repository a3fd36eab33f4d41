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
    "lacks-word": -0.01,
    "lacks-passage": -0.37,
    "lacks-usual-word": -0.67,
    "lacks-usual-passage": -1.16,
    "lacks-length": -0.68,
    # The same for a source that is not at hand, against the best guess at its text.
    "guess-lacks-word": -0.31,
    "guess-lacks-passage": -0.51,
    # What a version alone has, it was the last to touch: its copies would have it too.
    "parent-private": -0.03,
    "first-private": -0.01,
    # Every change of what others have costs; a cut at the end is the cheapest.
    "dropped-word": -0.27,
    "dropped-passage": -0.33,
    # What the first should have: the text that most versions have.
    "first-lacks": -0.92,
    # What a taken version has added; a first has added nothing.
    "added-passages": -0.14,
    "added-length": -0.19,
    # Copies are later than their originals, but clocks, zones and updates lie.
    "earlier": 0.57,
    "later": -4.27,
    # The child names the parent, or the parent bears the name too.
    "named": 1.19,
    "names": -1.22,
    "named-same": 0.92,
    "named-too": 0.39,
    # The child credits the agency; the parent credits it in the same words, or at all.
    "credit": 1.69,
    "credit-direct": 0.56,
    "credit-own": -1.0,
    "credit-same": 1.93,
    "credit-too": 1.4,
    "credit-first": -2.3,
    "own-claim": 1.0,
    # Wrapper lines that both have; those that others share and the parent lacks.
    "shared-line": 0.79,
    # Headlines are mostly kept, or kept with a word before or behind.
    "headline-lost": -3.5,
    # What can be said before looking.
    "wire": -1.37,
    "unknown": -0.91,
    "agency-first": 4.21,
    "agency-taken": -4.01,
    "taken-by-hand": -2.0,
    "hand-unnamed": 0.4,
    "quotation": 40.0,
})  # fmt: skip
"""For each consideration its weight for each unit."""

PRIORS = MappingProxyType({
    # Rival ways in which a story may have begun, against one of the versions being the first.
    "independent": -1.0,
    "unknown-alone": -0.5,
    "unknown-among": -9.0,
    "wire": -1.99,
    # Credits on several pages count less than one by one: copies take them from each other.
    "wire-credit": 1.0,
})  # fmt: skip
"""Log-odds of rival hypotheses."""
