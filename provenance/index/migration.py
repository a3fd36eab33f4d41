"""An index file of an earlier version, brought to the present one in one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np

from provenance.article import IndexDamagedError, InputError, ProvenanceError
from provenance.index import codec, rows, runs
from provenance.index.database import Database
from provenance.index.faults import REBUILD
from provenance.index.schema import APPLICATION_ID, TABLES, VERSION

FROM_1 = """
ALTER TABLE settings RENAME TO old_settings;
ALTER TABLE articles RENAME TO old_articles;
ALTER TABLE runs RENAME TO old_runs;
ALTER TABLE blocks RENAME TO old_blocks;
DROP INDEX articles_by_identity;
DROP INDEX articles_by_address
"""
COPIED_FROM_1 = """
INSERT INTO settings SELECT name, value FROM old_settings;
INSERT INTO outlets (domain) SELECT DISTINCT outlet FROM old_articles;
INSERT INTO bodies SELECT number, body FROM old_articles;
INSERT INTO articles SELECT number, identity, address, digest, :seen, outlets.outlet, published,
  tokens, passages, '' FROM old_articles JOIN outlets ON outlets.domain = old_articles.outlet;
UPDATE sqlite_sequence SET seq = max(seq, (SELECT seq FROM sqlite_sequence
  WHERE name = 'old_articles')) WHERE name = 'articles'
"""
LEFT_FROM_1 = """
DROP TABLE old_settings;
DROP TABLE old_articles;
DROP TABLE old_runs;
DROP TABLE old_blocks
"""


def migrate(path: Path) -> int:
    """Bring an index file to the present version; the version it had.

    Written whole or not at all, while others may read; a file of the present version is left as it
    is. Articles of version 1, which kept no times, count as seen now. Needs free disk of about
    twice the file's size.

    Raises:
        InputError: When there is no such index.
        IndexDamagedError: When it is damaged, not an index, or of a later version.
    """
    database = Database(path, create=False, read_only=False)
    try:
        with database.write(), database.using() as connection:
            found = _version(database)
            if found == VERSION:
                return found
            _from_1(database, connection)
        with suppress(ProvenanceError):  # smaller pages are no fault, only slower
            _repack(database)
    finally:
        database.close()
    return found


def _version(database: Database) -> int:
    ((application,),) = database.all("PRAGMA application_id")
    ((version,),) = database.all("PRAGMA user_version")
    if application != APPLICATION_ID:
        raise InputError(f"{database.path}: not a provenance index; name another file with --index")
    if not 0 < version <= VERSION:
        todo = "update provenance" if version > VERSION else REBUILD
        raise IndexDamagedError(f"{database.path}: index version {version}; {todo}")
    return int(version)


def _from_1(database: Database, connection: sqlite3.Connection) -> None:
    def run(script: str, **values: int) -> None:
        for statement in script.split(";"):
            connection.execute(statement, values)

    run(FROM_1)
    run(TABLES)
    run(COPIED_FROM_1, seen=int(time.time()))
    connection.executemany("UPDATE articles SET title = ? WHERE number = ?", _titles(database))
    connection.execute("INSERT INTO titles (titles) VALUES ('rebuild')")
    for (old,) in connection.execute("SELECT run FROM old_runs").fetchall():
        blocks = connection.execute(
            "SELECT data FROM old_blocks WHERE run = ? ORDER BY block", (old,)
        )
        runs.write(connection, (np.frombuffer(data, dtype="<i8") for (data,) in blocks))
    run(LEFT_FROM_1)


def _titles(database: Database) -> Iterator[tuple[str, int]]:
    for number, body in database.connection.execute("SELECT number, body FROM bodies"):
        try:
            yield rows.title(codec.decode(body).title), number
        except ValueError as error:
            raise IndexDamagedError(
                f"{database.path}: article {number} is damaged ({error}); {REBUILD}"
            ) from error


def _repack(database: Database) -> None:
    """Give the file the present size of pages, which takes it out of WAL mode for a while."""
    for statement in (
        "PRAGMA journal_mode = DELETE",
        "VACUUM",
        "PRAGMA journal_mode = WAL",
    ):
        database.all(statement)
