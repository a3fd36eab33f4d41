"""A batch of texts, as Arrow or as UTF-8 bytes, to what duplicates are found by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from provenance.bulk import kernel
from provenance.bulk.kernel import BLOCK, I64, U8
from provenance.fingerprint.folding import Workspace, fold, join
from provenance.fingerprint.text import U32, U64

__all__ = ["Sketches", "Workspace", "join", "sketch"]


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
    folded, begins, ends = fold(data, offsets, workspace)
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
