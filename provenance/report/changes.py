"""What one version added, cut and changed beside the version it was most likely taken from."""

from __future__ import annotations

from dataclasses import dataclass

from provenance.article import WrapperKind
from provenance.compare import BlockRole, Comparison, Pair, Role
from provenance.jobs.check import CheckResult
from provenance.origin import Version
from provenance.report.wording import hop_to

_TELLING = frozenset(
    {
        None,
        WrapperKind.BYLINE,
        WrapperKind.CREDIT,
        WrapperKind.DATELINE,
        WrapperKind.DISCLAIMER,
        WrapperKind.STANDFIRST,
    }
)
"""Kinds of block whose absence says something; that a menu was not copied does not."""


@dataclass(frozen=True, slots=True)
class Changes:
    """One version beside another.

    Attributes:
        kept: Blocks of body text that the other version has word for word.
        edited: Aligned blocks whose words differ.
        added: Block indexes that only this version has.
        cut: Block indexes of the other version that this one lacks and that tell something.
    """

    kept: int
    edited: tuple[Pair, ...]
    added: tuple[int, ...]
    cut: tuple[int, ...]


def changes(roles: tuple[BlockRole, ...], comparison: Comparison, other: Version) -> Changes:
    """Sum up an alignment.

    Args:
        roles: The roles of the blocks of the first version.
        comparison: The first version (as `a`) beside the other.
        other: The other version, read by itself.
    """
    pairs, kinds = comparison.pairs, other.kinds
    kept = {p.a for p in pairs if p.a is not None and p.b is not None and p.similarity == 1}
    return Changes(
        kept=sum(roles[a].role is not Role.WRAPPER for a in kept),
        edited=tuple(p for p in pairs if p.a is not None and p.b is not None and p.similarity < 1),
        added=tuple(p.a for p in pairs if p.a is not None and p.b is None),
        cut=tuple(p.b for p in pairs if p.a is None and p.b is not None and kinds[p.b] in _TELLING),
    )


def reference(result: CheckResult) -> Version | None:
    """The version to set the checked page beside: its parent in the chain, else its best match."""
    hop = hop_to(result)
    others = {other.article.id: other for other in result.others}
    if hop and hop.parent.article in others:
        return others[hop.parent.article]
    return result.others[0] if result.others else None
