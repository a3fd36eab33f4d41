"""Agency feeds and the JSON of well-known sources, as they are delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.article import Article, Claim, InputError, SetAside
from provenance.sources import article_from_record, read

TEXT = "The old bridge over the river was opened again on Tuesday after two years of repairs."
MORE = "Hundreds of people walked across it in the first hour, the mayor of the town said."

NINJS_1 = {
    "uri": "http://wire.example.org/news/1",
    "type": "text",
    "versioncreated": "2026-11-24T11:00:00Z",
    "firstcreated": "2026-11-24T10:00:00Z",
    "byline": "Ann Lee",
    "headline": "Bridge opened again",
    "language": "en",
    "body_text": f"{TEXT}\n\n{MORE}",
    "copyrightholder": "Associated Press",
}
NINJS_2 = {
    "uri": "urn:newsml:wire.example.org:2",
    "standard": {"name": "ninjs", "version": "2.0"},
    "pubstatus": "usable",
    "contentcreated": "2026-11-24T10:00:00+01:00",
    "by": "Ann Lee",
    "headlines": [{"role": "slug", "value": "BRIDGE"}, {"role": "main", "value": "Bridge opened"}],
    "bodies": [
        {"role": "main", "contenttype": "text/plain", "value": "Not this one."},
        {"contenttype": "application/xhtml+xml", "value": f"<p>{TEXT}</p><p>{MORE}</p>"},
    ],
    "infosources": [{"name": "AP", "role": "isrol:originfo"}],
    "rightsinfo": {"copyrightnotice": "Copyright 2026 The Associated Press"},
}

G2 = """<?xml version="1.0" encoding="UTF-8"?>
<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:newsml:wire.example.org:3" version="2" standard="NewsML-G2">
 <rightsInfo><copyrightHolder literal="AP"/>
  <copyrightNotice>© 2026 AP</copyrightNotice></rightsInfo>
 <itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:AP"/>
  <versionCreated>2026-11-24T11:00:00Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
 <contentMeta><contentCreated>2026-11-24T10:00:00Z</contentCreated><creditline>AP</creditline>
  <by>By Ann Lee</by><language tag="en-US"/><headline>Bridge opened again</headline></contentMeta>
 <contentSet><inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/x/">
  <body><body.head><hedline><hl1>Bridge opened again</hl1></hedline></body.head>
  <body.content><block><p>{text} &amp; <em>more</em></p><p>{more}</p>
  <media><media.caption><p>A picture of it</p></media.caption></media></block></body.content>
  </body></nitf></inlineXML></contentSet></newsItem>
<newsItem guid="picture"><itemMeta><pubStatus qcode="stat:usable"/></itemMeta>
 <contentSet><remoteContent href="x.jpg"/></contentSet></newsItem>
<newsItem guid="dead"><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta>
 <contentSet><inlineData>Gone</inlineData></contentSet></newsItem>
<newsItem guid="plain"><itemMeta><versionCreated>2026-11-24T11:00:00Z</versionCreated></itemMeta>
 <contentMeta><headline>Plain</headline></contentMeta>
 <contentSet><inlineData contenttype="text/plain">One line of plain text.</inlineData></contentSet>
