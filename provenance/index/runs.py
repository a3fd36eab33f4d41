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

import numpy as np
import orjson

from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, POSTINGS_CAP, Postings

SCHEMA = """
CREATE TABLE runs (run INTEGER PRIMARY KEY AUTOINCREMENT, postings INTEGER NOT NULL);
CREATE TABLE blocks (
  block INTEGER PRIMARY KEY, run INTEGER NOT NULL, first INTEGER NOT NULL, data BLOB NOT NULL
);
CREATE UNIQUE INDEX blocks_by_first ON blocks (run, first);
"""
BLOCK = 500
"""Postings in a block: 4,000 bytes, one page with its header."""
FANOUT = 4
SLICE = 1 << 20
"""Postings merged at a time (8 MiB): bounds the memory of a merge."""
SPAN = 1 << ARTICLE_BITS
"""The postings of key k are in ``range(k * SPAN, (k + 1) * SPAN)``."""
CAP_BLOCKS = POSTINGS_CAP // BLOCK + 1

LAST_BLOCKS = """
SELECT (SELECT block FROM blocks WHERE run = ?1 AND first < probe.value
        ORDER BY first DESC LIMIT 1)
FROM json_each(?2) AS probe
"""
"""For each end of a key's range, the block that holds the key's last postings in a run, if any do.
Blocks of a run are numbered in order without gaps, so earlier ones are found by counting down."""
DATA = "SELECT block, data FROM blocks WHERE block IN (SELECT value FROM json_each(?)) AND +run = ?"
"""The sign keeps SQLite from reading the whole run by its index."""


def add(database: sqlite3.Connection, postings: Postings) -> None:
    """Append a run of sorted, unique postings, and merge what is due."""
    if len(postings):
        _write(database, iter([postings]))
    while due := _due(database):
        _merge(database, due, None)


def find(database: sqlite3.Connection, keys: Postings) -> Postings:
    """Postings of the sorted keys, at least the last `POSTINGS_CAP` of each in every run."""
    lows = keys << ARTICLE_BITS
    found = [np.empty(0, dtype=np.int64)]
    for (run,) in database.execute("SELECT run FROM runs").fetchall():
        blocks = _blocks_with(database, run, keys)
        if blocks:
            postings = np.concatenate(blocks)
            begins, ends = postings.searchsorted(lows), postings.searchsorted(lows + SPAN)
            hit = np.flatnonzero(ends > begins).tolist()
            found.extend(postings[begins[each] : ends[each]] for each in hit)
    return np.concatenate(found)


def _blocks_with(database: sqlite3.Connection, run: int, keys: Postings) -> list[Postings]:
    """The blocks of a run that hold postings of the keys, in order."""
    wanted, ends = set(keys.tolist()), ((keys + 1) << ARTICLE_BITS).tolist()
    last = database.execute(LAST_BLOCKS, (run, orjson.dumps(ends).decode()))
    missing = list({number for (number,) in last if number is not None})
    blocks: dict[int, Postings] = {}
    for _ in range(CAP_BLOCKS):
        rows = database.execute(DATA, (orjson.dumps(missing).decode(), run))
        fetched = {number: _block(data) for number, data in rows}
        blocks |= fetched
        begun = (n for n, block in fetched.items() if int(block[0]) >> ARTICLE_BITS in wanted)
        missing = [number - 1 for number in begun if number - 1 not in blocks]
        if not missing:
            break
    return [blocks[number] for number in sorted(blocks)]


def stream(database: sqlite3.Connection, run: int | None = None) -> Iterator[Postings]:
    """The blocks of one run in order, or of all runs."""
    which = "" if run is None else "WHERE run = ?"
    rows = database.execute(
        f"SELECT data FROM blocks {which} ORDER BY block",  # noqa: S608 - no outside text
        () if run is None else (run,),
    )
    for (data,) in rows:
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


def _due(database: sqlite3.Connection) -> list[int]:
    """The runs of the smallest order of size that has `FANOUT` of them."""
    orders: dict[int, list[int]] = {}
    for run, postings in database.execute("SELECT run, postings FROM runs ORDER BY postings"):
        same = orders.setdefault(postings.bit_length() // 2, [])
        same.append(run)
        if len(same) == FANOUT:
            return same
    return []


def _merge(database: sqlite3.Connection, merged: Sequence[int], alive: Postings | None) -> None:
    slices = _slices([stream(database, run) for run in merged])
    if alive is not None:
        slices = (part[np.isin(part & ARTICLE_MASK, alive)] for part in slices)
    _write(database, slices)
    for run in merged:
        database.execute("DELETE FROM blocks WHERE run = ?", (run,))
        database.execute("DELETE FROM runs WHERE run = ?", (run,))


def _slices(streams: Sequence[Iterator[Postings]]) -> Iterator[Postings]:
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


def _write(database: sqlite3.Connection, parts: Iterable[Postings]) -> None:
    run = database.execute("INSERT INTO runs (postings) VALUES (0)").lastrowid
    total = 0
    rest = np.empty(0, dtype=np.int64)
    for part in parts:
        rest = np.concatenate((rest, part))
        whole = len(rest) - len(rest) % BLOCK
        _write_blocks(database, run, rest[:whole])
        total += whole
        rest = rest[whole:]
    _write_blocks(database, run, rest)
    total += len(rest)
    database.execute("UPDATE runs SET postings = ? WHERE run = ?", (total, run))


def _write_blocks(database: sqlite3.Connection, run: int | None, postings: Postings) -> None:
    database.executemany(
        "INSERT INTO blocks (run, first, data) VALUES (?, ?, ?)",
        (
            (run, int(postings[start]), postings[start : start + BLOCK].astype("<i8").tobytes())
            for start in range(0, len(postings), BLOCK)
        ),
    )
