"""Which texts of a corpus an index already holds, by the index's own look-up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from provenance.article import InputError, SetAside
from provenance.bulk.batch import Batch
from provenance.bulk.kernel import I64
from provenance.bulk.matching import SHORTEST, Progress
from provenance.bulk.options import Options
from provenance.bulk.windows import PARTIAL, PARTIAL_TOKENS
from provenance.sources.text import article_from_text

if TYPE_CHECKING:
    import pyarrow as pa

    from provenance.index.matching import Match

AGAINST = "against"
Texts = Iterable[tuple[I64, Batch]]
"""Batches of all texts once more, each with the numbers its texts had the first time."""


def numbered(batches: Iterable[Batch | SetAside], order: I64) -> Texts:
    """Batches read again, with the numbers of their texts.

    Args:
        batches: All texts; what is set aside is passed over.
        order: Number of each text, in the order in which they come now.

    Raises:
        InputError: There are more or fewer than the first time.
    """
    at = 0
    for batch in batches:
        if isinstance(batch, Batch):
            texts = len(batch.offsets) - 1
            yield order[at : at + texts], batch
            at += texts
    if at != len(order):
        raise InputError("the input has changed since it was read; start anew without --resume")


def indexed_as(
    texts: Texts, groups: I64, counts: I64, options: Options, progress: Progress
) -> pa.Array:
    """For each text the id of the indexed article it is a copy of; null where there is none.

    A copy is what it is within the corpus: Jaccard at the threshold, or nearly all of the text
    inside the other. Texts that are equal are looked up once.

    Args:
        texts: The texts again.
        groups: For each text the first that is equal to it.
        counts: Tokens of each text.
        options: See `Options`; `against` is the index.
        progress: Called with stage, texts done and their number.

    Raises:
        InputError: There is no such index.
        IndexDamagedError: It is damaged or of another version.
    """
    import pyarrow as pa

    from provenance.index import Index

    ids: list[str] = []
    place = np.full(len(groups), -1, np.int64)
    with Index.open(str(options.against), create=False, read_only=True) as index:
        done = 0
        for numbers, batch in texts:
            for row in np.flatnonzero(groups[numbers] == numbers).tolist():
                start, stop = batch.offsets[row], batch.offsets[row + 1]
                text = batch.data[start:stop].tobytes().decode(errors="replace")
                tokens = int(counts[numbers[row]])
                found = index.find(article_from_text(text)) if tokens else []
                copy = next((match for match in found if _is_copy(match, tokens, options)), None)
                if copy:
                    place[numbers[row]] = len(ids)
                    ids.append(copy.article.id)
            done += len(numbers)
            progress(AGAINST, done, len(groups))
    place = place[groups]
    return pa.array(ids, pa.large_string()).take(pa.array(place, mask=place < 0))


def _is_copy(match: Match, tokens: int, options: Options) -> bool:
    if match.relation == "exact" or tokens < SHORTEST:
        return match.relation == "exact"
    inside = match.overlap.a_in_b >= PARTIAL and tokens >= PARTIAL_TOKENS
    return match.overlap.jaccard >= options.threshold or (options.partial and inside)
