"""Many addresses on several real servers: each host at its own pace, none waiting for another."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from provenance.article import ProvenanceError
from provenance.sources import Fetched, Fetcher
from provenance.sources.answers import Marks
from provenance.sources.crawl import Crawl, Reply, Request
from provenance.sources.failures import PassingError
from provenance.sources.manners import Manners
from tests.sources.site import Server, Site

SLOW = 0.15


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    """Servers on several hosts of the loopback network."""
    several = [Site(f"127.0.0.{number}") for number in range(1, 5)]
    for site in several:
        site.on("/page", lambda server: server.answer(b"<p>Some text</p>"))
    yield several
    for site in several:
        site.close()


def crawl(urls: list[str], read_timeout: float = 5.0, **manners: float) -> Crawl:
    settings = {"delay": 0.0, "backoff": 0.01, **manners}
    fetcher = Fetcher(
        allow_private=True,
        read_timeout=read_timeout,
        connect_timeout=2.0,
        manners=Manners(**settings),  # type: ignore[arg-type]
    )
    made = Crawl(fetcher)
    made.add(Request(url) for url in urls)
    return made


def outcomes(replies: Iterator[Reply] | Crawl) -> tuple[list[str], list[str]]:
    """Addresses that answered, and the reasons of those that did not."""
    answered, failed = [], []
    for reply in replies:
        if isinstance(reply.outcome, ProvenanceError):
            failed.append(str(reply.outcome))
        else:
            answered.append(reply.request.url)
    return answered, failed


def pages(site: Site, count: int) -> list[str]:
    return [f"{site.root}/page?n={number}" for number in range(count)]


class Busy:
    """How many requests a handler served at once, and when each began and ended.

    What is served is counted until just before the answer: a client may go on as soon as it has it.
    """

    def __init__(self, whole: Busy | None = None) -> None:
        self.whole = whole
        self.now = self.most = 0
        self.times: list[tuple[float, float]] = []
        self.lock = threading.Lock()

    def count(self, change: int) -> None:
        with self.lock:
            self.now += change
            self.most = max(self.most, self.now)
        if self.whole:
            self.whole.count(change)

    def __call__(self, server: Server) -> None:
        started = time.monotonic()
        self.count(1)
        time.sleep(SLOW)
        self.count(-1)
        server.answer(b"<p>Some text</p>")
        with self.lock:
            self.times.append((started, time.monotonic()))


def test_hosts_are_fetched_at_once_but_one_host_only_as_often_as_allowed(
    sites: list[Site],
) -> None:
    everywhere = Busy()
    counters = [Busy(everywhere) for _ in sites]
    for site, counter in zip(sites, counters, strict=True):
        site.on("/page", counter)
    answered, failed = outcomes(crawl([url for site in sites for url in pages(site, 3)]))
    assert len(answered) == 12 and failed == []
    assert [counter.most for counter in counters] == [1, 1, 1, 1]
    assert everywhere.most > 1
    everywhere.most = 0
    urls = [url for site in sites for url in pages(site, 2)]
    assert len(outcomes(crawl(urls, concurrent=2))[0]) == 8
    assert everywhere.most <= 2


def test_a_delay_lies_between_an_answer_and_the_next_request(sites: list[Site]) -> None:
    busy = Busy()
    sites[0].on("/page", busy)
    outcomes(crawl(pages(sites[0], 3), delay=0.2))
    gaps = [start - end for (_, end), (start, _) in zip(busy.times, busy.times[1:], strict=False)]
    assert len(gaps) == 2 and min(gaps) >= 0.15


def test_robots_may_ask_for_more_patience_and_for_too_much(sites: list[Site]) -> None:
    patient, endless = sites[:2]
    patient.handler.robots = (200, "User-agent: *\nCrawl-delay: 0.3")
    endless.handler.robots = (200, "User-agent: provenance\nCrawl-delay: 900")
    busy = Busy()
    patient.on("/page", busy)
    answered, failed = outcomes(crawl([*pages(patient, 2), *pages(endless, 3)]))
    assert len(answered) == 3
    assert busy.times[1][0] - busy.times[0][1] >= 0.25
    assert len(failed) == 2
    assert all("robots.txt asks for 900 s between two pages" in reason for reason in failed)
    assert endless.asked == ["/robots.txt", "/page?n=0"]


def test_a_busy_host_is_left_alone_as_long_as_it_asks(sites: list[Site]) -> None:
    seen: list[float] = []

    def busy_once(server: Server) -> None:
        seen.append(time.monotonic())
        if len(seen) == 1:
            server.answer(b"", 429, Retry_After="1")
        else:
            server.answer(b"<p>Some text</p>")

    sites[0].on("/page", busy_once)
    answered, failed = outcomes(crawl(pages(sites[0], 2)))
    assert len(answered) == 2 and failed == []
    assert seen[1] - seen[0] >= 1.0


def test_a_host_that_asks_for_too_much_is_given_up_at_once(sites: list[Site]) -> None:
    sites[0].on("/page", lambda server: server.answer(b"", 503, Retry_After="3600"))
    answered, failed = outcomes(crawl([*pages(sites[0], 4), *pages(sites[1], 1)]))
    assert answered == pages(sites[1], 1)
    assert len(failed) == 4
    assert sum("its host is given up: answered 503" in reason for reason in failed) == 3
    assert sites[0].asked == ["/robots.txt", "/page?n=0"]


def test_a_page_that_fails_is_tried_again_but_not_for_ever(sites: list[Site]) -> None:
    sites[0].on("/ill", lambda server: server.answer(b"", 500))
    answered, failed = outcomes(crawl([f"{sites[0].root}/ill", *pages(sites[0], 1)]))
    assert answered == pages(sites[0], 1)
    assert [reason.rpartition(": ")[2] for reason in failed] == [
        "answered 500 Internal Server Error"
    ]
    assert sites[0].asked.count("/ill") == 3


def test_dead_hosts_delay_no_other(sites: list[Site]) -> None:
    """One host accepts and never answers, one refuses; both have many addresses, and come first."""
    with socket.create_server(("127.0.0.9", 0), backlog=64) as mute:
        silent = f"http://127.0.0.9:{mute.getsockname()[1]}"
        urls = [f"{silent}/{number}" for number in range(30)]
        urls += [f"http://127.0.0.8:9/{number}" for number in range(30)]
        urls += pages(sites[0], 5)
        order = []
        failed = []
        for reply in crawl(urls, read_timeout=0.6, strikes=2):
            if isinstance(reply.outcome, Fetched):
                order.append("alive")
            else:
                failed.append(str(reply.outcome))
                order.append("mute" if silent in reply.request.url else "refusing")
    assert order.count("alive") == 5
    assert "mute" not in order[: len(order) - order[::-1].index("alive")]
    assert len(failed) == 60
    assert all("\n" not in reason for reason in failed)
    assert sum("its host is given up" in reason for reason in failed) >= 56


def test_a_host_that_does_not_exist_is_given_up_too(sites: list[Site]) -> None:
    urls = [f"http://no-such-host.invalid/{number}" for number in range(40)]
    answered, failed = outcomes(crawl([*urls, *pages(sites[0], 1)], strikes=3))
    assert answered == pages(sites[0], 1)
    assert len(failed) == 40
    assert all("no such host, or no network" in reason for reason in failed)
    assert sum("its host is given up" in reason for reason in failed) >= 38


def test_marks_save_what_has_not_changed(sites: list[Site]) -> None:
    asked: list[tuple[str, str]] = []

    def tagged(server: Server) -> None:
        conditions = (
            server.headers.get("If-None-Match", ""),
            server.headers.get("If-Modified-Since", ""),
        )
        asked.append(conditions)
        if conditions[0] == '"v1"':
            server.answer(b"", 304, ETag='"v1"')
        else:
            server.answer(b"<p>Some text</p>", ETag='"v1"', Last_Modified="yesterday")

    url = sites[0].on("/page", tagged)
    first = Fetcher(allow_private=True).fetch(url)
    assert first.marks == Marks('"v1"', "yesterday") and not first.unchanged
    again = Fetcher(allow_private=True).fetch(url, first.marks)
    assert again.unchanged and again.data == b""
    assert asked == [("", ""), ('"v1"', "yesterday")]


def test_requests_may_be_added_meanwhile_and_a_stop_is_heard(sites: list[Site]) -> None:
    made = crawl(pages(sites[0], 1))
    answered = []
    for reply in made:
        answered.append(reply.request.url)
        if len(answered) < 4:
            made.add([Request(f"{sites[len(answered)].root}/page")])
    assert len(answered) == 4
    stopped = threading.Event()
    made = Crawl(Fetcher(allow_private=True, manners=Manners(delay=0.0)), stopped.is_set)
    made.add(Request(url) for url in pages(sites[0], 1000))
    for _ in made:
        stopped.set()
    assert len(sites[0].asked) < 20


def test_a_slow_host_keeps_nobody_from_adding_requests(sites: list[Site]) -> None:
    other = threading.Event()

    def slow(server: Server) -> None:
        found = other.wait(10)
        server.answer(b"<p>Some text</p>" if found else b"", 200 if found else 404)

    def quick(server: Server) -> None:
        other.set()
        server.answer(b"<p>Some text</p>")

    added: list[str] = []

    def meanwhile() -> None:
        if not added and "/slow" in sites[0].asked:
            added.append(sites[1].on("/quick", quick))
            made.add([Request(added[0])])

    made = Crawl(Fetcher(allow_private=True), meanwhile=meanwhile)
    made.add([Request(sites[0].on("/slow", slow))])
    answered, failed = outcomes(made)
    assert (sorted(answered), failed) == (sorted([added[0], f"{sites[0].root}/slow"]), [])


def test_a_host_that_was_given_up_is_asked_again_in_time(sites: list[Site]) -> None:
    sites[0].on("/page", lambda server: server.answer(b"", 503))
    made = crawl(pages(sites[0], 3), patience=0.2, attempts=1, strikes=1)
    failed = 0
    for reply in made:
        if isinstance(reply.outcome, Fetched):
            break
        assert isinstance(reply.outcome, PassingError)
        failed += 1
        if failed == 3:
            sites[0].on("/page", lambda server: server.answer(b"<p>Some text</p>"))
            made.add([Request(f"{sites[0].root}/page?too=soon")])
        if failed == 4:
            time.sleep(0.25)
            made.add([Request(f"{sites[0].root}/page?later")])
    assert (failed, reply.request.url) == (4, f"{sites[0].root}/page?later")
    assert sites[0].asked == ["/robots.txt", "/page?n=0", "/page?later"]


def test_a_stream_of_requests_is_taken_as_needed(sites: list[Site]) -> None:
    taken = 0

    def many() -> Iterator[Request]:
        nonlocal taken
        for number in range(100_000):
            taken += 1
            yield Request(f"{sites[0].root}/page?n={number}")

    made = crawl([])
    made.add(many())
    reply = next(iter(made))
    assert isinstance(reply.outcome, Fetched)
    assert taken <= 20_001


def test_what_is_no_address_is_answered_like_the_rest(sites: list[Site]) -> None:
    answered, failed = outcomes(crawl(["ftp://x.org/a", "http://[broken", *pages(sites[0], 1)]))
    assert answered == pages(sites[0], 1)
    assert sorted(failed) == [
        "ftp://x.org/a: only http and https addresses can be fetched",
        "http://[broken: not a valid address",
    ]
