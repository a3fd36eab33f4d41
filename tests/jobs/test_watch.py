"""Watching a real server: what is new is added, what changed is a version, nothing comes twice."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenance.article import Claim, IndexDamagedError, InputError, ProvenanceError
from provenance.index import Index
from provenance.jobs.watch import Watch
from provenance.jobs.watch_config import WatchConfig
from provenance.jobs.watch_state import WatchState
from provenance.sources import Fetcher
from tests.sources.site import Server, Site

SENTENCE = "The council of the town met on Tuesday and agreed to mend the old bridge at last. "


class Paper:
    """A site with a feed of stories that can be published, changed and made to fail."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.stories: dict[str, tuple[str, str]] = {}
        self.torn = False
        self.feed = site.on("/feed.xml", self.answer_feed)

    def publish(self, name: str, text: str, changed: str = "2026-11-24T10:00:00Z") -> None:
        self.stories[name] = (text, changed)
        self.site.on(f"/{name}", self.answer_story)

    def answer_feed(self, server: Server) -> None:
        tag = f'"{abs(hash(tuple(self.stories.items())))}"'
        if server.headers.get("If-None-Match") == tag:
            server.answer(b"", 304, ETag=tag)
            return
        items = "".join(
            f"<entry><title>Story {name}</title><link href='/{name}'/><updated>{changed}</updated>"
            f"<summary>{SENTENCE if self.torn else ''}</summary>"
            f"<source><title>AP News</title></source></entry>"
            for name, (_, changed) in self.stories.items()
        )
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Paper</title>{items}</feed>"
        server.answer(feed.encode(), ETag=tag, Content_Type="application/atom+xml")

    def answer_story(self, server: Server) -> None:
        name = server.path[1:]
        text, _ = self.stories[name]
        tag = f'"{abs(hash(text))}"'
        if server.headers.get("If-None-Match") == tag:
            server.answer(b"", 304, ETag=tag)
            return
        html = f"<html><title>Story {name}</title><h1>Story {name}</h1><p>{text}</p></html>"
        html = html.partition("</p>")[0] if self.torn else html
        server.answer(html.encode(), ETag=tag, Content_Type="text/html")

    def asked(self, path: str) -> int:
        return self.site.asked.count(path)


@pytest.fixture
def paper() -> Iterator[Paper]:
    site = Site()
    made = Paper(site)
    for name in ("a", "b", "c"):
        made.publish(name, f"{SENTENCE} It is story {name} of the day. {SENTENCE}")
    yield made
    site.close()


class Runner:
    """Runs a watch once, with its index and state in a folder."""

    def __init__(self, folder: Path, url: str, extra: str = "") -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.write(url, extra)

    def write(self, url: str, extra: str = "", source: str = "") -> None:
        text = f"""{extra}
            [manners]
            delay = 0
            backoff = 0
            [[source]]
            url = "{url}"
            {source}
        """
        (self.folder / "watch.toml").write_text(text)

    def once(self, later: float = 0.0) -> Watch:
        """One look, `later` seconds after the last one as far as schedules know."""
        return self.run(later, once=True)

    def run(self, later: float, *, seconds: float = 60.0, once: bool = False) -> Watch:
        """The same, but for so many seconds when it is not `once`."""
        if later:
            self.advance(later)
        end = time.monotonic() + seconds
        with (
            Index.open(str(self.folder / "news.db")) as index,
            closing(WatchState(self.folder / "state")) as state,
        ):
            config = WatchConfig.load(self.folder / "watch.toml")
            job = Watch(
                config,
                index,
                state,
                Fetcher(allow_private=True),
                stopped=lambda: time.monotonic() > end,
                tell=self.lines.append,
            )
            job.run(once=once)
        return job

    def advance(self, seconds: float) -> None:
        """Let time pass: every moment that is remembered moves into the past."""
        import sqlite3

        with closing(sqlite3.connect(self.folder / "state")) as db:
            db.execute("UPDATE source SET due = due - ?", (seconds,))
            db.execute(
                "UPDATE page SET first = first - ?, last = last - ?, due = due - ?", (seconds,) * 3
            )
            db.commit()

    @property
    def index(self) -> Index:
        return Index.open(str(self.folder / "news.db"))


