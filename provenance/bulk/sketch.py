"""A batch of texts, as Arrow or as UTF-8 bytes, to what duplicates are found by."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from provenance.bulk import kernel
from provenance.bulk.kernel import BLOCK, I64, U8
from provenance.fingerprint.text import U32, U64, table


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of a batch of texts.

    Attributes:
        tokens: Token hashes of all texts, end to end: their shingle sets follow from these.
        counts: Tokens of each text.
        digests: Hash of each text's whole token sequence: equal for exact duplicates.
        keys: Sampled passages, the number of the text within the batch in the low bits.
    """

    tokens: U32
    counts: I64
    digests: U64
    keys: U64


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


def sketch(
    data: U8, offsets: I64, windows: I64, shortest: int, workspace: Workspace | None = None
) -> Sketches:
    """Sketch texts given as UTF-8 end to end; text i is ``data[offsets[i]:offsets[i + 1]]``.

    Fastest in batches that stay in the cache: a megabyte at a time.

    Args:
        data: UTF-8.
        offsets: int64[texts + 1].
        windows: From `windows.windows`.
        shortest: Texts with fewer tokens get no keys, so they match only when equal.
        workspace: This thread's own; given again and again, it saves allocations.
    """
    workspace = workspace or Workspace()
    folded, begins, ends = _fold(data, offsets, workspace)
    texts = len(begins)
    room = int(np.sum(ends - begins)) // 2 + texts + BLOCK
    tokens = workspace.array("tokens", room, np.uint32)
    keys = workspace.array("keys", room, np.uint64)
    counts = np.empty(texts, dtype=np.int64)
    digests = np.empty(texts, dtype=np.uint64)
    token_count, key_count = kernel.sketch_texts(
        folded, begins, ends, windows, shortest, tokens, counts, digests, keys
    )
    return Sketches(tokens[:token_count].copy(), counts, digests, keys[:key_count].copy())


def _fold(data: U8, offsets: I64, workspace: Workspace) -> tuple[U8, I64, I64]:
    """All texts folded, with those that NFKC may change normalised first."""
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
