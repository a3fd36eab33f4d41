"""The audit's tables, each made from the one of articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from provenance.jobs.names import natural

CREDITS = ("credited", "miscredited", "uncredited", "self-claimed", "not-needed", "unknown")
NEEDED = ("credited", "miscredited", "uncredited", "self-claimed")
"""Verdicts of an article that had to give credit and whose source is known."""
VERDICTS = ("original", "syndicated", "republished", "partial-copy", "unknown")
SHARES = (*(credit for credit in CREDITS if credit != "unknown"), *VERDICTS)
"""Measures of the whole corpus that are shares too."""
NUMBERS = ("articles", "clusters", "median-lag-hours", "median-lag-days")
"""Measures that are shares of nothing."""
LAGS = ("median_lag_hours", "median_lag_days")
TAKEN = ("syndicated", "republished", "partial-copy")
"""Verdicts of an article that somebody else wrote, or a part of it."""
_COLUMNS = MappingProxyType({
    "id": "str",
    "url": "str",
    "outlet": "str",
    "outlet_name": "str",
    "title": "str",
    "published": "datetime64[us, UTC]",
    "published_earliest": "datetime64[us, UTC]",
    "published_latest": "datetime64[us, UTC]",
    "language": "str",
    "cluster": "int64",
    "copies": "int64",
    "versions": "int64",
    "verdict": "str",
    "authorship": "str",
    "unknown_because": "str",
    "origin": "str",
    "origin_kind": "str",
    "origin_name": "str",
    "probability": "float64",
    "credit": "str",
    "credited_to": "str",
    "quote": "str",
    "taken_from": "str",
    "taken_from_name": "str",
    "lag_hours": "float64",
    "lag_days": "Int64",
    "wrapper_share": "float64",
    "edited_share": "float64",
})  # fmt: skip
_SUMS = MappingProxyType({
    "cluster": "int64",
    "first": "datetime64[us, UTC]",
    "last": "datetime64[us, UTC]",
    "earliest": "datetime64[us, UTC]",
    "latest": "datetime64[us, UTC]",
    "week": "datetime64[us]",
} | dict.fromkeys(
    ("outlet", "agency", "name", "title", "origin", "origin_name", "first_outlet", "takes_from",
     "stripped_by"), "str",
))  # fmt: skip
"""Types of the other tables' columns; shares and medians are float64, what is left is counted."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TOP = 3


