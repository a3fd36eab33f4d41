"""Many addresses at once, each host at its own pace, so that one dead host delays no other."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from threading import Thread

from provenance.article import FetchError, ProvenanceError
from provenance.sources.answers import NO_MARKS, Fetched, Marks
from provenance.sources.failures import PassingError
from provenance.sources.fetch import Fetcher
from provenance.sources.identity import server_of

LOOKAHEAD = 20_000
"""Addresses taken from the streams ahead of time, to find hosts that are free: lists are often
sorted by host."""
HOSTS_KEPT = 10_000
"""Hosts remembered before those at rest are forgotten."""
TICK = 0.5
"""Seconds after which a stop is noticed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One address to fetch; `about` is the asker's own note, handed back with the reply."""

    url: str
    about: object = None
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request: the answer, or why there is none."""

    request: Request
    outcome: Fetched | ProvenanceError


@dataclass(slots=True)
class _Host:
    """The queue of one host, and when it may be asked again (monotonic clock)."""

    waiting: deque[tuple[Request, int]] = field(default_factory=deque)
    running: int = 0
    ready: float = 0.0
    strikes: int = 0
    given_up: str = ""


class Crawl:
    """Fetches what it is given, in any order, until there is no more.

    Iterate over it for the replies; requests may be added meanwhile. Nothing is fetched while
    nobody takes replies, but for what is under way.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        stopped: Callable[[], bool] = lambda: False,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Make a crawl.

        Args:
            fetcher: How addresses are fetched and hosts treated.
            stopped: Asked now and then; once it is true no more replies come.
            meanwhile: Called after every reply and every `TICK` without one, between hosts that
                are slow as well; it may add requests.
        """
        self._fetcher = replace(fetcher, attempts=1)
        self._manners = fetcher.manners
        self._stopped = stopped
        self._meanwhile = meanwhile
        self._streams: list[Iterator[Request]] = []
        self._hosts: dict[str, _Host] = {}
        self._busy: dict[str, _Host] = {}
        self._waiting = 0
        self._running = 0
        self._replies: SimpleQueue[tuple[str, Request, int, Fetched | ProvenanceError]]
        self._replies = SimpleQueue()

    def add(self, requests: Iterable[Request]) -> None:
        """Give it more to fetch; taken lazily, the last added first."""
        self._streams.append(iter(requests))

    def was_asked(self, url: str) -> None:
        """An address was fetched just now by other means: its host has its pause first."""
        host = self._hosts.setdefault(server_of(url), _Host())
        host.ready = time.monotonic() + self._usual_pause(url)

    def _usual_pause(self, url: str) -> float:
        asked = self._fetcher.crawl_delay(url)
        return max(self._manners.delay, min(asked, self._manners.patience))

    def __iter__(self) -> Iterator[Reply]:
        while not self._stopped():
            self._meanwhile()
            yield from self._pull()
            self._start()
            if not (self._running or self._waiting or self._streams):
                return
            try:
                name, request, tries, outcome = self._replies.get(timeout=self._pause())
            except Empty:
                continue
            self._running -= 1
            yield from self._settle(name, request, tries, outcome)

    def _pull(self) -> Iterator[Reply]:
        """Take requests from the streams; those of a host given up are answered at once."""
        while self._streams and self._waiting < LOOKAHEAD:
            request = next(self._streams[-1], None)
            if request is None:
                self._streams.pop()
                continue
            name = server_of(request.url)
            host = self._hosts.setdefault(name, _Host())
            if host.given_up and host.ready <= time.monotonic():
                host.given_up, host.strikes = "", 0
            if host.given_up:
                yield Reply(request, PassingError(f"{request.url}: {host.given_up}"))
                continue
            self._queue(name, host, request, 0)
        if len(self._hosts) > HOSTS_KEPT:
            self._forget()

    def _queue(self, name: str, host: _Host, request: Request, tries: int) -> None:
        if tries:
            host.waiting.appendleft((request, tries))
        else:
            host.waiting.append((request, tries))
        self._waiting += 1
        self._busy[name] = host

    def _forget(self) -> None:
        now = time.monotonic()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.waiting or host.running or host.ready > now
        }

    def _start(self) -> None:
        """Start what may start now; a host that was served goes to the end of the line."""
        now = time.monotonic()
        for name, host in list(self._busy.items()):
            if self._running >= self._manners.concurrent:
                return
            if host.ready > now or host.running >= self._manners.per_host:
                continue
            request, tries = host.waiting.popleft()
            self._waiting -= 1
            del self._busy[name]
            if host.waiting:
                self._busy[name] = host
            host.running += 1
            self._running += 1
            # Daemons, so that an interrupted program need not wait for a slow server.
            Thread(target=self._fetch, args=(name, request, tries), daemon=True).start()

    def _fetch(self, name: str, request: Request, tries: int) -> None:
        outcome: Fetched | ProvenanceError
        try:
            outcome = self._fetcher.fetch(request.url, request.marks)
        except ProvenanceError as error:
            outcome = error
        except Exception as error:  # a thread must answer, whatever a library raises
            outcome = FetchError(f"{request.url}: cannot be fetched ({type(error).__name__})")
        self._replies.put((name, request, tries, outcome))

    def _pause(self) -> float:
        """Seconds until the next host is ready, at most a tick."""
        if self._running >= self._manners.concurrent:
            return TICK
        ready = [h.ready for h in self._busy.values() if h.running < self._manners.per_host]
        return min(TICK, max(0.001, min(ready, default=TICK) - time.monotonic()))

    def _settle(
        self, name: str, request: Request, tries: int, outcome: Fetched | ProvenanceError
    ) -> Iterator[Reply]:
        """Hand a reply over, or put the request back for a later attempt."""
        host, manners = self._hosts[name], self._manners
        host.running -= 1
        asked = self._fetcher.crawl_delay(request.url)
        pause = self._usual_pause(request.url)
        again = False
        if isinstance(outcome, PassingError):
            host.strikes += outcome.whole_host
            pause = max(pause, outcome.wait, manners.backoff * 2**tries)
            again = tries + 1 < manners.attempts and not host.given_up
        else:
            host.strikes = 0
        host.ready = time.monotonic() + pause
        if pause > manners.patience or host.strikes >= manners.strikes:
            again = False
            host.given_up = f"its host is given up: {str(outcome).removeprefix(request.url + ': ')}"
        elif asked > manners.patience:
            host.given_up = f"its robots.txt asks for {asked:g} s between two pages; not waited for"
        if again:
            self._queue(name, host, request, tries + 1)
        else:
            yield Reply(request, outcome)
        if host.given_up:
            yield from self._give_up(name, host)

    def _give_up(self, name: str, host: _Host) -> Iterator[Reply]:
        """Answer all that waits for a host; it may be asked again when it, or we, had patience."""
        host.ready = max(host.ready, time.monotonic() + self._manners.patience)
        self._waiting -= len(host.waiting)
        self._busy.pop(name, None)
        while host.waiting:
            request, _ = host.waiting.popleft()
            yield Reply(request, PassingError(f"{request.url}: {host.given_up}"))
