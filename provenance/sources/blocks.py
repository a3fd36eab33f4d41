"""HTML tree → visible blocks in page order, before any extractor deletes what matters here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree

from provenance.article import Block, BlockKind, Link

BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
))  # fmt: skip
UNSEEN_TAGS = frozenset((
    "applet", "audio", "canvas", "datalist", "embed", "frame", "frameset", "head",
    "iframe", "map", "math", "meter", "noframes", "noscript", "object", "progress",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LANDMARKS = frozenset((
    "nav", "footer", "aside", "header", "figure", "figcaption", "form", "blockquote",
    "article",
))  # fmt: skip
LANDMARK_WORDS = frozenset((
    "comment", "comments", "related", "recommended", "footer", "nav", "navigation",
))  # fmt: skip
KINDS = {
    **dict.fromkeys(HEADINGS, BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    **dict.fromkeys(("td", "th"), BlockKind.TABLE_CELL),
    **dict.fromkeys(("button", "label", "legend", "summary"), BlockKind.OTHER),
    "blockquote": BlockKind.QUOTE,
    "pre": BlockKind.PREFORMATTED,
}
HINT_ATTRIBUTES = (
    "class", "id", "itemprop", "rel", "role", "data-testid", "data-component", "data-type",
)  # fmt: skip
HINT_LEVELS = 4
MOST_HINTS = 60
WORD = re.compile(r"[A-Z]?[a-zà-ÿ]{1,24}|[A-Z]{2,24}")
LETTERS = re.compile(r"\w")
ROLES = {
    **dict.fromkeys(("author", "authors", "byline", "writer", "creator"), "author"),
    **dict.fromkeys(("date", "time", "timestamp", "published", "updated", "datetime"), "time"),
    **dict.fromkeys(("caption", "description"), "caption"),
    **dict.fromkeys(("credit", "credits", "copyright", "photographer", "source"), "credit"),
    **dict.fromkeys(("category", "kicker", "tag", "section"), "category"),
    **dict.fromkeys(("share", "sharing", "comments", "readtime", "reading"), "service"),
}
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9_.-]+/[\w/.%~+,=&-]*(?:\?[\w/.%~+,=&-]+)?")
PLAIN_PATH = re.compile(r"(?:/(?![/.])[\w.%~+,=&-]*)+(?:\?[\w/.%~+,=&-]+)?")
LONGEST_ROLE_LINE = 200
LINK_SHARE = 0.9


@lru_cache(maxsize=8192)
def words(raw: str) -> tuple[str, ...]:
    """Lower-case words of an attribute value: camelCase, BEM and dashes split.

    >>> words("articleHeader__author-name c-4f2")
    ('article', 'header', 'author', 'name')
    """
    found = (word.lower() for word in WORD.findall(raw[:400]))
    return tuple(dict.fromkeys(word for word in found if len(word) > 1))


@lru_cache(maxsize=8192)
def _role(raw: str) -> str:
    """What an inline element's class says it is, where neighbours of other roles may follow."""
    return next((ROLES[word] for word in words(raw) if word in ROLES), "")


@dataclass(slots=True, eq=False)
class _Open:
    """An element that the walk is inside of, and what is asked of it again and again.

    Attributes:
        element: Itself.
        tag: Its tag.
        above: The one around it.
        block: Whether it begins and ends a block.
        role: What an inline element's class says it is, or empty.
        near: Words that describe it to the blocks just inside, once they were asked for.
        far: The same for blocks deep inside: landmarks, of it and of all around it.
    """

    element: etree._Element
    tag: str
    above: _Open | None
    block: bool
    role: str
    near: dict[str, None] | None = None
    far: dict[str, None] | None = None


