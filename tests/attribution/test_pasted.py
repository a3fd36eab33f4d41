"""Whole pages pasted as text: with no markup, signs tell the story from what stands around it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import Block, WrapperKind
from provenance.attribution import Agencies, wrapper_kinds
from provenance.attribution.signs import signs
from provenance.attribution.weighing import largest_run, story_lines
from provenance.sources import article_from_text

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
