"""One article as what a store keeps of it: its row, and the keys it is found by."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from provenance.article import Article
from provenance.fingerprint import U64, token_hashes
from provenance.fingerprint.shingles import passages, shingle_sequence
from provenance.index import codec
from provenance.index.store import KEY_BITS, Postings, Row


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row to be stored, and the keys of its postings."""

    row: Row
    keys: Postings


def prepare(article: Article) -> Prepared:
    """Everything that is stored of an article."""
    hashes = token_hashes(article.text)
    found = keys(passages(shingle_sequence(hashes)))
    row = Row(
        identity=identity(article.id),
        address=address(article),
        digest=digest(article),
        outlet=article.outlet.domain if article.outlet else "",
        published=int(article.published.earliest.timestamp()) if article.published else None,
        tokens=len(hashes),
        passages=len(found),
        body=codec.encode(article),
    )
    return Prepared(row, found)


def keys(fingerprints: U64) -> Postings:
    """The keys a text is found by: the low bits of its passages, int64, sorted, unique.

    Passages serve near-duplicates as well as partial copies: ``benchmarks.recall`` finds no copy
    that MinHash bands would add. They are minima of hashes, but their low bits are uniform.
    """
    return np.unique(fingerprints & np.uint64((1 << KEY_BITS) - 1)).astype(np.int64)


def identity(id: str) -> int:
    """Hash of an id, signed 64 bits."""
    return _hash(id.encode("utf-8", "surrogatepass"))


def address(article: Article) -> int | None:
    """Hash of the address that answered, without scheme and fragment; None without an address."""
    with suppress(ValueError):
        parts = urlsplit(article.final_url or article.url)
        if parts.netloc:
            return identity(f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}")
    return None


def digest(article: Article) -> int:
    """Hash of all an article says, whatever its id and wherever it was read; signed 64 bits."""
    return _hash(codec.content(article))


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)
