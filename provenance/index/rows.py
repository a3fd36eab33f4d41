"""Articles as what a store keeps of them: their rows, and the keys they are found by."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlsplit

import numpy as np

from provenance.article import Article
from provenance.fingerprint import U32, U64, bands, fingerprint, tokens
from provenance.index import codec
from provenance.index.store import KEY_BITS, Postings, Row


@dataclass(frozen=True, slots=True)
class Sketch:
    """What an article is found by: number of tokens, MinHash signature, passage fingerprints."""

    tokens: int
    signature: U32
    passages: U64

    @classmethod
    def of(cls, text: str) -> Sketch:
        """The sketch of a text."""
        prints = fingerprint(text)
        return cls(prints.tokens, prints.signature, prints.passages)

    @property
    def keys(self) -> Postings:
        """The keys of the postings, int64, sorted, unique: LSH bands and passages.

        Bands are what near-duplicates share and passages what partial copies share; both are
        hashes (passages are minima of hashes), of which the low bits, which are uniform, are kept.
        """
        if not self.tokens:
            return np.empty(0, dtype=np.int64)
        both = np.concatenate((bands(self.signature), self.passages))
        return np.unique(both & np.uint64((1 << KEY_BITS) - 1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row to be stored, the keys of its postings, and the hash of its `words`."""

    row: Row
    keys: Postings
    words: int


def prepare(article: Article, seen: int, sketch: Sketch) -> Prepared:
    """Everything that is stored of an article that is seen at a time."""
    row = Row(
        identity=identity(article.id),
        address=address(article),
        digest=digest(article),
        seen=seen,
        outlet=article.outlet.domain if article.outlet else "",
        published=int(article.published.earliest.timestamp()) if article.published else None,
        tokens=sketch.tokens,
        passages=len(sketch.passages),
        title=title(article.title),
        body=codec.encode(article),
    )
    return Prepared(row, sketch.keys, words(article))


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


def words(article: Article) -> int:
    """Hash of what a reader takes for the article: title, byline and main text."""
    said = "\0".join((article.title, article.byline, article.text))
    return _hash(said.encode("utf-8", "surrogatepass"))


def title(text: str) -> str:
    """The words of a title as they are searched: folded like those of a text."""
    return " ".join(tokens(text)).encode("utf-8", "replace").decode("utf-8")


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)
