"""How densely a text must be sampled so that no match can be missed.

Candidates are texts that share a *key*: the hash of `KEY_TOKENS` consecutive tokens that is the
smallest of a window of such hashes (winnowing: Schleimer, Wilkerson and Aiken, SIGMOD 2003). Two
texts with a run of ``window + KEY_TOKENS - 1`` tokens in common are sure to share a key.

How long a run must two matching texts share? In a text of n shingles that has Jaccard >= t with
one no shorter, at least ``c * n`` are shared, ``c = 2t / (1 + t)``. Every cut between two shared
runs costs `SHINGLE` - 1 shingles, as each shingle across it is new, so there are at most
``(1 - c) * n / 4`` cuts, and the longest run has at least ``c * n / (cuts + 1)`` shingles. The
window is chosen for each text length so that this run always holds a key, at any threshold for
which that is possible (0.46 and above); a text that repeats itself may escape the argument, hardly
the search. Minima of a wide window are also minima of the narrower ones inside it, so texts of
different windows meet.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.shingles import SHINGLE

KEY_TOKENS = 8
"""Tokens in a key: long enough that stock phrases seldom make one, in Chinese too."""
KEY_SHINGLES = KEY_TOKENS - SHINGLE + 1
PARTIAL_TOKENS = 50
"""Tokens of the shortest text that is looked for inside longer ones."""
PARTIAL = 0.9
"""Share of its shingles that must be found in the longer one."""
LONGEST = 4096
"""Windows no longer grow with texts longer than this."""


def sure_run(shingles: NDArray[np.int64], shared: float) -> NDArray[np.int64]:
    """Shingles of the longest run that a text with that share of shared shingles must have."""
    cuts = (shingles * (1 - shared) / (SHINGLE - 1)).astype(np.int64)
    longest: NDArray[np.int64] = np.ceil(shared * shingles / (cuts + 1) - 1e-9).astype(np.int64)
    return longest


@lru_cache(maxsize=8)
def windows(threshold: float, partial: bool) -> NDArray[np.int64]:
    """Window, in keys, for a text of each number of shingles: int64[LONGEST + 1]."""
    lengths = np.arange(LONGEST + 1)
    runs = sure_run(lengths, 2 * threshold / (1 + threshold))
    smallest_partner = (lengths * threshold).astype(np.int64)
    widest = runs[-1]
    if partial:
        widest = min(widest, sure_run(lengths[PARTIAL_TOKENS - SHINGLE + 1 :], PARTIAL).min())
    found = np.full(LONGEST + 1, widest)
    for length in range(LONGEST + 1):
        found[length] = min(widest, runs[smallest_partner[length] : length + 1].min())
    least: NDArray[np.int64] = np.maximum(1, found - KEY_SHINGLES + 1)
    return least
