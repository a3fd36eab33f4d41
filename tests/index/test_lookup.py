"""What a store finds when it is asked: of both, held against counting by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.index import Index
from provenance.index.candidates import COMMONEST, FURNITURE, LATEST, LEAST_SHARE, WHOLE_SHARE
from provenance.index.store import ARTICLE_BITS, KEY_BITS, Row, Sought
from tests.index.conftest import SCHEMAS
from tests.index.server import Server

KEYS = st.integers(0, 8) | st.sampled_from((77, (1 << KEY_BITS) - 1))
Texts = list[tuple[set[int], int]]
"""The keys of each text, and its number of passages."""


def outlet(number: int) -> str:
    return ("a.org", "b.org", "")[number % 3]


def row(number: int, passages: int) -> Row:
    body = b"body %d" % number
    return Row(number, None, number, 0, outlet(number), None, 9, passages, "title", body)


def stored(location: str, texts: Texts, gone: set[int], sought: Sought) -> dict[int, bytes]:
    """What a store finds that was given texts, from number 1 on, some removed again."""
    with Index.open(location) as index:
        store = index._store
        with store.write():
            numbers = store.insert([row(n, own[1]) for n, own in enumerate(texts, 1)])
            assert numbers == list(range(1, len(texts) + 1))
            postings = [k << ARTICLE_BITS | n for n, own in enumerate(texts, 1) for k in own[0]]
            store.add_postings(np.array(sorted(postings), dtype=np.int64))
            store.delete(sorted(gone))
        return store.look_up(sought)


def counted(texts: Texts, gone: set[int], sought: Sought) -> dict[int, bytes]:
    """The same, by its definition."""
    weights, hits = Counter[int](), defaultdict[int, set[int]](set)
    for key in sought.keys.tolist():
        having = [n for n, own in enumerate(texts, 1) if key in own[0]][-LATEST * sought.most :]
        for number in having:
            weights[number] += COMMONEST // len(having)
            hits[number].add(key)
    likeliest = sorted(weights, key=lambda number: (-weights[number], number))
    looked_at = [n for n in likeliest[: sought.most] if n not in gone]
    same = {n for n in looked_at if sought.outlet and outlet(n) == sought.outlet}
    frequent = Counter(key for number in same for key in hits[number])
    furniture = {key for key, count in frequent.items() if count >= FURNITURE}
    enough = []
    for number in looked_at:
        passages = texts[number - 1][1]
        own = hits[number] - furniture if number in same else hits[number]
        least = max(1, LEAST_SHARE * min(passages, sought.passages))
        whole = WHOLE_SHARE * max(passages, sought.passages)
        if len(own) >= least or len(hits[number]) >= whole:
            enough.append(number)
    return {number: row(number, 0).body for number in enough}


@given(
    texts=st.lists(st.tuples(st.sets(KEYS, max_size=8), st.integers(0, 30)), max_size=25),
    keys=st.sets(KEYS, max_size=10),
    passages=st.integers(0, 30),
    most=st.integers(1, 9),
    at=st.integers(0, 2),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_lookup_finds_what_counting_finds(
    server: Server, texts: Texts, keys: set[int], passages: int, most: int, at: int
) -> None:
    sought = Sought(np.array(sorted(keys), dtype=np.int64), outlet(at), passages, most)
    gone = set(range(5, len(texts) + 1, 5))
    expected = counted(texts, gone, sought)
    assert stored(f"{server.url}?schema=lookup{next(SCHEMAS)}", texts, gone, sought) == expected
    with TemporaryDirectory() as folder:
        assert stored(str(Path(folder) / "test.db"), texts, gone, sought) == expected
