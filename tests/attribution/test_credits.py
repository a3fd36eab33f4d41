"""Credits as the world's papers write them, each on its own page, and what only looks alike."""

# ruff: noqa: E501 - the credits stand as their papers print them, unbroken
from __future__ import annotations

import json
from typing import Any

import pytest

from provenance.article import Outlet
from provenance.attribution import (
    Agencies,
    Attribution,
    Authorship,
    authorship,
    evidence,
    wrapper_kinds,
)
from provenance.attribution.credits.lines import read_credit
from provenance.sources import article_from_html, article_from_text

AGENCIES = Agencies.load()
BODY = (
    "The government of the island said on Thursday that it would build three new bridges soon.",
    "Ministers told reporters that the money was there and that work would begin in the spring.",
    "Opposition parties criticised the plan, which they said was far too expensive for the island.",
    "The first of the bridges is expected to open within four years, according to the ministry.",
)


def attribution(
    *,
    lang: str = "en",
    fig: str = "",
    head: str = "",
    start: str = "",
    end: str = "",
    tail: str = "",
    after: str = "",
    authors: tuple[str, ...] = (),
) -> Attribution:
    """Judge a page with the given pieces around and in a fixed text."""
    text = (start + BODY[0], *BODY[1:-1], BODY[-1] + end)
    data = {"@type": "NewsArticle", "headline": "Island plans three bridges"}
    people = [{"@type": "Person", "name": name} for name in authors]
    stated = json.dumps({"@context": "https://schema.org", **data, "author": people})
    article = article_from_html(
        f'''<html lang="{lang}"><head><title>Island plans three bridges - Example Times</title>
        <meta property="og:site_name" content="Example Times">
        <link rel="canonical" href="https://www.example-times.com/2024/01/03/island">
        <script type="application/ld+json">{stated}</script></head><body>
        <header><nav><ul><li><a href="/">Home</a></li><li><a href="/r">Reuters</a></li></ul></nav>
        </header><main><article><h1>Island plans three bridges</h1>{fig}{head}
        <div class="body">{"".join(f"<p>{line}</p>" for line in text)}</div>{tail}</article></main>
        <aside><h3>Most read</h3><a href="/a">PARIS (AP) — Something else happened today</a></aside>
        {after}<footer><p>© 2024 Example Times. All rights reserved.</p></footer></body></html>'''
    )
    facts = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    return authorship(facts)


