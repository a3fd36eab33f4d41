"""The audit's summary on a terminal and as one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.jobs.audit import AuditResult
from provenance.report.html import Site, render
from provenance.report.wording import label, percent, shorten, words

if TYPE_CHECKING:
    import pandas as pd

_ON_TERMINAL = 15
_ON_PAGE = 200
_SHARES = ("original_share", "syndicated_share", "republished_share", "unknown_share")
_OUTLETS = ("name", "articles", *_SHARES, "credited_share", "median_lag_hours", "takes_from")
_AGENCIES = ("name", "articles", "outlets", "credited_share", "median_lag_hours", "stripped_by")
_CLUSTERS = ("title", "versions", "outlets", "origin_name", "credited_share", "earliest")
_WORDS = ("takes_from", "stripped_by", "origin_name")
_GROUNDS = (
    ("outlet", "outlet", "outlet"),
    ("agency", "agency", "origin"),
    ("story", "cluster", "cluster"),
)
"""For each table what a row is, its key, and the column of articles that it rests on."""
_GROUND = 25
_WORST = ("self-claimed", "miscredited", "uncredited", "unknown", "credited", "not-needed")
_HEADINGS = {
    "original_share": "own",
    "syndicated_share": "agency",
    "republished_share": "taken over",
    "unknown_share": "unknown",
    "credited_share": "credited",
    "median_lag_hours": "hours late",
    "median_wrapper_share": "wrapper",
    "median_edited_share": "edited",
    "origin_name": "origin",
}


def print_audit(result: AuditResult, console: Console) -> None:
    """The figures of the corpus, then its outlets and agencies with most articles."""
    console.print(Text(_sentence(result)))
    for name, columns in (("outlets", _OUTLETS[:-1]), ("agencies", _AGENCIES)):
        frame = result.tables[name]
        console.print()
        console.print(Text(name.capitalize(), style="bold underline"))
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        for column in columns:
            text = column in ("name", "stripped_by")
            table.add_column(heading(column), justify="left" if text else "right")
        for row in _rows(frame, columns, _ON_TERMINAL):
            table.add_row(*(Text(value) for value in row))
        console.print(table)
        if len(frame) > _ON_TERMINAL:
            console.print(Text(f"and {len(frame) - _ON_TERMINAL:,} more", style="dim"))


def audit_html(result: AuditResult, site: Site | None = None) -> str:
    """The audit as one page that opens offline."""
    shown = (
        ("outlets", (*_OUTLETS, "median_wrapper_share", "median_edited_share")),
        ("agencies", _AGENCIES),
        ("clusters", _CLUSTERS),
    )
    return render(
        "audit.html",
        site,
        sentence=_sentence(result),
        measures=[
            (name, f"{value:,.0f}", value / whole if whole else None)
            for name, (value, whole) in result.measures.items()
            if whole or not name.startswith(("articles", "clusters", "median"))
        ],
        tables=[
            {
                "name": name,
                "one": one,
                "headings": [heading(column).capitalize() for column in columns],
                "rows": list(_rows(result.tables[name], columns, _ON_PAGE)),
                "more": max(0, len(result.tables[name]) - _ON_PAGE),
                "words": [column in _WORDS for column in columns],
                "groups": list(_groups(result.articles, result.tables[name], key, ground)),
            }
            for (name, columns), (one, key, ground) in zip(shown, _GROUNDS, strict=True)
        ],
        reach=list(_reach(result.reach, result.agencies)),
    )


def _groups(
    articles: pd.DataFrame, table: pd.DataFrame, key: str, ground: str
) -> Iterator[Mapping[str, Any]]:
    """The articles that each row of a table rests on, those without due credit first."""
    order = {verdict: number for number, verdict in enumerate(_WORST)}
    grouped = articles.assign(order=articles["credit"].map(order)).groupby(ground)
    for value in table.head(_ON_PAGE)[key]:
        part = grouped.get_group(value).sort_values("order", kind="stable")
        yield {
            "articles": part.head(_GROUND).to_dict("records"),
            "more": max(0, len(part) - _GROUND),
        }


def heading(column: str) -> str:
    """A column's name in plain words."""
    return _HEADINGS.get(column, label(column.replace("_", "-")))


def _sentence(result: AuditResult) -> str:
    aside = len(result.set_aside)
    return (
        f"{words(len(result.articles), 'article', 'articles')} of "
        f"{words(len(result.outlets), 'outlet', 'outlets')}, "
        f"{words(len(result.clusters), 'story', 'stories')} in two versions or more, text of "
        f"{words(len(result.agencies), 'agency', 'agencies')}"
        + (f", {words(aside, 'record', 'records')} set aside." if aside else ".")
    )


def _rows(table: pd.DataFrame, columns: tuple[str, ...], limit: int) -> Iterator[list[str]]:
    for row in table.head(limit).to_dict("records"):
        yield [_value(column, row) for column in columns]


def _value(column: str, row: Mapping[Any, Any]) -> str:
    value = row[column]
    if column == "name":
        value = value or row.get("outlet") or row.get("agency") or "not named"
    # NaN and NaT are the only values that differ from themselves.
    if value != value:  # noqa: PLR0124
        return "–"
    if column.endswith("_share"):
        return percent(value)
    if column.endswith("_hours"):
        return f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else shorten(str(value), 90)


def _reach(reach: pd.DataFrame, agencies: pd.DataFrame) -> Iterator[Mapping[str, Any]]:
    """For the largest agencies the bars of their articles by week."""
    if reach.empty:
        return
    first = reach["week"].min()
    weeks = (reach["week"].max() - first).days // 7 + 1
    for _, agency in agencies.head(_ON_TERMINAL).iterrows():
        part = reach[reach["agency"] == agency["agency"]]
        if part.empty:
            continue
        most = int(part["articles"].max())
        yield {
            "name": agency["name"] or agency["agency"],
            "weeks": weeks,
            "most": most,
            "bars": [
                ((week - first).days // 7, 40 * count / most)
                for week, count in zip(part["week"], part["articles"], strict=True)
            ],
            "from": f"{first:%Y-%m-%d}",
            "to": f"{reach['week'].max():%Y-%m-%d}",
        }
