"""Sketches of a corpus → verified pairs: the middle of `dedup`, without files or formats."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from provenance.bulk import boilerplate, candidates, verify
from provenance.bulk.candidates import LOW_32, PAIR_SHIFT, Flags
from provenance.bulk.kernel import I64
from provenance.bulk.spool import Sorter, release
from provenance.bulk.threads import PARTS_A_THREAD, over
from provenance.bulk.verify import I32, ONLY_A, ONLY_B, SHARED, STOCK_A, STOCK_B, STOCK_SHARED
from provenance.bulk.windows import PARTIAL, PARTIAL_TOKENS
from provenance.fingerprint.text import U32, U64

SLACK = 0.1
"""How far below the threshold a pair may fall when boilerplate is discounted, and a member of a
cluster against its representative."""
SHORTEST = 20
"""Texts with fewer tokens match only when equal: one word would decide."""
CHUNK = 1 << 10
"""Pairs verified together."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is known of all texts before they are compared.

    Attributes:
        tokens: Token hashes of all texts, end to end; may be mapped from a file.
        starts: Where each text begins in it, and the last ends, int64[texts + 1].
        digests: Hash of each whole text.
        key_counts: Number of keys of each text.
        outlets: Hash of each text's outlet; 0 where it is unknown.
    """

    tokens: U32
    starts: I64
    digests: U64
    key_counts: I64
    outlets: U32

    @property
    def counts(self) -> I64:
        """Tokens of each text."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Compared pairs: texts a and b, and the exact overlap of their shingle sets."""

    a: I64
    b: I64
    shared: I64
    only_a: I64
    only_b: I64

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """Jaccard similarity, 0 to 1."""
        return self.shared / np.maximum(1, self.shared + self.only_a + self.only_b)

    @property
    def a_in_b(self) -> NDArray[np.float64]:
        """Share of a's shingles found in b."""
        return self.shared / np.maximum(1, self.shared + self.only_a)

    @property
    def b_in_a(self) -> NDArray[np.float64]:
        """Share of b's shingles found in a."""
        return self.shared / np.maximum(1, self.shared + self.only_b)

    def where(self, chosen: Flags) -> Pairs:
        """Some of them."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__slots__))


def exact_groups(corpus: Corpus) -> I64:
    """For each text the first one that is equal to it token by token, itself if there is none."""
    order = np.lexsort((np.arange(len(corpus.digests)), corpus.counts, corpus.digests))
    digests, counts = corpus.digests[order], corpus.counts[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (digests[1:] != digests[:-1]) | (counts[1:] != counts[:-1])
    heads = order[np.flatnonzero(new)]
    result = np.empty(len(order), dtype=np.int64)
    result[order] = heads[np.cumsum(new) - 1]
    result[corpus.counts == 0] = np.flatnonzero(corpus.counts == 0)
    return result


def find_candidates(
    keys: Sorter, corpus: Corpus, alive: Flags, pairs: Sorter, threads: int, progress: Progress
) -> tuple[U64, U64]:
    """Pairs worth comparing, sorted and unique, and the shingles of boilerplate."""
    links, stock = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    for number, part in enumerate(keys.parts()):

        def work(place: tuple[int, int], part: U64 = part) -> tuple[U64, U64, U64]:
            own = part[slice(*place)]
            found, crowds = candidates.bucket_pairs(own, alive)
            return found, *_judge(own, crowds, corpus, alive)

        places = pairwise(candidates.cuts(part, PARTS_A_THREAD * threads))
        for found, more_links, more_stock in over(places, work, threads):
            pairs.append(found)
            links.append(more_links)
            stock.append(more_stock)
        progress("candidates", number, 0)
    chosen = [np.unique(np.concatenate(links))]
    for part in pairs.parts():
        kept = candidates.worthwhile_pairs(part, corpus.key_counts)
        chosen.append(part[:kept].copy())
    return np.unique(np.concatenate(chosen)), np.unique(np.concatenate(stock))


def _judge(keys: U64, crowds: I64, corpus: Corpus, alive: Flags) -> tuple[U64, U64]:
    if not len(crowds):
        return np.empty(0, np.uint64), np.empty(0, np.uint64)
    room = candidates.crowd_room(keys, crowds, alive)
    links = np.empty(room * boilerplate.LINKS, dtype=np.uint64)
    stock = np.empty(len(crowds) * boilerplate.SAMPLE_SHINGLES, dtype=np.uint64)
    link_count, stock_count = boilerplate.judge_crowds(
        keys, crowds, alive, corpus.tokens, corpus.starts, corpus.digests, corpus.outlets,
        links, stock,
    )  # fmt: skip
    return np.unique(links[:link_count]), np.unique(stock[:stock_count])


def compare(
    pairs: U64, corpus: Corpus, stock: U64, threads: int, progress: Progress
) -> tuple[Pairs, I32]:
    """Exact overlap of each pair, and the counts behind it (columns of `verify`)."""
    counts = np.zeros((len(pairs), 6), dtype=np.int32)
    table = verify.stock_table(stock)

    def work(start: int) -> None:
        part = slice(start, start + CHUNK)
        verify.overlaps(pairs[part], corpus.tokens, corpus.starts, table, counts[part])

    with ThreadPoolExecutor(threads) as pool:
        for number, _ in enumerate(pool.map(work, range(0, len(pairs), CHUNK)), 1):
            progress("verify", min(number * CHUNK, len(pairs)), len(pairs))
            if number % 64 == 0:
                release(corpus.tokens)
    return as_pairs(pairs, counts), counts


def as_pairs(pairs: U64, counts: I32) -> Pairs:
    """Pairs with what `verify` counted of them."""
    a, b = (pairs >> PAIR_SHIFT).astype(np.int64), (pairs & LOW_32).astype(np.int64)
    whole = (counts[:, column].astype(np.int64) for column in (SHARED, ONLY_A, ONLY_B))
    return Pairs(a, b, *whole)


def edges(
    pairs: Pairs, counts: I32, corpus: Corpus, threshold: float, partial: bool
) -> tuple[Flags, Flags]:
    """Which compared pairs are near-duplicates, and which of the others partial copies.

    Boilerplate may not make the match: without it, the similarity must hold but for `SLACK`.
    """
    shared = pairs.shared - counts[:, STOCK_SHARED]
    only_a, only_b = pairs.only_a - counts[:, STOCK_A], pairs.only_b - counts[:, STOCK_B]
    own_jaccard = shared / np.maximum(1, shared + only_a + only_b)
    near = (pairs.jaccard >= threshold) & (own_jaccard >= threshold - SLACK)
    own = np.maximum(
        shared / np.maximum(1, shared + only_a), shared / np.maximum(1, shared + only_b)
    )
    shorter = np.minimum(corpus.counts[pairs.a], corpus.counts[pairs.b])
    contained = np.maximum(pairs.a_in_b, pairs.b_in_a) >= PARTIAL
    inside = contained & (own >= PARTIAL - SLACK) & (shorter >= PARTIAL_TOKENS) & ~near
    return near, inside & partial
