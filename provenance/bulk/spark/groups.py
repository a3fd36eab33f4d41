"""Rows of one group together, many groups at a time: by group alone a call costs a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


def in_groups(
    rows: DataFrame, key: str, work: Callable[[pa.Table], pa.Table], schema: str
) -> DataFrame:
    """Whatever a function makes of tables in which each group is whole.

    Args:
        rows: The rows.
        key: Column of whole numbers that tells groups apart, never null.
        work: Called with all rows of one or more groups, in the order of the key.
        schema: Of its results.
    """

    def walk(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for table in whole_groups(batches, key):
            yield from work(table).combine_chunks().to_batches()

    return rows.repartition(key).sortWithinPartitions(key).mapInArrow(walk, schema)


def whole_groups(batches: Iterator[pa.RecordBatch], key: str) -> Iterator[pa.Table]:
    """Sorted batches as tables that end where a group does."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        keys = batch.column(key).to_numpy()
        cut = int(np.searchsorted(keys, keys[-1]))
        if held and (cut or held[-1].column(key)[-1].as_py() != keys[-1]):
            yield pa.Table.from_batches([*held, batch.slice(0, cut)])
            held = []
        elif cut:
            yield pa.Table.from_batches([batch.slice(0, cut)])
        held.append(batch.slice(cut))
    if held:
        yield pa.Table.from_batches(held)


def parts(keys: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[slice]:
    """Where each group is, in sorted keys that are not empty."""
    cuts = [0, *(np.flatnonzero(np.diff(keys)) + 1).tolist(), len(keys)]
    return [slice(*place) for place in pairwise(cuts)]
