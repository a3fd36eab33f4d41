"""What a simulated story is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from provenance.article import WrapperKind


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes:
        text: The words.
        kinds: Wrapper kinds that are right for it; empty for the story's own text.
        inner: Whether it stands in the article, so that a scraper takes it along.
        names: Ids of the parties it credits with the text (or claims it for).
    """

    text: str
    kinds: frozenset[WrapperKind] = frozenset()
    inner: bool = True
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Press:
    """An outlet, or an agency with its site.

    Attributes:
        id: Agency id or domain.
        name: Display name.
        domain: Where its pages lie.
        above: Its furniture before the article, the same on all pages.
        below: Its furniture after the article, the same on all pages.
        suffix: What it puts after its headlines.
    """

    id: str
    name: str
    domain: str
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    suffix: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of a story.

    Attributes:
        id: Its id.
        press: Who ran it.
        parent: The version it was taken from; None for the root.
        headline: As shown.
        lines: The whole page in order.
        moment: When it was really published.
        stated: When it says it was; None when it does not.
        present: Whether the judge is given it.
        traces: Whether it carries lines of its parent's wrapper.
    """

    id: str
    press: Press
    parent: Copy | None
    headline: str
    lines: tuple[Line, ...]
    moment: datetime
    stated: datetime | None
    present: bool
    traces: bool

    @property
    def text(self) -> tuple[str, ...]:
        """The story's own text as this version has it."""
        return tuple(line.text for line in self.lines if not line.kinds)


@dataclass(frozen=True, slots=True)
class Story:
    """A tree of versions, the root first; `root` is the id of who wrote the text."""

    root: str
    copies: tuple[Copy, ...]
