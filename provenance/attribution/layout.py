"""Where on the page the story is: what stands before, in and after it decides what a line means.

A line "AFP" under the headline is a byline, after the last paragraph a sign-off, in the middle of a
list of other stories nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from provenance.article import Article, Block, BlockKind
from provenance.attribution.hints import hinted

AHEAD = 30
"""Blocks before the first paragraph that may still belong to the article's head."""
BEHIND = 10
"""Blocks after the last paragraph that may still belong to the article's end."""
_WORDS = 12
"""Words from which a block is running text."""
_LETTERS_PER_WORD = 2.5
"""Letters that count as a word in scripts without spaces."""
_LINKED = 0.5
_SENTENCE_ENDS = tuple(".!?…。！？।॥؟۔:;።")
_QUOTES = " \t\"'“”»«’‘」』›"
_GAP = 60
"""Blocks without running text that end the story."""
_PROSE_KINDS = (
    BlockKind.PARAGRAPH,
    BlockKind.QUOTE,
    BlockKind.LIST_ITEM,
    BlockKind.PREFORMATTED,
    BlockKind.OTHER,
)


class Place(StrEnum):
    """Where a block stands, seen from the story."""

    BEFORE = "before"
    HEAD = "head"
    BODY = "body"
    TAIL = "tail"
    AFTER = "after"


@dataclass(frozen=True)
class Layout:
    """The order of a page.

    Attributes:
        article: The page.
    """

    article: Article

    @cached_property
    def prose(self) -> tuple[int, ...]:
        """Indices of the main blocks that are running text and belong together."""
        found = [block.index for block in self.article.blocks if is_prose(block)]
        whole = [i for i in found if ends_sentence(self.article.blocks[i].text)]
        # Some scripts write no full stops; where they are written, a line without is no paragraph.
        found = whole if 2 * len(whole) >= len(found) else found
        runs: list[list[int]] = []
        for index in found:
            if runs and index - runs[-1][-1] <= _GAP:
                runs[-1].append(index)
            else:
                runs.append([index])
        blocks = self.article.blocks
        best = max(runs, key=lambda run: sum(words(blocks[i].text) for i in run), default=[])
        return tuple(best)

    @cached_property
    def first(self) -> int:
        """Index of the first paragraph; past the end when there is none."""
        return self.prose[0] if self.prose else len(self.article.blocks)

    @cached_property
    def last(self) -> int:
        """Index of the last paragraph; -1 when there is none."""
        return self.prose[-1] if self.prose else -1

    @cached_property
    def title(self) -> int:
        """Index of the headline's last showing before the story, or -1."""
        return next(
            (i for i in range(min(self.first, len(self.article.blocks)) - 1, -1, -1)
             if self.article.blocks[i].kind is BlockKind.TITLE),
            -1,
        )  # fmt: skip

    def place(self, index: int) -> Place:
        """Where a block stands."""
        if self.first <= index <= self.last:
            return Place.BODY
        if index < self.first:
            start = max(self.title - 4, 0) if self.title >= 0 else 0
            return Place.HEAD if max(start, self.first - AHEAD) <= index else Place.BEFORE
        return Place.TAIL if index <= self.last + BEHIND else Place.AFTER


def is_prose(block: Block) -> bool:
    """Whether a block is running text that the extractor holds for the story."""
    return (
        block.main
        and block.kind in _PROSE_KINDS
        and words(block.text) >= _WORDS
        and link_share(block) < _LINKED
        and not hinted(block, "promotion")
    )


def ends_sentence(text: str) -> bool:
    """Whether a text closes with the end of a sentence, in any script."""
    return text.rstrip(_QUOTES)[-1:] in _SENTENCE_ENDS


def words(text: str) -> int:
    """Number of words; in scripts without spaces, letters count for them."""
    spaced = len(text.split())
    letters = sum("\u0e00" <= char <= "\u0eff" or "\u3005" <= char <= "\u9fff" for char in text)
    return max(spaced, int(letters / _LETTERS_PER_WORD))


def link_share(block: Block) -> float:
    """Share of a block's text that is links."""
    return min(sum(len(link.text) for link in block.links) / max(len(block.text), 1), 1.0)
