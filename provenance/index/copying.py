"""A copy of any store as an index file, which needs no server to be read."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from provenance.article import InputError
from provenance.index.sqlite import SQLiteStore
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Store

ROWS = 2000
"""Articles copied at a time."""


def copy(store: Store, target: Path) -> None:
    """Write a store as it is at one moment to a new file, which appears whole or not at all.

    Raises:
        InputError: When the file exists, or cannot be made.
    """
    if target.exists():
        raise InputError(f"{target}: exists already; name another file for the backup")
    if not target.absolute().parent.is_dir():
        raise InputError(f"{target}: cannot be written (its folder does not exist); make it first")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with store.read():
            made = SQLiteStore(part, store.settings(), create=True, read_only=False)
            try:
                _fill(store, made)
            finally:
                made.close()
        part.rename(target)
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)


def _fill(store: Store, made: SQLiteStore) -> None:
    has_versions = store.summary().versions > 0
    rows = store.rows()
    old: list[int] = []
    new: list[int] = []
    while batch := list(islice(rows, ROWS)):
        with made.write():
            numbers = made.insert([row for _, row in batch])
            for number, (other, _) in zip(numbers, batch, strict=True):
                for seen, body in store.versions(other) if has_versions else ():
                    made.add_version(number, seen, body)
        old += (number for number, _ in batch)
        new += numbers
    before, after = np.array(old, dtype=np.int64), np.array(new, dtype=np.int64)
    for postings in store.all_postings():
        with made.write():
            made.add_postings(np.sort(_renumbered(postings, before, after)))
    made.settle()


def _renumbered(
    postings: Postings, before: NDArray[np.int64], after: NDArray[np.int64]
) -> Postings:
    """Postings under the articles' new numbers, without those of articles that are gone."""
    owners = postings & ARTICLE_MASK
    places = before.searchsorted(owners)
    alive = places < len(before)
    alive[alive] = before[places[alive]] == owners[alive]
    kept: Postings = postings[alive] >> ARTICLE_BITS << ARTICLE_BITS | after[places[alive]]
    return kept
