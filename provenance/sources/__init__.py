"""The outside → a stream of `Article`: pages, tables, feeds, sitemaps, archives, addresses."""

from __future__ import annotations

from provenance.sources.answers import Fetched
from provenance.sources.fetch import Fetcher
from provenance.sources.html import article_from_html
from provenance.sources.manners import Manners
from provenance.sources.reading import read
from provenance.sources.records import article_from_record
from provenance.sources.text import article_from_text

__all__ = [
    "Fetched",
    "Fetcher",
    "Manners",
    "article_from_html",
    "article_from_record",
    "article_from_text",
    "read",
]
