"""Articles made for the index tests: seeded random words, so that no two share a passage."""

from __future__ import annotations

import random

from provenance.article import Article, Block, Outlet


def words(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(count)]


def text(seed: int, count: int = 200) -> str:
    return " ".join(words(seed, count))


def article(
    seed: int,
    *,
    id: str = "",
    body: str | None = None,
    url: str = "",
    domain: str = "",
    at: str = "",
) -> Article:
    content = text(seed) if body is None else body
    blocks = tuple(Block(index, line) for index, line in enumerate(content.split("\n")))
    outlet = Outlet(domain, domain) if domain else None
    return Article(id or f"article-{seed}", blocks, url=url, outlet=outlet, source=at)
