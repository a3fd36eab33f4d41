"""Cross-checks of an index against a recomputation from its own articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import U64
from provenance.fingerprint.text import mix
from provenance.index import codec
from provenance.index.adding import sketches
from provenance.index.rows import Named, prepare
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Row, Store

ROWS = 1000
"""Articles recomputed together."""


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
        for number, keys in _recomputed(store):
            if isinstance(keys, str):
                wrong.append(f"article {number}: {keys}")
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


def _recomputed(store: Store) -> Iterator[tuple[int, Postings | str]]:
    """For each article number, the keys its text gives, or what is wrong with the row."""
    rows = iter(store.rows())
    while batch := list(islice(rows, ROWS)):
        read = [(number, row, _read(row)) for number, row in batch]
        good = [(number, row, named) for number, row, named in read if isinstance(named, Named)]
        yield from ((number, said) for number, _, said in read if isinstance(said, str))
        names = [named for *_, named in good]
        made = prepare(
            names,
            sketches([named.article.text for named in names]),
            [row.seen for _, row, _ in good],
        )
        for (number, row, _), again in zip(good, made, strict=True):
            same = replace(again.row, body=row.body) == row
            yield number, again.keys if same else "not the article its row says"


def _read(row: Row) -> Named | str:
    try:
        return Named.of(codec.decode(row.body))
    except ValueError as error:
        return str(error)


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
