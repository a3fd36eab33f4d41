"""Kill `provenance watch` again and again, at random moments, and see that nothing is lost.

``python -m tests.jobs.kills [KILLS]``; ``make kill`` does it two hundred times.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from provenance.index import Index
from tests.sources.site import Server, Site

SENTENCE = "The council of town {0} met on day {0} and agreed to mend old bridge number {0}. "
PAGES, WHOLE = 150, 600
"""Stories with a page of their own, and stories that stand whole in the feed."""


def feed(site: Site, round: int) -> bytes:
    """A feed of which every round changes some stories and adds others."""
    entries = []
    for number in range(PAGES):
        entries.append(
            f"<entry><title>Page {number}</title><link href='{site.root}/{number}'/></entry>"
        )
    for number in range(WHOLE):
        text = SENTENCE.format(f"{number}-{round if number % 7 == round % 7 else 0}") * 15
        content = escape(f"<p>{text}</p>")
        entries.append(
            f"<entry><id>tag:whole-{number}</id><title>Whole {number}</title>"
            f"<content type='html'>{content}</content></entry>"
        )
    inside = "".join(entries)
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>P</title>{inside}</feed>".encode()


def make_site(rounds: list[int]) -> Site:
    """A site with the feed of the present round, and its pages."""
    site = Site()
    site.on("/feed", lambda server: server.answer(feed(site, rounds[-1])))

    def story(server: Server) -> None:
        text = SENTENCE.format(server.path[1:]) * 5
        server.answer(f"<title>A story</title><h1>A story</h1><p>{text}</p>".encode())

    for number in range(PAGES):
        site.on(f"/{number}", story)
    return site


def check(folder: Path) -> None:
    """The index is sound, and every page that the state calls seen is in it."""
    if not (folder / "news.db").exists():
        return
    with Index.open(str(folder / "news.db")) as index:
        problems = index.verify()
        if problems:
            raise SystemExit(f"the index is damaged: {problems[:3]}")
        if not (folder / "news.db.watch").exists():
            return
        with closing(sqlite3.connect(folder / "news.db.watch")) as db:
            made = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'page'").fetchone()
            rows = db.execute("SELECT url, article FROM page").fetchall() if made[0] else []
        for url, article in rows:
            if index.get(article or url.rpartition("#")[2]) is None:
                raise SystemExit(f"{url} is remembered as seen, but is not in the index")


def main(kills: int) -> None:
    """Kill as often as asked, then let it end."""
    rng = random.Random(kills)
    rounds = [0]
    site = make_site(rounds)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "watch.toml").write_text(
            'every = "10s"\n[manners]\ndelay = 0\nper_host = 4\n'
            f'[[source]]\nurl = "{site.root}/feed"\n'
        )
        command = [sys.executable, "-m", "provenance", "watch", str(folder / "watch.toml")]
        command += ["--index", str(folder / "news.db"), "--allow-private"]
        for number in range(kills):
            process = subprocess.Popen(command, stdout=-3, stderr=-3)
            time.sleep(rng.uniform(0.5, 4.0))
            process.kill()
            process.wait()
            check(folder)
            if number % 5 == 4:
                rounds.append(rounds[-1] + 1)
        time.sleep(10)
        subprocess.run([*command, "--once"], check=True, stdout=-3, stderr=-3)
        check(folder)
        with Index.open(str(folder / "news.db")) as index:
            count = len(index)
    fetched = Counter(path for path in site.asked if path[1:].isdigit())
    again = sum(fetched.values()) - len(fetched)
    print(f"{kills} kills: {count} articles of {PAGES + WHOLE}; {again} pages fetched again")
    if count != PAGES + WHOLE or again > 4 * kills:
        raise SystemExit("articles are missing, or were fetched again without need")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
