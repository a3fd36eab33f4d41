"""The forms in which the world credits a text, and what only looks like one: `fixtures/forms/`.

Each file of a language holds a story, `credits` (place, words, whom they credit, ``joint`` where
staff worked on it too) and `mentions` (place, words). ``=Name`` stands for an outlet, ``wires`` for
agencies that are not named. Every row is read on a web page and as plain text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest

from provenance.article import Article, Evidence, Outlet
from provenance.attribution import Agencies, authorship, evidence, wrapper_kinds
from provenance.sources import article_from_html, article_from_text

AGENCIES = Agencies.load()
FORMS = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parents[2] / "fixtures" / "forms").glob("*.toml"))
}
Shape = Callable[[str, str, str], Article]
URL = "https://www.example-times.com/2024/01/03/island"


def page(language: str, place: str, words: str) -> Article:
    """The language's story as a web page, with the words where they belong."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in story(language, place, words))
    head = f"<p>{escape(words)}</p>" if place == "head" else ""
    tail = f"<p>{escape(words)}</p>" if place == "tail" else ""
    title = FORMS[language]["headline"]
    return article_from_html(
        f"""<html lang="{language}"><head><title>{title} - Example Times</title>
        <meta property="og:site_name" content="Example Times"></head><body>
        <nav><a href="/">Home</a> <a href="/r">Reuters</a></nav><main><article><h1>{title}</h1>
        {head}<div>{lines}</div>{tail}</article></main>
        <footer><p>© 2024 Example Times. All rights reserved.</p></footer></body></html>""",
        url=URL,
    )


def plain(language: str, place: str, words: str) -> Article:
    """The same as plain text."""
    lines = [FORMS[language]["headline"], *story(language, place, words)]
    if place == "head":
        lines.insert(1, words)
    if place == "tail":
        lines.append(words)
    outlet = Outlet("example-times.com", "Example Times")
    return article_from_text("\n\n".join(lines), url=URL, outlet=outlet, language=language)


def story(language: str, place: str, words: str) -> list[str]:
    """The paragraphs, with the words before or after them where they belong there."""
    lines = list(FORMS[language]["body"])
    lines[0] = words + lines[0] if place == "start" else lines[0]
    lines[-1] = lines[-1] + words if place == "end" else lines[-1]
    return lines


def facts(article: Article) -> tuple[Evidence, ...]:
    return evidence(article, wrapper_kinds(article, AGENCIES), AGENCIES)


def rows(table: str) -> Iterator[object]:
    for language, forms in FORMS.items():
        for row in forms[table]:
            for shape in (page, plain):
                name = f"{language}-{shape.__name__}-{row[0]}-{row[1]}"
                yield pytest.param(shape, language, row, id=name)


@pytest.mark.parametrize(("shape", "language", "row"), list(rows("credits")))
def test_a_form_of_credit_names_its_source(shape: Shape, language: str, row: list[str]) -> None:
    place, words, wanted = row[:3]
    found = facts(shape(language, place, words))
    named = authorship(found)
    agencies = {party.id for party in named.parties if party.kind == "agency"}
    if wanted == "wires":
        assert "unnamed-agencies" in {fact.kind for fact in found}
        assert not agencies
    elif wanted.startswith("="):
        outlets = {fact.party.name for fact in found if fact.party and fact.weight > 1}
        assert wanted[1:] in outlets
        assert not agencies
    else:
        assert agencies == set(wanted.split())
        if "joint" in row:
            assert named.kind == "joint"


@pytest.mark.parametrize(("shape", "language", "row"), list(rows("mentions")))
def test_a_mention_credits_nobody(shape: Shape, language: str, row: list[str]) -> None:
    found = facts(shape(language, row[0], row[1]))
    named = authorship(found)
    assert not [party.id for party in named.parties if party.kind == "agency"]
    assert not [
        fact
        for fact in found
        if fact.party and fact.party.name != "Example Times" and fact.party.kind == "outlet"
    ]
    assert "unnamed-agencies" not in {fact.kind for fact in found}
