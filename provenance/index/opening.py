"""Which store an index's location means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from provenance.article import InputError
from provenance.index.store import Store


def open_store(
    location: str, settings: Mapping[str, str], *, create: bool, read_only: bool
) -> Store:
    """Open the store of a location, or make one.

    Args:
        location: Path of a file, or the address of a database (``postgresql://…``).
        settings: Kept in a store that is made.
        create: Whether to make it when it is missing.
        read_only: Never write, also not to make it.

    Raises:
        InputError: When it is missing and not to be made, or cannot be opened.
        IndexDamagedError: When it is damaged, not an index, or of another version.
    """
    if is_shared(location):
        _require_psycopg()
        from provenance.index.postgres import PostgresStore
        from provenance.index.postgres_session import Address

        address = Address.parse(location, shown(location))
        return PostgresStore(address, settings, create=create, read_only=read_only)
    from provenance.index.sqlite import SQLiteStore

    return SQLiteStore(_path(location), settings, create=create, read_only=read_only)


def migrate(location: str) -> int:
    """Bring an index to the present version of its tables; the version it had.

    Raises:
        InputError: When there is no such index.
        IndexDamagedError: When it is damaged, not an index, or of a later version.
    """
    if is_shared(location):
        _require_psycopg()
        from provenance.index import postgres
        from provenance.index.postgres_session import Address

        return postgres.migrate(Address.parse(location, shown(location)))
    from provenance.index import migration

    return migration.migrate(_path(location))


def shown(location: str) -> str:
    """A location as people may see it: without password and parameters of the connection."""
    if not is_shared(location):
        return location
    scheme, _, rest = location.partition("://")
    address, _, query = rest.partition("?")
    user, at, place = address.rpartition("@")
    if "@" in query or user.count("@"):  # where a password ends is not sure
        return f"{scheme}://…"
    schema = "".join(f"?{part}" for part in query.split("&") if part.startswith("schema="))
    return f"{scheme}://{user.partition(':')[0]}{at}{place}{schema}"


def _path(location: str) -> Path:
    scheme = re.match(r"[A-Za-z][\w+.-]+:/", location)
    if scheme and not Path(scheme[0]).is_dir():
        raise InputError(
            f"{scheme[0]}…: no index can be there; name a file, or a database as "
            "postgresql://USER@HOST:PORT/DATABASE"
        )
    return Path(location)


def _require_psycopg() -> None:
    try:
        import_module("psycopg")
    except ImportError as error:
        raise InputError(
            "an index in PostgreSQL needs psycopg; run `pip install 'provenance[postgres]'`"
        ) from error


def is_shared(location: str) -> bool:
    """Whether a location is a database server's."""
    return location.startswith(("postgresql://", "postgres://"))
