"""Verified pairs → clusters that hold together, and one representative for each.

Transitive closure alone glues what does not belong together. Here a cluster is made of

1. *exact duplicates*, which stand for each other;
2. *near-duplicates*: a connected set of verified pairs, if each of its texts is also similar to its
   centre (the text with most neighbours), but for `SLACK`. A looser set is split: the centre keeps
   its neighbours, the rest goes through the same again. Each split is told.
3. *partial copies*: a text found inside longer ones joins the cluster of one of them. It never
   glues two longer ones together, and so a stock paragraph cannot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.bulk.candidates import PAIR_SHIFT, Flags
from provenance.bulk.kernel import I64
from provenance.bulk.matching import SLACK, Corpus, Pairs
from provenance.bulk.windows import PARTIAL
from provenance.fingerprint.compiled import compiled
from provenance.fingerprint.text import U64

Compare = Callable[[U64], Pairs]
"""Exact overlap of pairs given as sorted ``a << 32 | b``."""


@dataclass(frozen=True, slots=True)
class Split:
    """A connected set of near-duplicates that was too loose for the threshold.

    Attributes:
        centre: The text with most neighbours in it.
        texts: How many it had.
        lowest: Lowest Jaccard similarity of one of them to the set's centre.
        into: Sizes of the clusters it became, largest first.
    """

    centre: int
    texts: int
    lowest: float
    into: tuple[int, ...]


def pack(a: I64, b: I64) -> U64:
    """Pairs as the words `compare` takes, sorted and unique."""
    low, high = np.minimum(a, b).astype(np.uint64), np.maximum(a, b).astype(np.uint64)
    return np.unique(low << PAIR_SHIFT | high)


@compiled
def _components(a: I64, b: I64, labels: I64) -> None:
    """Union-find; labels become the smallest text of each connected set."""
    for index in range(len(a)):
        x, y = a[index], b[index]
        while labels[x] != x:
            labels[x] = labels[labels[x]]
            x = labels[x]
        while labels[y] != y:
            labels[y] = labels[labels[y]]
            y = labels[y]
        labels[max(x, y)] = min(x, y)
    for text in range(len(labels)):
        labels[text] = labels[labels[text]]


def near_clusters(
    near: Pairs, corpus: Corpus, threshold: float, compare: Compare
) -> tuple[I64, list[Split]]:
    """A label for each text (its own number when alone), and what had to be split."""
    labels = np.arange(len(corpus.digests))
    _components(near.a, near.b, labels)
    sizes = np.bincount(labels, minlength=len(labels))
    of_large = near.where(sizes[labels[near.a]] > 2)  # most are pairs, which nothing can loosen
    members: dict[int, list[int]] = defaultdict(list)
    for text in np.unique(np.concatenate((of_large.a, of_large.b))).tolist():
        members[int(labels[text])].append(text)
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(of_large.a.tolist(), of_large.b.tolist(), strict=True):
        neighbours[a].add(b)
        neighbours[b].add(a)
    large = list(members.values())
    centres = [_centre(texts, neighbours, corpus) for texts in large]
    lowest = _lowest(large, centres, compare)
    splits = []
    for texts, centre, least in zip(large, centres, lowest, strict=True):
        if least < threshold - SLACK:
            parts = stars(texts, neighbours, corpus)
            for part in parts:
                labels[part] = min(part)
            into = sorted((len(part) for part in parts), reverse=True)
            splits.append(Split(centre, len(texts), least, tuple(into)))
    splits.sort(key=lambda split: (-split.texts, split.lowest, split.into))
    return labels, splits


def _centre(texts: Sequence[int], neighbours: dict[int, set[int]], corpus: Corpus) -> int:
    """The text with most neighbours; of equals the one with the smallest digest."""
    return min(texts, key=lambda text: (-len(neighbours[text]), int(corpus.digests[text])))


def _lowest(groups: list[list[int]], centres: list[int], compare: Compare) -> list[float]:
    """For each group the lowest Jaccard of a member to its centre."""
    a = [centre for centre, texts in zip(centres, groups, strict=True) for _ in texts]
    b = [text for texts in groups for text in texts]
    others = np.array(a, dtype=np.int64) != np.array(b, dtype=np.int64)
    found = compare(pack(np.array(a, np.int64)[others], np.array(b, np.int64)[others]))
    group_of = {text: number for number, texts in enumerate(groups) for text in texts}
    lowest = [1.0] * len(groups)
    for text, jaccard in zip(found.a.tolist(), found.jaccard.tolist(), strict=True):
        number = group_of[text]
        lowest[number] = min(lowest[number], jaccard)
    return lowest


def stars(texts: list[int], neighbours: dict[int, set[int]], corpus: Corpus) -> list[list[int]]:
    """Split a loose set: a centre and its neighbours, again and again.

    Args:
        texts: The set.
        neighbours: Of each text in it.
        corpus: Digests break ties.
    """
    left = set(texts)
    parts = []
    degree = {text: len(neighbours[text]) for text in texts}
    while left:
        centre = min(left, key=lambda text: (-degree[text], int(corpus.digests[text])))
        part = (neighbours[centre] & left) | {centre}
        left -= part
        for gone in part:
            for other in neighbours[gone] & left:
                degree[other] -= 1
        parts.append(sorted(part))
    return parts


def attach_partial(labels: I64, partial: Pairs, corpus: Corpus) -> I64:
    """Let each cluster of contained texts join the cluster of one text that contains it."""
    if not len(partial.a):
        return labels
    counts = corpus.counts
    inside_a = partial.a_in_b >= partial.b_in_a
    inner = np.where(inside_a, partial.a, partial.b)
    outer = np.where(inside_a, partial.b, partial.a)
    share = np.maximum(partial.a_in_b, partial.b_in_a)
    # Best container first; of equals the longest, then the smallest digest.
    order = np.lexsort((corpus.digests[outer], -counts[outer], -share, corpus.digests[inner]))
    parent: dict[int, int] = {}
    for index in order.tolist():
        child, chosen = int(labels[inner[index]]), int(labels[outer[index]])
        if child != chosen and child not in parent and _root(parent, chosen) != child:
            parent[child] = chosen
    roots = np.arange(len(labels))
    for child in parent:
        roots[child] = _root(parent, child)
    return roots[labels]


def _root(parent: dict[int, int], label: int) -> int:
    while label in parent:
        label = parent[label]
    return label


def droppable(jaccard: NDArray[np.float64], inside: NDArray[np.float64], threshold: float) -> Flags:
    """Which texts may go as their representative stays: nothing goes that it does not hold."""
    return np.asarray((jaccard >= threshold - SLACK) | (inside >= PARTIAL))
