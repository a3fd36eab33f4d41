"""Watching feeds and sitemaps: what is new is added to the index, what changed as a version.

Everything that was seen is written down only after its articles are committed, so that a watch
that was killed fetches at most what it had not finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from provenance.article import AGENCY_FEED, Article, ProvenanceError, SetAside
from provenance.attribution.agencies import Agency
from provenance.index import Counts, Index
from provenance.jobs.add import agency_of, from_feed_of
from provenance.jobs.watch_config import Source, WatchConfig
from provenance.jobs.watch_state import PageState, SourceState, WatchState
from provenance.sources.answers import NO_MARKS, Fetched, Marks
from provenance.sources.crawl import Crawl, Reply, Request
from provenance.sources.entries import Entry, Listing, article_in, is_whole
from provenance.sources.failures import PassingError
from provenance.sources.fetch import Fetcher
from provenance.sources.follow import DEEPEST, article_of, listing_of

TICK = 0.2
"""Seconds after which a stop is noticed between looks."""
AGAIN = 600.0
"""Least seconds between two fetches of one page, however often its feed says that it changed."""
RECHECKS = 500
"""Pages that are queued for another look at a time."""
LONGEST_BACKOFF = 32
"""Times its usual period that a source which keeps failing is left alone, at most."""


@dataclass(slots=True)
class _Look:
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
class _List:
    """A request for a feed or sitemap, `depth` sitemaps below the source."""

    look: _Look
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Page:
    """A request for a page: because it was listed, or (`look` is None) to see whether it changed.

    Attributes:
        entry: What its feed says of it.
        state: What will be remembered of it.
        look: The look that found it.
    """

    entry: Entry
    state: PageState
    look: _Look | None


class Watch:
    """One watch: `run` it until it is stopped, or `once`."""

    def __init__(
        self,
        config: WatchConfig,
        index: Index,
        state: WatchState,
        fetcher: Fetcher,
        *,
        stopped: Callable[[], bool] = lambda: False,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """Make a watch.

        Args:
            config: What to watch.
            index: An open, writable index.
            state: What is remembered from earlier runs.
            fetcher: How addresses are fetched; its manners are replaced by the configuration's.
            stopped: Asked often; once true, what is under way is committed and `run` returns.
            tell: Called with a line for people: progress, and what was set aside.
        """
        self._config = config
        self._index = index
        self._state = state
        self._fetcher = replace(fetcher, manners=config.manners, user_agent=config.user_agent)
        self._stopped = stopped
        self._tell = tell
        self._agencies: dict[str, Agency] = {
            id: agency_of(id) for id in {source.as_agency for source in config.sources} if id
        }
        self._looks: dict[str, _Look] = {}
        self._pending: set[str] = set()
        self._seen_sources: list[SourceState] = []
        self._seen_pages: list[PageState] = []
        self._due = {source.url: state.source(source.url).due for source in config.sources}
        self._before = self.counts = Counts()
        self.fetched = 0
        self.set_aside = 0

    def run(self, *, once: bool = False) -> None:
        """Look at every source when it is due, until stopped; or at those due now, once."""
        while not self._stopped():
            self._before = self.counts
            self._committed(self._index.add(self._articles(once), progress=self._committed))
            if once:
                return
            next_look = self._next_look()
            while time.time() < next_look and not self._stopped():
                time.sleep(TICK)

    def to_dict(self) -> dict[str, Any]:
        """The `watch --json` object: what this run did."""
        return {
            "schema": "provenance.watch/1",
            "fetched": self.fetched,
            "added": self.counts.added,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "set_aside": self.set_aside,
        }

    def _committed(self, so_far: Counts) -> None:
        """Remember what was seen: the index now has all that `_articles` has given out."""
        self.counts = self._before + so_far
        if self._seen_sources or self._seen_pages:
            self._state.save(self._seen_sources, self._seen_pages)
            self._seen_sources.clear()
            self._seen_pages.clear()
            self._tell(self._line())

    def _next_look(self) -> float:
        page = self._state.next_page() if self._config.recheck else None
        return min([*self._due.values(), *([] if page is None else [page])])

    def _line(self) -> str:
        counts = self.counts
        return (
            f"{time.strftime('%H:%M:%S')} {self.fetched} fetched, {counts.added} added, "
            f"{counts.updated} updated, {counts.unchanged} unchanged, {self.set_aside} set aside"
        )

    def _articles(self, once: bool) -> Iterator[Article]:
        """Articles of all that is due, and of what falls due meanwhile."""
        crawl = Crawl(self._fetcher, self._stopped)
        self._add_due(crawl)
        for reply in crawl:
            self.fetched += isinstance(reply.outcome, Fetched)
            yield from self._taken(crawl, reply)
            if not once:
                self._add_due(crawl)
        self._looks.clear()
        self._pending.clear()

    def _add_due(self, crawl: Crawl) -> None:
        now = time.time()
        for source in self._config.sources:
            if self._due[source.url] <= now and source.url not in self._looks:
                state = self._state.source(source.url)
                look = self._looks[source.url] = _Look(source, state)
                crawl.add([Request(source.url, _List(look), state.marks)])
        if self._config.recheck and not self._pending:
            for page in self._state.due_pages(now, RECHECKS):
                self._pending.add(page.url)
                entry = self._known_entry(page)
                state_after = replace(page, last=now, due=self._recheck_after(page.first, now))
                crawl.add([Request(page.url, _Page(entry, state_after, None), page.marks)])

    def _taken(self, crawl: Crawl, reply: Reply) -> Iterator[Article]:
        about, outcome = reply.request.about, reply.outcome
        if isinstance(about, _List):
            yield from self._take_list(crawl, about, reply)
            self._close(about.look, outcome)
        elif isinstance(about, _Page):
            self._pending.discard(about.state.url)
            if isinstance(outcome, Fetched) and outcome.unchanged:
                self._seen_pages.append(about.state)
            else:
                yield from self._take_page(about, outcome)
            if about.look:
                self._close(about.look, outcome)

    def _take_page(self, page: _Page, outcome: Fetched | ProvenanceError) -> Iterator[Article]:
        item = article_of(outcome, page.entry)
        if isinstance(item, SetAside):
            self._aside(item)
        marks = outcome.marks if isinstance(outcome, Fetched) else NO_MARKS
        if not isinstance(outcome, PassingError) or page.look is None:
            id = item.id if isinstance(item, Article) else page.state.article
            self._seen_pages.append(replace(page.state, article=id, marks=marks))
        if isinstance(item, Article):
            yield self._of_agency(item, page)

    def _of_agency(self, article: Article, page: _Page) -> Article:
        id = page.look.source.as_agency if page.look else ""
        known = [claim.value for claim in page.entry.claims if claim.field == AGENCY_FEED]
        agency = self._agencies.get(id or next(iter(known), ""))
        return from_feed_of(agency, article) if agency else article

    def _take_list(self, crawl: Crawl, at: _List, reply: Reply) -> Iterator[Article]:
        """What a feed or sitemap lists: whole texts at once, pages and sitemaps to the crawl."""
        look, url = at.look, reply.request.url
        if isinstance(reply.outcome, Fetched) and reply.outcome.unchanged:
            look.marks[url] = reply.request.marks
            return
        try:
            listing = listing_of(reply.outcome)
        except ProvenanceError as error:
            look.whole = False
            self._aside(SetAside(url, "", str(error).removeprefix(f"{url}: ")))
            return
        if isinstance(reply.outcome, Fetched):
            look.marks[url] = reply.outcome.marks
        yield from self._take_entries(crawl, look, listing)
        below = [e for e in listing.sitemaps if self._recent(e)] if at.depth < DEEPEST else []
        for entry in below:
            if entry.url not in look.marks:
                look.marks[entry.url] = NO_MARKS
                look.open += 1
                marks = self._state.source(entry.url).marks
                crawl.add([Request(entry.url, _List(look, at.depth + 1), marks)])

    def _take_entries(self, crawl: Crawl, look: _Look, listing: Listing) -> Iterator[Article]:
        now = time.time()
        requests = []
        for entry in filter(self._recent, listing.pages):
            url = entry.url or f"{look.source.url}#{entry.id or entry.title}"
            known, stamp = self._state.page(url), _stamp(entry)
            if url in self._pending or (known and known.stamp == stamp):
                continue
            whole = not entry.url or is_whole(entry)
            if known and not whole and now - known.last < AGAIN:
                look.whole = False
                continue
            first = known.first if known else now
            due = None if whole else self._recheck_after(first, now)
            article, marks = (known.article, known.marks) if known else ("", NO_MARKS)
            state = PageState(url, article, stamp, marks, first, now, due)
            page = _Page(entry, state, look)
            self._pending.add(url)
            if whole:
                yield from self._take_whole(page)
            else:
                look.open += 1
                requests.append(Request(entry.url, page, state.marks))
        crawl.add(requests)

    def _take_whole(self, page: _Page) -> Iterator[Article]:
        self._pending.discard(page.state.url)
        self._seen_pages.append(page.state)
        try:
            yield self._of_agency(article_in(page.entry, page.state.url), page)
        except ProvenanceError as error:
            self._aside(SetAside(page.state.url, "", str(error)))

    def _close(self, look: _Look, outcome: Fetched | ProvenanceError) -> None:
        """One answer of a look is in; after the last one the look itself is remembered."""
        look.open -= 1
        look.whole = look.whole and not isinstance(outcome, PassingError)
        if look.open:
            return
        source, now = look.source, time.time()
        self._looks.pop(source.url, None)
        failed = source.url not in look.marks
        failures = look.before.failures + 1 if failed else 0
        wait = source.every * min(2**failures, LONGEST_BACKOFF) if failed else source.every
        if isinstance(outcome, PassingError):
            wait = max(wait, outcome.wait)
        marks = look.marks if look.whole else {}
        own = marks.get(source.url, NO_MARKS)
        self._due[source.url] = now + wait
        self._seen_sources.append(SourceState(source.url, own, now + wait, failures))
        self._seen_sources += [SourceState(url, marks[url]) for url in marks if url != source.url]

    def _aside(self, item: SetAside) -> None:
        self.set_aside += 1
        self._tell(f"set aside: {item.source}: {item.reason}")

    def _recent(self, entry: Entry) -> bool:
        """Whether an entry is no older than what is watched for; one without a date is new."""
        moments = [one.latest.timestamp() for one in (entry.published, entry.modified) if one]
        return not moments or max(moments) > time.time() - self._config.max_age

    def _recheck_after(self, first: float, now: float) -> float | None:
        ages = (first + age for age in self._config.recheck)
        return min((moment for moment in ages if moment > now), default=None)

    def _known_entry(self, page: PageState) -> Entry:
        """What the index knows of a page from its feed, which the page itself may not say."""
        article = self._index.get(page.article) if page.article else None
        if article is None:
            return Entry(page.url)
        claims = tuple(claim for claim in article.claims if claim.field.startswith("feed:"))
        name = article.outlet.name if article.outlet else ""
        published = article.published
        fed = published if published and published.source == "feed" else None
        return Entry(page.url, byline=article.byline, published=fed, outlet=name, claims=claims)


def _stamp(entry: Entry) -> str:
    """What tells that a listed article has changed: its time of change, else what is listed."""
    said = entry.modified.earliest.isoformat() if entry.modified else ""
    listed = "\0".join((said, entry.title, *((entry.html, entry.text) if is_whole(entry) else ())))
    return blake2b(listed.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
