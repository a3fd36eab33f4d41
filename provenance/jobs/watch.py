"""Watching feeds and sitemaps: what is new is added to the index, what changed as a version.

Everything that was seen is written down only after its articles are committed, so that a watch
that was killed fetches at most what it had not finished.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from provenance.article import AGENCY_FEED, Article, ProvenanceError, SetAside
from provenance.attribution.agencies import Agency
from provenance.index import Counts, Index
from provenance.jobs.add import agency_of, from_feed_of
from provenance.jobs.watch_config import WatchConfig
from provenance.jobs.watch_looks import ListRequest, Look, PageRequest, stamp
from provenance.jobs.watch_state import PageState, SourceState, WatchState
from provenance.sources.answers import NO_MARKS, Fetched
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
        self._looks: dict[str, Look] = {}
        self._pending: set[str] = set()
        self._given = 0
        self._seen: deque[tuple[int, PageState | SourceState]] = deque()
        self._due = {source.url: state.source(source.url).due for source in config.sources}
        self._before = self.counts = Counts()
        self.fetched = 0
        self.set_aside = 0

    def run(self, *, once: bool = False) -> None:
        """Look at every source when it is due, until stopped; or at those due now, once."""
        while not self._stopped():
            self._before, self._given = self.counts, 0
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

    def _note(self, seen: PageState | SourceState, ahead: int = 0) -> None:
        """Something was seen; to be remembered once so many more articles are committed."""
        self._seen.append((self._given + ahead, seen))

    def _committed(self, so_far: Counts) -> None:
        """Remember what was seen of the articles that the index has by now, the first given out."""
        self.counts = self._before + so_far
        safe: list[PageState | SourceState] = []
        while self._seen and self._seen[0][0] <= so_far.total:
            safe.append(self._seen.popleft()[1])
        if safe:
            sources = [one for one in safe if isinstance(one, SourceState)]
            self._state.save(sources, [one for one in safe if isinstance(one, PageState)])
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
            for article in self._taken(crawl, reply):
                self._given += 1
                yield article
            if not once:
                self._add_due(crawl)
        self._looks.clear()
        self._pending.clear()

    def _add_due(self, crawl: Crawl) -> None:
        now = time.time()
        for source in self._config.sources:
            if self._due[source.url] <= now and source.url not in self._looks:
                state = self._state.source(source.url)
                look = self._looks[source.url] = Look(source, state)
                crawl.add([Request(source.url, ListRequest(look), state.marks)])
        if self._config.recheck and not self._pending:
            for page in self._state.due_pages(now, RECHECKS):
                self._pending.add(page.url)
                entry = self._known_entry(page)
                state_after = replace(page, last=now, due=self._recheck_after(page.first, now))
                crawl.add([Request(page.url, PageRequest(entry, state_after, None), page.marks)])

    def _taken(self, crawl: Crawl, reply: Reply) -> Iterator[Article]:
        about, outcome = reply.request.about, reply.outcome
        if isinstance(about, ListRequest):
            yield from self._take_list(crawl, about, reply)
            self._close(about.look, outcome)
        elif isinstance(about, PageRequest):
            self._pending.discard(about.state.url)
            if isinstance(outcome, Fetched) and outcome.unchanged:
                self._note(about.state)
            else:
                yield from self._take_page(about, outcome)
            if about.look:
                self._close(about.look, outcome)

    def _take_page(
        self, page: PageRequest, outcome: Fetched | ProvenanceError
    ) -> Iterator[Article]:
        item = article_of(outcome, page.entry)
        if isinstance(item, SetAside):
            self._aside(item)
        marks = outcome.marks if isinstance(outcome, Fetched) else NO_MARKS
        if not isinstance(outcome, PassingError) or page.look is None:
            found = isinstance(item, Article)
            id = item.id if isinstance(item, Article) else page.state.article
            self._note(replace(page.state, article=id, marks=marks), ahead=int(found))
        if isinstance(item, Article):
            yield self._of_agency(item, page)

    def _of_agency(self, article: Article, page: PageRequest) -> Article:
        id = page.look.source.as_agency if page.look else ""
        known = [claim.value for claim in page.entry.claims if claim.field == AGENCY_FEED]
        agency = self._agencies.get(id or next(iter(known), ""))
        return from_feed_of(agency, article) if agency else article

    def _take_list(self, crawl: Crawl, at: ListRequest, reply: Reply) -> Iterator[Article]:
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
                crawl.add([Request(entry.url, ListRequest(look, at.depth + 1), marks)])

    def _take_entries(self, crawl: Crawl, look: Look, listing: Listing) -> Iterator[Article]:
        now = time.time()
        requests = []
        for entry in filter(self._recent, listing.pages):
            mark = stamp(entry)
            # No http address, or its fragment would not count.
            url = entry.url or f"entry:{look.source.url}#{entry.id or entry.title or mark}"
            known = self._state.page(url)
            if url in self._pending or (known and known.stamp == mark):
                continue
            whole = not entry.url or is_whole(entry)
            if known and not whole and now - known.last < AGAIN:
                look.whole = False
                continue
            first = known.first if known else now
            due = None if whole else self._recheck_after(first, now)
            article, marks = (known.article, known.marks) if known else ("", NO_MARKS)
            state = PageState(url, article, mark, marks, first, now, due)
            page = PageRequest(entry, state, look)
            self._pending.add(url)
            if whole:
                yield from self._take_whole(page)
            else:
                look.open += 1
                requests.append(Request(entry.url, page, state.marks))
        crawl.add(requests)

    def _take_whole(self, page: PageRequest) -> Iterator[Article]:
        self._pending.discard(page.state.url)
        try:
            article = article_in(page.entry, page.state.url)
        except ProvenanceError as error:
            self._note(page.state)
            self._aside(SetAside(page.state.url, "", str(error)))
            return
        self._note(page.state, ahead=1)
        yield self._of_agency(article, page)

    def _close(self, look: Look, outcome: Fetched | ProvenanceError) -> None:
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
        self._note(SourceState(source.url, own, now + wait, failures))
        for url in marks.keys() - {source.url}:
            self._note(SourceState(url, marks[url]))

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
