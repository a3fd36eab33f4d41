"""A session with a PostgreSQL server: addresses, transactions, lost connections, plain errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from provenance.article import IndexDamagedError, InputError, ProvenanceError
from provenance.index.faults import REBUILD

SCHEMA = "provenance"
"""The database's schema that holds an index, unless ``?schema=`` names another."""
WAIT_SECONDS = 300
"""How long writers queue behind each other; then one gives up and says so."""
AGAIN_SECONDS = 20.0
"""How long a lost server is tried again: it restarts in less."""
WRITING, MERGING = 0x50726F76, 0x50726F77
"""Kinds of advisory locks; the other half of a lock's name is a hash of the schema."""
# Compiling a plan costs more than any statement of a lookup; and a reader sees one snapshot.
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL jit = off"
# Read committed: what is read after the lock was waited for must not be from before.
WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL jit = off"
# A client that vanishes without a word must not keep its turn: the server asks after it.
LOCK = (
    "; SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; "
    "SET LOCAL tcp_keepalives_count = 3; SET LOCAL lock_timeout = '{}s'; "
    "SELECT pg_advisory_xact_lock({}, {})"
)
# A server that vanishes without a word is noticed within a minute or so, not after hours.
DEFAULTS = {
    "fallback_application_name": "provenance",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
CALLERS_FAULTS = (psycopg.DataError, psycopg.NotSupportedError, psycopg.ProgrammingError)
"""Errors that psycopg raises without asking the server."""
Value = int | float | str | bytes | list[int] | list[str] | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is.

    Attributes:
        conninfo: What libpq needs, any password included.
        schema: The database's schema that holds the index.
        shown: The address for people, without the password.
    """

    conninfo: str
    schema: str
    shown: str

    @classmethod
    def parse(cls, location: str, shown: str) -> Address:
        """Take ``postgresql://…`` apart; all of libpq's parameters are allowed, and ``schema``.

        Raises:
            InputError: When it is no such address.
        """
        try:
            parts = urlsplit(location)
            if "@" in parts.path + parts.query or parts.netloc.count("@") > 1:
                raise ValueError("where the password ends is not sure")
            asked = parse_qsl(parts.query, keep_blank_values=True)
            schema = dict(asked).get("schema", SCHEMA)
            fits = 0 < len(schema.encode()) < 64 and "\0" not in schema
            query = urlencode([each for each in asked if each[0] != "schema"], quote_via=quote)
            given = conninfo_to_dict(urlunsplit(parts._replace(query=query)))
        except (ValueError, psycopg.Error):  # whose messages repeat the address, password included
            raise InputError(
                f"{shown}: no PostgreSQL address; write postgresql://USER@HOST:PORT/DATABASE, "
                "and @ / ? # in a name or password as %40 %2F %3F %23; "
                "after a ? only schema=NAME and libpq's parameters may stand"
            ) from None
        if not fits or schema.startswith("pg_"):
            raise InputError(f"{shown}: no name for a schema; name another with ?schema=")
        return cls(
            make_conninfo("", **{**DEFAULTS, **given, "client_encoding": "UTF8"}), schema, shown
        )

    @property
    def lock(self) -> int:
        """The half of a lock's name that tells this index from others of the database."""
        digest = blake2b(self.schema.encode(), digest_size=4).digest()
        return int.from_bytes(digest, "little", signed=True)


class Unreachable(psycopg.OperationalError):
    """No connection could be made."""


class Uncertain(psycopg.OperationalError):
    """The connection was lost before the server could say that it has committed."""


class LostError(ProvenanceError):
    """The connection was lost: what was under way is undone, or may be where that is said."""


class Session:
    """A connection that threads share one at a time; every error is a `ProvenanceError`.

    A connection that is found dead when a transaction begins is made anew. One that dies within a
    transaction is reported: the server has undone all of it. One that dies on committing is
    reported too, for nobody here can know then what the server did.
    """

    def __init__(self, address: Address, *, read_only: bool) -> None:
        self.address = address
        self._read_only = read_only
        self._lock = threading.RLock()
        self._inside: int | None = None  # the thread that is
        self._formatted: dict[str, bytes] = {}
        try:
            self._connection = self._connect()
        except Unreachable as error:
            raise _plain(address, error, "") from None

    def _connect(self) -> psycopg.Connection:
        # Nothing is prepared: a plan made for an empty table must not serve a full one, and a
        # pooler may hand each transaction to another server process.
        try:
            return psycopg.connect(self.address.conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise Unreachable(str(error)) from None

    @contextmanager
    def said(self) -> Iterator[None]:
        """Say the server's errors in plain words."""
        try:
            yield
        except psycopg.Error as error:
            state = "08" if self._is_lost(error) and not error.sqlstate else error.sqlstate or ""
            # Its text may repeat what was stored.
            raise _plain(self.address, error, state) from None

    def _is_lost(self, error: psycopg.Error) -> bool:
        """Whether the connection is gone, by whatever name that comes.

        A server's last word has a state. Without any, a socket that was closed while something was
        written is a mere `psycopg.DatabaseError`, one that was reset an `InternalError`.
        """
        if self._connection.broken or error.sqlstate:
            return self._connection.broken or str(error.sqlstate).startswith(("08", "57P"))
        return not isinstance(error, CALLERS_FAULTS)

    def read(self) -> AbstractContextManager[None]:
        """A block that sees one snapshot."""
        return self._transaction(READ)

    def write(self, lock: int | None = WRITING) -> AbstractContextManager[None]:
        """A block that is written whole or not at all, one of its kind at a time."""
        if self._read_only:
            raise ProvenanceError(f"{self.address.shown}: the index was opened to read only")
        waiting = "" if lock is None else LOCK.format(WAIT_SECONDS, lock, self.address.lock)
        return self._transaction(WRITE + waiting)

    def try_lock(self, kind: int) -> bool:
        """Take a lock until the end of the `write` this is in, unless another session has it."""
        lock = "SELECT pg_try_advisory_xact_lock(%s::integer, %s::integer)"
        ((taken,),) = self.all(lock, kind, self.address.lock)
        return bool(taken)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._lock, self.said():
            if self._inside:  # a block inside a block is part of it
                yield
                return
            self._first(begin.encode())
            self._inside = threading.get_ident()
            try:
                yield
                self._commit()
            except BaseException:
                with suppress(psycopg.Error):  # a lost server has undone it by itself
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._inside = None

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            # Even a server that could still say that it was ended may have committed before.
            raise (Uncertain(str(error)) if self._is_lost(error) else error) from None

    def _first(
        self, statement: bytes, values: Sequence[Value] | None = None
    ) -> psycopg.Cursor[Any]:
        """Run what nothing was done before; on another connection when this one is lost."""
        until = 0.0
        while True:
            try:
                if self._connection.broken:
                    self._connection = self._connect()
                return self._connection.execute(statement, values, binary=values is not None)
            except psycopg.Error as error:
                closed = self._connection.closed and not self._connection.broken
                if closed or not self._is_lost(error):
                    with suppress(psycopg.Error):
                        self._connection.execute("ROLLBACK")
                    raise
                until = until or time.monotonic() + AGAIN_SECONDS
                if time.monotonic() > until:
                    raise psycopg.OperationalError(str(error)) from None
                time.sleep(0.1)

    @property
    def inside(self) -> bool:
        """Whether this thread is inside a transaction."""
        return self._inside == threading.get_ident()

    def sql(self, statement: str) -> bytes:
        """A statement with ``{s}`` replaced by the quoted schema."""
        if statement not in self._formatted:
            composed = sql.SQL(statement).format(s=sql.Identifier(self.address.schema))
            self._formatted[statement] = composed.as_bytes()
        return self._formatted[statement]

    def all(self, statement: str, *values: Value) -> list[Any]:
        """All rows of a statement, read in a transaction of its own unless inside one."""
        with self.read(), self.said(), self._connection.cursor(binary=True) as cursor:
            return cursor.execute(self.sql(statement), _bound(values)).fetchall()

    def ask(self, statement: str, *values: Value) -> list[Any]:
        """All rows of a statement that reads, which is a round trip and a snapshot of its own."""
        with self._lock, self.said():
            asked, bound = self.sql(statement), _bound(values)
            if self._inside:
                return self._connection.execute(asked, bound, binary=True).fetchall()
            return self._first(asked, bound).fetchall()

    def run(self, statement: str, *values: Value) -> None:
        """Run a statement that gives no rows, inside `write`."""
        with self.said():
            self._connection.execute(self.sql(statement), _bound(values))

    def stream(self, statement: str, *values: Value, rows: int) -> Iterator[list[Any]]:
        """The rows of a statement, some at a time, inside `read` or `write`."""
        with self.said():
            name = f"stream_{time.monotonic_ns()}"
            with self._connection.cursor(name, binary=True) as cursor:
                cursor.execute(self.sql(statement), _bound(values))
                while found := cursor.fetchmany(rows):
                    yield found

    def copy(self, statement: str, types: Sequence[str], rows: Iterator[Sequence[Value]]) -> None:
        """Load rows by a ``COPY … FROM STDIN (FORMAT binary)``, inside `write`."""
        run = self.sql(statement)
        with self.said(), self._connection.cursor() as cursor, cursor.copy(run) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def copy_encoded(self, statement: str, data: bytes) -> None:
        """Load rows that are in the format of ``COPY`` already, inside `write`."""
        run = self.sql(statement)
        with self.said(), self._connection.cursor() as cursor, cursor.copy(run) as copy:
            copy.write(data)

    def vacuum(self, table: str) -> None:
        """Make the space of dead rows usable again; others go on reading and writing."""
        with self._lock, self.said():
            self._connection.execute(self.sql(f"VACUUM (ANALYZE) {{s}}.{table}"))

    @contextmanager
    def beside(self) -> Iterator[Session]:
        """A session for a long read: this one inside a transaction, else another connection."""
        if self.inside:
            yield self
            return
        other = Session(self.address, read_only=True)
        try:
            yield other
        finally:
            other.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _bound(values: Sequence[Value]) -> list[Value]:
    return [_array(value) if isinstance(value, list) else value for value in values]


def _array(items: list[int] | list[str]) -> Value:
    """Integers as the server reads them: psycopg would take ten times as long to write them."""
    integers = bool(items) and isinstance(items[0], int)
    return "{" + ",".join(map(str, items)) + "}" if integers else items


FAULTS: dict[str, tuple[type[ProvenanceError], str]] = {
    "": (ProvenanceError, "the server refused"),
    "08": (LostError, "the connection was lost, the last step was undone; run it again"),
    "0A": (ProvenanceError, "the server cannot do that; if it is a standby, name its primary"),
    "25006": (ProvenanceError, "the server only lets read; name its primary"),
    "40": (ProvenanceError, "the server undid the step for another's sake; run it again"),
    "42501": (InputError, "this user may not do that; ask the owner of the schema for rights"),
    "42": (IndexDamagedError, f"not a provenance index, or a damaged one; {REBUILD}"),
    "53100": (ProvenanceError, "the server's disk is full; nothing was lost, make room and repeat"),
    "53300": (ProvenanceError, "the server has too many connections; try again later"),
    "55P03": (ProvenanceError, "another process is writing to the index; try again later"),
    "57P": (LostError, "the server ended the connection, the last step was undone; repeat"),
    "57014": (ProvenanceError, "the server gave up waiting (see its statement_timeout); repeat"),
    "XX": (IndexDamagedError, f"the server found damage; see its log, then {REBUILD}"),
}
"""SQLSTATE, or how it begins (the longest that fits): error, and what to do."""


def _plain(address: Address, error: psycopg.Error, state: str) -> ProvenanceError:
    """The error to raise for one of psycopg's, of an SQLSTATE: what, where, what to do."""
    said = " ".join((error.diag.message_primary or str(error).partition("\n")[0]).split())
    password = str(conninfo_to_dict(address.conninfo).get("password") or "")
    if len(password) > 2:
        said = said.replace(password, "***")
    fitting = [each for each in FAULTS if state.startswith(each)]
    kind, todo = FAULTS[max(fitting, key=len, default="")]
    if isinstance(error, Unreachable):
        kind, todo = InputError, "cannot be reached; check address, server, user and password"
    if isinstance(error, Uncertain):
        todo = "the connection was lost on committing; run it again, what is stored is recognised"
    return kind(f"{address.shown}: {todo} ({said})")
