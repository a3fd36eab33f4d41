"""The default store: one SQLite file in WAL mode, many readers beside a writer."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from provenance.article import IndexDamagedError
from provenance.index import runs
from provenance.index.faults import REBUILD, log_size, plain, refuse_unfit
from provenance.index.store import Postings, Row, Summary

APPLICATION_ID = 0x50726F76
"""Marks the file as an index ("Prov"), as SQLite's header provides for."""
SCHEMA_VERSION = 1
WAIT_SECONDS = 120
"""How long to wait for another process that writes."""
PAGE_BYTES = 8192
"""Two blocks of postings, or some three articles: in pages of 4096 a third would lie empty."""
CACHE_KIB = 64 << 10
WAL_KEPT_BYTES = 64 << 20

SCHEMA = f"""
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  identity INTEGER NOT NULL,
  address INTEGER,
  digest INTEGER NOT NULL,
  outlet TEXT NOT NULL,
  published INTEGER,
  tokens INTEGER NOT NULL,
  passages INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX articles_by_identity ON articles (identity);
CREATE INDEX articles_by_address ON articles (address) WHERE address IS NOT NULL;
{runs.SCHEMA}
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""
NAMES = tuple(field.name for field in fields(Row))
LISTED = ", ".join(NAMES)
COLUMNS = attrgetter(*NAMES)


class SQLiteStore:
    """An index in one SQLite file; see `provenance.index.store.Store` for the methods."""

    def __init__(
        self, path: Path, settings: Mapping[str, str], *, create: bool, read_only: bool
    ) -> None:
        self.path = path
        self._lock = threading.RLock()
        refuse_unfit(path, may_create=create and not read_only)
        with self._said():
            self._database = _connect(path, read_only)
        try:
            with self._said():
                self._prepare(settings, may_create=create and not read_only)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, settings: Mapping[str, str], *, may_create: bool) -> None:
        run = self._database.execute
        run(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        run(f"PRAGMA cache_size = -{CACHE_KIB}")
        run("PRAGMA cell_size_check = ON")
        if may_create and _is_empty(self._database):
            run(f"PRAGMA page_size = {PAGE_BYTES}")
            run("PRAGMA journal_mode = WAL")
            with self.write():
                if _is_empty(self._database):  # another process may have been faster
                    for statement in SCHEMA.split(";"):
                        run(statement)
                    self._database.executemany(
                        "INSERT INTO settings VALUES (?, ?)", sorted(settings.items())
                    )
        run(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
        run("PRAGMA synchronous = NORMAL")
        self._recognise()

    def _recognise(self) -> None:
        run = self._database.execute
        if run("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise IndexDamagedError(
                f"{self.path}: not a provenance index; name another file with --index"
            )
        version = run("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise IndexDamagedError(
                f"{self.path}: index version {version}, this program reads {SCHEMA_VERSION}; "
                + ("update provenance" if version > SCHEMA_VERSION else REBUILD)
            )

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say SQLite's errors in plain words."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter from a damaged schema
            raise plain(self.path, error) from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, self._said():
            if self._database.in_transaction:  # a block inside a block is part of it
                yield
                return
            self._database.execute(begin)
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def _all(self, statement: str, *values: int | str | None) -> list[Any]:
        with self._lock, self._said():
            return self._database.execute(statement, values).fetchall()

    def read(self) -> AbstractContextManager[None]:
        """A deferred transaction: one snapshot."""
        return self._transaction("BEGIN")

    def write(self) -> AbstractContextManager[None]:
        """An immediate transaction: waits for other writers at once, not half-way."""
        return self._transaction("BEGIN IMMEDIATE")

    def settings(self) -> Mapping[str, str]:
        """The settings table."""
        return dict(self._all("SELECT name, value FROM settings"))

    def known(self, identity: int, address: int | None) -> list[tuple[int, int]]:
        """Article numbers and digests by either index."""
        return self._all(
            "SELECT number, digest FROM articles WHERE identity = ?1 "
            "UNION SELECT number, digest FROM articles WHERE address = ?2",
            identity,
            address,
        )

    def numbers(self, identities: Sequence[int]) -> list[int]:
        """Article numbers of known identities."""
        find = "SELECT number FROM articles WHERE identity = ?"
        return [number for each in identities for (number,) in self._all(find, each)]

    def insert(self, row: Row) -> int:
        """Insert a row; AUTOINCREMENT never gives a number twice."""
        with self._said():
            cursor = self._database.execute(
                f"INSERT INTO articles ({LISTED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                COLUMNS(row),
            )
        return cursor.lastrowid or 0

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows; `compact` drops their postings."""
        for number in numbers:
            self._all("DELETE FROM articles WHERE number = ?", number)

    def outlines(self, numbers: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Outlet and number of passages of the rows that exist (and hold what they should)."""
        found = self._all(
            "SELECT number, outlet, passages FROM articles "
            "WHERE number IN (SELECT value FROM json_each(?)) "
            "AND typeof(outlet) = 'text' AND typeof(passages) = 'integer'",
            orjson.dumps(numbers).decode(),
        )
        return {number: (outlet, passages) for number, outlet, passages in found}

    def body(self, number: int) -> bytes:
        """The body of a row."""
        ((body,),) = self._all("SELECT body FROM articles WHERE number = ?", number)
        return body  # type: ignore[no-any-return]

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row, streamed."""
        with self._said():
            for number, *values in self._database.execute(
                f"SELECT number, {LISTED} FROM articles ORDER BY number"  # noqa: S608
            ):
                yield number, Row(*values)

    def add_postings(self, postings: Postings) -> None:
        """Append a run."""
        with self._said():
            runs.add(self._database, postings)

    def find_postings(self, keys: Postings) -> Postings:
        """Look into every run."""
        with self._lock, self._said():
            return runs.find(self._database, keys)

    def all_postings(self) -> Iterator[Postings]:
        """Every block of every run."""
        with self._said():
            yield from runs.stream(self._database)

    def summary(self) -> Summary:
        """Counts, and the size of the file and its log."""
        with self.read():
            ((articles, outlets, tokens, earliest, latest),) = self._all(
                "SELECT count(*), count(DISTINCT nullif(outlet, '')), coalesce(sum(tokens), 0), "
                "min(published), max(published) FROM articles"
            )
            postings = runs.count(self._database)
        size = self.path.stat().st_size + log_size(self.path)
        return Summary(articles, outlets, tokens, earliest, latest, postings, size)

    def count(self) -> int:
        """Number of rows."""
        ((count,),) = self._all("SELECT count(*) FROM articles")
        return int(count)

    def check(self) -> list[str]:
        """SQLite's own integrity check."""
        lines = [" ".join(line.split()) for (line,) in self._all("PRAGMA integrity_check")]
        return [line for line in lines if line != "ok"]

    def compact(self) -> None:
        """Merge all runs into one without dead postings, then rewrite the file."""
        with self.write():
            numbers = self._all("SELECT number FROM articles")
            runs.compact(self._database, np.array(numbers, dtype=np.int64).ravel())
        self._all("VACUUM")
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection."""
        self._database.close()


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    """A connection without implicit transactions, usable from any one thread at a time."""
    address = path.absolute().as_uri()
    mode = "ro" if read_only else "rwc"
    if read_only and not os.access(path.absolute().parent, os.W_OK):
        # Beside a WAL reader SQLite needs a file of shared memory, which cannot be made here; and
        # where nobody can write, nothing changes under the reader.
        mode = "ro&immutable=1"
    return sqlite3.connect(
        f"{address}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )


def _is_empty(database: sqlite3.Connection) -> bool:
    return database.execute("SELECT 1 FROM sqlite_master").fetchone() is None
