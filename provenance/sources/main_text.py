"""Which blocks are the main text: trafilatura's answer, mapped back onto the blocks.

Two things mend what a general extractor misses: the article's text as the page's own JSON-LD has
it, and twins, paragraphs that the page sets exactly like those already found (extractors stop
early where an advertisement cuts a story into several containers).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from itertools import accumulate

from lxml import etree

from provenance.article import Block, BlockKind
from provenance.sources.storyless import is_consent

NEVER_MAIN = frozenset((BlockKind.TITLE, BlockKind.CAPTION, BlockKind.TIME, BlockKind.LINK))
FOUND_SHARE = 0.6
"""Share of a block's tokens that must be found in the extraction."""
STATED_SHARE = 0.9
"""The same for the text that JSON-LD has, whose scattered words prove less."""
MOST_CELLS = 400_000_000
"""Bound on alignment work (tokens extracted times tokens on the page)."""
PARAGRAPH_LENGTH = 60
TWIN_HINTS = 6
LEAST_TWINS = 3
LINKED_SHARE = 0.3
MISSED = 2
"""Times the found text that paragraphs of one style must have to be the story instead."""
SHORT = 200
SHORT_WRAPPER = frozenset((
    "byline", "author", "authors", "autor", "auteur", "credit", "credits", "copyright", "caption",
    "timestamp", "date", "datetime", "share", "sharing", "newsletter", "promo", "advert",
    "advertisement", "related", "teaser", "breadcrumb", "breadcrumbs", "kicker", "button",
))  # fmt: skip
"""Words that name what surrounds a story; in a short block's nearest elements they decide."""
NEAR_HINTS = 4
ELSEWHERE = frozenset(("footer", "nav", "comment", "comments"))
STATED_LENGTH = 15
TAG = re.compile(r"<[^<>]{1,300}>")


def mark_main(blocks: Sequence[Block], root: etree._Element, stated: str = "") -> list[Block]:
    """Set `main` on the blocks that carry the story.

    Args:
        blocks: Every visible block, in order, `main` nowhere set.
        root: The parsed page; the extractor changes it, so hand it over last.
        stated: The article's text as the page's metadata has it, or empty.
    """
    texts = [block.text for block in blocks]
    shares = found_shares(_extract(root), texts)
    # Markup may stand in the stated text, escaped or not.
    stated_shares = found_shares(TAG.sub(" ", unescape(stated)), texts)
    main = [
        _may_be_main(block)
        and (
            share >= FOUND_SHARE
            or (stated_share >= STATED_SHARE and len(block.text) > STATED_LENGTH)
        )
        for block, share, stated_share in zip(blocks, shares, stated_shares, strict=True)
    ]
    main = _or_largest_style(blocks, main)
    styles = Counter(
        _style(block) for block, found in zip(blocks, main, strict=True) if found and _runs(block)
    )
    return [
        replace(block, main=True)
        if found or (styles and _runs(block) and styles[_style(block)] >= LEAST_TWINS)
        else block
        for block, found in zip(blocks, main, strict=True)
    ]


def _or_largest_style(blocks: Sequence[Block], main: list[bool]) -> list[bool]:
    """The main blocks, or where the extractor missed the story, the longest run of one style."""
    lengths: Counter[tuple[str, ...]] = Counter()
    for block in blocks:
        if _runs(block):
            lengths[_style(block)] += len(block.text)
    found = sum(len(b.text) for b, is_main in zip(blocks, main, strict=True) if is_main)
    style, length = max(lengths.items(), key=lambda item: item[1], default=((), 0))
    if length <= MISSED * found:
        return main
    return [_runs(block) and _style(block) == style for block in blocks]


def found_shares(extracted: str, texts: Sequence[str]) -> list[float]:
    """Share of each text's tokens that a longest common subsequence finds in the extraction.

    The extraction is, nearly, a subsequence of the page, so the longest common subsequence of
    tokens (rapidfuzz, bit-parallel: Hyyrö 2004) puts each of its sentences where it belongs even
    when a teaser repeats it.
    """
    from rapidfuzz.distance import LCSseq

    wanted = extracted.casefold().split()
    if not wanted:
        return [0.0] * len(texts)
    parts = [text.casefold().split() for text in texts]
    page = [token for part in parts for token in part]
    if len(wanted) * len(page) > MOST_CELLS:
        lines = set(extracted.splitlines())
        return [float(text in lines) for text in texts]
    found = [0] * len(page)
    for block in LCSseq.opcodes(wanted, page).as_matching_blocks():
        found[block.b : block.b + block.size] = [1] * block.size
    sums = [0, *accumulate(found)]
    ends = list(accumulate(len(part) for part in parts))
    return [
        (sums[end] - sums[end - len(part)]) / max(1, len(part))
        for end, part in zip(ends, parts, strict=True)
    ]


def _extract(root: etree._Element) -> str:
    """The main text as trafilatura sees it, or empty."""
    from trafilatura import extract

    return extract(root, include_comments=False, include_tables=True, fast=True) or ""


def _may_be_main(block: Block) -> bool:
    if block.kind in NEVER_MAIN or is_consent(block):
        return False
    if block.kind is BlockKind.HEADING:
        return _linked_share(block) < LINKED_SHARE
    return len(block.text) > SHORT or not SHORT_WRAPPER & set(block.hints[:NEAR_HINTS])


def _runs(block: Block) -> bool:
    """Whether a block is a paragraph of running text that can be a twin of others."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.text) >= PARAGRAPH_LENGTH
        and _linked_share(block) < LINKED_SHARE
        and not ELSEWHERE & set(block.hints)
        and _may_be_main(block)
    )


def _linked_share(block: Block) -> float:
    return sum(len(link.text) for link in block.links) / len(block.text)


def _style(block: Block) -> tuple[str, ...]:
    return block.hints[:TWIN_HINTS]
