"""JSON-LD of a page: the objects that describe *its* article, and what they claim.

Objects for other stories (lists, related links, parts) stand in the same scripts; they are never
entered, so their authors cannot be taken for this story's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import orjson
from lxml import etree

from provenance.article import Claim
from provenance.sources.blocks import collapse
from provenance.sources.identity import canonical_address, host_of

Node = dict[str, Any]

LONGEST_SCRIPT = 2_000_000
MOST_NODES = 2000
DEEPEST = 6
ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|Recipe|AnalysisNewsArticle)$")
LEADS_TO_MAIN = ("@graph", "mainEntity", "mainEntityOfPage", "subjectOf", "about")
CREDITED = (
    "author", "creator", "contributor", "publisher", "provider", "producer", "sourceOrganization",
    "isBasedOn", "isBasedOnUrl", "creditText", "copyrightHolder", "copyrightNotice", "dateline",
    "locationCreated",
)  # fmt: skip
PICTURES = ("image", "video", "associatedMedia")
PICTURE_CREDITED = (
    "creditText", "author", "creator", "provider", "sourceOrganization", "copyrightHolder",
    "copyrightNotice", "publisher",
)  # fmt: skip
EMPLOYERS = ("worksFor", "affiliation", "memberOf")
TRAILING_COMMA = re.compile(r",(?=\s{0,100}[\]}])")
COMMENT_MARKS = re.compile(
    r"^\s*(?:<!--|//\s?<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s?\]\]>|\]\]>)\s*$"
)
LONGEST_VALUE = 500


def nodes(root: etree._Element) -> list[Node]:
    """Every object of the page's JSON-LD that may describe its article, site or publisher."""
    found: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        found.extend(_reachable(_load(script.text or "")))
        if len(found) > MOST_NODES:
            break
    return _resolved(found[:MOST_NODES])


def article_nodes(found: list[Node], addresses: set[str], titles: set[str]) -> list[Node]:
    """The objects that describe this page's article, best first.

    Args:
        found: What `nodes` found.
        addresses: Canonical forms of the page's addresses.
        titles: Headlines the page states elsewhere, in lower case.
    """
    articles = [node for node in found if ARTICLE_TYPE.search(type_of(node))]
    certain = [
        node
        for node in articles
        if _addresses(node) & addresses or text_of(node.get("headline")).lower() in titles
    ]
    return certain or articles[:1]


def claims(article: Node) -> Iterator[Claim]:
    """Every attribution-relevant fact of an article object."""
    for name in CREDITED:
        for value in as_list(article.get(name)):
            yield from _party(f"json-ld:{name}", value)
    for picture in PICTURES:
        for node in as_list(article.get(picture)):
            if isinstance(node, dict):
                for name in PICTURE_CREDITED:
                    for value in as_list(node.get(name)):
                        yield from _party(f"json-ld:{picture}.{name}", value)


def names(value: Any) -> list[str]:
    """Names of the persons or organisations in a value."""
    found = (_name(item) for item in as_list(value))
    return list(dict.fromkeys(name for name in found if name and not host_of_url(name)))


def text_of(value: Any) -> str:
    """A text value with white space collapsed and entities resolved, else empty."""
    if isinstance(value, list) and value:
        value = value[0]
    return collapse(unescape(value))[:LONGEST_VALUE] if isinstance(value, str) else ""


def type_of(node: Node) -> str:
    """The first type of an object, without its schema's address."""
    return str((as_list(node.get("@type")) or [""])[0]).rsplit("/", 1)[-1]


def address_of(value: Any) -> str:
    """The address an object or value stands for, or empty."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id")
    value = text_of(value)
    return value if host_of_url(value) else ""


def host_of_url(value: str) -> str:
    """Host of a full http(s) address, else empty."""
    return host_of(value) if value.startswith(("http://", "https://", "//")) else ""


def as_list(value: Any) -> list[Any]:
    """The values of a property that may hold one, several or none."""
    if value is None:
        return []
    return value[:MOST_NODES] if isinstance(value, list) else [value]


def _load(code: str) -> Any:
    """Parse a script's JSON, mending what publishers commonly break; None if hopeless."""
    if len(code) > LONGEST_SCRIPT:
        return None
    code = COMMENT_MARKS.sub("", code.strip()).strip().rstrip(";")
    for attempt in (code, TRAILING_COMMA.sub("", code), unescape(code)):
        try:
            return orjson.loads(attempt)
        except orjson.JSONDecodeError:
            pass
        try:
            return json.JSONDecoder(strict=False).raw_decode(attempt)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _reachable(data: Any) -> Iterator[Node]:
    """Objects at the top, in a graph, or named as the page's main entity."""
    waiting = [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(value, list):
            waiting.extend((item, depth + 1) for item in reversed(value[:MOST_NODES]))
        elif isinstance(value, dict):
            if "@type" in value or "headline" in value:
                yield value
            waiting.extend((value[key], depth + 1) for key in LEADS_TO_MAIN if key in value)


def _resolved(found: list[Node]) -> list[Node]:
    """The objects with references to one another (``{"@id": …}``) replaced by their targets."""
    known = {node["@id"]: node for node in found if isinstance(node.get("@id"), str)}

    def target(value: Any) -> Any:
        if isinstance(value, list):
            return [target(item) if isinstance(item, dict) else item for item in value[:MOST_NODES]]
        if isinstance(value, dict) and len(value) <= 2 and "name" not in value:
            return known.get(str(value.get("@id")), value)
        return value

    return [{key: target(value) for key, value in node.items()} for node in found]


def _addresses(node: Node) -> set[str]:
    values = (address_of(node.get(key)) for key in ("url", "mainEntityOfPage", "@id"))
    return {canonical_address(value) for value in values if value}


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("legalName") or value.get("@value"))
    return text_of(value)


def _party(path: str, value: Any) -> Iterator[Claim]:
    name = _name(value) or address_of(value)
    if name:
        yield Claim(path, name)
    if isinstance(value, dict):
        for employer in EMPLOYERS:
            for name in names(value.get(employer)):
                yield Claim(f"{path}.{employer}", name)
