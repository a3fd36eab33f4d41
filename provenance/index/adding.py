"""Writing articles: what is new, what is another version, what is known already."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from provenance.article import Article, InputError
from provenance.fingerprint import Sketch
from provenance.index import codec, rows
from provenance.index.rows import Named, Prepared
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Known, Postings, Row, Store

_Name = tuple[int, int | None]
"""Hashes of id and address: two articles that share either are versions of one."""
BATCH_ARTICLES = 4000
BATCH_LETTERS = 32 << 20
MANY = 300
"""Texts from which the compiled kernel saves more time than it takes to load."""
BATCH_SECONDS = 5.0
"""A batch is committed at the first of these three, so that little is lost with the process."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the articles that were added.

    Attributes:
        added: New ones.
        updated: Known ones whose title, byline or main text changed: kept as another version.
        unchanged: Known ones with the same words; what else their page says is brought up to date.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.updated + self.unchanged

    def __add__(self, other: Counts) -> Counts:
        """Field by field."""
        return Counts(
            self.added + other.added,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in batches of bounded size, and an empty one at the end, also before an error."""
    batch: list[Article] = []
    size, since = 0, time.monotonic()
    try:
        for article in articles:
            if not isinstance(article, Article):
                raise InputError(
                    f"an index holds articles, not {type(article).__name__}; `read` makes them of "
                    "pages, texts and tables"
                )
            batch.append(article)
            size += sum([len(block.text) for block in article.blocks])
            late = time.monotonic() - since > BATCH_SECONDS
            if len(batch) >= BATCH_ARTICLES or size >= BATCH_LETTERS or late:
                yield batch
                batch, size, since = [], 0, time.monotonic()
    except Exception:
        yield batch
        yield []
        raise
    yield batch
    yield []


def prepared(store: Store, articles: Iterable[Article]) -> Iterator[tuple[list[Prepared], int]]:
    """Batches to be written, each with the number of its articles that are stored as they are.

    Of full batches the next is prepared while one is written; what comes slowly does not wait.
    """
    with ThreadPoolExecutor(1) as worker:
        waiting: deque[tuple[Future[list[Prepared]], int]] = deque()
        under_way: list[Named] = []
        for batch in batches(articles):
            named = under_way = changed(store, batch, under_way)
            preparing = worker.submit(prepare, named, int(time.time()))
            waiting.append((preparing, len(batch) - len(named)))
            while len(waiting) > (len(batch) >= MANY):
                ready, unchanged = waiting.popleft()
                yield ready.result(), unchanged


def changed(store: Store, batch: Sequence[Article], under_way: Sequence[Named] = ()) -> list[Named]:
    """Those articles of a batch that are not stored just as they are, or may not stay so.

    Args:
        store: Where to look.
        batch: The articles.
        under_way: Those that are being written before them.
    """
    if not batch:
        return []
    named = [Named.of(article) for article in batch]
    known = _Knowledge(store, [(each.identity, each.address) for each in named])
    new = [
        all(same.digest != each.digest for same in known.find(each.identity, each.address))
        for each in named
    ]
    # What stands there now is gone once another text of the same name is written.
    written = [*under_way, *(each for each, is_new in zip(named, new, strict=True) if is_new)]
    moved = {name for each in written for name in (each.identity, each.address)} - {None}
    return [
        each
        for each, is_new in zip(named, new, strict=True)
        if is_new or not moved.isdisjoint((each.identity, each.address))
    ]


def prepare(named: Sequence[Named], seen: int) -> list[Prepared]:
    """What is to be stored of articles that are seen at a time."""
    made = sketches([each.article.text for each in named])
    return rows.prepare(named, made, [seen] * len(named))


def sketches(texts: Sequence[str]) -> list[Sketch]:
    """The sketch of each text; for many the compiled kernel is worth loading."""
    if len(texts) < MANY:
        return [Sketch.of(text) for text in texts]
    from provenance.fingerprint import batch

    return batch.sketches(texts)


def commit(store: Store, batch: Sequence[Prepared]) -> Counts:
    """Write a batch whole or not at all."""
    if not batch:
        return Counts()
    with store.write():
        writing = _Writing(store, [(each.row.identity, each.row.address) for each in batch])
        counts = Counter(writing.put(prepared) for prepared in batch)
        writing.finish()
    return Counts(**counts)


class _Knowledge:
    """The stored rows that a batch may meet, by identity and by address."""

    def __init__(self, store: Store, names: Sequence[_Name]) -> None:
        self._by_identity: dict[int, Known] = {}
        self._by_address: dict[int, dict[int, Known]] = {}
        identities = {identity for identity, _ in names}
        addresses = {address for _, address in names if address is not None}
        for each in store.known(sorted(identities), sorted(addresses)):
            self.add(each)

    def add(self, each: Known) -> None:
        self._by_identity[each.identity] = each
        if each.address is not None:
            self._by_address.setdefault(each.address, {})[each.number] = each

    def remove(self, each: Known) -> None:
        del self._by_identity[each.identity]
        if each.address is not None:
            del self._by_address[each.address][each.number]

    def find(self, identity: int, address: int | None) -> list[Known]:
        """The rows that are the same article, by number."""
        found = {} if address is None else dict(self._by_address.get(address, {}))
        if identity in self._by_identity:
            same = self._by_identity[identity]
            found[same.number] = same
        return [found[number] for number in sorted(found)]


class _Writing:
    """One batch inside a transaction; new rows and postings are gathered and written together."""

    def __init__(self, store: Store, names: Sequence[_Name]) -> None:
        self._store = store
        self._known = _Knowledge(store, names)
        self._fresh: list[Prepared] = []
        self._names: set[tuple[str, int | None]] = set()
        self._postings: list[Postings] = []

    def put(self, prepared: Prepared) -> str:
        """Write an article; the field of `Counts` it belongs to."""
        row = prepared.row
        names = {("identity", row.identity), ("address", row.address)} - {("address", None)}
        if names & self._names:
            self._flush()
        same = self._known.find(row.identity, row.address)
        if not same:
            self._fresh.append(prepared)
            self._names |= names
            return "added"
        if any(each.digest == row.digest for each in same):
            return "unchanged"
        return self._put_known(prepared, same)

    def _put_known(self, prepared: Prepared, same: list[Known]) -> str:
        row, newest = prepared.row, max(same, key=lambda each: each.seen)
        if row.seen < newest.seen:  # an older version, imported
            new = self._store.add_version(newest.number, row.seen, row.body)
            return "updated" if new else "unchanged"
        if len(same) == 1 and self._same_words(newest.number, row):
            self._store.refresh(newest.number, row)
            self._forget(same, row, newest.number)
            return "unchanged"
        number = self._store.replace([each.number for each in same], row)
        self._forget(same, row, number)
        self._keep(number, prepared)
        return "updated"

    def _same_words(self, number: int, row: Row) -> bool:
        stored = self._store.bodies([number])[number]
        return rows.words(codec.decode(stored)) == rows.words(codec.decode(row.body))

    def _forget(self, same: list[Known], row: Row, number: int) -> None:
        for each in same:
            self._known.remove(each)
        self._known.add(_known(number, row))

    def _flush(self) -> None:
        numbers = self._store.insert([each.row for each in self._fresh])
        for number, prepared in zip(numbers, self._fresh, strict=True):
            self._keep(number, prepared)
            self._known.add(_known(number, prepared.row))
        self._fresh.clear()
        self._names.clear()

    def _keep(self, number: int, prepared: Prepared) -> None:
        if number > ARTICLE_MASK:
            raise InputError(
                f"the index is full, it holds {ARTICLE_MASK:,} articles; start another"
            )
        self._postings.append(prepared.keys << ARTICLE_BITS | number)

    def finish(self) -> None:
        """Write what was gathered."""
        self._flush()
        if self._postings:
            self._store.add_postings(np.sort(np.concatenate(self._postings)))


def _known(number: int, row: Row) -> Known:
    return Known(number, row.identity, row.address, row.digest, row.seen)
