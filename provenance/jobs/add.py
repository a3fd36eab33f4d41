"""Reading articles into an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provenance.article import Article, InputError, ProvenanceError, SetAside
from provenance.index import Counts, Index
from provenance.sources import Fetcher, read


@dataclass(frozen=True, slots=True)
class AddResult:
    """What `add` did.

    Attributes:
        counts: Articles added, updated and unchanged.
        set_aside: Records and sources that could not be read.
        failure: Set when nothing at all could be read: the first reason, to be raised.
    """

    counts: Counts
    set_aside: tuple[SetAside, ...]
    failure: ProvenanceError | None

    def to_dict(self) -> dict[str, Any]:
        """The `add --json` object."""
        return {
            "schema": "provenance.add/1",
            "added": self.counts.added,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "set_aside": [
                {"source": item.source, "record": item.record, "reason": item.reason}
                for item in self.set_aside
            ],
        }


@dataclass(slots=True)
class _Reading:
    """Articles of many sources as one stream; what cannot be read is kept aside."""

    sources: Sequence[str]
    read: Callable[[str], Iterator[Article | SetAside]]
    set_aside: list[SetAside] = field(default_factory=list)
    failures: list[ProvenanceError] = field(default_factory=list)

    def __iter__(self) -> Iterator[Article]:
        for source in self.sources:
            try:
                yield from self._of(source)
            except ProvenanceError as error:
                self.failures.append(error)
                self.set_aside.append(SetAside(source, "", str(error)))

    def _of(self, source: str) -> Iterator[Article]:
        for item in self.read(source):
            if isinstance(item, SetAside):
                self.set_aside.append(item)
            else:
                yield item


def add(
    sources: Sequence[str],
    index: Index,
    *,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    fetcher: Fetcher | None = None,
    show: Callable[[int], None] | None = None,
) -> AddResult:
    """Read every article of every source into the index.

    One bad record or source never stops the rest: it is set aside with its reason.

    Args:
        sources: Addresses, files, folders, or ``-``.
        index: An open, writable index.
        format: Force the format instead of recognising it.
        columns: Our column name to the table's own.
        fetcher: How addresses are fetched.
        show: Called now and then with the number of articles handled so far.
    """
    reading = _Reading(
        sources, lambda s: read(s, format=format, columns=columns or {}, fetcher=fetcher)
    )
    counts = index.add(reading, progress=lambda so_far: show(_total(so_far)) if show else None)
    failure: ProvenanceError | None = None
    if not _total(counts):
        first = reading.failures[0] if reading.failures else None
        failure = first or InputError("no article could be read; the reasons stand above")
    return AddResult(counts, tuple(reading.set_aside), failure)


def _total(counts: Counts) -> int:
    return counts.added + counts.updated + counts.unchanged
