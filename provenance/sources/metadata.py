"""What a page says about itself, apart from its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from provenance.article import Block, BlockKind, Claim, Interval, Outlet
from provenance.sources.blocks import collapse
from provenance.sources.identity import domain_of, host_of


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str
    outlet: Outlet | None
    byline: str
    language: str
    own_url: str
    canonical_url: str
    published: Interval | None
    modified: Interval | None
    claims: tuple[Claim, ...]


def read_metadata(root: etree._Element, url: str) -> Metadata:
    metas: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        if name and element.get("content"):
            metas.setdefault(name, collapse(element.get("content", "")))
    canonical = next(
        (e.get("href", "") for e in root.iter("link") if e.get("rel") == "canonical"), ""
    )
    own = metas.get("og:url") or canonical
    domain = domain_of(url or own)
    h1 = next((collapse("".join(e.itertext())) for e in root.iter("h1")), "")
    claims = tuple(
        Claim(f"meta:{name}", value)
        for name, value in metas.items()
        if name.endswith(("author", "creator", "source", "copyright", "publisher"))
    )
    return Metadata(
        title=h1 or metas.get("og:title", ""),
        outlet=Outlet(domain, metas.get("og:site_name") or domain) if domain else None,
        byline=metas.get("author", ""),
        language=(root.get("lang") or "")[:2].lower(),
        own_url=own if host_of(own) else "",
        canonical_url=canonical,
        published=None,
        modified=None,
        claims=claims,
    )


def mark_title(blocks: Sequence[Block], title: str) -> list[Block]:
    """Give the page's own headline its kind."""
    return [
        replace(block, kind=BlockKind.TITLE)
        if block.kind == BlockKind.HEADING and block.text == title
        else block
        for block in blocks
    ]
