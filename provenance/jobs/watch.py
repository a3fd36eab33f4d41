"""Watching feeds and sitemaps: what is new is added to the index, what changed as a version.

Everything that was seen is written down only after its articles are committed, so that a watch
that was killed fetches at most what it had not finished.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from provenance.article import AGENCY_FEED, Article, ProvenanceError, SetAside
from provenance.attribution.agencies.agency import Agency
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
"""Pages under way at most when pages are queued for another look."""
WRITTEN_EVERY = 5.0
"""Seconds after which what came is written, so that little is lost with the process."""
MOST_WAITING = 1000
"""Articles after which what came is written."""
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
        self._waiting: list[Article] = []
        self._seen: list[PageState | SourceState] = []
        self._written = 0.0
        self._due = {source.url: state.source(source.url).due for source in config.sources}
        self.counts = Counts()
        self.fetched = 0
        self.set_aside = 0

    def run(self, *, once: bool = False) -> None:
        """Look at every source when it is due, until stopped; or at those due now, once."""
        while not self._stopped():
            self._round(once)
            if once:
                return
            next_look = self._next_look()
            while time.time() < next_look and not self._stopped():
                time.sleep(TICK)

    def _round(self, once: bool) -> None:
        """Take in all that is due, and what falls due meanwhile, until nothing is."""

        def meanwhile() -> None:
            if not once:
                self._add_due(crawl)
            self._write_in_time()

        crawl = Crawl(self._fetcher, self._stopped, meanwhile)
        self._add_due(crawl)
        for reply in crawl:
            self.fetched += isinstance(reply.outcome, Fetched)
            for article in self._taken(crawl, reply):
                self._waiting.append(article)
                self._write_in_time()
        self._write()
        self._looks.clear()
        self._pending.clear()

    def _write_in_time(self) -> None:
        late = time.monotonic() - self._written > WRITTEN_EVERY
        if late or len(self._waiting) >= MOST_WAITING:
            self._write()

    def _write(self) -> None:
        """Commit the articles that came, then remember what was seen of them and of the rest."""
        self._written = time.monotonic()
        if self._waiting:
            self.counts += self._index.add(self._waiting)
            self._waiting = []
        if self._seen:
            sources = [one for one in self._seen if isinstance(one, SourceState)]
            pages = [one for one in self._seen if isinstance(one, PageState)]
            self._state.save(sources, pages)
            self._pending.difference_update(page.url for page in pages)
            self._seen = []
            self._tell(self._line())

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

    def _next_look(self) -> float:
        page = self._state.next_page() if self._config.recheck else None
        return min([*self._due.values(), *([] if page is None else [page])])

    def _line(self) -> str:
        counts = self.counts
        return (
            f"{time.strftime('%H:%M:%S')} {self.fetched} fetched, {counts.added} added, "
            f"{counts.updated} updated, {counts.unchanged} unchanged, {self.set_aside} set aside"
        )

    def _add_due(self, crawl: Crawl) -> None:
        now = time.time()
        for source in self._config.sources:
            if self._due[source.url] <= now and source.url not in self._looks:
                state = self._state.source(source.url)
                look = self._looks[source.url] = Look(source, state)
                crawl.add([Request(source.url, ListRequest(look), state.marks)])
        if self._config.recheck and len(self._pending) < RECHECKS:
            for page in self._state.due_pages(now, RECHECKS):
                if page.url not in self._pending:
                    self._pending.add(page.url)
                    entry = self._known_entry(page)
                    after = replace(page, last=now, due=self._recheck_after(page.first, now))
                    crawl.add([Request(page.url, PageRequest(entry, after, None), page.marks)])

    def _taken(self, crawl: Crawl, reply: Reply) -> Iterator[Article]:
        about, outcome = reply.request.about, reply.outcome
        if isinstance(about, ListRequest):
            yield from self._take_list(crawl, about, reply)
            self._close(about.look, outcome)
        elif isinstance(about, PageRequest):
            if isinstance(outcome, Fetched) and outcome.unchanged:
                self._seen.append(about.state)
            else:
                yield from self._take_page(about, outcome)
            if about.look:
                self._close(about.look, outcome)

    def _take_page(
        self, page: PageRequest, outcome: Fetched | ProvenanceError
    ) -> Iterator[Article]:
        """A page stays pending until what was seen of it is written, or at once if it failed."""
        # Of what was read before, the feed's few lines are no newer version.
        known = replace(page.entry, html="", text="") if page.state.article else page.entry
        item = article_of(outcome, known)
        marks = outcome.marks if isinstance(outcome, Fetched) else NO_MARKS
        id = page.state.article
        if isinstance(item, Article):
            yield self._of_agency(item, page)
            id = item.id
        else:
            self._aside(item)
        if isinstance(outcome, PassingError) and page.look:
            self._pending.discard(page.state.url)
        else:
            self._seen.append(replace(page.state, article=id, marks=marks))

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
        try:
            yield self._of_agency(article_in(page.entry, page.state.url), page)
        except ProvenanceError as error:
            self._aside(SetAside(page.state.url, "", str(error)))
        self._seen.append(page.state)

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
        self._seen.append(SourceState(source.url, own, now + wait, failures))
        self._seen += [SourceState(url, marks[url]) for url in marks.keys() - {source.url}]

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
