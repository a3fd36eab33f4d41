"""What the bodies of the versions share, as numbers: the textual side of who copied whom.

The unit is an event: a maximal run of word 5-grams that one version has and another lacks. One
changed word is one event, so is one cut paragraph; the classical reasoning of textual criticism
(Maas, "Textkritik", 1927) then applies: a version cannot have taken from a parent what that
parent lacks but a third version has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
        sizes: Grams of each whole body, those around the shared part included, int64[n].
    """

    sequences: tuple[NDArray[np.int64], ...]
    presence: Bools
    places: tuple[tuple[tuple[int, int], ...], ...]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, bodies: Sequence[Body]) -> Texts:
        """Read the body blocks (index and words) of each version, as far as others share them.

        Blocks before the first and after the last that another version has are left out: they are
        what an outlet put around the text, also when nothing on the page marks them as that.
        """
        ids: dict[tuple[str, ...], int] = {}
        sequences, places = [], []
        for body in _shared(bodies):
            flat = [(key, (block, at)) for block, w in body for at, key in enumerate(w.keys)]
            keys = [key for key, _ in flat[:MOST_WORDS]]
            count = max(len(keys) - SHINGLE + 1, min(len(keys), 1))
            grams = [tuple(keys[at : at + SHINGLE]) for at in range(count)]
            sequences.append(np.array([ids.setdefault(g, len(ids)) for g in grams], dtype=np.int64))
            places.append(tuple(place for _, place in flat[:count]))
        presence = np.zeros((len(bodies), max(len(ids), 1)), dtype=np.bool_)
        for row, sequence in zip(presence, sequences, strict=True):
            row[sequence] = True
        words = np.array([sum(len(w.keys) for _, w in body) for body in bodies], dtype=np.int64)
        sizes = np.clip(words - SHINGLE + 1, 1, MOST_WORDS)
        return cls(tuple(sequences), presence, tuple(places), sizes)

    @property
    def common(self) -> Bools:
        """Grams that at least two versions have."""
        result: Bools = self.presence.sum(axis=0) >= 2
        return result

    @property
    def consensus(self) -> Bools:
        """Grams that two versions and half of all have: the best guess at a lost parent's text."""
        holders = self.presence.sum(axis=0)
        result: Bools = (holders >= 2) & (2 * holders >= len(self.presence))
        return result

    @property
    def fullest(self) -> int:
        """The version that has most of the consensus."""
        return int((self.presence & self.consensus).sum(axis=1).argmax())

    def containment(self) -> F64:
        """Share of each version's grams that each other version has, float64[of, in]."""
        shared = self.presence.astype(np.float32) @ self.presence.T.astype(np.float32)
        result: F64 = shared.astype(np.float64) / self.sizes[:, None]
        return np.minimum(result, 1.0)


Body = Sequence[tuple[int, Words]]


def _shared(bodies: Sequence[Body]) -> list[Body]:
    """Each body from the first block to the last that has half its grams in another body."""
    if len(bodies) < 2:
        return list(bodies)
    blocks = [[_grams(words.keys) for _, words in body] for body in bodies]
    holders = Counter(gram for body in blocks for gram in set().union(*body))
    kept = []
    for body, grams in zip(bodies, blocks, strict=True):
        fit = [at for at, block in enumerate(grams) if _known(block, holders)]
        kept.append(body[fit[0] : fit[-1] + 1] if fit else body)
    return kept


def _grams(keys: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(keys[at : at + SHINGLE]) for at in range(len(keys) - SHINGLE + 1)}


def _known(block: set[tuple[str, ...]], holders: Mapping[tuple[str, ...], int]) -> bool:
    return 2 * sum(holders[gram] > 1 for gram in block) >= max(len(block), 1)


@dataclass(frozen=True, slots=True)
class Runs:
    """Maximal runs of missing grams in each of n rows.

    Attributes:
        rows: The row of each run, int64[runs].
        lengths: Its number of grams, int64[runs].
        at_end: For each row whether a run ends it, bool[n].
    """

    rows: NDArray[np.int64]
    lengths: NDArray[np.int64]
    at_end: Bools

    def count(self, *, least: int = 1, longest: int | None = None) -> NDArray[np.int64]:
        """For each row how many runs have so many grams, int64[n]."""
        fit = self.lengths >= least
        if longest is not None:
            fit &= self.lengths <= longest
        return np.bincount(self.rows[fit], minlength=len(self.at_end))


def runs(missing: Bools) -> Runs:
    """The runs of true values in each row of a matrix."""
    padded = np.zeros((len(missing), missing.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = missing
    steps = np.diff(padded, axis=1)
    rows, begins = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    last = missing[:, -1] if missing.shape[1] else np.zeros(len(missing), dtype=np.bool_)
    return Runs(rows, ends - begins, last)
