"""Which version of each cluster stays, and how the others relate to it, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from provenance.attribution import Agencies
from provenance.bulk.candidates import PAIR_SHIFT, Flags
from provenance.bulk.clusters import Compare, droppable, pack
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Corpus
from provenance.bulk.options import Options
from provenance.sources.dates import interval
from provenance.sources.identity import host_of

if TYPE_CHECKING:
    import pyarrow as pa

RELATIONS = ("", "exact", "near", "partial")
_EXACT, _NEAR, _PARTIAL = 1, 2, 3
_NEVER = np.iinfo(np.int64).max
_MICROSECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """For each text, what became of it.

    Attributes:
        cluster: Number of its cluster, −1 when alone.
        representative: The text kept for its cluster; itself when alone.
        keep: Whether it stays.
        jaccard: Similarity to the representative, 0 to 1.
        containment: Share of its shingles found in the representative.
        relation: To the representative: place in `RELATIONS`.
    """

    cluster: I64
    representative: I64
    keep: Flags
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    relation: NDArray[np.uint8]


def choose(
    labels: I64, groups: I64, corpus: Corpus, about: pa.Table, compare: Compare, settings: Options
) -> Choice:
    """Choose among the texts of each label.

    Args:
        labels: One for each text; texts of one label are a cluster.
        groups: For each text the first that is equal to it.
        corpus: The sketched texts.
        about: Columns ``id``, ``outlet``, ``published`` of each.
        compare: Gives exact overlaps.
        settings: See `Options`.
    """
    everyone = np.arange(len(labels))
    cluster, representative = _representatives(labels, corpus, about, settings.keep)
    jaccard, inside = _overlap(representative, groups, compare)
    exact = groups == groups[representative]
    relation, keep = relate(representative == everyone, exact, jaccard, inside, settings.threshold)
    return Choice(cluster, representative, keep, jaccard, inside, relation)


def relate(
    itself: Flags, exact: Flags, jaccard: NDArray[np.float64], inside: NDArray[np.float64],
    threshold: float,
) -> tuple[NDArray[np.uint8], Flags]:  # fmt: skip
    """How texts relate to their representatives, as places in `RELATIONS`, and which stay.

    Args:
        itself: Whether a text is its own representative.
        exact: Whether it is equal to it.
        jaccard: Similarity to it.
        inside: Share of its shingles found in it.
        threshold: See `Options`.
    """
    relation = np.where(jaccard >= threshold, _NEAR, _PARTIAL).astype(np.uint8)
    relation[exact] = _EXACT
    relation[itself] = 0
    return relation, itself | ~(exact | droppable(jaccard, inside, threshold))


def _representatives(labels: I64, corpus: Corpus, about: pa.Table, keep: str) -> tuple[I64, I64]:
    """Number of each text's cluster, and the text that stays for it.

    Ties are broken by content, then by id, so that the order of the input is no matter; clusters
    are numbered by their representatives' ids.
    """
    cluster, representative = np.full(len(labels), -1), np.arange(len(labels))
    sizes = np.bincount(labels, minlength=len(labels))
    texts = np.flatnonzero(sizes[labels] > 1)
    if not len(texts):
        return cluster, representative
    ids = _ranks(about.column("id").take(texts))
    digests = corpus.digests[texts]
    preferred = preference(keep, texts, corpus, about)
    last = [] if keep == "first" else [digests, ids]
    order = np.lexsort((texts, *reversed([*preferred, *last]), labels[texts]))
    sorted_labels = labels[texts[order]]
    heads = np.flatnonzero(np.diff(sorted_labels, prepend=-1))
    best = order[heads]
    number = np.empty(len(best), np.int64)
    number[np.lexsort((digests[best], ids[best]))] = np.arange(len(best))
    lengths = np.diff(heads, append=len(order))
    cluster[texts[order]] = np.repeat(number, lengths)
    representative[texts[order]] = np.repeat(texts[best], lengths)
    return cluster, representative


def _ranks(strings: pa.ChunkedArray) -> I64:
    """Place of each string among all in ascending order; equal ones share it."""
    import pyarrow.compute as pc

    unique = strings.combine_chunks().dictionary_encode()
    order = pc.sort_indices(unique.dictionary).to_numpy()
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks[unique.indices.to_numpy()]


def preference(keep: str, texts: I64, corpus: Corpus, about: pa.Table) -> list[I64]:
    """Sort keys of the texts, the most important first; the smallest stays.

    Args:
        keep: See `Options`.
        texts: Their numbers.
        corpus: The sketched texts.
        about: Columns ``outlet`` and ``published`` of all texts.
    """
    if keep == "first":
        return []
    longest = -corpus.counts[texts]
    if keep == "longest":
        return [longest]
    published = _moments(about.column("published").take(texts))
    if keep == "earliest":
        return [published]
    agencies = Agencies.load()

    def other(outlet: str) -> int:
        return int(not outlet or agencies.by_domain(host_of(outlet) or outlet) is None)

    return [_of_each(about.column("outlet").take(texts), other), published, longest]


def _of_each(strings: pa.ChunkedArray, function: Any) -> I64:
    """A function of strings, called once for each different one."""
    unique = strings.combine_chunks().dictionary_encode()
    values = np.array([function(string) for string in unique.dictionary.to_pylist()], np.int64)
    return values[unique.indices.to_numpy()]


def _moments(published: pa.ChunkedArray) -> I64:
    """Earliest moment of each written date in microseconds since 1970; those unknown come last."""
    import pyarrow as pa
    import pyarrow.compute as pc

    strings = published.combine_chunks()
    plain = pc.replace_substring_regex(strings, r"^(.{10}) (.{8})(\+00:00|Z)$", r"\1T\2Z")
    parsed = pc.strptime(plain, "%Y-%m-%dT%H:%M:%SZ", "us", error_is_null=True)
    since, until = datetime(1991, 1, 1), datetime.now()
    sure = pc.fill_null(pc.and_(pc.greater(parsed, since), pc.less(parsed, until)), False)
    moments = pc.fill_null(parsed.cast(pa.int64()), 0).to_numpy(zero_copy_only=False).copy()
    rest = np.flatnonzero(~sure.to_numpy(zero_copy_only=False))
    if len(rest):
        moments[rest] = _of_each(pa.chunked_array([strings.take(rest)]), _moment)
    return moments


def _moment(written: str) -> int:
    found = interval(written, "record") if written else None
    if found is None:
        return _NEVER
    return round(found.earliest.astimezone(UTC).timestamp() * _MICROSECOND)


def _overlap(
    representative: I64, groups: I64, compare: Compare
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Jaccard of each text to its representative, and its share found in it."""
    jaccard, inside = np.ones(len(groups)), np.ones(len(groups))
    a, b = groups, groups[representative]
    other = np.flatnonzero(a != b)
    if len(other):
        wanted = pack(a[other], b[other])
        found = compare(wanted)
        low, high = np.minimum(a[other], b[other]), np.maximum(a[other], b[other])
        pairs = low.astype(np.uint64) << PAIR_SHIFT | high.astype(np.uint64)
        place = np.searchsorted(wanted, pairs)
        jaccard[other] = found.jaccard[place]
        inside[other] = np.where(a[other] == low, found.a_in_b[place], found.b_in_a[place])
    return jaccard, inside
