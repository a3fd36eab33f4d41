from __future__ import annotations

import sqlite3
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.index import runs
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, KEY_BITS, Postings

KEYS = st.integers(0, 40) | st.integers(0, (1 << KEY_BITS) - 1)
BATCHES = st.lists(
    st.lists(st.tuples(KEYS, st.integers(1, 300)), max_size=60, unique=True), max_size=12
)


def database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.executescript(runs.SCHEMA)
    return made


def packed(pairs: list[tuple[int, int]]) -> Postings:
    return np.sort(np.array([k << ARTICLE_BITS | n for k, n in pairs], dtype=np.int64))


def everything(made: sqlite3.Connection) -> list[int]:
    return sorted(value for block in runs.stream(made) for value in block.tolist())


@pytest.mark.parametrize("block", [3, 500])
@given(batches=BATCHES)
@settings(max_examples=60, deadline=None)
def test_found_is_what_was_added(block: int, batches: list[list[tuple[int, int]]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "BLOCK", block)
        patch.setattr(runs, "SLICE", 7)
        patch.setattr(runs, "CAP_BLOCKS", 1000)
        made, oracle = database(), defaultdict(set)
        for shift, pairs in enumerate(batches):  # article numbers are never used again
            renumbered = [(key, number + 300 * shift) for key, number in pairs]
            runs.add(made, packed(renumbered))
            for key, number in renumbered:
                oracle[key].add(number)
        wanted = sorted({*oracle, 0, 1, 2, (1 << KEY_BITS) - 1})
        found = defaultdict(set)
        for posting in runs.Runs().find(made, np.array(wanted, dtype=np.int64)).tolist():
            found[posting >> ARTICLE_BITS].add(posting & ARTICLE_MASK)
        assert found == {key: numbers for key, numbers in oracle.items() if numbers}
        assert runs.count(made) == len(everything(made)) == sum(map(len, oracle.values()))


def test_many_batches_leave_few_runs() -> None:
    made, total = database(), 600
    for number in range(total):
        runs.add(made, packed([(key * 7919 + number, number) for key in range(10)]))
    assert made.execute("SELECT count(*) FROM runs").fetchone()[0] <= 15
    assert len(everything(made)) == 10 * total
    for (run,) in made.execute("SELECT run FROM runs").fetchall():
        stream = np.concatenate(list(runs.stream(made, run)))
        assert (np.diff(stream) > 0).all()


def test_a_frequent_key_is_capped_but_the_next_is_still_found() -> None:
    made = database()
    pairs = [(5, number) for number in range(20_000)] + [(6, 77), (4, 78)]
    runs.add(made, packed(pairs))
    found = runs.Runs().find(made, np.array([5]))
    assert 1000 <= len(found) <= 2000
    assert set((found >> ARTICLE_BITS).tolist()) == {5}
    rest = runs.Runs().find(made, np.array([4, 6]))
    assert sorted((rest & ARTICLE_MASK).tolist()) == [77, 78]


def test_compacting_drops_the_dead_only() -> None:
    made = database()
    for number in range(10):
        runs.add(made, packed([(key, number) for key in range(50)]))
    runs.compact(made, np.array([2, 3, 7]))
    expected = packed([(key, number) for key in range(50) for number in (2, 3, 7)])
    assert everything(made) == expected.tolist()
    assert made.execute("SELECT count(*) FROM runs").fetchone()[0] == 1


def test_nothing_is_nothing() -> None:
    made = database()
    runs.add(made, packed([]))
    assert len(runs.Runs().find(made, np.array([1, 2]))) == 0
    runs.compact(made, packed([]))
    assert everything(made) == [] and runs.count(made) == 0