</newsItem></itemSet></newsMessage>"""


def stored(tmp_path: Path, data: object) -> tuple[list[Article], list[SetAside]]:
    path = tmp_path / "file"
    path.write_text(data if isinstance(data, str) else json.dumps(data, indent=1))
    items = list(read(str(path)))
    articles = [item for item in items if isinstance(item, Article)]
    return articles, [item for item in items if isinstance(item, SetAside)]


@pytest.mark.parametrize("record", [NINJS_1, NINJS_2])
def test_ninjs_of_every_version(record: dict[str, Any], tmp_path: Path) -> None:
    (article,), aside = stored(tmp_path, record)
    assert not aside
    assert article.id == record["uri"]
    assert article.title.startswith("Bridge opened")
    assert article.text == f"{TEXT}\n{MORE}"
    assert article.byline == "Ann Lee"
    assert article.published is not None
    assert any("Associated Press" in claim.value for claim in article.claims)


def test_a_withdrawn_text_is_no_article(tmp_path: Path) -> None:
    articles, aside = stored(tmp_path, {**NINJS_1, "pubstatus": "canceled"})
    assert not articles
    assert aside[0].reason == "withdrawn by its sender (canceled)"


def test_newsml_g2_with_nitf_and_plain_texts(tmp_path: Path) -> None:
    (nitf, plain), aside = stored(tmp_path, G2.format(text=TEXT, more=MORE))
    assert nitf.id == "urn:newsml:wire.example.org:3"
    assert nitf.title == "Bridge opened again"
    assert nitf.text.startswith(f"{TEXT} & more\n{MORE}")
    assert (nitf.byline, nitf.language) == ("By Ann Lee", "en")
    assert Claim("record:credit", "AP") in nitf.claims
    assert nitf.published is not None and nitf.published.earliest.hour == 10
    assert plain.text == "One line of plain text."
    assert [item.reason for item in aside] == ["withdrawn by its sender (canceled)"]


def test_newsml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    bomb = G2.format(text="&x;", more="").replace(
        "<newsMessage", '<!DOCTYPE a [<!ENTITY x "y">]>\n<newsMessage'
    )
    articles, aside = stored(tmp_path, bomb)
    assert not articles and "refused" in aside[0].reason


WEBHOSE = {
    "thread": {"uuid": "u", "site_full": "www.townpaper.org", "site": "townpaper.org"},
    "uuid": "u", "url": "https://www.townpaper.org/bridge", "author": "Ann Lee",
    "published": "2026-11-24T10:00:00.000+02:00", "title": "Bridge opened",
    "text": f"{TEXT}\n{MORE}", "language": "english", "crawled": "2026-11-24T12:00:00.000+02:00",
}  # fmt: skip
MEDIA_CLOUD = {
    "stories_id": 7, "publish_date": "2026-11-24 10:00:00", "title": "Bridge opened",
    "url": "https://www.townpaper.org/bridge", "language": "en", "media_name": "Town Paper",
    "media_url": "http://www.townpaper.org/", "text": f"{TEXT}\n{MORE}",
}  # fmt: skip
NELA = {
    "id": "townpaper--2026-11-24--Bridge", "date": "2026-11-24", "source": "townpaper",
    "title": "Bridge opened", "content": f"{TEXT}\n{MORE}", "author": "Ann Lee",
    "url": "https://www.townpaper.org/bridge", "published": "2026-11-24 10:00:00",
    "published_utc": 1795514400, "collection_utc": 1795514500,
}  # fmt: skip


@pytest.mark.parametrize("record", [WEBHOSE, MEDIA_CLOUD, NELA])
def test_well_known_records_are_recognised_by_their_columns(record: dict[str, Any]) -> None:
    article = article_from_record(record)
    assert article.text == f"{TEXT}\n{MORE}"
    assert article.title == "Bridge opened"
    assert article.url == "https://www.townpaper.org/bridge"
    assert article.outlet is not None and article.outlet.domain == "townpaper.org"
    assert article.published is not None and article.published.earliest.year == 2026
    assert not any(claim.field == "record:source" for claim in article.claims)


def test_languages_by_name_and_outlets_by_name() -> None:
    assert article_from_record(WEBHOSE).language == "en"
    outlet = article_from_record(MEDIA_CLOUD).outlet
    assert outlet is not None and outlet.name == "Town Paper"
    nameless = article_from_record({**NELA, "url": ""}).outlet
    assert nameless is not None and (nameless.domain, nameless.name) == ("", "townpaper")


@pytest.mark.parametrize("seconds", [1795514400, "1795514400", 1795514400.0])
def test_a_time_in_seconds_is_more_exact_than_a_day(seconds: object) -> None:
    record = {**NELA, "published": "Tue, 24 Nov 2026", "published_utc": seconds}
    moment = datetime(2026, 11, 24, 10, tzinfo=UTC)
    published = article_from_record(record).published
    assert published is not None and published.earliest == published.latest == moment
    published = article_from_record({**record, "published_utc": "unknown"}).published
    assert published is not None and published.earliest < moment < published.latest


def test_given_columns_win_over_a_known_shape() -> None:
    record = {**NELA, "lead": "Only this."}
    assert article_from_record(record, columns={"text": "lead"}).text == "Only this."


@pytest.mark.parametrize(
    "document",
    [
        json.dumps([NELA, MEDIA_CLOUD]),
        json.dumps([NELA, MEDIA_CLOUD], indent=2),
        json.dumps({"posts": [WEBHOSE, NELA], "totalResults": 2}),
        json.dumps({"totalResults": 2, "stories": [WEBHOSE, NELA]}, indent=2),
        f"{json.dumps(NELA)}\n{json.dumps(WEBHOSE)}\n",
        f"\n{json.dumps(NELA)}\r\n\r\n{json.dumps(WEBHOSE)}",
    ],
)
def test_lists_documents_and_lines(document: str, tmp_path: Path) -> None:
    articles, aside = stored(tmp_path, document)
    assert len(articles) == 2 and not aside


def test_damage_in_json_is_told_and_what_came_before_is_kept(tmp_path: Path) -> None:
    whole = json.dumps([NELA, NELA, NELA])
    articles, (aside,) = stored(tmp_path, whole[:-200])
    assert len(articles) == 2 and "not JSON, the rest is not read" in aside.reason
    articles, aside_all = stored(tmp_path, f"{{broken\n{json.dumps(NELA)}\n{{also\n")
    assert len(articles) == 1 and [item.record for item in aside_all] == ["1", "3"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("[" * 1_000_000, "nested deeper than 100"),
        ('[{"text": ' + "[" * 1_000_000, "nested deeper than 100"),
        ('[{"text": "' + "a" * 60_000_000 + '"}]', "larger than 20 MB"),
        ('{"text": "' + "a" * 60_000_000 + '"}', "larger than 20 MB"),
        ('{"a":' * 500_000, "not JSON"),
    ],
)
def test_deep_and_endless_json_is_refused(document: str, reason: str, tmp_path: Path) -> None:
    articles, aside = stored(tmp_path, document)
    assert not articles
    assert reason in aside[0].reason
    assert "\n" not in aside[0].reason


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "value", "role", "contenttype"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
NAMES = sorted({*NINJS_1, *NINJS_2, *WEBHOSE, *MEDIA_CLOUD, *NELA, "pubstatus", "people", "text"})


@settings(deadline=None, max_examples=80)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=12))
def test_any_values_in_known_columns_are_an_article_or_bad_input(record: Mapping[str, Any]) -> None:
    for seed in ({}, {"uri": "a", "body_text": "t"}, {"thread": {}, "text": "t"}):
        try:
            assert article_from_record({**seed, **record}).blocks
        except InputError:
            continue
