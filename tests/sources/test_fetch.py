"""Fetching, against a real server on the loopback interface."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator

import pytest

from provenance.article import Article, FetchError, InputError
from provenance.sources import Fetcher, read
from provenance.sources.failures import PassingError
from provenance.sources.guard import is_public
from tests.sources.site import Handler, Server, Site

PAGE = "<html lang=de><title>Ümlaut</title><h1>Grüße aus Köln</h1><p>Ein Satz mit ß.</p>"


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


def fetcher(**changes: float | bool | str) -> Fetcher:
    settings = {"allow_private": True, "backoff": 0.01, "attempts": 2, "read_timeout": 2.0}
    return Fetcher(**{**settings, **changes})  # type: ignore[arg-type]


def page(server: Server) -> None:
    server.answer(PAGE.encode("latin-1"), Content_Type="text/html; charset=ISO-8859-1")


def redirect(target: str, status: int = 302) -> Handler:
    return lambda server: server.answer(b"", status, Location=target)


def test_a_page_comes_whole_with_its_charset_and_both_addresses(site: Site) -> None:
    site.on("/final", page)
    asked = site.on("/start", redirect("/final", 301))
    (article,) = read(asked, fetcher=fetcher())
    assert isinstance(article, Article)
    assert [block.text for block in article.blocks] == ["Grüße aus Köln", "Ein Satz mit ß."]
    assert article.url == asked
    assert article.final_url == site.root + "/final"


def test_robots_is_asked_once_per_host_and_obeyed(site: Site) -> None:
    site.handler.robots = (200, "User-agent: *\nDisallow: /private")
    open_page, closed = site.on("/open", page), site.on("/private/page", page)
    one = fetcher()
    one.fetch(open_page)
    one.fetch(open_page)
    with pytest.raises(FetchError, match=r"robots\.txt does not allow"):
        one.fetch(closed)
    assert site.asked == ["/robots.txt", "/open", "/open"]


def test_robots_forbids_a_redirect_target_too(site: Site) -> None:
    site.handler.robots = (200, "User-agent: provenance\nDisallow: /private")
    site.on("/private/page", page)
    with pytest.raises(FetchError, match=r"robots\.txt does not allow"):
        fetcher().fetch(site.on("/start", redirect("/private/page")))
    assert "/private/page" not in site.asked


def test_robots_that_cannot_be_read_forbids_all(site: Site) -> None:
    site.handler.robots = (503, "")
    with pytest.raises(FetchError, match="answered 503, so nothing may be fetched"):
        fetcher().fetch(site.on("/page", page))
    assert "/page" not in site.asked


def test_redirects_in_a_circle_and_without_end_are_told_apart(site: Site) -> None:
    site.on("/b", redirect("/a"))
    with pytest.raises(FetchError, match="redirects in a circle"):
        fetcher().fetch(site.on("/a", redirect("/b")))
    for number in range(5):
        site.on(f"/chain{number}", redirect(f"/chain{number + 1}"))
    with pytest.raises(FetchError, match="more than 3 redirects"):
        fetcher(redirects=3).fetch(site.root + "/chain0")


def test_a_redirect_to_a_file_is_not_followed(site: Site) -> None:
    with pytest.raises(FetchError, match="no http address"):
        fetcher().fetch(site.on("/a", redirect("file:///etc/passwd")))


def test_a_server_error_that_passes_is_tried_again(site: Site) -> None:
    def once_broken(server: Server) -> None:
        if site.asked.count("/page") == 1:
            server.answer(b"sorry", 500)
        else:
            page(server)

    assert fetcher().fetch(site.on("/page", once_broken)).data == PAGE.encode("latin-1")


def test_a_server_may_ask_for_patience_but_not_for_too_much(site: Site) -> None:
    busy = site.on("/busy", lambda server: server.answer(b"", 429, Retry_After="3600"))
    with pytest.raises(FetchError, match="answered 429"):
        fetcher().fetch(busy)
    assert site.asked.count("/busy") == 1


def test_a_missing_page_is_not_tried_again(site: Site) -> None:
    gone = site.on("/gone", lambda server: server.answer(b"no", 404))
    with pytest.raises(FetchError, match="answered 404 Not Found"):
        fetcher().fetch(gone)
    assert site.asked.count("/gone") == 1


def drip(server: Server, byte: bytes) -> None:
    """Send a byte now and then, until the reader has had enough."""
    for _ in range(100):
        try:
            server.wfile.write(byte)
            server.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def test_a_slow_drip_ends_at_the_deadline(site: Site) -> None:
    def slow(server: Server) -> None:
        server.send_response(200)
        server.end_headers()
        drip(server, b"x")

    with pytest.raises(FetchError, match=r"took longer than 0\.5 s"):
        fetcher(deadline=0.5).fetch(site.on("/drip", slow))


def test_dripping_headers_end_at_the_deadline_too(site: Site) -> None:
    with pytest.raises(FetchError, match=r"took longer than 0\.5 s"):
        fetcher(deadline=0.5).fetch(site.on("/drip", lambda server: drip(server, b"H")))


def test_a_page_cut_short_is_an_error_not_half_a_page(site: Site) -> None:
    short = site.on("/short", lambda server: server.answer(b"half", Content_Length="4000"))
    with pytest.raises(FetchError, match="broke off before the end"):
        fetcher().fetch(short)


def test_a_page_that_its_server_cut_short_is_an_error_too(site: Site) -> None:
    half = b"<!doctype html><html><body><div class=story><p>The council of the town met on"
    torn = site.on("/torn", lambda server: server.answer(half, Content_Type="text/html"))
    with pytest.raises(PassingError, match="breaks off before its end"):
        fetcher().fetch(torn)


def test_large_pages_and_compression_bombs_are_refused(site: Site) -> None:
    bomb = gzip.compress(b"\0" * 30_000_000)
    assert len(bomb) < 50_000
    packed = site.on("/bomb", lambda server: server.answer(bomb, Content_Encoding="gzip"))
    large = site.on("/large", lambda server: server.answer(b"x" * 2_000_000))
    for address in (packed, large):
        with pytest.raises(FetchError, match="larger than 1 MB; not read"):
            fetcher(largest=1_000_000).fetch(address)


def test_damaged_compression_is_told(site: Site) -> None:
    broken = site.on("/broken", lambda server: server.answer(b"not gzip", Content_Encoding="gzip"))
    with pytest.raises(FetchError, match="damaged compression"):
        fetcher().fetch(broken)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "0"]
)
def test_private_addresses_are_refused_in_every_spelling(site: Site, host: str) -> None:
    port = site.root.rpartition(":")[2]
    with pytest.raises(FetchError, match="private or reserved address"):
        Fetcher(attempts=1).fetch(f"http://{host}:{port}/page")
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("169.254.169.254", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "address", ["ftp://example.org/x", "file:///etc/passwd", "http://", "gopher://x"]
)
def test_other_schemes_are_bad_input(address: str) -> None:
    with pytest.raises(InputError, match="only http and https"):
        Fetcher().fetch(address)


def test_an_unreachable_host_is_told_in_one_line(site: Site) -> None:
    site.server.shutdown()
    site.server.server_close()
    with pytest.raises(FetchError, match="could not connect") as error:
        fetcher().fetch(site.root + "/page")
    assert "\n" not in str(error.value)
    with pytest.raises(FetchError, match="no such host"):
        fetcher().fetch("http://no-such-host.invalid/")


def test_the_agent_says_who_it_is(site: Site) -> None:
    seen: list[str] = []

    def note(server: Server) -> None:
        seen.append(server.headers["User-Agent"])
        page(server)

    fetcher().fetch(site.on("/page", note))
    assert seen[0].startswith("provenance/")
