"""The shared store: one schema of a PostgreSQL database, for a team and many processes.

Writers take their turns by an advisory lock, so there is nothing to deadlock on and nobody sees an
article twice; readers see the last commit and wait for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from provenance.index import postgres_lookup, postgres_schema
from provenance.index import postgres_runs as runs
from provenance.index.copying import copy
from provenance.index.postgres_session import Address, Session, Value
from provenance.index.store import Known, Postings, Row, Search, Sought, Summary

ROW = tuple(field.name for field in fields(Row))
COLUMNS = tuple(name for name in ROW if name not in ("outlet", "body"))
LISTED = ", ".join("domain" if name == "outlet" else name for name in ROW)
INSERT = f"COPY {{s}}.articles (number, outlet, {', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)"
INSERT_BODIES = "COPY {s}.bodies (number, body) FROM STDIN (FORMAT binary)"
TYPES = {"tokens": "int4", "passages": "int4", "title": "text"}
"""Of the columns that are not ``int8``."""
# OFFSET keeps the planner from reading the whole table once for thousands of hashes.
KNOWN = """
SELECT known.* FROM unnest(%s::bigint[]) AS wanted, LATERAL (
  SELECT number, identity, address, digest, seen FROM {s}.articles
  WHERE identity = wanted OFFSET 0
) AS known
UNION SELECT known.* FROM unnest(%s::bigint[]) AS wanted, LATERAL (
  SELECT number, identity, address, digest, seen FROM {s}.articles
  WHERE address = wanted OFFSET 0
) AS known
"""
ALL_ROWS = (
    f"SELECT number, {LISTED} FROM {{s}}.articles JOIN {{s}}.bodies USING (number) "  # noqa: S608
    "JOIN {s}.outlets USING (outlet) ORDER BY number"
)
SUMMARY = """
SELECT count(*), (SELECT count(*) FROM {s}.versions),
  count(DISTINCT outlet) FILTER (WHERE outlet <> coalesce(
    (SELECT outlet FROM {s}.outlets WHERE domain = ''), 0)),
  coalesce(sum(tokens), 0)::bigint, min(published), max(published),
  (SELECT coalesce(sum(postings), 0)::bigint FROM {s}.runs),
  (SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
   WHERE relkind = 'r' AND relnamespace = to_regnamespace(quote_ident(%s)))
