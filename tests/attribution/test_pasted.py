"""Whole pages pasted as text: with no markup, signs tell the story from what stands around it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import Block, Outlet, WrapperKind
from provenance.attribution import Agencies, evidence, wrapper_kinds
from provenance.attribution.wrapper.signs import signs
from provenance.attribution.wrapper.weighing import largest_run, story_lines
from provenance.sources import article_from_html, article_from_text

AGENCIES = Agencies.load()
PAGES = tomllib.loads(
    (Path(__file__).parents[2] / "fixtures" / "pasted.toml").read_text(encoding="utf-8")
)
FOOT = (WrapperKind.PROMOTION, WrapperKind.RELATED, WrapperKind.LEGAL)


def story(language: str, paragraphs: int) -> list[str]:
    return [PAGES[language]["paragraph"].format(n=number) for number in range(3, 3 + paragraphs)]


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_story_of_a_pasted_page_is_told_from_its_menu_and_its_foot(language: str) -> None:
    above, below, told = PAGES[language]["menu"], PAGES[language]["foot"], story(language, 6)
    article = article_from_text("\n".join((*above, *told, *below)))
    judged = {
        block.text: judgement.kind
        for block, judgement in zip(article.blocks, wrapper_kinds(article, AGENCIES), strict=True)
    }
    assert {text: judged[text] for text in told} == dict.fromkeys(told)
    assert [judged[text] for text in above] == [WrapperKind.NAVIGATION] * 3
    assert tuple(judged[text] for text in below) == FOOT


def test_a_clean_text_is_story_from_end_to_end() -> None:
    article = article_from_text("\n\n".join(story("en", 5)))
    assert [judgement.kind for judgement in wrapper_kinds(article, AGENCIES)] == [None] * 5


def test_a_box_in_a_story_is_no_end_of_it() -> None:
    told = story("en", 6)
    box = ["Sign up to our newsletter", "Read more: What a bridge costs"]
    article = article_from_text("\n".join((*told[:3], *box, *told[3:])))
    kinds = [judgement.kind for judgement in wrapper_kinds(article, AGENCIES)]
    assert [at for at, kind in enumerate(kinds) if kind] == [3, 4]


@given(st.lists(st.floats(-9, 9), max_size=12))
def test_the_largest_run_is_larger_than_every_other(values: list[float]) -> None:
    first, last = largest_run(values)
    runs = [sum(values[i:j]) for i in range(len(values)) for j in range(i + 1, len(values) + 1)]
    assert sum(values[first : last + 1]) == pytest.approx(max([0.0, *runs]))


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_the_lines_each_has_signs_and_the_story_is_among_them(texts: list[str]) -> None:
    blocks = tuple(Block(at, text) for at, text in enumerate(texts))
    assert len(signs(blocks)) == len(blocks)
    assert story_lines(blocks) <= set(range(len(blocks)))


def named(head: tuple[str, ...] = (), tail: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Kind and party of what a pasted page of one outlet says of its source."""
    title = "Council closes the old bridge for the summer"
    menu = ["Sport", "TV & Radio", "Politics"]
    lines = [*menu, title, *head, *story("en", 6), *tail, "Privacy policy"]
    page = article_from_text("\n".join(lines))
    page = replace(page, title=title, outlet=Outlet("quaysidenews.example", "Quayside News"))
    found = evidence(page, wrapper_kinds(page, AGENCIES), AGENCIES)
    return [(fact.kind, fact.party.name) for fact in found if fact.party]


@pytest.mark.parametrize(
    "head",
    [
        ("File photo", "AP"),
        ("A general view of the harbour.", "(Reuters)"),
        ("Credit: AFP",),
        ("Credit: Jane Roe/AP",),
        ("(Jane Roe/Harbour Free Press)",),
        ("[AP]",),
        ("THE CANADIAN PRESS/Jane Roe",),
    ],
)
def test_a_pictures_credit_in_plain_text_credits_no_text(head: tuple[str, ...]) -> None:
    assert named(head) == []


def test_an_agency_below_a_time_is_not_the_authors() -> None:
    signed = ("By Jane Roe", "Associated Press")
    assert ("byline", "Associated Press") in named(signed)
    assert named(("By Jane Roe", "Updated 5 March 2024, 12:00", "AP")) == [
        ("staff-byline", "Quayside News")
    ]


def test_an_agency_above_the_dateline_of_another_is_a_pictures() -> None:
    opening = "HARBOUR, March 5 (Reuters) - The council closed the old bridge on Tuesday, it said."
    assert {name for _, name in named(("AP", opening))} == {"Reuters"}
    assert {name for _, name in named(("By Jane Roe, AP", opening))} == {
        "Reuters",
        "Associated Press",
    }


@pytest.mark.parametrize(
    "line",
    [
        "Follow Jane Roe on Twitter.",
        "For all the latest news, follow The Harbour Star's Google News channel.",
        "Jane Roe is a columnist. You can follow her on Facebook at janeroe.",
        "Folgen Sie uns auf Instagram, um nichts zu verpassen.",
    ],
)
def test_a_line_that_asks_to_be_followed_is_no_story(line: str) -> None:
    told = story("en", 6)
    page = article_from_text("\n".join((*told, line)))
    kinds = [judgement.kind for judgement in wrapper_kinds(page, AGENCIES)]
    assert kinds[:6] == [None] * 6
    assert kinds[6] in (WrapperKind.PROMOTION, WrapperKind.BYLINE)


