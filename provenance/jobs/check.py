"""The first job: one article against an index, or against nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from provenance.article import Article, InputError
from provenance.attribution import Agencies, evidence, with_furniture, wrapper_kinds
from provenance.compare import BlockRole, Comparison, Furniture, Lines, Role, compare, roles
from provenance.index import MATCHES, Index, Match
from provenance.jobs import schema
from provenance.jobs.history import Change, history
from provenance.jobs.json_types import CheckJSON
from provenance.origin import Judgement, Version, judge
from provenance.sources import Fetcher, read

SAMPLE = 30
"""Articles of an outlet that its furniture is learned from: a check stays quick."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything `check` found out about one article.

    Attributes:
        version: The article, what each of its blocks does, and the evidence on its page.
        roles: For each block, in order, its role in the story.
        judgement: Verdict, ranked origins, chain and credit.
        matches: The copies found, best first; the article's own stored copy included.
        others: The matches that are other articles, in the same order, each read by itself.
        comparisons: For each match that is another article, how the two align, by its id.
        versions: The stored versions of the article itself, oldest first.
    """

    version: Version
    roles: tuple[BlockRole, ...]
    judgement: Judgement
    matches: tuple[Match, ...]
    others: tuple[Version, ...]
    comparisons: dict[str, Comparison]
    versions: tuple[Change, ...] = ()

    @property
    def article(self) -> Article:
        """The article that was checked."""
        return self.version.article

    @property
    def copies(self) -> tuple[Match, ...]:
        """The matches that are other articles than the one checked."""
        return tuple(match for match in self.matches if match.article.id in self.comparisons)

    def to_dict(self) -> CheckJSON:
        """The contract's `check --json` object, ready for JSON."""
        return {
            "schema": "provenance.check/1",
            "article": schema.article_dict(self.article),
            **schema.judgement_dict(self.judgement),
            "blocks": schema.blocks_dict(self.version, self.roles),
            "matches": [schema.match_dict(match) for match in self.matches],
            "versions": [version.to_dict() for version in self.versions],
        }


def check(
    source: Article | str | Path,
    index: Index | str | Path | None = None,
    *,
    agencies: Agencies | None = None,
    limit: int = MATCHES,
) -> CheckResult:
    r"""Judge one article: who else ran it, what was changed, who wrote it, by whose hands it came.

    Args:
        source: An `Article`, or what `read` takes: an address, a file, ``-``.
        index: An open index, the place of one, or None to judge the page alone.
        agencies: Known agencies; by default the file shipped with the package.
        limit: How many matches to look at, at most.

    Raises:
        InputError: When the source cannot be read or holds more than one article.
        FetchError: When an address cannot be fetched.
        IndexDamagedError: When the index cannot be used.
    """
    article = article_of(source)
    if isinstance(index, str | Path):
        with Index.open(str(index), create=False, read_only=True) as opened:
            return check(article, opened, agencies=agencies, limit=limit)
    agencies = agencies or Agencies.load()
    matches = index.find(article, limit=limit) if index is not None else []
    copies = [match.article for match in matches if match.article.id != article.id]
    reading = read_beside(article, copies, index, agencies)
    return CheckResult(
        version=reading.version,
        roles=reading.roles,
        judgement=judge(reading.version, reading.others, reading.comparisons, agencies),
        matches=tuple(matches),
        others=reading.others,
        comparisons=reading.comparisons,
        versions=history(index.versions(article.id)) if index is not None else (),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One article read beside its copies, ready to be judged; the fields as in `CheckResult`."""

    version: Version
    roles: tuple[BlockRole, ...]
    others: tuple[Version, ...]
    comparisons: dict[str, Comparison]


def read_beside(
    article: Article, copies: Sequence[Article], index: Index | None, agencies: Agencies
) -> Reading:
    """Read an article beside its copies: what each block does, and how they align."""
    subject = describe(article, agencies)
    if index is not None:
        subject = with_lasting_lines(subject, index)
    others = tuple(describe(copy, agencies) for copy in copies)
    comparisons = {copy.id: compare(article, copy) for copy in copies}
    parts = roles(article, subject.kinds, tuple(comparisons.values()))
    subject = with_wrapper(subject, [part.role is Role.WRAPPER for part in parts])
    return Reading(subject, parts, others, comparisons)


def article_of(source: Article | str | Path) -> Article:
    """The article itself, or the single one that `read_one` reads from a source."""
    return source if isinstance(source, Article) else read_one(str(source))


def read_one(source: str, *, format: str | None = None, fetcher: Fetcher | None = None) -> Article:
    """Read the single article of a source.

    Raises:
        InputError: When there is none, or it could not be read, or there are several.
    """
    article, aside = None, None
    for item in read(source, format=format, fetcher=fetcher):
        if not isinstance(item, Article):
            aside = aside or item
        elif article:
            raise InputError(
                f"{source}: holds more than one page or record; name one, or use "
                "`provenance audit` or `provenance dedup` for all"
            )
        else:
            article = item
    if article:
        return article
    if aside:
        raise InputError(f"{aside.source}: {aside.reason}")
    raise InputError(f"{source}: no article found; give a page with text in it")


@lru_cache(maxsize=128)
def describe(article: Article, agencies: Agencies) -> Version:
    """Read one page by itself: what each block does, and what it says about its source.

    Kept for a while: an audit meets each page once for every other version of its story.
    """
    judgements = wrapper_kinds(article, agencies)
    return Version(article, judgements, evidence(article, judgements, agencies))


def with_lasting_lines(version: Version, index: Index) -> Version:
    """A version whose lines that recur in its outlet's unrelated articles are wrapper.

    A line that carries evidence of a source, a credit that stands under every text, stays as read.
    """
    domain = version.article.outlet.domain if version.article.outlet else ""
    if not domain:
        return version
    furniture = _furniture(index, index.sample(domain, SAMPLE, but=version.article.id))
    speaking = {fact.block for fact in version.evidence}
    known = [
        found and block not in speaking for block, found in enumerate(furniture.of(version.article))
    ]
    return with_wrapper(version, known)


@lru_cache(maxsize=1024)
def _furniture(index: Index, numbers: tuple[int, ...]) -> Furniture:
    """The furniture of an outlet's articles; kept for a while, since its next page needs it too."""
    return Furniture.learn(lines for number in numbers for lines in _lines(index, number))


@lru_cache(maxsize=8192)
def _lines(index: Index, number: int) -> tuple[Lines, ...]:
    """What an article, if there is one, teaches: samples of one outlet have most in common."""
    return tuple(map(Lines.of, index.numbered((number,))))


def with_wrapper(version: Version, known: Sequence[bool]) -> Version:
    """The version, with a kind for every block that is known to be wrapper from elsewhere."""
    if not any(wrapper and not kind for wrapper, kind in zip(known, version.kinds, strict=True)):
        return version
    judgements = with_furniture(version.article, version.judgements, known)
    return replace(version, judgements=judgements)
