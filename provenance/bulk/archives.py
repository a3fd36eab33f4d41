"""Web archives: which bytes a record takes, so that kept records pass through as they came."""

from __future__ import annotations

import io

import numpy as np

from provenance.article import InputError
from provenance.bulk.kernel import I64


def record_bounds(stream: io.BufferedReader, name: str, last: int) -> I64:
    """Where the records of an archive begin, and the last looked at ends.

    Args:
        stream: The archive, decompressed, at its start.
        name: For messages.
        last: Number of the last record looked at, from 1.

    Returns:
        int64[last + 1]: record n takes the bytes from item n - 1 to item n.

    Raises:
        InputError: The archive has fewer.
    """
    from warcio.archiveiterator import ArchiveIterator

    records = ArchiveIterator(_Counted(stream))
    bounds = []
    for _ in records:
        bounds.append(records.get_record_offset())
        if len(bounds) == last:
            break
    if len(bounds) < last:
        raise InputError(f"{name}: has changed since it was read")
    # To know where a record begins, the one before has been read to its end.
    return np.array([*bounds, records.offset], np.int64)


class _Counted:
    """A stream that can tell where it is, whether or not it can seek, and ends where it is torn."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read1(size)  # all that comes before a tear
        except InputError:
            return b""
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at
