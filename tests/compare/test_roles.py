"""Roles of blocks, alone and beside copies; furniture of an outlet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provenance.article import Article, Outlet, WrapperKind
from provenance.compare import Furniture, Lines, Role, compare, roles
from tests.compare.test_compare import PARAGRAPHS, article

DISCLAIMER = "(This report was not changed by Gazette staff and comes from an agency feed.)"
DATELINE = "HARBOUR TOWN — The ferry to the islands will leave ten minutes earlier, it was said."


def test_without_copies_body_is_core_and_the_rest_wrapper() -> None:
    found = roles(article("a", "Share", PARAGRAPHS[0]), (WrapperKind.PROMOTION, None))
    assert [role.role for role in found] == [Role.WRAPPER, Role.CORE]


def test_with_copies_blocks_are_core_edited_unmatched_or_wrapper() -> None:
    edited = PARAGRAPHS[1].replace("four days out of five", "most days")
    a = article("a", "Menu", PARAGRAPHS[0], edited, PARAGRAPHS[2], PARAGRAPHS[3], DISCLAIMER)
    b = article("b", PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[3], DISCLAIMER)
    kinds = (WrapperKind.NAVIGATION, None, None, None, None, WrapperKind.DISCLAIMER)
    found = roles(a, kinds, [compare(a, b)])
    assert [role.role for role in found] == [
        Role.WRAPPER,
        Role.CORE,
        Role.EDITED,
        Role.UNMATCHED,
        Role.CORE,
        Role.WRAPPER,
    ]
    assert found[1].versions == ("b",)
    assert found[3].versions == ()
    assert 0.5 < found[2].shared < 1


def test_a_block_that_one_of_two_copies_has_word_for_word_is_core() -> None:
    a = article("a", *PARAGRAPHS[:3])
    b = article("b", PARAGRAPHS[0].replace("Monday", "Tuesday"), *PARAGRAPHS[1:3])
    c = article("c", *PARAGRAPHS[:3])
    assert roles(a, (None,) * 3, [compare(a, b)])[0].role is Role.EDITED
    assert roles(a, (None,) * 3, [compare(a, b), compare(a, c)])[0].role is Role.CORE


def test_a_paragraph_mistaken_for_a_dateline_is_core_inside_shared_text() -> None:
    a = article("a", PARAGRAPHS[0], DATELINE, PARAGRAPHS[1])
    b = article("b", PARAGRAPHS[0], DATELINE, PARAGRAPHS[1])
    kinds = (None, WrapperKind.DATELINE, None)
    assert [r.role for r in roles(a, kinds, [compare(a, b)])] == [Role.CORE] * 3
    assert roles(a, kinds)[1].role is Role.WRAPPER


def test_short_lines_around_the_shared_text_are_wrapper_but_paragraphs_are_not() -> None:
    b = article("b", *PARAGRAPHS[1:3])
    a = article("a", "Tap for sound", PARAGRAPHS[0], "No.", *PARAGRAPHS[1:3], "More soon")
    found = roles(a, (None,) * 6, [compare(a, b)])
    assert [role.role for role in found] == [
        Role.WRAPPER,
        Role.UNMATCHED,
        Role.UNMATCHED,
        Role.CORE,
        Role.CORE,
        Role.WRAPPER,
    ]


def test_roles_refuse_what_does_not_belong_to_the_article() -> None:
    a, b = article("a", "One"), article("b", "One")
    with pytest.raises(ValueError, match="1 blocks need as many kinds, got 2"):
        roles(a, (None, None))
    with pytest.raises(ValueError, match="'b'"):
        roles(a, (None,), [compare(b, a)])


def of_outlet(domain: str, *articles: Article) -> list[Article]:
    return [replace(item, outlet=Outlet(domain, domain)) for item in articles]


def test_furniture_is_what_recurs_across_unrelated_articles_of_one_outlet() -> None:
    box = "Get the Gazette in your inbox each morning before the first boat has left the harbour"
    stories = [article(str(i), text, box, "Share") for i, text in enumerate(PARAGRAPHS)]
    learned = Furniture.learn(map(Lines.of, of_outlet("gazette.example", *stories)))
    assert learned.is_furniture("gazette.example", box.upper())
    assert learned.is_furniture("gazette.example", "Share")
    assert not learned.is_furniture("gazette.example", PARAGRAPHS[0])
    assert not learned.is_furniture("post.example", box)
    (page,) = of_outlet("gazette.example", article("new", "Something else happened.", box))
    assert learned.of(page) == (False, True)


def test_a_story_published_again_and_again_is_no_furniture() -> None:
    updates = [article(str(i), f"Update {i}", *PARAGRAPHS) for i in range(9)]
    learned = Furniture.learn(map(Lines.of, of_outlet("gazette.example", *updates)))
    assert not any(learned.is_furniture("gazette.example", text) for text in PARAGRAPHS)


def test_articles_of_no_known_outlet_teach_nothing() -> None:
    pages = [article(str(i), text, "Share") for i, text in enumerate(PARAGRAPHS)]
    learned = Furniture.learn(map(Lines.of, pages))
    assert not learned.is_furniture("", "Share")
