"""Pages that scripts draw: their text waits in a script as JSON, and a reader sees it all the same.

Used only for a page that shows next to nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import orjson
from lxml import etree
from lxml.html import HTMLParser, fragment_fromstring

from provenance.article import Block

LITTLE_TEXT = 200
"""Characters of visible text under which a page counts as not drawn yet."""
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.S)
PARAGRAPHS = re.compile(r"<p[\s>]|<br", re.I)
LONGEST_SCRIPT = 5_000_000


def undrawn(blocks: list[Block]) -> bool:
    """Whether a page shows too little to be the whole of it."""
    return sum(len(block.text) for block in blocks) < LITTLE_TEXT


def draw(root: etree._Element, body_text: str) -> bool:
    """Put what waits in the scripts into the body; whether there was anything.

    Args:
        root: The parsed page, changed in place.
        body_text: The article's text as the page's JSON-LD has it, or empty.
    """
    body = root.find("body")
    held = max(_held(root), key=len, default="")
    if not held:
        lines = (escape(line) for line in body_text.splitlines() if line.strip())
        held = "".join(f"<p>{line}</p>" for line in lines)
    if body is None or not held:
        return False
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body.append(
        fragment_fromstring(held.replace("\x00", ""), create_parent="article", parser=parser)
    )
    return True


def _held(root: etree._Element) -> Iterator[str]:
    for script in root.iter("script"):
        code = script.text or ""
        if len(code) < LITTLE_TEXT or len(code) > LONGEST_SCRIPT:
            continue
        for literal in STRING.finditer(code):
            if literal.end() - literal.start() < LITTLE_TEXT:
                continue
            try:
                value = orjson.loads(literal.group())
            except orjson.JSONDecodeError:
                continue
            if value.lstrip().startswith("<") and len(PARAGRAPHS.findall(value)) > 1:
                yield value
