"""Articles as what a store keeps of them: their rows, and the keys they are found by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self
from urllib.parse import urlsplit

import numpy as np

from provenance.article import Article
from provenance.fingerprint import Sketch, bands, distinct, tokens
from provenance.fingerprint.minhash import BANDS
from provenance.index import codec
from provenance.index.store import KEY_BITS, Postings, Row

TITLE_LETTERS = 5_000
WORD_LETTERS = 100
_KEY_MASK = np.uint64((1 << KEY_BITS) - 1)
_PLAIN_ADDRESS = re.compile(
    r"[a-z]{2,9}://([\w.:-]+)(/[^?#\[\]\s]*)?(?:\?([^#\[\]\s]*))?", re.ASCII
)
"""What needs no careful splitting, which costs ten times as much."""


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
    places = [place for place, each in enumerate(sketches) if each.tokens]
    if not places:
        return [np.empty(0, dtype=np.int64)] * len(sketches)
    owners = np.array(places, dtype=np.uint64)
    passages = [sketches[place].passages for place in places]
    own = bands(np.array([sketches[place].signature for place in places]))
    values = np.concatenate((own.ravel(), *passages)) & _KEY_MASK
    repeats = [BANDS] * len(places) + [len(each) for each in passages]
    texts = np.repeat(np.concatenate((owners, owners)), repeats)
    found = distinct(texts << np.uint64(KEY_BITS) | values)
    ends = (found >> np.uint64(KEY_BITS)).searchsorted(np.arange(1, len(sketches), dtype=np.uint64))
    return np.split((found & _KEY_MASK).astype(np.int64), ends)


def identity(id: str) -> int:
    """Hash of an id, signed 64 bits."""
    return _hash(id.encode("utf-8", "surrogatepass"))


def address(article: Article) -> int | None:
    """Hash of the address that answered, without scheme and fragment; None without an address."""
    url = article.final_url or article.url
    if plain := _PLAIN_ADDRESS.fullmatch(url):
        host, path, query = plain.groups("")
    else:
        try:
            _, host, path, query, _ = urlsplit(url)
        except ValueError:
            return None
    return identity(f"{host.lower()}{path.rstrip('/')}?{query}") if host else None


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
