"""Many texts as bytes in which the compiled kernel finds tokens, NFKC where it matters."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

from provenance.fingerprint import kernel
from provenance.fingerprint.kernel import BLOCK, I64, U8
from provenance.fingerprint.text import table


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


def fold(data: U8, offsets: I64, workspace: Workspace) -> tuple[U8, I64, I64]:
    """All texts folded, with those that NFKC may change normalised first.

    Returns:
        The folded bytes, and where each text begins and ends in them.
    """
    texts = len(offsets) - 1
    room = kernel.room_for(offsets)
    folded = workspace.array("folded", room, np.uint8)
    begins = 2 * (offsets[:-1] - offsets[0]) + 2 * BLOCK * np.arange(texts)
    ends = np.empty(texts, dtype=np.int64)
    kernel.fold_texts(data, offsets, table(), False, folded, ends)
    left = np.flatnonzero(ends < 0)
    if len(left):
        more, more_offsets = join(
            [_normalised(data[offsets[i] : offsets[i + 1]]) for i in left.tolist()]
        )
        extra = np.empty(kernel.room_for(more_offsets), dtype=np.uint8)
        extra_ends = np.empty(len(left), dtype=np.int64)
        kernel.fold_texts(more, more_offsets, table(), True, extra, extra_ends)
        begins[left] = room + 2 * more_offsets[:-1] + 2 * BLOCK * np.arange(len(left))
        ends[left] = room + extra_ends
        folded = np.concatenate((folded[:room], extra))
    return folded, begins, ends


def _normalised(octets: U8) -> str:
    return unicodedata.normalize("NFKC", octets.tobytes().decode(errors="replace"))


def join(texts: list[str]) -> tuple[U8, I64]:
    """Texts as UTF-8 end to end, and their offsets; lone surrogates become question marks."""
    encoded = [text.encode(errors="replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets
