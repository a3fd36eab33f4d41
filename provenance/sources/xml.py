"""XML from outside → a tree, without any of XML's dangers."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from provenance.article import InputError
from provenance.sources.blocks import collapse
from provenance.sources.encoding import decode

ENTITIES = re.compile(r"<!\s{0,9}(?:ENTITY|ELEMENT|ATTLIST)\b", re.I)
DECLARATION = re.compile(r"<\?xml[^>]{0,400}\?>")


def parse_xml(data: bytes, name: str, charset: str = "") -> etree._Element:
    """Parse a document as far as it can be read.

    What is malformed is mended as browsers would. Nothing is fetched, no entity is expanded, and
    libxml2's own limits hold (nesting of 256, 10 MB for one text).

    Args:
        data: The document.
        name: For messages.
        charset: The charset of the HTTP header.

    Raises:
        InputError: It declares entities (as "billion laughs" does), or is no XML.
    """
    text = decode(data, charset).replace("\x00", "").lstrip("\ufeff \t\r\n")
    declaration = DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    if ENTITIES.search(text):
        raise InputError(f"{name}: declares its own entities; refused")
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{name}: not XML ({str(error)[:80]})") from error
    if root is None:
        raise InputError(f"{name}: not XML")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """An element's namespace, or empty."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def raw_text(element: etree._Element | None) -> str:
    """All text inside an element, as it stands."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def line(element: etree._Element | None) -> str:
    """All text inside an element as one line; entities that were escaped twice are undone."""
    return collapse(unescape(raw_text(element)))
