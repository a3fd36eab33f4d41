"""Results that the report tests share, made by the real jobs from small pages."""

from __future__ import annotations

from pathlib import Path

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


def page(host: str, title: str, lines: tuple[str, ...], day: int = 1, name: str = "") -> bytes:
    """A plain news page."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    site = f'<meta property="og:site_name" content="{name}">' if name else ""
    return (
        f"<html lang=en><head><title>{title}</title>{site}<link rel=canonical "
        f'href="https://{host}/story"><meta property="article:published_time" '
        f'content="2024-03-{day:02}T08:30:00Z"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def many(count: int, folder: Path, title: str = "Ferry pier opens") -> CheckResult:
    """A check of one page against `count` dated copies of it, the agency's own among them."""
    pages = [
        (
            "apnews.com",
            page("apnews.com", title, ("OLDPORT (AP) — " + SENTENCES[0], *SENTENCES[1:])),
        )
    ]
    for number in range(1, count):
        host = f"paper{number}.example"
        lines = SENTENCES[: 4 - number % 2]
        credit = ("The Associated Press",) if number % 3 else ()
        pages.append(
            (host, page(host, title, (*credit, *lines), 1 + number % 28, f"Paper {number}"))
        )
    articles = [article_from_html(data, url=f"https://{host}/story") for host, data in pages]
    with Index.open(str(folder / "many.db")) as index:
        index.add(articles)
        return check(articles[-1], index)