def test_new_stories_are_added_once_and_never_fetched_again(paper: Paper, tmp_path: Path) -> None:
    runner = Runner(tmp_path, paper.feed)
    first = runner.once()
    assert (first.counts.added, first.fetched, first.set_aside) == (3, 4, 0)
    assert runner.once().fetched == 0, "it is not due yet"
    unchanged = runner.once(later=901)
    assert (unchanged.fetched, unchanged.counts.added) == (1, 0)
    paper.publish("d", f"{SENTENCE} A fourth one. {SENTENCE}")
    assert runner.once(later=901).counts.added == 1
    assert [paper.asked(f"/{name}") for name in "abcd"] == [1, 1, 1, 1]
    with runner.index as index:
        article = next(index.articles())
    assert Claim("feed:source", "AP News") in article.claims


def test_an_edit_that_the_feed_announces_becomes_a_version(paper: Paper, tmp_path: Path) -> None:
    runner = Runner(tmp_path, paper.feed)
    runner.once()
    paper.publish("a", f"{SENTENCE} It was corrected. {SENTENCE}", "2026-11-24T12:00:00Z")
    assert runner.once(later=901).counts.updated == 1
    with runner.index as index:
        ids = [article.id for article in index.articles() if "corrected" in article.text]
        versions = index.versions(ids[0])
    assert len(versions) == 2
    assert versions[0].seen <= versions[1].seen
    assert "corrected" not in versions[0].article.text


def test_a_page_that_breaks_off_replaces_nothing_and_is_fetched_again(
    paper: Paper, tmp_path: Path
) -> None:
    runner = Runner(tmp_path, paper.feed)
    runner.once()
    paper.publish("a", f"{SENTENCE}<div>It is story", "2026-11-24T12:00:00Z")
    paper.torn = True
    look = runner.once(later=901)
    assert (look.counts.updated, look.set_aside) == (0, 1)
    assert any("breaks off before its end" in line for line in runner.lines)
    paper.publish("a", f"{SENTENCE} It was corrected. {SENTENCE}", "2026-11-24T12:00:00Z")
    paper.torn = False
    assert runner.once(later=901).counts.updated == 1


def test_a_silent_edit_is_found_by_looking_again(paper: Paper, tmp_path: Path) -> None:
    runner = Runner(tmp_path, paper.feed, 'recheck = ["2h"]')
    runner.once()
    text, changed = paper.stories["b"]
    paper.publish("b", text.replace("old bridge", "new bridge"), changed)
    again = runner.once(later=7201)
    assert (again.counts.updated, again.counts.added) == (1, 0)
    assert [paper.asked(f"/{name}") for name in "abc"] == [2, 2, 2]
    assert runner.once(later=86_400).counts.updated == 0
    assert paper.asked("/a") == 2
    with runner.index as index:
        edited = next(a for a in index.articles() if "new bridge" in a.text)
    assert Claim("feed:source", "AP News") in edited.claims


def test_what_has_not_changed_is_looked_at_again_only_once(paper: Paper, tmp_path: Path) -> None:
    runner = Runner(tmp_path, paper.feed, 'recheck = ["2h"]')
    runner.once()
    paper.site.asked.clear()
    assert runner.run(later=7201, seconds=0.8).counts.total == 0
    assert sorted(paper.site.asked) == ["/a", "/b", "/c", "/feed.xml", "/robots.txt"]


def test_pages_of_a_host_that_was_given_up_come_later(paper: Paper, tmp_path: Path) -> None:
    for name in "abc":
        paper.site.on(f"/{name}", lambda server: server.answer(b"", 503, Retry_After="3600"))
    runner = Runner(tmp_path, paper.feed)
    assert (runner.once().counts.added, paper.asked("/a")) == (0, 1)
    for name in "abc":
        paper.site.on(f"/{name}", paper.answer_story)
    assert runner.once(later=3601).counts.added == 3


