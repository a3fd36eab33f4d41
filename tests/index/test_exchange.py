from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from provenance.article import Article, Block, InputError, Interval
from provenance.fingerprint import estimate, fingerprint
from provenance.index import Counts, Index, adding, exchange
from tests.index.conftest import Place
from tests.index.made_articles import article, text
from tests.index.test_versions import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(adding, "time", made)
    return made


@pytest.fixture
def index(place: Place, clock: Clock) -> Iterator[Index]:
    """25 articles, of which one has three versions, one has no words and one is not Unicode."""
    at = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    with Index.open(place.location) as opened:
        for version in range(3):
            opened.add([article(version, id="story", url="https://a.org/story")])
            clock.now += 60
        dated = replace(article(30, domain="a.org"), published=Interval(at, at, "meta"))
        odd = Article("odd", (Block(0, "half a \ud800 pair"),), title="\udfff")
        opened.add([dated, odd, article(31, body=""), *(article(n) for n in range(40, 61))])
        yield opened


def restored(folder: Path, *sources: Path) -> Index:
    opened = Index.open(str(folder / "restored.db"))
    for source in sources:
        opened.import_(source)
    assert opened.verify() == []
    return opened


def same(a: Index, b: Index) -> bool:
    left, right = ({e.id: e for e in index.articles()} for index in (a, b))
    return left == right and all(a.versions(id) == b.versions(id) for id in left)


def test_an_index_comes_back_whole_and_nothing_is_computed(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "ROWS", 10)
    told: list[int] = []
    assert index.export(tmp_path / "all.parquet", progress=told.append) == 27
    assert told == [27]
    with monkeypatch.context() as patch:
        patch.setattr(adding, "sketches", None)
        opened = Index.open(str(tmp_path / "restored.db"))
        assert opened.import_(tmp_path / "all.parquet") == Counts(added=25, updated=2)
    with opened:
        assert opened.verify() == []
        assert same(index, opened)
        assert opened.import_(tmp_path / "all.parquet") == Counts(unchanged=27)
        assert same(index, opened)
        (match,) = opened.find(article(50))
        assert match.relation == "exact"


def test_a_folder_of_parts(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PART_ROWS", 9)
    assert index.export(tmp_path / "parts") == 27
    assert len(list((tmp_path / "parts").iterdir())) >= 3
    with restored(tmp_path, tmp_path / "parts") as opened:
        assert same(index, opened)


def test_older_versions_take_their_place_in_a_newer_index(
    index: Index, tmp_path: Path, clock: Clock
) -> None:
    index.export(tmp_path / "old.parquet")
    newest = article(70, id="story")
    clock.now += 60
    with Index.open(str(tmp_path / "newer.db")) as newer:
        newer.add([newest])
        newer.import_(tmp_path / "old.parquet")
        assert newer.get("story") == newest
        texts = [each.article.text for each in newer.versions("story")]
        assert texts == [text(0), text(1), text(2), text(70)]
        assert newer.verify() == []


def test_what_other_tools_read(index: Index, tmp_path: Path) -> None:
    import pandas as pd

    index.export(tmp_path / "all.parquet")
    table = pd.read_parquet(tmp_path / "all.parquet").set_index("id")
    assert table["current"].sum() == 25
    row = table.loc["article-30"]
    assert (row["outlet"], row["text"], row["tokens"]) == ("a.org", text(30), 200)
    assert row["published"] == pd.Timestamp("2024-05-01T12:30Z")
    assert estimate(np.asarray(row["signature"]), fingerprint(text(30)).signature) == 1


def test_what_is_no_export_is_refused(index: Index, tmp_path: Path) -> None:
    import pandas as pd
    from pyarrow import parquet

    index.export(tmp_path / "all.parquet")
    with pytest.raises(InputError, match="exists already"):
        index.export(tmp_path / "all.parquet")
    with pytest.raises(InputError, match="exists already"):
        index.export(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read.*"):
        index.import_(tmp_path / "missing.parquet")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no \.parquet file"):
        index.import_(tmp_path / "empty")
    whole = (tmp_path / "all.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="cannot be read"):
        index.import_(tmp_path / "cut.parquet")
    pd.DataFrame({"text": ["a"]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="not an exported index"):
        index.import_(tmp_path / "other.parquet")
    table = parquet.read_table(tmp_path / "all.parquet")
    scheme = table.replace_schema_metadata({"provenance.scheme": "{}"})
    parquet.write_table(scheme, tmp_path / "scheme.parquet")
    with pytest.raises(InputError, match="another scheme"):
        index.import_(tmp_path / "scheme.parquet")
    place = table.schema.get_field_index("article")
    lies = table.set_column(place, table.schema.field(place), [["{}"] * len(table)])
    parquet.write_table(lies, tmp_path / "lies.parquet")
    with pytest.raises(InputError, match="malformed"):
        index.import_(tmp_path / "lies.parquet")
    assert index.verify() == []
