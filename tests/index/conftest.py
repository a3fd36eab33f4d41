"""Both stores, so that one suite of tests holds them to the same answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.index.server import Server, running

SCHEMAS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running() as started:
        yield started


@dataclass(frozen=True, slots=True)
class Place:
    """Where an index may be made, and its database by the back door."""

    location: str

    def run(self, statement: str) -> list[tuple[object, ...]]:
        """Run SQL that both databases understand."""
        if not self.location.startswith("postgresql://"):
            with sqlite3.connect(self.location) as database:
                return database.execute(statement).fetchall()
        url, _, schema = self.location.partition("?schema=")
        with psycopg.connect(url, options=f"-csearch_path={schema}") as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place(str(tmp_path / "test.db"))
    server: Server = request.getfixturevalue("server")
    return Place(f"{server.url}?schema=test{next(SCHEMAS)}")
