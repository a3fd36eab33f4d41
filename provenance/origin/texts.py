"""What the bodies of the versions share, as numbers: the textual side of who copied whom.

The unit is an event: a maximal run of word 5-grams that one version has and another lacks. One
changed word is one event, so is one cut paragraph; the classical reasoning of textual criticism
(Maas, "Textkritik", 1927) then applies: a version cannot have taken from a parent what that
parent lacks but a third version has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.compare import Words
from provenance.fingerprint.shingles import SHINGLE
from provenance.origin.tree import F64

Bools = NDArray[np.bool_]
MOST_WORDS = 4_000
"""Words of a body that are looked at; bounds time and memory for giant pages."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The bodies of n versions as gram sequences.

    Attributes:
        sequences: For each version the ids of its grams in text order, int64[its length].
        presence: Which version has which gram, bool[n, number of grams].
        places: For each version and gram the block and word it begins at.
    """

    sequences: tuple[NDArray[np.int64], ...]
    presence: Bools
    places: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(cls, bodies: Sequence[Sequence[tuple[int, Words]]]) -> Texts:
        """Read the body blocks (index and words) of each version."""
        ids: dict[tuple[str, ...], int] = {}
        sequences, places = [], []
        for body in bodies:
            flat = [(key, (block, at)) for block, w in body for at, key in enumerate(w.keys)]
            keys = [key for key, _ in flat[:MOST_WORDS]]
            count = max(len(keys) - SHINGLE + 1, min(len(keys), 1))
            grams = [tuple(keys[at : at + SHINGLE]) for at in range(count)]
            sequences.append(np.array([ids.setdefault(g, len(ids)) for g in grams], dtype=np.int64))
            places.append(tuple(place for _, place in flat[:count]))
        presence = np.zeros((len(bodies), max(len(ids), 1)), dtype=np.bool_)
        for row, sequence in zip(presence, sequences, strict=True):
            row[sequence] = True
        return cls(tuple(sequences), presence, tuple(places))

    @property
    def common(self) -> Bools:
        """Grams that at least two versions have."""
        result: Bools = self.presence.sum(axis=0) >= 2
        return result

    @property
    def consensus(self) -> Bools:
        """Grams that at least half of the versions have: the best guess at a lost parent's text."""
        result: Bools = 2 * self.presence.sum(axis=0) >= len(self.presence)
        return result

    @property
    def fullest(self) -> int:
        """The version that has most of the consensus."""
        return int((self.presence & self.consensus).sum(axis=1).argmax())

    def containment(self) -> F64:
        """Share of each version's grams that each other version has, float64[of, in]."""
        shared = self.presence.astype(np.float32) @ self.presence.T.astype(np.float32)
        sizes = np.maximum(self.presence.sum(axis=1), 1)
        result: F64 = shared.astype(np.float64) / sizes[:, None]
        return result


def runs(missing: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
    """Number of runs and of grams that are missing in each row, and whether a run ends the row."""
    if not missing.shape[1]:
        none = np.zeros(len(missing), dtype=np.int64)
        return none, none, none.astype(np.bool_)
    starts = missing.copy()
    starts[:, 1:] &= ~missing[:, :-1]
    return starts.sum(axis=1), missing.sum(axis=1), missing[:, -1]
