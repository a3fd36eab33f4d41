"""Plain text → `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median
from unicodedata import east_asian_width

from provenance.article import Article, Block, BlockKind, InputError, Interval, Outlet
from provenance.sources.blocks import LETTERS, collapse
from provenance.sources.dates import mostly_date
from provenance.sources.encoding import mend
from provenance.sources.headline import find_times
from provenance.sources.identity import canonical_address, text_digest
from provenance.sources.languages import language_of

SHORTEST_TITLE, LONGEST_TITLE = 20, 250
PARAGRAPH, FEW_PARAGRAPHS = 100, 2
SENTENCE_END = (".", "!", "?", "。", "।", "؟", "”", '"')
QUOTES = '”"»」'
WRAP_WIDTHS = range(40, 121)
SIGNED = re.compile(
    r"(?:[Bb]y|BY|Written by|Reported by) [A-Z]\w+ (?:[A-Z]|and\b)"
    r"|(?:[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa]v|[Aa]f) [A-Z]\w+(?: [A-Z]\w+){1,2}(?:[/,].*)?$"
)
"""How a byline looks; it would be taken for a headline, and stands below one."""
BLANK_LINES = re.compile(r"\n[^\S\n]{0,200}\n")


def article_from_text(
    text: str,
    *,
    source: str = "",
    id: str = "",
    url: str = "",
    outlet: Outlet | None = None,
    title: str = "",
    byline: str = "",
    published: Interval | None = None,
    modified: Interval | None = None,
    language: str = "",
) -> Article:
    """Read one article from plain text.

    Non-empty lines are blocks; the lines of a hard-wrapped paragraph (set apart by blank lines)
    are joined again. Every block is main text but the title.

    Args:
        text: The text.
        source: Where it came from.
        id: Its id, where it has one.
        url: Its address, where known.
        outlet: Who published it, where known.
        title: Its headline; guessed from the first lines where not given.
        byline: Author line.
        published: When it was published.
        modified: When it last changed.
        language: ISO 639-1 code; told from the text where not given.

    Raises:
        InputError: There is no text.
    """
    lines = list(paragraphs(mend(text.replace("\x00", ""))))
    if not lines:
        raise InputError(f"{source or 'text'}: no text in it")
    language = language or language_of((), text)
    title = collapse(title) or guess_title(lines)
    blocks = [Block(index, line) for index, line in enumerate(lines)]
    blocks = [
        replace(block, kind=BlockKind.TITLE, main=False) if block.text == title else block
        for block in blocks
    ]
    if not any(block.main for block in blocks):
        blocks = [replace(block, main=True) for block in blocks]
    if published is None and modified is None:
        published, modified = find_times(blocks, language)
    return Article(
        id=id or (canonical_address(url) if url else text_digest("\n".join(lines))),
        blocks=tuple(blocks),
        url=url,
        outlet=outlet,
        title=title,
        byline=byline,
        published=published,
        modified=modified,
        language=language,
        source=source,
    )


def paragraphs(text: str) -> Iterator[str]:
    """Paragraphs with white space collapsed, hard-wrapped lines joined."""
    for chunk in BLANK_LINES.split("\n".join(text.splitlines())):
        lines = [line for line in map(collapse, chunk.split("\n")) if LETTERS.search(line)]
        if _hard_wrapped(lines):
            yield " ".join(lines)
        else:
            yield from lines


def _hard_wrapped(lines: list[str]) -> bool:
    """Whether lines were broken at a column: all but the last about equally long."""
    if len(lines) < 2:
        return False
    widths = [len(line) for line in lines[:-1]]
    longest = max(map(len, lines))
    typical = median(widths)
    return (
        longest in WRAP_WIDTHS
        and typical >= 0.8 * longest
        and sum(not line.endswith(SENTENCE_END) for line in lines[:-1]) * 2 >= len(widths)
    )


def guess_title(lines: list[str]) -> str:
    """The first line that reads like a headline, or stands above a byline, if a text follows."""
    if len(lines) < 3:
        return ""
    told = 0
    for line, below in pairwise(lines[:5]):
        told += line.endswith(SENTENCE_END) and _width(line) >= PARAGRAPH
        if _width(line) > LONGEST_TITLE or told >= FEW_PARAGRAPHS:
            break  # what stands below a text is no headline
        signed = SIGNED.match(below) and not SIGNED.match(line)
        alike = _width(line) >= SHORTEST_TITLE and not SIGNED.match(line)
        plain = not (line.rstrip(QUOTES).endswith(SENTENCE_END) or mostly_date(line))
        if (signed or alike) and plain:
            return line
    return ""


def _width(line: str) -> float:
    """Letters a line is worth: a sign of Chinese and its like says as much as 2.5."""
    return sum(2.5 if east_asian_width(char) in "WF" else 1 for char in line)
