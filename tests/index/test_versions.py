"""What an index keeps of the past, what it finds without reading everything, what it forgets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from provenance.article import Article, Block, InputError, Interval
from provenance.index import Counts, Index, adding
from provenance.index import index as index_module
from tests.index.conftest import Place
from tests.index.made_articles import article, text


class Clock:
    """Stands in for the `time` module: seconds since 1970, moved by hand."""

    now = 1_700_000_000.0

    def time(self) -> float:
        return self.now

    monotonic = time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(index_module, "time", made)
    monkeypatch.setattr(adding, "time", made)
    return made


@pytest.fixture
def index(place: Place) -> Iterator[Index]:
    with Index.open(place.location) as opened:
        yield opened
        assert opened.verify() == []


def dated(n: int, day: str, *, title: str = "", domain: str = "") -> Article:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    made = article(n, body=text(n, 40), domain=domain)
    return replace(made, title=title, published=Interval(at, at, "meta"))


def ids(articles: list[Article]) -> list[str]:
    return [each.id for each in articles]


def test_each_changed_text_is_another_version(index: Index, clock: Clock) -> None:
    stories = [article(n, id="story", url="https://a.org/1") for n in (1, 2, 3)]
    for story in stories:
        index.add([story, story])
        clock.now += 60
    kept = index.versions("story")
    assert [each.article for each in kept] == stories
    assert [each.seen.timestamp() for each in kept] == [1_700_000_000 + n for n in (0, 60, 120)]
    assert (index.info().articles, index.info().versions) == (1, 2)
    assert index.versions("unknown") == []
    assert index.find(stories[0]) == []  # only what is published now is looked for
    index.compact()
    assert [each.article for each in index.versions("story")] == stories


@pytest.mark.parametrize("batch", [1, 100])
def test_versions_follow_an_article_to_its_new_id(
    index: Index, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_ARTICLES", batch)
    one = [article(n, id="one", url="https://a.org/1") for n in (1, 2)]
    two = article(3, id="two", url="https://a.org/2")
    both = article(4, id="two", url="https://a.org/1")
    assert index.add([*one, two, both]) == Counts(added=2, updated=2)
    assert index.versions("one") == []
    assert {each.article.text for each in index.versions("two")} == {text(n) for n in (1, 2, 3, 4)}
    assert index.versions("two")[-1].article == both


def test_a_byline_or_title_makes_a_version_but_furniture_and_metadata_do_not(index: Index) -> None:
    first = article(1, id="story")
    index.add([first])
    menu = replace(first, blocks=(*first.blocks, Block(1, "Most read", main=False)), language="en")
    assert index.add([menu]) == Counts(unchanged=1)
    assert index.get("story") == menu  # what else the page says is brought up to date
    assert len(index.versions("story")) == 1
    credited = replace(menu, byline="By A. Reporter")
    assert index.add([credited, replace(credited, title="New")]) == Counts(updated=2)
    assert [each.article.byline for each in index.versions("story")] == [
        "",
        *2 * ["By A. Reporter"],
    ]


def test_removed_articles_take_their_versions_along(index: Index) -> None:
    index.add([article(n, id="story") for n in (1, 2)])
    assert index.remove(["story"]) == 1
    assert index.add([article(3, id="story")]) == Counts(added=1)
    assert len(index.versions("story")) == 1
    assert index.info().versions == 0


def test_search_by_title_outlet_and_day(index: Index) -> None:
    index.add(
        [
            dated(1, "2024-03-01", title="Storm hits the coast", domain="a.org"),
            dated(2, "2024-03-02", title="Storms don’t stop", domain="b.org"),
            dated(3, "2024-03-03", title="THE COAST AFTER THE STORM", domain="a.org"),
            replace(article(4, domain="a.org"), title="तूफ़ान के बाद 東京"),
        ]
    )
    assert ids(index.search()) == ["article-3", "article-2", "article-1", "article-4"]
    assert ids(index.search("storm")) == ["article-3", "article-2", "article-1"]
    assert ids(index.search("coast STORM")) == ["article-3", "article-1"]
    assert ids(index.search("storms DON'T")) == ["article-2"]
    assert ids(index.search("th")) == []  # two letters are a whole word or nothing
    assert ids(index.search("बाद")) == ids(index.search("東")) == ["article-4"]
    assert ids(index.search('"storm* OR (NEAR')) == []
    assert index.search("…") == []
    assert ids(index.search(outlet="a.org")) == ["article-3", "article-1", "article-4"]
    assert ids(index.search("coast", "a.org", since=date(2024, 3, 3))) == ["article-3"]
    assert ids(index.search(since=date(2024, 3, 2), until=date(2024, 3, 2))) == ["article-2"]
    assert ids(index.search(limit=2)) == ["article-3", "article-2"]
    assert index.search(outlet="unknown.org") == []


def test_search_follows_updates_and_removals(index: Index) -> None:
    index.add([replace(article(1, id="story"), title="first headline")])
    index.add([replace(article(1, id="story"), title="second headline")])
    for _ in range(2):
        assert index.search("first") == []
        assert ids(index.search("headline")) == ["story"]
        index.compact()
    index.remove(["story"])
    assert index.search("headline") == []


def test_a_sample_is_of_one_outlet_bounded_and_spread(index: Index) -> None:
    first = date(2024, 1, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(100)]
    index.add([dated(n, day, domain="a.org") for n, day in enumerate(days)])
    index.add([article(n, domain="b.org") for n in range(200, 205)])
    sample = ids(index.numbered(index.sample("a.org", 10)))
    places = [int(id.removeprefix("article-")) for id in sample]
    assert len(places) == 10 and places == sorted(places, reverse=True)
    assert min(places) < 30 and max(places) >= 70
    assert len(index.sample("b.org", 10)) == 5
    assert index.sample("c.org", 10) == ()
    assert ids(index.numbered(index.sample("b.org", 10, but="article-202"))) == [
        f"article-{n}" for n in (204, 203, 201, 200)
    ]


def test_what_is_too_old_is_forgotten(index: Index, clock: Clock) -> None:
    today = datetime.fromtimestamp(clock.now, UTC)
    index.add(
        [
            dated(1, (today - timedelta(days=10)).isoformat()),
            dated(2, (today - timedelta(days=40)).isoformat()),
            article(3),
            article(4, id="story"),
        ]
    )
    assert index.expire(30) == 1
    assert index.get("article-2") is None
    clock.now += 35 * 24 * 3600
    index.add([article(5, id="story")])
    assert index.expire(30) == 2
    assert [each.id for each in index.articles()] == ["story"]
    assert len(index.versions("story")) == 1  # the first one was seen too long ago


def test_a_backup_is_whole_while_others_write(index: Index, tmp_path: Path) -> None:
    index.add(article(n, body=text(n, 60)) for n in range(300))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.index.adding", index.location, "1000", "2000"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    copy = tmp_path / "copy.db"
    index.backup(copy)
    assert process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    with Index.open(str(copy)) as opened:
        assert opened.verify() == []
        assert len(opened) >= 320
        assert opened.add([article(5000)]) == Counts(added=1)
    with pytest.raises(InputError, match="exists already"):
        index.backup(copy)
    with pytest.raises(InputError, match="cannot be"):
        index.backup(tmp_path / "none" / "copy.db")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)  # which keep runs
def test_runs_stay_few_whatever_is_added(index: Index, place: Place) -> None:
    for n in range(40):
        index.add(article(100 * n + k, body=text(100 * n + k, 30)) for k in range(n % 5 + 1))
    sizes = [int(str(size)) for (size,) in place.run("SELECT postings FROM runs")]
    sizes.sort(reverse=True)
    assert len(sizes) <= 7
    assert all(size >= 2 * sum(sizes[place + 1 :]) for place, size in enumerate(sizes[:-1]))


def test_of_several_texts_of_one_address_the_last_added_is_the_article(index: Index) -> None:
    records = [article(n, id=f"record-{n}", url="https://a.org/1") for n in (1, 2, 3)]
    assert index.add(records) == Counts(added=1, updated=2)
    assert index.add(records) == Counts(updated=3)
    assert index.get("record-3") is not None
    assert index.get("record-1") is None and len(index) == 1
