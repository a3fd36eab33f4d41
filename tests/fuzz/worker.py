"""Works through mutated files as the program would: read, check, show, store, find.

Started by `tests.fuzz.watched`, which writes a case's number to standard input. Two lines answer
it: ``begin``, once the case is made, and a JSON object. A case is always the same for its number.
"""

from __future__ import annotations

import faulthandler
import random
import socket
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import orjson
from rich.console import Console

from provenance.article import Article, ProvenanceError, SetAside
from provenance.attribution import Agencies
from provenance.index import Index
from provenance.jobs.check import CheckResult, check
from provenance.jobs.diff import diff
from provenance.report.html import check_html, diff_html
from provenance.report.terminal import print_check, print_diff
from provenance.sources import Fetcher, read
from provenance.sources.manners import Manners
from tests.sources.fuzz import mutated, seeds

ARTICLES = 5
"""Articles of a file that are checked; the rest is read only."""
GUESSED = 0.3
"""Share of the files of which the format is not told."""


def offline(*_: Any, **__: Any) -> NoReturn:
    """No case leaves the machine."""
    raise socket.gaierror("no network while fuzzing")


class Bench:
    """What the cases of one process share: good files, agencies, an index that grows."""

    def __init__(self, folder: Path) -> None:
        self.files = seeds()
        self.agencies = Agencies.load()
        self.path = folder / "case"
        self.index = Index.open(str(folder / "fuzz.db"))
        self.fetcher = Fetcher(attempts=1, manners=Manners(delay=0, backoff=0))
        self.last: Article | None = None

    def make(self, case: int) -> str | None:
        """Write a case's file; its format, or None when that is to be guessed."""
        draw = random.Random(case)
        kind, data = mutated(self.files, draw)
        self.path.write_bytes(data)
        return None if draw.random() < GUESSED else kind

    def run(self, kind: str | None) -> Counter[str]:
        """Do with the file what a user would; what came of it."""
        found: Counter[str] = Counter()
        articles: list[Article] = []
        try:
            for item in read(str(self.path), format=kind, fetcher=self.fetcher):
                found[type(item).__name__] += 1
                if isinstance(item, SetAside):
                    assert item.reason and "\n" not in item.reason
                elif len(articles) < ARTICLES:
                    articles.append(item)
        except ProvenanceError as error:
            assert "\n" not in str(error)
            found[type(error).__name__] += 1
        for article in islice(articles, ARTICLES):
            self.judge(article)
        return found

    def judge(self, article: Article) -> None:
        """Store an article, find it again, judge it, show it, and set it beside the last one."""
        self.index.add([article])
        assert self.index.get(article.id) is not None
        self.index.search(article.title[:300])
        result = check(article, self.index, agencies=self.agencies)
        self.show(result)
        if self.last:
            beside = diff(self.last, article, agencies=self.agencies)
            orjson.dumps(beside.to_dict())
            diff_html(beside)
            with Path("/dev/null").open("w") as nowhere:
                print_diff(beside, Console(file=nowhere))
        self.last = article

    def show(self, result: CheckResult) -> None:
        """Every way in which a result is shown."""
        orjson.dumps(result.to_dict())
        check_html(result)
        with Path("/dev/null").open("w", errors="replace") as nowhere:
            print_check(result, Console(file=nowhere))


def main() -> None:
    """Answer numbers until the input ends; then say whether the index is sound."""
    faulthandler.enable()  # says where it was when it is ended
    socket.getaddrinfo = offline
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print("ready", flush=True)
        for line in sys.stdin:
            kind = bench.make(int(line))
            print("begin", flush=True)
            try:
                answer: dict[str, Any] = {"kind": kind, "found": bench.run(kind)}
            except Exception as error:
                where = error.__traceback__
                while where and where.tb_next:
                    where = where.tb_next
                place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
                answer = {"kind": kind, "error": f"{type(error).__name__}: {error} ({place})"[:500]}
            print(orjson.dumps(answer).decode(), flush=True)
        print(orjson.dumps(bench.index.verify()).decode(), flush=True)
        bench.index.close()


if __name__ == "__main__":
    main()