CREDITS: list[tuple[str, str, dict[str, Any]]] = [
    ("sole", "ap", {"head": "<div class=author>Via AP news wire</div>"}),
    ("sole", "apa", {"tail": "<p>(APA)</p>", "lang": "de"}),
    ("sole", "sid", {"tail": "<p>(SID)</p>", "lang": "de"}),
    ("sole", "afp", {"head": "<address>Agence France-Presse in Paris</address>"}),
    ("joint", "dpa afp", {"tail": "<p>mst/dpa/AFP</p>", "lang": "de"}),
    ("joint", "afp", {"tail": "<p>Mit Material der Nachrichtenagentur AFP</p>", "lang": "de"}),
    ("sole", "pti", {"head": "<div>PTI</div>"}),
    (
        "joint",
        "ap reuters",
        {
            "head": "<p class=byline>By Jane Doe</p>",
            "tail": "<p>The Associated Press and Reuters contributed to this report.</p>",
        },
    ),
    ("sole", "ap", {"head": "<p>By The Associated Press</p>"}),
    ("sole", "ap", {"head": "<div class=byline>By JANE DOE, Associated Press</div>"}),
    (
        "sole",
        "ap",
        {
            "head": "<div class=byline><span>By Jane Doe</span> <span>The Associated Press</span></div>"
        },
    ),
    ("joint", "ap", {"head": "<p class=author>By Jane Doe and AP</p>"}),
    ("joint", "afp", {"head": "<p class=author>Le Figaro avec AFP</p>", "lang": "fr"}),
    (
        "joint",
        "dpa",
        {"head": "<p class=author>Von Eileen Muster</p>", "tail": "<p>mit dpa</p>", "lang": "de"},
    ),
    ("sole", "dpa", {"end": " (dpa)", "lang": "de"}),
    ("sole", "ap", {"start": "LONDON (AP) — "}),
    ("sole", "ap", {"start": "LONDON (AP) — ", "authors": ("Jane Doe",)}),
    ("sole", "reuters", {"start": "PARIS, Jan 3 (Reuters) - "}),
    (
        "sole",
        "pti",
        {
            "tail": "<p>(This story has not been edited by Example Times staff and is published from a syndicated feed from PTI.)</p>"
        },
    ),
    (
        "sole",
        "ani",
        {
            "tail": "<p>(Except for the headline, this story has not been edited by Example Times staff and is published from a syndicated feed of ANI.)</p>"
        },
    ),
    ("sole", "ians", {"end": " --IANS"}),
    ("sole", "ians", {"tail": "<p>--IANS</p><p>int/khz</p>"}),
    ("sole", "afp", {"authors": ("AFP",)}),
    ("joint", "dpa", {"lang": "de", "authors": ("Jane Doe", "Deutsche Presse-Agentur")}),
    (
        "joint",
        "dpa",
        {"tail": '<p class="article__source">Quelle: example-times.com, ino/dpa</p>', "lang": "de"},
    ),
    ("joint", "reuters", {"tail": "<p>sak/Reuters</p>", "lang": "de"}),
    ("joint", "afp dpa reuters", {"tail": "<p>ab/kle (afp, dpa, rtr)</p>", "lang": "de"}),
    ("sole", "dpa", {"tail": "<p>Quelle: dpa</p>", "lang": "de"}),
    ("sole", "dpa", {"tail": "<p>© dpa-infocom, dpa:230428-99-483045/5</p>", "lang": "de"}),
    ("sole", "dpa", {"head": "<p>Stand: 03.01.2024, 10:00 Uhr</p><p>Von: dpa</p>", "lang": "de"}),
    (
        "joint",
        "ap",
        {
            "head": "<p class=byline>By Jane Doe</p>",
            "tail": "<p>The Associated Press contributed to this report.</p>",
        },
    ),
    (
        "joint",
        "cp",
        {
            "head": "<p class=byline>By Jane Doe</p>",
            "tail": "<p>— With files from The Canadian Press</p>",
        },
    ),
    (
        "sole",
        "cp",
        {"tail": "<p>This report by The Canadian Press was first published Jan. 3, 2024.</p>"},
    ),
    (
        "sole",
        "ap",
        {
            "tail": "<p>Copyright 2024 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed without permission.</p>"
        },
    ),
    ("sole", "efe", {"start": "Madrid, 3 ene (EFE).- ", "lang": "es"}),
    ("sole", "europa-press", {"start": "MADRID, 3 (EUROPA PRESS) ", "lang": "es"}),
    ("sole", "europa-press", {"head": '<div class="autor">Europa Press</div>', "lang": "es"}),
    (
        "joint",
        "efe",
        {
            "head": "<div class=autor>Redacción</div>",
            "tail": "<p>Con información de EFE</p>",
            "lang": "es",
        },
    ),
    ("sole", "ansa", {"start": "(ANSA) - ROMA, 03 GEN - ", "lang": "it"}),
    ("sole", "ansa", {"head": "<p class=autore>Redazione ANSA</p>", "lang": "it"}),
    ("joint", "lusa", {"head": "<p class=autor>Redação com Lusa</p>", "lang": "pt"}),
    ("sole", "agencia-brasil", {"head": "<p class=autor>Agência Brasil</p>", "lang": "pt"}),
    ("sole", "anp", {"tail": "<p>Bron: ANP</p>", "lang": "nl"}),
    ("sole", "belga", {"head": "<p class=author>Belga</p>", "lang": "nl"}),
    ("sole", "ritzau", {"end": " /ritzau/", "lang": "da"}),
    ("sole", "ritzau", {"head": "<span class=byline>Af Ritzau</span>", "lang": "da"}),
    ("sole", "ntb", {"head": "<span class=byline>NTB</span>", "lang": "no"}),
    ("sole", "tt", {"head": "<span class=byline>TT</span>", "lang": "sv"}),
    ("sole", "stt", {"head": "<span class=byline>STT</span>", "lang": "fi"}),
    ("sole", "pap", {"end": " (PAP)", "lang": "pl"}),
    ("sole", "pap", {"tail": "<p>Źródło: PAP</p>", "lang": "pl"}),
    ("sole", "aa", {"start": "ANKARA (AA) - ", "lang": "tr"}),
    ("sole", "aa", {"tail": "<p>Kaynak: AA</p>", "lang": "tr"}),
    ("sole", "tass", {"start": "МОСКВА, 3 января. /ТАСС/. ", "lang": "ru"}),
    ("sole", "ria-novosti", {"tail": "<p>Источник: РИА Новости</p>", "lang": "ru"}),
    ("sole", "xinhua", {"head": "<p>来源：新华社</p>", "lang": "zh"}),
    ("sole", "kyodo", {"start": "【ワシントン共同】", "lang": "ja"}),
    ("sole", "kyodo", {"head": "<p>共同通信</p>", "lang": "ja"}),
    ("sole", "yonhap", {"start": "(서울=연합뉴스) 홍길동 기자 = ", "lang": "ko"}),
    ("sole", "reuters", {"start": "القاهرة (رويترز) - ", "lang": "ar"}),
    ("sole", "afp", {"tail": "<p>المصدر: أ ف ب</p>", "lang": "ar"}),
    ("sole", "pti", {"start": "नई दिल्ली, 3 जनवरी (भाषा) ", "lang": "hi"}),
    (
        "sole",
        "ians",
        {
            "tail": "<p>(इस खबर को Example Times की टीम ने संपादित नहीं किया है। यह सिंडिकेट फीड से प्रकाशित है। - आईएएनएस)</p>",
            "lang": "hi",
        },
    ),
    (
        "sole",
        "dpa",
        {
            "head": "<p class=note>EXAMPLE hat diese Meldung redaktionell nicht bearbeitet. Sie wurde automatisch von der Deutschen Presse-Agentur (dpa) übernommen.</p>",
            "lang": "de",
        },
    ),
    ("joint", "afp", {"head": "<div class=byline>AFP/Example Times</div>"}),
    ("joint", "dpa", {"tail": "<p>dpa/krö</p>", "lang": "de"}),
    (
        "sole",
        "aa",
        {
            "tail": "<p>Anadolu Ajansı tarafından geçilen tüm haberler, bu bölümde editörlerimizin hiçbir editöryel müdahalesi olmadan yer almaktadır.</p>",
            "lang": "tr",
        },
    ),
    (
        "sole",
        "reuters",
        {
            "tail": "<p>(Reporting by Jane Doe in London; Editing by John Roe)</p>",
            "start": "LONDON (Reuters) -",
        },
    ),
    ("sole", "bloomberg", {"head": "<div class=byline>By Jane Doe, Bloomberg News</div>"}),
    ("sole", "bloomberg", {"tail": "<p>©2024 Bloomberg L.P.</p>"}),
    ("joint", "aap", {"head": "<div class=byline>By Jane Doe with AAP</div>"}),
    (
        "sole",
        "reuters",
        {
            "head": "<div><b>Reuters</b> <i>18 Nov 2026, 14:31 GST</i></div><figure><img src=a.jpg><figcaption>A bridge. Photo: Jane Doe</figcaption></figure>"
        },
    ),
    ("sole", "cna", {"start": "TAIPEI, Nov. 11 (CNA) "}),
    (
        "sole",
        "pa",
        {
            "head": "<p class=byline>By Jane Doe, PA Midlands Correspondent</p>",
            "authors": ("Jane Doe",),
        },
    ),
]

