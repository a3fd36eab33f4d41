"""Which version of each cluster stays, and how the others relate to it: the table."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.attribution import Agencies
from provenance.bulk.clusters import Compare, droppable, pack
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Corpus
from provenance.bulk.options import Options
from provenance.sources.dates import interval

if TYPE_CHECKING:
    import pandas as pd

_NEVER = datetime.max.replace(tzinfo=UTC)


def choose(
    labels: I64, groups: I64, corpus: Corpus, metadata: dict[str, list[str]],
    sources: list[tuple[str, int]], compare: Compare, settings: Options,
) -> pd.DataFrame:  # fmt: skip
    """One row for each text: cluster, whether it stays, and its overlap with the one that does."""
    import pandas as pd

    names = [f"{path}#{number}" for path, number in sources]
    ids = [
        given or url or name
        for given, url, name in zip(metadata["id"], metadata["url"], names, strict=True)
    ]
    members: dict[int, list[int]] = defaultdict(list)
    sizes = np.bincount(labels, minlength=len(labels))
    for text in np.flatnonzero(sizes[labels] > 1).tolist():
        members[int(labels[text])].append(text)
    rank = _ranking(settings.keep, corpus, metadata, ids)
    chosen = sorted((min(texts, key=rank), texts) for texts in members.values())
    chosen.sort(key=lambda item: (ids[item[0]], int(corpus.digests[item[0]])))
    representative = np.arange(len(ids))
    cluster = np.full(len(ids), -1)
    for number, (best, texts) in enumerate(chosen):
        representative[texts] = best
        cluster[texts] = number
    jaccard, inside = _overlap(representative, groups, compare)
    exact = groups == groups[representative]
    relation = np.where(jaccard >= settings.threshold, "near", "partial").astype(object)
    relation[exact] = "exact"
    relation[representative == np.arange(len(ids))] = ""
    drop = exact | droppable(jaccard, inside, settings.threshold)
    return pd.DataFrame(
        {
            "id": ids,
            "source": names,
            "cluster": cluster,
            "keep": (representative == np.arange(len(ids))) | ~drop,
            "representative": [ids[text] for text in representative.tolist()],
            "jaccard": jaccard,
            "containment": inside,
            "relation": relation,
        }
    )


def _overlap(representative: I64, groups: I64, compare: Compare) -> tuple[Any, Any]:
    """Jaccard of each text to its representative, and its share found in it."""
    jaccard, inside = np.ones(len(groups)), np.ones(len(groups))
    a, b = groups, groups[representative]
    other = np.flatnonzero(a != b)
    if len(other):
        wanted = pack(a[other], b[other])
        found = compare(wanted)
        low, high = np.minimum(a[other], b[other]), np.maximum(a[other], b[other])
        place = np.searchsorted(
            wanted, low.astype(np.uint64) << np.uint64(32) | high.astype(np.uint64)
        )
        jaccard[other] = found.jaccard[place]
        inside[other] = np.where(a[other] == low, found.a_in_b[place], found.b_in_a[place])
    return jaccard, inside


def _ranking(keep: str, corpus: Corpus, metadata: dict[str, list[str]], ids: list[str]) -> Any:
    """Sort key: the smallest is kept. Ties are broken by content, so input order is no matter."""
    counts = corpus.counts
    agencies = Agencies.load() if keep == "origin" else None

    def published(text: int) -> datetime:
        found = (
            interval(metadata["published"][text], "record") if metadata["published"][text] else None
        )
        return found.earliest.astimezone(UTC) if found else _NEVER

    def rank(text: int) -> tuple[Any, ...]:
        last = (int(corpus.digests[text]), ids[text], text)
        if keep == "first":
            return (text,)
        if keep == "longest":
            return (-int(counts[text]), *last)
        if agencies is None:
            return (published(text), *last)
        outlet = metadata["outlet"][text] or metadata["url"][text]
        own = bool(outlet) and agencies.by_domain(outlet) is not None
        return (not own, published(text), -int(counts[text]), *last)

    return rank
