"""Postings in SQLite as sorted runs: a log-structured inverted index.

Rows of (key, article) in one B-tree would cost 20 bytes a posting and a random page write each.
Here every batch appends one *run*: its postings sorted and cut into blocks that fill a page, at
8 bytes a posting. Once `FANOUT` runs of one order of size stand side by side they are merged into
one (O'Neil et al., "The log-structured merge-tree", 1996), so there are at most a few runs of each
order, and a lookup reads one block of each run for each key.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import orjson

from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, POSTINGS_CAP, Postings

SCHEMA = """
CREATE TABLE runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  postings INTEGER NOT NULL,
  first INTEGER NOT NULL,
  fences BLOB NOT NULL
);
CREATE TABLE blocks (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""
"""A run's blocks are numbered from `first` without gaps; its fences are their first postings."""
BLOCK = 2000
"""Postings in a block: 16,000 bytes, which fill a page. Blocks of older runs hold 500."""
FANOUT = 4
RATIO = 2
"""After `settle` a run has at least so many times the postings of all smaller ones together."""
SLICE = 1 << 20
"""Postings merged at a time (8 MiB): bounds the memory of a merge."""
SPAN = 1 << ARTICLE_BITS
"""The postings of key k are in ``range(k * SPAN, (k + 1) * SPAN)``."""
CAP_BLOCKS = -(-POSTINGS_CAP // BLOCK) + 1

DATA = """
SELECT data FROM blocks WHERE block IN (SELECT value FROM json_each(?)) ORDER BY block
"""

EXTENT = "SELECT first, first + length(fences) / 8 FROM runs WHERE run = ?1 OR ?1 IS NULL"
BETWEEN = "SELECT data FROM blocks WHERE block >= ? AND block < ? ORDER BY block"
DRAINED = 64
"""Blocks read and deleted at a time in a merge."""


def add(database: sqlite3.Connection, postings: Postings) -> None:
    """Append a run of sorted, unique postings, and merge what is due."""
    if len(postings):
        write(database, iter([postings]))
    while merged := due(_sizes(database)):
        _merge(database, merged, None)


def settle(database: sqlite3.Connection) -> None:
    """Merge the smaller runs, so that a lookup has few to look into; see `RATIO`."""
    if merged := unsettled(_sizes(database)):
        _merge(database, merged, None)


class Runs:
    """The runs of a database as a reader sees them; their fences are kept in memory.

    A run never changes and its number is never used again, so what is kept stays true.
    """

    def __init__(self) -> None:
        self._kept: dict[int, tuple[int, Postings]] = {}

    def find(self, database: sqlite3.Connection, keys: Postings, most: int) -> Postings:
        """Postings of the sorted keys, the last `most` of each in every run.

        Of more than `POSTINGS_CAP` only so many are sure to be among them.
        """
        self._refresh(database)
        lows = keys << ARTICLE_BITS
        found = [np.empty(0, dtype=np.int64)]
        for first, fences in self._kept.values():
            wanted = first + _blocks_with(fences, lows)
            rows = database.execute(DATA, (orjson.dumps(wanted.tolist()).decode(),))
            blocks = [_block(data) for (data,) in rows]
            if blocks:
                found += _of_keys(np.concatenate(blocks), lows, most)
        return np.concatenate(found)

    def _refresh(self, database: sqlite3.Connection) -> None:
        present = {run for (run,) in database.execute("SELECT run FROM runs")}
        self._kept = {run: kept for run, kept in self._kept.items() if run in present}
        for run in sorted(present - self._kept.keys()):
            first, fences = database.execute(
                "SELECT first, fences FROM runs WHERE run = ?", (run,)
            ).fetchone()
            self._kept[run] = first, _block(fences)


def _of_keys(postings: Postings, lows: Postings, most: int) -> list[Postings]:
    """From sorted postings the last of the keys whose ranges begin at `lows`, key by key."""
    ends = postings.searchsorted(lows + SPAN)
    begins = np.maximum(postings.searchsorted(lows), ends - most)
    hit = ends > begins
    bounds = zip(begins[hit].tolist(), ends[hit].tolist(), strict=True)
    return [postings[begin:end] for begin, end in bounds]


def _blocks_with(fences: Postings, lows: Postings) -> Postings:
    """Places of the blocks that may hold the last postings of keys, each once, rising."""
    ends = fences.searchsorted(lows + SPAN)
    begins = np.maximum(fences.searchsorted(lows, "right") - 1, ends - CAP_BLOCKS)
    places = ends[:, None] - 1 - np.arange(CAP_BLOCKS)
    return np.unique(places[places >= np.maximum(begins, 0)[:, None]])


def stream(database: sqlite3.Connection, run: int | None = None) -> Iterator[Postings]:
    """The blocks of one run in order, or of all runs."""
    for extent in database.execute(EXTENT, (run,)).fetchall():
        for (data,) in database.execute(BETWEEN, extent):
            yield _block(data)


def _block(data: object) -> Postings:
    if not isinstance(data, bytes) or not data or len(data) % 8:
        raise sqlite3.DatabaseError("a block of postings is malformed")
    return np.frombuffer(data, dtype="<i8")


def count(database: sqlite3.Connection) -> int:
    """Number of postings kept, dead ones included."""
    return int(database.execute("SELECT coalesce(sum(postings), 0) FROM runs").fetchone()[0])


def compact(database: sqlite3.Connection, alive: Postings) -> None:
    """Merge everything into one run without the postings of articles that are not in `alive`."""
    _merge(database, [run for (run,) in database.execute("SELECT run FROM runs")], alive)


def due(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """The runs of the smallest order of size that has `FANOUT` of them.

    Args:
        sizes: Runs and their numbers of postings, the smallest first.
    """
    orders: dict[int, list[int]] = {}
    for run, postings in sizes:
        same = orders.setdefault(postings.bit_length() // 2, [])
        same.append(run)
        if len(same) == FANOUT:
            return same
    return []


def unsettled(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """The smaller runs that are to be merged so that `RATIO` holds; sizes as in `due`."""
    smaller = sum(postings for _, postings in sizes)
    for place in range(len(sizes) - 1, 0, -1):
        smaller -= sizes[place][1]
        if sizes[place][1] < RATIO * smaller:
            return [run for run, _ in sizes[: place + 1]]
    return []


def _sizes(database: sqlite3.Connection) -> list[tuple[int, int]]:
    return database.execute("SELECT run, postings FROM runs ORDER BY postings").fetchall()


def _merge(database: sqlite3.Connection, merged: Sequence[int], alive: Postings | None) -> None:
    parts = slices([_drain(database, run) for run in merged])
    if alive is not None:
        parts = (part[np.isin(part & ARTICLE_MASK, alive)] for part in parts)
    write(database, parts)
    for run in merged:
        database.execute("DELETE FROM runs WHERE run = ?", (run,))


def _drain(database: sqlite3.Connection, run: int) -> Iterator[Postings]:
    """The blocks of a run, deleted as they are read: the merged run takes their place on disk."""
    for first, end in database.execute(EXTENT, (run,)).fetchall():
        for start in range(first, end, DRAINED):
            bounds = start, min(start + DRAINED, end)
            rows = database.execute(BETWEEN, bounds).fetchall()
            database.execute("DELETE FROM blocks WHERE block >= ? AND block < ?", bounds)
            yield from (_block(data) for (data,) in rows)


def slices(streams: Sequence[Iterator[Postings]]) -> Iterator[Postings]:
    """The union of sorted streams, sorted, in arrays of about `SLICE` postings."""
    share = max(SLICE // (len(streams) or 1), BLOCK)
    buffers = [_take(each, share) for each in streams]
    while any(map(len, buffers)):
        # Nothing yet unread of any stream can be smaller than the least of the buffers' ends.
        bound = min(buffer[-1] for buffer in buffers if len(buffer))
        cuts = [buffer.searchsorted(bound, "right") for buffer in buffers]
        yield np.sort(np.concatenate([b[:cut] for b, cut in zip(buffers, cuts, strict=True)]))
        buffers = [
            buffer[cut:] if cut < len(buffer) else _take(each, share)
            for buffer, cut, each in zip(buffers, cuts, streams, strict=True)
        ]


def _take(blocks: Iterator[Postings], share: int) -> Postings:
    taken = [np.empty(0, dtype=np.int64)]
    total = 0
    for block in blocks:
        taken.append(block)
        total += len(block)
        if total >= share:
            break
    return np.concatenate(taken)


def write(database: sqlite3.Connection, parts: Iterable[Postings]) -> None:
    """Append one run of sorted parts, each going on where the one before ended."""
    ((first,),) = database.execute("SELECT coalesce(max(block), 0) + 1 FROM blocks")
    fences = [np.empty(0, dtype=np.int64)]
    written, total = first, 0
    rest = np.empty(0, dtype=np.int64)
    for part in chain(parts, (None,)):
        if part is not None:
            rest = np.concatenate((rest, part))
        whole = len(rest) if part is None else len(rest) - len(rest) % BLOCK
        database.executemany(
            "INSERT INTO blocks (block, data) VALUES (?, ?)",
            (
                (written + place // BLOCK, _bytes(rest[place : min(place + BLOCK, whole)]))
                for place in range(0, whole, BLOCK)
            ),
        )
        fences.append(rest[:whole:BLOCK].copy())  # a view would keep all of `rest`
        written += len(fences[-1])
        total += whole
        rest = rest[whole:]
    if not total:
        return
    database.execute(
        "INSERT INTO runs (postings, first, fences) VALUES (?, ?, ?)",
        (total, first, _bytes(np.concatenate(fences))),
    )


def _bytes(postings: Postings) -> bytes:
    return postings.astype("<i8", copy=False).tobytes()
