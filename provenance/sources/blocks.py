"""HTML tree → visible blocks in page order, before any extractor deletes what matters here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree

from provenance.article import Block, Link
from provenance.sources.elements import BLOCK_TAGS, Open, hints_of, inline_role, kind_of, unseen

LETTERS = re.compile(r"\w")
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9_.-]+/[\w/.%~+,=&-]*(?:\?[\w/.%~+,=&-]+)?")
PLAIN_PATH = re.compile(r"(?:/(?![/.])[\w.%~+,=&-]*)+(?:\?[\w/.%~+,=&-]+)?")
LONGEST_ROLE_LINE = 200


@dataclass(slots=True)
class _Piece:
    """The block being gathered: text so far, its links, and the elements that cover it."""

    texts: list[str] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    moments: list[str] = field(default_factory=list)
    cover: list[Open] = field(default_factory=list)
    low: int = 0
    breaks: int = 0
    closed_role: str = ""
    length: int = 0

    def add(self, text: str, path: list[Open]) -> None:
        if not self.cover:
            self.cover = list(path)
        else:
            del self.cover[max(1, self.low) :]
        self.low = len(path)
        self.breaks = 0
        self.length += len(text)
        self.texts.append(text)


class _Walk:
    """One pass over the tree, without recursion: deep nesting costs nothing."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.path: list[Open] = []
        self.piece = _Piece()
        self.link: tuple[str, int] | None = None
        self.ended_inline: etree._Element | None = None
        self.found: list[Block] = []
        self.moments: dict[int, tuple[str, ...]] = {}

    def run(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        hidden = False
        for event, element in walk:
            if event == "start":
                hidden = unseen(element)
                if hidden:
                    walk.skip_subtree()
                else:
                    self.start(element)
            elif hidden:
                hidden = False
                if element.tail:
                    self.text(element.tail)
            else:
                self.end()
        self.flush()

    def start(self, element: etree._Element) -> None:
        tag = str(element.tag)
        above = self.path[-1] if self.path else None
        role = "" if tag in BLOCK_TAGS else inline_role(element)
        opened = Open(element, tag, above, self.is_block(element, tag), role)
        self.path.append(opened)
        if opened.block:
            self.flush()
        elif tag == "br":
            self.line_break()
        else:
            self.start_inline(opened)
        if tag == "time" and element.get("datetime"):
            self.piece.moments.append(element.get("datetime", ""))
        if tag == "a" and element.get("href"):
            self.link = (element.get("href", ""), len(self.piece.texts))
        if element.text:
            self.text(element.text)

    def end(self) -> None:
        opened = self.path[-1]
        if opened.tag == "a":
            self.end_link()
        if opened.block:
            self.flush()
        self.path.pop()
        self.piece.low = min(self.piece.low, len(self.path))
        if opened.tag not in BLOCK_TAGS:
            self.ended_inline = opened.element
            if opened.role:
                self.piece.closed_role = opened.role
        tail = opened.element.tail
        if tail:
            self.text(tail)

    def text(self, text: str) -> None:
        if text.isspace():
            self.piece.texts.append(" ")
            return
        if LETTERS.search(text):
            self.ended_inline = None
            if self.piece.closed_role and not any(opened.role for opened in self.path[-3:]):
                self.piece.closed_role = ""
        self.piece.add(text, self.path)

    def is_block(self, element: etree._Element, tag: str) -> bool:
        if tag in BLOCK_TAGS:
            return True
        style = element.get("style")
        if style and "display" in style:
            return "display:inline" not in style.replace(" ", "") and tag != "a"
        # Custom elements lay out as blocks, except inside running text.
        return "-" in tag and not any(above.tag in ("p", "li") for above in self.path[-2:])

    def line_break(self) -> None:
        self.piece.breaks += 1
        if self.piece.breaks > 1:
            self.flush()
        else:
            self.piece.texts.append(" ")

    def start_inline(self, opened: Open) -> None:
        role, tag, closed = opened.role, opened.tag, self.piece.closed_role
        if role and closed and role != closed and self.piece.length < LONGEST_ROLE_LINE:
            self.flush()
        elif self.ended_inline is not None and self.piece.texts:
            before = self.ended_inline
            # "<a>Sport</a><a>Politics</a>" and classed spans are set apart by style, drop caps not.
            if (
                (tag == before.tag == "a")
                or "time" in (tag, before.tag)
                or (_stands_alone(opened.element, before) and _opens_word(opened.element))
                or (opened.element.get("class") and before.get("class") and self.piece.length > 1)
            ):
                self.piece.texts.append(" ")
        self.ended_inline = None

    def end_link(self) -> None:
        if self.link is not None:
            self.piece.links.append((self.link[1], len(self.piece.texts), self.link[0]))
            self.link = None

    def flush(self) -> None:
        piece, open_link = self.piece, self.link
        self.ended_inline = None
        if open_link is not None:
            piece.links.append((open_link[1], len(piece.texts), open_link[0]))
            self.link = (open_link[0], 0)
        if not piece.texts and not piece.closed_role:
            piece.links.clear()
            return
        self.piece = _Piece()
        if not piece.length:
            self.piece.moments = piece.moments  # scripts fill in an element's words
            return
        text = collapse("".join(piece.texts)).lstrip(":|·•, ")
        if text and LETTERS.search(text):
            links = tuple(self.links(piece))
            kind = kind_of(piece.cover, text, links)
            hints = hints_of(piece.cover)
            if piece.moments:
                self.moments[len(self.found)] = tuple(piece.moments)
            self.found.append(Block(len(self.found), text, kind, False, links, hints))

    def links(self, piece: _Piece) -> Iterator[Link]:
        for start, end, address in piece.links:
            text = collapse("".join(piece.texts[start:end]))
            target = absolute(self.base, address)
            if text and target:
                yield Link(text, target)


def _stands_alone(*elements: etree._Element) -> bool:
    """Whether the markup of inline elements says that one is no part of the other's word."""
    return any(one.get("itemprop") or one.get("aria-hidden") == "true" for one in elements)


def _opens_word(element: etree._Element) -> bool:
    """Whether an element's text does not go on with a comma or its like."""
    return (element.text or " ")[0].isalnum()


def blocks(root: etree._Element, base: str) -> tuple[list[Block], dict[int, tuple[str, ...]]]:
    """Every visible block of a page, in order, with `main` false throughout.

    With them, by block index, the moments that ``<time datetime>`` elements in a block stand for.

    Block-level elements and double line breaks split, inline elements do not; text that stands
    directly in a container is a block. What no reader sees (scripts, styles, `hidden`,
    ``display:none``) is left out.

    Args:
        root: The parsed page.
        base: The address that relative links start from; may be empty.
    """
    walk = _Walk(base)
    walk.run(root)
    return walk.found, walk.moments


def collapse(text: str) -> str:
    """White space of any kind to single spaces."""
    return " ".join(text.split())


def absolute(base: str, address: str) -> str:
    """An http(s) address made absolute, or empty for one that leads nowhere."""
    address = address.strip()
    if not address or address.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return ""
    if not base or PLAIN_ADDRESS.fullmatch(address):  # joining would change nothing
        return address
    try:
        if PLAIN_PATH.fullmatch(address):
            return _root(base) + address
        return urljoin(base, address)
    except ValueError:
        return ""


@lru_cache(maxsize=64)
def _root(base: str) -> str:
    return urljoin(base, "/").removesuffix("/")
