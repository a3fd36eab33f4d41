"""One record of a table → `Article`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from provenance.article import Article, Claim, InputError, Outlet
from provenance.sources.blocks import collapse
from provenance.sources.dates import recorded
from provenance.sources.html import article_from_html
from provenance.sources.identity import domain_of
from provenance.sources.languages import language_of
from provenance.sources.shapes import shaped
from provenance.sources.text import article_from_text

NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


def article_from_record(
    record: Mapping[str, object], *, source: str = "", columns: Mapping[str, str] = NO_COLUMNS
) -> Article:
    """Read one article from a record.

    Args:
        record: Column name to value. `text` or `html` is required; `id`, `url`, `outlet`, `title`,
            `published`, `modified`, `byline`, `credit` and `language` are used where present.
            Records of well-known shapes are recognised by their columns; see `shapes`.
        source: Where it came from, with the record number.
        columns: Our column name to the record's own, e.g. ``{"text": "body"}``.

    Raises:
        InputError: No text in it, or it was withdrawn.
    """
    record = record if columns else shaped(record)

    def value(name: str) -> str:
        found = record.get(columns.get(name, name))
        return collapse(str(found)) if found is not None else ""

    url = value("url")
    text, html = (record.get(columns.get(name, name)) for name in ("text", "html"))
    domain = domain_of(value("outlet") or url)
    name = value("outlet_name") or value("source") or value("outlet")
    outlet = Outlet(domain, name or domain) if domain or value("outlet_name") else None
    language = language_of([value("language")], str(text or ""))
    published = recorded(value("published"), language)
    modified = recorded(value("modified"), language)
    if isinstance(text, str) and text.strip():
        article = article_from_text(
            text,
            source=source,
            id=value("id"),
            url=url,
            outlet=outlet,
            title=value("title"),
            byline=value("byline"),
            published=published,
            modified=modified,
            language=language,
        )
    elif isinstance(html, str | bytes) and html.strip():
        page = article_from_html(html, url=url, source=source)
        article = replace(
            page,
            id=value("id") or page.id,
            outlet=outlet or page.outlet,
            title=value("title") or page.title,
            byline=value("byline") or page.byline,
            published=published or page.published,
            modified=modified or page.modified,
            language=language or page.language,
        )
    else:
        raise InputError(f"{source or 'record'}: neither text nor html in it")
    claims = tuple(
        Claim(f"record:{name}", value(name))
        for name in ("credit", "byline", "source", "rights")
        if value(name)
    )
    if domain and not (value("id") or url):
        # Two outlets' records of one text are two articles.
        article = replace(article, id=f"{domain}#{article.id}")
    return replace(article, claims=(*article.claims, *claims))
