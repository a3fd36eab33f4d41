"""The full-text index of titles, checked against the titles themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

CHUNK = 100_000
"""Words looked at together."""


def faults(database: sqlite3.Connection) -> list[str]:
    """Articles that a search would not find by their titles, or would by another; one line each.

    SQLite's integrity check does not look into this index, and its own command takes entries of
    articles since removed for faults. So a checksum of each title's words is compared.
    """
    titles = "SELECT number, title FROM articles ORDER BY number"
    numbers: list[int] = []
    expected: list[int] = []
    for number, title in database.execute(titles):
        numbers.append(number)
        expected.append(sum(map(_hash, set(title.split()))))
    found = _found(database, np.array(numbers, dtype=np.int64))
    wrong = np.flatnonzero(found != np.array(expected, dtype=np.int64))
    return [f"article {numbers[place]}: its title is not indexed as it is" for place in wrong]


def _found(database: sqlite3.Connection, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sums of the hashes of the words that the index has for each article."""
    sums = np.zeros(len(numbers), dtype=np.int64)
    database.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, titles, instance)")
    try:
        words = database.execute("SELECT doc, term FROM temp.words")
        for docs, hashes in _chunks(words):
            places = numbers.searchsorted(docs)
            known = places < len(numbers)
            known[known] = numbers[places[known]] == docs[known]
            np.add.at(sums, places[known], hashes[known])
    finally:
        database.execute("DROP TABLE temp.words")
    return sums


def _chunks(
    words: Iterable[tuple[int, str]],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    words = iter(words)
    while chunk := list(islice(words, CHUNK)):
        docs, terms = zip(*chunk, strict=True)
        yield np.array(docs, dtype=np.int64), np.array([_hash(each) for each in terms])


def _hash(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))
