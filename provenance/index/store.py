"""What an index needs of a database: rows in, rows out, and postings by key.

A store knows nothing of articles or fingerprints. Everything that decides (what is an update, what
is a candidate, what is a match) stands once, above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ARTICLE_BITS = 28
KEY_BITS = 34
"""A posting is ``key << ARTICLE_BITS | article``; 62 bits, so that even the end of the last key's
range is a database's signed integer."""
ARTICLE_MASK = (1 << ARTICLE_BITS) - 1
POSTINGS_CAP = 500
"""Postings of one key that are kept at hand, at least: no more of them are ever looked at."""

Postings = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One article as a store keeps it; all times in seconds since 1970.

    Attributes:
        identity: Hash of the id, signed 64 bits.
        address: Hash of the address, signed 64 bits, or None without one.
        digest: Hash of the content, signed 64 bits.
        seen: When this version was added.
        outlet: Registrable domain of the outlet, or empty.
        published: Earliest moment of publication, or None.
        tokens: Number of tokens of the main text.
        passages: Number of passage fingerprints.
        title: Folded words of the title, separated by spaces, to be searched.
        body: The encoded article.
    """

    identity: int
    address: int | None
    digest: int
    seen: int
    outlet: str
    published: int | None
    tokens: int
    passages: int
    title: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """What a store says of a row it holds: its article number, and fields of `Row`."""

    number: int
    identity: int
    address: int | None
    digest: int
    seen: int


@dataclass(frozen=True, slots=True)
class Search:
    """Which articles are wanted; empty and None mean any.

    Attributes:
        words: Folded words that all stand in the title; ``word*`` is any that begins so.
        outlet: Registrable domain.
        since: First moment of publication, seconds since 1970; rows without one are left out.
        until: First moment after the last, likewise.
    """

    words: tuple[str, ...] = ()
    outlet: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What a lookup looks for.

    Attributes:
        keys: The text's keys, sorted, unique.
        outlet: The text's outlet, or empty.
        passages: Number of the text's passages.
        most: So many articles at most.
    """

    keys: Postings
    outlet: str
    passages: int
    most: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over a whole store; times in seconds since 1970, None without any."""

    articles: int
    versions: int
    outlets: int
    tokens: int
    earliest: int | None
    latest: int | None
    postings: int
    bytes: int


class Store(Protocol):
    """A database that holds one index. Every method raises a `ProvenanceError` in plain words."""

    def read(self) -> AbstractContextManager[None]:
        """A block that sees one unchanging state."""

    def write(self) -> AbstractContextManager[None]:
        """A block that is written whole or not at all; waits for other writers."""

    def settings(self) -> Mapping[str, str]:
        """What was stored when the index was made."""

    def known(self, identities: Sequence[int], addresses: Sequence[int]) -> list[Known]:
        """The rows with any of these identities or any of these addresses, each once."""

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Keep rows whose identities are new; their article numbers, rising, never used before."""

    def replace(self, numbers: Sequence[int], row: Row) -> int:
        """Keep a row instead of others, which become its earlier versions; its article number.

        The number was never used before; the earlier versions of the others become its own.
        """

    def refresh(self, number: int, row: Row) -> None:
        """Overwrite a row by one of the same title and text, keeping its number and postings."""

    def add_version(self, number: int, seen: int, body: bytes) -> bool:
        """Keep an earlier version of a row, unless the same is kept; whether it was new."""

    def versions(self, number: int) -> list[tuple[int, bytes]]:
        """Earlier versions of a row, oldest first: when each was seen, and its body."""

    def delete(self, numbers: Sequence[int]) -> None:
        """Forget rows and their earlier versions; their postings may stay until `compact`."""

    def expire(self, before: int) -> int:
        """Forget rows published (or without that, seen) before a moment; how many there were.

        Earlier versions seen before it are forgotten too.
        """

    def bodies(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Encoded articles by article number, for those that exist."""

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every article number and row, by number."""

    def search(self, wanted: Search, most: int) -> list[int]:
        """Article numbers of what is wanted, newest publication first, those without one last."""

    def add_postings(self, postings: Postings) -> None:
        """Keep postings (sorted, unique)."""

    def settle(self) -> None:
        """Called after articles were added, outside `write`: make postings quick to find."""

    def look_up(self, sought: Sought) -> dict[int, bytes]:
        """Encoded articles that may be copies, by number, as they are at one moment.

        Which ones `candidates.candidates` decides, from postings by key and outlines by number; a
        store whose database can decide the same in one statement need not bring it these.
        """

    def all_postings(self) -> Iterator[Postings]:
        """Every posting, in arrays of bounded size, any order."""

    def summary(self) -> Summary:
        """Counts over everything."""

    def count(self) -> int:
        """Number of articles."""

    def check(self) -> list[str]:
        """What the database itself finds wrong, one line each."""

    def compact(self) -> None:
        """Drop what is dead and give its space back."""

    def backup(self, target: Path) -> None:
        """A copy of the whole as it is at one moment, while others read and write."""

    def close(self) -> None:
        """Let go of the database."""