def test_a_last_sentence_about_a_platform_is_story() -> None:
    told = [*story("en", 5), "Those who follow the council on Facebook had asked for a bridge."]
    page = article_from_text("\n".join(told))
    assert [judgement.kind for judgement in wrapper_kinds(page, AGENCIES)] == [None] * 6


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("via Lakeside Patrika", "Lakeside Patrika"),
        ("Read more at Harbour Weekly", "Harbour Weekly"),
        ("Read the full story on Harbour Beat", "Harbour Beat"),
        ("Source: WXYZ News 9", "WXYZ News 9"),
        ("Source: Lakeside Newsroom", "Lakeside Newsroom"),
        ("(Channel 8 Lakeside)", "Channel 8 Lakeside"),
        ("(Lakeside Vanguard News)", "Lakeside Vanguard News"),
        ("This article originally appeared on Lakeside 98.3 FM: Council closes the old bridge",
         "Lakeside 98.3 FM"),
        ("Source: Lakeside Advertiser and Times", "Lakeside Advertiser and Times"),
        ("This story was first published by the Lakeside Advertiser and Times.",
         "Lakeside Advertiser and Times"),
        ("The post Council closes the old bridge for the summer appeared first on Lakeside "
         "Advertiser and Times.", "Lakeside Advertiser and Times"),
        ("This article first appeared on Lakeside Times and is used with permission.",
         "Lakeside Times"),
        ("This article originally appeared on This Is Harbour", "This Is Harbour"),
        ("This article is republished from The Harbour Sunday Mail under a Creative Commons "
         "licence.", "Harbour Sunday Mail"),
        ("The post Council closes the old bridge for the summer first appeared on HarbourBeat.",
         "HarbourBeat"),
    ],
)  # fmt: skip
def test_a_line_below_the_text_names_the_outlet_it_came_from(line: str, outlet: str) -> None:
    assert [name for _, name in named(tail=(line,))] == [outlet]


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("By Harbour Business Times Staff", "Harbour Business Times"),
        ("By KBRT-TV Harbour", "KBRT-TV Harbour"),
        ("By Jane Roe via Lakeside Chronicle", "Lakeside Chronicle"),
    ],
)
def test_a_byline_names_another_outlet_in_full(line: str, outlet: str) -> None:
    assert named((line,)) == [("outlet-credit", outlet)]


@pytest.mark.parametrize(
    ("line", "outlets"),
    [
        ("(Obala/Quayside News)", ["Obala"]),
        ("(Quayside News / Obala)", ["Obala"]),
        ("(JR/Quayside News)", []),
        ("(Jane Roe/Quayside News)", []),
    ],
)
def test_a_sign_off_may_name_an_outlet_beside_the_pages_own(line: str, outlets: list[str]) -> None:
    found = [name for kind, name in named(tail=(line,)) if kind == "outlet-credit"]
    assert found == outlets


def test_the_outlets_name_tied_to_an_agencys_signs_wherever_it_stands() -> None:
    head = ("Harbour Pictures", "Updated 5 March 2024, 12:00", "QUAYSIDE NEWS–STT")
    found = named(head)
    assert ("byline", "STT") in found and ("staff-initials", "Quayside News") in found


def test_an_address_of_mail_between_author_and_agency_parts_them_not() -> None:
    assert ("byline", "Reuters") in named(("Jane Roe", "jane.roe@quaysidenews.example", "Reuters"))


@pytest.mark.parametrize(
    ("line", "below", "signs"),
    [
        ("(Reuters)", "The harbour opens a new fish market", True),
        ("Reuters", "▪ The harbour opens a new fish market", True),
        ("Reuters", "The harbour opens a new fish market", False),
    ],
)
def test_a_lone_agency_signs_what_is_above_other_stories(
    line: str, below: str, signs: bool
) -> None:
    others = (below, "The stalls will open on Monday, the harbour master told reporters there.") * 2
    lines = "".join(f"<p>{text}</p>" for text in (*story("en", 4), line, *others))
    page = article_from_html(f"<html><body><article><h1>The bridge</h1>{lines}</article></body>")
    found = evidence(page, wrapper_kinds(page, AGENCIES), AGENCIES)
    assert any(fact.kind == "sign-off" for fact in found) == signs


def test_a_sites_own_name_above_the_story_is_no_author_beside_an_agency() -> None:
    head = ("Quayside News", "Updated 5 March 2024, 12:00", "Reuters")
    assert ("lone-name", "Reuters") in named(head)


@pytest.mark.parametrize("line", ["Do Not Sell My Data", "Meet Our Team", "Produced by Jane Roe"])
def test_a_foot_is_signed_by_nobody(line: str) -> None:
    assert named(tail=(line,)) == []


@pytest.mark.parametrize(
    "person", ["James R. Roe", "Maria del Valle", "Lotte van der Berg", "Omar bin Saleh"]
)
def test_initials_and_particles_are_part_of_a_persons_name(person: str) -> None:
    assert named((f"By {person}",)) == [("staff-byline", "Quayside News")]


@pytest.mark.parametrize(
    "line",
    [
        "Posted by Jane Roe",
        "Published by Jane Roe",
        "Jane Roe Quayside News",
        "Jane Roe Staff Writer",
    ],
)
def test_who_posted_a_text_signs_it(line: str) -> None:
    assert named((line,)) == [("staff-byline", "Quayside News")]
