"""Whether what ends one paragraph signs all of the text, or only speaks of that paragraph.

A live ticker, a press review, a list of links name a source behind each entry; the last words of a
story sign the story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from provenance.article import Block
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.language.lines import in_last_bracket
from provenance.attribution.wrapper.kinds import BlockJudgement
from provenance.attribution.wrapper.sights import Page

_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}\b")
_ENTRIES = 3
"""Entries that open with a time of day from which a text is a ticker."""
_SOURCES = 3
"""Sources, each behind another paragraph, from which none of them signs all."""


@dataclass(frozen=True)
class Closing:
    """The ends of a story's paragraphs.

    Attributes:
        page: The page.
        judgements: What each of its blocks does.
    """

    page: Page
    judgements: tuple[BlockJudgement, ...]

    def signs_all(self, block: Block, *, signed: bool) -> bool:
        """Whether a bare credit behind a paragraph's last sentence is that of the text.

        Args:
            block: The paragraph.
            signed: The outlet's own people sign above the story.
        """
        if block.index in self._entries or len(self._sources) >= _SOURCES:
            return False
        return not signed or not any(at > block.index for at in self._story)

    @cached_property
    def _story(self) -> tuple[int, ...]:
        """Indices of the story's paragraphs."""
        prose = self.page.layout.prose
        return tuple(at for at in prose if self.judgements[at].kind is None)

    @cached_property
    def _entries(self) -> frozenset[int]:
        """Indices of the entries of a ticker, each with its time before it or at its start."""
        blocks = self.page.article.blocks
        timed = []
        for block in blocks:
            above = blocks[block.index - 1].text if block.index else ""
            if _CLOCK.match(block.text) or _CLOCK.fullmatch(above.split(" ")[0]):
                timed.append(block.index)
        found = [at for at in timed if at in self._story]
        return frozenset(found if len(found) >= _ENTRIES else ())

    @cached_property
    def _sources(self) -> frozenset[str]:
        """What stands in brackets behind paragraphs, where it may be a source."""
        article, agencies = self.page.article, self.page.agencies
        found = set()
        for block, judged in zip(article.blocks, self.judgements, strict=True):
            inside = in_last_bracket(block.text) if judged.kind is None else ""
            read = read_credit(inside, agencies, article.language) if inside else None
            if read and not read.photo and (read.mentions or len(read.names) == 1):
                found.add(inside)
        return frozenset(found)
