"""Which blocks are the main text: trafilatura's answer, mapped back onto the blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from lxml import etree

from provenance.article import Block, BlockKind

NEVER_MAIN = frozenset((BlockKind.TITLE, BlockKind.CAPTION, BlockKind.TIME))
FOUND_SHARE = 0.6
MOST_CELLS = 400_000_000
"""Bound on alignment work (tokens extracted times tokens on the page)."""


def mark_main(blocks: Sequence[Block], root: etree._Element) -> list[Block]:
    """Set `main` on the blocks that carry the story.

    Args:
        blocks: Every visible block, in order.
        root: The parsed page; the extractor changes it, so hand it over last.
    """
    extracted = _extract(root)
    shares = found_shares(extracted, [block.text for block in blocks])
    return [
        replace(block, main=share >= FOUND_SHARE and block.kind not in NEVER_MAIN)
        for block, share in zip(blocks, shares, strict=True)
    ]


def found_shares(extracted: str, texts: Sequence[str]) -> list[float]:
    """Share of each text's tokens that a longest common subsequence finds in the extraction.

    The extraction is, nearly, a subsequence of the page, so the longest common subsequence of
    tokens (rapidfuzz, bit-parallel: Hyyrö 2004) puts each of its sentences where it belongs even
    when a teaser repeats it.
    """
    from rapidfuzz.distance import LCSseq

    wanted = extracted.casefold().split()
    parts = [text.casefold().split() for text in texts]
    page = [token for part in parts for token in part]
    if not wanted or len(wanted) * len(page) > MOST_CELLS:
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
