"""One article as what a store keeps of it: its row, and the keys it is found by."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from provenance.article import Article
from provenance.fingerprint import Fingerprint, bands, fingerprint
from provenance.index import codec
from provenance.index.store import KEY_BITS, Postings, Row


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row to be stored, and the keys of its postings."""

    row: Row
    keys: Postings


def prepare(article: Article) -> Prepared:
    """Everything that is stored of an article."""
    prints = fingerprint(article.text)
    row = Row(
        identity=identity(article.id),
        address=address(article),
        digest=digest(article),
        outlet=article.outlet.domain if article.outlet else "",
        published=int(article.published.earliest.timestamp()) if article.published else None,
        tokens=prints.tokens,
        passages=len(prints.passages),
        body=codec.encode(article),
    )
    return Prepared(row, keys(prints))


def keys(prints: Fingerprint) -> Postings:
    """The keys a text is found by, int64, sorted, unique: its LSH bands and its passages.

    Bands are what near-duplicates share and passages what partial copies share; both are hashes
    (passages are minima of hashes), of which the low bits, which are uniform, are kept.
    """
    if not prints.tokens:
        return np.empty(0, dtype=np.int64)
    both = np.concatenate((bands(prints.signature), prints.passages))
    return np.unique(both & np.uint64((1 << KEY_BITS) - 1)).astype(np.int64)


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
