"""The default store: one SQLite file in WAL mode, many readers beside a writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import numpy as np
import orjson

from provenance.article import IndexDamagedError
from provenance.index import backup, runs, titles
from provenance.index.candidates import candidates
from provenance.index.database import Database
from provenance.index.faults import REBUILD, log_size
from provenance.index.schema import APPLICATION_ID, TABLES, VERSION
from provenance.index.store import Known, Postings, Row, Search, Sought, Summary

ROW = tuple(field.name for field in fields(Row))
COLUMNS = tuple(name for name in ROW if name not in ("outlet", "body"))
KNOWN = "SELECT number, identity, address, digest, seen FROM articles "
LISTED = ", ".join("domain" if name == "outlet" else name for name in ROW)
ALL_ROWS = (
    f"SELECT number, {LISTED} FROM articles JOIN bodies USING (number) "  # noqa: S608
    "JOIN outlets USING (outlet) ORDER BY number"
)


class SQLiteStore:
    """An index in one SQLite file; see `provenance.index.store.Store` for the methods."""

    def __init__(
        self, path: Path, settings: Mapping[str, str], *, create: bool, read_only: bool
    ) -> None:
        self.path = path
        self._runs = runs.Runs()
        self._database = Database(path, create=create, read_only=read_only)
        try:
            if create and not read_only and self._database.is_empty():
                self._make(settings)
            self._recognise()
        except BaseException:
            self._database.close()
            raise

    def _make(self, settings: Mapping[str, str]) -> None:
        with self._database.using() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with self.write():
                if not self._database.is_empty():  # another process was faster
                    return
                for statement in TABLES.split(";"):
                    connection.execute(statement)
                connection.executemany(
                    "INSERT INTO settings VALUES (?, ?)", sorted(settings.items())
                )

    def _recognise(self) -> None:
        ((application,),) = self._database.all("PRAGMA application_id")
        if application != APPLICATION_ID:
            raise IndexDamagedError(
                f"{self.path}: not a provenance index; name another file with --index"
            )
        ((version,),) = self._database.all("PRAGMA user_version")
        if version != VERSION:
            todo = "update provenance" if version > VERSION else REBUILD
            if 0 < version < VERSION:
                todo = f"run `provenance index migrate --index {self.path}`"
            raise IndexDamagedError(
                f"{self.path}: index version {version}, this program reads {VERSION}; {todo}"
            )

    def read(self) -> AbstractContextManager[None]:
        """A deferred transaction."""
        return self._database.read()

    def write(self) -> AbstractContextManager[None]:
        """An immediate transaction."""
        return self._database.write()

    def settings(self) -> Mapping[str, str]:
        """The settings table."""
        return dict(self._database.all("SELECT name, value FROM settings"))

    def known(self, identities: Sequence[int], addresses: Sequence[int]) -> list[Known]:
        """Rows by either index."""
        found = self._database.all(
            f"{KNOWN} WHERE identity IN (SELECT value FROM json_each(?1)) "  # noqa: S608
            f"UNION {KNOWN} WHERE address IN (SELECT value FROM json_each(?2))",
            _json(identities),
            _json(addresses),
        )
        return [Known(*values) for values in found]

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Insert rows; AUTOINCREMENT never gives a number twice, also not to explicit ones."""
        last = self._database.all("SELECT seq FROM sqlite_sequence WHERE name = 'articles'")
        first = (last[0][0] if last else 0) + 1
        numbers = list(range(first, first + len(rows)))
        self._put("INSERT", numbers, rows)
        self._many(
            "INSERT INTO titles (rowid, title) VALUES (?, ?)",
            ((number, row.title) for number, row in zip(numbers, rows, strict=True)),
        )
        return numbers

    def replace(self, numbers: Sequence[int], row: Row) -> int:
        """Move bodies to `versions`, then insert; `compact` drops the old postings and titles."""
        for old in numbers:
            self._many(
                "INSERT INTO versions (number, seen, body) "
                "SELECT number, seen, body FROM articles JOIN bodies USING (number) "
                "WHERE number = ?",
                [(old,)],
            )
            self._drop([old])
        (number,) = self.insert([row])
        for old in numbers:
            self._many("UPDATE versions SET number = ? WHERE number = ?", [(number, old)])
        return number

    def refresh(self, number: int, row: Row) -> None:
        """Overwrite a row in place."""
        self._put("REPLACE", [number], [row])

    def _put(self, verb: str, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        outlets = self._outlets({row.outlet for row in rows})
        values = attrgetter(*COLUMNS)
        self._many(
            f"{verb} INTO articles (number, outlet, {', '.join(COLUMNS)}) "
            f"VALUES (?, ?{', ?' * len(COLUMNS)})",
            (
                (number, outlets[row.outlet], *values(row))
                for number, row in zip(numbers, rows, strict=True)
            ),
        )
        self._many(
            f"{verb} INTO bodies (number, body) VALUES (?, ?)",
            ((number, row.body) for number, row in zip(numbers, rows, strict=True)),
        )

    def _outlets(self, domains: set[str]) -> dict[str, int]:
        """Numbers of outlets; new ones are given one."""
        self._many(
            "INSERT INTO outlets (domain) VALUES (?) ON CONFLICT DO NOTHING",
            ((domain,) for domain in sorted(domains)),
        )
        wanted = (
            "SELECT domain, outlet FROM outlets WHERE domain IN (SELECT value FROM json_each(?))"
        )
        return dict(self._database.all(wanted, _json(sorted(domains))))

    def add_version(self, number: int, seen: int, body: bytes) -> bool:
        """Insert a version that is not there."""
        if (seen, body) in self.versions(number):
            return False
        insert = "INSERT INTO versions (number, seen, body) VALUES (?, ?, ?)"
        self._many(insert, [(number, seen, body)])
        return True

    def versions(self, number: int) -> list[tuple[int, bytes]]:
        """Earlier versions by time."""
        wanted = "SELECT seen, body FROM versions WHERE number = ? ORDER BY seen, version"
        return self._database.all(wanted, number)

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows and their versions."""
        self._drop(numbers)
        self._many("DELETE FROM versions WHERE number = ?", ((each,) for each in numbers))

    def _drop(self, numbers: Sequence[int]) -> None:
        for table in ("articles", "bodies"):
            self._many(
                f"DELETE FROM {table} WHERE number = ?",  # noqa: S608
                ((number,) for number in numbers),
            )

    def expire(self, before: int) -> int:
        """Delete by time."""
        with self.write():
            old = "SELECT number FROM articles WHERE coalesce(published, seen) < ?"
            numbers = [number for (number,) in self._database.all(old, before)]
            self.delete(numbers)
            self._many("DELETE FROM versions WHERE seen < ?", [(before,)])
        return len(numbers)

    def look_up(self, sought: Sought) -> dict[int, bytes]:
        """In three steps."""
        with self.read():
            return self.bodies(candidates(sought, self._find_postings, self._outlines))

    def _find_postings(self, keys: Postings, most: int) -> Postings:
        with self._database.using() as connection:
            return self._runs.find(connection, keys, most)

    def _outlines(self, numbers: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Outlet and number of passages of the rows that exist (and hold what they should)."""
        found = self._database.all(
            "SELECT number, domain, passages FROM articles JOIN outlets USING (outlet) "
            "WHERE number IN (SELECT value FROM json_each(?)) "
            "AND typeof(domain) = 'text' AND typeof(passages) = 'integer'",
            _json(numbers),
        )
        return {number: (domain, passages) for number, domain, passages in found}

    def bodies(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Bodies by number."""
        wanted = "SELECT number, body FROM bodies WHERE number IN (SELECT value FROM json_each(?))"
        return dict(self._database.all(wanted, _json(numbers)))

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row, streamed."""
        with self._database.said():
            for number, *values in self._database.connection.execute(ALL_ROWS):
                yield number, Row(*values)

    def search(self, wanted: Search, most: int) -> list[int]:
        """By the full-text index of titles and the indexes of outlet and time."""
        tables, conditions, values = "articles", ["1"], list[int | str]()
        if wanted.words:
            tables = "titles CROSS JOIN articles ON articles.number = titles.rowid"
            conditions.append("titles MATCH ?")
            values.append(" ".join(map(_term, wanted.words)))
        if wanted.outlet:
            conditions.append("outlet = (SELECT outlet FROM outlets WHERE domain = ?)")
            values.append(wanted.outlet)
        if wanted.since is not None:
            conditions.append("published >= ?")
            values.append(wanted.since)
        if wanted.until is not None:
            conditions.append("published < ?")
            values.append(wanted.until)
        statement = (
            f"SELECT articles.number FROM {tables} WHERE {' AND '.join(conditions)} "  # noqa: S608
            "ORDER BY published DESC, articles.number DESC LIMIT ?"
        )
        return [number for (number,) in self._database.all(statement, *values, most)]

    def add_postings(self, postings: Postings) -> None:
        """Append a run."""
        with self._database.using() as connection:
            runs.add(connection, postings)

    def settle(self) -> None:
        """Leave few runs."""
        with self.write(), self._database.using() as connection:
            runs.settle(connection)

    def all_postings(self) -> Iterator[Postings]:
        """Every block of every run."""
        with self._database.said():
            yield from runs.stream(self._database.connection)

    def summary(self) -> Summary:
        """Counts, and the size of the file and its log."""
        with self.read():
            ((articles, versions, outlets, tokens, earliest, latest),) = self._database.all(
                "SELECT count(*), (SELECT count(*) FROM versions), "
                "(SELECT count(*) FROM outlets WHERE domain <> '' AND EXISTS "
                "(SELECT 1 FROM articles WHERE articles.outlet = outlets.outlet)), "
                "coalesce(sum(tokens), 0), min(published), max(published) FROM articles"
            )
            postings = runs.count(self._database.connection)
        size = self.path.stat().st_size + log_size(self.path)
        return Summary(articles, versions, outlets, tokens, earliest, latest, postings, size)

    def count(self) -> int:
        """Number of rows."""
        ((count,),) = self._database.all("SELECT count(*) FROM articles")
        return int(count)

    def check(self) -> list[str]:
        """SQLite's own integrity check, and the titles."""
        found = self._database.all("PRAGMA integrity_check")
        lines = [" ".join(line.split()) for (line,) in found]
        wrong = [line for line in lines if line != "ok"]
        with self._database.using() as connection:
            return wrong or titles.faults(connection)

    def compact(self) -> None:
        """Merge all runs into one without dead postings, then rewrite the file."""
        with self.write(), self._database.using() as connection:
            numbers = connection.execute("SELECT number FROM articles").fetchall()
            runs.compact(connection, np.array(numbers, dtype=np.int64).ravel())
            connection.execute("INSERT INTO titles (titles) VALUES ('rebuild')")
        self._database.all("VACUUM")
        self._database.all("PRAGMA wal_checkpoint(TRUNCATE)")

    def backup(self, target: Path) -> None:
        """By SQLite's online backup."""
        with self._database.using() as connection:
            backup.write(connection, target)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def _many(self, statement: str, values: Iterable[Sequence[int | str | bytes | None]]) -> None:
        with self._database.using() as connection:
            connection.executemany(statement, values)


def _json(values: Sequence[int] | Sequence[str]) -> str:
    return orjson.dumps(values).decode()


def _term(word: str) -> str:
    return f'"{word[:-1]}" *' if word.endswith("*") else f'"{word}"'
