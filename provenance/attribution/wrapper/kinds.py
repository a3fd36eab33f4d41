"""What each block of a page does: the story itself, or one kind of wrapper around it.

First the rules that are sure of a kind: headlines, times, pictures, bylines, credits, disclaimers.
What is left is story or wrapper: on a page with markup by rules, in a pasted text by the run of
lines that `weighing` finds. Of what kind such wrapper is, the signs of the line say (`signs`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from provenance.article import Article, Party, WrapperKind
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.outlets.names import brand_of
from provenance.attribution.outlets.parties import outlet_in, outlet_party
from provenance.attribution.wrapper import credit_rules, furniture_rules
from provenance.attribution.wrapper.sights import Sight, page_of
from provenance.attribution.wrapper.weighing import likeliest_kinds


@dataclass(frozen=True, slots=True)
class BlockJudgement:
    """What one block does.

    Attributes:
        kind: The kind of wrapper, or None for the story's own text.
        party: The agency or outlet that a wrapper block names or speaks for, when there is one.
    """

    kind: WrapperKind | None
    party: Party | None = None


def wrapper_kinds(article: Article, agencies: Agencies) -> tuple[BlockJudgement, ...]:
    """Judge every block of a page by itself, without another copy.

    Args:
        article: The page.
        agencies: The known agencies.

    Returns:
        One judgement for each block, in order.
    """
    page = page_of(article, agencies)
    layout = page.layout
    likeliest = likeliest_kinds(article.blocks, article.title, layout.first, layout.last)
    kinds = [_kind(page.sight(block), likeliest) for block in article.blocks]
    brands = page.brands(kinds)
    return tuple(
        BlockJudgement(kind, _party(page.sight(block), kind, brands) if kind else None)
        for block, kind in zip(article.blocks, kinds, strict=True)
    )


def with_furniture(
    article: Article, judgements: Sequence[BlockJudgement], furniture: Sequence[bool]
) -> tuple[BlockJudgement, ...]:
    """The judgements, with blocks that are known to be the outlet's furniture made wrapper.

    Only what was held for story changes; its kind is the likeliest by its signs.

    Args:
        article: The page.
        judgements: What `wrapper_kinds` says of it.
        furniture: For each block whether the outlet puts it around unrelated articles.
    """
    story = [at for at, judged in enumerate(judgements) if not judged.kind and not furniture[at]]
    first, last = (story[0], story[-1]) if story else (len(article.blocks), -1)
    likeliest = likeliest_kinds(article.blocks, article.title, first, last)
    return tuple(
        BlockJudgement(likeliest(at)) if known and judged.kind is None else judged
        for at, (judged, known) in enumerate(zip(judgements, furniture, strict=True))
    )


def _kind(sight: Sight, likeliest: Callable[[int], WrapperKind]) -> WrapperKind | None:
    certain = next(filter(None, (rule(sight) for rule in _CERTAIN)), None)
    if certain:
        near = sight.near or certain in _ANYWHERE
        return certain if near else likeliest(sight.block.index)
    story = sight.page.layout.story
    if story is None:
        wrapper = any(rule(sight) for rule in _WRAPPER)
    else:
        wrapper = sight.block.index not in story
    if not wrapper and furniture_rules.invites(sight):
        return WrapperKind.PROMOTION
    return likeliest(sight.block.index) if wrapper else None


_CERTAIN: tuple[Callable[[Sight], WrapperKind | None], ...] = (
    furniture_rules.consent,
    furniture_rules.menu,
    credit_rules.headline,
    credit_rules.signoff,
    credit_rules.source_link,
    credit_rules.notice,
    credit_rules.timestamp,
    credit_rules.picture,
    credit_rules.marked_source,
    credit_rules.byline,
    credit_rules.disclaimer,
    furniture_rules.notice,
    furniture_rules.summary,
)
"""Rules that know a line's kind; the first that fits decides."""
_WRAPPER: tuple[Callable[[Sight], bool], ...] = (
    furniture_rules.worded,
    furniture_rules.above,
    furniture_rules.outside,
)
"""Rules by which a line of a page with markup is wrapper; the signs say of what kind."""
_ANYWHERE = frozenset({
    WrapperKind.SOURCE_LINK, WrapperKind.DISCLAIMER, WrapperKind.CREDIT,
    WrapperKind.LEGAL,
})  # fmt: skip


def _party(sight: Sight, kind: WrapperKind, brands: tuple[str, ...]) -> Party | None:
    """Whom a wrapper block names: an agency for credits, an outlet for brands and promotions."""
    page = sight.page
    if kind is WrapperKind.HEADLINE:
        brand = brand_of(sight.text)
        return outlet_party(brand, sight.block, page.article) if brand in brands else None
    credits = (
        WrapperKind.BYLINE,
        WrapperKind.CREDIT,
        WrapperKind.PHOTO_CREDIT,
        WrapperKind.DATELINE,
        WrapperKind.LEGAL,
    )
    if kind in credits:
        mention = next(iter(sight.mentions), None)
        return Party("agency", mention.agency.id, mention.agency.name) if mention else None
    if kind is WrapperKind.DISCLAIMER and sight.notice and sight.notice.speaker:
        return outlet_party(sight.notice.speaker, sight.block, page.article)
    if kind in (WrapperKind.DISCLAIMER, WrapperKind.SOURCE_LINK, WrapperKind.PROMOTION):
        party = outlet_in(sight.block, sight.hits, page.article, page.agencies, brands)
        if party or kind is not WrapperKind.DISCLAIMER or not sight.mentions:
            return party
        return Party("agency", sight.mentions[0].agency.id, sight.mentions[0].agency.name)
    return None
