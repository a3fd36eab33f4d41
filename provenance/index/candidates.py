"""Which stored articles are worth comparing with a text: those that share passages with it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Store

LEAST_SHARE = 0.1
"""Share of the fewer passages that must be hit; a copy that `matching` accepts hits far more."""
WHOLE_SHARE = 2 / 3
"""Share of the *more* passages from which two texts are versions of one, whatever is furniture."""
FURNITURE = 4
"""Articles of one outlet from which a passage they share is that outlet's furniture."""


def candidates(store: Store, keys: Postings, outlet: str, most: int) -> list[int]:
    """Article numbers to be verified, most shared passages first.

    A passage that the text has in common with several articles of its own outlet is that outlet's
    furniture (a newsletter form, a picture gallery's captions) and makes no candidate there, unless
    the texts are the same for the greater part. Between outlets every passage counts.

    Args:
        store: Where to look.
        keys: Keys of the text's passages.
        outlet: The text's outlet, or empty.
        most: At most so many.
    """
    postings = store.find_postings(keys)
    numbers, owner, hits = np.unique(
        postings & ARTICLE_MASK, return_inverse=True, return_counts=True
    )
    looked_at = np.argsort(-hits, kind="stable")[: 4 * most]
    outlines = store.outlines(numbers[looked_at].tolist())
    outlets = [outlines.get(number, ("", 0))[0] for number in numbers[looked_at].tolist()]
    same = looked_at[[bool(outlet) and each == outlet for each in outlets]]
    own_hits = hits - _furniture_hits(postings >> ARTICLE_BITS, owner, same)
    kept = []
    for at, number in zip(looked_at.tolist(), numbers[looked_at].tolist(), strict=True):
        if number in outlines:  # else removed, its postings not yet compacted
            fewer, more = sorted((len(keys), outlines[number][1]))
            if own_hits[at] >= max(1, LEAST_SHARE * fewer) or hits[at] >= WHOLE_SHARE * more:
                kept.append(number)
    return kept[:most]


def _furniture_hits(
    keys: Postings, owner: NDArray[np.intp], same: NDArray[np.intp]
) -> NDArray[np.intp]:
    """For each article, its hits on furniture: zero for all but the `same` outlet's articles."""
    of_outlet = np.isin(owner, same)
    found, which, count = np.unique(keys[of_outlet], return_inverse=True, return_counts=True)
    furniture = (count >= FURNITURE)[which] if len(found) else np.empty(0, dtype=bool)
    return np.bincount(owner[of_outlet][furniture], minlength=int(owner.max(initial=-1)) + 1)
