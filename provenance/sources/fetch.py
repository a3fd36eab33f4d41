"""Fetching one address: politely, within limits, and only from the public internet."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Timer
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from provenance.article import FetchError, InputError
from provenance.sources.answers import CHARSET, NO_MARKS, Fetched, Marks
from provenance.sources.asking import NOT_MODIFIED, REDIRECTS, Answer, ask
from provenance.sources.failures import PassingError, RetryError
from provenance.sources.manners import Manners
from provenance.sources.whole import breaks_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protego import Protego
    from requests import Session

AGENT = "provenance/0.1 (checks where news texts come from)"
WORTH_RETRYING = (429, 500, 502, 503, 504)
BUSY = (429, 503)
ROBOTS_AGE = 86_400.0
"""Seconds for which a robots.txt counts (RFC 9309: no longer than a day)."""
SITES_KEPT = 10_000
"""Sites whose robots.txt is kept; then all are forgotten and asked anew."""
LARGEST_ROBOTS = 512_000
"""Bytes of robots.txt that are read (RFC 9309 asks for at least 500 KiB)."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How addresses are fetched.

    robots.txt is honoured on every hop, and kept for a day. As RFC 9309 has it, one that does not
    exist (4xx) forbids nothing, and one that cannot be read (5xx, no answer) forbids everything.
    Proxies and credentials of the environment are not used, since behind a
    proxy the address that is really contacted could not be checked.

    Attributes:
        user_agent: What the fetcher calls itself; robots.txt is read for its first word.
        connect_timeout: Seconds to wait for a connection.
        read_timeout: Seconds to wait for the next bytes.
        deadline: Seconds for one fetch, with all its redirects and attempts.
        attempts: How often one address is tried when the failure may pass.
        backoff: Seconds before the second attempt; doubled each time.
        longest_wait: Most seconds to wait when a server asks for patience (``Retry-After``).
        redirects: Most redirects followed.
        largest: Most bytes of a body, decompressed.
        allow_private: Also fetch from loopback, private, link-local and reserved addresses.
        manners: How hosts are treated when many addresses are fetched; the attempts and waits
            above are for one address by itself.
    """

    user_agent: str = AGENT
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 60.0
    attempts: int = 3
    backoff: float = 0.5
    longest_wait: float = 20.0
    redirects: int = 10
    largest: int = 20_000_000
    allow_private: bool = False
    manners: Manners = field(default_factory=Manners)
    _robots: dict[str, tuple[float, Protego]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def fetch(self, url: str, marks: Marks = NO_MARKS) -> Fetched:
        """Fetch one address.

        Args:
            url: The address.
            marks: Those of an earlier answer, to be answered only when the page has changed.

        Raises:
            InputError: It is no http(s) address.
            FetchError: It could not be fetched, with the reason in one line; `PassingError` when
                a later attempt may do better.
        """
        _require_http(url)
        with self._session(url) as session:
            here, answer = self._follow(session, url, _conditions(marks), obey_robots=True)
        if answer.status >= 400:
            reason = f"{url}: answered {answer.status} {answer.reason}".rstrip()
            if answer.status in WORTH_RETRYING:
                busy = answer.status in BUSY
                raise PassingError(reason, wait=_seconds(answer.retry_after), whole_host=busy)
            raise FetchError(reason)
        kind = answer.content_type
        # Bytes as letters: markup is spelled alike in every charset pages are written in.
        if ("html" in kind or not kind) and breaks_off(answer.data.decode("latin-1")):
            raise PassingError(f"{url}: the page breaks off before its end")
        charset = CHARSET.search(kind)
        return Fetched(
            url=url,
            final_url=here,
            data=answer.data,
            content_type=kind.partition(";")[0].strip().lower(),
            charset=charset.group(1) if charset else "",
            marks=answer.marks,
            unchanged=answer.status == NOT_MODIFIED,
        )

    @property
    def _timeouts(self) -> tuple[float, float]:
        return self.connect_timeout, self.read_timeout

    def crawl_delay(self, url: str) -> float:
        """Seconds that the robots.txt of an address asks between two fetches; 0 if not known."""
        _, rules = self._robots.get(_site(url), (0.0, None))
        if rules is None:
            return 0.0
        name = self.user_agent.partition("/")[0]
        rate = rules.request_rate(name)
        between = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return float(max(rules.crawl_delay(name) or 0.0, between))

    @contextmanager
    def _session(self, url: str) -> Iterator[Session]:
        """A session whose connections are guarded, and cut when the deadline passes."""
        from requests import Session

        from provenance.sources.guard import GuardedAdapter

        adapter = GuardedAdapter(allow_private=self.allow_private)
        late = Event()

        def cut() -> None:
            late.set()
            adapter.hang_up()

        timer = Timer(self.deadline, cut)
        timer.daemon = True
        timer.start()
        try:
            with Session() as session:
                session.trust_env = False
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                session.headers.update(
                    {"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"}
                )
                yield session
        except FetchError:
            if not late.is_set():
                raise
        finally:
            timer.cancel()
        # A cut connection without a stated length looks like the end of a page.
        if late.is_set():
            raise PassingError(f"{url}: took longer than {self.deadline:g} s", whole_host=True)

    def _follow(
        self, session: Session, url: str, conditions: dict[str, str], *, obey_robots: bool
    ) -> tuple[str, Answer]:
        """Fetch an address and follow its redirects by hand, each hop checked like the first."""
        here, seen = url, {url}
        while True:
            if obey_robots and not self._allowed(session, here):
                raise FetchError(f"{here}: its robots.txt does not allow fetching it")
            largest = self.largest if obey_robots else LARGEST_ROBOTS
            answer = self._patiently(session, here, largest, conditions)
            if answer.status not in REDIRECTS or not answer.location:
                return here, answer
            here = _next_address(here, answer.location)
            if here in seen:
                raise FetchError(f"{url}: redirects in a circle")
            seen.add(here)
            if len(seen) > self.redirects + 1:
                raise FetchError(f"{url}: more than {self.redirects} redirects")

    def _allowed(self, session: Session, url: str) -> bool:
        site, now = _site(url), time.monotonic()
        since, rules = self._robots.get(site, (now, None))
        if rules is None or now - since > ROBOTS_AGE:
            if len(self._robots) >= SITES_KEPT:
                self._robots.clear()
            address = f"{site}/robots.txt"
            try:
                rules = self._rules(session, address)
            except FetchError as error:  # that a host cannot be had is no matter of its robots.txt
                error.args = (str(error).replace(f"{address}:", f"{url}:", 1),)
                raise
            self._robots[site] = now, rules
        return bool(rules.can_fetch(url, self.user_agent.partition("/")[0]))

    def _rules(self, session: Session, address: str) -> Protego:
        from protego import Protego

        _, answer = self._follow(session, address, {}, obey_robots=False)
        if answer.status >= 500 or answer.status == 429:
            raise PassingError(
                f"{address}: robots.txt answered {answer.status}, so nothing may be fetched",
                wait=_seconds(answer.retry_after),
                whole_host=True,
            )
        text = answer.data.decode("utf-8", "replace") if answer.status < 400 else ""
        return Protego.parse(text)

    def _patiently(
        self, session: Session, url: str, largest: int, conditions: dict[str, str]
    ) -> Answer:
        """Try again, later and later, while the failure may pass."""
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            wait = self.backoff * 2 ** (attempt - 1)
            try:
                answer = ask(session, url, conditions, self._timeouts, largest)
            except RetryError as error:
                if last:
                    raise PassingError(f"{url}: {error}", whole_host=True) from error
            else:
                if answer.status not in WORTH_RETRYING or last:
                    return answer
                wait = max(wait, _seconds(answer.retry_after))
                if wait > self.longest_wait:
                    return answer
            time.sleep(wait)
        raise AssertionError("attempts is at least 1")


def _conditions(marks: Marks) -> dict[str, str]:
    named = {"If-None-Match": marks.etag, "If-Modified-Since": marks.last_modified}
    return {name: value for name, value in named.items() if value}


def _site(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}"


def _require_http(url: str) -> None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise InputError(f"{url}: not a valid address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{url}: only http and https addresses can be fetched")


def _next_address(here: str, location: str) -> str:
    """Where a redirect leads; its bytes are UTF-8 more often than the Latin-1 HTTP assumes."""
    try:
        there = urljoin(here, location.encode("latin-1").decode("utf-8"))
    except (UnicodeError, ValueError):
        there = location
    there = there.partition("#")[0]
    if not there.startswith(("http://", "https://")):
        raise FetchError(f"{here}: redirects to {there[:100]!r}, which is no http address")
    return there


def _seconds(retry_after: str) -> float:
    """Seconds of a ``Retry-After`` header, given in seconds or as a date; 0 without one."""
    if retry_after.isdigit():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
