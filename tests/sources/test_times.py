"""When a page says it was published: its ``<time>`` elements, its lines, and a ticker's entries."""

from __future__ import annotations

import pytest

from provenance.article import Interval
from provenance.sources import article_from_html

TEXT = "<p>The council of the town met on Tuesday and agreed to mend the old bridge at last.</p>"
ENTRIES = ("2026-03-02T14:35:00+01:00", "2026-03-02T12:10:00+01:00", "2026-03-02T09:15:00+01:00")


def times(inside: str) -> tuple[str, str]:
    article = article_from_html(
        f"<html lang=en><body><main><article><h1>Storm over the coast</h1>{inside}{TEXT}{TEXT}"
        "<aside><p>Another</p><time datetime='2020-01-01T01:00:00Z'>2020</time></aside></article>"
        "</main></body></html>"
    )
    return said(article.published), said(article.modified)


def said(when: Interval | None) -> str:
    if when is None:
        return ""
    exact = when.earliest == when.latest
    return when.earliest.isoformat() if exact else f"{when.earliest:%Y-%m-%d %H:%M} at least"


@pytest.mark.parametrize(
    ("inside", "published", "modified"),
    [
        ("<time datetime='2026-03-02T06:17:00+01:00'>3 hours ago</time>",
         "2026-03-02T06:17:00+01:00", ""),
        ("<div>Published <time datetime='2026-03-02T06:17:00Z'>today</time>, updated "
         "<time datetime='2026-03-02T08:00:00Z'>now</time></div>",
         "2026-03-02T06:17:00+00:00", "2026-03-02T08:00:00+00:00"),
        ("<time datetime='2026-03-02T00:00:00+01:00'>2 March</time>",
         "2026-03-02 00:00 at least", ""),
        ("<time datetime='2026-03-02T06:17:00Z'>2 March, 06:17</time>",
         "2026-03-02 06:17 at least", ""),
        ("<div>By Jane Doe on 2 March 2026 at 6:17 AM GMT, updated 3 March 2026, 8:00 GMT</div>",
         "2026-03-02T06:17:00+00:00", "2026-03-03T08:00:00+00:00"),
        ("<div>2 March 2026, 06:17 GMT, updated at noon</div>", "2026-03-02T06:17:00+00:00", ""),
        ("<div><time datetime='2026-03-02T06:17:00Z'></time></div><p>By Jane Doe</p>",
         "2026-03-02T06:17:00+00:00", ""),
        ("<time datetime='PT2M'>2 minutes</time><div class=date>2 March 2026, 9:00 GMT</div>",
         "2026-03-02T09:00:00+00:00", ""),
    ],
)  # fmt: skip
def test_a_time_element_says_what_its_words_do_not(
    inside: str, published: str, modified: str
) -> None:
    assert times(inside) == (published, modified)


@pytest.mark.parametrize(
    ("language", "line", "text"),
    [
        ("en", "By Jane Carter | Monday, 2 March 2026", TEXT),
        ("ja", "文＝山田太郎 2026年3月2日", "<p>町議会は、古い橋を修理することで合意した。</p>"),
        ("hi", "रिपोर्ट: राम कुमार | 2 मार्च 2026", "<p>परिषद ने पुराने पुल की मरम्मत का फैसला किया।</p>"),
        ("th", "โดย สมชาย ใจดี | 2 มีนาคม 2569", "<p>สภาเมืองตัดสินใจซ่อมแซมสะพานเก่าในที่สุด</p>"),
    ],
)
def test_a_date_in_a_line_under_the_headline_counts_though_no_markup_says_so(
    language: str, line: str, text: str
) -> None:
    article = article_from_html(
        f"<html lang={language}><body><h1>Storm over the coast</h1><p>{line}</p>{text}"
        "<p>The old bridge was built on 3 May 1990, before the lake rose.</p></body></html>"
    )
    assert said(article.published) == "2026-03-02 00:00 at least"


@pytest.mark.parametrize(
    ("above", "below", "behind", "published"),
    [
        ("<ul><li class=time>9/3/2026 22:52</li></ul>", "<p>9:00 GMT 2/3/2026</p>", "",
         "2026-02-03"),
        ("<div>Harbour Town 2, March, 2026 9:00 a.m.</div>", "",
         "<aside><h5>Another story</h5><small>1 Mar, 2026</small></aside>", "2026-03-02"),
        ("", "<p class=author><a href=/a>Jane Doe 2 March 2026</a></p>", "", "2026-03-02"),
        ("", "<h6>March 2, 2026 9:00AM (UTC)</h6>", "", "2026-03-02"),
        ("", "<h6>The storm of 2 March 2026 and what it did</h6>", "", ""),
        ("", "", "<aside><h5>Another story</h5><small>1 Mar, 2026</small></aside>", ""),
        ("<div class=date>9 March 2026</div>", "<p>2 March 2026, 9:00 GMT</p>", "", "2026-03-02"),
    ],
)  # fmt: skip
def test_a_time_beside_the_headline_counts_before_a_clock_or_another_storys(
    above: str, below: str, behind: str, published: str
) -> None:
    article = article_from_html(
        f"<html lang=en><body>{above}<h1>Storm over the coast</h1>{below}{TEXT}{TEXT}{behind}"
    )
    assert said(article.published)[:10] == published


@pytest.mark.parametrize("head", ["", "<p class=date>Begun on 2 March 2026, 08:00 GMT</p>"])
def test_a_ticker_is_as_old_as_its_oldest_entry_unless_its_head_says_more(head: str) -> None:
    entries = "".join(
        f"<section class=entry><time datetime='{moment}'>now</time><h2>So far</h2>{TEXT}</section>"
        for moment in ENTRIES
    )
    begun = "2026-03-02T08:00:00+00:00" if head else ENTRIES[-1]
    assert times(head + entries) == (begun, ENTRIES[0])
