"""The same history in a file and in a database gives the same answers, to the number."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from provenance.article import Article, Block, Interval, Outlet
from provenance.index import Index, adding
from provenance.index import index as index_module
from tests.index.conftest import SCHEMAS
from tests.index.made_articles import words
from tests.index.server import Server
from tests.index.test_versions import Clock

NAMES = ("a.org", "b.org", "nul\0.org", "half \ud800", "")
START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def both(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Index, Index, Clock]]:
    clock = Clock()
    monkeypatch.setattr(index_module, "time", clock)
    monkeypatch.setattr(adding, "time", clock)
    with (
        Index.open(str(tmp_path / "test.db")) as file,
        Index.open(f"{server.url}?schema=agree{next(SCHEMAS)}") as shared,
    ):
        yield file, shared, clock


def drawn(draw: random.Random) -> Article:
    """One of few ids, addresses, outlets and stories, so that many meet."""
    story = words(draw.randrange(6), 120)[: draw.choice((40, 80, 120))]
    body = [*story, *words(draw.randrange(50), draw.choice((0, 10, 60)))]
    at = START + timedelta(days=draw.randrange(60))
    name = draw.choice(NAMES)
    return Article(
        id=f"id {draw.randrange(30)}\0\ud800",
        blocks=(Block(0, " ".join(body)), Block(1, draw.choice(("menu", "other")), main=False)),
        url=draw.choice(("", f"https://a.org/{draw.randrange(12)}")),
        outlet=Outlet(name, name) if name else None,
        title=" ".join(
            [*words(draw.randrange(9), 3), draw.choice(("storm", "x" * 3000, "東京\0"))]
        ),
        published=draw.choice((None, Interval(at, at, "meta"))),
    )


def answers(index: Index, asked: list[Article]) -> list[Any]:
    """Everything an index can be asked."""
    info = index.info()
    return [
        [[(m.article, m.relation, m.overlap) for m in index.find(each)] for each in asked],
        [index.versions(each.id) for each in asked],
        list(index.articles()),
        [index.search(outlet=name) for name in NAMES],
        [index.search(title) for title in ("storm", "sto", "東", "x" * 3000, "x" * 500, "it's \\")],
        index.search("storm", "a.org", since=date(2024, 1, 9), until=date(2024, 2, 9), limit=3),
        index.numbered(index.sample("a.org", 2)),
        (info.articles, info.versions, info.outlets, info.tokens, info.earliest, info.latest),
        index.verify(),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_both_stores_answer_alike(both: tuple[Index, Index, Clock], seed: int) -> None:
    file, shared, clock = both
    draw = random.Random(seed)
    for _ in range(25):
        clock.now += 3600
        batch = [drawn(draw) for _ in range(draw.choice((1, 1, 3, 12)))]
        gone = [drawn(draw).id for _ in range(draw.choice((0, 0, 0, 4)))]
        counts, removed = [], []
        for index in (file, shared):
            counts.append(index.add(batch))
            removed.append(index.remove(gone))
        assert counts[0] == counts[1] and removed[0] == removed[1]
    asked = [drawn(draw) for _ in range(10)]
    assert answers(file, asked) == answers(shared, asked)
    for index in (file, shared):
        index.compact()
    assert file.info().postings == shared.info().postings
    assert answers(file, asked) == answers(shared, asked)
    days = int((datetime.fromtimestamp(clock.now, UTC) - START).days) - 30
    assert file.expire(days) == shared.expire(days)
    assert answers(file, asked) == answers(shared, asked)
