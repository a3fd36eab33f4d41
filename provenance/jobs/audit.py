"""The attribution audit: every article of a corpus checked, summed up by outlet and agency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from provenance.article import Article, InputError, Interval, SetAside
from provenance.attribution import Agencies
from provenance.compare import Role, block_words
from provenance.index import Index
from provenance.jobs.add import add
from provenance.jobs.check import CheckResult, check
from provenance.origin.parties import publisher
from provenance.sources import Fetcher

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "provenance.audit/1"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are audited; copies are looked for among all. Empty means any.

    Attributes:
        outlets: Registrable domains.
        agencies: Ids of agencies that wrote the text.
        languages: ISO 639-1 codes.
        since: First day of publication, UTC; an article without a time passes no bound.
        until: Last day of publication, UTC.
    """

    outlets: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None

    def admits(self, article: Article) -> bool:
        """Whether an article is to be audited, as far as it shows before it is checked."""
        if self.outlets and (article.outlet is None or article.outlet.domain not in self.outlets):
            return False
        if self.languages and article.language not in self.languages:
            return False
        if self.since is None and self.until is None:
            return True
        day = middle(article.published)
        return day is not None and (self.since or date.min) <= day.date() <= (
            self.until or date.max
        )


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The audit's tables, and what they were made from.

    Attributes:
        articles: One row for each article.
        outlets: One row for each outlet.
        agencies: One row for each agency.
        clusters: One row for each story that has two versions or more.
        reach: One row for each agency and week.
        set_aside: What could not be read.
    """

    articles: pd.DataFrame
    outlets: pd.DataFrame
    agencies: pd.DataFrame
    clusters: pd.DataFrame
    reach: pd.DataFrame
    set_aside: tuple[SetAside, ...] = ()

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name."""
        names = ("articles", "outlets", "agencies", "clusters", "reach")
        return {name: getattr(self, name) for name in names}

    @property
    def measures(self) -> Mapping[str, tuple[float, float]]:
        """Figures for the whole corpus: each a number and what it is a share of (0 for none)."""
        from provenance.jobs.tables import measures

        return measures(self.articles, len(self.clusters))

    def to_dict(self) -> dict[str, Any]:
        """The `summary.json` object."""
        return {
            "schema": SCHEMA,
            "version": version("provenance"),
            "articles": len(self.articles),
            "outlets": len(self.outlets),
            "agencies": len(self.agencies),
            "clusters": len(self.clusters),
            "set_aside": len(self.set_aside),
            "measures": {
                name: {"value": value, "share": round(value / whole, 4) if whole else None}
                for name, (value, whole) in self.measures.items()
            },
        }

    def write(self, out: str | Path) -> None:
        """Write every table as CSV and Parquet, ``summary.json`` and ``set_aside.jsonl``.

        In the CSV files a text that a spreadsheet would run as a formula is led by an apostrophe.

        Raises:
            InputError: When the folder cannot be made or written to.
        """
        import orjson

        from provenance.jobs.tables import without_formulas

        folder = Path(out)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, table in self.tables.items():
                without_formulas(table).to_csv(folder / f"{name}.csv", index=False)
                table.to_parquet(folder / f"{name}.parquet", index=False)
            summary = orjson.dumps(self.to_dict(), option=orjson.OPT_INDENT_2)
            (folder / "summary.json").write_bytes(summary)
            aside = (
                {"file": each.source, "record": each.record, "reason": each.reason}
                for each in self.set_aside
            )
            (folder / "set_aside.jsonl").write_bytes(
                b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in aside)
            )
        except OSError as error:
            raise InputError(f"{out}: cannot write the audit: {error.strerror}") from error


@dataclass(slots=True)
class _Clusters:
    """Sets of articles that are connected by matches (union-find)."""

    parent: dict[str, str] = field(default_factory=dict)

    def find(self, id: str) -> str:
        root = id
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[id] != root:
            self.parent[id], id = root, self.parent[id]
        return root

    def join(self, a: str, b: str) -> None:
        self.parent[self.find(a)] = self.find(b)


def audit(
    sources: Sequence[str] = (),
    index: Index | str | Path | None = None,
    *,
    filters: Filters | None = None,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    fetcher: Fetcher | None = None,
    agencies: Agencies | None = None,
    show: Callable[[int], None] | None = None,
) -> AuditResult:
    """Check every article of a corpus against all the others and sum up.

    Args:
        sources: Addresses, files or folders; they are read into an index of their own that is
            thrown away. Leave empty to audit `index`.
        index: An open index or the place of one.
        filters: Which articles to audit.
        format: Force the format of the sources.
        columns: Our column name to the table's own.
        fetcher: How addresses are fetched.
        agencies: Known agencies; by default the file shipped with the package.
        show: Called after each article with the number checked so far.

    Raises:
        InputError: When both or neither are given, nothing can be read, or no article can pass the
            filters.
        IndexDamagedError: When the index cannot be used.
    """
    if bool(sources) == (index is not None):
        raise InputError("audit takes either sources or an index, not both and not neither")
    agencies = agencies or Agencies.load()
    _refuse_impossible(filters or Filters(), agencies)
    if sources:
        with TemporaryDirectory() as folder, Index.open(str(Path(folder) / "audit.db")) as own:
            read = add(sources, own, format=format, columns=columns, fetcher=fetcher)
            if read.failure:
                raise read.failure
            return _audit(own, filters or Filters(), agencies, show, read.set_aside)
    if isinstance(index, str | Path):
        with Index.open(str(index), create=False, read_only=True) as opened:
            return _audit(opened, filters or Filters(), agencies, show, ())
    assert index is not None  # noqa: S101 - the first check says so
    return _audit(index, filters or Filters(), agencies, show, ())


