"""What a feed, a sitemap or a list says of one article before its page has been fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from provenance.article import Article, Claim, InputError, Interval, Outlet
from provenance.sources.html import article_from_html
from provenance.sources.identity import domain_of
from provenance.sources.languages import language_of
from provenance.sources.outlet import resembles
from provenance.sources.text import article_from_text

FULL_TEXT = 800
"""Characters from which a feed's text counts as the article itself rather than a teaser."""
CUT = ("…", "...", "[…]", "[...]", "[&#8230;]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed, a sitemap or a list announces it.

    Attributes:
        url: Where its page is; may be empty when the text is there.
        id: Its id in the feed, where it has one.
        title: Headline.
        html: Its text as HTML, whole or a teaser.
        text: Its text as plain text, where there is no HTML.
        byline: Author line.
        published: When it was published.
        modified: When it last changed.
        language: ISO 639-1 code, or empty.
        outlet: Display name of the feed or publication.
        claims: What it says about its source (``feed:source``, ``feed:author``, ``feed:rights``).
    """

    url: str
    id: str = ""
    title: str = ""
    html: str = ""
    text: str = ""
    byline: str = ""
    published: Interval | None = None
    modified: Interval | None = None
    language: str = ""
    outlet: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a feed, a sitemap or a list names.

    Attributes:
        pages: Articles, in its order.
        sitemaps: Further sitemaps, the last changed first.
    """

    pages: list[Entry]
    sitemaps: list[Entry]


def article_in(entry: Entry, source: str) -> Article:
    """The article whose text stands in the feed itself.

    Raises:
        InputError: There is no text.
    """
    if entry.html:
        title = f"<h1>{escape(entry.title)}</h1>" if entry.title else ""
        page = f"<html><body><article>{title}{entry.html}</article></body></html>"
        article = article_from_html(page, url=entry.url, source=source)
    else:
        article = article_from_text(entry.text, url=entry.url, title=entry.title, source=source)
    if ":" in entry.id and not entry.url:  # a tag, urn or address; a mere number is no name
        article = replace(article, id=entry.id)
    return completed(replace(article, title=entry.title or article.title), entry)


def is_whole(entry: Entry) -> bool:
    """Whether the text in the feed is the whole article, as far as its look tells."""
    if not entry.html:
        shown = entry.text
    elif len(entry.html) < FULL_TEXT:
        return False
    else:
        try:
            page = article_from_html(f"<body>{entry.html}")
        except InputError:
            return False
        shown = "\n".join(block.text for block in page.blocks)
    return len(shown) >= FULL_TEXT and not shown.rstrip().endswith(CUT)


def completed(article: Article, entry: Entry) -> Article:
    """An article with what its feed knows beyond its page: dates, author, name, stated source."""
    outlet = article.outlet
    domain = outlet.domain if outlet else domain_of(entry.url)
    label = domain.partition(".")[0]
    if domain and (outlet is None or outlet.name in ("", domain)) and entry.outlet:
        outlet = Outlet(domain, entry.outlet if resembles(entry.outlet, label) else domain)
    return replace(
        article,
        outlet=outlet,
        byline=article.byline or entry.byline,
        published=article.published or entry.published,
        modified=article.modified or entry.modified,
        language=article.language or language_of([entry.language], article.text),
        claims=tuple(dict.fromkeys((*article.claims, *entry.claims))),
    )
