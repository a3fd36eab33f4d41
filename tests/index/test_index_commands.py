from __future__ import annotations

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
