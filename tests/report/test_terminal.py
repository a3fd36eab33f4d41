"""Terminal output: the five answers, at any width, plain when piped, deaf to escape sequences."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from provenance.article import Article, Block, Outlet
from provenance.demo import run_demo
from provenance.jobs.check import CheckResult, check
from provenance.jobs.diff import diff
from provenance.report.changes import changes
from provenance.report.terminal import print_check, print_diff
from provenance.report.terminal_counts import print_dedup_summary
from provenance.report.wording import clean, percent, shorten
from tests.report.results import HOSTILE, SENTENCES, many

QUESTIONS = (
    "Who wrote it?",
    "Through whose hands did it come?",
    "Was credit given?",
    "Who else ran it?",
    "What was added, cut and changed?",
)


@pytest.fixture(scope="module")
def demo() -> CheckResult:
    return run_demo()[1]


def shown(result: CheckResult, width: int = 80, colour: bool = False) -> str:
    stream = io.StringIO()
    print_check(result, Console(file=stream, width=width, force_terminal=colour, highlight=False))
    return stream.getvalue()


def test_the_five_questions_are_answered_in_order(demo: CheckResult) -> None:
    places = [shown(demo).index(question) for question in QUESTIONS]
    assert places == sorted(places)


def test_the_answers_of_the_demo_stand_there(demo: CheckResult) -> None:
    text = " ".join(shown(demo, 200).split())
    assert "Republished: Associated Press wrote this text, Divya Bharat took it" in text
    assert "Yes: it names Associated Press." in text
    assert "Beside News18: 9 blocks of text unchanged" in text
    assert "{+News18+}" in text


@pytest.mark.parametrize("width", [40, 80, 160])
def test_no_line_is_wider_than_the_terminal_or_ends_in_spaces(
    demo: CheckResult, width: int
) -> None:
    for line in shown(demo, width).splitlines():
        assert len(line) <= width


def test_piped_output_has_no_escape_sequence_and_a_terminal_has_colour(demo: CheckResult) -> None:
    assert "\x1b" not in shown(demo)
    assert "\x1b[" in shown(demo, colour=True)


def hostile(id: str, extra: str = "") -> Article:
    lines = (HOSTILE, *SENTENCES, extra or HOSTILE)
    blocks = tuple(Block(number, line) for number, line in enumerate(lines))
    return Article(id, blocks, title=HOSTILE, byline=HOSTILE, outlet=Outlet("x.example", HOSTILE))


def test_page_text_cannot_steer_the_terminal_or_become_markup() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system=None)
    print_check(check(hostile("a")), console)
    print_diff(diff(hostile("a"), hostile("b", "Another \x9b31m end")), console)
    text = stream.getvalue()
    assert "\x1b[31m" not in text and "\x9b" not in text and "\u202e" not in text
    assert "[bold]loud[/bold]" in text


@given(st.text())
def test_cleaned_text_is_one_line_without_control_characters(text: str) -> None:
    found = clean(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in found)
    assert len(found.splitlines()) <= 1
    assert clean(found) == found


@given(st.text(), st.integers(1, 50))
def test_shortened_text_fits(text: str, width: int) -> None:
    assert len(shorten(text, width)) <= width


def test_emoji_and_scripts_that_join_letters_stay_whole() -> None:
    for text in ("👩‍🚒 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "क्‍ष"):
        assert clean(text) == text


def test_a_nearly_whole_share_is_not_called_whole() -> None:
    assert [percent(x) for x in (0, 0.001, 0.5, 0.999, 1)] == [
        "0 %",
        "<1 %",
        "50 %",
        ">99 %",
        "100 %",
    ]


def test_forty_copies_are_a_short_answer(tmp_path: Path) -> None:
    result = many(40, tmp_path)
    assert len(result.copies) >= 35
    assert len(shown(result).splitlines()) < 160


def test_a_dedup_summary_shows_every_figure() -> None:
    stream = io.StringIO()
    print_dedup_summary(
        {"read": 12000, "seconds": {"total": 1.5}, "engine": "local"},
        Console(file=stream, width=80),
    )
    text = stream.getvalue()
    assert all(each in text for each in ("12,000", "1.50", "local"))


def test_a_diff_tells_edits_of_the_text_from_what_stands_around_it(tmp_path: Path) -> None:
    text = [f"{sentence} It was said on Thursday in the capital." for sentence in SENTENCES[:4]]
    pages = []
    sent = [f"SEOUL, South Korea (AP) — {text[0]}", *text[1:]]
    run = [*text[:2], text[2].replace("Thursday", "Friday")]
    for name, outlet, paragraphs, place, year in (
        ("a", "Example Times", sent, "Springfield", 2023),
        ("b", "Sample Post", run, "Shelbyville", 2024),
    ):
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        page = tmp_path / f"{name}.html"
        page.write_text(
            f"<!doctype html><html><head><title>Bridge - {outlet}</title></head><body><nav><ul>"
            f"<li><a href=/w>World</a></li><li><a href=/{name}>Menu {name}</a></li></ul></nav>"
            f"<article><h1>Old bridge to be mended</h1>{body}</article><footer><p>Copyright {year} "
            f"{outlet}. All rights reserved. Write to our office in {place} about news tips or "
            "corrections, or call us. Terms of use apply to this site.</p></footer></body></html>"
        )
        pages.append(page)
    found = diff(*pages)
    summed = changes(found.a, found.a_roles, found.comparison, found.b)
    assert (summed.kept, len(summed.edited), len(summed.cut)) == (2, 1, 0)
    assert [found.a.article.blocks[block].text for block in summed.added] == [text[3]]
    assert [pair.edits[0].a for pair in summed.reworded] == ["SEOUL, South Korea (AP) —"]
    stream = io.StringIO()
    print_diff(found, Console(file=stream, width=200))
    assert "[-Thursday-]{+Friday+}" in stream.getvalue()
    assert "Springfield" not in stream.getvalue()
    assert "Menu a" not in stream.getvalue()
    assert stream.getvalue().count("1 line of menus") == 2
