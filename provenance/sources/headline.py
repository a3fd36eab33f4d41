"""Which visible blocks are the page's headline, its byline and its time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from provenance.article import Block, BlockKind, Interval
from provenance.sources.dates import interval

ALIKE = 75.0
"""Similarity (0 to 100, token set) from which a heading is the headline the page states."""
LONGEST_HEADLINE = 400
LONGEST_LINE = 200
BYLINE_WORDS = frozenset(("byline", "author", "authors", "autor", "autoren", "auteur", "writer"))
NEAR_HINTS = 6
TIME_WORDS = frozenset(("time", "date", "datetime", "timestamp", "published", "updated", "datum"))
UPDATE_WORDS = ("update", "modif", "aktualis", "actualis", "mis à jour", "aggiorn", "güncel")
WORD = re.compile(r"[^\W_]+")
FIRST_LINES = 30
"""Blocks after the headline in which a byline or a time is looked for."""


def find_title(blocks: Sequence[Block], stated: Sequence[str]) -> str:
    """The headline a reader sees: the heading most like a stated one, else the stated one.

    Args:
        blocks: Visible blocks.
        stated: Headlines the metadata states, most trusted first.
    """
    headings = [
        block
        for block in blocks
        if block.kind is BlockKind.HEADING and len(block.text) <= LONGEST_HEADLINE
    ]
    first_rank = [block for block in headings if "h1" in block.hints]
    if not stated:
        ranked = first_rank or headings
        return max(ranked, key=lambda block: len(block.text)).text if ranked else ""
    best, likeness = "", 0.0
    titles = [_plain(title) for title in stated]
    for block in headings:
        plain = _plain(block.text)
        score = max(_alike(plain, title) for title in titles)
        score += 3 * ("h1" in block.hints)
        if score > likeness:
            best, likeness = block.text, score
    if likeness >= ALIKE:
        return best
    # A rewritten social headline shares few words with the real one, which then stands alone.
    alone = {block.text for block in first_rank if len(block.text.split()) > 3}
    return alone.pop() if len(alone) == 1 else stated[0]


def mark_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Give the blocks that show the headline their kind."""
    plain = _plain(title)
    return [
        replace(block, kind=BlockKind.TITLE) if plain and _plain(block.text) == plain else block
        for block in blocks
    ]


def find_byline(blocks: Sequence[Block], authors: Sequence[str]) -> str:
    """The author line: the shortest visible one that names a stated author, else what is stated.

    Without stated authors, a short line whose element is called a byline will do.
    """
    if authors:
        naming = [
            block.text
            for block in _near_title(blocks)
            if len(block.text) <= LONGEST_LINE
            and BYLINE_WORDS & set(block.hints)
            and any(author.lower() in block.text.lower() for author in authors)
        ]
        return min(naming, key=len, default=", ".join(authors))
    for block in _near_title(blocks):
        if len(block.text) <= LONGEST_LINE and BYLINE_WORDS & set(block.hints[:NEAR_HINTS]):
            return block.text
    return ""


def find_times(blocks: Sequence[Block], language: str) -> tuple[Interval | None, Interval | None]:
    """Publication and update times that the lines around the headline show."""
    published: Interval | None = None
    modified: Interval | None = None
    for block in _near_title(blocks):
        timed = block.kind is BlockKind.TIME or TIME_WORDS & set(block.hints[:NEAR_HINTS])
        if len(block.text) > LONGEST_LINE // 2 or not (timed or _starts_like_time(block.text)):
            continue
        found = interval(block.text, "visible-text", language)
        if found is None:
            continue
        if any(word in block.text.lower() for word in UPDATE_WORDS):
            modified = modified or found
        else:
            published = published or found
    return published, modified


def _starts_like_time(text: str) -> bool:
    return text[:1].isdigit() or any(word in text[:40].lower() for word in ("publi", *UPDATE_WORDS))


def _near_title(blocks: Sequence[Block]) -> Iterable[Block]:
    start = next((b.index for b in blocks if b.kind is BlockKind.TITLE), 0)
    return blocks[max(0, start - FIRST_LINES // 3) : start + FIRST_LINES]


def _alike(a: str, b: str) -> float:
    """Token similarity; a heading that holds only a word or two of the title `b` is not alike."""
    if not a or not b or len(a) < len(b) / 3:
        return 0.0
    return max(fuzz.ratio(a, b), fuzz.token_set_ratio(a, b) if len(a) > len(b) / 2 else 0.0)


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
