"""Simulated copies → the program's `Article`s, as text or as HTML; its blocks → the truth."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.simulator.nouns import Copy, Line, Story
from provenance.article import Article, Outlet, WrapperKind
from provenance.sources import article_from_html, article_from_record

K = WrapperKind


def articles_of(story: Story, *, as_html: bool) -> list[Article]:
    """The present copies, read by the program."""
    make = _from_html if as_html else _from_text
    return [
        replace(make(copy), id=copy.id, outlet=Outlet(copy.press.domain, copy.press.name))
        for copy in story.copies
        if copy.present
    ]


def truth_of(article: Article, copy: Copy) -> list[Line | None]:
    """For each block the line it shows; None where the reader joined or split lines."""
    lines = {line.text: line for line in reversed(copy.lines)}
    return [lines.get(block.text) for block in article.blocks]


def _from_text(copy: Copy) -> Article:
    record: dict[str, object] = {
        "id": copy.id,
        "text": "\n\n".join(line.text for line in copy.lines),
        "url": f"https://www.{copy.press.domain}/{copy.id}",
        "title": copy.headline,
    }
    if copy.stated:
        record["published"] = copy.stated.isoformat()
    return article_from_record(record)


def _from_html(copy: Copy) -> Article:
    first = next(i for i, line in enumerate(copy.lines) if line.inner)
    last = max(i for i, line in enumerate(copy.lines) if line.inner)
    time = ""
    if copy.stated:
        time = f'<meta property="article:published_time" content="{copy.stated.isoformat()}">'
    address = f"https://www.{copy.press.domain}/{copy.id}"
    page = (
        f"<!doctype html><html><head><title>{html.escape(copy.headline + copy.press.suffix)}"
        f'</title><meta property="og:site_name" content="{html.escape(copy.press.name)}">{time}'
        f"</head><body><header><ul>{_all(copy.lines[:first], 'li')}</ul></header><main><article>"
        f"{''.join(_inner(line) for line in copy.lines[first : last + 1])}</article></main>"
        f"<footer>{_all(copy.lines[last + 1 :], 'div')}</footer></body></html>"
    )
    return article_from_html(page, url=address)


def _all(lines: Sequence[Line], tag: str) -> str:
    return "".join(f"<{tag}>{html.escape(line.text)}</{tag}>" for line in lines)


def _inner(line: Line) -> str:
    text = html.escape(line.text)
    if K.HEADLINE in line.kinds:
        return f"<h1>{text}</h1>"
    if K.PHOTO_CREDIT in line.kinds or K.CAPTION in line.kinds:
        return f"<figure><figcaption>{text}</figcaption></figure>"
    return f"<p>{text}</p>"
