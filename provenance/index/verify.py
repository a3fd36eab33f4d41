"""Cross-checks of an index against a recomputation from its own articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import U64, Sketch
from provenance.fingerprint.text import mix
from provenance.index import codec
from provenance.index.rows import Named, prepare
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Row, Store


def verify(store: Store) -> list[str]:
    """What is wrong with an index, one line each.

    Every article must be readable, be the one its row says, and have exactly the postings that a
    recomputation gives. Postings are compared by their number and a sum of mixed keys for each
    article, which bounds memory to some 50 bytes an article. Postings of removed articles are no
    fault: they wait for `Store.compact`.
    """
    with store.read():
        wrong = store.check()
        if wrong:
            return wrong
        numbers: list[int] = []
        expected: list[tuple[int, int]] = []
        for number, row in store.rows():
            try:
                keys = _recomputed(row)
            except ValueError as error:
                wrong.append(f"article {number}: {error}")
            else:
                numbers.append(number)
                expected.append((len(keys), int(_mixed(keys).sum(dtype=np.uint64))))
        counts, sums = _stored(store, np.array(numbers, dtype=np.int64))
        stored = zip(counts.tolist(), sums.tolist(), strict=True)
    return wrong + [
        f"article {number}: its postings are not those of its text"
        for number, right, found in zip(numbers, expected, stored, strict=True)
        if right != found
    ]


def _recomputed(row: Row) -> Postings:
    article = codec.decode(row.body)
    (again,) = prepare([Named.of(article)], [Sketch.of(article.text)], [row.seen])
    if replace(again.row, body=row.body) != row:
        raise ValueError("not the article its row says")
    return again.keys


def _stored(store: Store, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], U64]:
    """Number of postings and sum of their mixed keys, for each of the sorted article numbers."""
    counts = np.zeros(len(numbers), dtype=np.int64)
    sums = np.zeros(len(numbers), dtype=np.uint64)
    for keys, owners in _of_known(store, numbers):
        np.add.at(counts, owners, 1)
        np.add.at(sums, owners, _mixed(keys))
    return counts, sums


def _of_known(
    store: Store, numbers: NDArray[np.int64]
) -> Iterator[tuple[Postings, NDArray[np.intp]]]:
    """Keys of the postings of existing articles, and the articles' places in `numbers`."""
    for postings in store.all_postings():
        owners = postings & ARTICLE_MASK
        places = numbers.searchsorted(owners)
        known = places < len(numbers)
        known[known] = numbers[places[known]] == owners[known]
        yield postings[known] >> ARTICLE_BITS, places[known]


def _mixed(keys: Postings) -> U64:
    return mix(keys.astype(np.uint64))
