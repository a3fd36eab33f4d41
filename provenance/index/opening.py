"""Which store an index's location means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from provenance.article import InputError
from provenance.index.store import Store


def open_store(
    location: str, settings: Mapping[str, str], *, create: bool, read_only: bool
) -> Store:
    """Open the store of a location, or make one.

    Args:
        location: Path of a file.
        settings: Kept in a store that is made.
        create: Whether to make it when it is missing.
        read_only: Never write, also not to make it.

    Raises:
        InputError: When it is missing and not to be made, or cannot be opened.
        IndexDamagedError: When it is damaged, not an index, or of another version.
    """
    if is_shared(location):
        raise InputError(
            "PostgreSQL indexes are not supported by this version; name a file with --index"
        )
    from provenance.index.sqlite import SQLiteStore

    return SQLiteStore(Path(location), settings, create=create, read_only=read_only)


def migrate(location: str) -> int:
    """Bring an index to the present version of its tables; the version it had.

    Raises:
        InputError: When there is no such index, or it is not a file.
        IndexDamagedError: When it is damaged, not an index, or of a later version.
    """
    if is_shared(location):
        raise InputError(f"{location}: only an index in a file can be migrated")
    from provenance.index import migration

    return migration.migrate(Path(location))


def is_shared(location: str) -> bool:
    """Whether a location is a database server's."""
    return location.startswith(("postgresql://", "postgres://"))
