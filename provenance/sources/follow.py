"""Entries of feeds, sitemaps and lists → articles: the text that is there, or the page fetched."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provenance.article import Article, InputError, ProvenanceError, SetAside
from provenance.sources.answers import Fetched
from provenance.sources.crawl import Crawl, Request
from provenance.sources.encoding import decode
from provenance.sources.entries import Entry, Listing, article_in, completed, is_whole
from provenance.sources.feeds import feed_entries
from provenance.sources.fetch import Fetcher
from provenance.sources.html import LARGEST_PAGE, article_from_html
from provenance.sources.identity import canonical_address, is_address
from provenance.sources.recognise import HEAD, decompressed, recognise
from provenance.sources.sitemaps import MOST_SITEMAPS, address_list, read_sitemap
from provenance.sources.text import article_from_text

DEEPEST = 3
"""Indexes of sitemaps within each other that are followed."""

Item = Article | SetAside


@dataclass(frozen=True, slots=True)
class _MapBelow:
    """A sitemap named by another; `depth` counts from the one that was given."""

    depth: int


def follow_entries(
    entries: Iterable[Entry | InputError], name: str, fetcher: Fetcher
) -> Iterator[Item]:
    """The articles of a feed or a list: whole texts as they stand, the others from their pages.

    Args:
        entries: What to read, in order.
        name: The feed or list, for messages.
        fetcher: How pages are fetched.
    """
    crawl = _crawl_from(name, fetcher)
    ready: list[Item] = []
    crawl.add(_requests(entries, name, ready, set()))
    for reply in crawl:
        yield from _taken(ready)
        entry = reply.request.about
        if isinstance(entry, Entry):
            yield article_of(reply.outcome, entry)
    yield from _taken(ready)


def _crawl_from(name: str, fetcher: Fetcher) -> Crawl:
    """A crawl of what a file names, or an address that was fetched a moment ago."""
    crawl = Crawl(fetcher)
    if is_address(name):
        crawl.was_asked(name)
    return crawl


def _taken(ready: list[Item]) -> Iterator[Item]:
    while ready:
        yield ready.pop(0)


def _requests(
    entries: Iterable[Entry | InputError], name: str, ready: list[Item], seen: set[int]
) -> Iterator[Request]:
    """What has to be fetched; what need not be goes to `ready`."""
    for number, entry in enumerate(entries, 1):
        if isinstance(entry, InputError):
            ready.append(SetAside(name, str(number), str(entry)))
        elif not entry.url or is_whole(entry):
            ready.append(_from_feed(entry, f"{name}#{number}"))
        elif hash(canonical_address(entry.url)) not in seen:
            seen.add(hash(canonical_address(entry.url)))
            yield Request(entry.url, entry)


def _from_feed(entry: Entry, source: str) -> Item:
    name, _, number = source.rpartition("#")
    try:
        return article_in(entry, source)
    except InputError as error:
        return SetAside(name, number, str(error).removeprefix(f"{source}: "))


def article_of(outcome: Fetched | ProvenanceError, entry: Entry) -> Item:
    """The article of a fetched page, with what its entry says; the feed's text if there is none."""
    try:
        if isinstance(outcome, ProvenanceError):
            raise outcome
        return completed(article_from_page(outcome), entry)
    except ProvenanceError as error:
        if entry.html or entry.text:
            try:
                return article_in(entry, entry.url)
            except InputError:
                pass
        return SetAside(entry.url, "", str(error).removeprefix(f"{entry.url}: "))


def article_from_page(fetched: Fetched) -> Article:
    """The one article of a fetched page.

    Raises:
        InputError: It is no page, or has no text.
    """
    name = fetched.url
    kind = recognise(fetched.data[:HEAD], fetched.final_url)
    if kind == "txt":
        return article_from_text(decode(fetched.data, fetched.charset), url=name, source=name)
    if kind != "html":
        raise InputError(f"{name}: not a page but {kind}; give its address by itself")
    return article_from_html(
        fetched.data,
        url=fetched.url,
        final_url=fetched.final_url,
        charset=fetched.charset,
        source=name,
    )


def follow_sitemap(sitemap: Listing, name: str, fetcher: Fetcher) -> Iterator[Item]:
    """The articles of all pages a sitemap lists, and of the sitemaps below it.

    Args:
        sitemap: The one that was read.
        name: Its address or file.
        fetcher: How pages and sitemaps are fetched.
    """
    crawl = _crawl_from(name, fetcher)
    seen: set[int] = set()
    maps = {name}

    def grow(read: Listing, at: str, depth: int) -> None:
        below = (entry.url for entry in read.sitemaps)
        new = [address for address in below if address not in maps][: MOST_SITEMAPS - len(maps)]
        maps.update(new)
        if depth < DEEPEST:
            crawl.add([Request(address, _MapBelow(depth + 1)) for address in new])
        crawl.add(_requests(read.pages, at, [], seen))

    grow(sitemap, name, 0)
    for reply in crawl:
        below = reply.request.about
        if isinstance(below, Entry):
            yield article_of(reply.outcome, below)
        elif isinstance(below, _MapBelow):
            try:
                grow(listing_of(reply.outcome), reply.request.url, below.depth)
            except ProvenanceError as error:
                reason = str(error).removeprefix(f"{reply.request.url}: ")
                yield SetAside(reply.request.url, "", reason)


def listing_of(outcome: Fetched | ProvenanceError) -> Listing:
    """What a fetched feed, sitemap or list names, gzipped or not.

    Raises:
        ProvenanceError: It could not be fetched or is none of these.
    """
    if isinstance(outcome, ProvenanceError):
        raise outcome
    name, base = outcome.url, outcome.final_url
    data = decompressed(io.BytesIO(outcome.data), name).read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        raise InputError(f"{name}: larger than {LARGEST_PAGE // 1_000_000} MB; not read")
    kind = recognise(data[:HEAD], name)
    if kind == "sitemap":
        return read_sitemap(data, name, base)
    if kind == "feed":
        return Listing(feed_entries(data, name, base, outcome.charset), [])
    if kind == "urls":
        found = address_list(decompressed(io.BytesIO(data), name), name)
        return Listing([entry for entry in found if isinstance(entry, Entry)], [])
    raise InputError(f"{name}: not a feed, sitemap or list of addresses but {kind}")
