"""What killed processes, other processes and damaged files do to an index."""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from provenance.article import IndexDamagedError, InputError, ProvenanceError
from provenance.index import Index, database, schema, sqlite
from tests.index import kills
from tests.index.conftest import Place
from tests.index.made_articles import article, text

ROOT = Path(__file__).parents[2]


def adding(location: Path | str, first: int, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.adding", str(location), str(first), str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """An index of 30 articles, closed."""
    made = tmp_path / "test.db"
    with Index.open(str(made)) as opened:
        opened.add(article(n, body=text(n, 60), domain="a.org") for n in range(30))
    return made


def test_killed_while_adding(place: Place) -> None:
    location = place.location
    draw = random.Random(1)
    told = 0
    for turn in range(10 if location.endswith(".db") else 3):
        process = adding(location, 100_000 * turn, 100_000)
        assert process.stdout is not None
        process.stdout.readline()  # the first batch is safe
        time.sleep(draw.uniform(0, 0.25))
        process.kill()
        told += 20 + 20 * len(process.stdout.readlines())
        process.wait()
        process.stdout.close()
    with Index.open(location) as opened:
        assert opened.verify() == []
        assert len(opened) >= told
        assert all(each.text == text(int(each.id[8:]), 60) for each in opened.articles())


def test_reading_while_another_process_writes(place: Place) -> None:
    with Index.open(place.location) as made:
        made.add(article(n, body=text(n, 60), domain="a.org") for n in range(30))
    with Index.open(place.location, read_only=True) as opened:
        process = adding(place.location, 1000, 400)
        sizes = []
        while process.poll() is None:
            sizes.append(len(opened))
            assert [each.relation for each in opened.find(article(7, body=text(7, 60)))] == [
                "exact"
            ]
        assert process.stdout is not None
        process.stdout.close()
        assert sizes == sorted(sizes)
        assert len(opened) == 430
        assert opened.verify() == []


def test_writers_and_makers_wait_for_each_other(place: Place) -> None:
    location = place.location
    processes = [adding(location, 60 * n, 200) for n in range(4)]  # they overlap
    assert [process.wait() for process in processes] == [0] * 4
    for process in processes:
        assert process.stdout is not None
        process.stdout.close()
    with Index.open(location) as opened:
        assert len(opened) == 3 * 60 + 200
        assert opened.verify() == []


def test_a_locked_index_says_so(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0)
    holder = sqlite3.connect(location, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Index.open(str(location)) as opened:
        with pytest.raises(ProvenanceError, match="another process is writing"):
            opened.add([article(99)])
        assert len(opened) == 30
    holder.close()


def test_a_full_disk_says_so_and_loses_nothing(location: Path) -> None:
    full = sqlite.SQLiteStore(location, {}, create=False, read_only=False)
    full._database.all("PRAGMA max_page_count = 1")  # SQLite takes the present size
    with pytest.raises(ProvenanceError, match="disk is full"):
        Index(full, str(location)).add(article(n, body=text(n, 3000)) for n in range(50, 90))
    full.close()
    with Index.open(str(location)) as opened:
        assert len(opened) == 30
        assert opened.verify() == []


def test_a_disk_that_takes_no_more_stops_adding_in_plain_words(tmp_path: Path) -> None:
    location = tmp_path / "test.db"
    command = [sys.executable, "-m", "tests.index.kills", "add", str(location), "0"]
    limit = 1_500_000
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        timeout=60,
    )
    said = done.stderr.strip().splitlines()[-1]
    assert re.search(r"test\.db: (reading or writing failed|the disk is full)", said)
    last = int(done.stdout.splitlines()[-1])
    assert last > 100
    assert kills.missing(location, [range(last + 1)]) == []


def test_a_read_only_index_is_not_written(location: Path) -> None:
    with Index.open(str(location), read_only=True) as opened:
        assert len(opened) == 30
        with pytest.raises(ProvenanceError, match="cannot be written"):
            opened.add([article(99)])
        with pytest.raises(ProvenanceError, match="cannot be written"):
            opened.remove(["article-1"])


@pytest.mark.parametrize("options", [{"create": False}, {"read_only": True}])
def test_a_missing_index(tmp_path: Path, options: dict[str, bool]) -> None:
    with pytest.raises(InputError, match=r"no such index.*provenance add"):
        Index.open(str(tmp_path / "missing.db"), **options)
    assert list(tmp_path.iterdir()) == []


def test_unfit_places(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        Index.open(str(tmp_path))
    with pytest.raises(InputError, match="folder does not exist"):
        Index.open(str(tmp_path / "none" / "test.db"))


def test_another_kind_of_file(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html>" * 1000)
    with pytest.raises(IndexDamagedError, match=r"page\.html: not a provenance index"):
        Index.open(str(page))
    assert page.read_text() == "<html>" * 1000
    other = tmp_path / "other.db"
    sqlite3.connect(other).execute("CREATE TABLE mine (a)").connection.close()
    with pytest.raises(IndexDamagedError, match="not a provenance index"):
        Index.open(str(other))
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(IndexDamagedError, match="empty"):
        Index.open(str(empty), create=False)


def test_another_version_or_scheme(location: Path) -> None:
    def change(statement: str) -> None:
        database = sqlite3.connect(location)
        database.execute(statement)
        database.commit()
        database.close()

    change("PRAGMA user_version = 99")
    with pytest.raises(IndexDamagedError, match=r"version 99.*update provenance"):
        Index.open(str(location))
    change("PRAGMA user_version = 0")
    with pytest.raises(IndexDamagedError, match=r"version 0.*build it anew"):
        Index.open(str(location))
    change(f"PRAGMA user_version = {schema.VERSION}")
    change("""UPDATE settings SET value = '{"shingle":9}' WHERE name = 'scheme'""")
    with pytest.raises(IndexDamagedError, match="another scheme"):
        Index.open(str(location))


def test_a_truncated_index(location: Path) -> None:
    whole = location.read_bytes()
    for length in range(1, len(whole) - 1, len(whole) // 40):
        location.write_bytes(whole[:length])
        with pytest.raises(IndexDamagedError):
            Index.open(str(location))
        assert location.read_bytes() == whole[:length]


def test_flipped_bits_are_said_and_never_crash(location: Path) -> None:
    whole = location.read_bytes()
    draw = random.Random(1)
    noticed = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(draw.choice((1, 1, 20))):
            damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
        location.write_bytes(damaged)
        faults: list[str] = []
        try:
            with Index.open(str(location)) as opened:
                faults = opened.verify()
                list(opened.articles())
                opened.find(article(7, body=text(7, 60)))
                opened.add([article(500)])
                opened.info()
        except IndexDamagedError as error:
            faults.append(str(error))
        assert not any("\n" in fault for fault in faults)
        noticed += bool(faults)
    assert noticed > 100


def test_verify_sees_a_damaged_index_of_titles(location: Path) -> None:
    monster = "long " * 5000 + "x" * 100_000
    with Index.open(str(location)) as opened:
        opened.add(replace(article(n), title=f"headline {n} {monster}") for n in (50, 51))
        assert opened.verify() == []
        database = sqlite3.connect(location)
        database.execute("INSERT INTO titles (rowid, title) VALUES (2, 'another headline')")
        database.commit()
        database.close()
        assert opened.verify() == ["article 2: its title is not indexed as it is"]


def test_a_closed_index_is_not_called_damaged(tmp_path: Path) -> None:
    index = Index.open(str(tmp_path / "a.db"))
    index.close()
    with pytest.raises(ProvenanceError, match="was closed") as said:
        index.search("storm")
    assert not isinstance(said.value, IndexDamagedError)
