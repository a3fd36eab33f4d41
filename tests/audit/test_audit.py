"""The audit on a small corpus whose right answers are known."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rich.console import Console

from provenance.article import Article, InputError, Interval
from provenance.index import Index
from provenance.jobs.audit import AuditResult, Filters, audit
from provenance.jobs.condition import Condition
from provenance.jobs.tables import NUMBERS, SHARES, Measure
from provenance.report.audit import audit_html, print_audit
from tests.report.results import SENTENCES, version

START = datetime(2024, 3, 5, 8, tzinfo=UTC)
TITLE = "=HYPERLINK(1) <script>alert(1)</script> pier"


def article(number: int, hours: int, *lines: str, domain: str = "") -> Article:
    when = START + timedelta(hours=hours)
    host = domain or f"paper{number}.org"
    return version(host, f"Paper {number}", TITLE, lines, Interval(when, when, "json-ld"))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = str(tmp_path_factory.mktemp("audit") / "audit.db")
    own = tuple(f"{word} council members of the valley met to speak about {word} roads, " * 4
                for word in ("Seven", "Eight", "Nine"))  # fmt: skip
    articles = [
        article(0, 0, "OLDPORT (AP) — " + SENTENCES[0], *SENTENCES[1:], domain="apnews.com"),
        article(1, 2, "By The Associated Press", *SENTENCES),
        article(2, 5, *SENTENCES),
        replace(article(3, 200, *own), language="de"),
    ]
    with Index.open(place) as opened:
        opened.add(articles)
    return place


@pytest.fixture(scope="module")
def result(index: str) -> AuditResult:
    return audit(index=index)


def row(table: pd.DataFrame, column: str, value: str) -> pd.Series:
    [found] = [each for _, each in table[table[column] == value].iterrows()]
    return found


def test_each_article_has_its_origin_credit_lag_and_cluster(result: AuditResult) -> None:
    credited, stripped = (row(result.articles, "outlet", f"paper{n}.org") for n in (1, 2))
    assert (credited["origin"], credited["credit"]) == ("ap", "credited")
    assert credited["quote"] == "By The Associated Press"
    assert (stripped["origin"], stripped["credit"]) == ("ap", "uncredited")
    assert (credited["lag_hours"], stripped["lag_hours"]) == (2, 5)
    assert credited["cluster"] == stripped["cluster"] == 0
    assert row(result.articles, "outlet", "paper3.org")["cluster"] == -1


def test_the_agency_knows_who_strips_its_credit(result: AuditResult) -> None:
    agency = row(result.agencies, "agency", "ap")
    assert (agency["articles"], agency["outlets"], agency["credited_share"]) == (2, 2, 0.5)
    assert agency["stripped_by"] == "paper2.org 1"
    assert result.reach[["agency", "articles"]].values.tolist() == [["ap", 2]]


def test_the_story_is_one_row_with_its_first_outlet(result: AuditResult) -> None:
    [story] = result.clusters.to_dict("records")
    assert (story["versions"], story["first_outlet"], story["origin"]) == (3, "ap", "ap")


def test_the_outlet_table_counts_every_article_once(result: AuditResult) -> None:
    assert result.outlets["articles"].sum() == len(result.articles) == 4
    shares = [name for name in result.outlets if str(name).endswith(
        ("original_share", "syndicated_share", "republished_share", "copy_share", "unknown_share")
    )]  # fmt: skip
    assert result.outlets[shares].sum(axis=1).tolist() == pytest.approx([1.0] * 4)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(outlets=frozenset({"paper1.org"})), ["paper1.org"]),
        (Filters(languages=frozenset({"de"})), ["paper3.org"]),
        (Filters(since=date(2024, 3, 6)), ["paper3.org"]),
        (Filters(until=date(2024, 3, 4)), []),
        (Filters(agencies=frozenset({"ap"}), outlets=frozenset({"paper2.org"})), ["paper2.org"]),
        (Filters(outlets=frozenset({"https://www.Paper1.org/news"})), ["paper1.org"]),
        (Filters(languages=frozenset({"DE"})), ["paper3.org"]),
    ],
)
def test_filters_choose_what_is_audited(index: str, filters: Filters, kept: list[str]) -> None:
    found = audit(index=index, filters=filters)
    assert found.articles["outlet"].tolist() == kept
    assert "<h1>Attribution audit" in audit_html(found)


def test_written_tables_read_back_and_no_cell_is_a_formula(
    result: AuditResult, tmp_path: Path
) -> None:
    result.write(tmp_path / "out")
    for name, table in result.tables.items():
        parquet = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert parquet.values.tolist() == table.values.tolist() or table.isna().any().any()
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")) == len(table)
    csv = pd.read_csv(tmp_path / "out" / "articles.csv")
    assert set(csv["title"]) == {"'" + TITLE}
    assert set(pd.read_parquet(tmp_path / "out" / "articles.parquet")["title"]) == {TITLE}


def test_what_cannot_be_read_is_named_beside_the_tables(tmp_path: Path) -> None:
    rows = ['{"id": "a", "text": "' + " ".join(SENTENCES) + '"}', "{broken", '{"id": "c"}']
    (tmp_path / "in.jsonl").write_text("\n".join(rows))
    found = audit([str(tmp_path / "in.jsonl")])
    found.write(tmp_path / "out")
    lines = (tmp_path / "out" / "set_aside.jsonl").read_text().splitlines()
    assert [(row := json.loads(line))["file"].endswith("in.jsonl") for line in lines] == [True] * 2
    assert len(found.articles) == 1 and row["record"] and row["reason"]


def test_types_hang_on_no_row_and_a_story_counts_what_is_not_audited(
    index: str, result: AuditResult, tmp_path: Path
) -> None:
    none = audit(index=index, filters=Filters(outlets=frozenset({"nosuch.org"})))
    for name, table in none.tables.items():
        assert table.empty and table.dtypes.equals(result.tables[name].dtypes)
    one = audit(index=index, filters=Filters(outlets=frozenset({"paper1.org"})))
    one.write(tmp_path)
    [story] = pd.read_parquet(tmp_path / "clusters.parquet").to_dict("records")
    assert (story["versions"], story["audited"], story["outlets"]) == (3, 1, 1)
    read = pd.read_csv(tmp_path / "articles.csv", parse_dates=["published"])
    assert read["published"].tolist() == one.articles["published"].tolist()
    assert read[["lag_hours", "lag_days"]].values.tolist() == [[2, 0]]


def test_a_table_of_labels_beside_pages_is_one_thing_set_aside(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(" ".join(SENTENCES))
    (tmp_path / "labels.csv").write_text("page,agency\n" + "page,ap\n" * 50)
    [aside] = audit(tmp_path).set_aside
    assert aside.source.endswith("labels.csv") and "--column text=" in aside.reason


def test_an_unwritable_folder_is_said_in_one_line(result: AuditResult, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot write"):
        result.write(tmp_path / "file")


def test_the_page_holds_the_tables_and_no_script(result: AuditResult) -> None:
    root = html.document_fromstring(audit_html(result))
    assert not root.xpath("//script")
    text = "".join(str(each) for each in root.itertext())
    assert TITLE in text and "Associated Press" in text and "Paper 2 (1)" in text


def test_every_row_leads_to_the_articles_it_rests_on_and_their_words(result: AuditResult) -> None:
    root: Any = html.document_fromstring(audit_html(result))
    links = [str(link).removeprefix("#") for link in root.xpath("//table//th/a/@href")]
    assert len(links) == len(result.outlets) + len(result.agencies) + len(result.clusters)
    grounds = {link: root.get_element_by_id(link) for link in links}
    assert all(ground.xpath(".//li") for ground in grounds.values())
    [agency] = (ground for link, ground in grounds.items() if link.startswith("agencies"))
    assert [each.text for each in agency.xpath("./li/span[1]")][:2] == ["Uncredited", "Credited"]
    assert agency.xpath(".//q")[0].text == "By The Associated Press"


def test_the_terminal_names_outlets_and_agencies(result: AuditResult) -> None:
    stream = io.StringIO()
    print_audit(result, Console(file=stream, width=100))
    assert "Paper 2" in stream.getvalue() and "Associated Press" in stream.getvalue()


def test_sources_and_index_together_or_neither_are_refused(index: str) -> None:
    for sources, place in (([index], index), ([], None)):
        with pytest.raises(InputError, match="either"):
            audit(sources, place)


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("uncredited > 5%", True),
        ("uncredited > 50%", False),
        ("uncredited >= 50%", True),
        ("uncredited > 0", True),
        ("credited == 1", True),
        ("Self_Claimed<0.5%", True),
        ("clusters < 1", False),
        ("miscredited > 0%", False),
    ],
)
def test_conditions(result: AuditResult, text: str, true: bool) -> None:
    assert Condition.parse(text).holds(result.measures) is true


@pytest.mark.parametrize(
    "text",
    [
        "",
        "uncredited",
        "uncredited > ",
        "__import__('os')",
        "a > b",
        "x > 5 %%",
        "1 > 2",
        "credited > -1",
    ],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no condition"):
        Condition.parse(text)


def test_an_unknown_measure_or_a_share_of_nothing_is_refused(result: AuditResult) -> None:
    for text, said in (("stolen > 1%", "no measure"), ("clusters > 5%", "no share")):
        with pytest.raises(InputError, match=said):
            Condition.parse(text)
    assert {name for name, m in result.measures.items() if m.share is None} == set(NUMBERS)
    assert set(result.measures) == {*SHARES, *NUMBERS}


def test_filters_that_nothing_can_pass_are_refused(index: str) -> None:
    for filters in (
        Filters(agencies=frozenset({"nosuch"})),
        Filters(since=date(2024, 2, 1), until=date(2024, 1, 1)),
        Filters(languages=frozenset({"german"})),
    ):
        with pytest.raises(InputError):
            audit(index=index, filters=filters)


def test_what_no_article_tells_is_neither_met_nor_not_met() -> None:
    assert Condition.parse("uncredited >= 0%").holds({"uncredited": Measure(0, 0)}) is None
    unknown = {"median-lag-hours": Measure(None)}
    assert Condition.parse("median-lag-hours < 1").holds(unknown) is None


@given(st.integers(0, 100), st.integers(1, 100), st.integers(0, 100))
def test_per_cent_are_shares(value: int, whole: int, bound: int) -> None:
    found = Condition.parse(f"unknown > {bound}%").holds({"unknown": Measure(value, whole)})
    assert found == (value / whole > bound / 100)


def test_only_the_filters_that_were_asked_stand_on_the_page_and_in_the_summary(index: str) -> None:
    found = audit(index=index, filters=Filters(outlets=frozenset({"nosuch.org"})))
    assert found.to_dict()["filters"] == {"outlets": ["nosuch.org"]}
    text = audit_html(found)
    assert "Only outlets nosuch.org." in text and "No article passes the filters." in text
