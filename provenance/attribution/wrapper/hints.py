"""What a page's own markup says about its blocks: the words of ``hints.toml``, looked up."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from provenance.article import Block, BlockKind
from provenance.sources.storyless import CONSENT

INNERMOST = 10
"""Hint words that still speak of the block itself and not of what is around it."""


@cache
def hint_words() -> dict[str, frozenset[str]]:
    """The words for each kind, read once; what asks for consent is the sources' to know."""
    file = files("provenance.attribution.wrapper") / "hints.toml"
    text = file.read_text(encoding="utf-8")
    kinds = {kind: frozenset(words) for kind, words in tomllib.loads(text).items()}
    return {**kinds, "consent": CONSENT}


def hinted(block: Block, kind: str, depth: int = INNERMOST) -> bool:
    """Whether one of the innermost `depth` hint words of a block is of a kind."""
    words = hint_words()[kind]
    return any(word in words for word in block.hints[:depth])


def first_hint(block: Block, kinds: tuple[str, ...]) -> str:
    """The kind, of those given, whose word stands innermost, or empty."""
    tables = hint_words()
    for word in block.hints:
        for kind in kinds:
            if word in tables[kind]:
                return kind
    return ""


def in_site_footer(block: Block) -> bool:
    """Whether a block stands in what all pages of the site end with, outside of any article."""
    return "footer" in block.hints and not {"article", "main"} & set(block.hints)


def states_source(block: Block) -> bool:
    """Whether a block is marked up as the name of a text's source, by the itemprop for it."""
    return {"source", "organization"} <= set(block.hints[:INNERMOST]) and not is_picture(block)


def is_picture(block: Block) -> bool:
    """Whether a block belongs to a picture: its caption, its credit, its film's title."""
    framed = "figure" in block.hints or "figcaption" in block.hints
    framed |= {"associated", "media"} <= set(block.hints)  # the itemprop of pictures and films
    return block.kind is BlockKind.CAPTION or framed or hinted(block, "picture")
