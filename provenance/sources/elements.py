"""What the elements around a block say of it: its kind, and the words of their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from provenance.article import BlockKind, Link

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
CELLS = ("td", "th")
KINDS = {
    **dict.fromkeys(HEADINGS, BlockKind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
    **dict.fromkeys(CELLS, BlockKind.TABLE_CELL),
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
ROLES = {
    **dict.fromkeys(("author", "authors", "byline", "writer", "creator"), "author"),
    **dict.fromkeys(("date", "time", "timestamp", "published", "updated", "datetime"), "time"),
    **dict.fromkeys(("caption", "description"), "caption"),
    **dict.fromkeys(("credit", "credits", "copyright", "photographer", "source"), "credit"),
    **dict.fromkeys(("category", "kicker", "tag", "section"), "category"),
    **dict.fromkeys(("share", "sharing", "comments", "readtime", "reading"), "service"),
}
LINK_SHARE = 0.9
RUNNING = 20
"""Characters from which a cell that ends as a sentence does is a paragraph of a story."""
SENTENCE_ENDS = tuple(".!?…。！？।؟۔")


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
    """The role of a class, where neighbours of other roles may follow."""
    return next((ROLES[word] for word in words(raw) if word in ROLES), "")


@dataclass(slots=True, eq=False)
class Open:
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
    above: Open | None
    block: bool
    role: str
    near: dict[str, None] | None = None
    far: dict[str, None] | None = None


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


def inline_role(element: etree._Element) -> str:
    """What an inline element's class says it is, or empty."""
    if element.tag == "time":
        return "time"
    raw = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('rel') or ''}"
    return _role(raw) if len(raw) > 2 else ""


def _runs(text: str) -> bool:
    """Whether what stands in a cell of a table is running text."""
    return len(text) >= RUNNING and text.rstrip("\"'”“»」』)）] ").endswith(SENTENCE_ENDS)


def kind_of(cover: list[Open], text: str, links: tuple[Link, ...]) -> BlockKind:
    """The kind of a block with this text and these links, by the elements that cover it."""
    kind = BlockKind.PARAGRAPH
    levels = 0
    for opened in reversed(cover):
        tag = opened.tag
        if tag == "time":
            return BlockKind.TIME
        if tag not in BLOCK_TAGS:
            continue
        levels += 1
        if tag in CELLS and _runs(text):
            continue  # tables lay pages out, too
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


def hints_of(cover: list[Open]) -> tuple[str, ...]:
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


def _near(opened: Open) -> dict[str, None]:
    """The words of an element's tag and attributes."""
    if opened.near is None:
        stated = dict(opened.element.items())
        opened.near = {opened.tag: None}
        if "-" in opened.tag:  # elements that sites define name what they hold
            opened.near |= dict.fromkeys(words(opened.tag))
        for name in HINT_ATTRIBUTES:
            if name in stated:
                opened.near |= dict.fromkeys(words(stated[name]))
    return opened.near


def _far(opened: Open) -> dict[str, None]:
    """The landmarks that an element and those around it are or are called, itself first."""
    new: list[Open] = []
    outer: Open | None = opened
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
