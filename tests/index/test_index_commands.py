from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provenance.index import Index
from tests.index.made_articles import article
from tests.index.test_migration import STORED
from tests.test_cli import answer, run


def test_looking_after_an_index(tmp_path: Path) -> None:
    with Index.open(str(tmp_path / "provenance.db")) as index:
        index.add([article(1, id="a"), article(2, id="a"), article(3, id="b")])
    assert answer("index", "info", cwd=tmp_path)["versions"] == 1
    assert run("index", "backup", "copy.db", cwd=tmp_path).returncode == 0
    assert run("index", "backup", "copy.db", cwd=tmp_path).returncode == 2
    assert run("index", "export", "all.parquet", cwd=tmp_path).returncode == 0
    counts = answer("index", "import", "all.parquet", "--index", "other.db", cwd=tmp_path)
    assert counts == {"added": 2, "updated": 1, "unchanged": 0}
    assert answer("index", "compact", "--keep-days", "1", cwd=tmp_path) == {"removed": 0}
    assert (
        "copy.db: no problem" in run("index", "verify", "--index", "copy.db", cwd=tmp_path).stdout
    )


def test_an_old_index_is_migrated(tmp_path: Path) -> None:
    import zstandard

    old = tmp_path / "provenance.db"
    old.write_bytes(zstandard.ZstdDecompressor().decompress(STORED.read_bytes()))
    refused = run("index", "info", cwd=tmp_path)
    assert refused.returncode == 4 and "provenance index migrate" in refused.stderr
    assert run("index", "migrate", cwd=tmp_path).returncode == 0
    assert answer("index", "info", cwd=tmp_path)["articles"] == 11


def test_check_shows_what_was_changed_after_publication(tmp_path: Path) -> None:
    page = tmp_path / "story.txt"
    first = "The mayor opened the new bridge on Monday, and ten people came to see it."
    page.write_text(first)
    assert answer("add", "story.txt", cwd=tmp_path)["added"] == 1
    with Index.open(str(tmp_path / "provenance.db")) as index:
        (stored,) = index.articles()
        blocks = (replace(stored.blocks[0], text=first.replace("ten people", "nobody")),)
        index.add([replace(stored, blocks=blocks)])
    found = answer("check", "story.txt", cwd=tmp_path)["versions"]
    assert [version["changed"] != [] for version in found] == [False, True]
    changed = [e for e in found[1]["changed"][0]["edits"] if e["kind"] != "equal"]
    assert changed == [{"kind": "replace", "a": "ten people", "b": "nobody"}]
    shown = run("check", "story.txt", cwd=tmp_path).stdout
    assert "Changed since it was first seen" in shown
    assert "[-ten people-]" in shown and "{+nobody+}" in shown
