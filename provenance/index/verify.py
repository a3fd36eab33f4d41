"""Cross-checks of an index against a recomputation from its own articles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import U64
from provenance.fingerprint.text import mix
from provenance.index import codec
from provenance.index.rows import prepare
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Row, Store


def verify(store: Store) -> list[str]:
    """What is wrong with an index, one line each.

    Every article must be readable, be the one its row says, and have exactly the postings that a
    recomputation gives. Postings are compared by their number and a sum of mixed keys for each
    article, which bounds memory to 16 bytes an article. Postings of removed articles are no fault:
    they wait for `Store.compact`.
    """
    with store.read():
        wrong = list(store.check())
        if wrong:
            return wrong
        sums = _Sums(store)
        for number, row in store.rows():
            wrong.extend(f"article {number}: {fault}" for fault in _faults(number, row, sums))
    return wrong


class _Sums:
    """Number of postings and sum of their mixed keys, by article number."""

    def __init__(self, store: Store) -> None:
        self.counts: NDArray[np.int64] = np.zeros(1, dtype=np.int64)
        self.sums: U64 = np.zeros(1, dtype=np.uint64)
        for postings in store.all_postings():
            numbers = postings & ARTICLE_MASK
            self._grow(int(numbers.max(initial=0)) + 1)
            np.add.at(self.counts, numbers, 1)
            np.add.at(self.sums, numbers, _mixed(postings >> ARTICLE_BITS))

    def _grow(self, size: int) -> None:
        if size > len(self.counts):
            more = 2 * size - len(self.counts)
            self.counts = np.pad(self.counts, (0, more))
            self.sums = np.pad(self.sums, (0, more))

    def equal(self, number: int, keys: Postings) -> bool:
        if number >= len(self.counts):
            return not len(keys)
        total = _mixed(keys).sum(dtype=np.uint64)
        return bool(self.counts[number] == len(keys) and self.sums[number] == total)


def _mixed(keys: Postings) -> U64:
    return mix(keys.astype(np.uint64))


def _faults(number: int, row: Row, sums: _Sums) -> Iterator[str]:
    try:
        again = prepare(codec.decode(row.body))
    except ValueError as error:
        yield f"unreadable ({error})"
        return
    if again.row.identity != row.identity or again.row.digest != row.digest:
        yield "not the article its row says"
    if again.row.passages != row.passages or again.row.tokens != row.tokens:
        yield "its row counts other tokens or passages than its text has"
    if not sums.equal(number, again.keys):
        yield "its postings are not those of its text"