FROM {s}.articles
"""
CHECKS = {
    "articles without their text": "SELECT count(*) FROM {s}.articles "
    "LEFT JOIN {s}.bodies USING (number) WHERE body IS NULL",
    "texts without their article": "SELECT count(*) FROM {s}.bodies "
    "LEFT JOIN {s}.articles USING (number) WHERE identity IS NULL",
    "articles without their outlet": "SELECT count(*) FROM {s}.articles "
    "LEFT JOIN {s}.outlets USING (outlet) WHERE domain IS NULL",
    "malformed blocks of postings": "SELECT count(*) FROM {s}.blocks "
    "WHERE array_ndims(data) IS DISTINCT FROM 1 OR array_position(data, NULL) IS NOT NULL "
    "OR array_position(surplus, NULL) IS NOT NULL",
    "blocks of postings without a run": "SELECT count(*) FROM {s}.blocks "
    "LEFT JOIN {s}.runs USING (run) WHERE shift IS NULL",
    "runs with lost or foreign postings": "SELECT count(*) FROM {s}.runs WHERE postings <> "
    "(SELECT coalesce(sum(cardinality(data) + coalesce(cardinality(surplus), 0)), 0) "
    "FROM {s}.blocks WHERE blocks.run = runs.run)",
}
TABLES = ("articles", "bodies", "versions", "outlets", "runs", "blocks")
ROWS = 500
"""Articles fetched at a time."""


class PostgresStore:
    """An index in a PostgreSQL database; see `provenance.index.store.Store` for the methods."""

    def __init__(
        self, address: Address, settings: Mapping[str, str], *, create: bool, read_only: bool
    ) -> None:
        self._appended = False
        self._session = Session(address, read_only=read_only)
        try:
            postgres_schema.prepare(self._session, settings, create=create and not read_only)
        except BaseException:
            self.close()
            raise

    def read(self) -> AbstractContextManager[None]:
        """A repeatable-read transaction."""
        return self._session.read()

    @contextmanager
    def write(self) -> Iterator[None]:
        """A transaction under the writers' lock; merges come after it, apart."""
        with self._session.write():
            yield
        if self._appended and not self._session.inside:
            self._appended = False
            runs.tidy(self._session)

    def settings(self) -> Mapping[str, str]:
        """The settings table."""
        return dict(self._session.all("SELECT name, value FROM {s}.provenance_settings"))

    def known(self, identities: Sequence[int], addresses: Sequence[int]) -> list[Known]:
        """Rows by either index."""
        found = self._session.all(KNOWN, list(identities), list(addresses))
        return [Known(*values) for values in found]

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Load rows by COPY; a sequence never gives a number twice."""
        given = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
        found = self._session.all(given, self._name("numbers"), len(rows))
        numbers = [number for (number,) in found]
        outlets = self._outlets({row.outlet for row in rows})
        values = attrgetter(*COLUMNS)
        self._session.copy(
            INSERT,
            ["int8", "int4", *(TYPES.get(name, "int8") for name in COLUMNS)],
            ((number, outlets[row.outlet], *values(row)) for number, row in _pairs(numbers, rows)),
        )
        self._session.copy(
            INSERT_BODIES,
            ["int8", "bytea"],
            ((number, row.body) for number, row in _pairs(numbers, rows)),
        )
        return numbers

    def _name(self, table: str) -> str:
        return self._session.sql(f"{{s}}.{table}").decode()

    def _outlets(self, domains: set[str]) -> dict[str, int]:
        """Numbers of outlets; new ones are given one."""
        wanted = "SELECT domain, outlet FROM {s}.outlets WHERE domain = ANY(%s::text[])"
        new = (
            "INSERT INTO {s}.outlets (domain) SELECT unnest(%s::text[]) "
            "EXCEPT SELECT domain FROM {s}.outlets WHERE domain = ANY(%s::text[])"
        )
        named = sorted(domains)
        self._session.run(new, named, named)
        return dict(self._session.all(wanted, named))

    def replace(self, numbers: Sequence[int], row: Row) -> int:
        """Move bodies to `versions`, then insert; `compact` drops the old postings."""
        self._session.run(
            "INSERT INTO {s}.versions (number, seen, body) SELECT number, seen, body "
            "FROM {s}.articles JOIN {s}.bodies USING (number) WHERE number = ANY(%s::bigint[]) "
            "ORDER BY array_position(%s::bigint[], number)",
            list(numbers),
            list(numbers),
        )
        self._drop(numbers)
        (number,) = self.insert([row])
        moved = "UPDATE {s}.versions SET number = %s WHERE number = ANY(%s::bigint[])"
        self._session.run(moved, number, list(numbers))
        return number

    def refresh(self, number: int, row: Row) -> None:
        """Overwrite a row in place."""
        outlets = self._outlets({row.outlet})
        changed = ", ".join(f"{name} = %s" for name in ("outlet", *COLUMNS))
        self._session.run(
            f"UPDATE {{s}}.articles SET {changed} WHERE number = %s",  # noqa: S608
            outlets[row.outlet],
            *attrgetter(*COLUMNS)(row),
            number,
        )
        self._session.run("UPDATE {s}.bodies SET body = %s WHERE number = %s", row.body, number)

    def add_version(self, number: int, seen: int, body: bytes) -> bool:
        """Insert a version that is not there."""
        if (seen, body) in self.versions(number):
            return False
        insert = "INSERT INTO {s}.versions (number, seen, body) VALUES (%s, %s, %s)"
        self._session.run(insert, number, seen, body)
        return True

    def versions(self, number: int) -> list[tuple[int, bytes]]:
        """Earlier versions by time."""
        wanted = "SELECT seen, body FROM {s}.versions WHERE number = %s ORDER BY seen, version"
        return self._session.all(wanted, number)

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete rows and their versions."""
        self._drop(numbers)
        self._session.run("DELETE FROM {s}.versions WHERE number = ANY(%s::bigint[])", [*numbers])

    def _drop(self, numbers: Sequence[int]) -> None:
        for table in ("articles", "bodies"):
            gone = f"DELETE FROM {{s}}.{table} WHERE number = ANY(%s::bigint[])"  # noqa: S608
            self._session.run(gone, [*numbers])

    def expire(self, before: int) -> int:
        """Delete by time."""
        with self.write():
            old = "SELECT number FROM {s}.articles WHERE coalesce(published, seen) < %s"
            numbers = [number for (number,) in self._session.all(old, before)]
            self.delete(numbers)
            self._session.run("DELETE FROM {s}.versions WHERE seen < %s", before)
        return len(numbers)

    def bodies(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Bodies by number."""
        wanted = "SELECT number, body FROM {s}.bodies WHERE number = ANY(%s::bigint[])"
        return dict(self._session.all(wanted, list(numbers)))

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row, streamed from one snapshot."""
        with self._session.beside() as session, session.read():
            for found in session.stream(ALL_ROWS, rows=ROWS):
                yield from ((number, Row(*values)) for number, *values in found)

    def search(self, wanted: Search, most: int) -> list[int]:
        """By the indexes of words, outlet and time."""
        conditions, values = ["true"], list[Value]()
        for condition, value in (
            ("{s}.words(title) @@ %s::tsquery", " & ".join(map(_term, wanted.words)) or None),
            (
                "outlet = (SELECT outlet FROM {s}.outlets WHERE domain = %s)",
                wanted.outlet or None,
            ),
            ("published >= %s", wanted.since),
            ("published < %s", wanted.until),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        statement = (
            f"SELECT number FROM {{s}}.articles WHERE {' AND '.join(conditions)} "  # noqa: S608
            "ORDER BY published DESC NULLS LAST, number DESC LIMIT %s"
        )
        return [number for (number,) in self._session.all(statement, *values, most)]

    def add_postings(self, postings: Postings) -> None:
        """Append a run."""
        runs.add(self._session, postings)
        self._appended = True

    def settle(self) -> None:
        """Leave few runs."""
        runs.settle(self._session)

    def look_up(self, sought: Sought) -> dict[int, bytes]:
        """In one statement."""
        return postgres_lookup.look_up(self._session, sought)

    def all_postings(self) -> Iterator[Postings]:
        """Every block of every run, from one snapshot."""
        with self._session.beside() as session, session.read():
            yield from runs.everything(session)

    def summary(self) -> Summary:
        """Counts, and the size of the tables and their indexes."""
        ((*counts,),) = self._session.all(SUMMARY, self._session.address.schema)
        return Summary(*counts)

    def count(self) -> int:
        """Number of rows."""
        ((count,),) = self._session.all("SELECT count(*) FROM {s}.articles")
        return int(count)

    def check(self) -> list[str]:
        """Whether the tables belong together."""
        found = {what: self._session.all(query)[0][0] for what, query in CHECKS.items()}
        return [f"{count} {what}" for what, count in found.items() if count]

    def compact(self) -> None:
        """Merge all runs into one without dead postings, then vacuum; nobody has to wait."""
        runs.compact(self._session)
        for table in TABLES:
            self._session.vacuum(table)

    def backup(self, target: Path) -> None:
        """As an index file; ``pg_dump`` copies the database itself."""
        copy(self, target)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()


def migrate(address: Address) -> int:
    """Bring an index to the present version of its tables; the version it had."""
    session = Session(address, read_only=False)
    try:
        return postgres_schema.migrate(session)
    finally:
        session.close()


def _pairs(numbers: Sequence[int], rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    return zip(numbers, rows, strict=True)


def _term(word: str) -> str:
    prefix = word.endswith("*")
    quoted = word.removesuffix("*")[:400].replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*" if prefix else f"'{quoted}'"
