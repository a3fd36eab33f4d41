"""Many texts as the bytes that the compiled kernel reads, NFKC where it matters."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint.kernel import I64, U8
from provenance.fingerprint.utf8 import PADDING
from provenance.fingerprint.utf16 import CODEC, MOST_BYTES, UNITS, to_utf8

HEAD = 64
"""Letters that tell whether a text is mostly ASCII, of which Python's own encoder is fast."""


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
    plain = sum(text[:HEAD].isascii() for text in texts)
    codec = "utf-8" if 2 * plain >= len(texts) else CODEC
    encoded = [text.encode(codec, "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    if codec != CODEC:
        return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets
    units = np.frombuffer(b"".join([*encoded, bytes(2 * UNITS)]), dtype=np.uint16)
    data = np.empty(MOST_BYTES * len(units) + PADDING, dtype=np.uint8)
    to_utf8(units, offsets // 2, data, offsets)
    return data[: offsets[-1] + PADDING], offsets
