"""One article, many addresses."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.sources.blocks import absolute
from provenance.sources.identity import canonical_address, server_of

STORY = "https://townpaper.org/news/bridge-opened"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.TownPaper.org:80/news/bridge-opened/#comments",
        "https://townpaper.org/news/bridge-opened?utm_source=rss&fbclid=1&ref=home&cid=9",
        "https://m.townpaper.org/news/bridge-opened?smid=tw",
        "https://amp.townpaper.org/news/bridge-opened",
        "https://www.townpaper.org/amp/news/bridge-opened",
        "https://www.townpaper.org/news/bridge-opened/amp/",
        "https://www.townpaper.org/news/bridge-opened.amp",
        "https://www.townpaper.org/news/bridge-opened?amp",
        "https://www.townpaper.org/news/bridge-opened?outputType=amp",
        "https://www.google.com/amp/s/www.townpaper.org/news/bridge-opened",
        "https://www-townpaper-org.cdn.ampproject.org/c/s/www.townpaper.org/news/bridge-opened",
        "https://townpaper.org./news/%62ridge-opened",
    ],
)
def test_spellings_of_one_address(address: str) -> None:
    assert canonical_address(address) == STORY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.org/view.php?cid=1", "https://a.org/view.php?cid=2"),
        ("https://a.org/?source=1", "https://a.org/?source=2"),
        ("https://a.org/story?id=1", "https://a.org/story?id=2"),
        ("https://a.org/index.html?tag=x", "https://a.org/index.html?tag=y"),
        ("https://a.org/amp", "https://a.org/"),
        ("https://a.org:8080/x", "https://a.org/x"),
        ("https://de.a.org/x", "https://en.a.org/x"),
        ("https://a.org/stamp", "https://a.org/st"),
        ("https://m.org/x", "https://org/x"),
    ],
)
def test_addresses_of_two_articles_stay_two(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


def test_names_in_other_scripts_have_one_spelling() -> None:
    assert canonical_address("https://köln.de/straße") == canonical_address(
        "https://xn--kln-sna.de/stra%C3%9Fe"
    )
    assert canonical_address("https://a.org/x?b=2&a=%C3%BC") == "https://a.org/x?a=%C3%BC&b=2"


@given(
    st.text(alphabet="abm./:?#&=%[]@-ü\n\\", max_size=30),
    st.sampled_from(
        ["", "https://", "http://www.m.", "https://a.org/", "https://x.cdn.ampproject.org/c/"]
    ),
)
def test_a_canonical_address_is_its_own(rest: str, start: str) -> None:
    once = canonical_address(start + rest)
    assert canonical_address(once) == once


def test_long_and_repetitive_addresses_have_one_spelling_too() -> None:
    hostile = ["/amp" * 5_000, "/amp" * 5_000 + "/" + "a" * 5_000, "/" * 20_000 + "x"]
    hostile += ["/c/s/" + "a." * 10_000 + "/" + "b" * 5_000, "/?" + "&a=1" * 10_000]
    for path in hostile:
        for host in ("https://a.org", "https://x.cdn.ampproject.org", "https://www.google.com"):
            once = canonical_address(host + path)
            assert canonical_address(once) == once


@given(
    st.text("htps:/.wW-_?#&=[];@%é \n~09", max_size=40),
    st.sampled_from(["https://a.org/b/c?d#e", "http://A.org:80", "https://[::1]/x/", "a/b"]),
)
def test_the_short_way_to_an_absolute_address_is_that_of_joining(address: str, base: str) -> None:
    for made in (address, f"/{address}", f"https://b.org/{address}"):
        plain = made.strip()
        try:
            joined = urljoin(base, plain)
        except ValueError:
            joined = ""
        expected = "" if not plain or plain.startswith("#") else joined
        assert absolute(base, made) == expected


def test_a_server_is_a_host_and_its_port() -> None:
    assert server_of("http://A.org:8001/x") == "a.org:8001"
    assert server_of("https://a.org/x") == server_of("http://a.org/y") == "a.org"
    assert server_of("http://a.org:port/x") == "a.org"
