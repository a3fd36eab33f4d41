"""Feeds, sitemaps and lists: read from files, and followed on a real server."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from provenance.article import Article, Claim, InputError, SetAside
from provenance.sources import Fetcher, read
from provenance.sources.feeds import feed_entries
from provenance.sources.manners import Manners
from provenance.sources.sitemaps import read_sitemap
from tests.sources.site import Handler, Server, Site

SENTENCE = "The council of the town met on Tuesday and agreed to mend the old bridge at last. "
OTHER = "A second vote on the road that leads to the bridge was put off until next spring. "
WHOLE = f"<p>{SENTENCE * 6}</p><p>{OTHER * 6}</p>"

RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Town Paper</title><link>https://townpaper.org/</link><language>en-GB</language>
<item><title>Bridge &amp;amp; river</title><link>https://townpaper.org/bridge</link>
  <guid isPermaLink="false">tp-1</guid><pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate>
  <dc:creator>Ann Lee</dc:creator><source url="https://apnews.com/rss">AP News</source>
  <media:content url="x.jpg"><media:title>Not the title</media:title></media:content>
  <description>A teaser.</description>
  <content:encoded><![CDATA[{WHOLE}]]></content:encoded></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Blatt</title>
<entry><title type="html">Br&amp;uuml;cke</title><id>tag:1</id>
<link rel="edit" href="/edit"/><link href="/a?x=1"/><updated>2026-11-24T11:00:00Z</updated>
<published>2026-11-24T10:00:00Z</published><author><name>Bo</name><email>b@x.org</email></author>
<source><title>Reuters</title><link href="https://www.reuters.com/"/></source>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Ein <b>Satz</b>.</p></div>
</content></entry></feed>"""

JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "en",
"items": [{"id": "1", "url": "https://j.example/1", "content_html": "<p>Hi there</p>",
"date_published": "2026-11-24T10:00:00Z", "date_modified": "2026-11-24T12:00:00Z",
"authors": [{"name": "Cy"}], "external_url": "https://apnews.com/article/1"}, 7, {"id": 2}]}"""


def page(title: str) -> Handler:
    html = f"<html><title>{title}</title><body><h1>{title}</h1>{WHOLE}</body></html>"
    return lambda server: server.answer(html.encode(), Content_Type="text/html")


def body(data: str | bytes, kind: str = "application/xml") -> Handler:
    raw = data.encode() if isinstance(data, str) else data
    return lambda server: server.answer(raw, Content_Type=kind)


def everything(source: str) -> tuple[list[Article], list[SetAside]]:
    items = list(read(source, fetcher=Fetcher(allow_private=True, manners=Manners(delay=0.0))))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, SetAside)]


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


def test_rss_with_whole_text_needs_no_page(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    path.write_text(RSS)
    (article,), aside = everything(str(path))
    assert not aside
    assert article.title == "Bridge & river"
    assert article.text.count("bridge") == 12
    assert article.byline == "Ann Lee"
    assert article.outlet is not None and article.outlet.name == "Town Paper"
    assert article.published is not None and article.published.source == "feed"
    assert article.published.earliest.isoformat() == "2026-11-24T10:00:00+01:00"
    assert Claim("feed:source", "AP News") in article.claims
    assert Claim("feed:source", "https://apnews.com/rss") in article.claims


def test_atom_and_json_feed_say_the_same_things() -> None:
    (atom,) = feed_entries(ATOM.encode(), "atom", "https://blatt.example/feed/")
    assert (atom.url, atom.title, atom.byline) == ("https://blatt.example/a?x=1", "Brücke", "Bo")
    assert atom.language == "de"
    assert "<b>Satz</b>" in atom.html
    assert [claim.value for claim in atom.claims] == ["Reuters", "https://www.reuters.com/", "Bo"]
    assert atom.modified is not None and atom.published is not None
    assert atom.modified.earliest > atom.published.earliest
    first, second = feed_entries(JSON_FEED.encode(), "json")
    assert (first.url, first.byline, first.outlet) == ("https://j.example/1", "Cy", "J")
    assert Claim("feed:source", "https://apnews.com/article/1") in first.claims
    assert second.url == "" and second.id == "2"


def test_a_teaser_is_followed_to_its_page_and_keeps_what_the_feed_said(site: Site) -> None:
    site.on("/story", page("The bridge is mended"))
    site.on("/gone", lambda server: server.answer(b"no", 404))
    items = "".join(
        f"<item><title>T</title><link>{path}</link><description>{text}</description>"
        f"<source url='https://apnews.com'>AP News</source></item>"
        for path, text in (("/story", "A teaser"), ("/story?utm_source=rss", "A"), ("/gone", ""))
    )
    feed = site.on("/feed", body(f"<rss version='2.0'><channel>{items}</channel></rss>"))
    articles, aside = everything(feed)
    assert [article.title for article in articles] == ["The bridge is mended"]
    assert articles[0].url == site.root + "/story"
    assert Claim("feed:source", "AP News") in articles[0].claims
    assert [item.source for item in aside] == [site.root + "/gone"]
    assert "answered 404" in aside[0].reason


def test_a_pause_lies_between_a_feed_and_its_first_page(site: Site) -> None:
    asked: list[float] = []

    def timed(answer: Handler) -> Handler:
        def handle(server: Server) -> None:
            asked.append(time.monotonic())
            answer(server)

        return handle

    site.on("/1", timed(page("One story of the day")))
    feed = f"<rss><channel><item><link>{site.root}/1</link></item></channel></rss>"
    address = site.on("/pause", timed(body(feed)))
    fetcher = Fetcher(allow_private=True, manners=Manners(delay=0.5))
    assert len(list(read(address, fetcher=fetcher))) == 1
    assert asked[1] - asked[0] >= 0.5


def test_a_page_that_cannot_be_had_leaves_the_text_of_the_feed(site: Site) -> None:
    site.on("/closed", lambda server: server.answer(b"no", 403))
    item = f"<item><title>T</title><link>/closed</link><description>{SENTENCE}</description></item>"
    feed = site.on("/feed", body(f"<rss version='2.0'><channel>{item}</channel></rss>"))
    articles, aside = everything(feed)
    assert not aside
    assert SENTENCE.strip() in articles[0].text


def sitemap(*addresses: str, kind: str = "url") -> str:
    inside = "".join(f"<{kind}><loc>{address}</loc></{kind}>" for address in addresses)
    root = "urlset" if kind == "url" else "sitemapindex"
    return f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inside}</{root}>"


def test_an_index_of_sitemaps_is_followed_gzipped_or_not_and_never_in_circles(site: Site) -> None:
    for number in range(3):
        site.on(f"/{number}", page(f"Story number {number} of the day"))
    site.on("/a.xml", body(sitemap(f"{site.root}/0", f"{site.root}/1")))
    site.on("/b.xml.gz", body(gzip.compress(sitemap(f"{site.root}/1", "/2").encode())))
    site.on("/broken.xml", body("<html><p>no</p></html>"))
    names = [f"{site.root}/{name}" for name in ("a.xml", "b.xml.gz", "broken.xml", "index.xml")]
    index = site.on("/index.xml", body(sitemap(*names, kind="sitemap")))
    articles, aside = everything(index)
    assert sorted(article.url for article in articles) == [f"{site.root}/{n}" for n in range(3)]
    assert [item.source for item in aside] == [f"{site.root}/broken.xml"]
    assert site.asked.count("/1") == 1 and site.asked.count("/index.xml") == 1


def test_sitemaps_within_sitemaps_end_somewhere(site: Site) -> None:
    def deeper(server: Server) -> None:
        number = int(server.path.rpartition("=")[2])
        body(sitemap(f"{site.root}/map?n={number + 1}", kind="sitemap"))(server)

    site.on("/map", deeper)
    assert everything(f"{site.root}/map?n=0") == ([], [])
    assert site.asked.count("/robots.txt") == 1
    assert site.asked[1:] == [f"/map?n={number}" for number in range(4)]


def test_a_news_sitemap_gives_titles_dates_and_names() -> None:
    xml = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
      xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
      <loc>https://townpaper.org/bridge</loc><image:image><image:loc>https://x/i.jpg</image:loc>
      <image:title>A picture</image:title></image:image><news:news><news:publication>
      <news:name>Town Paper</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2026-11-24T10:00:00Z</news:publication_date>
      <news:title>Bridge mended</news:title></news:news></url></urlset>"""
    (entry,) = read_sitemap(xml.encode(), "news").pages
    assert entry.url == "https://townpaper.org/bridge"
    assert (entry.title, entry.outlet, entry.language) == ("Bridge mended", "Town Paper", "en")
    assert entry.published is not None


