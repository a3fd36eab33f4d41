"""One look at a watched source, and the requests it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

from provenance.jobs.watch_config import Source
from provenance.jobs.watch_state import PageState, SourceState
from provenance.sources.answers import Marks
from provenance.sources.entries import Entry, is_whole


@dataclass(slots=True)
class Look:
    """One look at a source: what is still to come of it.

    Attributes:
        source: The source.
        before: What was remembered of it.
        open: Answers still awaited.
        whole: Whether everything it listed was taken in, so that it need not be listed again.
        marks: Of the answers: of the source and of the sitemaps below it.
    """

    source: Source
    before: SourceState
    open: int = 1
    whole: bool = True
    marks: dict[str, Marks] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A request for a feed or sitemap, `depth` sitemaps below the source."""

    look: Look
    depth: int = 0


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for a page: because it was listed, or (`look` is None) to see whether it changed.

    Attributes:
        entry: What its feed says of it.
        state: What will be remembered of it.
        look: The look that found it.
    """

    entry: Entry
    state: PageState
    look: Look | None


def stamp(entry: Entry) -> str:
    """What tells that a listed article has changed: its time of change, else what is listed."""
    said = entry.modified.earliest.isoformat() if entry.modified else ""
    listed = "\0".join((said, entry.title, *((entry.html, entry.text) if is_whole(entry) else ())))
    return blake2b(listed.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
