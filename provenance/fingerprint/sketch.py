"""What an index finds a text by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from provenance.fingerprint.minhash import signature
from provenance.fingerprint.shingles import passages, shingle_sequence
from provenance.fingerprint.text import U32, U64, token_hashes


@dataclass(frozen=True, slots=True)
class Sketch:
    """What an index finds a text by.

    Attributes:
        tokens: Number of tokens.
        signature: MinHash signature, uint32[PERMUTATIONS].
        passages: Winnowed passage fingerprints, sorted unique uint64.
    """

    tokens: int
    signature: U32
    passages: U64

    @classmethod
    def of(cls, text: str) -> Self:
        """The sketch of one text; `batch.sketches` is faster for many."""
        hashes = token_hashes(text)
        sequence = shingle_sequence(hashes)
        return cls(len(hashes), signature(sequence), passages(sequence))
