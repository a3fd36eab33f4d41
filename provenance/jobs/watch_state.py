"""What a watch remembers between runs: sources with their next look, pages that were seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from provenance.article import IndexDamagedError, InputError
from provenance.sources.answers import NO_MARKS, Marks
from provenance.sources.identity import canonical_address

VERSION = 1
SCHEMA = f"""
CREATE TABLE source (
    url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, due REAL, failures INTEGER
) WITHOUT ROWID;
CREATE TABLE page (
    key INTEGER PRIMARY KEY, url TEXT, article TEXT, stamp TEXT, etag TEXT, last_modified TEXT,
    first REAL, last REAL, due REAL
);
CREATE INDEX page_due ON page (due) WHERE due IS NOT NULL;
PRAGMA user_version = {VERSION};
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source (or of a sitemap below one).

    Attributes:
        url: Its address.
        marks: Of its last answer of which everything was taken in.
        due: When to look next, in seconds since 1970.
        failures: Failed looks in a row.
    """

    url: str
    marks: Marks = NO_MARKS
    due: float = 0.0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class PageState:
    """What is remembered of an article's page.

    Attributes:
        url: Its address.
        article: Id of its article; empty where there is none.
        stamp: What its feed said of its state when it was taken in.
        marks: Of its last answer.
        first: When it was first taken in, in seconds since 1970.
        last: When it was last fetched.
        due: When to fetch it again; None: only when its feed says that it changed.
    """

    url: str
    article: str
    stamp: str
    marks: Marks = NO_MARKS
    first: float = 0.0
    last: float = 0.0
    due: float | None = None


def key_of(url: str) -> int:
    """Signed 64-bit identity of a page, one for all spellings of its address."""
    digest = blake2b(canonical_address(url).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little", signed=True)


class WatchState:
    """A small SQLite file; what `save` has written survives the process. Close it after use."""

    def __init__(self, path: Path) -> None:
        """Open or make the file, for one process at a time.

        Raises:
            InputError: It cannot be opened, or another watch is using it.
            IndexDamagedError: It is damaged or of another version.
        """
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=1.0, isolation_level=None)
            self._db.executescript("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;")
            self._db.execute("BEGIN EXCLUSIVE")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            self._db.execute("COMMIT")
            if version == 0:
                self._db.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        except sqlite3.OperationalError as error:
            busy = "locked" in str(error)
            reason = "another watch is using it" if busy else f"cannot be opened ({error})"
            raise InputError(f"{path}: {reason}; stop it or name another `state`") from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        if version not in (0, VERSION):
            raise IndexDamagedError(f"{path}: of another version ({version}); name another `state`")

    def _damaged(self, error: sqlite3.Error) -> IndexDamagedError:
        return IndexDamagedError(
            f"{self.path}: damaged ({error}); delete it, and what it knew is fetched once more"
        )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def source(self, url: str) -> SourceState:
        """What is remembered of a source; one never seen is due at once."""
        for found in self._rows("SELECT * FROM source WHERE url = ?", (url,)):
            return SourceState(found[0], Marks(found[1], found[2]), found[3], found[4])
        return SourceState(url)

    def page(self, url: str) -> PageState | None:
        """What is remembered of a page, under any spelling of its address."""
        rows = self._rows("SELECT * FROM page WHERE key = ?", (key_of(url),))
        return next(map(_page, rows), None)

    def due_pages(self, now: float, limit: int) -> list[PageState]:
        """Pages to be fetched again, the longest due first."""
        query = "SELECT * FROM page WHERE due <= ? ORDER BY due LIMIT ?"
        return [_page(row) for row in self._rows(query, (now, limit))]

    def next_page(self) -> float | None:
        """When the next page is due; None when none is."""
        found: float | None = self._rows("SELECT min(due) FROM page WHERE due IS NOT NULL")[0][0]
        return found

    def save(self, sources: Iterable[SourceState], pages: Iterable[PageState]) -> None:
        """Write what was taken in, all or nothing."""
        of_sources = [(s.url, *astuple(s.marks), s.due, s.failures) for s in sources]
        of_pages = [
            (key_of(p.url), p.url, p.article, p.stamp, *astuple(p.marks), p.first, p.last, p.due)
            for p in pages
        ]
        try:
            with self._db:
                self._db.execute("BEGIN")
                self._db.executemany("REPLACE INTO source VALUES (?,?,?,?,?)", of_sources)
                self._db.executemany("REPLACE INTO page VALUES (?,?,?,?,?,?,?,?,?)", of_pages)
        except sqlite3.OperationalError as error:
            raise InputError(f"{self.path}: cannot be written ({error})") from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with closing(self._db.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error


def _page(row: tuple[Any, ...]) -> PageState:
    _, url, article, stamp, etag, last_modified, first, last, due = row
    return PageState(url, article, stamp, Marks(etag, last_modified), first, last, due)
