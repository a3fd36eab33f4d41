"""A batch of texts, as Arrow or as UTF-8 bytes, to what duplicates are found by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from provenance.bulk import kernel
from provenance.bulk.kernel import I64, ID_BITS, U8
from provenance.fingerprint.folding import Workspace, join, normalised, padded
from provenance.fingerprint.kernel import UNFOLDED
from provenance.fingerprint.pages import pages
from provenance.fingerprint.text import U32, U64
from provenance.fingerprint.utf8 import PADDING

__all__ = ["Sketches", "Workspace", "join", "sketch"]

_ID_MASK = np.uint64((1 << ID_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of a batch of texts.

    Attributes:
        tokens: Token hashes of all texts, end to end: their shingle sets follow from these.
        counts: Tokens of each text.
        digests: Hash of each text's whole token sequence: equal for exact duplicates.
        keys: Sampled passages, the number of the text within the batch in the low bits.
        key_counts: Keys of each text.
    """

    tokens: U32
    counts: I64
    digests: U64
    keys: U64
    key_counts: I64


def sketch(
    data: U8, offsets: I64, windows: I64, shortest: int, workspace: Workspace | None = None
) -> Sketches:
    """Sketch texts given as UTF-8 end to end; text i is ``data[offsets[i]:offsets[i + 1]]``.

    Args:
        data: UTF-8.
        offsets: int64[texts + 1].
        windows: From `windows.windows`.
        shortest: Texts with fewer tokens get no keys, so they match only when equal.
        workspace: This thread's own; given again and again, it saves allocations.
    """
    workspace = workspace or Workspace()
    found = _sketch(*padded(data, offsets), False, windows, shortest, workspace)
    left = np.flatnonzero(found.counts == UNFOLDED)
    if not len(left):
        return found
    again = padded(*normalised(data, offsets, left.tolist()))
    more = _sketch(*again, True, windows, shortest, workspace)
    return _merged(found, more, left)


def _sketch(
    data: U8, offsets: I64, normal: bool, windows: I64, shortest: int, workspace: Workspace
) -> Sketches:
    texts = len(offsets) - 1
    room = int(offsets[-1] - offsets[0]) + texts + PADDING
    tokens = workspace.array("tokens", room, np.uint32)
    keys = workspace.array("keys", room, np.uint64)
    counts, key_counts = np.empty(texts, dtype=np.int64), np.empty(texts, dtype=np.int64)
    digests = np.empty(texts, dtype=np.uint64)
    known = pages()
    token_count, key_count = kernel.sketch_texts(
        data, offsets, known.entries, known.heads, known.lasts, normal,
        windows, shortest, tokens, counts, digests, keys, key_counts,
    )  # fmt: skip
    return Sketches(
        tokens[:token_count].copy(), counts, digests, keys[:key_count].copy(), key_counts
    )


def _merged(found: Sketches, more: Sketches, left: I64) -> Sketches:
    """Put the texts that had to be normalised among the others, at the places `left`."""
    counts, digests, key_counts = found.counts, found.digests, found.key_counts
    counts[left] = 0
    places = np.repeat((np.cumsum(counts))[left], more.counts)
    counts[left], digests[left], key_counts[left] = more.counts, more.digests, more.key_counts
    numbers = left[(more.keys & _ID_MASK).astype(np.int64)].astype(np.uint64)
    keys = np.concatenate((found.keys, more.keys & ~_ID_MASK | numbers))
    return Sketches(np.insert(found.tokens, places, more.tokens), counts, digests, keys, key_counts)
