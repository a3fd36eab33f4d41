"""Pages that were cut off, and pages that show no article: set aside, with what they are."""

from __future__ import annotations

import pytest

from provenance.article import InputError
from provenance.sources import article_from_html
from provenance.sources.whole import breaks_off
from tests.sources.test_html import PAGE, STORY

TEASER = "The mayor resigned on Tuesday after weeks of protests about the new bridge at the river."


def page(inside: str, title: str = "Mayor resigns") -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><a href=/>Home</a> "
        f"<a href=/world>World</a></nav>{inside}<footer><p>© 2026 Example Daily</p></footer>"
        "</body></html>"
    )


def test_a_page_cut_anywhere_in_its_body_breaks_off() -> None:
    start, end = PAGE.index("<article>") + 9, PAGE.index("</article></body>")
    assert [cut for cut in range(start, end) if not breaks_off(PAGE[:cut])] == []
    with pytest.raises(InputError, match="breaks off before its end"):
        article_from_html(PAGE[: PAGE.index("Paragraph number 4") + 9])


@pytest.mark.parametrize(
    "whole",
    [
        PAGE,
        PAGE.replace("</article>", ""),  # careless, but it says where it ends
        f"<!doctype html><title>T</title><h1>Town hall</h1>{STORY}<p>No more ends are needed",
        f"<div><h1>Town hall</h1>{STORY}",  # a part of a page
        f"<html><body><p>1 < 2</div></div><div>{STORY}</div><!-- end -->",
    ],
)
def test_what_leaves_out_only_what_may_be_left_out_is_whole(whole: str) -> None:
    assert not breaks_off(whole)
    assert "Paragraph number 5" in article_from_html(whole).text


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<div class=cookie-banner><p>Here is what we keep.</p><p>And why.</p></div>", "cookies"),
        ("<main><p>Wir verwenden Cookies, um Ihnen Inhalte zu zeigen.</p></main>", "cookies"),
        ("<main><p>このサイトではCookieを使用しています。</p></main>", "cookies"),
        ("<div id=app><p>Please enable JavaScript to run this app.</p></div>", "JavaScript"),
        ("<p>Пожалуйста, включите JavaScript в браузере.</p>", "JavaScript"),
        ("<article><h1>Mayor resigns</h1><h2>Subscribe to continue reading</h2><p>Already a "
         "subscriber? Log in.</p><p>From 1 euro, cancel at any time.</p></article>", "subscribe"),
        ("<h1>example.org</h1><p>Verify you are human by doing this.</p>", "whether a person"),
        ("<main><h1>404</h1><p>La page que vous recherchez est introuvable.</p></main>", "no such"),
        ("<h1>In pictures</h1>" + "<figure><figcaption>A ferry at dawn.</figcaption></figure>" * 5,
         "pictures with captions"),
        ("<main><h2>Our newsletters</h2></main>", "no running text"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_is_set_aside_with_its_reason(inside: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        article_from_html(page(inside))


@pytest.mark.parametrize(
    "inside",
    [
        f"<article><h1>Mayor resigns</h1><p>{TEASER}</p><p>Subscribe to continue reading</p>",
        "<article><h1>Mayor resigns</h1><p>The mayor has resigned. More soon.</p></article>",
        "<article><h1>Court rules on cookies</h1><p>Websites may no longer say that they use "
        "cookies without asking, a court ruled on Monday.</p><p>“We use cookies” is not enough, "
        "the judges wrote, and neither is a button to accept all of them at once.</p></article>",
    ],
)
def test_a_short_article_beside_a_notice_or_about_one_is_kept(inside: str) -> None:
    assert article_from_html(page(inside)).text
