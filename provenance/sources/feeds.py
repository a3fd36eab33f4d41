"""RSS 0.9–2.0, Atom and JSON Feed → entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from lxml import etree

from provenance.article import Claim, InputError
from provenance.sources.blocks import absolute, collapse
from provenance.sources.dates import interval
from provenance.sources.entries import Entry
from provenance.sources.languages import language_of
from provenance.sources.xml import line, local, namespace, parse_xml, raw_text

MOST_ENTRIES = 10_000
CORE = frozenset((
    "", "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://purl.org/rss/1.0/",
    "http://my.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss2",
))  # fmt: skip
"""Namespaces whose elements are the feed's own; media and the like are about pictures."""
MODULES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
}
PUBLISHED = ("pubDate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created")
MODIFIED = ("updated", "modified", "dcterms:modified")
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

Children = dict[str, list[etree._Element]]


def feed_entries(data: bytes, name: str, base: str = "", charset: str = "") -> list[Entry]:
    """The entries of a feed of any kind, in its order.

    Args:
        data: The feed.
        name: For messages.
        base: Its address, from which relative links start.
        charset: The charset of the HTTP header.

    Raises:
        InputError: It is no feed.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(data, name, base)
    root = parse_xml(data, name, charset)
    if local(root) not in ("rss", "feed", "RDF"):
        raise InputError(f"{name}: not a feed (its first element is {local(root)[:40]!r})")
    items = [item for item in root.iter() if local(item) in ("item", "entry")][:MOST_ENTRIES]
    head = next((part for part in root.iter() if local(part) == "channel"), root)
    about = _children(head)
    outlet = _first(about, "title")
    language = root.get(XML_LANGUAGE) or _first(about, "language", "dc:language")
    return [_entry(_children(item), base, outlet, language) for item in items]


def _children(parent: etree._Element) -> Children:
    """The feed's own children of an element by name, those of known modules with a prefix."""
    found: Children = {}
    for child in parent:
        place = namespace(child)
        prefix = "" if place in CORE else MODULES.get(place)
        if prefix is not None and local(child):
            found.setdefault(prefix + local(child), []).append(child)
    return found


def _first(children: Children, *names: str) -> str:
    found = (line(element) for name in names for element in children.get(name, ()))
    return next(filter(None, found), "")


def _entry(item: Children, base: str, outlet: str, language: str) -> Entry:
    author = "; ".join(filter(None, map(_author, item.get("author", ()))))
    author = author or _first(item, "dc:creator")
    claims = [Claim("feed:source", value) for value in _sources(item)]
    claims += [Claim("feed:author", author)] if author else []
    rights = _first(item, "rights", "dc:rights")
    claims += [Claim("feed:rights", rights)] if rights else []
    return Entry(
        url=absolute(base, _link(item)),
        id=_first(item, "guid", "id"),
        title=_first(item, "title"),
        html=_html(item),
        byline=author,
        published=interval(_first(item, *PUBLISHED), "feed"),
        modified=interval(_first(item, *MODIFIED), "feed"),
        language=language_of([_first(item, "dc:language") or language], ""),
        outlet=outlet,
        claims=tuple(claims),
    )


def _author(element: etree._Element) -> str:
    """A name; of RSS's ``mail@example.org (Ann Lee)`` the part in brackets."""
    name = next((child for child in element if local(child) == "name"), element)
    value = line(name)
    if "@" in value and value.endswith(")"):
        return value.rpartition("(")[2].removesuffix(")")
    return "" if "@" in value else value


def _sources(item: Children) -> Iterator[str]:
    """What ``<source>`` names: RSS has a name and an address, Atom a whole head of a feed."""
    for element in item.get("source", ()):
        inside = _children(element)
        yield from filter(None, (_first(inside, "title") or line(element), _link(inside)))
        if element.get("url"):
            yield collapse(element.get("url", ""))
    if item.get("dc:source"):
        yield _first(item, "dc:source")


def _link(item: Children) -> str:
    for element in item.get("link", ()):
        if element.get("rel", "alternate") == "alternate":
            address = element.get("href") or line(element)
            if address:
                return address.strip()
    for guid in item.get("guid", ()):
        if guid.get("isPermaLink", "true").lower() == "true" and line(guid).startswith("http"):
            return line(guid)
    return ""


def _html(item: Children) -> str:
    """The longest text an entry carries, as HTML."""
    names = ("content:encoded", "content", "description", "summary")
    return max((_markup(e) for name in names for e in item.get(name, ())), key=len, default="")


def _markup(element: etree._Element) -> str:
    if any(True for _ in element.iterchildren()):  # Atom's xhtml: the markup is not escaped
        return etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return raw_text(element).strip()


def _json_feed(data: bytes, name: str, base: str) -> list[Entry]:
    """https://www.jsonfeed.org/version/1.1/ ."""
    try:
        feed = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise InputError(f"{name}: not JSON: {str(error)[:80]}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise InputError(f"{name}: a JSON feed without items")
    return [_json_entry(item, feed, base) for item in items[:MOST_ENTRIES] if type(item) is dict]


def _json_entry(item: Mapping[str, Any], feed: Mapping[str, Any], base: str) -> Entry:
    def value(name: str, of: Mapping[str, Any] = item) -> str:
        found = of.get(name)
        return found if isinstance(found, str) else ""

    authors = item.get("authors") or [item.get("author")]
    people = [a["name"] for a in authors if isinstance(a, dict) and isinstance(a.get("name"), str)]
    byline = collapse("; ".join(people))
    external = value("external_url")
    claims = [Claim("feed:author", byline)] if byline else []
    claims += [Claim("feed:source", external)] if external else []
    return Entry(
        url=absolute(base, value("url") or external),
        id=str(item.get("id") or ""),
        title=collapse(value("title")),
        html=value("content_html"),
        text=value("content_text") or value("summary"),
        byline=byline,
        published=interval(value("date_published"), "feed"),
        modified=interval(value("date_modified"), "feed"),
        language=language_of([value("language") or value("language", feed)], ""),
        outlet=collapse(value("title", feed)),
        claims=tuple(claims),
    )
