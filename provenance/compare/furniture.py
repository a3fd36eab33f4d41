"""Blocks that an outlet puts around whatever it publishes, learned from its unrelated articles.

A menu line, a subscription box or a standing disclaimer recurs across stories that have nothing
else in common; that makes it wrapper even on a page of which no second copy exists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from provenance.article import Article
from provenance.compare.align import block_words
from provenance.compare.words import words_of

STORIES = 3
"""Unrelated articles of one outlet that must have a block before it is furniture."""
RELATED = 0.5
"""Share of the shorter article's paragraphs above which two articles tell the same story."""
_PARAGRAPH = 12
"""Words from which a block is a paragraph."""
_SAMPLE = 12
"""Articles looked at for each block: enough to find `STORIES` unrelated ones, bounded for all."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is known to be furniture.

    Attributes:
        blocks: For each outlet's registrable domain, the keys of its furniture blocks.
    """

    blocks: Mapping[str, frozenset[bytes]]

    @classmethod
    def learn(cls, articles: Iterable[Article], *, stories: int = STORIES) -> Furniture:
        """Learn each outlet's furniture; articles of no known outlet teach nothing.

        Updates and reprints of one story count once, so that a text is never taken for
        furniture because its outlet published it again.

        Args:
            articles: Any articles, any order, any outlets; read once.
            stories: Unrelated articles that must have a block.
        """
        holders: dict[str, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
        paragraphs: list[frozenset[bytes]] = []
        for number, article in enumerate(articles):
            keys = {_key(words.keys) for words in block_words(article) if words.keys}
            paragraphs.append(_paragraphs(article))
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
                    and _unrelated([paragraphs[number] - {key} for number in numbers], stories)
                )
                for domain, blocks in holders.items()
            }
        )

    def is_furniture(self, domain: str, text: str) -> bool:
        """Whether a block with these words is known furniture of the outlet."""
        return _key(words_of([text])[0].keys) in self.blocks.get(domain, frozenset())

    def of(self, article: Article) -> tuple[bool, ...]:
        """For each block of an article whether it is known furniture of its outlet."""
        known = self.blocks.get(article.outlet.domain if article.outlet else "", frozenset())
        return tuple(bool(w.keys) and _key(w.keys) in known for w in block_words(article))


def _paragraphs(article: Article) -> frozenset[bytes]:
    """The keys of the paragraphs of the main text: they tell which story an article is."""
    rows = zip(article.blocks, block_words(article), strict=True)
    return frozenset(
        _key(words.keys) for block, words in rows if block.main and len(words.keys) >= _PARAGRAPH
    )


def _key(words: tuple[str, ...]) -> bytes:
    """Sixteen bytes that stand for a block's words."""
    return blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _unrelated(articles: list[frozenset[bytes]], stories: int) -> bool:
    """Whether at least so many of the articles, given by their paragraphs, tell other stories."""
    chosen: list[frozenset[bytes]] = []
    for article in articles:
        if not any(_same_story(article, other) for other in chosen):
            chosen.append(article)
    return len(chosen) >= stories


def _same_story(a: frozenset[bytes], b: frozenset[bytes]) -> bool:
    return len(a & b) > RELATED * min(len(a), len(b))