def articles(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The table of articles, one row for each, in the order they were checked."""
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype(dict(_COLUMNS))


def outlets(articles: pd.DataFrame) -> pd.DataFrame:
    """One row for each outlet: what it runs, whether it gives credit, how late, how changed."""
    rows = []
    for outlet, part in articles.groupby("outlet", sort=False):
        taken = part[part["verdict"].isin(TAKEN)]
        rows.append(
            {
                "outlet": outlet,
                "name": _most(part["outlet_name"]),
                "articles": len(part),
                **{
                    f"{name}_share": float((part["verdict"] == verdict).mean())
                    for verdict, name in _named(VERDICTS).items()
                },
                **_credits(part),
                **_lags(taken),
                "median_wrapper_share": float(part["wrapper_share"].median()),
                "median_edited_share": float(taken["edited_share"].median()),
                "takes_from": _list(part.loc[part["taken_from"] != "", "taken_from"]),
            }
        )
    columns = [
        "outlet", "name", "articles", *(f"{name}_share" for name in _named(VERDICTS).values()),
        *_named(CREDITS).values(), "credited_share", *LAGS, "median_wrapper_share",
        "median_edited_share", "takes_from",
    ]  # fmt: skip
    return _sorted(pd.DataFrame(rows, columns=columns), "articles")


def agencies(articles: pd.DataFrame) -> pd.DataFrame:
    """One row for each agency: how far its text goes, and who strips the credit."""
    rows = []
    for agency, part in _by_agency(articles).groupby("origin", sort=False):
        stripped = part[part["credit"].isin(("uncredited", "self-claimed", "miscredited"))]
        rows.append(
            {
                "agency": agency,
                "name": _most(part["origin_name"]),
                "articles": len(part),
                "outlets": part["outlet"].nunique(),
                **_credits(part),
                **_lags(part),
                "first": part["published"].min(),
                "last": part["published"].max(),
                "stripped_by": _list(stripped["outlet"]),
            }
        )
    columns = [
        "agency", "name", "articles", "outlets", *_named(CREDITS).values(), "credited_share",
        *LAGS, "first", "last", "stripped_by",
    ]  # fmt: skip
    return _sorted(pd.DataFrame(rows, columns=columns), "articles")


def clusters(articles: pd.DataFrame) -> pd.DataFrame:
    """One row for each story with two versions or more, the largest first."""
    rows = []
    for cluster, part in articles[articles["cluster"] >= 0].groupby("cluster"):
        first = part.sort_values("published").iloc[0]
        rows.append(
            {
                "cluster": cluster,
                "title": first["title"],
                "versions": int(part["versions"].max()),
                "audited": len(part),
                "outlets": part["outlet"].nunique(),
                "origin": _most(part["origin"]),
                "origin_name": _most(part["origin_name"]),
                "first_outlet": first["outlet"] if pd.notna(first["published"]) else "",
                "earliest": part["published"].min(),
                "latest": part["published"].max(),
                **_credits(part),
            }
        )
    columns = [
        "cluster", "title", "versions", "audited", "outlets", "origin", "origin_name",
        "first_outlet", "earliest", "latest", *_named(CREDITS).values(), "credited_share",
    ]  # fmt: skip
    return _sorted(pd.DataFrame(rows, columns=columns), "versions")


def reach(articles: pd.DataFrame) -> pd.DataFrame:
    """One row for each agency and week (from Monday, UTC) in which its text was run."""
    dated = _by_agency(articles).dropna(subset="published")
    week = dated["published"].dt.tz_localize(None).dt.to_period("W").dt.start_time
    rows = [
        {
            "agency": agency,
            "week": monday,
            "articles": len(part),
            "outlets": part["outlet"].nunique(),
            "credited_share": _credits(part)["credited_share"],
        }
        for (agency, monday), part in dated.assign(week=week).groupby(["origin", "week"])
    ]
    columns = ["agency", "week", "articles", "outlets", "credited_share"]
    return _typed(pd.DataFrame(rows, columns=columns))


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the whole corpus.

    Attributes:
        value: The number; None when nothing tells it.
        whole: What it is a share of, 0 for nothing.
    """

    value: float | None
    whole: int = 0

    @property
    def share(self) -> float | None:
        """The number as a share, 0 to 1; None when it is a share of nothing."""
        return self.value / self.whole if self.whole and self.value is not None else None


def measures(articles: pd.DataFrame, stories: int) -> dict[str, Measure]:
    """Figures of the whole corpus by their names, `SHARES` and `NUMBERS`."""
    total = len(articles)
    needed = int(articles["credit"].isin(NEEDED).sum())
    counted = {
        name: Measure(int((articles["credit"] == name).sum()), needed if name in NEEDED else total)
        for name in CREDITS
        if name != "unknown"
    }
    counted |= {name: Measure(int((articles["verdict"] == name).sum()), total) for name in VERDICTS}
    hours, days = _lags(articles[articles["verdict"].isin(TAKEN)]).values()
    return counted | {
        "articles": Measure(total),
        "clusters": Measure(stories),
        "median-lag-hours": Measure(None if pd.isna(hours) else hours),
        "median-lag-days": Measure(None if pd.isna(days) else days),
    }


def _lags(part: pd.DataFrame) -> dict[str, float]:
    """The median lags; of hours only where most are known in hours, so that they stand for all."""
    hours, days = part["lag_hours"].dropna(), part["lag_days"].dropna()
    told = float(hours.median()) if 2 * len(hours) > len(days) else float("nan")
    return dict(zip(LAGS, (told, float(days.median()) if len(days) else float("nan")), strict=True))


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts no spreadsheet takes for formulas."""
    safe = table.copy()
    for name in safe.select_dtypes(["object", "string"]):
        risky = safe[name].str.startswith(_FORMULA, na=False)
        safe[name] = safe[name].mask(risky, "'" + safe[name].astype("str"))
    return safe


def _by_agency(articles: pd.DataFrame) -> pd.DataFrame:
    """Articles whose text is likely an agency's and that are not the agency's own page."""
    likely = (articles["origin_kind"] == "agency") & (articles["probability"] >= 0.5)
    return articles[likely & (articles["outlet"] != articles["origin"])]


def _named(verdicts: Sequence[str]) -> dict[str, str]:
    return {verdict: verdict.replace("-", "_") for verdict in verdicts}


def _credits(part: pd.DataFrame) -> dict[str, Any]:
    found = {
        name: int((part["credit"] == verdict).sum()) for verdict, name in _named(CREDITS).items()
    }
    needed = sum(found[verdict.replace("-", "_")] for verdict in NEEDED)
    return found | {"credited_share": found["credited"] / needed if needed else float("nan")}


def _most(values: pd.Series) -> str:
    given = values[values != ""]
    return str(given.mode().iloc[0]) if len(given) else ""


def _list(values: pd.Series) -> str:
    """The most frequent values with their counts, as ``ap 12; reuters 3``."""
    counts = values.value_counts().items()
    first = sorted(counts, key=lambda each: (-each[1], natural(str(each[0]))))[:_TOP]
    return "; ".join(f"{value} {count}" for value, count in first)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its columns' types, which a table without rows or times would not have."""
    types = {
        name: _SUMS.get(
            name, "float64" if name.endswith("_share") or name.startswith("median") else "int64"
        )
        for name in map(str, table.columns)
    }
    times = [name for name, kind in types.items() if kind.endswith("UTC]")]
    known = {name: pd.to_datetime(table[name], utc=True) for name in times}
    return table.assign(**known).astype(types)


def _sorted(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The largest first, and those alike by name as people count: Town 2 before Town 10."""
    name = "name" if "name" in table else "title"
    keys = table[name].where(table[name] != "", table.iloc[:, 0]).astype(str).map(natural)
    return (
        _typed(table)
        .assign(_key=keys)
        .sort_values([by, "_key", str(table.columns[0])], ascending=[False, True, True])
        .drop(columns="_key")
        .reset_index(drop=True)
    )
