"""Blocks that an outlet puts around whatever it publishes, learned from its unrelated articles.

A menu line, a subscription box or a standing disclaimer recurs across stories that have nothing
else in common; that makes it wrapper even on a page of which no second copy exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
class Lines:
    """What one article teaches about its outlet's furniture, folded.

    Tuples of texts, unlike sets, cost the collector of garbage nothing, however many are kept.

    Attributes:
        domain: The outlet's registrable domain, or empty.
        blocks: Its blocks.
        paragraphs: The paragraphs of its main text: they tell which story it is.
    """

    domain: str
    blocks: tuple[str, ...]
    paragraphs: tuple[str, ...]

    @classmethod
    def of(cls, article: Article) -> Lines:
        """The lines of an article; two that are alike are held once."""
        blocks = {key: key for key in (_fold(block.text) for block in article.blocks)}
        long = (_fold(text) for text in article.text.split("\n") if len(text) >= _PARAGRAPH)
        return cls(
            domain=article.outlet.domain if article.outlet else "",
            blocks=tuple(blocks),
            paragraphs=tuple(blocks.get(key, key) for key in long),
        )


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is known to be furniture.

    Attributes:
        blocks: For each outlet's registrable domain, the folded texts of its furniture blocks.
    """

    blocks: Mapping[str, frozenset[str]]

    @classmethod
    def learn(cls, articles: Iterable[Lines], *, stories: int = STORIES) -> Furniture:
        """Learn each outlet's furniture; articles of no known outlet teach nothing.

        Updates and reprints of one story count once, so that a text is never taken for
        furniture because its outlet published it again.

        Args:
            articles: The lines of any articles, any order, any outlets; held until done.
            stories: Unrelated articles that must have a block.
        """
        holders: dict[str, dict[str, list[Lines]]] = defaultdict(lambda: defaultdict(list))
        for article in articles:
            known = holders[article.domain]
            for key in article.blocks if article.domain else ():
                if len(having := known[key]) < _SAMPLE:
                    having.append(article)
        return cls(
            {
                domain: frozenset(
                    key
                    for key, having in blocks.items()
                    if len(having) >= stories
                    and _unrelated([frozenset(each.paragraphs) - {key} for each in having], stories)
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


def _unrelated(articles: list[frozenset[str]], stories: int) -> bool:
    """Whether at least so many of the articles, given by their paragraphs, tell other stories."""
    chosen: list[frozenset[str]] = []
    for article in articles:
        if not any(_same_story(article, other) for other in chosen):
            chosen.append(article)
    return len(chosen) >= stories


def _same_story(a: frozenset[str], b: frozenset[str]) -> bool:
    return len(a & b) > RELATED * min(len(a), len(b))
