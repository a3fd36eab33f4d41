"""Sorted rows as tables of whole groups, however they come in batches."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from provenance.bulk.spark.groups import parts, whole_groups


@given(
    st.lists(st.integers(0, 9), max_size=8),
    st.lists(st.integers(0, 12), min_size=1, max_size=8).filter(any),
)
def test_groups_stay_whole_and_in_order(sizes: list[int], cuts: list[int]) -> None:
    keys = np.repeat(np.arange(-3, len(sizes) - 3), sizes)
    rows = pa.RecordBatch.from_pydict({"key": keys, "row": np.arange(len(keys))})
    batches: list[pa.RecordBatch] = []
    at = 0
    while at < len(keys):
        step = cuts[len(batches) % len(cuts)]
        batches.append(rows.slice(at, step))
        at += step
    tables = list(whole_groups(iter(batches), "key"))
    rows_found = [row for table in tables for row in table.column("row").to_pylist()]
    assert rows_found == list(range(len(keys)))
    seen: set[int] = set()
    for table in tables:
        here = table.column("key").to_numpy()
        assert len(here) and not seen & set(here.tolist())
        seen |= set(here.tolist())
        slices = parts(here)
        assert [len(set(here[part])) for part in slices] == [1] * len(set(here.tolist()))
        assert sum(part.stop - part.start for part in slices) == len(here)
