"""The simulator keeps the truth: deterministic, trees, every line known."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.chain import calibration_error, credit_of
from benchmarks.simulator import NEWEST, PHRASES, articles_of, stories, truth_of
from benchmarks.simulator.bases import Base

FOLDER = Path("benchmarks/simulator/phrases")
TEXTS: list[Base] = [
    (
        f"Council number {n} votes on the harbour plan tonight",
        tuple(f"Paragraph {i} of text {n} tells what the council has decided." for i in range(9)),
    )
    for n in range(8)
]


@pytest.fixture(autouse=True)
def made_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    module = sys.modules["benchmarks.simulator.stories"]
    monkeypatch.setattr(module, "bases", lambda count, seed: TEXTS)


def test_the_same_seed_gives_the_same_stories() -> None:
    assert list(stories(3, 5, times=True)) == list(stories(3, 5, times=True))
    assert list(stories(3, 5, times=True)) != list(stories(3, 6, times=True))


def test_stories_are_trees_in_time_order() -> None:
    for story in stories(12, 7, times=True):
        assert 3 <= len(story.copies) <= 13
        for copy in story.copies[1:]:
            depth, at = 0, copy
            while at.parent is not None:
                assert at.parent.moment < at.moment
                depth, at = depth + 1, at.parent
            assert at.id == story.copies[0].id
            assert depth <= 5


def test_without_times_nothing_states_one() -> None:
    for story in stories(4, 8, times=False):
        assert all(copy.stated is None for copy in story.copies)


@pytest.mark.parametrize("as_html", [False, True])
def test_the_reader_finds_the_lines_of_the_page(as_html: bool) -> None:
    story = next(stories(1, 9, times=True))
    copies = {copy.id: copy for copy in story.copies}
    for article in articles_of(story, as_html=as_html):
        truth = truth_of(article, copies[article.id])
        assert sum(line is not None for line in truth) >= 0.9 * len(truth)
        assert any(line is not None and not line.kinds for line in truth)


def test_the_author_needs_no_credit() -> None:
    for story in stories(6, 10, times=True):
        assert credit_of(story.copies[0], story.root) == "not-needed"


def test_calibration_error_is_none_when_shares_are_as_said() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == 0
    assert calibration_error([(1.0, False)]) == 1


@pytest.mark.parametrize("phrases", PHRASES)
def test_phrases_of_every_language_have_the_same_places(phrases: str) -> None:
    languages = {file.stem: _phrases(file) for file in (FOLDER / phrases).iterdir()}
    assert "en" in languages
    assert all(set(said) == set(languages["en"]) for said in languages.values())


def test_a_newer_set_has_as_many_phrases_and_few_worded_alike() -> None:
    sets = {name: _phrases(FOLDER / name / "en.toml") for name in PHRASES}
    for (older, said), (newer, says) in combinations(sets.items(), 2):
        for key in set(said) - {"months", "swaps"}:
            assert len(says[key]) >= len(said[key]), (older, newer, key)
    for number, newer in enumerate(PHRASES):
        older_sets = [sets[older] for older in list(PHRASES)[:number]]
        for key in set(sets[newer]) - {"months", "swaps"}:
            old = {phrase.casefold() for said in older_sets for phrase in said[key]}
            phrases = [phrase.casefold() for phrase in sets[newer][key]]
            repeated = [phrase for phrase in phrases if phrase in old]
            # The fourth set holds the commonest wordings, as pages have them, and from the sixth
            # on sets have them as often as pages do; older ones took many of those.
            # Names are new in every set.
            names = key in {"towns", "papers", "people"}
            shared = 1.0 if number >= 5 else 1 / 3 if newer == "fourth" else 0.0
            shared = 0.0 if names else shared
            assert len(repeated) <= shared * len(phrases), (newer, key, repeated)


def test_the_sets_tell_different_stories_and_the_newest_is_the_default() -> None:
    told = {name: list(stories(2, 5, times=True, phrases=name)) for name in PHRASES}
    assert all(one != other for one, other in combinations(told.values(), 2))
    assert list(stories(2, 5, times=True)) == told[NEWEST]


def _phrases(file: Path) -> dict[str, list[str]]:
    said: dict[str, list[str]] = tomllib.loads(file.read_text("utf-8"))
    return said
