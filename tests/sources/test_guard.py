"""Addresses that must not be fetched, in every guise, and servers that mean harm."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from provenance.article import FetchError, SetAside
from provenance.sources import Fetcher, read
from provenance.sources.guard import is_public
from provenance.sources.manners import Manners
from tests.sources.site import Handler, Server, Site

REFUSED = "private or reserved address"


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    one.on("/page", lambda server: server.answer(b"<p>Some text of a page</p>"))
    yield one
    one.close()


def port(site: Site) -> int:
    return int(site.root.rpartition(":")[2])


@pytest.mark.parametrize(
    "host",
    [
        "127.1", "0x7f000001", "0x7f.0.0.1", "017700000001", "0x7f.1", "127.0.0.1.", "127.255.0.9",
        "①②⑦.⓪.⓪.①", "user:pass@127.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:ffff:7f00:1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "0.0.0.0",
        "169.254.169.254", "[fd00:ec2::254]", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "[fe80::1]", "[fec0::1]", "255.255.255.255",
        "LOCALHOST", "localhost.",
    ],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_fetched(site: Site, host: str) -> None:
    with pytest.raises(FetchError) as error:
        Fetcher(attempts=1, connect_timeout=2.0).fetch(f"http://{host}:{port(site)}/page")
    assert any(reason in str(error.value) for reason in (REFUSED, "no such host", "InvalidURL"))
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("64:ff9b::808:808", True),
        ("2002:808:808::", True),
        ("64:ff9b:1::808:808", False),
        ("2001:0:a00:1:0:0:f5ff:fffe", False),
        ("192.0.0.170", False),
        ("192.88.99.1", False),
        ("198.18.0.1", False),
        ("203.0.113.9", False),
        ("240.0.0.1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("fec0::1", False),
        ("::8.8.8.8", False),
    ],
)
def test_addresses_of_the_public_internet(address: str, public: bool) -> None:
    assert is_public(address) is public


Answers = list[tuple[Any, ...]]


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let any name resolve to the given addresses, one list after the other; notes the names."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Answers:
        if host.replace(".", "").isdigit():
            return real(host, port, *args, **kwargs)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_resolves_to_a_private_address_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, ["127.0.0.1"])
    with pytest.raises(FetchError, match=REFUSED):
        Fetcher(attempts=1).fetch(f"http://innocent.org:{port(site)}/page")
    assert site.asked == []


def only(*allowed: str) -> Callable[[str], bool]:
    return lambda address: address in allowed


def test_a_name_server_that_changes_its_mind_leads_nowhere_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """127.0.0.1 stands for a public address; every later answer names one that is not."""
    monkeypatch.setattr("provenance.sources.guard.is_public", only("127.0.0.1"))
    asked = resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    address = f"http://rebinding.org:{port(site)}/page"
    with pytest.raises(FetchError, match=REFUSED):
        Fetcher(attempts=1).fetch(address)
    assert site.asked == ["/robots.txt"], "the second connection is checked anew"
    assert asked == ["rebinding.org"] * 2, "and each connection resolves but once"


def test_of_several_addresses_only_public_ones_are_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provenance.sources.guard.is_public", only("127.0.0.1"))
    resolving(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    assert Fetcher().fetch(f"http://both.org:{port(site)}/page").data


def test_redirects_to_private_addresses_and_other_schemes_are_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provenance.sources.guard.is_public", only("127.0.0.1"))
    inner = Site("127.0.0.2")
    targets = {
        f"{inner.root}/secret": REFUSED,
        f"http://2130706434:{port(inner)}/secret": REFUSED,
        "http://169.254.169.254/latest/meta-data/": REFUSED,
        "//[::1]/x": REFUSED,
        "file:///etc/passwd": "no http address",
        "gopher://127.0.0.1/": "no http address",
        "javascript:alert(1)": "no http address",
    }
    for number, (target, reason) in enumerate(targets.items()):
        hop = site.on(f"/hop{number}", lambda s, to=target: s.answer(b"", 302, Location=to))  # type: ignore[misc]
        with pytest.raises(FetchError, match=reason):
            Fetcher(attempts=1).fetch(hop)
    assert inner.asked == []
    inner.close()


def test_robots_of_a_public_site_may_not_redirect_inside(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provenance.sources.guard.is_public", only("127.0.0.1"))
    inner = Site("127.0.0.2")
    site.on("/robots.txt", lambda server: server.answer(b"", 302, Location=f"{inner.root}/x"))
    with pytest.raises(FetchError, match=REFUSED):
        Fetcher(attempts=1).fetch(f"{site.root}/page")
    assert inner.asked == [] and site.asked == ["/robots.txt"]
    inner.close()


@pytest.mark.parametrize("kind", ["feed", "sitemap", "urls"])
def test_what_a_feed_leads_to_is_checked_like_anything_else(
    kind: str, site: Site, tmp_path: Any
) -> None:
    address = f"{site.root}/page"
    texts = {
        "feed": f"<rss><channel><item><link>{address}</link></item></channel></rss>",
        "sitemap": f"<urlset><url><loc>{address}</loc></url></urlset>",
        "urls": f"{address}\n",
    }
    path = tmp_path / "list"
    path.write_text(texts[kind])
    (item,) = read(str(path), fetcher=Fetcher(manners=Manners(delay=0, backoff=0)))
    assert isinstance(item, SetAside)
    assert REFUSED in item.reason
    assert site.asked == []


def fetcher() -> Fetcher:
    return Fetcher(
        allow_private=True, attempts=1, largest=1_000_000, deadline=5.0, read_timeout=1.0
    )


def endless(server: Server) -> None:
    server.send_response(200)
    server.end_headers()
    pour(server, b"x" * 65_536)


def pour(server: Server, data: bytes) -> None:
    try:
        while True:
            server.wfile.write(data)
    except OSError:
        return


def endless_chunks(server: Server) -> None:
    server.protocol_version = "HTTP/1.1"
    server.send_response(200)
    server.send_header("Transfer-Encoding", "chunked")
    server.end_headers()
    pour(server, b"1000\r\n" + b"x" * 4096 + b"\r\n")


def giant_chunk(server: Server) -> None:
    server.send_response(200)
    server.send_header("Transfer-Encoding", "chunked")
    server.end_headers()
    server.wfile.write(b"fffffffffffffff\r\nabc")


def endless_header(server: Server) -> None:
    server.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    pour(server, b"a" * 65_536)


def many_headers(server: Server) -> None:
    server.wfile.write(b"HTTP/1.1 200 OK\r\n")
    pour(server, b"X-A: b\r\n" * 1000)


def not_http(server: Server) -> None:
    server.wfile.write(b"\0\1\2 no http \xff\r\n\r\n")


GZIP_BOMB = gzip.compress(gzip.compress(bytes(30_000_000)))
DEFLATE_BOMB = zlib.compress(bytes(30_000_000))


def bomb_in_bomb(server: Server) -> None:
    server.answer(GZIP_BOMB, Content_Encoding="gzip, gzip")


def deflate_bomb(server: Server) -> None:
    server.answer(DEFLATE_BOMB, Content_Encoding="deflate")


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (endless, "larger than 1 MB"),
        (endless_chunks, "larger than 1 MB"),
        (giant_chunk, "broke off before the end"),
        (endless_header, "could not connect"),
        (many_headers, "could not connect"),
        (not_http, "could not connect"),
        (bomb_in_bomb, "larger than 1 MB"),
        (deflate_bomb, "larger than 1 MB"),
    ],
)
def test_hostile_answers_end_in_one_clear_line(site: Site, handler: Handler, reason: str) -> None:
    with pytest.raises(FetchError) as error:
        fetcher().fetch(site.on("/hostile", handler))
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_wrong_charset_and_zero_bytes_do_no_harm(site: Site) -> None:
    text = "<html><title>Grüße</title><p>Grü\0ße aus Köln und Düsseldorf</p>"
    for charset in ("utf-16", "latin-1", "no-such-charset", "base64", "utf-7"):
        kind = f"text/html; charset={charset}"
        address = site.on("/x", lambda s, k=kind: s.answer(text.encode(), Content_Type=k))  # type: ignore[misc]
        (article,) = read(address, fetcher=fetcher())
        assert not isinstance(article, SetAside)
        assert article.blocks[-1].text == "Grüße aus Köln und Düsseldorf"


def test_a_body_longer_than_it_says_is_read_as_long_as_it_says(site: Site) -> None:
    address = site.on("/long", lambda server: server.answer(b"<p>abc</p>def", Content_Length="10"))
    assert fetcher().fetch(address).data == b"<p>abc</p>"
