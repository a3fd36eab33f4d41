"""What a page's head states: addresses, outlet, headlines, authors, times, claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from provenance.article import Claim, Interval, Outlet
from provenance.sources import json_ld
from provenance.sources.blocks import absolute, collapse
from provenance.sources.dates import interval, narrowest
from provenance.sources.identity import canonical_address, domain_of, host_of
from provenance.sources.outlet import TITLE_PARTS, outlet_of, own_domain, resembles

LONGEST_VALUE = 500
BEHIND_NAME = re.compile(r"\s?[:|]\s|\s[-–—·•»]\s")
"""What stands in a title between an outlet's name and the headline behind it."""
MOST_METAS = 1000
CLAIM_ENDINGS = (
    "author", "authors", "creator", "source", "agency", "agencies", "byline", "byl", "provider",
    "copyright", "publisher", "rights", "rightsholder", "credit", "syndicator", "site_name",
)  # fmt: skip
ADDRESSED = ("og:url", "parsely-link", "twitter:url", "cxenseparse:url")
NOT_CLAIMS = frozenset(("traffic-source", "utm_source", "image:source", "og:image:source"))
ROBOTS = ("robots", "googlebot", "googlebot-news")
AUTHOR_METAS = (
    "author", "authors", "article:author", "dc.creator", "dcterms.creator", "byl",
    "parsely-author", "sailthru.author", "cxenseparse:author", "og:article:author",
    "article:author_name", "twitter:creator:name",
)  # fmt: skip
TITLE_METAS = ("og:title", "twitter:title", "parsely-title", "dc.title", "sailthru.title")
PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "datepublished", "date",
    "publish-date", "publishdate", "pubdate", "dc.date", "dc.date.issued", "dcterms.created",
    "dcterms.date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "article.published", "published_time", "publication_date", "article:published", "displaydate",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "last-modified", "lastmod", "dcterms.modified", "dc.date.modified", "modified_time",
    "article:modified", "revision_date",
)  # fmt: skip
LANGUAGE_METAS = ("og:locale", "language", "dc.language", "dcterms.language", "content-language")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head of a page states; empty or None where it states nothing.

    Attributes:
        outlet: Whose page it is.
        own_url: The page's own address, if it states one on its own outlet's site.
        canonical_url: What ``link rel=canonical`` says, whoever's site that is.
        titles: Headlines stated, most trusted first.
        authors: Names stated, in order.
        published: When it was published.
        modified: When it was last changed.
        languages: Languages declared, most trusted first.
        claims: Attribution-relevant facts.
        body: Text of the article as JSON-LD has it.
    """

    outlet: Outlet | None
    own_url: str
    canonical_url: str
    titles: tuple[str, ...]
    authors: tuple[str, ...]
    published: Interval | None
    modified: Interval | None
    languages: tuple[str, ...]
    claims: tuple[Claim, ...]
    body: str


def read_metadata(root: etree._Element, url: str) -> Metadata:
    """Read the metadata of a page.

    Args:
        root: The parsed page.
        url: The address that answered; empty for a saved page, whose host is then inferred.
    """
    metas = meta_tags(root)
    nodes = json_ld.nodes(root)
    canonical = absolute(url, _link(root, "canonical"))
    title = collapse(root.findtext("head/title") or "")[:LONGEST_VALUE]
    stated = [canonical, url, *(metas.get(name, "") for name in ADDRESSED)]
    titles = [metas.get(name, "") for name in TITLE_METAS]
    articles = json_ld.article_nodes(
        nodes,
        {canonical_address(value) for value in stated if value},
        {value.lower() for value in titles if value},
    )
    domain = domain_of(url) or own_domain(root, metas, nodes, articles)
    outlet = outlet_of(domain, metas, nodes, articles, title, root)
    stated += [json_ld.address_of(node.get("url")) for node in articles]
    stated += [json_ld.address_of(node.get("mainEntityOfPage")) for node in articles]
    headlines = [json_ld.text_of(node.get("headline")) for node in articles]
    return Metadata(
        outlet=outlet,
        own_url=own_address(domain, [*stated[2:], canonical]),
        canonical_url=canonical,
        titles=tuple(filter(None, (*headlines, *titles, plain_title(title, outlet)))),
        authors=tuple(_authors(articles, metas)),
        published=_moment(articles, ("datePublished", "dateCreated"), metas, PUBLISHED_METAS),
        modified=_moment(articles, ("dateModified",), metas, MODIFIED_METAS),
        languages=tuple(_languages(root, articles, metas)),
        claims=tuple(dict.fromkeys(_claims(articles, metas, canonical, domain))),
        body=max((str(node.get("articleBody") or "") for node in articles), key=len, default=""),
    )


def meta_tags(root: etree._Element) -> dict[str, str]:
    """Meta tags by lower-case name or property; of several with one name all values, joined."""
    found: dict[str, list[str]] = {}
    for number, element in enumerate(root.iter("meta")):
        if number >= MOST_METAS:
            break
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        name = name or (element.get("itemprop") if _in_head(element) else None)
        content = collapse(element.get("content") or "")[:LONGEST_VALUE]
        if name and content:
            values = found.setdefault(name.strip().lower(), [])
            if content not in values:
                values.append(content)
    several = ("author", "creator")
    return {
        name: ", ".join(values) if name.endswith(several) else values[0]
        for name, values in found.items()
    }


def own_address(domain: str, stated: Iterable[str]) -> str:
    """The first stated address of a page (not a front page) on its outlet's own domain."""
    for address in stated:
        path = address.partition("://")[2].partition("/")[2]
        if domain and domain_of(address) == domain and path.strip("/"):
            return address
    return ""


