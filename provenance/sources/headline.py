"""Which visible blocks are the page's headline, its byline and its time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from provenance.article import Block, BlockKind, Interval
from provenance.sources.dates import interval, mostly_date, narrowest

ALIKE = 75.0
"""Similarity (0 to 100, token set) from which a heading is the headline the page states."""
LONGEST_HEADLINE = 400
LONGEST_LINE = 200
BYLINE_WORDS = frozenset(("byline", "author", "authors", "autor", "autoren", "auteur", "writer"))
NO_AUTHOR = re.compile(
    r"\W*(?:(?:by|von|par|por|di|door|av|af|authors?|autore?n?|print|email)\b\W*)*", re.I
)
"""Words before an author, or beside one, which alone name nobody."""
NEAR_HINTS, ENCLOSING = 6, 12
TIME_WORDS = frozenset(("time", "date", "datetime", "timestamp", "published", "updated", "datum"))
UPDATE_WORDS = ("update", "modif", "aktualis", "actualis", "mis à jour", "aggiorn", "güncel")
WORD = re.compile(r"[^\W_]+")
OTHER_STORIES = frozenset(("aside", "related", "recommended", "comment", "comments"))
BOLD = frozenset(("b", "strong", "big"))
SECTION_WORDS = 3
"""Words of a stated headline up to which it may be a section's name."""
MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]00:00(?::00(?:\.0{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?")
UTC_VALUE = re.compile(
    r"(?P<local>\d{4}-\d{2}-\d{2}[T ](?P<clock>\d{2}:\d{2})\S{0,10}?)(?:Z|[+-]00:?00)"
)
NO_MOMENTS: Mapping[int, Sequence[str]] = {}
LEAST_ENTRIES, MOST_ENTRIES = 3, 200
"""Times with text of the story behind them that make a ticker; and how many are looked at."""
SENTENCE_ENDS = (".", "!", "?", "。", "।", "؟", "”", "»", "」")
YEAR = 4
"""Digits of the shortest date that says when."""
HALF_DAY = re.compile(r"\b[ap]\.m\.$", re.I)
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
    if not headings and len(stated[0].split()) <= SECTION_WORDS:
        alone |= set(_in_bold(blocks, titles))
    return alone.pop() if len(alone) == 1 else stated[0]


def _in_bold(blocks: Sequence[Block], stated: Sequence[str]) -> list[str]:
    """The bold line above the text of a page without headings that does not show the stated one."""
    long = (b.index for b in blocks if len(b.text) > LONGEST_LINE // 2 and not b.links)
    above = blocks[: next(long, 0)]
    if any(_plain(block.text) in stated for block in above):
        return []
    return [
        block.text
        for block in above
        if block.hints[:1]
        and block.hints[0] in BOLD
        and len(block.text.split()) > SECTION_WORDS
        and not block.text.endswith(SENTENCE_ENDS)
    ]


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
        marked = BYLINE_WORDS & set(block.hints[:NEAR_HINTS])
        if marked and len(block.text) <= LONGEST_LINE and not NO_AUTHOR.fullmatch(block.text):
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
    lines = [one for one in _near_title(blocks) if one.index < min(entries, default=len(blocks))]
    for block, found in _by_trust(lines, _head(blocks), language, moments):
        if len(found) == 1 and _update_at(block.text) >= 0 and not _before_update(block.text):
            modified = modified or found[0]
        else:
            published = published or found[0]
            modified = modified or (found[-1] if len(found) > 1 else None)
    if entries:
        ordered = sorted(entries.values(), key=lambda one: one.earliest)
        published, modified = published or ordered[0], modified or ordered[-1]
    return published, modified


def _by_trust(
    lines: Sequence[Block], head: range, language: str, moments: Mapping[int, Sequence[str]]
) -> Iterator[tuple[Block, list[Interval]]]:
    """Lines that tell a time, those first where it is most likely the article's.

    Between headline and text the page's own words or markup say that it is a time; then they say so
    above, where a site's clock stands, too; then a date stands in a line next to the headline,
    though nothing says so; then come the lines behind.
    """
    above = [one for one in lines if one.index < head.start]
    inside = [one for one in lines if one.index in head]
    behind = [one for one in lines if one.index >= head.stop]
    behind = [one for one in behind if one.main or not OTHER_STORIES & set(one.hints[:ENCLOSING])]
    told = set()
    for block, dated in (
        *((one, False) for one in inside if not _is_sentence(one.text)),
        *((one, False) for one in above),
        *((one, True) for one in (*inside, *above[-2:-1])),
        *((one, False) for one in behind),
    ):
        found = [] if block.index in told else _times(block, language, moments, dated=dated)
        if found:
            told.add(block.index)
            yield block, found


def _head(blocks: Sequence[Block]) -> range:
    """The lines between the headline and the text, where a date is the article's."""
    start = next((b.index for b in blocks if b.kind is BlockKind.TITLE), len(blocks))
    long = (b for b in blocks[start + 1 :] if b.main and len(b.text) > LONGEST_LINE // 2)
    text = (b.index for b in long if b.kind is not BlockKind.HEADING)
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
    author = block.kind is BlockKind.LINK and BYLINE_WORDS & set(block.hints[:NEAR_HINTS])
    dated = dated and (
        block.kind not in (BlockKind.HEADING, BlockKind.LINK)
        or bool(author)
        or (block.kind is BlockKind.HEADING and mostly_date(block.text))
    )
    dated = dated and not _is_sentence(block.text)
    stated = moments.get(block.index, ())
    timed = stated or block.kind is BlockKind.TIME or TIME_WORDS & set(block.hints[:NEAR_HINTS])
    told = timed or dated or _starts_like_time(block.text)
    if len(block.text) > (LONGEST_LINE if dated else LONGEST_LINE // 2) or not told:
        return []
    values = [_trusted(value, block.text) for value in stated]
    found = [one for value in values if (one := interval(value, "time-element"))]
    if len(found) < 2:
        before = _before_update(block.text)
        shown = interval(before or block.text, "visible-text", language)
        found = [one for one in (narrowest([*found, *([shown] if shown else [])]),) if one]
        later = interval(block.text[len(before) :], "visible-text", language) if before else None
        found += [later] if later and found else []
    return sorted(found, key=lambda one: one.earliest)


def _update_at(text: str) -> int:
    """Where a line says that something was changed, or -1."""
    return max((text.lower().find(word) for word in UPDATE_WORDS), default=-1)


def _before_update(text: str) -> str:
    """What a line says with figures before it says that something was changed, or empty."""
    before = text[: max(_update_at(text), 0)]
    return before if sum(map(str.isdigit, before)) >= YEAR else ""


def _is_sentence(text: str) -> bool:
    """Whether a line ends as a sentence, and not with "p.m."."""
    return HALF_DAY.sub("", text).endswith(SENTENCE_ENDS)


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


def _near_title(blocks: Sequence[Block]) -> Sequence[Block]:
    start = next((b.index for b in blocks if b.kind is BlockKind.TITLE), 0)
    return blocks[max(0, start - FIRST_LINES // 3) : start + FIRST_LINES]


def _alike(a: str, b: str) -> float:
    """Token similarity; a heading that holds only a word or two of the title `b` is not alike."""
    if not a or not b or len(a) < len(b) / 3:
        return 0.0
    return max(fuzz.ratio(a, b), fuzz.token_set_ratio(a, b) if len(a) > len(b) / 2 else 0.0)


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
