"""Adding an agency's own feed: the copies of its texts name it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provenance.article import InputError
from provenance.index import Index
from provenance.jobs.add import add
from provenance.jobs.check import check, read_one

TEXT = [
    "The old bridge over the river was opened again on Tuesday after two years of repairs.",
    "Hundreds of people walked across it in the first hour, the mayor of the town told a crowd.",
    "The work had cost nine million, twice as much as was planned when the council voted on it.",
    "A ferry that had carried schoolchildren and bicycles meanwhile makes its last trip on Friday.",
]
WIRE = {
    "uri": "urn:newsml:wire.example.net:20261124:1",
    "versioncreated": "2026-11-24T11:00:00Z",
    "headline": "Bridge opened again",
    "language": "en",
    "body_xhtml": "".join(f"<p>{line}</p>" for line in TEXT),
}


def copy_of_it(folder: Path) -> str:
    page = folder / "copy.html"
    body = "".join(f"<p>{line}</p>" for line in TEXT)
    page.write_text(
        "<html lang=en><head><title>Bridge is open | Town Paper</title>"
        "<link rel=canonical href=https://www.townpaper.org/bridge></head>"
        f"<body><article><h1>Bridge is open</h1>{body}</article></body></html>"
    )
    return str(page)


def test_a_copy_of_an_agencys_feed_names_the_agency(tmp_path: Path) -> None:
    wire = tmp_path / "wire.json"
    wire.write_text(json.dumps(WIRE))
    with Index.open(str(tmp_path / "news.db")) as index:
        added = add([str(wire)], index, as_agency="ap")
        assert added.counts.added == 1 and not added.set_aside
        result = check(copy_of_it(tmp_path), index)
    origin = result.judgement.origins[0]
    assert (origin.party.kind, origin.party.id) == ("agency", "ap")
    assert origin.probability > 0.9
    assert "agency-feed" in {fact.kind for fact in origin.evidence}
    assert result.judgement.credit.verdict.value == "uncredited"


def test_without_the_word_the_feed_is_nobodys(tmp_path: Path) -> None:
    wire = tmp_path / "wire.json"
    wire.write_text(json.dumps(WIRE))
    with Index.open(str(tmp_path / "news.db")) as index:
        add([str(wire)], index)
        result = check(copy_of_it(tmp_path), index)
    assert not any(origin.party.id == "ap" for origin in result.judgement.origins)


@pytest.mark.parametrize(
    ("id", "reason"), [("nobody", "not known"), ("landov", "not a news agency")]
)
def test_only_news_agencies_have_a_feed_of_their_own(id: str, reason: str, tmp_path: Path) -> None:
    with (
        Index.open(str(tmp_path / "news.db")) as index,
        pytest.raises(InputError, match=reason),
    ):
        add(["-"], index, as_agency=id)


def test_the_source_a_feed_names_is_evidence(tmp_path: Path) -> None:
    text = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in TEXT * 3)
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>Town Paper</title><item><title>Bridge is open</title>"
        "<link>https://www.townpaper.org/bridge</link><source url='https://apnews.com/rss'>AP News"
        f"</source><description>{text}</description></item></channel></rss>"
    )
    result = check(str(feed))
    origin = result.judgement.origins[0]
    assert (origin.party.id, origin.evidence[0].kind) == ("ap", "syndication-source")
    assert origin.probability > 0.5


def test_what_only_speaks_of_a_folder_is_no_page_of_it(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("\n".join(TEXT))
    (tmp_path / "README.md").write_text("These pages were collected in 2026.")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "old.txt").write_text("A page that nobody sees.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    with Index.open(str(tmp_path / ".index.db")) as index:
        result = add([str(tmp_path)], index)
    assert result.counts.added == 1
    assert [Path(item.source).name for item in result.set_aside] == ["README.md", "picture.png"]
    assert read_one(str(tmp_path)).text == "\n".join(TEXT)
    assert read_one(str(tmp_path / "README.md")).text.startswith("These pages")
