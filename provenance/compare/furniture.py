"""Blocks that an outlet puts around whatever it publishes, learned from its unrelated articles.

A menu line, a subscription box or a standing disclaimer recurs across stories that have nothing
else in common; that makes it wrapper even on a page of which no second copy exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from provenance.article import Article

STORIES = 3
"""Unrelated articles of one outlet that must have a block before it is furniture."""
RELATED = 0.5
"""Share of the shorter article's paragraphs above which two articles tell the same story."""
_PARAGRAPH = 60
"""Letters from which a block of the main text tells which story it is."""
_SAMPLE = 12
"""Articles looked at for each block: enough to find `STORIES` unrelated ones, bounded for all."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is known to be furniture.

    Attributes:
        blocks: For each outlet's registrable domain, the folded texts of its furniture blocks.
    """

    blocks: Mapping[str, frozenset[str]]

    @classmethod
    def learn(cls, articles: Iterable[Article], *, stories: int = STORIES) -> Furniture:
        """Learn each outlet's furniture; articles of no known outlet teach nothing.

        Updates and reprints of one story count once, so that a text is never taken for
        furniture because its outlet published it again.

        Args:
            articles: Any articles, any order, any outlets; held until done.
            stories: Unrelated articles that must have a block.
        """
        holders: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        seen = list(articles)
        paragraphs = cache(lambda number: _paragraphs(seen[number]))
        for number, article in enumerate(seen):
            keys = {_fold(block.text) for block in article.blocks}
            domain = article.outlet.domain if article.outlet else ""
            for key in keys if domain else ():
                if len(holders[domain][key]) < _SAMPLE:
                    holders[domain][key].append(number)
        return cls(
            {
                domain: frozenset(
                    key
                    for key, numbers in blocks.items()
                    if len(numbers) >= stories
                    and _unrelated([paragraphs(number) - {key} for number in numbers], stories)
                )
                for domain, blocks in holders.items()
            }
        )

    def is_furniture(self, domain: str, text: str) -> bool:
        """Whether a block with these words is known furniture of the outlet."""
        return _fold(text) in self.blocks.get(domain, frozenset())

    def of(self, article: Article) -> tuple[bool, ...]:
        """For each block of an article whether it is known furniture of its outlet."""
        known = self.blocks.get(article.outlet.domain if article.outlet else "", frozenset())
        return tuple(bool(known) and _fold(block.text) in known for block in article.blocks)


def _fold(text: str) -> str:
    """A text without regard to case and white space."""
    return " ".join(text.casefold().split())


def _paragraphs(article: Article) -> frozenset[str]:
    """The paragraphs of the main text: they tell which story an article is."""
    return frozenset(_fold(text) for text in article.text.split("\n") if len(text) >= _PARAGRAPH)


def _unrelated(articles: list[frozenset[str]], stories: int) -> bool:
    """Whether at least so many of the articles, given by their paragraphs, tell other stories."""
    chosen: list[frozenset[str]] = []
    for article in articles:
        if not any(_same_story(article, other) for other in chosen):
            chosen.append(article)
    return len(chosen) >= stories


def _same_story(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) > RELATED * min(len(a), len(b))