def plain_title(title: str, outlet: Outlet | None) -> str:
    """A ``<title>`` without the outlet's name before it, or the name and sections behind it."""
    marks = list(TITLE_PARTS.finditer(title))
    if outlet is None:
        return title
    label = outlet.domain.partition(".")[0]
    head = BEHIND_NAME.match(title, len(outlet.name))
    if outlet.name and head and title.startswith(outlet.name):
        return title[head.end() :].strip() or title
    for mark in marks:
        tail = title[mark.end() :].strip()
        if tail.lower() == outlet.name.lower() or resembles(tail, label):
            return title[: mark.start()].strip() or title
    return title


def _in_head(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "head"


def _link(root: etree._Element, rel: str) -> str:
    links = (link for link in root.iter("link") if (link.get("rel") or "").lower() == rel)
    return next((link.get("href") or "" for link in links), "")


def _authors(articles: list[json_ld.Node], metas: dict[str, str]) -> list[str]:
    for article in articles:
        found = json_ld.names(article.get("author")) or json_ld.names(article.get("creator"))
        if found:
            return found
    for name in AUTHOR_METAS:
        value = metas.get(name, "")
        if value and not host_of(value.split(", ")[0]).count(".") and "/" not in value:
            return [value]
    return []


def _moment(
    articles: list[json_ld.Node], keys: tuple[str, ...], metas: dict[str, str], names: Iterable[str]
) -> Interval | None:
    stated = [json_ld.text_of(article.get(key)) for article in articles for key in keys]
    found = [interval(value, "json-ld") for value in stated if value]
    found += [interval(metas[name], "meta") for name in names if name in metas]
    return narrowest([one for one in found if one is not None])


def _languages(
    root: etree._Element, articles: list[json_ld.Node], metas: dict[str, str]
) -> Iterator[str]:
    yield root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    for article in articles:
        language = article.get("inLanguage")
        yield json_ld.names(language)[0] if json_ld.names(language) else ""
    for name in LANGUAGE_METAS:
        yield metas.get(name, "")


def _claims(
    articles: list[json_ld.Node], metas: dict[str, str], canonical: str, domain: str
) -> Iterator[Claim]:
    for article in articles:
        yield from json_ld.claims(article)
    for name, value in metas.items():
        if name in ROBOTS:
            if "noindex" in value.lower():
                yield Claim(f"meta:{name}", value)
        elif name.endswith(CLAIM_ENDINGS) and name not in NOT_CLAIMS:
            yield Claim(f"meta:{name}", value)
    if canonical and domain and domain_of(canonical) not in ("", domain):
        yield Claim("link:canonical", canonical)
