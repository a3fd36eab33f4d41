"""`version-1.db.zst` was written by version 1: 12 articles one by one, some removed and updated."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import zstandard

from provenance.article import IndexDamagedError, InputError
from provenance.index import Index, migration
from provenance.index.migration import migrate
from tests.index.made_articles import article, text

STORED = Path(__file__).parents[2] / "fixtures" / "version-1.db.zst"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(STORED.read_bytes()))
    return path


def test_an_old_index_names_the_way_forward(old: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(IndexDamagedError, match=r"version 1.*provenance index migrate --index"):
        Index.open(str(old))
    assert old.read_bytes() == before


def test_everything_comes_along(old: Path) -> None:
    assert migrate(old) == 1
    assert migrate(old) == 2
    with Index.open(str(old)) as index:
        assert index.verify() == []
        kept = {each.id: each for each in index.articles()}
        assert set(kept) == {f"article-{n}" for n in range(12) if n != 3}
        assert kept["article-4"].text == text(400, 60)
        for n in (0, 5, 11):
            (match,) = index.find(article(n, body=text(n, 60)))
            assert (match.article.id, match.relation) == (f"article-{n}", "exact")
        assert [each.id for each in index.search("headline ITS 11")] == ["article-11"]
        assert {each.id for each in index.search(outlet="a.org")} >= {"article-1", "article-11"}
        # A number that version 1 gave to an article since removed must not be given again.
        index.add([article(50)])
        assert index.find(article(12, body=text(12, 60))) == []
        assert index.verify() == []


def test_a_failed_migration_leaves_the_old_index(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "LEFT_FROM_1", "DROP TABLE no_such_table")
    with pytest.raises(IndexDamagedError):
        migrate(old)
    monkeypatch.undo()
    with sqlite3.connect(old) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (11,)
    assert migrate(old) == 1
    with Index.open(str(old)) as index:
        assert index.verify() == []


def test_a_damaged_or_foreign_file_is_refused(old: Path, tmp_path: Path) -> None:
    with sqlite3.connect(old) as database:
        database.execute("UPDATE articles SET body = x'00' WHERE number = 6")
    with pytest.raises(IndexDamagedError, match="article 6 is damaged"):
        migrate(old)
    with sqlite3.connect(old) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (11,)
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE mine (a)").connection.close()
    with pytest.raises(InputError, match="not a provenance index"):
        migrate(other)
    with pytest.raises(InputError, match="no such index"):
        migrate(tmp_path / "missing.db")
