"""Articles as what a store keeps of them: their rows, and the keys they are found by."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self
from urllib.parse import urlsplit

import numpy as np

from provenance.article import Article
from provenance.fingerprint import Sketch, bands, distinct, tokens
from provenance.fingerprint.minhash import PERMUTATIONS
from provenance.index import codec
from provenance.index.store import KEY_BITS, Postings, Row

TITLE_LETTERS = 5_000
WORD_LETTERS = 100
_KEY_MASK = np.uint64((1 << KEY_BITS) - 1)
_NO_KEYS: Postings = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row to be stored, and the keys of its postings."""

    row: Row
    keys: Postings


@dataclass(frozen=True, slots=True)
class Named:
    """An article with what it is recognised by: hashes of id, address and content, and its JSON."""

    article: Article
    identity: int
    address: int | None
    digest: int
    document: bytes

    @classmethod
    def of(cls, article: Article) -> Self:
        """The names of an article."""
        document, content = codec.documents(article)
        return cls(article, identity(article.id), address(article), _hash(content), document)


def prepare(
    named: Sequence[Named], sketches: Sequence[Sketch], seen: Sequence[int]
) -> list[Prepared]:
    """Everything that is stored of articles, each with its sketch and the time it is seen."""
    found = keys(sketches)
    return [
        Prepared(stored(each, sketch, when, codec.compress(each.document)), own)
        for each, sketch, when, own in zip(named, sketches, seen, found, strict=True)
    ]


def stored(named: Named, sketch: Sketch, seen: int, body: bytes) -> Row:
    """The row of an article that is seen at a moment and encoded as `body`."""
    article = named.article
    return Row(
        identity=named.identity,
        address=named.address,
        digest=named.digest,
        seen=seen,
        outlet=outlet(article),
        published=int(article.published.earliest.timestamp()) if article.published else None,
        tokens=sketch.tokens,
        passages=len(sketch.passages),
        title=title(article.title),
        body=body,
    )


def keys(sketches: Sequence[Sketch]) -> list[Postings]:
    """The keys that texts are found by, each int64, sorted, unique: LSH bands and passages.

    Bands are what near-duplicates share and passages what partial copies share; both are hashes
    (passages are minima of hashes), of which the low bits, which are uniform, are kept.
    """
    signatures = np.empty((len(sketches), PERMUTATIONS), dtype=np.uint32)
    for place, each in enumerate(sketches):
        signatures[place] = each.signature
    return [
        distinct(np.concatenate((own, each.passages)) & _KEY_MASK).astype(np.int64)
        if each.tokens
        else _NO_KEYS
        for own, each in zip(bands(signatures), sketches, strict=True)
    ]


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


def words(article: Article) -> tuple[str, str, str]:
    """What a reader takes for the article: title, byline and main text."""
    return article.title, article.byline, article.text


def outlet(article: Article) -> str:
    """Domain of the article's outlet, or empty."""
    return domain(article.outlet.domain) if article.outlet else ""


def domain(text: str) -> str:
    """A domain as every database keeps it: what is no text to one (NUL, half a pair) is "?"."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


def title(text: str) -> str:
    """The words of a title as they are searched: folded like those of a text, monsters cut."""
    words = (word[:WORD_LETTERS] for word in tokens(text[:TITLE_LETTERS]))
    return " ".join(words).encode("utf-8", "replace").decode("utf-8")


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)
