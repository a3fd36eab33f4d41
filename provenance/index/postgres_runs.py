"""Postings in PostgreSQL as sorted runs; `runs` has the idea and decides what is merged.

Keys are hashes, so a run needs no fences: it is cut at equal distances into 2^n buckets of about
`BUCKET` postings, each a row found by run and bucket; bucket b of a run has the keys k with
``k >> shift == b``. The server so finds all blocks of a lookup in one statement, and a posting
costs about 9 bytes. A key's postings beyond the last `POSTINGS_CAP` are a row's `surplus`, which
lookups leave where it is.

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
from provenance.index.runs import due, slices, unsettled
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, KEY_BITS, POSTINGS_CAP, Postings

BUCKET = 64
MOST_BITS = 30
"""Buckets are numbered by the server's 32-bit integers."""
ROWS = 4096
"""Blocks fetched at a time."""

SIZES = "SELECT run, postings FROM {s}.runs ORDER BY postings"
BLOCKS = (
    "SELECT array_send(data), array_send(surplus) FROM {s}.blocks WHERE run = %s ORDER BY bucket"
)
COPY = "COPY {s}.blocks (run, bucket, data, surplus) FROM STDIN (FORMAT binary)"
HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
FIELDS = struct.Struct("!hiiii")
"""A row of COPY up to its arrays: four fields, of which two are integers of four bytes."""
ARRAY = struct.Struct("!iiiiii")
"""An array up to its elements: bytes, one dimension, no nulls, type, elements, first index."""
INT8 = 20
"""The server's number for the type of 64-bit integers."""
ELEMENT = np.dtype([("length", ">i4"), ("value", ">i8")])
NULL = struct.pack("!i", -1)


def add(session: Session, postings: Postings) -> None:
    """Append a run of sorted, unique postings, inside `write`."""
    if len(postings):
        _write(session, len(postings), iter([postings]))


def stream(session: Session, run: int) -> Iterator[Postings]:
    """The postings of one run in order, inside a transaction."""
    for rows in session.stream(BLOCKS, run, rows=ROWS):
        found = integers(*(array for row in rows for array in row if array is not None))
        yield found if all(surplus is None for _, surplus in rows) else np.sort(found)


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
    elements = _elements(postings)
    made: list[bytes] = []
    for bucket, start, end in zip(buckets[starts].tolist(), starts.tolist(), ends, strict=True):
        made.append(FIELDS.pack(4, 4, run, 4, bucket))
        if end - start > POSTINGS_CAP:
            made += _capped(postings[start:end])
        else:
            made += (*_array(elements[ELEMENT.itemsize * start : ELEMENT.itemsize * end]), NULL)
    return b"".join(made)


def _capped(postings: Postings) -> tuple[bytes, ...]:
    """Data and surplus of a block whose frequent keys may have more postings than are looked at."""
    keys = postings >> ARTICLE_BITS
    places = np.arange(len(postings))
    surplus = keys.searchsorted(keys, "right") - places > POSTINGS_CAP
    kept, more = _elements(postings[~surplus]), _elements(postings[surplus])
    return (*_array(kept), *(_array(more) if more else (NULL,)))


def _elements(postings: Postings) -> bytes:
    elements = np.empty(len(postings), dtype=ELEMENT)
    elements["length"], elements["value"] = 8, postings
    return elements.tobytes()


def _array(elements: bytes) -> tuple[bytes, bytes]:
    count = len(elements) // ELEMENT.itemsize
    return ARRAY.pack(ARRAY.size - 4 + len(elements), 1, 0, INT8, count, 1), elements


def integers(*arrays: bytes) -> Postings:
    """The elements of arrays of 64-bit integers as `array_send` gives them."""
    elements = b"".join([array[ARRAY.size - 4 :] for array in arrays])
    if len(elements) % ELEMENT.itemsize:  # nulls, or more dimensions
        raise IndexDamagedError("a block of postings is malformed; run `provenance index verify`")
    return np.frombuffer(elements, dtype=ELEMENT)["value"].astype(np.int64)
