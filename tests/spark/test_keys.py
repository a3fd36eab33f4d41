"""Walking sorted keys batch by batch, without Spark: against looking at all at once."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.bulk.candidates import CROWD
from provenance.bulk.spark.keys import _pair_up


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 3 * CROWD), max_size=8),
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_pairs_and_crowds_do_not_depend_on_how_rows_come(
    sizes: list[int], cuts: list[int], rng: random.Random
) -> None:
    rows: list[tuple[int, int, int]] = []
    for place, size in enumerate(sizes):
        numbers = sorted(rng.sample(range(1000), size))
        rows += [(place - 4, number, number % 13 + 1) for number in numbers]
    columns = [
        np.array([row[n] for row in rows], kind) for n, kind in enumerate(("i8", "i8", "i4"))
    ]
    batches: list[pa.RecordBatch] = []
    at = 0
    while at < len(rows):
        step = cuts[len(batches) % len(cuts)]
        part = [column[at : at + step] for column in columns]
        batches.append(pa.RecordBatch.from_arrays(part, ["key", "num", "key_count"]))
        at += step
    found = [row for batch in _pair_up(iter(batches)) for row in batch.to_pylist()]
    pairs = sorted((row["a"], row["b"], row["smaller"]) for row in found if row["b"] is not None)
    crowds = defaultdict(list)
    for row in found:
        if row["b"] is None:
            crowds[row["key"]].append(row["a"])
    members = defaultdict(list)
    for key, number, _ in rows:
        members[key].append(number)
    small = [texts for texts in members.values() if len(texts) < CROWD]
    assert pairs == sorted(
        (a, b, min(a % 13, b % 13) + 1) for texts in small for a, b in combinations(texts, 2)
    )
    assert crowds == {key: texts for key, texts in members.items() if len(texts) >= CROWD}
