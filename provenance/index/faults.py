"""What can be wrong with an index file, in plain words, found before SQLite does where it can."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from provenance.article import IndexDamagedError, InputError, ProvenanceError

MAGIC = b"SQLite format 3\0"
REBUILD = "restore a copy of it, or build it anew with `provenance add`"


def refuse_unfit(path: Path, *, may_create: bool) -> None:
    """Raise for a path that cannot hold an index, or holds a damaged one.

    Raises:
        InputError: When it is missing and not to be made, a folder, or unreadable.
        IndexDamagedError: When it is another kind of file, or cut short.
    """
    try:
        _refuse_unfit(path, may_create)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _refuse_unfit(path: Path, may_create: bool) -> None:
    if path.is_dir():
        raise InputError(f"{path}: a folder; an index is a file, name one with --index")
    if not path.exists():
        if not may_create:
            raise InputError(
                f"{path}: no such index; build one with `provenance add SOURCE… --index {path}`"
            )
        if not path.absolute().parent.is_dir():
            raise InputError(f"{path}: its folder does not exist; make it first")
    elif path.stat().st_size:
        _refuse_cut_short(path)
    elif not may_create:
        raise IndexDamagedError(f"{path}: the index is empty (0 bytes); {REBUILD}")


def _refuse_cut_short(path: Path) -> None:
    """SQLite takes a file of less than a page for a new one, and misses pages only when read."""
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(MAGIC[: len(header)]):
        raise IndexDamagedError(f"{path}: not a provenance index; name another file with --index")
    size = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if len(header) < 100 or (path.stat().st_size < pages * size and not log_size(path)):
        raise IndexDamagedError(f"{path}: the index is cut short; {REBUILD}")


def log_size(path: Path) -> int:
    """Bytes of the write-ahead log beside an index, 0 without one."""
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def plain(path: Path, error: Exception) -> ProvenanceError:
    """The error to raise for one of SQLite's: what happened, to what file, what to do."""
    said = " ".join(str(error).split())
    if isinstance(error, sqlite3.ProgrammingError):
        return ProvenanceError(f"{path}: the index was closed; open it again")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProvenanceError(f"{path}: another process is writing to the index; try again later")
    if code == sqlite3.SQLITE_FULL:
        return ProvenanceError(f"{path}: the disk is full; nothing was lost, make room and repeat")
    if code == sqlite3.SQLITE_READONLY:
        return ProvenanceError(f"{path}: the index cannot be written; check its permissions")
    if code == sqlite3.SQLITE_CANTOPEN:
        return InputError(f"{path}: the index cannot be opened; check the path and permissions")
    if code == sqlite3.SQLITE_IOERR:
        return ProvenanceError(f"{path}: reading or writing failed ({said}); check the disk")
    return IndexDamagedError(f"{path}: the index is damaged ({said}); {REBUILD}")
