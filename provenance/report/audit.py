"""The audit's summary on a terminal and as one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.jobs.audit import AuditResult
from provenance.report.html import Site, render
from provenance.report.wording import label, percent, shorten

if TYPE_CHECKING:
    import pandas as pd

_ON_TERMINAL = 15
_ON_PAGE = 200
_SHARES = ("original_share", "syndicated_share", "republished_share", "unknown_share")
_OUTLETS = ("name", "articles", *_SHARES, "credited_share", "median_lag_hours", "takes_from")
_AGENCIES = ("name", "articles", "outlets", "credited_share", "median_lag_hours", "stripped_by")
_CLUSTERS = ("title", "versions", "outlets", "origin_name", "credited_share", "earliest")
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
                "headings": [heading(column) for column in columns],
                "rows": list(_rows(result.tables[name], columns, _ON_PAGE)),
                "more": max(0, len(result.tables[name]) - _ON_PAGE),
            }
            for name, columns in shown
        ],
        reach=list(_reach(result.reach, result.agencies)),
    )


def heading(column: str) -> str:
    """A column's name in plain words."""
    return _HEADINGS.get(column, label(column.replace("_", "-")))


def _sentence(result: AuditResult) -> str:
    return (
        f"{len(result.articles):,} articles of {len(result.outlets):,} outlets, "
        f"{len(result.clusters):,} stories in two versions or more, text of "
        f"{len(result.agencies):,} agencies, {len(result.set_aside):,} records set aside."
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
