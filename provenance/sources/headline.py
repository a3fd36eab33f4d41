"""Which visible blocks are the page's headline, its byline and its time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from provenance.article import Block, BlockKind, Interval
from provenance.sources.dates import interval, narrowest

ALIKE = 75.0
"""Similarity (0 to 100, token set) from which a heading is the headline the page states."""
LONGEST_HEADLINE = 400
LONGEST_LINE = 200
BYLINE_WORDS = frozenset(("byline", "author", "authors", "autor", "autoren", "auteur", "writer"))
NEAR_HINTS = 6
TIME_WORDS = frozenset(("time", "date", "datetime", "timestamp", "published", "updated", "datum"))
UPDATE_WORDS = ("update", "modif", "aktualis", "actualis", "mis à jour", "aggiorn", "güncel")
WORD = re.compile(r"[^\W_]+")
MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?")
UTC_VALUE = re.compile(
    r"(?P<local>\d{4}-\d{2}-\d{2}[T ](?P<clock>\d{2}:\d{2})\S{0,10}?)(?:Z|[+-]00:?00)"
)
NO_MOMENTS: Mapping[int, Sequence[str]] = {}
LEAST_ENTRIES, MOST_ENTRIES = 3, 200
"""Times with text of the story behind them that make a ticker; and how many are looked at."""
SENTENCE_ENDS = (".", "!", "?", "。", "।", "؟", "”", "»", "」")
FEW_LINES = 4
"""Blocks after the headline that are its lines where no paragraph is long."""
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


def find_times(
    blocks: Sequence[Block], language: str, moments: Mapping[int, Sequence[str]] = NO_MOMENTS
) -> tuple[Interval | None, Interval | None]:
    """Publication and update times that the lines around the headline show.

    A live ticker, whose entries each have their time, is as old as its oldest entry unless its
    head says more, and as new as its newest.

    Args:
        blocks: Visible blocks.
        language: ISO 639-1 code, or empty.
        moments: By block index, what the ``<time>`` elements of a block stand for.
    """
    entries = _entries(blocks, language, moments)
    published: Interval | None = None
    modified: Interval | None = None
    head_ends = min(entries, default=len(blocks))
    head = _head(blocks)
    for block in _near_title(blocks):
        found = (
            _times(block, language, moments, dated=block.index in head)
            if block.index < head_ends
            else []
        )
        if not found:
            continue
        if len(found) == 1 and any(word in block.text.lower() for word in UPDATE_WORDS):
            modified = modified or found[0]
        else:
            published = published or found[0]
            modified = modified or (found[-1] if len(found) > 1 else None)
    if entries:
        ordered = sorted(entries.values(), key=lambda one: one.earliest)
        published, modified = published or ordered[0], modified or ordered[-1]
    return published, modified


def _head(blocks: Sequence[Block]) -> range:
    """The lines between the headline and the text, where a date is the article's."""
    start = next((b.index for b in blocks if b.kind is BlockKind.TITLE), len(blocks))
    text = (b.index for b in blocks[start + 1 :] if b.main and len(b.text) > LONGEST_LINE // 2)
    return range(start + 1, min(next(text, start + FEW_LINES), start + FIRST_LINES))


def _times(
    block: Block, language: str, moments: Mapping[int, Sequence[str]], *, dated: bool = False
) -> list[Interval]:
    """The moments that a line tells, earliest first; none of a line that tells something else.

    Args:
        block: The line.
        language: ISO 639-1 code, or empty.
        moments: As `find_times` has them.
        dated: Whether any date in it is the article's, though nothing says so.
    """
    dated = dated and block.kind not in (BlockKind.HEADING, BlockKind.LINK)
    dated = dated and not block.text.endswith(SENTENCE_ENDS)
    stated = moments.get(block.index, ())
    timed = stated or block.kind is BlockKind.TIME or TIME_WORDS & set(block.hints[:NEAR_HINTS])
    told = timed or dated or _starts_like_time(block.text)
    if len(block.text) > LONGEST_LINE // 2 or not told:
        return []
    values = [_trusted(value, block.text) for value in stated]
    found = [one for value in values if (one := interval(value, "time-element"))]
    if len(found) < 2:
        shown = interval(block.text, "visible-text", language)
        found = [one for one in (narrowest([*found, *([shown] if shown else [])]),) if one]
    return sorted(found, key=lambda one: one.earliest)


def _trusted(value: str, shown: str) -> str:
    """What of a ``datetime`` may be believed: midnight is a day, UTC none where readers see it.

    Sites write their own clock's time with a ``Z``; a reader who sees the same hour and no zone
    shows that it is none.
    """
    value = value.strip()
    if MIDNIGHT.fullmatch(value):
        return value[:10]
    match = UTC_VALUE.fullmatch(value)
    return match["local"] if match and match["clock"] in shown and "UTC" not in shown else value


def _entries(
    blocks: Sequence[Block], language: str, moments: Mapping[int, Sequence[str]]
) -> dict[int, Interval]:
    """The times of a live ticker's entries, by block: set alike, each with story behind it."""
    alike: dict[tuple[str, ...], dict[int, Interval]] = defaultdict(dict)
    waiting: tuple[Block, Interval] | None = None
    looked = 0
    for block in blocks:
        if block.kind is BlockKind.LINK:
            continue
        times = _times(block, language, moments) if looked < MOST_ENTRIES else []
        looked += bool(times)
        if times:
            waiting = block, times[0]
        elif waiting and block.main and block.kind is not BlockKind.HEADING:
            alike[waiting[0].hints[:NEAR_HINTS]][waiting[0].index] = waiting[1]
            waiting = None
    found = max(alike.values(), key=len, default={})
    return found if len(found) >= LEAST_ENTRIES else {}


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
