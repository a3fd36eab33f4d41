"""Every article of an index judged, story by story: what is read of a story is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from provenance.article import Article
from provenance.attribution import Agencies
from provenance.compare import BlockRole
from provenance.index import MATCHES, Index
from provenance.jobs.check import Reading, read_beside
from provenance.origin import Judgement, Version, judge

CROWD = 1000
"""Copies that are looked up at once where there are more than `MATCHES`."""
WITNESSES = 10
"""Earliest copies of a crowd beside which all its others are judged: sources come before copies."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One audited article.

    Attributes:
        version: The article, and what each of its blocks does.
        roles: For each block its role in the story.
        judgement: Verdict, origins, chain and credit.
        copies: The other articles that were found to be versions of it.
    """

    version: Version
    roles: tuple[BlockRole, ...]
    judgement: Judgement
    copies: Sequence[Article]

    @property
    def article(self) -> Article:
        """The article that was judged."""
        return self.version.article


def judged(
    index: Index,
    admits: Callable[[Article], bool],
    agencies: Agencies,
    show: Callable[[int], None],
) -> Iterator[Judged]:
    """Judge every admitted article beside its copies.

    Args:
        index: What holds the articles and their copies.
        admits: Whether an article is to be judged; what is not may still be a copy of one.
        agencies: Known agencies.
        show: Called after each article with the number handled so far.
    """
    done: set[str] = set()
    for first in index.articles():
        story = [first]
        while story:
            article = story.pop()
            if article.id in done:
                continue
            if not admits(article):
                done.add(article.id)
                continue
            copies = _copies(index, article, MATCHES)
            # Of a giant crowd the copies found may all have been judged already, with others.
            if len(copies) + 1 >= MATCHES and sum(copy.id in done for copy in copies) < MATCHES / 2:
                found = _crowd(article, index, agencies)
            else:
                found = iter([_judged(read_beside(article, copies, index, agencies), agencies)])
            for each in found:
                if each.article.id not in done and admits(each.article):
                    done.add(each.article.id)
                    yield each
                    show(len(done))
            story += copies
        show(len(done))


def _copies(index: Index, article: Article, limit: int, *, near: bool = False) -> list[Article]:
    return [
        match.article
        for match in index.find(article, limit=limit)
        if match.article.id != article.id and not (near and match.relation == "partial")
    ]


def _judged(reading: Reading, agencies: Agencies) -> Judged:
    judgement = judge(reading.version, reading.others, reading.comparisons, agencies)
    copies = [other.article for other in reading.others]
    return Judged(reading.version, reading.roles, judgement, copies)


def _crowd(article: Article, index: Index, agencies: Agencies) -> Iterator[Judged]:
    """Judge an article and its many copies group by group, each with the crowd's witnesses.

    To judge each beside its own nearest would weigh every chain anew: the time would grow with the
    square of the copies.
    """
    everyone = [article, *_copies(index, article, CROWD, near=True)]
    witnesses = sorted(everyone, key=_earliest)[:WITNESSES]
    known = {witness.id for witness in witnesses}
    others = [each for each in everyone if each.id not in known]
    size = MATCHES - WITNESSES
    for at in range(0, max(len(others), 1), size):
        group = [*witnesses, *others[at : at + size]]
        yield from _together(group, len(witnesses) if at else 0, everyone, index, agencies)


def _together(
    group: Sequence[Article],
    begin: int,
    everyone: Sequence[Article],
    index: Index,
    agencies: Agencies,
) -> Iterator[Judged]:
    """Judge a group from one place on, all as versions of one story, weighed once."""
    readings = [
        read_beside(each, [other for other in group if other is not each], index, agencies)
        for each in group
    ]
    versions = [reading.version for reading in readings]
    for reading in readings[begin:]:
        others = [version for version in versions if version is not reading.version]
        judgement = judge(reading.version, others, reading.comparisons, agencies)
        copies = [each for each in everyone if each.id != reading.version.article.id]
        yield Judged(reading.version, reading.roles, judgement, copies)


def _earliest(article: Article) -> tuple[datetime, str]:
    published = article.published
    return (published.earliest if published else datetime.max.replace(tzinfo=UTC), article.id)
