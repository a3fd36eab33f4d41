"""What counts as a copy: thresholds, measured by ``benchmarks.recall``, and verification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from provenance.article import Article
from provenance.fingerprint import U64, Overlap, overlap, token_hashes
from provenance.fingerprint.shingles import shingle_sequence

Relation = Literal["exact", "near", "partial"]

NEAR = 0.5
"""Jaccard similarity from which two texts are versions of one, not one part of the other."""
CONTAINED = 0.3
"""Share of the shorter text's shingles from which it is a partial copy."""
SHARED = 30
"""Shingles that a partial copy must share at least: a quotation is no copy."""


@dataclass(frozen=True, slots=True)
class Match:
    """A verified copy.

    Attributes:
        article: The other article.
        overlap: Of the shingle sets; `a` is the article that was looked up.
        relation: ``exact`` the same tokens in the same order, ``near`` Jaccard at least `NEAR`,
            ``partial`` one holds a good part of the other.
    """

    article: Article
    overlap: Overlap
    relation: Relation


@dataclass(frozen=True, slots=True)
class Text:
    """A text prepared for comparison: its token hashes and its shingle set, both uint64."""

    hashes: U64
    shingles: U64

    @classmethod
    def of(cls, text: str) -> Text:
        """Prepare a text."""
        hashes = token_hashes(text)
        return cls(hashes, np.unique(shingle_sequence(hashes)))


def relation(a: Text, b: Text) -> tuple[Overlap, Relation | None]:
    """How two texts overlap, and what that makes of them; None: no copy.

    Short texts: the same tokens are always a match, Jaccard counts at any length, but containment
    only with at least `SHARED` shingles in common, so that a text of fewer than
    ``SHARED + SHINGLE - 1`` tokens is matched only as a whole.
    """
    found = overlap(a.shingles, b.shingles)
    if len(a.hashes) and np.array_equal(a.hashes, b.hashes):
        return found, "exact"
    if found.jaccard >= NEAR:
        return found, "near"
    if found.shared >= SHARED and max(found.a_in_b, found.b_in_a) >= CONTAINED:
        return found, "partial"
    return found, None