def test_what_failed_for_now_is_tried_again_and_what_is_gone_is_not(
    paper: Paper, tmp_path: Path
) -> None:
    paper.site.on("/b", lambda server: server.answer(b"", 500))
    paper.site.on("/c", lambda server: server.answer(b"", 404))
    runner = Runner(tmp_path, paper.feed)
    job = runner.once()
    assert (job.counts.added, job.set_aside) == (1, 2)
    assert any("answered 404" in line for line in runner.lines)
    paper.site.on("/b", paper.answer_story)
    assert runner.once(later=901).counts.added == 1
    assert (paper.asked("/a"), paper.asked("/c")) == (1, 1)


def test_a_source_that_fails_is_asked_less_and_less(tmp_path: Path, paper: Paper) -> None:
    paper.site.on("/feed.xml", lambda server: server.answer(b"<p>no feed</p>", 200))
    runner = Runner(tmp_path, paper.feed)
    assert runner.once().set_aside == 1
    assert "not a feed, sitemap or list of addresses but html" in runner.lines[0]
    assert runner.once(later=901).fetched == 0
    assert runner.once(later=901).fetched == 1
    assert runner.once(later=2 * 901).fetched == 0


def test_whole_texts_and_old_entries_need_no_fetching(tmp_path: Path, paper: Paper) -> None:
    whole = f"<content type='html'>{('&lt;p>' + SENTENCE * 3 + '&lt;/p>') * 5}NAME</content>"
    entries = (
        f"<entry><id>1</id><title>Whole</title>{whole.replace('NAME', '1')}</entry>"
        f"<entry><id>2</id><title>Also whole</title>{whole.replace('NAME', '2')}</entry>"
        f"<entry><title>Third</title>{whole.replace('NAME', '3')}</entry>"
        "<entry><title>Old</title><link href='/old'/><published>2020-01-01</published></entry>"
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{entries}</feed>"
    paper.site.on("/feed.xml", lambda server: server.answer(feed.encode()))
    runner = Runner(tmp_path, paper.feed)
    assert (runner.once().counts.added, paper.site.asked) == (3, ["/robots.txt", "/feed.xml"])
    later = runner.once(later=901)
    assert (later.fetched, later.counts.unchanged, later.counts.added) == (1, 0, 0)


def test_a_sitemap_and_those_below_it_are_watched(tmp_path: Path, paper: Paper) -> None:
    def maps(kind: str, *items: str) -> bytes:
        root = "urlset" if kind == "url" else "sitemapindex"
        inside = "".join(f"<{kind}>{item}</{kind}>" for item in items)
        return f"<{root}>{inside}</{root}>".encode()

    root = paper.site.root
    new = maps("url", f"<loc>{root}/a</loc>", f"<loc>{root}/b</loc><lastmod>2019-01-01</lastmod>")
    paper.site.on("/new.xml", lambda server: server.answer(new))
    listed = [f"<loc>{root}/new.xml</loc>", f"<loc>{root}/2019.xml</loc><lastmod>2019</lastmod>"]
    listed[1] = listed[1].replace("2019<", "2019-05-01<")
    index = paper.site.on("/index.xml", lambda s: s.answer(maps("sitemap", *listed)))
    runner = Runner(tmp_path, index)
    assert runner.once().counts.added == 1
    assert paper.site.asked == ["/robots.txt", "/index.xml", "/new.xml", "/a"]


def test_an_agencys_feed_is_marked(tmp_path: Path, paper: Paper) -> None:
    runner = Runner(tmp_path, paper.feed)
    runner.write(paper.feed, source='as_agency = "dpa"')
    runner.once()
    runner.advance(7201)
    paper.publish("a", f"{SENTENCE} It was corrected. {SENTENCE}")
    runner.once()
    with runner.index as index:
        articles = list(index.articles())
    assert len(articles) == 3
    assert all(Claim("feed:agency", "dpa") in article.claims for article in articles)


BASE = '[[source]]\nurl = "https://x.org/feed"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "source: nothing to watch; add [[source]] with a url"),
        ("every = ", "not TOML: "),
        ('[[source]]\nurl = "x.org/feed"', "source 1: url: 'x.org/feed' is no http address"),
        (BASE + 'evry = "5m"', "source 1: evry: unknown; known are url, every, as_agency"),
        (BASE + "every = 5", 'source 1: every: 5 is no period; write "30s", "15m"'),
        (BASE + 'every = "1s"', "source 1: every: '1s' is too short, at least 10 s"),
        (BASE + BASE, "source 2: https://x.org/feed is listed twice; remove one"),
        ('recheck = "2h"\n' + BASE, "recheck: must be a list of ages"),
        (BASE + '[manners]\ndelay = "1s"', "manners: delay: '1s' is not a number of seconds"),
        (BASE + "[manners]\nconcurrent = 0", "manners: concurrent: 0 is not a whole number from 1"),
        (BASE + "[manners]\nspeed = 9", "manners: speed: unknown; known are concurrent"),
        ('user_agent = "a\\nb"\n' + BASE, "user_agent: 'a\\nb' is not a text of one line"),
    ],
)
def test_mistakes_in_the_configuration_are_told_with_their_place(
    text: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "watch.toml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        WatchConfig.load(path)
    assert str(error.value).startswith(f"{path}: {reason}")
    assert "\n" not in str(error.value)


def test_one_state_serves_one_watch_and_damage_is_told(tmp_path: Path) -> None:
    with (
        closing(WatchState(tmp_path / "state")),
        pytest.raises(InputError, match="another watch is using it"),
    ):
        WatchState(tmp_path / "state")
    (tmp_path / "broken").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    with pytest.raises(IndexDamagedError, match="delete it"):
        WatchState(tmp_path / "broken")


def command(folder: Path, *options: str) -> subprocess.Popen[str]:
    parts = [sys.executable, "-m", "provenance", "watch", str(folder / "watch.toml")]
    parts += ["--index", str(folder / "news.db"), "--allow-private", *options]
    return subprocess.Popen(
        parts, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )


def waited(paper: Paper, path: str) -> None:
    deadline = time.monotonic() + 30
    while path not in paper.site.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    assert path in paper.site.asked


def stored(folder: Path, count: int) -> None:
    """Wait until so many articles are in the index."""
    deadline = time.monotonic() + 30
    found = -1
    while found != count and time.monotonic() < deadline:
        time.sleep(0.05)
        if (folder / "news.db").exists():
            with contextlib.suppress(ProvenanceError), Index.open(str(folder / "news.db")) as index:
                found = len(index)
    assert found == count


def test_the_command_runs_until_it_is_told_to_stop(paper: Paper, tmp_path: Path) -> None:
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        folder = tmp_path / number.name
        folder.mkdir()
        Runner(folder, paper.feed)
        with command(folder, "--json") as process:
            stored(folder, 3)
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
        assert process.returncode == code, err
        assert '"provenance.watch/1"' in out
        assert "Traceback" not in err
        with Index.open(str(folder / "news.db")) as index:
            assert len(index) == 3


def test_a_stop_in_the_middle_keeps_what_was_done_and_goes_on_later(
    paper: Paper, tmp_path: Path
) -> None:
    for number in range(30):
        paper.publish(f"s{number}", f"{SENTENCE} Number {number}. {SENTENCE}")
    runner = Runner(tmp_path, paper.feed)
    text = (tmp_path / "watch.toml").read_text()
    (tmp_path / "watch.toml").write_text(text.replace("delay = 0", "delay = 0.05"))
    with command(tmp_path) as process:
        waited(paper, "/s5")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    with runner.index as index:
        done = len(index)
    assert 0 < done < 33
    with command(tmp_path, "--once") as process:
        process.communicate(timeout=60)
    with runner.index as index:
        assert len(index) == 33
        assert index.verify() == []
    pages = [path for path in paper.site.asked if path not in ("/robots.txt", "/feed.xml")]
    assert len(pages) <= len(set(pages)) + 1, "only what was under way may be fetched again"
