"""What each block does: a real aggregator's page as plain text, and lines of furniture as HTML."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import Article, Block, BlockKind, Claim, Link, Party, WrapperKind
from provenance.attribution import Agencies, authorship, evidence, wrapper_kinds
from provenance.sources import article_from_html, article_from_text

AGENCIES = Agencies.load()
SEED = files("provenance.demo").joinpath("aggregator.txt").read_text(encoding="utf-8")


def test_every_line_of_the_aggregators_page_is_read() -> None:
    article = article_from_text(SEED)
    judged = wrapper_kinds(article, AGENCIES)
    kinds = [judgement.kind for judgement in judged]
    assert kinds[0] is WrapperKind.NAVIGATION
    assert kinds[1:3] == [WrapperKind.HEADLINE] * 2
    assert kinds[3] is WrapperKind.TIMESTAMP
    assert kinds[4] is WrapperKind.PHOTO_CREDIT
    assert kinds[5] is WrapperKind.STANDFIRST
    assert set(kinds[6:-4]) == {None}
    assert kinds[-4:] == [
        WrapperKind.DISCLAIMER,
        WrapperKind.SOURCE_LINK,
        WrapperKind.PROMOTION,
        WrapperKind.PROMOTION,
    ]
    named = [judgement.party.name if judgement.party else "" for judgement in judged]
    assert named[1] == named[2] == named[-4] == "News18"
    assert named[4] == "Associated Press"
    assert named[-2] == "Divya Bharat"


def test_the_aggregators_page_credits_the_agency_by_its_disclaimer_alone() -> None:
    article = article_from_text(SEED)
    facts = evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)
    assert [(f.kind, f.party) for f in facts if f.party and f.party.kind == "agency"] == [
        ("disclaimer", Party("agency", "ap", "Associated Press"))
    ]
    assert authorship(facts).kind == "sole"


PARAGRAPH = (
    "The council said on Monday that the bridge would be closed for the whole of the summer. "
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("<p>Lesen Sie auch: Was der Umbau kostet</p>", WrapperKind.RELATED),
        ("<p>À lire aussi : le coût du chantier</p>", WrapperKind.RELATED),
        ("<p>Leia também: quanto custa a obra</p>", WrapperKind.RELATED),
        ("<p>Читайте также: сколько стоит ремонт</p>", WrapperKind.RELATED),
        ("<p>यह भी पढ़ें: पुल की लागत</p>", WrapperKind.RELATED),
        ("<p>関連記事</p>", WrapperKind.RELATED),
        ("<p>Subscribe to our newsletter</p>", WrapperKind.PROMOTION),
        ("<p>Suscríbete a nuestro boletín</p>", WrapperKind.PROMOTION),
        ("<p>Bize abone olun: bülten</p>", WrapperKind.PROMOTION),
        ("<p>اشترك في النشرة البريدية</p>", WrapperKind.PROMOTION),
        ("<p>Source link</p>", WrapperKind.SOURCE_LINK),
        ("<p>阅读原文</p>", WrapperKind.SOURCE_LINK),
        ("<p>The post Bridge closed appeared first on Example Daily.</p>", WrapperKind.SOURCE_LINK),
        ("<p>Leave a comment</p>", WrapperKind.COMMENT),
        ("<p>Kommentare anzeigen</p>", WrapperKind.COMMENT),
        ("<p>© 2024 Example Media. All rights reserved.</p>", WrapperKind.LEGAL),
        ("<p>Foto: Anna Muster/dpa</p>", WrapperKind.PHOTO_CREDIT),
        ("<p>mit dpa</p>", WrapperKind.CREDIT),
    ],
)
def test_a_line_after_the_text_is_known_by_its_words(line: str, kind: WrapperKind) -> None:
    body = "".join(f"<p>{PARAGRAPH * 2}</p>" for _ in range(5))
    page = f"<html><body><article><h1>Bridge closed</h1>{body}{line}</article></body></html>"
    article = article_from_html(page)
    last = wrapper_kinds(article, AGENCIES)[-1]
    assert last.kind is kind


def test_a_lead_that_its_markup_calls_so_is_a_standfirst() -> None:
    lead = "A judge of the tax court leaves a case, since he went to a party that one side gave."
    story = "".join(f"<p>{PARAGRAPH} {at} of them told so.</p>" for at in range(3, 7))
    article = article_from_html(
        f"<html><body><article><h1>Bridge</h1><div class='text lead'><p>{lead}</p></div>"
        f"<div class='text'>{story}</div></article></body></html>"
    )
    kinds = [judged.kind for judged in wrapper_kinds(article, AGENCIES)]
    assert kinds == [WrapperKind.HEADLINE, WrapperKind.STANDFIRST, None, None, None, None]


def test_a_pointer_to_another_story_between_paragraphs_is_none_of_this_one() -> None:
    pointer = (
        "<p>Lea también: <a href='/x'>El puente viejo se cierra durante todo el verano</a></p>"
    )
    story = [f"<p>{PARAGRAPH} {at} of them told so.</p>" for at in range(3, 7)]
    page = "".join((*story[:2], pointer, *story[2:]))
    article = article_from_html(
        f"<html><body><article><h1>Bridge</h1>{page}</article></body></html>"
    )
    assert wrapper_kinds(article, AGENCIES)[3].kind is WrapperKind.RELATED


def test_the_words_of_furniture_inside_a_story_stay_story() -> None:
    sentences = (
        "Share prices fell on Monday after the council said that the bridge would be closed.",
        "Read more slowly, the teacher told her pupils, and they did so for the whole lesson.",
        "Home owners near the bridge say that comments by the mayor were no help to anyone.",
        "The newsletter of the parish was the first to report that the cookies had been sold.",
        "Photo albums of the old bridge were shown to the visitors in the library that night.",
    )
    body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    article = article_from_html(
        f"<html><body><article><h1>Bridge closed</h1>{body}</article></body></html>"
    )
    rows = zip(article.blocks, wrapper_kinds(article, AGENCIES), strict=True)
    story = [judgement.kind for block, judgement in rows if block.text in sentences]
    assert story == [None] * len(sentences)


def test_the_brand_that_a_post_first_appeared_on_is_named() -> None:
    text = (
        f"{PARAGRAPH * 3}\n\n{PARAGRAPH * 2}\n\nThe post Bridge closed appeared first on The Foo."
    )
    last = wrapper_kinds(article_from_text(text), AGENCIES)[-1]
    assert last.party == Party("outlet", "foo", "Foo")


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "(AP) " * 200_000, "by with © " * 100_000, "(" * 1_000_000]
)
def test_a_million_characters_in_one_line_are_read_to_an_end(text: str) -> None:
    blocks = (Block(0, PARAGRAPH), Block(1, text), Block(2, text, BlockKind.CAPTION))
    article = Article("hostile", blocks, language="en")
    judged = wrapper_kinds(article, AGENCIES)
    assert len(judged) == len(blocks)
    assert not [f for f in evidence(article, judged, AGENCIES) if f.kind in ("byline", "dateline")]


@given(
    st.lists(
        st.builds(
            lambda text, kind, main, hints: (text, kind, main, hints),
            st.text(min_size=1, max_size=120),
            st.sampled_from(BlockKind),
            st.booleans(),
            st.lists(st.sampled_from(["byline", "figure", "nav", "p", "teaser"]), max_size=3),
        ),
        max_size=8,
    )
)
def test_whatever_the_page_each_block_gets_one_judgement_and_each_quote_is_from_it(
    made: list[tuple[str, BlockKind, bool, list[str]]],
) -> None:
    blocks = tuple(
        Block(index, text, kind, main, (), tuple(hints))
        for index, (text, kind, main, hints) in enumerate(made)
    )
    article = Article("made", blocks)
    judged = wrapper_kinds(article, AGENCIES)
    assert len(judged) == len(blocks)
    for fact in evidence(article, judged, AGENCIES):
        assert fact.block is None or fact.quote in blocks[fact.block].text
        assert fact.weight > 0


@pytest.mark.parametrize("url", ["https://[v1", "//[::1", "https://a]b/"])
def test_a_malformed_address_says_nothing(url: str) -> None:
    block = Block(0, "Source: Example", links=(Link("Example", url),))
    claims = (Claim("link:canonical", url), Claim("feed:source", url))
    article = Article("a", (block,), url=url, final_url=url, claims=claims)
    assert not evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)


def test_a_banner_about_cookies_is_legal_and_no_story() -> None:
    banner = "We use cookies to improve your experience, as our partners do. Accept or refuse them."
    article = article_from_html(
        f"""<html><body><header><nav><a href="/">Home</a> <a href="/s">Subscribe</a></nav></header>
        <div class="cookie-banner"><p>{banner}</p></div><main><article><h1>In pictures</h1>
        <figure><img src=a.jpg><figcaption>A ferry leaves at dawn.</figcaption></figure>
        <p>The ferry will sail twice a day.</p></article></main></body></html>"""
    )
    assert article.text == "The ferry will sail twice a day."
    judged = zip(article.blocks, wrapper_kinds(article, AGENCIES), strict=True)
    kinds = {block.text: judgement.kind for block, judgement in judged}
    assert kinds[banner] is WrapperKind.LEGAL


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("市议会周二表示，经过多年讨论，终于同意修复这座老桥，工程将于明年春天开始。",
         "工程师说，这项工程需要两年时间，耗资约九百万欧元，大部分由国家承担。",
         "市长感谢工程师，并承诺重新开放大桥。"),
        ("시의회는 화요일 오랜 논의 끝에 낡은 다리를 수리하기로 합의했다고 밝혔다.",
         "기술자들은 공사에 2년이 걸리고 비용은 약 900만 유로이며 대부분 국가가 부담한다고 말했다.",
         "시장은 기술자들에게 감사를 표하고 다리를 다시 열겠다고 약속했다."),
    ],
)  # fmt: skip
def test_links_between_paragraphs_do_not_end_a_story(paragraphs: tuple[str, ...]) -> None:
    between = "<div class=inline-related><a href=/ferry>Fähre 渡轮 페리</a></div>"
    story = between.join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    article = article_from_html(
        f"<html><body><nav><a href=/>A</a> <a href=/w>B</a></nav><article><h1>{paragraphs[0][:12]}"
        f"</h1>{story}</article><footer><p>© 2026 Example</p></footer></body></html>"
    )
    judged = zip(article.blocks, wrapper_kinds(article, AGENCIES), strict=True)
    assert [block.text for block, judgement in judged if not judgement.kind] == list(paragraphs)


STORY = tuple(
    f"The council agreed on Tuesday to mend bridge number {number} after many years of debate."
    for number in range(4)
)


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td><a href=/x>One</a></td><td><h1>Bridges</h1><table><tr>"
        f"<td>{'<br><br>'.join(STORY)}</td></tr></table></td></tr></table>",
        f"<article><h1>Bridges</h1><p>{STORY[0]}</p><p>{STORY[1]}</p><article class='card teaser'>"
        "<h3><a href=/o>Another story</a></h3><p>A teaser for a story that is quite another one, "
        f"with words about boats.</p></article><p>{STORY[2]}</p><p>{STORY[3]}</p></article>",
    ],
)
def test_a_story_in_a_table_and_one_around_another_storys_teaser(body: str) -> None:
    article = article_from_html(f"<html><body><nav><a href=/>A</a></nav>{body}</body></html>")
    judged = zip(article.blocks, wrapper_kinds(article, AGENCIES), strict=True)
    assert tuple(block.text for block, judgement in judged if not judgement.kind) == STORY
