"""One web page → `Article`."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

from provenance.article import Article, Block, InputError
from provenance.sources.blocks import blocks
from provenance.sources.encoding import decode, mend
from provenance.sources.headline import find_byline, find_times, find_title, mark_title
from provenance.sources.identity import canonical_address, text_digest
from provenance.sources.languages import language_of
from provenance.sources.main_text import mark_main
from provenance.sources.metadata import Metadata, read_metadata
from provenance.sources.scripted import draw, undrawn
from provenance.sources.storyless import why_no_story
from provenance.sources.whole import breaks_off

LARGEST_PAGE = 20_000_000
"""Bytes of one page, decompressed."""
ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""The class that the extractor asks for; that of forms' own elements would cost a call for each."""


def article_from_html(
    data: bytes | str, *, url: str = "", final_url: str = "", charset: str = "", source: str = ""
) -> Article:
    """Read one web page.

    Args:
        data: The page as it came; bytes are decoded by what they say and are.
        url: The address asked for.
        final_url: The address that answered.
        charset: The charset of the HTTP header.
        source: Where it came from, for messages and for the article's `source`.

    Raises:
        InputError: The page is too large, breaks off before its end, or shows no article.
    """
    name = source or final_url or url or "page"
    if len(data) > LARGEST_PAGE:
        raise InputError(f"{name}: page is larger than {LARGEST_PAGE // 1_000_000} MB; not read")
    text = decode(data, charset) if isinstance(data, bytes) else data
    if breaks_off(text):
        raise InputError(f"{name}: page breaks off before its end; have it fetched or saved again")
    root = parse(text)
    if root is None:
        raise InputError(f"{name}: empty page")
    metadata = read_metadata(root, final_url or url)
    found, moments = _all_blocks(root, final_url or url or metadata.own_url, metadata)
    if not found:
        raise InputError(f"{name}: page without text")
    title = find_title(found, metadata.titles)
    found = mark_main(mark_title(found, title), root, metadata.body)
    if reason := why_no_story(found):
        raise InputError(f"{name}: page {reason}")
    main_text = "\n".join(block.text for block in found if block.main)
    language = language_of(metadata.languages, main_text or found[0].text)
    published, modified = metadata.published, metadata.modified
    if published is None:
        published, shown = find_times(found, language, moments)
        modified = modified or shown
    address = final_url or url or metadata.own_url
    return Article(
        id=canonical_address(address) if address else text_digest("\n".join(b.text for b in found)),
        blocks=tuple(found),
        url=url,
        final_url=final_url,
        canonical_url=metadata.canonical_url,
        outlet=metadata.outlet,
        title=title,
        byline=find_byline(found, metadata.authors),
        published=published,
        modified=modified,
        language=language,
        claims=metadata.claims,
        source=source,
    )


def _all_blocks(
    root: etree._Element, base: str, metadata: Metadata
) -> tuple[list[Block], dict[int, tuple[str, ...]]]:
    """The blocks a page shows, or would show once its scripts have run."""
    found, moments = blocks(root, base)
    if undrawn(found) and draw(root, metadata.body):
        found, moments = blocks(root, base)
    return found, moments


def parse(text: str) -> etree._Element | None:
    """Parse a page however malformed; None when there is nothing in it."""
    text = mend(text.replace("\x00", ""))
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    parser.set_element_class_lookup(ELEMENTS)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
