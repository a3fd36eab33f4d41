"""What an audit notes: lags as precisely as times are known, one id an outlet, reasons, crowds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from provenance.article import Article, InputError, Interval, Outlet
from provenance.index import Index
from provenance.jobs.audit import audit
from provenance.jobs.audit_rows import Beginning
from provenance.jobs.check import check
from provenance.jobs.condition import Condition
from provenance.report.audit import audit_html
from provenance.sources.dates import interval
from tests.report.results import SENTENCES, many, version


def day(written: str) -> Interval:
    found = interval(written, "record", "en")
    assert found is not None
    return found


DAY, NEXT = day("2024-03-05"), day("2024-03-06")
TITLE = "Ferry pier opens"


def run(host: str, name: str, when: Interval | None, *lines: str) -> Article:
    read = version(host, name, TITLE, (*lines, *SENTENCES), when or DAY)
    return replace(read, published=when)


START = datetime(2024, 3, 5, 8, tzinfo=UTC)
WIRE = ("OLDPORT (AP) — The pier is ready.", "By The Associated Press")


def by_outlet(table: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    return {row["outlet"]: row for row in table.to_dict("records")}


def test_whole_days_are_never_told_as_hours() -> None:
    found = audit([run("apnews.com", "AP", DAY, *WIRE), run("a.org", "A", DAY, WIRE[1]),
                   run("b.org", "B", NEXT, WIRE[1])])  # fmt: skip
    rows = by_outlet(found.articles)
    assert found.articles["lag_hours"].isna().all()
    assert [rows[outlet]["lag_days"] for outlet in ("a.org", "b.org")] == [0, 1]
    assert found.measures["median-lag-hours"].value is None
    assert Condition.parse("median-lag-hours > 1").holds(found.measures) is None
    assert Condition.parse("median-lag-days < 1").holds(found.measures) is True
    page: Any = html.document_fromstring(audit_html(found))
    late = [cell.text for cell in page.xpath("//td")]
    assert "same day" in late and "1 day" in late and "0.0" not in late


def test_an_article_without_a_time_or_a_copy_has_no_lag() -> None:
    alone = version("c.org", "C", "Another", tuple(s[::-1] for s in SENTENCES), DAY)
    found = audit([run("a.org", "A", DAY), run("b.org", "B", None), alone])
    rows = by_outlet(found.articles)
    assert pd.isna(rows["b.org"]["lag_days"]) and pd.isna(rows["c.org"]["lag_days"])


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 200))
def test_a_lag_in_hours_is_never_wider_than_an_hour_and_never_negative(
    begin: int, later: int, wide: int, wider: int
) -> None:
    def span(minutes: int, width: int) -> Interval:
        first = START + timedelta(minutes=minutes)
        return Interval(first, first + timedelta(minutes=width), "meta")

    first, second = span(begin, wide), span(begin + later, wider)
    start = Beginning(first.earliest, first.latest, date(2024, 3, 5))
    hours, days = start.lag(second)
    assert days >= 0
    if hours is not None:
        assert later / 60 - wide / 60 <= hours <= (later + wider) / 60
    assert hours is not None or wide + wider > 60


def test_an_outlets_own_earlier_text_is_not_whom_it_takes_from(tmp_path: Path) -> None:
    morning = Interval(START, START, "meta")
    evening = Interval(START + timedelta(hours=9), START + timedelta(hours=9), "meta")
    update = replace(run("a.org", "A", evening), id="update", url="https://a.org/update")
    found = audit([run("a.org", "A", morning, "By Ann Lee"), update])
    assert found.articles["taken_from"].tolist() == ["", ""]


def test_an_outlet_known_by_name_only_is_one_row_with_its_domain() -> None:
    named = replace(run("x.org", "x", DAY), id="n", url="", final_url="", canonical_url="")
    named = replace(named, outlet=Outlet("", "The Oldport Herald"), title="Second")
    known = version("oldportherald.com", "Oldport Herald", TITLE, SENTENCES[::-1], DAY)
    found = audit([named, known])
    assert found.outlets[["outlet", "articles"]].values.tolist() == [["oldportherald.com", 2]]


def test_why_a_source_is_unknown_is_said_and_counted() -> None:
    found = audit([{"id": "1", "text": " ".join(SENTENCES), "outlet": "a.org"}])
    assert found.articles["unknown_because"].tolist() == ["nobody-named"]
    assert found.to_dict()["unknown_because"]["nobody-named"] == 1
    assert "names no author" in audit_html(found)


def test_an_agency_and_a_story_without_any_time_have_none() -> None:
    found = audit([run("a.org", "A", None, WIRE[1]), run("b.org", "B", None, WIRE[1])])
    assert found.agencies["first"].isna().all() and found.clusters["earliest"].isna().all()
    assert found.reach.empty and "Associated Press" in audit_html(found)


def test_tables_records_articles_and_one_path_are_taken(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "body": [" ".join(SENTENCES), None, " ".join(SENTENCES)],
        "outlet": ["a.org", "b.org", "c.org"],
        "published": [pd.Timestamp("2024-03-05"), pd.NaT, pd.Timestamp("2024-03-06")],
    })  # fmt: skip
    found = audit(frame, columns={"text": "body"})
    assert found.articles["lag_days"].tolist() == [0, 1]
    assert [(each.record, each.reason) for each in found.set_aside] == [
        ("2", "neither text nor html in it")
    ]
    frame.to_parquet(tmp_path / "t.parquet")
    path = audit(tmp_path / "t.parquet", columns={"text": "body"})
    records = audit([{"text": text} for text in frame["body"].dropna()])
    assert len(path.articles) == len(found.articles) == 2 and len(records.articles) == 1
    for wrong in ([None], [3, "page.html"], frame.head(0)):
        with pytest.raises(InputError):
            audit(wrong)


def test_towns_are_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    texts = [f"{word} spoke at length about the roads of the valley " * 9 for word in "abc"]
    articles = [
        version(f"{n}.org", f"Town {n}", f"Town {n}", (text,), DAY)
        for n, text in zip((10, 1, 2), texts, strict=True)
    ]
    assert audit(articles).outlets["name"].tolist() == ["Town 1", "Town 2", "Town 10"]


def test_a_crowd_is_judged_once_each_as_a_check_judges_it(tmp_path: Path) -> None:
    many(80, tmp_path)
    with Index.open(str(tmp_path / "many.db")) as index:
        seen: list[tuple[str, int, int]] = []
        found = audit(index=index, show=lambda *step: seen.append(step))
        alone = {article.id: check(article, index) for article in list(index.articles())[::20]}
    assert found.articles["id"].is_unique and len(found.articles) == 80
    assert len(found.clusters) == 1 and set(found.articles["copies"]) == {79}
    for row in found.articles.to_dict("records"):
        if row["id"] in alone:
            judgement = alone[row["id"]].judgement
            assert (row["origin"], row["credit"]) == ("ap", str(judgement.credit.verdict))
    assert seen[0] == ("judging", 0, 80) and seen[-1] == ("judging", 80, 80)
