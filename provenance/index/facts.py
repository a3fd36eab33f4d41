"""What an index tells about itself and about the past of its articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from provenance.article import Article
from provenance.fingerprint import SCHEME
from provenance.index.store import Summary


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article: when it was first seen by the index, UTC, and what it said."""

    seen: datetime
    article: Article


@dataclass(frozen=True, slots=True)
class Info:
    """What an index holds.

    Attributes:
        location: Where it is.
        articles: Number of articles.
        versions: Earlier versions of them that are kept.
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
    versions: int
    outlets: int
    tokens: int
    earliest: datetime | None
    latest: datetime | None
    postings: int
    bytes: int
    scheme: dict[str, int]

    @classmethod
    def of(cls, location: str, whole: Summary) -> Self:
        """What a store counts, in an index's terms."""
        return cls(
            location=location,
            articles=whole.articles,
            versions=whole.versions,
            outlets=whole.outlets,
            tokens=whole.tokens,
            earliest=_moment(whole.earliest),
            latest=_moment(whole.latest),
            postings=whole.postings,
            bytes=whole.bytes,
            scheme=dict(SCHEME),
        )


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
