"""Where a "Source link" leads, and what a page asks of news searches, say whose text it is."""

from __future__ import annotations

import pytest

from provenance.article import Evidence
from provenance.attribution import Agencies, evidence, wrapper_kinds
from provenance.attribution.outlets.names import brand_of
from provenance.sources import article_from_html

AGENCIES = Agencies.load()
STORY = (
    "The government of the island said on Thursday that it would build three new bridges soon.",
    "Ministers told reporters that the money was there and that work would begin in the spring.",
    "Opposition parties criticised the plan, which they said was far too expensive for the island.",
)


def facts(head: str = "", tail: str = "") -> list[Evidence]:
    """What a page with these lines in its head and below its story says."""
    article = article_from_html(
        f"""<html lang="en"><head><title>Island plans three bridges - Example Times</title>
        <meta property="og:site_name" content="Example Times">{head}</head><body><main><article>
        <h1>Island plans three bridges</h1><div>{"".join(f"<p>{line}</p>" for line in STORY)}</div>
        {tail}</article></main></body></html>""",
        url="https://www.example-times.com/2024/01/03/island",
    )
    return list(evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES))


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://www.reuters.com/world/island", "reuters"),
        ("https://harbour-news.com/island", "harbour-news.com"),
        ("https://m.example-times.com/island", None),
        ("/island", None),
        ("https://www.facebook.com/example-times", None),
    ],
)
@pytest.mark.parametrize("words", ["Source link", "Original article"])
def test_a_source_link_names_the_site_to_which_it_leads(
    words: str, address: str, party: str | None
) -> None:
    found = facts(tail=f'<p><a href="{address}">{words}</a></p>')
    named = [fact.party.id for fact in found if fact.kind == "source-link" and fact.party]
    assert named == ([party] if party else [])


@pytest.mark.parametrize(
    ("around", "named"),
    [("", ["HarbourBeat.com"]), ("itemprop=associatedMedia", [])],
)
def test_a_name_marked_up_as_the_source_is_that_of_the_text_or_of_its_picture(
    around: str, named: list[str]
) -> None:
    source = "<p itemprop=sourceOrganization><a href='/x'>HarbourBeat.com</a></p>"
    article = article_from_html(
        f"""<html lang="en"><body><main><article><h1>Island plans three bridges</h1>
        <div {around}>{source}</div><div>{"".join(f"<p>{line}</p>" for line in STORY)}</div>
        </article></main></body></html>""",
        url="https://www.example-times.com/2024/01/03/island",
    )
    found = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    assert [fact.party.name for fact in found if fact.party] == named


def test_a_page_kept_from_news_searches_says_so_and_names_nobody() -> None:
    (fact,) = facts(head='<meta name="Googlebot-News" content="noindex">')
    assert (fact.kind, fact.quote, fact.party) == ("noindex-news", "noindex", None)


def test_a_page_that_says_nothing_of_itself_is_not_the_site_of_its_one_link() -> None:
    lines = "".join(f"<p>{line}</p>" for line in STORY)
    article = article_from_html(
        f"""<html lang="en"><head><title>Island plans three bridges</title></head><body>
        <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Island plans three
        bridges</h1><p>By Jane Doe</p>{lines}<p>Earlier <a href="https://www.reuters.com/x">reports
        </a> named three bidders for the work on the island.</p></article></body></html>"""
    )
    assert "self" not in {
        fact.kind for fact in evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    }


@pytest.mark.parametrize(
    ("source", "named"), [("Ministry of Transport", False), ("Harbour Courier", True)]
)
def test_below_a_signed_story_a_source_that_is_no_outlet_is_that_of_figures(
    source: str, named: bool
) -> None:
    lines = "".join(f"<p>{line}</p>" for line in STORY)
    article = article_from_html(
        f"""<html lang="en"><head><title>Island plans three bridges - Example Times</title>
        <meta property="og:site_name" content="Example Times"></head><body><main><article>
        <h1>Island plans three bridges</h1><p>By Jane Doe</p><div>{lines}</div>
        <p>Source: {source}</p></article></main></body></html>""",
        url="https://www.example-times.com/2024/01/03/island",
    )
    found = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    assert any(fact.kind == "outlet-credit" for fact in found) == named


@pytest.mark.parametrize(
    ("head", "tail", "named"),
    [
        ("Redacción", "<p>Fuente: El Mirador Libre</p>", ["El Mirador Libre"]),
        ("Редакция", "<p>Источник: «Речной вестник»</p>", ["Речной вестник"]),
        ("Ayşe Yılmaz", "<p>Haber: Nermin Uslu 11.11.2026 15:04</p>", []),
        ("By ET News Desk | Edited by Jane Doe", "", []),
        ("Story by Jane Doe • 3h", "", []),
        (
            "admin",
            "<p><a href='https://harbourcourier.com/x'>Source link</a></p>",
            ["harbourcourier.com"],
        ),
        (
            "admin",
            "<p>The Harbour Courier reports.</p>"
            "<p><a href='https://harbourcourier.com/x'>Source link</a></p>",
            ["Harbour Courier"],
        ),
        ("admin", "<p><a href='https://exampletimes.com/x'>Source link</a></p>", []),
    ],
)
def test_a_saved_page_under_a_newsroom_s_name_names_its_source(
    head: str, tail: str, named: list[str]
) -> None:
    lines = "".join(f"<p>{line}</p>" for line in STORY)
    article = article_from_html(
        f"""<html lang="en"><head><title>Island plans three bridges</title>
        <meta property="og:site_name" content="Example Times"></head><body><main><article>
        <h1>Island plans three bridges</h1><p class=byline>{head}</p><div>{lines}</div>{tail}
        </article></main></body></html>"""
    )
    found = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    own = ("example-times.com", "example times")
    others = [fact.party for fact in found if fact.party and fact.party.id not in own]
    assert [party.name for party in others] == named


def test_a_site_may_call_itself_by_its_whole_address() -> None:
    page = article_from_html(
        "<html lang='pl'><body><main><article><h1>Wyspa planuje trzy mosty</h1>"
        + "".join(f"<p>{line}</p>" for line in STORY)
        + "<p>Źródło: Fakty Wyspa</p></article></main></body></html>",
        url="https://fakty.wyspa24.pl/2024/01/03/mosty",
    )
    found = evidence(page, wrapper_kinds(page, AGENCIES), AGENCIES)
    assert not any(fact.kind == "outlet-credit" for fact in found)


def test_a_time_behind_a_dash_is_no_outlet() -> None:
    assert brand_of("Wednesday, 3 January 2024 – 21:44 WIB") == ""
    assert brand_of("Island plans three bridges – Harbour News") == "Harbour News"
