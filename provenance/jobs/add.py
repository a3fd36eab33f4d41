"""Reading articles into an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from provenance.article import (
    AGENCY_FEED,
    Article,
    Claim,
    InputError,
    Outlet,
    ProvenanceError,
    SetAside,
)
from provenance.attribution import Agencies
from provenance.attribution.agencies.agency import Agency, AgencyKind
from provenance.index import Counts, Index
from provenance.jobs.json_types import AddJSON
from provenance.sources import Fetcher, read
from provenance.sources.extraction import Extraction


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

    def to_dict(self) -> AddJSON:
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
    as_agency: str = "",
    processes: int = 1,
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
        as_agency: Id of the agency whose own feed the sources are, which makes their articles
            known originals of it.
        processes: How many may read pages, see `Extraction`.
        show: Called now and then with the number of articles handled so far.
    """
    agency = agency_of(as_agency) if as_agency else None

    def read_source(source: str) -> Iterator[Article | SetAside]:
        for item in read(
            source, format=format, columns=columns or {}, fetcher=fetcher, extraction=extraction
        ):
            yield from_feed_of(agency, item) if agency and isinstance(item, Article) else item

    reading = _Reading(sources, read_source)
    with Extraction(processes) as extraction:
        counts = index.add(reading, progress=lambda so_far: show(_total(so_far)) if show else None)
    failure: ProvenanceError | None = None
    if not _total(counts):
        first = reading.failures[0] if reading.failures else None
        aside = reading.set_aside
        why = f"{aside[0].source}: {aside[0].reason}" if aside else "the sources hold no records"
        failure = first or InputError(f"no article could be read; {why}")
    return AddResult(counts, tuple(reading.set_aside), failure)


def agency_of(id: str) -> Agency:
    """The agency that a feed is said to be of.

    Raises:
        InputError: There is no news agency of this id with a site of its own.
    """
    agency = Agencies.load().by_id(id.strip().lower())
    if agency is None:
        raise InputError(f"agency {id!r}: not known; use an id of the agencies file, such as ap")
    if agency.kind is not AgencyKind.AGENCY or not agency.domains:
        raise InputError(f"agency {id!r}: not a news agency with a site; its feed is no original")
    return agency


def from_feed_of(agency: Agency, article: Article) -> Article:
    """An article marked as the original that its agency sent out."""
    return replace(
        article,
        outlet=Outlet(agency.domains[0], agency.name),
        claims=(*article.claims, Claim(AGENCY_FEED, agency.id)),
    )


def _total(counts: Counts) -> int:
    return counts.added + counts.updated + counts.unchanged
