"""What one version added, cut and changed beside another: in the text, and around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.article import WrapperKind
from provenance.compare import BlockRole, Comparison, Pair, Role
from provenance.jobs.check import CheckResult
from provenance.origin import Version
from provenance.report.wording import hop_to

_TELLING = frozenset(
    {
        WrapperKind.BYLINE,
        WrapperKind.CREDIT,
        WrapperKind.DATELINE,
        WrapperKind.DISCLAIMER,
        WrapperKind.STANDFIRST,
    }
)
"""Kinds of line whose absence says something; that a menu was not copied does not."""
_REWORDED = _TELLING | {
    WrapperKind.HEADLINE,
    WrapperKind.CAPTION,
    WrapperKind.PHOTO_CREDIT,
    WrapperKind.SOURCE_LINK,
}
"""Kinds of line whose other words say something; that footers differ does not."""


@dataclass(frozen=True, slots=True)
class Changes:
    """One version beside another, its text apart from what stands around it.

    Attributes:
        kept: Blocks of text that the other version has word for word; a dateline counts as around.
        edited: Aligned blocks of text whose words differ.
        added: Blocks of text, by index, that only this version has.
        cut: Blocks of text of the other version that this one lacks.
        reworded: Aligned lines around the text that tell something and differ, and blocks of text
            that differ in their dateline only.
        around: Lines around the text that only this version has.
        dropped: Lines around the text of the other version that this one lacks and that tell
            something.
    """

    kept: int
    edited: tuple[Pair, ...]
    added: tuple[int, ...]
    cut: tuple[int, ...]
    reworded: tuple[Pair, ...]
    around: tuple[int, ...]
    dropped: tuple[int, ...]


def changes(
    version: Version, roles: tuple[BlockRole, ...], comparison: Comparison, other: Version
) -> Changes:
    """Sum up an alignment.

    Args:
        version: The first version.
        roles: The roles of its blocks.
        comparison: The first version (as `a`) beside the other.
        other: The other version, read by itself.
    """
    text = [role.role is not Role.WRAPPER for role in roles]
    kinds, other_kinds = version.kinds, other.kinds
    datelines = _datelines(version), _datelines(other)
    only = [pair.a for pair in comparison.pairs if pair.b is None and pair.a is not None]
    lacks = [pair.b for pair in comparison.pairs if pair.a is None and pair.b is not None]
    kept: set[int] = set()
    edited, reworded = [], []
    for pair in comparison.pairs:
        if pair.a is None or pair.b is None:
            continue
        is_text = text[pair.a] or other_kinds[pair.b] is None
        dated = is_text and pair.similarity < 1 and _in_datelines(pair, *datelines)
        if text[pair.a] and (pair.similarity == 1 or dated):
            kept.add(pair.a)
        if pair.similarity == 1:
            continue
        if is_text and not dated:
            edited.append(pair)
        elif dated or not _REWORDED.isdisjoint((kinds[pair.a], other_kinds[pair.b])):
            reworded.append(pair)
    return Changes(
        kept=len(kept),
        edited=tuple(edited),
        added=tuple(a for a in only if text[a]),
        cut=tuple(b for b in lacks if other_kinds[b] is None),
        reworded=tuple(reworded),
        around=tuple(a for a in only if not text[a]),
        dropped=tuple(b for b in lacks if other_kinds[b] in _TELLING),
    )


def _datelines(version: Version) -> Mapping[int, str]:
    """The agency's datelines at the heads of a version's blocks."""
    return {
        fact.block: fact.quote
        for fact in version.evidence
        if fact.kind == "dateline" and fact.block is not None
    }


def _in_datelines(pair: Pair, a: Mapping[int, str], b: Mapping[int, str]) -> bool:
    """Whether nothing but the datelines of two blocks differs."""
    assert pair.a is not None and pair.b is not None  # noqa: S101 - aligned
    first, *rest = pair.edits
    words = (first.a in a.get(pair.a, "")) and (first.b in b.get(pair.b, ""))
    return words and all(edit.kind == "equal" for edit in rest)


def reference(result: CheckResult) -> Version | None:
    """The version to set the checked page beside: its parent in the chain, else its best match."""
    hop = hop_to(result)
    others = {other.article.id: other for other in result.others}
    if hop and hop.parent.article in others:
        return others[hop.parent.article]
    return result.others[0] if result.others else None