LOOK_ALIKES: list[dict[str, Any]] = [
    {"head": "<p>REUTERS/John Roe</p>"},
    {"head": "<p>EFE/ J. J. Guillén</p>", "lang": "es"},
    {"tail": "<p>Peter Muster/dpa</p>", "lang": "de"},
    {"head": "<button>AA</button>"},
    {"tail": "<p>写真：ロイター</p>", "lang": "ja"},
    {"tail": "<p>Video: dpa</p>", "lang": "de"},
    {"start": "TORONTO, Nov. 18, 2026 (GLOBE NEWSWIRE) -- "},
    {"start": "OSLO, Nov. 18, 2026 (EXAMPLE NEWSWIRE) -- "},
    {
        "fig": "<figure><img src=a.jpg><figcaption>A bridge.</figcaption></figure>",
        "head": "<div>Reuters, 18 Nov 2026</div>",
    },
    {
        "fig": "<figure><img src=a.jpg><figcaption>A bridge. Photo: Reuters</figcaption></figure>",
        "head": "<p class=byline>By Jane Doe</p>",
    },
    {
        "fig": "<div class=sc-1><img src=a.jpg><div class=sc-2>AFP</div></div>",
        "head": "<p class=byline>By Jane Doe</p>",
    },
    {"end": " He told Reuters."},
    {"end": " a-t-il déclaré à l'AFP.", "lang": "fr"},
    {"end": " Das sagte er der Deutschen Presse-Agentur (dpa).", "lang": "de"},
    {"end": " A Reuters/Ipsos poll found most people agreed."},
    {
        "end": " That helped the Pakistan Tehreek-e-Insaf (PTI).",
        "start": "Imran Khan (PTI) said so. ",
    },
    {
        "tail": "<h3>More stories</h3><ul><li><a href=/x>Another story</a><span class=author>AFP</span></li></ul>"
    },
    {"start": "The Associated Press (AP) reported that "},
    {"after": "<div class=footer><a href=/ap>AP</a><a href=/r>Reuters</a></div>"},
    {"tail": "<div class=tags><a href=/t/reuters>Reuters</a> <a href=/t/afp>AFP</a></div>"},
    {
        "tail": '<div class="author-bio"><p>Jane Doe is a reporter who previously worked for Reuters and The Associated Press.</p></div>',
        "head": "<p class=byline>By Jane Doe</p>",
    },
    {"tail": "<p>Photos: AP, Reuters, AFP</p>"},
    {
        "head": "<p class=byline>By Jane Doe</p>",
        "tail": "<p>“We were never asked about it at all, and that is the shame.” — AP reporter Jim Roe</p>",
    },
    {"end": " Quotes are delayed by fifteen minutes. Powered by Reuters."},
    {
        "end": " (AP)",
        "tail": "<p>Ministers in the north of the island said no. (Reuters)</p><p>Voters in the south of it said yes. (Star)</p>",
    },
    {
        "start": "11:02 ",
        "end": "</p><p>10:40 Work stopped at the first of the bridges.</p><p>10:12 The ministry has denied that the money for all of the bridges is spent. (AFP)",
    },
    {
        "head": "<p class=byline>By Jane Doe</p>",
        "start": "",
        "end": " (PA)</p><p>Our reporter saw two of the three bridges that day and found nobody at work there.",
    },
    {"tail": "<p>Titelbild: dpa</p>", "lang": "de"},
    {"head": "<p>© Peter Kneffel/dpa</p>", "lang": "de"},
    {"tail": "<p>According to Reuters, the plan will cost ten billion.</p>"},
    {"start": "The North’s official Korean Central News Agency said "},
]


