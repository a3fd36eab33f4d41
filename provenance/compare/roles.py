"""What part each block of a version plays once it lies beside the other versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from provenance.article import Article, WrapperKind
from provenance.compare.align import Comparison, block_words

SENTENCE = 12
"""Words from which a block is taken for a paragraph of a text and not for a line around one."""
_MISTAKEN = frozenset({WrapperKind.DATELINE, WrapperKind.STANDFIRST, WrapperKind.OTHER})
"""Kinds that a paragraph of the text can be mistaken for by its first words or its place."""


class Role(StrEnum):
    """The contract's `role`."""

    CORE = "core"
    WRAPPER = "wrapper"
    EDITED = "edited"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class BlockRole:
    """The part one block plays in the story.

    Attributes:
        role: ``core`` (text that another version has word for word, or, with no other version,
            body text), ``edited`` (text that another version has with other words), ``unmatched``
            (body text no other version has) or ``wrapper``.
        shared: The largest share of the block's words that one other version has, 0 to 1.
        versions: Ids of the versions that have the block or most of it, in the given order.
    """

    role: Role
    shared: float
    versions: tuple[str, ...]


def roles(
    article: Article, kinds: Sequence[WrapperKind | None], comparisons: Iterable[Comparison] = ()
) -> tuple[BlockRole, ...]:
    """Give each block its role, from the reading of the page and from the other versions.

    The page's own reading (`kinds`) leads: an inherited disclaimer stays wrapper however many
    versions share it. The other versions correct it where they know better: a paragraph taken
    for wrapper by its first words is core when other versions have it, word for word, inside
    their shared text; and short lines before the first or after the last shared paragraph that
    nobody else has are wrapper, since a text begins and ends with its core.

    Args:
        article: The version.
        kinds: For each block what the page alone says it is; None for body text.
        comparisons: The version (as `a`) beside each other version.

    Raises:
        ValueError: When `kinds` is not one for each block, or a comparison is of another article.
    """
    if len(kinds) != len(article.blocks):
        raise ValueError(f"{len(article.blocks)} blocks need as many kinds, got {len(kinds)}")
    lengths = [len(words.keys) for words in block_words(article)]
    others = [_Other.of(comparison, article, lengths) for comparison in comparisons]
    found = [_role(block, kind, others) for block, kind in enumerate(kinds)]
    text = [i for i, role in enumerate(found) if role.role in (Role.CORE, Role.EDITED)]
    if others and text:
        for i in range(text[0], text[-1]):
            if kinds[i] in _MISTAKEN and lengths[i] >= SENTENCE and found[i].versions:
                found[i] = _role(i, None, others)
        _trim(range(text[0]), found, lengths)
        _trim(range(len(found) - 1, text[-1], -1), found, lengths)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Other:
    """What one other version has of each block: its id, shares of words, blocks it has exactly."""

    id: str
    shares: dict[int, float]
    exact: frozenset[int]

    @classmethod
    def of(cls, comparison: Comparison, article: Article, lengths: Sequence[int]) -> _Other:
        if comparison.a != article.id:
            raise ValueError(f"comparison of {comparison.a!r} given for article {article.id!r}")
        equal: dict[int, int] = defaultdict(int)
        changed: set[int] = set()
        for pair in comparison.pairs:
            if pair.a is not None and pair.b is not None:
                equal[pair.a] += pair.equal
                changed |= {pair.a} if pair.similarity < 1 else set()
        shares = {i: min(1.0, n / lengths[i]) if lengths[i] else 1.0 for i, n in equal.items()}
        exact = {i for i, share in shares.items() if share == 1 and i not in changed}
        return cls(comparison.b, shares, frozenset(exact))


def _role(block: int, kind: WrapperKind | None, others: Sequence[_Other]) -> BlockRole:
    versions = tuple(other.id for other in others if block in other.shares)
    if kind is not None:
        role = Role.WRAPPER
    elif not others or any(block in other.exact for other in others):
        role = Role.CORE
    else:
        role = Role.EDITED if versions else Role.UNMATCHED
    return BlockRole(
        role, max((other.shares.get(block, 0.0) for other in others), default=0.0), versions
    )


def _trim(edge: Iterable[int], found: list[BlockRole], lengths: Sequence[int]) -> None:
    """Call short unmatched lines wrapper, from the page's edge up to its first paragraph."""
    for i in edge:
        if found[i].role is Role.UNMATCHED:
            if lengths[i] >= SENTENCE:
                return
            found[i] = BlockRole(Role.WRAPPER, 0.0, ())
