"""The index: add articles, find the copies of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from heapq import nsmallest
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from provenance.article import Article, IndexDamagedError
from provenance.fingerprint import SCHEME, Sketch, fingerprint
from provenance.index import adding, codec, exchange, rows
from provenance.index.adding import Counts
from provenance.index.candidates import sought
from provenance.index.facts import Info, Revision
from provenance.index.matching import Match, match
from provenance.index.opening import open_store, shown
from provenance.index.rows import Prepared
from provenance.index.searching import wanted
from provenance.index.store import Search, Store
from provenance.index.verify import verify
from provenance.sources.identity import canonical_address, is_address

DAY = 24 * 3600
SPREAD = 20
"""A sample is spread over so many times its number of articles."""
MATCHES = 50
"""Copies that a lookup gives at most, the best: so many tell where a text comes from, and a chain
of them, whose time grows with the square of their number, is judged in well under a second."""


def _scattered(number: int) -> int:
    """A number's place in an order that has nothing to do with time (Fibonacci hashing)."""
    return number * 0x9E3779B97F4A7C15 % 2**64


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
            location: Path of a file, or the address of a database (``postgresql://…``).
            create: Whether to make it when it is missing.
            read_only: Never write, also not to make it.

        Raises:
            InputError: When it is missing and not to be made, or cannot be opened.
            IndexDamagedError: When it is damaged, not an index, or of another version or scheme.
        """
        scheme = {"scheme": orjson.dumps(SCHEME).decode()}
        store = open_store(location, scheme, create=create, read_only=read_only)
        index = cls(store, shown(location))
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
        """Add articles; one with a known id or address becomes that article's newest version.

        The earlier version is kept when title, byline or main text changed (`versions`). Committed
        batch by batch, so that a killed process leaves whole articles only, and what `progress`
        has reported is kept.

        Args:
            articles: Any stream of articles.
            progress: Called after every batch with the counts so far.
        """
        return self._commit(adding.prepared(self._store, articles), progress)

    def _commit(
        self,
        batches: Iterable[tuple[list[Prepared], int]],
        progress: Callable[[Counts], None] | None,
    ) -> Counts:
        """Write batches, each with a number of articles that are known to be unchanged."""
        total = Counts()
        for prepared, unchanged in batches:
            done = adding.commit(self._store, prepared) + Counts(unchanged=unchanged)
            total += done
            if progress and done.total:
                progress(total)
        self._store.settle()
        return total

    def get(self, id: str) -> Article | None:
        """The article of an id, or of an address however it is spelled; or None."""
        with self._store.read():
            for body in self._store.bodies(self._numbers([id])).values():
                return self._decode(body)
        return None

    def versions(self, id: str) -> list[Revision]:
        """Every kept version of an article, oldest first, the present one last; [] if unknown."""
        with self._store.read():
            for known in self._store.known([rows.identity(id)], []):
                current = (known.seen, self._store.bodies([known.number])[known.number])
                kept = [*self._store.versions(known.number), current]
                return [
                    Revision(datetime.fromtimestamp(seen, UTC), self._decode(body))
                    for seen, body in kept
                ]
        return []

    def articles(self) -> Iterator[Article]:
        """Every article as it is now, in the order they were added or updated."""
        for _, row in self._store.rows():
            yield self._decode(row.body)

    def search(
        self,
        title: str = "",
        outlet: str = "",
        *,
        since: date | None = None,
        until: date | None = None,
        limit: int = 50,
    ) -> list[Article]:
        """Articles by words of the title, outlet and day, newest publication first.

        Args:
            title: Words that all stand in the title, whatever their case; one of three letters or
                more is also found at the beginning of a longer word.
            outlet: Registrable domain.
            since: First day of publication, UTC; articles without a time are then left out.
            until: Last day of publication, UTC, likewise.
            limit: At most so many.
        """
        found = wanted(title, outlet, since, until)
        return self.numbered(self._store.search(found, limit)) if found else []

    def sample(self, outlet: str, most: int, *, but: str = "") -> tuple[int, ...]:
        """Numbers of some articles of one outlet, spread over its latest ones, the newest first.

        The choice is by a hash of the number (bottom-k sampling: Cohen and Kaplan, 2007), so that
        a new article seldom changes it.

        Args:
            outlet: Registrable domain.
            most: At most so many; their cost does not grow with the index.
            but: Id of an article to leave out.
        """
        with self._store.read():
            found = self._store.search(Search(outlet=rows.domain(outlet)), most * SPREAD)
            left_out = self._numbers([but])
        chosen = set(nsmallest(most, found, key=_scattered))
        chosen -= set(left_out)
        return tuple(number for number in found if number in chosen)

    def numbered(self, numbers: Sequence[int]) -> list[Article]:
        """The articles of these numbers, as far as they exist; another text has another number."""
        bodies = self._store.bodies(numbers)
        return [self._decode(bodies[number]) for number in numbers if number in bodies]

    def _numbers(self, ids: Iterable[str]) -> list[int]:
        asked = dict.fromkeys(ids)
        found = self._store.known([rows.identity(id) for id in asked], [])
        if len(found) < len(asked):  # addresses may be spelled otherwise than an id is
            spelled = {canonical_address(id) for id in asked if is_address(id)} - set(asked)
            found += self._store.known([rows.identity(id) for id in spelled], [])
        return list(dict.fromkeys(known.number for known in found))

    def remove(self, ids: Iterable[str]) -> int:
        """Remove articles with their versions; how many. `compact` gives their space back."""
        with self._store.write():
            numbers = self._numbers(ids)
            self._store.delete(numbers)
        return len(numbers)

    def expire(self, days: int) -> int:
        """Remove articles older than so many days, by publication or, without that, by addition.

        Earlier versions seen before that are removed too. `compact` gives the space back.

        Returns:
            How many articles were removed.
        """
        return self._store.expire(int(time.time()) - days * DAY)

    def find(self, article: Article, *, limit: int = MATCHES) -> list[Match]:
        """The verified copies of an article, best first, itself included when it is stored.

        Args:
            article: The article to look up; it need not be stored.
            limit: At most so many matches.
        """
        prints = fingerprint(article.text)
        sketch = Sketch(prints.tokens, prints.signature, prints.passages)
        matches: list[Match] = []
        for body in self._store.look_up(sought(sketch, rows.outlet(article), 2 * limit)).values():
            found = match(article.text, prints.shingles, self._decode(body))
            if found:
                matches.append(found)
        matches.sort(key=lambda each: (-_closeness(each), each.article.id))
        return matches[:limit]

    def info(self) -> Info:
        """Counts, size and parameters."""
        return Info.of(self.location, self._store.summary())

    def verify(self, *, progress: Callable[[int], None] | None = None) -> list[str]:
        """Everything that is wrong, one line each; an empty list is a sound index.

        Args:
            progress: Called now and then with the number of articles recomputed so far.
        """
        return verify(self._store, progress or (lambda _so_far: None))

    def compact(self) -> None:
        """Drop what updates and removals left behind and give the space back."""
        self._store.compact()

    def backup(self, target: str | Path) -> None:
        """Write a copy of the index to a new file, also while it is written to.

        Raises:
            InputError: When the file exists already, or cannot be made.
        """
        self._store.backup(Path(target))

    def export(self, target: str | Path, *, progress: Callable[[int], None] | None = None) -> int:
        """Write every version of every article to Parquet, fingerprints included.

        Args:
            target: A new file whose name ends in ``.parquet``, else an empty or new folder.
            progress: Called now and then with the number of rows written so far.

        Returns:
            Number of rows.

        Raises:
            InputError: When the target holds something already, or cannot be written.
        """
        return exchange.write(self._store, Path(target), progress or (lambda _: None))

    def import_(
        self, source: str | Path, *, progress: Callable[[Counts], None] | None = None
    ) -> Counts:
        """Add what `export` wrote, without computing fingerprints again.

        Times are kept: what is older than the stored version of an article becomes an earlier one.

        Args:
            source: A file, or a folder of files.
            progress: Called after every batch with the counts so far.

        Raises:
            InputError: When it is no export, of another scheme, or damaged.
        """
        return self._commit(((batch, 0) for batch in exchange.read(Path(source))), progress)

    def _decode(self, body: bytes) -> Article:
        try:
            return codec.decode(body)
        except ValueError as error:
            raise IndexDamagedError(
                f"{self.location}: an article is damaged ({error}); run `provenance index verify`"
            ) from error


def _closeness(found: Match) -> float:
    return max(found.overlap.jaccard, found.overlap.a_in_b / 2, found.overlap.b_in_a / 2)