def test_unknown_entities_in_a_sitemap_spoil_nothing() -> None:
    xml = b"<urlset><url><loc>https://a.org/1</loc>&nbsp;</url><url><loc>&x;</loc></url></urlset>"
    assert [entry.url for entry in read_sitemap(xml, "odd", "https://a.org/").pages][:1] == [
        "https://a.org/1"
    ]


def test_a_list_of_addresses_is_read_and_bad_lines_are_told(site: Site, tmp_path: Path) -> None:
    site.on("/1", page("One story of the day"))
    site.on("/feed", body(RSS))
    path = tmp_path / "list.txt"
    path.write_text(f"# my list\n{site.root}/1\n\n{site.root}/feed\n")
    articles, aside = everything(str(path))
    assert [article.title for article in articles] == ["One story of the day"]
    assert "not a page but feed" in aside[0].reason
    mixed = tmp_path / "mixed.urls"
    mixed.write_text(f"{site.root}/1\nnot an address\nhttp://x.example/{'a' * 3000}\n")
    articles, aside = everything(str(mixed))
    assert len(articles) == 1
    assert [item.record for item in aside] == ["2", "3"]
    assert "no http address" in aside[0].reason and "longer than 2048" in aside[1].reason
    site.on("/2", page("Two"))
    site.on("/3", page("Three"))
    path.write_text(f"{site.root}/1\nnot an address\n{site.root}/2\n{site.root}/3\n")
    articles, aside = everything(str(path))
    assert [item.record for item in aside if "no http address" in item.reason] == ["2"]
    path.write_text(f"{site.root}/1\nA text that begins with an address.\nIt goes on.\n")
    articles, aside = everything(str(path))
    assert (len(articles), aside) == (1, [])


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("root", ["rss", "urlset"])
def test_xml_that_declares_entities_is_refused(root: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    for declared in (f'<!ENTITY l0 "ha">{LAUGHS}', '<!ENTITY x SYSTEM "file:///etc/passwd">'):
        path.write_text(f"<?xml version='1.0'?><!DOCTYPE r [{declared}]><{root}>&l9;&x;</{root}>")
        articles, aside = everything(str(path))
        assert not articles
        assert "declares its own entities; refused" in aside[0].reason
    with pytest.raises(InputError, match="refused"):
        feed_entries(f"<!DOCTYPE r [{LAUGHS}]><{root}/>".encode("utf-16"), "utf-16")


def test_broken_feeds_are_read_as_far_as_they_go() -> None:
    item = "<item><title>Kept &nbsp; &unknown; & all</title><link>https://a.example/1</link></item>"
    nested = "<item><description>" + "<b>" * 1_000_000
    (entry, *_) = feed_entries(f"<rss><channel>{item}{nested}".encode(), "deep")
    assert entry.title == "Kept &unknown; all"
    latin = "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item><title>Köln\0</title>"
    (entry,) = feed_entries(latin.encode("latin-1"), "latin")
    assert entry.title == "Köln"
    long = f"<rss><channel><item><title>{'a' * 19_000_000}</title></item></channel></rss>"
    assert len(feed_entries(long.encode(), "long")) <= 1
    for junk in (b"<feed", b"<rss", b"{}", b'{"items": 5}', b"", b"<a/>", b"\0\0"):
        try:
            assert feed_entries(junk, "junk") == []
        except InputError as error:
            assert "\n" not in str(error)
