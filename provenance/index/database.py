"""One SQLite file: opening it, transactions, and errors in plain words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from provenance.index.faults import plain, refuse_unfit

WAIT_SECONDS = 300
"""How long writers queue behind each other; then one gives up and says so."""
PAGE_BYTES = 16384
"""Some six articles, or four blocks of postings: in smaller pages much would lie empty."""
CACHE_KIB = 64 << 10
WAL_PAGES = 4000
"""Pages (64 MB) after which the write-ahead log is copied back: pages written often count once."""
WAL_KEPT_BYTES = 64 << 20


class Database:
    """A connection that threads share one at a time; every error is a `ProvenanceError`."""

    def __init__(self, path: Path, *, create: bool, read_only: bool) -> None:
        """Open the file, or make an empty one.

        Args:
            path: The file.
            create: Whether a missing file may be made.
            read_only: Never write, also not to make it.
        """
        self.path = path
        self._lock = threading.RLock()
        refuse_unfit(path, may_create=create and not read_only)
        with self.said():
            self.connection = _connect(path, read_only)
        try:
            with self.said():
                run = self.connection.execute
                run(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
                # Of a file to be made; set after the cache's size, it would undo that.
                run(f"PRAGMA page_size = {PAGE_BYTES}")
                run(f"PRAGMA cache_size = -{CACHE_KIB}")
                run("PRAGMA cell_size_check = ON")
                run(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
                run(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
                run("PRAGMA synchronous = NORMAL")
        except BaseException:
            self.close()
            raise

    @contextmanager
    def said(self) -> Iterator[None]:
        """Say SQLite's errors in plain words."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter from a damaged schema
            raise plain(self.path, error) from error

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, self.said():
            if self.connection.in_transaction:  # a block inside a block is part of it
                yield
                return
            self.connection.execute(begin)
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def read(self) -> AbstractContextManager[None]:
        """A deferred transaction: one snapshot."""
        return self._transaction("BEGIN")

    def write(self) -> AbstractContextManager[None]:
        """An immediate transaction: waits for other writers at once, not half-way."""
        return self._transaction("BEGIN IMMEDIATE")

    @contextmanager
    def using(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone."""
        with self._lock, self.said():
            yield self.connection

    def all(self, statement: str, *values: int | str | None) -> list[Any]:
        """All rows of a statement."""
        with self.using() as connection:
            return connection.execute(statement, values).fetchall()

    def is_empty(self) -> bool:
        """Whether nothing was ever made in it."""
        return not self.all("SELECT 1 FROM sqlite_master LIMIT 1")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


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
