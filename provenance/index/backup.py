"""A copy of an index file, taken while others read and write it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from provenance.article import InputError
from provenance.index.faults import plain


def write(source: sqlite3.Connection, target: Path) -> None:
    """Copy a database as it is at one moment; the copy appears whole or not at all.

    Raises:
        InputError: When the target exists, or its folder does not.
        ProvenanceError: When it cannot be written.
    """
    if target.exists():
        raise InputError(f"{target}: exists already; name another file for the backup")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(copy)
        finally:
            copy.close()
        part.rename(target)
    except sqlite3.Error as error:
        raise plain(target, error) from error
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)
