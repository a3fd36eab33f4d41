"""The audit's summary on a terminal and as one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.jobs.audit import AuditResult
from provenance.report.html import Site, render
from provenance.report.wording import REASONS, label, percent, shorten, words

if TYPE_CHECKING:
    import pandas as pd

_ON_TERMINAL = 15
_ON_PAGE = 200
_SHARES = (
    "original_share", "syndicated_share", "republished_share", "partial_copy_share",
    "unknown_share",
)  # fmt: skip
_OUTLETS = ("name", "articles", *_SHARES, "credited_share", "late")
_CHANGES = ("median_wrapper_share", "median_edited_share", "takes_from")
_AGENCIES = ("name", "articles", "outlets", "credited_share", "late", "stripped_by")
_CLUSTERS = ("title", "versions", "outlets", "origin_name", "credited_share", "earliest")
_WORDS = ("name", "title", "takes_from", "stripped_by", "origin_name")
_GROUNDS = (
    ("outlet", "outlet", "outlet"),
    ("agency", "agency", "origin"),
    ("story", "cluster", "cluster"),
)
"""For each table what a row is, its key, and the column of articles that it rests on."""
_GROUND = 25
_HOURS = 72
"""Hours of lag from which days are told."""
_WORST = ("self-claimed", "miscredited", "uncredited", "unknown", "credited", "not-needed")
_HEADINGS = {
    "original_share": "own",
    "syndicated_share": "agency",
    "republished_share": "taken over",
    "partial_copy_share": "in part",
    "unknown_share": "unknown",
    "credited_share": "credited",
    "median_wrapper_share": "wrapper",
    "median_edited_share": "edited",
    "origin_name": "origin",
}
_FIGURES = (
    (
        "Whose text is it?",
        "of all articles",
        (
            ("original", "the outlet's own"),
            ("syndicated", "an agency's"),
            ("republished", "taken over from another outlet"),
            ("partial-copy", "in part somebody else's"),
            ("unknown", "unknown"),
        ),
    ),
    (
        "Was credit given?",
        "of the articles that had to give credit",
        (
            ("credited", "credited"),
            ("miscredited", "somebody else is named"),
            ("uncredited", "nobody is named"),
            ("self-claimed", "claimed as its own"),
        ),
    ),
)
"""Questions about the whole corpus: what the answers are shares of, and their measures."""


def print_audit(result: AuditResult, console: Console) -> None:
    """The figures of the corpus, then its outlets and agencies with most articles."""
    console.print(Text(_sentence(result)))
    for line in _asides(result):
        console.print(Text(line, style="dim"))
    for name, columns in (("outlets", _OUTLETS), ("agencies", _AGENCIES)):
        frame = result.tables[name]
        console.print()
        console.print(Text(name.capitalize(), style="bold underline"))
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        for column in columns:
            table.add_column(heading(column), justify="left" if column in _WORDS else "right")
        for row in _rows(frame, columns, _ON_TERMINAL, _names(result.articles)):
            table.add_row(*(Text(value) for value in row))
        console.print(table)
        if len(frame) > _ON_TERMINAL:
            console.print(Text(f"and {len(frame) - _ON_TERMINAL:,} more", style="dim"))


def audit_html(result: AuditResult, site: Site | None = None) -> str:
    """The audit as one page that opens offline."""
    names = _names(result.articles)
    shown = (
        ("outlets", (*_OUTLETS, *_CHANGES)),
        ("agencies", _AGENCIES),
        ("clusters", _CLUSTERS),
    )
    return render(
        "audit.html",
        site,
        sentence=_sentence(result),
        asides=_asides(result),
        figures=_figures(result),
        late=_late(*(result.measures[f"median-lag-{unit}"].value for unit in ("hours", "days"))),
        reasons=[
            (REASONS[reason], count) for reason, count in result.unknown_because.items() if count
        ],
        because=REASONS,
        tables=[
            {
                "name": name,
                "title": "stories" if name == "clusters" else name,
                "one": one,
                "headings": [
                    one.capitalize(),
                    *(heading(each).capitalize() for each in columns[1:]),
                ],
                "rows": list(_rows(result.tables[name], columns, _ON_PAGE, names)),
                "more": max(0, len(result.tables[name]) - _ON_PAGE),
                "words": [column in _WORDS for column in columns],
                "groups": list(_groups(result.articles, result.tables[name], key, ground)),
            }
            for (name, columns), (one, key, ground) in zip(shown, _GROUNDS, strict=True)
        ],
        reach=list(_reach(result.reach, result.agencies)),
    )


def _figures(result: AuditResult) -> list[Mapping[str, Any]]:
    """The questions about the whole corpus with their answers' numbers and shares."""
    measures = result.measures
    return [
        {
            "title": title,
            "of": of,
            "whole": measures[answers[0][0]].whole,
            "answers": [
                (said, measures[name].value, measures[name].share) for name, said in answers
            ],
        }
        for title, of, answers in _FIGURES
    ]


def _asides(result: AuditResult) -> list[str]:
    """What a reader must know of how the figures were made."""
    filters, aside = result.filters.to_dict(), len(result.set_aside)
    only = "; ".join(
        f"{label(name)} {value if isinstance(value, str) else ', '.join(value)}"
        for name, value in filters.items()
    )
    said = {
        f"Only {only}.": bool(filters),
        "No article passes the filters.": bool(filters) and result.articles.empty,
        f"{words(aside, 'record')} could not be read; set_aside.jsonl says why.": bool(aside),
    }
    return [line for line, true in said.items() if true]


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
    return (
        f"{words(len(result.articles), 'article', 'articles')} of "
        f"{words(len(result.outlets), 'outlet', 'outlets')}, "
        f"{words(len(result.clusters), 'story', 'stories')} in two versions or more, text of "
        f"{words(len(result.agencies), 'agency', 'agencies')}."
    )


def _names(articles: pd.DataFrame) -> Mapping[str, str]:
    """The names of outlets and agencies by their ids."""
    return {
        id: name
        for role in ("taken_from", "outlet")
        for id, name in zip(articles[role], articles[f"{role}_name"], strict=True)
        if name
    }


def _rows(
    table: pd.DataFrame, columns: tuple[str, ...], limit: int, names: Mapping[str, str]
) -> Iterator[list[str]]:
    for row in table.head(limit).to_dict("records"):
        yield [_value(column, row, names) for column in columns]


def _value(column: str, row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    if column == "late":
        return _late(row["median_lag_hours"], row["median_lag_days"])
    value = row[column]
    if column == "name":
        value = value or row.get("outlet") or row.get("agency") or "not named"
    if column in ("takes_from", "stripped_by"):
        value = "; ".join(_named(value, names))
    # NaN and NaT are the only values that differ from themselves.
    if value != value or value == "":  # noqa: PLR0124
        return "–"
    if column.endswith("_share"):
        return percent(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else shorten(str(value), 90)


def _named(counts: str, names: Mapping[str, str]) -> Iterator[str]:
    """``ap 12; reuters 3`` as counts behind the names that people know."""
    for each in filter(None, counts.split("; ")):
        id, _, count = each.rpartition(" ")
        yield f"{shorten(names.get(id, id), 40)} ({count})"


def _late(hours: float | None, days: float | None) -> str:
    """A lag as precisely as it is known."""
    known = [lag if lag is not None and lag == lag else None for lag in (hours, days)]  # noqa: PLR0124
    if known[0] is not None and known[0] < _HOURS:
        return f"{known[0]:,.1f} h"
    if known[1] is None:
        return "–"
    return "same day" if known[1] == 0 else "1 day" if known[1] == 1 else f"{known[1]:,g} days"


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
