"""What counts as a copy: thresholds, measured by ``benchmarks.recall``, and verification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from provenance.article import Article
from provenance.fingerprint import (
    U64,
    Overlap,
    distinct,
    overlap,
    shingle_sequence,
    token_hashes,
)

Relation = Literal["exact", "near", "partial"]

NEAR = 0.5
"""Jaccard similarity from which two texts are versions of one, not one part of the other."""
CONTAINED = 0.4
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


def match(text: str, shingles: U64, other: Article) -> Match | None:
    """Compare a text with an article on the true shingle sets; None: no copy.

    Short texts: the same tokens are always a match, Jaccard counts at any length, but containment
    only with at least `SHARED` shingles in common, so that a text of fewer than
    ``SHARED + SHINGLE - 1`` tokens is matched only as a whole.

    Args:
        text: The text that is looked up.
        shingles: Its shingle set.
        other: The candidate.
    """
    theirs = other.text
    if text == theirs and len(shingles):  # mostly itself: nothing needs to be counted
        return Match(other, Overlap(len(shingles), 1.0, 1.0, 1.0), "exact")
    hashes = token_hashes(theirs)
    found = overlap(shingles, distinct(shingle_sequence(hashes)))
    kind = _relation(found)
    if found.jaccard == 1 and np.array_equal(token_hashes(text), hashes):
        kind = "exact"
    return Match(other, found, kind) if kind else None


def _relation(found: Overlap) -> Relation | None:
    if found.jaccard >= NEAR:
        return "near"
    if found.shared >= SHARED and max(found.a_in_b, found.b_in_a) >= CONTAINED:
        return "partial"
    return None
