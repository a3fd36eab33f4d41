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
    if location.startswith(("postgresql://", "postgres://")):
        raise InputError(
            "PostgreSQL indexes are not supported by this version; name a file with --index"
        )
    from provenance.index.sqlite import SQLiteStore

    return SQLiteStore(Path(location), settings, create=create, read_only=read_only)
