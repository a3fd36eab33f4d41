"""What an index needs of a database: rows in, rows out, and postings by key.

A store knows nothing of articles or fingerprints. Everything that decides (what is an update, what
is a candidate, what is a match) stands once, above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ARTICLE_BITS = 28
KEY_BITS = 34
"""A posting is ``key << ARTICLE_BITS | article``; 62 bits, so that even the end of the last key's
range is a database's signed integer."""
ARTICLE_MASK = (1 << ARTICLE_BITS) - 1
POSTINGS_CAP = 1000
"""About how many postings of one key are looked at: shared boilerplate must not cost time."""

Postings = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One article as a store keeps it.

    Attributes:
        identity: Hash of the id, signed 64 bits.
        address: Hash of the address, signed 64 bits, or None without one.
        digest: Hash of the content, signed 64 bits.
        outlet: Registrable domain of the outlet, or empty.
        published: Earliest moment of publication, seconds since 1970, or None.
        tokens: Number of tokens of the main text.
        passages: Number of passage fingerprints.
        body: The encoded article.
    """

    identity: int
    address: int | None
    digest: int
    outlet: str
    published: int | None
    tokens: int
    passages: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over a whole store; times in seconds since 1970, None without any."""

    articles: int
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

    def known(self, identity: int, address: int | None) -> list[tuple[int, int]]:
        """Article numbers and digests of the rows with this identity or this address."""

    def numbers(self, identities: Sequence[int]) -> list[int]:
        """Article numbers of the rows with these identities."""

    def insert(self, row: Row) -> int:
        """Keep a row and return its article number, never used before."""

    def delete(self, numbers: Sequence[int]) -> None:
        """Forget rows; their postings may stay until `compact`."""

    def outlines(self, numbers: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Outlet and number of passages by article number, for those that exist."""

    def body(self, number: int) -> bytes:
        """The encoded article of an existing row."""

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every article number and row, by number."""

    def add_postings(self, postings: Postings) -> None:
        """Keep postings (sorted, unique)."""

    def find_postings(self, keys: Postings) -> Postings:
        """Postings of sorted, unique keys, at least `POSTINGS_CAP` of each, any order."""

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

    def close(self) -> None:
        """Let go of the database."""
