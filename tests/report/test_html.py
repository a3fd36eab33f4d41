"""Reports as pages: complete, self-contained, every claim linked, hostile text inert."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from provenance.article import Article, Block, Interval, Link, Outlet, Party
from provenance.demo import run_demo
from provenance.index import Index
from provenance.jobs.check import CheckResult, check
from provenance.jobs.diff import diff
from provenance.origin import Hop, Node, Verdict
from provenance.report import picture
from provenance.report.html import check_html, diff_html
from provenance.report.sides import Side, aligned
from tests.report.results import HOSTILE, SENTENCES, many, version

NOW = datetime(2024, 3, 5, 8, 30, tzinfo=UTC)
SCRIPT = "</title></style><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def demo() -> CheckResult:
    return run_demo()[1]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> CheckResult:
    return many(40, tmp_path_factory.mktemp("forty"))


def tree(page: str) -> Any:
    return html.document_fromstring(page)


def ids(root: Any) -> list[str]:
    return [str(each) for each in root.xpath("//@id")]


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_unique(
    demo: CheckResult, forty: CheckResult
) -> None:
    for result in (demo, forty, check(demo.article)):
        root = tree(check_html(result))
        found = ids(root)
        assert len(found) == len(set(found))
        links = {str(each)[1:] for each in root.xpath("//a/@href") if str(each).startswith("#")}
        assert links <= set(found)


def test_a_quoted_claim_is_highlighted_where_its_link_leads(demo: CheckResult) -> None:
    root = tree(check_html(demo))
    quotes = root.xpath("//section[.//h2[@id='origin' or @id='credit']]//a[q]")
    assert len(quotes) >= 3
    for link in quotes:
        [place] = root.xpath(f"//*[@id='{link.get('href')[1:]}']")
        marked = "".join(place.xpath(".//mark//text()"))
        assert "".join(link.itertext()) in marked


def test_the_page_needs_nothing_from_elsewhere_and_has_no_script(demo: CheckResult) -> None:
    page = check_html(demo)
    root = tree(page)
    assert not root.xpath("//script | //link | //img | //iframe | //@style | //@onclick")
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def hostile(id: str) -> Article:
    blocks = tuple(
        Block(n, text, links=(Link(SCRIPT, "javascript:alert(1)"),))
        for n, text in enumerate((SCRIPT, HOSTILE, *SENTENCES, SCRIPT))
    )
    return Article(
        id,
        blocks,
        url="javascript:alert(1)",
        title=SCRIPT,
        byline=SCRIPT,
        outlet=Outlet(SCRIPT, SCRIPT),
    )


def test_hostile_text_stays_text() -> None:
    for page in (check_html(check(hostile("a"))), diff_html(diff(hostile("a"), hostile("b")))):
        root = tree(page)
        assert not root.xpath("//script | //img | //@onerror")
        assert not [a for a in root.xpath("//@href") if str(a).startswith("javascript:")]
        assert "\u202e" not in page and "\x1b" not in page
        assert SCRIPT in "".join(root.xpath("//ol[contains(@class,'sides')]//text()"))


def test_wrapper_kinds_are_named_and_stand_in_the_legend(demo: CheckResult) -> None:
    root = tree(check_html(demo))
    named = set(root.xpath("//ul[@class='legend']//span[@class='tag']/text()"))
    assert {"headline", "disclaimer", "photo credit", "promotion"} <= named
    for cell in root.xpath("//div[contains(@class,'wrapper')]"):
        assert cell.xpath("./span[@class='tag']")


def test_forty_versions_are_all_drawn(forty: CheckResult) -> None:
    root = tree(check_html(forty))
    assert len(root.xpath("//*[contains(@class,'node ')]")) == 40
    assert len(root.xpath("//*[local-name()='g'][starts-with(@class,'time')]")) == 40


def test_a_hop_that_is_only_the_likeliest_of_several_is_drawn_and_told_as_such(
    forty: CheckResult,
) -> None:
    # Which hops are doubtful hangs on the weights; the page's own is made so.
    subject = forty.article.id
    other = next(hop.child for hop in forty.judgement.chain if hop.child.article != subject)
    hops = tuple(
        replace(hop, parent=other, probability=0.4) if hop.child.article == subject else hop
        for hop in forty.judgement.chain
    )
    judgement = replace(forty.judgement, chain=hops, verdict=Verdict.REPUBLISHED)
    root = tree(check_html(replace(forty, judgement=judgement)))
    doubtful = [hop for hop in hops if hop.probability < 0.5]
    assert doubtful and len(root.find_class("doubtful")) == len(doubtful) < len(hops)
    (own,) = (hop for hop in hops if hop.child.article == subject)
    assert own in doubtful
    (verdict,) = root.find_class("verdict")
    assert verdict.text_content().endswith("took it; from whose copy is unclear.")


def test_what_an_outlet_changed_later_stands_on_the_page(tmp_path: Path) -> None:
    when = Interval(NOW, NOW, "json-ld")
    first = version("a.org", "A", SCRIPT, SENTENCES, when)
    second = version(
        "a.org", "A", "Pier opens", (SENTENCES[0], SENTENCES[1].replace("two", "three")), when
    )
    with Index.open(str(tmp_path / "a.db")) as index:
        index.add([first])
        index.add([second])
        page = check_html(check(second, index))
    root = tree(page)
    [section] = root.xpath("//section[@aria-labelledby='history']")
    assert not root.xpath("//section[@aria-labelledby='history']//script | //img")
    assert len(section.xpath("./ol/li")) == 2
    cut = [each.text_content().strip() for each in section.xpath(".//del")]
    assert "two" in cut and SENTENCES[2] in cut and SENTENCES[3] in cut
    assert "three" in [each.text_content().strip() for each in section.xpath(".//ins")]


def test_both_columns_of_a_diff_hold_all_their_text(forty: CheckResult) -> None:
    a, b = (version.article for version in forty.others[:2])
    result = diff(a, b)
    rows = aligned(
        Side(result.a, result.a_roles, "a", {}),
        Side(result.b, result.b_roles, "b", {}),
        result.comparison,
        flipped=False,
    )
    for article, name in ((a, "left"), (b, "right")):
        shown = {
            cell.block: "".join(s.text for s in cell.segments)
            for row in rows
            if (cell := getattr(row, name))
        }
        assert shown == {block.index: block.text for block in article.blocks}


words = st.lists(st.sampled_from(["alpha", "beta", "gamma", "épsilon", "<b>", "&"]), max_size=30)


@given(st.lists(words.map(" ".join), max_size=5), st.lists(words.map(" ".join), max_size=5))
def test_any_two_texts_make_a_page(a: list[str], b: list[str]) -> None:
    first, second = (
        Article(id, tuple(Block(n, text) for n, text in enumerate(lines)))
        for id, lines in (("a", a), ("b", b))
    )
    found = ids(tree(diff_html(diff(first, second))))
    assert len(found) == len(set(found))


def hop(parent: str, child: str) -> Hop:
    above, below = (Node(Party("outlet", name, name), name) for name in (parent, child))
    return Hop(above, below, 0.5, ())


def test_a_tree_puts_children_below_their_parents() -> None:
    boxes = picture.tree([hop("a", "b"), hop("b", "c"), hop("a", "d"), hop("x", "y")])
    assert [(box.node.article, box.depth) for box in boxes] == [
        ("a", 0), ("b", 1), ("c", 2), ("d", 1), ("x", 0), ("y", 1),
    ]  # fmt: skip
    assert len({box.y for box in boxes}) == 6


moments = st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=900))), min_size=2))
def test_times_of_any_spread_fit_the_timeline(spans: list[tuple[datetime, timedelta]]) -> None:
    rows = [("x", Interval(start, start + length, "meta"), False) for start, length in spans]
    line = picture.timeline(rows)
    assert line is not None
    assert len(line.ticks) <= 6
    for bar in line.bars:
        assert bar.x >= 0 and bar.x + bar.width <= picture.WIDTH


def test_times_in_evidence_are_written_for_people_and_for_machines(demo: CheckResult) -> None:
    page = check_html(demo)
    assert '<time datetime="2023-07-26T22:58Z">2023-07-26 22:58 UTC</time>, before' in page
    visible = "".join(str(text) for text in tree(page).xpath("//body//text()"))
    assert not re.search(r"\dT\d\d:\d\d", visible)


def test_siblings_in_the_chain_stand_by_time(forty: CheckResult) -> None:
    names = [
        str(name)
        for name in tree(check_html(forty)).xpath("//g[contains(@class, 'node')]/text[1]/text()")
    ]
    towns = [int(name.rpartition(" ")[2]) for name in names if name.startswith("The Paper of Town")]
    assert towns[:12] == list(range(1, 13))
