"""Cross-checks of an index against a recomputation from its own articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import U64
from provenance.fingerprint.text import mix
from provenance.index import codec
from provenance.index.adding import sketches
from provenance.index.rows import Named, keys, stored
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Row, Store

ROWS = 1000
"""Articles recomputed together."""


def verify(store: Store, progress: Callable[[int], None]) -> list[str]:
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
        for number, own in _recomputed(store, progress):
            if isinstance(own, str):
                wrong.append(f"article {number}: {own}")
            else:
                numbers.append(number)
                expected.append((len(own), int(_mixed(own).sum(dtype=np.uint64))))
        counts, sums = _stored_keys(store, np.array(numbers, dtype=np.int64))
        found_keys = zip(counts.tolist(), sums.tolist(), strict=True)
    return wrong + [
        f"article {number}: its postings are not those of its text"
        for number, right, found in zip(numbers, expected, found_keys, strict=True)
        if right != found
    ]


def _recomputed(
    store: Store, progress: Callable[[int], None]
) -> Iterator[tuple[int, Postings | str]]:
    """For each article number, the keys its text gives, or what is wrong with the row."""
    rows, done = iter(store.rows()), 0
    while batch := list(islice(rows, ROWS)):
        read = [(number, row, _read(row)) for number, row in batch]
        yield from ((number, said) for number, _, said in read if isinstance(said, str))
        good = [(number, row, named) for number, row, named in read if isinstance(named, Named)]
        made = sketches([named.article.text for *_, named in good])
        for (number, row, named), sketch, own in zip(good, made, keys(made), strict=True):
            same = stored(named, sketch, row.seen, row.body) == row
            yield number, own if same else "not the article its row says"
        done += len(batch)
        progress(done)


def _read(row: Row) -> Named | str:
    try:
        return Named.of(codec.decode(row.body))
    except ValueError as error:
        return str(error)


def _stored_keys(store: Store, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], U64]:
    """Number of postings and sum of their mixed keys, for each of the sorted article numbers."""
    counts = np.zeros(len(numbers), dtype=np.int64)
    sums = np.zeros(len(numbers), dtype=np.uint64)
    for own, owners in _of_known(store, numbers):
        np.add.at(counts, owners, 1)
        np.add.at(sums, owners, _mixed(own))
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
