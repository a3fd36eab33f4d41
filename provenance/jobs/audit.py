"""The attribution audit: every article of a corpus checked, summed up by outlet and agency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from provenance.article import Article, InputError, SetAside
from provenance.attribution import Agencies
from provenance.index import Index
from provenance.jobs.add import add
from provenance.jobs.audit_rows import REASONS, Stories, middle, place, row
from provenance.jobs.audit_stories import judged
from provenance.sources import Fetcher
from provenance.sources.identity import domain_of
from provenance.sources.records import article_from_record

if TYPE_CHECKING:
    import pandas as pd

    from provenance.jobs.tables import Measure

SCHEMA = "provenance.audit/1"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are audited; copies are looked for among all. Empty means any.

    Attributes:
        outlets: Registrable domains; names of outlets whose domain is not known.
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
        outlet = article.outlet
        if self.outlets and (
            outlet is None or (outlet.domain or outlet.name.casefold()) not in self.outlets
        ):
            return False
        if self.languages and article.language not in self.languages:
            return False
        if self.since is None and self.until is None:
            return True
        if article.published is None:
            return False
        day = middle(article.published).date()
        return (self.since or date.min) <= day <= (self.until or date.max)

    def to_dict(self) -> dict[str, Any]:
        """What was asked for, ready for JSON; empty when every article is audited."""
        given = {
            "outlets": sorted(self.outlets),
            "agencies": sorted(self.agencies),
            "languages": sorted(self.languages),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in given.items() if value}

    def checked(self, agencies: Agencies) -> Filters:
        """The same, outlets and languages spelled as articles have them.

        Raises:
            InputError: No article can pass: no such agency, no language's code, no day left.
        """
        for id in sorted(self.agencies):
            if agencies.by_id(id) is None:
                raise InputError(f"agency {id!r}: not known; use an id of the agencies file, as ap")
        for code in sorted(self.languages):
            if not (len(code) == 2 and code.isalpha()):
                raise InputError(f"language {code!r}: not a code of two letters; write en or de")
        if self.since and self.until and self.since > self.until:
            raise InputError(f"no day is after {self.since} and before {self.until}")
        return replace(
            self,
            outlets=frozenset(domain_of(each) or each.casefold() for each in self.outlets),
            languages=frozenset(code.lower() for code in self.languages),
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
        filters: Which articles were audited.
    """

    articles: pd.DataFrame
    outlets: pd.DataFrame
    agencies: pd.DataFrame
    clusters: pd.DataFrame
    reach: pd.DataFrame
    set_aside: tuple[SetAside, ...] = ()
    filters: Filters = field(default_factory=Filters)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name."""
        names = ("articles", "outlets", "agencies", "clusters", "reach")
        return {name: getattr(self, name) for name in names}

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Figures for the whole corpus."""
        from provenance.jobs.tables import measures

        return measures(self.articles, len(self.clusters))

    @property
    def unknown_because(self) -> Mapping[str, int]:
        """How many articles' source is unknown for which of `REASONS`."""
        return {reason: int((self.articles["unknown_because"] == reason).sum())
                for reason in REASONS}  # fmt: skip

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
            "filters": self.filters.to_dict(),
            "unknown_because": self.unknown_because,
            "measures": {
                name: {
                    "value": measure.value,
                    "share": None if measure.share is None else round(measure.share, 4),
                }
                for name, measure in self.measures.items()
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


def audit(
    sources: pd.DataFrame | Iterable[Any] | str | Path = (),
    index: Index | str | Path | None = None,
    *,
    filters: Filters | None = None,
    format: str | None = None,
    columns: Mapping[str, str] | None = None,
    fetcher: Fetcher | None = None,
    agencies: Agencies | None = None,
    show: Callable[[str, int, int], None] | None = None,
) -> AuditResult:
    """Check every article of a corpus against all the others and sum up.

    Args:
        sources: Addresses, files or folders, or one of them; or a DataFrame with a column ``text``,
            or an iterable of records (mappings) or of `Article`. They are read into an index of
            their own that is thrown away. Leave empty to audit `index`.
        index: An open index or the place of one.
        filters: Which articles to audit.
        format: Force the format of the sources.
        columns: Our column name to the table's own.
        fetcher: How addresses are fetched.
        agencies: Known agencies; by default the file shipped with the package.
        show: Called with the stage (``reading``, ``judging``), the number of articles handled in it
            so far, and how many there will be (0: not known).

    Raises:
        InputError: When both or neither are given, nothing can be read, or no article can pass the
            filters.
        IndexDamagedError: When the index cannot be used.
    """
    given: Any = [sources] if isinstance(sources, str | Path) else sources
    given = given if hasattr(given, "columns") else list(given)
    if bool(len(given)) == (index is not None):
        raise InputError("audit takes either sources or an index, not both and not neither")
    agencies, filters = agencies or Agencies.load(), filters or Filters()
    filters = filters.checked(agencies)
    show = show or _silent
    if isinstance(index, Index):
        return _audit(index, filters, agencies, show, ())
    if index is not None:
        with Index.open(str(index), create=False, read_only=True) as opened:
            return _audit(opened, filters, agencies, show, ())
    with TemporaryDirectory() as folder, Index.open(str(Path(folder) / "audit.db")) as own:
        set_aside = _add(given, own, format, columns or {}, fetcher, show)
        return _audit(own, filters, agencies, show, set_aside)


def _add(
    sources: pd.DataFrame | list[Any],
    index: Index,
    format: str | None,
    columns: Mapping[str, str],
    fetcher: Fetcher | None,
    show: Callable[[str, int, int], None],
) -> tuple[SetAside, ...]:
    """Read whatever was given into an index; what could not be read.

    Raises:
        ProvenanceError: Nothing could be read.
    """
    if isinstance(sources, list) and all(isinstance(each, str | Path) for each in sources):
        read = add([str(each) for each in sources], index, format=format, columns=columns,
                   fetcher=fetcher, show=lambda done: show("reading", done, 0))  # fmt: skip
        if read.failure:
            raise read.failure
        return read.set_aside
    set_aside: list[SetAside] = []

    def articles() -> Iterator[Article]:
        for number, record in enumerate(_records(sources), 1):
            try:
                yield (
                    record
                    if isinstance(record, Article)
                    else article_from_record(record, source=f"table#{number}", columns=columns)
                )
            except InputError as error:
                reason = str(error).removeprefix(f"table#{number}: ")
                set_aside.append(SetAside("table", str(number), reason))

    if not index.add(articles(), progress=lambda counts: show("reading", counts.total, 0)).total:
        why = set_aside[0].reason if set_aside else "there are no records"
        raise InputError(f"no article could be read; {why}")
    return tuple(set_aside)


def _records(sources: pd.DataFrame | list[Any]) -> Iterator[Any]:
    """The rows of a table without their missing values, or what else was given as it is."""
    if isinstance(sources, list):
        for item in sources:
            if not isinstance(item, Article | Mapping):
                raise InputError(
                    f"audit takes paths or addresses, records or articles, not a mixture and no "
                    f"{type(item).__name__}"
                )
        yield from sources
        return
    yield from sources.astype(object).where(sources.notna(), None).to_dict("records")


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Show nothing."""


def _audit(
    index: Index,
    filters: Filters,
    agencies: Agencies,
    show: Callable[[str, int, int], None],
    set_aside: tuple[SetAside, ...],
) -> AuditResult:
    from provenance.jobs import tables

    stories, rows, total = Stories(), [], len(index)
    show("judging", 0, total)
    for found in judged(index, filters.admits, agencies, lambda done: show("judging", done, total)):
        origins = found.judgement.origins
        if not filters.agencies or (origins and origins[0].party.id in filters.agencies):
            rows.append(row(found, agencies))
        stories.join(found)
    place(rows, stories, agencies)
    articles = tables.articles(rows)
    return AuditResult(
        articles=articles,
        outlets=tables.outlets(articles),
        agencies=tables.agencies(articles),
        clusters=tables.clusters(articles),
        reach=tables.reach(articles),
        set_aside=set_aside,
        filters=filters,
    )
