"""NewsML-G2, the IPTC's XML for news agencies → records.

https://iptc.org/standards/newsml-g2/ ; texts stand in it as NITF, as XHTML, or plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from lxml import etree

from provenance.sources.shapes import WITHDRAWN
from provenance.sources.tables import BadRecord, Record
from provenance.sources.xml import line, local, namespace, parse_xml, raw_text

TEXT_TAGS = {
    "p": "p", "hl1": "h2", "hl2": "h2", "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3",
    "li": "li", "blockquote": "blockquote", "caption": "figcaption", "figcaption": "figcaption",
    "tagline": "p", "pre": "pre",
}  # fmt: skip
"""Elements of NITF and XHTML that are blocks of text, and what they are on a page."""
PICTURES = ("media", "figure", "img")


def newsml_records(data: bytes, name: str) -> Iterator[Record | BadRecord]:
    """One record for each news item with a text; pictures, packages and concepts have none.

    Args:
        data: A news message, or one news item.
        name: For messages.

    Raises:
        InputError: It is no XML, or declares entities.
    """
    root = parse_xml(data, name)
    for item in [root] if local(root) == "newsItem" else root.iter("{*}newsItem"):
        status = _first(item, "itemMeta", "pubStatus")
        said = (status.get("qcode", "") if status is not None else "").rpartition(":")[2]
        if said in WITHDRAWN:
            yield BadRecord(f"withdrawn by its sender ({said})")
            continue
        content = _first(item, "contentSet")
        if content is not None and any(local(part) != "remoteContent" for part in content):
            yield _record(item, content)


def _record(item: etree._Element, content: etree._Element) -> Record:
    headline = line(_first(item, "contentMeta", "headline"))
    created = _first(item, "contentMeta", "contentCreated")
    first = created if created is not None else _first(item, "itemMeta", "firstCreated")
    version = line(_first(item, "itemMeta", "versionCreated"))
    language = _first(item, "contentMeta", "language")
    inline = _first(content, "inlineXML")
    plain = raw_text(_first(content, "inlineData"))
    blocks = "" if inline is None else "".join(_blocks(inline))
    if not blocks and plain.lstrip().startswith("<"):
        blocks = plain
    bylines = [line(one) for one in item.iterfind("{*}contentMeta/{*}by")]
    return {
        "id": item.get("guid", ""),
        "title": headline,
        "html": f"<h1>{escape(headline)}</h1>{blocks}" if blocks else "",
        "text": "" if blocks else plain or ("" if inline is None else raw_text(inline)),
        "byline": "; ".join(filter(None, bylines)) or _name(item, "creator"),
        "published": line(first) or version,
        "modified": version,
        "language": language.get("tag", "") if language is not None else "",
        "credit": line(_first(item, "contentMeta", "creditline")) or _name(item, "infoSource"),
        "rights": line(_first(item, "rightsInfo", "copyrightNotice"))
        or line(_first(item, "rightsInfo", "copyrightHolder")),
    }


def _blocks(inline: etree._Element) -> Iterator[str]:
    """The blocks of the body, as HTML; headlines, bylines and datelines of NITF's head left out."""
    bodies = [e for e in inline.iter() if local(e) in ("body.content", "body")]
    body = next((e for e in bodies if local(e) == "body.content"), None)
    top = body if body is not None else (bodies or [inline])[0]
    inside: etree._Element | None = None
    for element in top.iter():
        if inside is not None and inside in element.iterancestors():
            continue
        tag = TEXT_TAGS.get(local(element), "")
        if tag and line(element):
            inside = element
            in_picture = any(local(above) in PICTURES for above in element.iterancestors())
            tag = "figcaption" if in_picture else tag
            yield f"<{tag}>{escape(line(element))}</{tag}>"


def _first(parent: etree._Element, *path: str) -> etree._Element | None:
    """The element at a path, in the namespace of the parent."""
    place = namespace(parent)
    steps = (f"{{{place}}}{step}" if place else step for step in path)
    return parent.find("/".join(steps))


def _name(item: etree._Element, tag: str) -> str:
    """Name of a party: its ``<name>``, or what its code or literal says."""
    party = _first(item, "contentMeta", tag)
    if party is None:
        return ""
    code = party.get("literal") or party.get("qcode", "").rpartition(":")[2]
    return line(next((child for child in party if local(child) == "name"), None)) or code
