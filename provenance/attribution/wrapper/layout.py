"""Where on the page the story is: what stands before, in and after it decides what a line means.

A line "AFP" under the headline is a byline, after the last paragraph a sign-off, in the middle of a
list of other stories nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from provenance.article import Article, Block, BlockKind
from provenance.attribution.language.lines import ends_in_bracket, ends_sentence, link_share, words
from provenance.attribution.wrapper.hints import INNERMOST, hinted, is_picture
from provenance.attribution.wrapper.weighing import story_lines

AHEAD = 30
"""Blocks before the first paragraph that may still belong to the article's head."""
BEHIND = 12
"""Blocks after the last paragraph that may still belong to the article's end."""
_WORDS = 12
"""Words from which a block is running text."""
_LINKED = 0.5
_GAP = 30
"""Blocks without running text that end the story."""
_FAMILY = 6
"""Innermost hints that paragraphs of one text share."""
_MISSED = 2.0
"""A family of paragraphs outside the marked text, so many times larger, is the text."""
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
        """Indices of the paragraphs that are the story."""
        found = self._family()
        runs: list[list[int]] = []
        for index in found:
            if runs and index - runs[-1][-1] <= _GAP:
                runs[-1].append(index)
            else:
                runs.append([index])
        best = max(runs, key=self._words, default=[])
        while len(best) > 1 and self._is_teaser(best[-1], best):
            best.pop()
        return tuple(best)

    @cached_property
    def body_hints(self) -> tuple[str, ...]:
        """The innermost hints that most of the story's words have around them."""
        weights: Counter[tuple[str, ...]] = Counter()
        for index in self.prose:
            block = self.article.blocks[index]
            weights[block.hints[:INNERMOST]] += words(block.text)
        return max(weights, key=lambda hints: weights[hints], default=())

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
        before = range(min(self.first, len(self.article.blocks)) - 1, -1, -1)
        titles = (i for i in before if self.article.blocks[i].kind is BlockKind.TITLE)
        return next(titles, -1)

    def place(self, index: int) -> Place:
        """Where a block stands."""
        if self.first <= index <= self.last:
            return Place.BODY
        if index < self.first:
            start = max(self.title - 4, 0) if self.title >= 0 else 0
            return Place.HEAD if max(start, self.first - AHEAD) <= index else Place.BEFORE
        return Place.TAIL if index <= self.end else Place.AFTER

    @cached_property
    def end(self) -> int:
        """Index of the last block that may belong to the story's end."""
        index = self.last
        behind = self.article.blocks[self.last + 1 : self.last + 1 + BEHIND]
        # A short last paragraph is set like the others, though links were put before it.
        alike = (b.index for b in reversed(behind) if b.main and self._set_like_body(b))
        resumes = next(alike, -1)
        for block in behind:
            opens = block.kind in (BlockKind.HEADING, BlockKind.TITLE) and not block.main
            if block.index > resumes and (opens or hinted(block, "related", _FAMILY)):
                break
            index = block.index
        return index

    def _set_like_body(self, block: Block) -> bool:
        same = bool(block.hints) and block.hints[:INNERMOST] == self.body_hints
        return same and ends_sentence(block.text) and link_share(block) < _LINKED

    @cached_property
    def story(self) -> frozenset[int] | None:
        """The lines of the story, on a page of which nothing but the text is known; else None."""
        blocks = self.article.blocks
        bare = len(blocks) > 1 and not any(block.hints or block.links for block in blocks)
        return (story_lines(blocks) or None) if bare else None

    def _family(self) -> list[int]:
        """The paragraphs that the extractor marked, or those that it missed altogether."""
        paragraphs = [
            block
            for block in self.article.blocks
            if is_paragraph(block) and not hinted(block, "consent", _FAMILY)
        ]
        if self.story is not None:
            paragraphs = [block for block in paragraphs if block.index in self.story]
        whole = [block for block in paragraphs if ends_sentence(block.text)]
        first = whole[0].index if whole else len(self.article.blocks)
        # A bracket ends a caption before the text, a sign-off in it.
        signed = [b for b in paragraphs if b.index > first and ends_in_bracket(b.text)]
        whole = sorted((*whole, *signed), key=lambda block: block.index)
        # Some scripts write no full stops; where they are written, a line without is no paragraph.
        paragraphs = whole if 2 * len(whole) >= len(paragraphs) else paragraphs
        marked = [block.index for block in paragraphs if block.main]
        missed: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for block in paragraphs:
            if not block.main and not _in_furniture(block, _FAMILY):
                missed[block.hints[:_FAMILY]].append(block.index)
        largest = max(missed.values(), key=self._words, default=[])
        return largest if self._words(largest) > _MISSED * self._words(marked) else marked

    def _words(self, indices: list[int]) -> int:
        return sum(words(self.article.blocks[index].text) for index in indices)

    def _is_teaser(self, index: int, run: list[int]) -> bool:
        """Whether a last paragraph is laid out unlike the others, among other stories."""
        block = self.article.blocks[index]
        alike = sum(self.article.blocks[i].hints[:3] == block.hints[:3] for i in run)
        heading = self.article.blocks[index - 1]
        headed = heading.kind is BlockKind.HEADING and link_share(heading) >= _LINKED
        apart = _in_furniture(block, INNERMOST) or hinted(block, "standfirst")
        return (headed or apart) and 2 * alike < len(run)


def is_paragraph(block: Block) -> bool:
    """Whether a block is running text, the story's or another's."""
    return (
        block.kind in _PROSE_KINDS
        and words(block.text) >= _WORDS
        and link_share(block) < _LINKED
        and (block.main or not is_picture(block))
    )


def is_prose(block: Block) -> bool:
    """Whether a block is running text that the extractor holds for the story."""
    return block.main and is_paragraph(block)


def _in_furniture(block: Block, depth: int) -> bool:
    return any(hinted(block, kind, depth) for kind in ("related", "comment", "legal"))
