"""Many texts as the bytes that the compiled kernel reads, NFKC where it matters."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.kernel import I64, U8
from provenance.fingerprint.strings import MOST_BYTES, writer
from provenance.fingerprint.utf8 import PADDING


class Workspace:
    """Memory that one thread uses again for every batch: fresh pages cost more than the work."""

    def __init__(self) -> None:
        self._kept: dict[str, NDArray[np.generic]] = {}

    def array(self, name: str, size: int, dtype: type[np.generic]) -> NDArray[np.generic]:
        """An array of at least `size` items, its content undefined."""
        kept = self._kept.get(name)
        if kept is None or len(kept) < size:
            kept = self._kept[name] = np.empty(size * 5 // 4, dtype=dtype)
        return kept


def padded(data: U8, offsets: I64) -> tuple[U8, I64]:
    """The same texts, with bytes to spare after the last: the kernel reads ahead."""
    if offsets[-1] + PADDING > len(data):
        start = offsets[0]
        copy = np.zeros(offsets[-1] - start + PADDING, dtype=np.uint8)
        copy[:-PADDING] = data[start : offsets[-1]]
        data, offsets = copy, offsets - start
    # Compiled once, for what Arrow's buffers are.
    data = data.view()
    data.flags.writeable = False
    return data, offsets


def normalised(data: U8, offsets: I64, which: list[int]) -> tuple[U8, I64]:
    """Some of the texts in NFKC, as `join` gives them."""
    octets = (data[offsets[place] : offsets[place + 1]].tobytes() for place in which)
    return join([unicodedata.normalize("NFKC", text.decode(errors="replace")) for text in octets])


def join(texts: list[str]) -> tuple[U8, I64]:
    """Texts as UTF-8 end to end, and their offsets; lone surrogates become question marks."""
    data = np.empty(MOST_BYTES * sum(map(len, texts)) + PADDING, dtype=np.uint8)
    write, ends = writer(), [0]
    for text in texts:
        ends.append(write(text, data, ends[-1]))
    return data[: ends[-1] + PADDING], np.array(ends, dtype=np.int64)
