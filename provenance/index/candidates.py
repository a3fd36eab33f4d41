"""Which stored articles are worth comparing: those that share bands or passages with a text.

The rule is written down twice, here step by step and in `postgres_lookup` as one statement; a test
holds both to the same articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import Sketch
from provenance.index.rows import keys
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Sought

LEAST_SHARE = 0.1
"""Share of the fewer passages that must be hit; a copy that `matching` accepts hits far more."""
WHOLE_SHARE = 2 / 3
"""Share of the *more* passages from which two texts are versions of one, whatever is furniture."""
LATEST = 2
"""Postings of a key that are looked at in a run, the latest, for each article looked at at most."""
FURNITURE = 4
"""Articles of one outlet from which a passage they share is that outlet's furniture."""
COMMONEST = 1 << 24
"""A key of n postings counts for ``COMMONEST // n``: integers add up alike everywhere."""

Places = NDArray[np.intp]


def sought(sketch: Sketch, outlet: str, most: int) -> Sought:
    """What a store is asked for, to find the articles that a text is compared with.

    Args:
        sketch: Of the text.
        outlet: The text's outlet, or empty.
        most: Look at no more than so many articles; each costs a page of the store.
    """
    (wanted,) = keys([sketch])
    return Sought(wanted, outlet, len(sketch.passages), most)


def candidates(
    sought: Sought,
    find_postings: Callable[[Postings, int], Postings],
    outlines: Callable[[Sequence[int]], dict[int, tuple[str, int]]],
) -> list[int]:
    """Article numbers to be verified: those that share the most and the rarest passages, first.

    A passage that the text has in common with several articles of its own outlet is that outlet's
    furniture (a newsletter form, a picture gallery's captions) and makes no candidate there, unless
    the texts are the same for the greater part. Between outlets every passage counts.

    Args:
        sought: What is looked for.
        find_postings: Gives postings of sorted, unique keys: of each in each run the last so many.
        outlines: Gives outlet and number of passages by article number, for those that exist.
    """
    postings = find_postings(sought.keys, LATEST * sought.most)
    # An index makes numpy sort stably, which is faster on what rises in long stretches.
    numbers, _, owner, hits = np.unique(
        postings & ARTICLE_MASK, return_index=True, return_inverse=True, return_counts=True
    )
    _, key, spread = np.unique(postings >> ARTICLE_BITS, return_inverse=True, return_counts=True)
    # Boilerplate that thousands share must not crowd out the one copy that shares the story.
    rarity = np.bincount(owner, (COMMONEST // spread)[key], len(numbers))
    looked_at = np.argsort(-rarity, kind="stable")[: sought.most]
    known = outlines(numbers[looked_at].tolist())
    # Numbers without an outline were removed, and their postings not yet compacted.
    looked_at = looked_at[[number in known for number in numbers[looked_at].tolist()]]
    found = [known[number] for number in numbers[looked_at].tolist()]
    passages = np.array([each[1] for each in found], dtype=np.int64)
    outlet = sought.outlet
    same = looked_at[[bool(outlet) and each[0] == outlet for each in found]]
    own_hits = (hits - _furniture_hits(key, owner, same, len(numbers)))[looked_at]
    enough = own_hits >= np.maximum(1, LEAST_SHARE * np.minimum(passages, sought.passages))
    enough |= hits[looked_at] >= WHOLE_SHARE * np.maximum(passages, sought.passages)
    kept: list[int] = numbers[looked_at[enough]].tolist()
    return kept


def _furniture_hits(key: Places, owner: Places, same: Places, articles: int) -> Places:
    """For each article, its hits on furniture: none but for the `same` outlet's articles."""
    is_same = np.zeros(articles, dtype=np.bool_)
    is_same[same] = True
    of_outlet = is_same[owner]
    furniture = np.bincount(key[of_outlet])[key[of_outlet]] >= FURNITURE
    return np.bincount(owner[of_outlet][furniture], minlength=articles)
