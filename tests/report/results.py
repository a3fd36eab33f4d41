"""Results that the report tests share, made by the real jobs from small pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from provenance.article import Article, Interval, Outlet
from provenance.index import Index
from provenance.jobs.check import CheckResult, check
from provenance.sources import article_from_html

SENTENCES = (
    "The harbour authority in Oldport said on Tuesday that the new ferry pier will open in May "
    "after two years of work and a dispute over the cost of its steel piles.",
    "Captain Vera Lindqvist told reporters the first crossing would carry two hundred passengers, "
    "most of them islanders who had waited since the old pier was washed away.",
    "Ministers agreed to pay a third of the bill, while the county and the ferry company share "
    "what remains over the next eleven years, according to a letter seen on Monday.",
    "Fishermen protested outside the town hall against the loss of their berths, but left after "
    "an hour when the mayor promised a second basin behind the breakwater.",
)
HOSTILE = "\x1b[31mred\x1b[0m [bold]loud[/bold] \u202egnorw <script>alert(1)</script>"


def page(host: str, title: str, lines: tuple[str, ...]) -> bytes:
    """A plain news page."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html lang=en><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def version(host: str, name: str, title: str, lines: tuple[str, ...], when: Interval) -> Article:
    """The article of a page, published by a named outlet at a known time."""
    read = article_from_html(page(host, title, lines), url=f"https://{host}/story")
    return replace(read, outlet=Outlet(host, name), published=when)


def many(count: int, folder: Path, title: str = "Ferry pier opens") -> CheckResult:
    """A check of one page among `count` versions of it, the agency's own among them."""
    start = datetime(2024, 3, 5, 8, 30, tzinfo=UTC)
    wire = ("OLDPORT (AP) — " + SENTENCES[0], *SENTENCES[1:])
    articles = [version("apnews.com", "AP News", title, wire, Interval(start, start, "json-ld"))]
    for number in range(1, count):
        credit = ("The Associated Press",) if number % 3 else ()
        lines = (
            *credit,
            *SENTENCES[: 4 - number % 2],
            f"Sign up for the letter of Paper {number}.",
        )
        early = start + timedelta(hours=2 * number)
        late = early + timedelta(hours=26 if number % 5 == 0 else 0)
        articles.append(
            version(
                f"paper{number}.org",
                f"The Paper of Town {number}",
                title,
                lines,
                Interval(early, late, "json-ld"),
            )
        )
    with Index.open(str(folder / "many.db")) as index:
        index.add(articles)
        return check(articles[-1], index)
