"""Postings in PostgreSQL as sorted runs; `runs` has the idea and decides what is merged.

Keys are hashes, so a run needs no fences: it is cut at equal distances into 2^n buckets of about
`BUCKET` postings, each a row found by run and bucket. The server so finds all blocks of a lookup
in one statement, and a posting costs about 9 bytes.

Readers and writers never wait for a merge: a run is only ever added or replaced by others, in one
transaction, and whoever merges holds a lock of its own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from provenance.article import IndexDamagedError
from provenance.index.postgres_session import MERGING, LostError, Session
from provenance.index.runs import due, of_keys, slices, unsettled
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, KEY_BITS, POSTINGS_CAP, Postings

TABLES = """
CREATE TABLE {s}.runs (
  run integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  shift smallint NOT NULL,
  postings bigint NOT NULL
);
CREATE TABLE {s}.blocks (
  run integer NOT NULL,
  bucket integer NOT NULL,
  data bytea NOT NULL,
  surplus bytea,
  PRIMARY KEY (run, bucket)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
ALTER TABLE {s}.blocks ALTER data SET STORAGE EXTERNAL, ALTER surplus SET STORAGE EXTERNAL
"""
"""Bucket b of a run has the keys k with ``k >> shift == b``. A key's postings beyond the last
`POSTINGS_CAP` are `surplus`, which lookups leave where it is."""
BUCKET = 64
MOST_BITS = 30
"""Buckets are numbered by the server's 32-bit integers."""
ROWS = 4096
"""Blocks fetched at a time."""

FIND = """
SELECT (
  SELECT string_agg(data, '' ORDER BY bucket) FROM {s}.blocks WHERE blocks.run = runs.run
  AND bucket = ANY (ARRAY(SELECT (key >> shift)::integer FROM unnest(%s::bigint[]) AS key))
) FROM {s}.runs
"""
SIZES = "SELECT run, postings FROM {s}.runs ORDER BY postings"
BLOCKS = "SELECT data, surplus FROM {s}.blocks WHERE run = %s ORDER BY bucket"
COPY = "COPY {s}.blocks (run, bucket, data, surplus) FROM STDIN (FORMAT binary)"
HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
FIELDS = struct.Struct("!hiiiii")
"""A row of COPY up to its data: four fields, of which two integers of four bytes, a length."""
LENGTH = struct.Struct("!i")
NULL = LENGTH.pack(-1)


def add(session: Session, postings: Postings) -> None:
    """Append a run of sorted, unique postings, inside `write`."""
    if len(postings):
        _write(session, len(postings), iter([postings]))


def find(session: Session, keys: Postings) -> Postings:
    """Postings of the sorted keys, the last `POSTINGS_CAP` of each in every run."""
    lows = keys << ARTICLE_BITS
    found = [np.empty(0, dtype=np.int64)]
    for (data,) in session.all(FIND, keys.tolist()):
        found += of_keys(_postings((data or b"",)), lows)
    return np.concatenate(found)


def stream(session: Session, run: int) -> Iterator[Postings]:
    """The postings of one run in order, inside a transaction."""
    for rows in session.stream(BLOCKS, run, rows=ROWS):
        yield _postings(
            data if surplus is None else np.sort(_postings((data, surplus))).tobytes()
            for data, surplus in rows
        )


def everything(session: Session) -> Iterator[Postings]:
    """The postings of all runs, inside a transaction."""
    for run, _ in session.all(SIZES):
        yield from stream(session, run)


def tidy(session: Session) -> None:
    """Merge what is due, unless another session is merging just now.

    A merge that is undone because the connection is lost is no fault of what was added before it,
    and left to the next who adds.
    """
    with suppress(LostError):
        while _merge_some(session, settle=False):
            pass


def settle(session: Session) -> None:
    """Merge the smaller runs, so that a lookup has few to look into; otherwise as `tidy`."""
    with suppress(LostError):
        _merge_some(session, settle=True)


def _merge_some(session: Session, *, settle: bool) -> bool:
    sizes = session.all(SIZES)
    if not (unsettled if settle else due)(sizes):
        return False
    with session.write(None):
        if not session.try_lock(MERGING):
            return False
        sizes = session.all(SIZES)  # another session may have merged meanwhile
        _merge(session, (unsettled if settle else due)(sizes), sizes, None)
    return True


def compact(session: Session) -> None:
    """Merge everything into one run without the postings of articles that are gone."""
    with session.write(MERGING):
        sizes = session.all(SIZES)
        ((last,),) = session.all("SELECT coalesce(max(number), 0) FROM {s}.articles")
        alive = np.zeros(last + 1, dtype=bool)
        for rows in session.stream("SELECT number FROM {s}.articles", rows=100 * ROWS):
            alive[np.array(rows).ravel()] = True
        _merge(session, [run for run, _ in sizes], sizes, alive)


def _merge(
    session: Session,
    merged: Sequence[int],
    sizes: Sequence[tuple[int, int]],
    alive: NDArray[np.bool] | None,
) -> None:
    parts = slices([stream(session, run) for run in merged])
    if alive is not None:
        parts = (part[_living(part, alive)] for part in parts)
    if merged:
        _write(session, sum(size for run, size in sizes if run in merged), parts)
        session.run("DELETE FROM {s}.blocks WHERE run = ANY(%s::integer[])", list(merged))
        session.run("DELETE FROM {s}.runs WHERE run = ANY(%s::integer[])", list(merged))


def _living(part: Postings, alive: NDArray[np.bool]) -> NDArray[np.bool]:
    owners = part & ARTICLE_MASK
    living: NDArray[np.bool] = (owners < len(alive)) & alive[np.minimum(owners, len(alive) - 1)]
    return living


def _write(session: Session, about: int, parts: Iterator[Postings]) -> None:
    """Append one run of about so many postings; each part goes on where the one before ended."""
    shift = KEY_BITS - min((about // BUCKET).bit_length(), MOST_BITS)
    total = 0

    def counted() -> Iterator[Postings]:
        nonlocal total
        for part in parts:
            total += len(part)
            yield part

    ((run,),) = session.all(
        "INSERT INTO {s}.runs (shift, postings) VALUES (%s, 0) RETURNING run", shift
    )
    for rows in _rows(run, shift, counted()):  # parts may be read on the same connection
        session.copy_encoded(COPY, HEAD + rows + TAIL)
    if total:
        session.run("UPDATE {s}.runs SET postings = %s WHERE run = %s", total, run)
    else:
        session.run("DELETE FROM {s}.runs WHERE run = %s", run)


def _rows(run: int, shift: int, parts: Iterable[Postings]) -> Iterator[bytes]:
    """Sorted parts as the rows of COPY, each part's in one piece."""
    rest = np.empty(0, dtype=np.int64)
    for part in parts:
        rest = np.concatenate((rest, part))
        buckets = rest >> (ARTICLE_BITS + shift)
        whole = int(buckets.searchsorted(buckets[-1])) if len(buckets) else 0
        yield _encoded(run, buckets[:whole], rest[:whole])
        rest = rest[whole:]
    yield _encoded(run, rest >> (ARTICLE_BITS + shift), rest)


def _encoded(run: int, buckets: Postings, postings: Postings) -> bytes:
    starts = np.flatnonzero(np.diff(buckets, prepend=-1))
    ends = np.append(starts[1:], len(postings))[: len(starts)].tolist()
    data = postings.astype("<i8", copy=False).tobytes()
    made: list[bytes] = []
    for bucket, start, end in zip(buckets[starts].tolist(), starts.tolist(), ends, strict=True):
        length = 8 * (end - start)
        if end - start > POSTINGS_CAP:
            made += _capped(run, bucket, postings[start:end])
        else:
            made += (FIELDS.pack(4, 4, run, 4, bucket, length), data[8 * start : 8 * end], NULL)
    return b"".join(made)


def _capped(run: int, bucket: int, postings: Postings) -> tuple[bytes, ...]:
    """A row whose frequent keys may have more postings than are looked at."""
    keys = postings >> ARTICLE_BITS
    places = np.arange(len(postings))
    surplus = keys.searchsorted(keys, "right") - places > POSTINGS_CAP
    kept, more = postings[~surplus].tobytes(), postings[surplus].tobytes()
    head = FIELDS.pack(4, 4, run, 4, bucket, len(kept))
    return (head, kept, LENGTH.pack(len(more)), more) if more else (head, kept, NULL)


def _postings(blocks: Iterable[bytes]) -> Postings:
    data = b"".join(blocks)
    if len(data) % 8:
        raise IndexDamagedError("a block of postings is malformed; run `provenance index verify`")
    return np.frombuffer(data, dtype="<i8")
