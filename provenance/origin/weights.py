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
    "lacks-usual-word": -0.42,
    "lacks-usual-passage": -0.77,
    "lacks-length": -0.89,
    # The same for a source that is not at hand, against the best guess at its text.
    "guess-lacks-word": -0.44,
    "guess-lacks-passage": -0.92,
    # Every change of what others have costs.
    "dropped-word": -0.22,
    "dropped-passage": -0.5,
    # What the first should have: the text that most versions have.
    "first-lacks": -0.28,
    # What a taken version has added, in hundreds of words; a first has added nothing.
    "added-length": -0.3,
    # Copies are later than their originals, but clocks, zones and updates lie.
    "earlier": 0.94,
    "later": -4.41,
    # The child names the parent, or the parent bears the name too.
    "named": 1.7,
    "names": -1.28,
    "named-same": 1.22,
    "named-too": 0.88,
    # Who is taken from by many is taken from by those, too, who name nobody.
    "named-by-others": 1.27,
    # Whom several pages credit is more likely the first of all.
    "credited-first": 0.5,
    # The child credits the agency; the parent does in the same words, or in its dateline too.
    "credit": 1.98,
    "credit-direct": 0.64,
    "credit-own": -1.01,
    "credit-same": 1.94,
    "credit-too": 1.24,
    "credit-first": -3.43,
    "own-claim": 1.0,
    # An original is signed by a reporter, what is taken by a desk; fitted higher, but real desks
    # sign reports of their own more often than simulated ones do.
    "signed-by-name": 1.2,
    "signed-by-desk": -1.5,
    # Wrapper lines that both have.
    "shared-line": 0.73,
    # Who takes lines along leaves none.
    "line-left": -0.13,
    # Headlines are mostly kept, with a word before or behind; fitted higher, but real editors
    # write new ones more often than simulated ones do.
    "headline-lost": -4.0,
    "headline-new": -1.0,
    # What can be said before looking.
    "wire": -1.37,
    "unknown": -0.77,
    "agency-first": 4.48,
    "agency-taken": -4.02,
    "taken-by-hand": -1.95,
    # An outlet whose page is not at hand: whoever takes from it mostly says so, and it is seldom
    # the first while a page at hand may be.
    "silent-of-hand": -0.5,
    "hand-first": -0.5,
    "quotation": 40.0,
})  # fmt: skip
"""For each consideration its weight for each unit."""

PRIORS = MappingProxyType({
    # Rival ways in which a story may have begun, against one of the versions being the first.
    "independent": -1.0,
    "unknown-alone": -0.5,
    "unknown-among": -8.5,
    "wire": -1.86,
    # A page alone: what it credits; beside others, credits speak for each edge.
    "wire-credit": 1.0,
})  # fmt: skip
"""Log-odds of rival hypotheses."""