@pytest.mark.parametrize(("kind", "agencies", "page"), CREDITS)
def test_a_credit_names_its_agency(kind: str, agencies: str, page: dict[str, Any]) -> None:
    found = attribution(**page)
    assert {party.id for party in found.parties} == set(agencies.split())
    assert found.kind == kind
    assert found.probability > 0.5


@pytest.mark.parametrize("page", LOOK_ALIKES)
def test_what_only_mentions_an_agency_credits_nobody(page: dict[str, Any]) -> None:
    found = attribution(**page)
    assert found.kind in (Authorship.OWN, Authorship.UNKNOWN)
    assert not [party for party in found.parties if party.kind == "agency"]


@pytest.mark.parametrize(
    ("host", "name", "head", "tail"),
    [
        ("wsj.com", "The Wall Street Journal", "", "Copyright ©2024 Dow Jones & Company, Inc."),
        ("edition.cnn.com", "CNN", "", "CNN Wire Staff contributed to this report."),
        ("propublica.org", "ProPublica", "By ProPublica", ""),
        ("cnsnews.com", "CNS News", "By CNS News", ""),
        ("tribuneindia.com", "The Tribune", "Tribune News Service", "— TNS"),
    ],
)
def test_an_outlet_that_names_its_own_house_credits_nobody_else(
    host: str, name: str, head: str, tail: str
) -> None:
    lines = [head, *BODY, tail]
    article = article_from_text(
        "\n\n".join(filter(None, lines)),
        url=f"https://{host}/1",
        outlet=Outlet(host, name),
        language="en",
    )
    found = authorship(evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES))
    assert not [party for party in found.parties if party.kind == "agency"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("新华网河北频道 ( 2024-01-03 09:20:26 ) 稿件来源： 灯塔日报", Authorship.UNKNOWN),
        ("新华网河北频道 ( 2024-01-03 09:20:26 ) 来源： 新华社", Authorship.SELF),
    ],
)
def test_an_agencys_site_may_say_that_a_text_is_anothers(line: str, kind: Authorship) -> None:
    page = f"<html lang='zh'><body><h1>岛上将建三座新桥</h1><p>{line}</p>"
    story = (
        "<p>岛上政府星期四宣布，将很快沿着漫长的海岸线修建三座新的桥梁，并公布了计划内容。</p>" * 3
    )
    article = article_from_html(page + story, url="https://www.xinhuanet.com/2024/01/03/1.htm")
    found = authorship(evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES))
    assert found.kind is kind


