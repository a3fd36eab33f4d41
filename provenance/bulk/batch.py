"""A batch of texts: UTF-8 end to end for the kernel, and what is known of them as Arrow columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from provenance.bulk.kernel import I64, U8
from provenance.bulk.sketch import join
from provenance.fingerprint.text import U32
from provenance.sources.identity import domain_of

if TYPE_CHECKING:
    import pyarrow as pa

METADATA = ("id", "url", "outlet", "published")
PIECE = 1 << 20
"""Bytes of text sketched at a time: what stays in the cache."""
HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?P<host>[^/:?#]+)"


@dataclass(frozen=True, slots=True)
class Batch:
    """Some texts with what is known of them.

    Attributes:
        data: UTF-8 of all texts, end to end.
        offsets: Where each begins and the last ends, int64[texts + 1].
        about: One row for each, see `describe`.
        share: How much of the whole input has been read with it, 0 to 1; 0 when unknown.
    """

    data: U8
    offsets: I64
    about: pa.RecordBatch
    share: float = 0.0

    def pieces(self) -> Iterator[I64]:
        """Offsets of about a megabyte of texts at a time."""
        start, texts = 0, len(self.offsets) - 1
        while start < texts:
            end = np.searchsorted(self.offsets, self.offsets[start] + PIECE, "right") - 1
            stop = max(start + 1, int(end))
            yield self.offsets[start : stop + 1]
            start = stop


@dataclass(frozen=True, slots=True)
class Place:
    """Where the records of a batch came from.

    Attributes:
        name: The file, as told to people.
        file: Its number among the inputs.
        records: Number of each record in it, from 1.
        starts: First byte of each in the decompressed file; nothing where rows are no bytes.
        stops: The byte after its last.
    """

    name: str
    file: int
    records: I64
    starts: I64
    stops: I64


def describe(place: Place, known: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """What is kept of each article until the end, as Arrow columns.

    Args:
        place: Where the records came from.
        known: Columns `METADATA`, as large strings without nulls.

    Returns:
        ``id`` (given, else the address, else file and record), ``outlet`` (given, else the host of
        the address), ``published`` as written, ``file``, ``record``, ``start``, ``stop``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    id, outlet = known["id"], known["outlet"]
    if _any_empty(id):
        id = pc.coalesce(_or_null(id), _or_null(known["url"]), names(place.name, place.records))
    if _any_empty(outlet):
        host = pc.struct_field(pc.extract_regex(known["url"], HOST), "host")
        outlet = pc.coalesce(_or_null(outlet), host, pa.scalar("", pa.large_string()))
    return pa.RecordBatch.from_pydict({
        "id": id, "outlet": outlet, "published": known["published"],
        "file": pa.array(np.full(len(place.records), place.file, np.int32)),
        "record": pa.array(place.records),
        "start": pa.array(place.starts), "stop": pa.array(place.stops),
    })  # fmt: skip


def names(name: str, records: I64) -> pa.Array:
    """``file#record`` of each record of a file, large strings."""
    import pyarrow as pa
    import pyarrow.compute as pc

    before = pa.scalar(f"{name}#", pa.large_string())
    nothing = pa.scalar("", pa.large_string())
    return pc.binary_join_element_wise(
        before, pc.cast(pa.array(records), pa.large_string()), nothing
    )


def _any_empty(column: pa.Array) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.equal(column, "")).as_py())


def _or_null(column: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.large_string()), column)


def outlet_hashes(about: pa.RecordBatch) -> U32:
    """A hash of the outlet of each article; 0 where it is unknown."""
    outlets = about.column("outlet").dictionary_encode()
    hashes = np.array([_outlet_hash(name) for name in outlets.dictionary.to_pylist()], np.uint32)
    return hashes[outlets.indices.to_numpy()]


@lru_cache(maxsize=1 << 16)
def _outlet_hash(name: str) -> int:
    return crc32((domain_of(name) or name).encode())


def batch_of_records(
    texts: Sequence[str], records: Sequence[Mapping[str, Any]], place: Place,
    columns: Mapping[str, str], share: float = 0.0,
) -> Batch:  # fmt: skip
    """A batch of Python strings, described by the fields of their records.

    Args:
        texts: The texts.
        records: For each, a mapping with some of the `METADATA`.
        place: Where they came from.
        columns: Our column name to the records' own.
        share: See `Batch`.
    """
    known = {}
    for name in METADATA:
        column = columns.get(name, name)
        known[name] = string_array([record.get(column) for record in records])
    return Batch(*join(list(texts)), describe(place, known), share)


def string_array(values: Sequence[Any]) -> pa.Array:
    """Values as large strings; None becomes empty, lone surrogates question marks."""
    import pyarrow as pa

    try:
        return pa.array(values, pa.large_string()).fill_null("")
    except (pa.ArrowException, UnicodeEncodeError):  # not all are strings, or lone surrogates
        strings = ["" if value is None else str(value) for value in values]
    try:
        return pa.array(strings, pa.large_string())
    except UnicodeEncodeError:
        replaced = [string.encode(errors="replace").decode() for string in strings]
        return pa.array(replaced, pa.large_string())
