"""Sitemaps, news sitemaps, sitemap indexes and lists of addresses → entries.

The protocol: https://www.sitemaps.org/protocol.html, with Google's extension for news.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree

from provenance.article import InputError
from provenance.sources.blocks import absolute
from provenance.sources.dates import interval
from provenance.sources.encoding import decode
from provenance.sources.entries import Entry, Listing
from provenance.sources.languages import language_of
from provenance.sources.recognise import lines
from provenance.sources.xml import line, local, parse_xml

MOST_PAGES = 50_000
"""Addresses read from one sitemap: what the protocol allows."""
MOST_SITEMAPS = 1_000
"""Sitemaps read from one index."""
LONGEST_ADDRESS = 2_048


def read_sitemap(data: bytes, name: str, base: str = "") -> Listing:
    """Read a sitemap or an index of sitemaps.

    Raises:
        InputError: It is no sitemap.
    """
    root = parse_xml(data, name)
    if local(root) not in ("urlset", "sitemapindex"):
        raise InputError(f"{name}: not a sitemap (its first element is {local(root)[:40]!r})")
    pages = [part for part in root if local(part) == "url"][:MOST_PAGES]
    maps = [part for part in root if local(part) == "sitemap"]
    maps.sort(key=lambda part: _texts(part).get("lastmod", ""), reverse=True)
    return Listing(
        pages=[entry for entry in (_entry(part, base) for part in pages) if entry.url],
        sitemaps=[e for e in (_entry(part, base) for part in maps[:MOST_SITEMAPS]) if e.url],
    )


def _texts(part: etree._Element) -> dict[str, str]:
    """Text of the first descendant of each name, images and videos left out."""
    found: dict[str, str] = {}
    for element in part.iter("*"):
        parent = element.getparent()
        if parent is not None and local(parent) not in ("image", "video"):
            leaf = next(element.iterchildren("*"), None) is None
            found.setdefault(local(element), line(element) if leaf else "")
    return found


def _entry(part: etree._Element, base: str) -> Entry:
    said = _texts(part)
    address = said.get("loc", "")
    return Entry(
        url=absolute(base, address) if len(address) <= LONGEST_ADDRESS else "",
        title=said.get("title", ""),
        published=interval(said.get("publication_date", ""), "feed"),
        modified=interval(said.get("lastmod", ""), "feed"),
        language=language_of([said.get("language", "")], ""),
        outlet=said.get("name", ""),
    )


def address_list(stream: io.BufferedReader, name: str) -> Iterator[Entry | InputError]:
    """The addresses of a list, one a line; empty lines and those that begin with ``#`` are none."""
    for raw in lines(stream, LONGEST_ADDRESS, name):
        if isinstance(raw, InputError):
            yield InputError(f"an address is longer than {LONGEST_ADDRESS} bytes; not read")
            continue
        address = decode(raw).strip().lstrip("\ufeff")
        if not address or address.startswith("#"):
            continue
        if address.startswith(("http://", "https://")):
            yield Entry(address)
        else:
            yield InputError(f"{address[:100]!r} is no http address")