def test_a_holder_of_rights_who_is_another_outlet_is_not_the_page_s_own() -> None:
    story = "".join(f"<p>{line}</p>" for line in BODY)
    article = article_from_html(
        f"""<html lang="en"><head><meta name="copyright" content="(c) 2016 Harbour Post">
        <meta property="og:site_name" content="Example Times"></head><body><article>
        <h1>Island plans three bridges</h1><p class=author>Jane Doe The Harbour Post</p>{story}
        </article></body></html>""",
        url="https://www.example-times.com/2024/01/03/island",
    )
    found = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    assert "Harbour Post" in [fact.party.name for fact in found if fact.party]


@pytest.mark.parametrize(
    ("line", "people"),
    [("记者张三 李四", 1), ("来华的发展中国家记者团提出很多问题 晚宴成发布会", 0)],
)
def test_the_people_of_a_chinese_byline_have_short_names(line: str, people: int) -> None:
    read = read_credit(line, AGENCIES, "zh")
    assert read is not None and len(read.people) == people


def test_a_lead_in_the_headlines_place_keeps_its_dateline() -> None:
    lead = f"HARBOUR TOWN (Reuters) - {BODY[0]}"
    story = "".join(f"<p>{line}</p>" for line in BODY[1:])
    article = article_from_html(
        f"<html><body><article><h1>{lead}</h1>{story}</article></body></html>"
    )
    found = authorship(evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES))
    assert (found.kind, found.parties[0].id) == (Authorship.SOLE, "reuters")


def test_bylines_in_a_box_of_other_stories_sign_none_of_this_one() -> None:
    box = "".join(
        f"<li><div><a href='/{at}'><h2>Another story</h2></a><span class=author>By {name}</span></div></li>"
        for at, name in enumerate(("Jane Doe", "John Roe"))
    )
    head = f"<p class=author>AFP</p><aside class=related><ul>{box}</ul></aside>"
    assert attribution(head=head).kind is Authorship.SOLE


def test_what_all_pages_of_a_site_end_with_credits_no_text() -> None:
    story = "".join(f"<p>{line}</p>" for line in BODY)
    foot = "<footer><p>Mit Inhalten von dpa und AFP. Alle Rechte vorbehalten.</p></footer>"
    page = f"<html lang='de'><body><article><h1>Island</h1>{story}</article>{foot}</body></html>"
    article = article_from_html(page, url="https://example-times.com/1")
    assert evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES) == ()


@pytest.mark.parametrize(
    "line",
    [
        "The Harbour Star has not changed this story, which comes from AP.",
        "Nobody at the Harbour Star touched this copy, which arrived on the Reuters wire.",
        "(Only the headline and picture of this report may have been reworked by Harbour Star"
        " staff; the rest of the content is auto-generated from a syndicated feed.)",
    ],
)
def test_a_notice_speaks_for_who_shows_the_text(line: str) -> None:
    article = article_from_text("\n\n".join([*BODY, line]), language="en")
    speaks = wrapper_kinds(article, AGENCIES)[-1].party
    assert speaks is not None
    assert (speaks.kind, speaks.name.removeprefix("The ")) == ("outlet", "Harbour Star")


def test_a_line_that_introduces_a_quoted_passage_is_no_credit() -> None:
    article = article_from_text("\n\n".join([*BODY, "From the AP:", *BODY]))
    assert not [
        fact for fact in evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES) if fact.party
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The memo, first published by Fox News, is titled Admitting visitors to the island at last.",
        "The ministry could not confirm the pictures, some of which were first published in the Daily Star.",
        "A booklet published on Monday copies a document first published by the Federal Commission.",
    ],
)
def test_what_first_appeared_elsewhere_must_be_this_text(line: str) -> None:
    article = article_from_text("\n\n".join([*BODY[:2], line, *BODY[2:]]))
    assert evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES) == ()


@pytest.mark.parametrize(
    ("head", "kind"),
    [("Web Desk | Nov 11, 2026", Authorship.OWN), ("Updated Nov 11, 2026", Authorship.UNKNOWN)],
)
def test_a_newsroom_signs_with_the_date_behind_it_too(head: str, kind: Authorship) -> None:
    assert attribution(head=f"<p>{head}</p>").kind == kind
