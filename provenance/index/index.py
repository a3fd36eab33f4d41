"""The index: add articles, find the copies of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import orjson

from provenance.article import Article, IndexDamagedError, InputError
from provenance.fingerprint import SCHEME, fingerprint
from provenance.index import codec, rows
from provenance.index.candidates import candidates
from provenance.index.matching import Match, match
from provenance.index.rows import Prepared
from provenance.index.sqlite import SQLiteStore
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Postings, Store
from provenance.index.verify import verify

BATCH_ARTICLES = 4000
BATCH_BYTES = 32 << 20
BATCH_SECONDS = 5.0
"""A batch is committed at the first of these three, so that little is lost with the process."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the articles that were added."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Field by field."""
        return Counts(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True)
class Info:
    """What an index holds.

    Attributes:
        location: Where it is.
        articles: Number of articles.
        outlets: Number of different outlets.
        tokens: Tokens of all main texts.
        earliest: First publication, UTC.
        latest: Last publication, UTC.
        postings: Entries of the inverted index, dead ones included.
        bytes: Size on disk.
        scheme: Parameters of the fingerprints.
    """

    location: str
    articles: int
    outlets: int
    tokens: int
    earliest: datetime | None
    latest: datetime | None
    postings: int
    bytes: int
    scheme: dict[str, int]


class Index:
    """A persistent set of articles that finds the copies of a text.

    Use `Index.open`, best in a ``with`` block. One object may be shared by threads; every other
    process opens its own.
    """

    def __init__(self, store: Store, location: str) -> None:
        self._store = store
        self.location = location

    @classmethod
    def open(cls, location: str, *, create: bool = True, read_only: bool = False) -> Index:
        """Open an index, or make one.

        Args:
            location: Path of a file.
            create: Whether to make it when it is missing.
            read_only: Never write, also not to make it.

        Raises:
            InputError: When it is missing and not to be made, or cannot be opened.
            IndexDamagedError: When it is damaged, not an index, or of another version or scheme.
        """
        if location.startswith(("postgresql://", "postgres://")):
            raise InputError(
                "PostgreSQL indexes are not supported by this version; name a file with --index"
            )
        scheme = {"scheme": orjson.dumps(SCHEME).decode()}
        store = SQLiteStore(Path(location), scheme, create=create, read_only=read_only)
        index = cls(store, location)
        try:
            index._require_scheme()
        except BaseException:
            index.close()
            raise
        return index

    def _require_scheme(self) -> None:
        stored = self._store.settings().get("scheme", "")
        if stored != orjson.dumps(SCHEME).decode():
            raise IndexDamagedError(
                f"{self.location}: fingerprints of another scheme ({stored[:200]}); "
                "use the version of provenance that made it, or build it anew"
            )

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._store.count()

    def add(
        self, articles: Iterable[Article], *, progress: Callable[[Counts], None] | None = None
    ) -> Counts:
        """Add articles; one with a known id or address replaces the older version.

        Committed batch by batch, so that a killed process leaves whole articles only, and what
        `progress` has reported is kept.

        Args:
            articles: Any stream of articles.
            progress: Called after every batch with the counts so far.
        """
        total = Counts()
        for batch in self._batches(articles):
            total += self._commit(batch)
            if progress:
                progress(total)
        return total

    def _batches(self, articles: Iterable[Article]) -> Iterator[list[Prepared | None]]:
        """Prepared articles, None for an unchanged one; what was read before an error included."""
        batch: list[Prepared | None] = []
        size, since = 0, time.monotonic()
        try:
            for article in articles:
                prepared = self._prepare(article)
                batch.append(prepared)
                size += len(prepared.row.body) if prepared else 0
                late = time.monotonic() - since > BATCH_SECONDS
                if len(batch) >= BATCH_ARTICLES or size >= BATCH_BYTES or late:
                    yield batch
                    batch, size, since = [], 0, time.monotonic()
        except Exception:
            yield batch
            raise
        yield batch

    def _prepare(self, article: Article) -> Prepared | None:
        known = self._store.known(rows.identity(article.id), rows.address(article))
        if known and rows.digest(article) in dict(known).values():
            return None
        return rows.prepare(article)

    def _commit(self, batch: list[Prepared | None]) -> Counts:
        counts = {"added": 0, "updated": 0, "unchanged": 0}
        fresh: dict[int, Postings] = {}
        with self._store.write():
            for prepared in batch:
                counts[self._put(prepared, fresh)] += 1
            if fresh:
                postings = [keys << ARTICLE_BITS | number for number, keys in fresh.items()]
                self._store.add_postings(np.sort(np.concatenate(postings)))
        return Counts(**counts)

    def _put(self, prepared: Prepared | None, fresh: dict[int, Postings]) -> str:
        """Write one article inside a transaction; its keys go to `fresh` by article number."""
        if prepared is None:
            return "unchanged"
        row = prepared.row
        known = self._store.known(row.identity, row.address)
        if any(digest == row.digest for _, digest in known):
            return "unchanged"
        self._store.delete([number for number, _ in known])
        for number, _ in known:
            fresh.pop(number, None)
        number = self._store.insert(row)
        if number > ARTICLE_MASK:
            raise InputError(f"{self.location}: full, an index holds {ARTICLE_MASK:,} articles")
        fresh[number] = prepared.keys
        return "updated" if known else "added"

    def get(self, id: str) -> Article | None:
        """The article of an id, or None."""
        with self._store.read():
            for number in self._store.numbers([rows.identity(id)]):
                return self._decode(self._store.body(number))
        return None

    def articles(self) -> Iterator[Article]:
        """Every article, in the order they were added or updated."""
        for _, row in self._store.rows():
            yield self._decode(row.body)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove articles; returns how many there were. `compact` gives their space back."""
        with self._store.write():
            numbers = self._store.numbers([rows.identity(id) for id in dict.fromkeys(ids)])
            self._store.delete(numbers)
        return len(numbers)

    def find(self, article: Article, *, limit: int = 50) -> list[Match]:
        """The verified copies of an article, best first, itself included when it is stored.

        Args:
            article: The article to look up; it need not be stored.
            limit: At most so many matches.
        """
        prints = fingerprint(article.text)
        outlet = article.outlet.domain if article.outlet else ""
        matches: list[Match] = []
        with self._store.read():
            for number in candidates(self._store, prints, outlet, 2 * limit):
                other = self._decode(self._store.body(number))
                found = match(article.text, prints.shingles, other)
                if found:
                    matches.append(found)
        matches.sort(key=lambda each: (-_closeness(each), each.article.id))
        return matches[:limit]

    def info(self) -> Info:
        """Counts, size and parameters."""
        whole = self._store.summary()
        return Info(
            location=self.location,
            articles=whole.articles,
            outlets=whole.outlets,
            tokens=whole.tokens,
            earliest=_moment(whole.earliest),
            latest=_moment(whole.latest),
            postings=whole.postings,
            bytes=whole.bytes,
            scheme=dict(SCHEME),
        )

    def verify(self) -> list[str]:
        """Everything that is wrong, one line each; an empty list is a sound index."""
        return verify(self._store)

    def compact(self) -> None:
        """Drop what updates and removals left behind and give the space back."""
        self._store.compact()

    def _decode(self, body: bytes) -> Article:
        try:
            return codec.decode(body)
        except ValueError as error:
            raise IndexDamagedError(
                f"{self.location}: an article is damaged ({error}); run `provenance index verify`"
            ) from error


def _closeness(found: Match) -> float:
    return max(found.overlap.jaccard, found.overlap.a_in_b / 2, found.overlap.b_in_a / 2)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
