"""Text → tokens → shingles → signature → bands: pure functions over arrays."""

from __future__ import annotations

from dataclasses import dataclass

from provenance.fingerprint.minhash import (
    BANDS,
    PERMUTATIONS,
    ROWS,
    SEED,
    bands,
    estimate,
    from_datasketch,
    signature,
    to_datasketch,
)
from provenance.fingerprint.shingles import (
    SHINGLE,
    WINDOW,
    Overlap,
    distinct,
    overlap,
    passages,
    shingle_sequence,
    shingle_set,
)
from provenance.fingerprint.sketch import Sketch
from provenance.fingerprint.text import U32, U64, token_hashes, tokens

SCHEME = {
    "version": 1,
    "shingle": SHINGLE,
    "permutations": PERMUTATIONS,
    "seed": SEED,
    "bands": BANDS,
    "rows": ROWS,
    "window": WINDOW,
}
"""Everything that two fingerprints must agree on to be compared; stored in every index."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the index keeps and compares of one text.

    Attributes:
        tokens: Number of tokens.
        shingles: Sorted unique shingle hashes, uint64: the true set.
        passages: Winnowed passage fingerprints, sorted unique uint64: finds partial copies.
    """

    tokens: int
    shingles: U64
    passages: U64

    @property
    def signature(self) -> U32:
        """MinHash signature, uint32[PERMUTATIONS]."""
        return signature(self.shingles)


def fingerprint(text: str) -> Fingerprint:
    """Fingerprint a text; an empty text gives empty arrays."""
    hashes = token_hashes(text)
    sequence = shingle_sequence(hashes)
    return Fingerprint(len(hashes), distinct(sequence), passages(sequence))


__all__ = [
    "SCHEME",
    "U32",
    "U64",
    "Fingerprint",
    "Overlap",
    "Sketch",
    "bands",
    "distinct",
    "estimate",
    "fingerprint",
    "from_datasketch",
    "overlap",
    "shingle_sequence",
    "shingle_set",
    "signature",
    "to_datasketch",
    "token_hashes",
    "tokens",
]
