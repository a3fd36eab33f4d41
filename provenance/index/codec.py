"""Articles to bytes and back: JSON by orjson, compressed by Zstandard with a checksum.

The dataclasses themselves are the format: every field by its name, so a stored article can be
read by anything that reads JSON.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import orjson
import zstandard

from provenance.article import Article, Block, BlockKind, Claim, Interval, Link, Outlet

LEVEL = 1
"""Zstandard level: on one article, 3 takes 1.4 times the time and saves one byte in a hundred."""
MAX_BYTES = 1 << 30
"""Largest decompressed article that is believed; more means a damaged or hostile index."""

_ARTICLE = Article.__slots__
_KINDS = {str(kind): kind for kind in BlockKind}


class _Zstandard(threading.local):
    """A compressor and a decompressor for each thread: shared ones would mix up their work."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(
            level=LEVEL, write_checksum=True, write_content_size=True
        ).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_zstandard = _Zstandard()


def encode(article: Article) -> bytes:
    """The article as a compressed JSON document."""
    return compress(to_json(article))


def compress(document: bytes) -> bytes:
    """A JSON document as it is stored."""
    return _zstandard.compress(document)


def decode(data: bytes) -> Article:
    """The article that `encode` was given.

    Raises:
        ValueError: When the bytes are damaged.
    """
    try:
        if zstandard.frame_content_size(data) > MAX_BYTES:
            raise ValueError("larger than any article")
        return from_json(_zstandard.decompress(data))
    except zstandard.ZstdError as error:
        raise ValueError(f"not a stored article: {error}") from error


def documents(article: Article) -> tuple[bytes, bytes]:
    """The article as JSON, and the same without the name it was given and where it was read."""
    try:  # `id` is the first field and `source` the last: cutting is faster than writing again
        document = orjson.dumps(_fields(article))
        name, source = orjson.dumps(article.id), orjson.dumps(article.source)
    except TypeError:
        return to_json(article), to_json(replace(article, id="", source=""))
    return document, b'{"id":""' + document[6 + len(name) : -1 - len(source)] + b'""}'


def to_json(article: Article) -> bytes:
    """The article as a JSON document."""
    try:
        return orjson.dumps(_fields(article))
    except TypeError:  # orjson refuses lone surrogates, which hostile text may hold
        return json.dumps(asdict(article), default=datetime.isoformat).encode("ascii")


def _fields(article: Article) -> dict[str, object]:
    """An article as `asdict` would give it but for small parts; orjson alone takes twice as long.

    It looks up the fields of a dataclass with slots one by one.
    """
    fields = {name: getattr(article, name) for name in _ARTICLE}
    fields["blocks"] = [
        {
            "index": block.index,
            "text": block.text,
            "kind": block.kind,
            "main": block.main,
            "links": block.links,
            "hints": block.hints,
        }
        for block in article.blocks
    ]
    return fields


def from_json(document: bytes) -> Article:
    """The article that `to_json` was given.

    Raises:
        ValueError: When it is no such document.
    """
    try:
        return article_from(_load(document))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a stored article: {error}") from error


def _load(data: bytes) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = orjson.loads(data)
    except orjson.JSONDecodeError:
        loaded = json.loads(data)
    return loaded


def article_from(stored: Mapping[str, Any]) -> Article:
    """The article of a JSON object with the fields of `Article`."""
    outlet = stored["outlet"]
    return Article(
        id=stored["id"],
        blocks=tuple([_block(block) for block in stored["blocks"]]),
        url=stored["url"],
        final_url=stored["final_url"],
        canonical_url=stored["canonical_url"],
        outlet=outlet and Outlet(**outlet),
        title=stored["title"],
        byline=stored["byline"],
        published=_interval(stored["published"]),
        modified=_interval(stored["modified"]),
        language=stored["language"],
        claims=tuple(Claim(**claim) for claim in stored["claims"]),
        source=stored["source"],
    )


def _block(stored: Mapping[str, Any]) -> Block:
    return Block(
        stored["index"],
        stored["text"],
        _KINDS[stored["kind"]],
        stored["main"],
        tuple([Link(**link) for link in stored["links"]]),
        tuple(stored["hints"]),
    )


def _interval(stored: Mapping[str, str] | None) -> Interval | None:
    if stored is None:
        return None
    earliest, latest = map(datetime.fromisoformat, (stored["earliest"], stored["latest"]))
    return Interval(earliest, latest, stored["source"])
