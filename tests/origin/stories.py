"""Made stories: trees of versions whose true parents are known."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from provenance.article import (
    Article,
    Block,
    Evidence,
    Interval,
    Outlet,
    Party,
    WrapperKind,
)
from provenance.attribution import BlockJudgement
from provenance.compare import Comparison, compare
from provenance.origin import Version

WORDS = tuple(
    a + b + c
    for a in ("ba", "cor", "del", "fin", "gan", "hul", "jem", "kar", "lo", "mer")
    for b in ("a", "e", "o", "u", "ist", "und")
    for c in ("", "n", "ra", "t", "vel", "sk", "m")
)
AP = Party("agency", "ap", "Associated Press")
START = datetime(2024, 3, 1, 6, tzinfo=UTC)
Line = tuple[str, WrapperKind | None]


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize() + "."


def version(
    id: str,
    lines: list[Line],
    *,
    outlet: Outlet | None = None,
    evidence: tuple[Evidence, ...] = (),
    hours: float | None = None,
) -> Version:
    """A version from its lines; `hours` after `START` it was published."""
    moment = START + timedelta(hours=hours) if hours is not None else None
    article = Article(
        id,
        tuple(Block(i, text, main=kind is None) for i, (text, kind) in enumerate(lines)),
        outlet=outlet,
        published=Interval(moment, moment, "json-ld") if moment else None,
    )
    return Version(article, tuple(BlockJudgement(kind) for _, kind in lines), evidence)


def comparisons(subject: Version, others: list[Version]) -> dict[str, Comparison]:
    return {o.article.id: compare(subject.article, o.article) for o in others}


@dataclass
class Made:
    """One version while its story is being made."""

    name: str
    parent: int | None
    paragraphs: list[str]
    headline: str
    hours: float
    inherited: list[Line] = field(default_factory=list)
    credits: bool = False


def copied(rng: random.Random, parent: int, made: list[Made], *, agency: bool) -> Made:
    """A copy of one of the versions, edited as editors do."""
    source = made[parent]
    paragraphs = list(source.paragraphs)
    for _ in range(rng.randint(0, 5)):
        at = rng.randrange(len(paragraphs))
        words = paragraphs[at].split()
        words[rng.randrange(len(words))] = rng.choice(WORDS)
        paragraphs[at] = " ".join(words)
    if rng.random() < 0.25:
        paragraphs = paragraphs[: max(3, len(paragraphs) * rng.randint(5, 9) // 10)]
    if rng.random() < 0.15:
        paragraphs.insert(rng.randrange(1, len(paragraphs)), sentence(rng, 25))
    inherited = list(source.inherited) if rng.random() < 0.5 else []
    if parent and rng.random() < 0.3:
        inherited.insert(
            0, (f"The desk of {source.name} left this text as it came.", WrapperKind.DISCLAIMER)
        )
    return Made(
        f"Paper{len(made)}",
        parent,
        paragraphs,
        source.headline if rng.random() < 0.6 else sentence(rng, 8),
        source.hours + rng.uniform(0.5, 6),
        inherited,
        agency and rng.random() < 0.7,
    )


def story(
    rng: random.Random, size: int, *, agency: bool = True, times: bool = True
) -> tuple[list[Version], dict[str, str | None]]:
    """Versions in random order, and the true parent of each by id; the first has none."""
    first = Made("AP News" if agency else "Paper0", None, [], sentence(rng, 8), 0.0)
    first.paragraphs = [sentence(rng, rng.randint(15, 45)) for _ in range(rng.randint(6, 14))]
    made = [first]
    while len(made) < size:
        parent = rng.randrange(len(made)) if rng.random() < 0.6 else 0
        made.append(copied(rng, parent, made, agency=agency))
    numbers = rng.sample(range(1000), size)
    ids = [f"v{number}" for number in numbers]
    versions = []
    for number, one in enumerate(made):
        domain = "apnews.com" if agency and not number else f"paper{number}.example"
        lines: list[Line] = [("Home News Sport", WrapperKind.NAVIGATION)]
        lines += [(one.headline, WrapperKind.HEADLINE)]
        lines += [(text, None) for text in one.paragraphs] + one.inherited
        lines += [(f"Subscribe to {one.name} for more", WrapperKind.PROMOTION)]
        facts: tuple[Evidence, ...] = ()
        if agency and not number:
            facts = (Evidence("self", "https://apnews.com/", None, 9.0, ids[0], AP),)
        elif one.credits:
            facts = (Evidence("dateline", "SEOUL (AP) —", 2, 5.5, ids[number], AP),)
        hours = one.hours if times and rng.random() < 0.8 else None
        versions.append(
            version(
                ids[number],
                lines,
                outlet=Outlet(domain, one.name),
                evidence=facts,
                hours=hours,
            )
        )
    parents = {
        ids[n]: None if one.parent is None else ids[one.parent] for n, one in enumerate(made)
    }
    rng.shuffle(versions)
    return versions, parents