def _refuse_impossible(filters: Filters, agencies: Agencies) -> None:
    for id in sorted(filters.agencies):
        if agencies.by_id(id) is None:
            raise InputError(f"agency {id!r}: not known; use an id of the agencies file, as ap")
    if filters.since and filters.until and filters.since > filters.until:
        raise InputError(f"no day is after {filters.since} and before {filters.until}")


def _audit(
    index: Index,
    filters: Filters,
    agencies: Agencies,
    show: Callable[[int], None] | None,
    set_aside: tuple[SetAside, ...],
) -> AuditResult:
    from provenance.jobs import tables

    clusters, earliest, rows = _Clusters(), dict[str, datetime](), []
    for number, result in enumerate(_checked(index, filters, agencies), 1):
        if not filters.agencies or _origin_id(result) in filters.agencies:
            rows.append(_row(result, agencies))
        for found in (result.article, *(match.article for match in result.copies)):
            clusters.join(found.id, result.article.id)
            when = middle(found.published)
            if when:
                earliest[found.id] = when
        if show:
            show(number)
    _place(rows, clusters, earliest)
    articles = tables.articles(rows)
    return AuditResult(
        articles=articles,
        outlets=tables.outlets(articles),
        agencies=tables.agencies(articles),
        clusters=tables.clusters(articles),
        reach=tables.reach(articles),
        set_aside=set_aside,
    )


def _checked(index: Index, filters: Filters, agencies: Agencies) -> Iterator[CheckResult]:
    """Every admitted article, story by story: what is read of a story is read once."""
    done: set[str] = set()
    for first in index.articles():
        story = [first]
        while story:
            article = story.pop()
            if article.id in done or not filters.admits(article):
                continue
            done.add(article.id)
            result = check(article, index, agencies=agencies)
            story += [match.article for match in result.copies]
            yield result


def _row(result: CheckResult, agencies: Agencies) -> dict[str, Any]:
    article, judgement = result.article, result.judgement
    origin = judgement.origins[0] if judgement.origins else None
    own = publisher(result.version, agencies)
    return {
        "id": article.id,
        "url": article.final_url or article.url or article.canonical_url,
        "outlet": own.id,
        "outlet_name": own.name,
        "title": article.title,
        "published": middle(article.published),
        "language": article.language,
        "copies": len(result.copies),
        "verdict": str(judgement.verdict),
        "authorship": str(judgement.authorship),
        "origin": origin.party.id if origin else "",
        "origin_kind": origin.party.kind if origin else "",
        "origin_name": origin.party.name if origin else "",
        "probability": origin.probability if origin else 0.0,
        "credit": str(judgement.credit.verdict),
        "credited_to": judgement.credit.to.id if judgement.credit.to else "",
        "quote": judgement.credit.quote,
        "taken_from": _parent(result),
        "wrapper_share": _share(
            result, lambda role, _: float(role is Role.WRAPPER), everything=True
        ),
        "edited_share": _share(
            result, lambda role, shared: 1 - shared if role is Role.EDITED else 0.0
        ),
    }


def _origin_id(result: CheckResult) -> str:
    origins = result.judgement.origins
    return origins[0].party.id if origins else ""


def _parent(result: CheckResult) -> str:
    for hop in result.judgement.chain:
        if hop.child.article == result.article.id:
            return "" if hop.doubtful else hop.parent.party.id
    return ""


def _share(
    result: CheckResult, weight: Callable[[Role, float], float], *, everything: bool = False
) -> float:
    """The weighed share of an article's words, wrapper words included or not."""
    total = part = 0.0
    for words, role in zip(block_words(result.article), result.roles, strict=True):
        if everything or role.role is not Role.WRAPPER:
            total += len(words.keys)
            part += len(words.keys) * weight(role.role, role.shared)
    return part / total if total else 0.0


def _place(
    rows: Iterable[dict[str, Any]], clusters: _Clusters, times: Mapping[str, datetime]
) -> None:
    """Give each row its cluster, numbered by size of story, and its hours after the earliest."""
    first: dict[str, datetime] = {}
    sizes: dict[str, int] = {}
    for id in clusters.parent:
        root = clusters.find(id)
        sizes[root] = sizes.get(root, 0) + 1
        if id in times:
            first[root] = min(times[id], first.get(root, times[id]))
    stories = sorted((root for root in sizes if sizes[root] > 1), key=lambda r: (-sizes[r], r))
    numbers = {root: number for number, root in enumerate(stories)}
    for row in rows:
        root, when = clusters.find(row["id"]), row["published"]
        row["cluster"] = numbers.get(root, -1)
        known = when is not None and root in numbers
        row["lag_hours"] = (when - first[root]).total_seconds() / 3600 if known else None


def middle(interval: Interval | None) -> datetime | None:
    """The middle of a time known only within bounds, in UTC."""
    if interval is None:
        return None
    return (interval.earliest + (interval.latest - interval.earliest) / 2).astimezone(UTC)
