"""The nouns every floor shares: frozen dataclasses, no behaviour beyond themselves.

An `Article` is one page's content: ordered `Block`s and metadata. Nothing here reads, writes,
judges or renders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block *is* in the page's own markup; the judgement about it comes later."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE_CELL = "table-cell"
    PREFORMATTED = "preformatted"
    LINK = "link"
    TIME = "time"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink inside a block: its visible text and its absolute address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One visible paragraph, headline, caption, list item or link line.

    Attributes:
        index: Position in the page, from 0.
        text: What a reader sees, white space collapsed, never normalised further.
        kind: What the markup says it is.
        main: Whether the extractor holds it to be main text.
        links: The hyperlinks inside it, in order.
        hints: Lower-case words of the nearest elements' names, classes, ids, `itemprop`s, `rel`s
            and roles, innermost first, e.g. ``("p", "byline", "author", "header")``. They are how
            a page says "byline" or "photo credit" without a word of visible text.
    """

    index: int
    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    main: bool = True
    links: tuple[Link, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who published a page: registrable domain (the id; may be empty) and display name."""

    domain: str
    name: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A moment known only within bounds.

    Attributes:
        earliest: Earliest possible moment, always aware (UTC offset kept).
        latest: Latest possible moment, always aware. A day without an hour spans that day in
            every zone it could mean.
        source: Where it was read: ``json-ld``, ``meta``, ``time-element``, ``visible-text``,
            ``url``, ``record``, ``feed``.
    """

    earliest: datetime
    latest: datetime
    source: str


AGENCY_FEED = "feed:agency"
"""Field of the claim that an article came by an agency's own feed; its value is the agency's id."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact the page's metadata states about authorship or rights, as it was written.

    Attributes:
        field: Path of the fact, e.g. ``json-ld:author``, ``json-ld:publisher``,
            ``json-ld:image.creditText``, ``meta:author``, ``meta:article:author``,
            ``meta:syndication-source``, ``link:canonical``, ``record:credit``, ``feed:source``,
            ``feed:agency``.
        value: The value, white space collapsed.
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Article:
    """One page's content and what it says about itself.

    Attributes:
        id: Given id, else the canonical form of its address, else a digest of its text (a table's
            row: with its outlet before it).
        blocks: Every visible block in page order, furniture included.
        url: The address that was asked for.
        final_url: The address that answered, after redirects.
        canonical_url: The address the page claims as its own; may point to another site.
        outlet: Who published it, as far as the page and its address say.
        title: Headline, as shown.
        byline: Author line, as shown or stated.
        published: When it was first published, as an interval.
        modified: When it says it last changed.
        language: ISO 639-1 code, or empty.
        claims: Attribution-relevant metadata.
        source: The file, address or stream it was read from, with the record number.
    """

    id: str
    blocks: tuple[Block, ...]
    url: str = ""
    final_url: str = ""
    canonical_url: str = ""
    outlet: Outlet | None = None
    title: str = ""
    byline: str = ""
    published: Interval | None = None
    modified: Interval | None = None
    language: str = ""
    claims: tuple[Claim, ...] = ()
    source: str = ""

    @property
    def text(self) -> str:
        """The main text: main blocks joined by line breaks. This is what is fingerprinted."""
        return "\n".join(block.text for block in self.blocks if block.main)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be read: named and counted, never the end of a batch."""

    source: str
    record: str
    reason: str


class ProvenanceError(Exception):
    """What was wrong, with what, and what to do, in one line; `exit_code` is the command's."""

    exit_code = 2


class InputError(ProvenanceError):
    """Bad usage or input (exit code 2)."""


class FetchError(ProvenanceError):
    """An address could not be fetched (exit code 3)."""

    exit_code = 3


class IndexDamagedError(ProvenanceError):
    """An index is damaged or of another version (exit code 4)."""

    exit_code = 4


class WrapperKind(StrEnum):
    """What a wrapper block does (the contract's `kind`)."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    TIMESTAMP = "timestamp"
    CREDIT = "credit"
    PHOTO_CREDIT = "photo-credit"
    CAPTION = "caption"
    DISCLAIMER = "disclaimer"
    SOURCE_LINK = "source-link"
    BRANDING = "branding"
    PROMOTION = "promotion"
    RELATED = "related"
    READ_MORE = "read-more"
    NAVIGATION = "navigation"
    COMMENT = "comment"
    LEGAL = "legal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a text can come from.

    Attributes:
        kind: ``agency`` or ``outlet``.
        id: Agency id (``ap``) or registrable domain; for an outlet known only by name, its name in
            lower case.
        name: Display name.
    """

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact for (weight > 0) or against (weight < 0) a source.

    Attributes:
        kind: E.g. ``byline``, ``dateline``, ``sign-off``, ``disclaimer``, ``metadata-author``,
            ``copyright``, ``source-link``, ``earlier-copy``, ``inherited-wrapper``.
        quote: The words that say it, as found.
        block: Index of the block it was found in, or None for metadata and comparisons.
        weight: Log-odds contribution (natural logarithm).
        article: Id of the article it was found in.
        party: Whom it speaks for, or None when it speaks of no one by name.
    """

    kind: str
    quote: str
    block: int | None
    weight: float
    article: str
    party: Party | None = field(default=None)
