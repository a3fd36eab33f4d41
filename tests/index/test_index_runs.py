from __future__ import annotations

import _sqlite3
import ctypes
import sqlite3
import tracemalloc
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.index import database as files
from provenance.index import runs
from provenance.index.sqlite import SQLiteStore
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, KEY_BITS, POSTINGS_CAP, Postings

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
        for posting in runs.Runs().find(made, np.array(wanted, dtype=np.int64), 1000).tolist():
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
    found = runs.Runs().find(made, np.array([5]), POSTINGS_CAP)
    last = range(20_000 - POSTINGS_CAP, 20_000)
    assert found.tolist() == packed([(5, number) for number in last]).tolist()
    rest = runs.Runs().find(made, np.array([4, 6]), 9999)
    assert sorted((rest & ARTICLE_MASK).tolist()) == [77, 78]


def test_compacting_drops_the_dead_only() -> None:
    made = database()
    for number in range(10):
        runs.add(made, packed([(key, number) for key in range(50)]))
    runs.compact(made, np.array([2, 3, 7]))
    expected = packed([(key, number) for key in range(50) for number in (2, 3, 7)])
    assert everything(made) == expected.tolist()
    assert made.execute("SELECT count(*) FROM runs").fetchone()[0] == 1


def test_writing_a_long_run_takes_the_memory_of_its_parts() -> None:
    part, parts = 100_000, 40
    made = database()
    tracemalloc.start()
    try:
        runs.write(made, (np.arange(n * part, (n + 1) * part) for n in range(parts)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert runs.count(made) == part * parts
    assert peak < 8 * part * parts / 4


def test_a_new_file_is_cached_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    used.restype = ctypes.c_longlong
    monkeypatch.setattr(files, "CACHE_KIB", 1024)
    opened = SQLiteStore(tmp_path / "new.db", {}, create=True, read_only=False)._database
    opened.all("CREATE TABLE things (thing BLOB)")
    before = used()
    for _ in range(5):
        with opened.write(), opened.using() as connection:
            connection.executemany("INSERT INTO things VALUES (?)", [(bytes(4000),)] * 1000)
    assert used() - before < 3 << 20
    opened.close()


def test_nothing_is_nothing() -> None:
    made = database()
    runs.add(made, packed([]))
    assert len(runs.Runs().find(made, np.array([1, 2]), 10)) == 0
    runs.compact(made, packed([]))
    assert everything(made) == [] and runs.count(made) == 0
