"""Blocks, hints, the page's own host and its claims, on small pages made for the purpose."""

from __future__ import annotations

import pytest

from provenance.article import Article, BlockKind
from provenance.sources import article_from_html

MENU = "".join(f'<li><a href="https://www.example-times.com/{n}">Part {n}</a></li>' for n in "abcd")
STORY = "".join(f"<p>Paragraph number {n} tells what happened in the town.</p>" for n in range(6))
PAGE = f"""<html lang="en-US"><head><title>Town hall burns - Example Times</title>
<link rel="canonical" href="https://www.other-agency.com/town-hall">
<meta property="og:url" content="https://www.example-times.com/news/town-hall?utm_source=x">
<script type="application/ld+json">[{{"@type": "NewsArticle", "headline": "Town hall burns",
"author": {{"@type": "Organization", "name": "Other Agency"}},
"image": {{"@type": "ImageObject", "creditText": "Photo Agency"}},
"datePublished": "2024-05-01T10:00:00+02:00"}},
{{"@type": "ItemList", "itemListElement": [{{"@type": "NewsArticle", "headline": "Else",
"author": "Someone Else"}}]}}]</script></head>
<body><nav><ul>{MENU}</ul></nav><article><h1>Town hall burns</h1>
<div class="articleHeader__meta"><span class="byline">By Other Agency</span><time>1 May</time></div>
<figure><img><figcaption>The hall. (Photo Agency)</figcaption></figure>{STORY}
<p class="syndication">This story was <b>not</b> edited by our staff.</p>
<div style="display: none">Unseen</div>Bare text<br><br>after a double break</article></body></html>
"""


def page() -> Article:
    return article_from_html(PAGE)


def test_every_visible_block_is_kept_in_order_and_nothing_unseen() -> None:
    texts = [block.text for block in page().blocks]
    after = texts[texts.index("Paragraph number 5 tells what happened in the town.") + 1 :]
    assert after == [
        "This story was not edited by our staff.",
        "Bare text",
        "after a double break",
    ]
    assert texts[:7] == [
        "Part a", "Part b", "Part c", "Part d", "Town hall burns", "By Other Agency", "1 May",
    ]  # fmt: skip


def test_kinds_hints_and_links() -> None:
    blocks = {block.text: block for block in page().blocks}
    assert blocks["Town hall burns"].kind is BlockKind.TITLE
    assert blocks["1 May"].kind is BlockKind.TIME
    assert blocks["The hall. (Photo Agency)"].kind is BlockKind.CAPTION
    assert blocks["Part a"].kind is BlockKind.LINK
    assert blocks["Part a"].links[0].url == "https://www.example-times.com/a"
    hints = blocks["By Other Agency"].hints
    assert hints[:2] == ("span", "byline")
    assert {"article", "header", "meta"} <= set(hints)


def test_the_story_is_main_and_its_surroundings_are_not() -> None:
    main = [block.text for block in page().blocks if block.main]
    assert [text for text in main if text.startswith("Paragraph number")] == [
        f"Paragraph number {n} tells what happened in the town." for n in range(6)
    ]
    assert not {"Part a", "By Other Agency", "1 May", "Town hall burns"} & set(main)


def test_a_canonical_elsewhere_does_not_make_it_another_outlets_page() -> None:
    article = page()
    assert article.outlet is not None
    assert (article.outlet.domain, article.outlet.name) == ("example-times.com", "Example Times")
    assert article.canonical_url == "https://www.other-agency.com/town-hall"
    assert article.id == "https://example-times.com/news/town-hall"
    claims = {(claim.field, claim.value) for claim in article.claims}
    assert ("link:canonical", "https://www.other-agency.com/town-hall") in claims


def test_claims_are_this_storys_and_photo_credits_stand_apart() -> None:
    claims = {(claim.field, claim.value) for claim in page().claims}
    assert ("json-ld:author", "Other Agency") in claims
    assert ("json-ld:image.creditText", "Photo Agency") in claims
    assert "Someone Else" not in {value for _, value in claims}


def test_byline_time_and_language() -> None:
    article = page()
    assert article.byline == "By Other Agency"
    assert article.language == "en"
    assert article.published is not None
    assert article.published.earliest.isoformat() == "2024-05-01T10:00:00+02:00"


def test_a_story_laid_out_in_a_table_is_main_and_a_table_s_values_are_cells() -> None:
    cells = "<tr><td>Wheat</td><td>211.5</td></tr>" * 2
    html = f"""<html><head><title>The Example Times - Town hall burns</title></head><body><table>
    <tr><td colspan=2><b>The Example Times</b></td></tr><tr><td><a href=/a>News</a></td><td>
    <font size=5>Town hall burns</font>{STORY}<table>{cells}</table></td></tr>
    <tr><td>Copyright © The Example Times 2024</td></tr></table></body></html>"""
    article = article_from_html(html)
    main = [block.text for block in article.blocks if block.main]
    assert all(f"Paragraph number {n} tells what happened in the town." in main for n in range(6))
    kinds = {block.text: block.kind for block in article.blocks}
    assert kinds["Paragraph number 3 tells what happened in the town."] is BlockKind.PARAGRAPH
    assert kinds["211.5"] is BlockKind.TABLE_CELL
    assert (article.title, article.outlet and article.outlet.name) == (
        "Town hall burns",
        "The Example Times",
    )


def test_elements_side_by_side_are_words_of_their_own_where_markup_says_so() -> None:
    page = (
        "<html><body><h1>Town hall burns</h1><p><span>Published On 2 March 2026</span>"
        "<span aria-hidden=true>2 March 2026</span></p><div><span itemprop=name>Jane Doe</span>"
        "<span itemprop=name>John Roe</span><span itemprop=jobTitle>, Springfield</span></div>"
        f"{STORY}</body></html>"
    )
    texts = [block.text for block in article_from_html(page).blocks]
    assert texts[1:3] == [
        "Published On 2 March 2026 2 March 2026",
        "Jane Doe John Roe, Springfield",
    ]


def test_a_bold_line_is_the_headline_where_the_title_names_a_section() -> None:
    head = "<div>Home | News</div><div><b>Town hall burns down to its walls</b></div>"
    text = f"<p>{'The old town hall burned down. ' * 5}</p>"
    page = (
        f"<html><head><title>News Headlines</title></head><body>{head}{text}{STORY}</body></html>"
    )
    assert article_from_html(page).title == "Town hall burns down to its walls"
    assert article_from_html(page.replace("Home |", "<p>News Headlines</p>")).title == (
        "News Headlines"
    )


@pytest.mark.parametrize(
    ("title", "top", "outlet"),
    [
        ("Mill Notes: Town hall burns", "<h1><a href='/'>Mill Notes</a></h1>", "Mill Notes"),
        ("Town hall burns | Mill Notes", "<p>© 2024 Mill Notes.</p>", "Mill Notes"),
        ("Fire: Town hall burns", "<h1><a href='/'>Mill Notes</a></h1>", None),
        ("Town hall burns: all safe", "<a href='/news/1'>Town hall burns</a>", None),
    ],
)
def test_a_title_s_end_that_the_page_shows_as_its_own_is_the_outlet(
    title: str, top: str, outlet: str | None
) -> None:
    article = article_from_html(
        f"<html><head><title>{title}</title></head><body>{top}<h3>Town hall burns</h3>{STORY}"
    )
    assert (article.outlet.name if article.outlet else None) == outlet