@dataclass(slots=True)
class _Piece:
    """The block being gathered: text so far, its links, and the elements that cover it."""

    texts: list[str] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)
    cover: list[_Open] = field(default_factory=list)
    low: int = 0
    breaks: int = 0
    closed_role: str = ""
    length: int = 0

    def add(self, text: str, path: list[_Open]) -> None:
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
        self.path: list[_Open] = []
        self.piece = _Piece()
        self.link: tuple[str, int] | None = None
        self.ended_inline: etree._Element | None = None
        self.found: list[Block] = []

    def run(self, root: etree._Element) -> list[Block]:
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
        return self.found

    def start(self, element: etree._Element) -> None:
        tag = str(element.tag)
        above = self.path[-1] if self.path else None
        role = "" if tag in BLOCK_TAGS else _inline_role(element)
        opened = _Open(element, tag, above, self.is_block(element, tag), role)
        self.path.append(opened)
        if opened.block:
            self.flush()
        elif tag == "br":
            self.line_break()
        else:
            self.start_inline(opened)
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

    def start_inline(self, opened: _Open) -> None:
        role, tag, closed = opened.role, opened.tag, self.piece.closed_role
        if role and closed and role != closed and self.piece.length < LONGEST_ROLE_LINE:
            self.flush()
        elif self.ended_inline is not None and self.piece.texts:
            before = self.ended_inline
            # "<a>Sport</a><a>Politics</a>" and classed spans are set apart by style, drop caps not.
            if (
                (tag == before.tag == "a")
                or "time" in (tag, before.tag)
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
            return
        text = collapse("".join(piece.texts)).lstrip(":|·•, ")
        if text and LETTERS.search(text):
            links = tuple(self.links(piece))
            kind = _kind(piece.cover, text, links)
            hints = _hints(piece.cover)
            self.found.append(Block(len(self.found), text, kind, False, links, hints))

    def links(self, piece: _Piece) -> Iterator[Link]:
        for start, end, address in piece.links:
            text = collapse("".join(piece.texts[start:end]))
            target = absolute(self.base, address)
            if text and target:
                yield Link(text, target)


def blocks(root: etree._Element, base: str) -> list[Block]:
    """Every visible block of a page, in order, with `main` false throughout.

    Block-level elements and double line breaks split, inline elements do not; text that stands
    directly in a container is a block. What no reader sees (scripts, styles, `hidden`,
    ``display:none``) is left out.

    Args:
        root: The parsed page.
        base: The address that relative links start from; may be empty.
    """
    return _Walk(base).run(root)


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


def unseen(element: etree._Element) -> bool:
    """Whether a browser shows nothing of an element and all inside it."""
    tag = element.tag
    if not isinstance(tag, str) or tag in UNSEEN_TAGS:
        return True
    if tag in ("html", "body"):
        return False
    if element.get("hidden") is not None or (tag == "dialog" and element.get("open") is None):
        return True
    style = element.get("style")
    if not style:
        return False
    plain = style.replace(" ", "").lower()
    return "display:none" in plain or "visibility:hidden" in plain


def _inline_role(element: etree._Element) -> str:
    if element.tag == "time":
        return "time"
    raw = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
    return _role(raw) if len(raw) > 2 else ""


def _kind(cover: list[_Open], text: str, links: tuple[Link, ...]) -> BlockKind:
    kind = BlockKind.PARAGRAPH
    levels = 0
    for opened in reversed(cover):
        tag = opened.tag
        if tag == "time":
            return BlockKind.TIME
        if tag not in BLOCK_TAGS:
            continue
        levels += 1
        if tag in KINDS and (levels < 3 or tag in ("figcaption", "blockquote")):
            kind = KINDS[tag]
            break
        if opened.element.get("role") == "heading":
            kind = BlockKind.HEADING
            break
        if levels < 3 and "caption" in words(opened.element.get("class") or ""):
            kind = BlockKind.CAPTION
            break
        if tag in ("article", "main", "section"):
            break
    linked = sum(len(link.text) for link in links)
    if kind not in (BlockKind.HEADING, BlockKind.CAPTION) and linked >= LINK_SHARE * len(text):
        return BlockKind.LINK
    return kind


def _hints(cover: list[_Open]) -> tuple[str, ...]:
    """Words of the covering elements, innermost first; far above, only what names a landmark."""
    found: dict[str, None] = {}
    levels = 0
    for opened in reversed(cover):
        if levels > HINT_LEVELS:
            found |= _far(opened)
            break
        found |= _near(opened)
        levels += opened.tag in BLOCK_TAGS
    return tuple(found)[:MOST_HINTS]


def _near(opened: _Open) -> dict[str, None]:
    """The words of an element's tag and attributes."""
    if opened.near is None:
        stated = dict(opened.element.items())
        opened.near = {opened.tag: None}
        for name in HINT_ATTRIBUTES:
            if name in stated:
                opened.near |= dict.fromkeys(words(stated[name]))
    return opened.near


def _far(opened: _Open) -> dict[str, None]:
    """The landmarks that an element and those around it are or are called, itself first."""
    new: list[_Open] = []
    outer: _Open | None = opened
    while outer is not None and outer.far is None:
        new.append(outer)
        outer = outer.above
    found = outer.far if outer is not None and outer.far is not None else {}
    for each in reversed(new):
        own = [each.tag] if each.tag in LANDMARKS else []
        for value in filter(None, (each.element.get("class"), each.element.get("id"))):
            own += [word for word in words(value) if word in LANDMARK_WORDS]
        found = each.far = {**dict.fromkeys(own), **found} if own else found
    return found
