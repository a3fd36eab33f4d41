"""What only a shared server can do: many at once, other people's schemas."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import orjson
import psycopg
import pytest
from click.testing import CliRunner

from provenance.article import IndexDamagedError, InputError, ProvenanceError
from provenance.cli import cli
from provenance.index import Counts, Index, migrate, postgres_runs, postgres_schema
from provenance.index import postgres_session as sessions
from provenance.index.opening import shown
from provenance.index.postgres_session import Address, Session
from provenance.index.store import ARTICLE_BITS, POSTINGS_CAP
from tests.index.conftest import SCHEMAS, Place
from tests.index.made_articles import article, text
from tests.index.server import Server

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(server: Server) -> Place:
    return Place(f"{server.url}?schema=own{next(SCHEMAS)}")


def test_sixteen_clients_add_and_check_the_same_articles(place: Place) -> None:
    with Index.open(place.location):
        pass

    def work(client: int) -> Counts:
        counts = Counts()
        with Index.open(place.location) as index:
            for first in range(0, 40, 10):
                batch = [article(n, url=f"https://a.org/{n}") for n in range(first, first + 15)]
                counts += index.add(batch[client % 3 :] + batch[: client % 3])
                index.add([article(1000 + client % 4, id=f"by {client % 4}", body=text(client))])
                for each in batch[::7]:
                    matches = index.find(each)
                    assert [(m.article.id, m.relation) for m in matches][:1] == [(each.id, "exact")]
        return counts

    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(work, range(16)))
    with Index.open(place.location, read_only=True) as index:
        assert sum(each.added for each in counts) == 45
        assert sum(each.updated for each in counts) == 0
        ids = [each.id for each in index.articles()]
        expected = {f"article-{n}" for n in range(45)} | {f"by {n}" for n in range(4)}
        assert len(ids) == len(set(ids)) and set(ids) == expected
        for n in range(4):  # every version that anybody added is there
            said = [each.article.text for each in index.versions(f"by {n}")]
            assert set(said) == {text(client) for client in range(n, 16, 4)}
        assert index.verify() == []


def test_processes_write_into_each_others_articles(place: Place) -> None:
    command = [sys.executable, "-m", "tests.index.adding", place.location]
    processes = [
        subprocess.Popen([*command, str(20 * n), "100"], cwd=ROOT, stdout=subprocess.DEVNULL)
        for n in range(4)
    ]
    assert [process.wait() for process in processes] == [0] * 4
    with Index.open(place.location) as index:
        assert len(index) == 160
        assert index.verify() == []


def test_a_merge_makes_nobody_wait(place: Place) -> None:
    with Index.open(place.location) as index, Index.open(place.location) as other:
        index.add([article(n) for n in range(3)])
        session = Session(Address.parse(place.location, ""), read_only=False)
        with session.write(sessions.MERGING):
            other.add([article(n) for n in range(3, 9)])
            assert other.find(article(8))[0].article.id == "article-8"
        session.close()
        assert index.find(article(5))[0].article.id == "article-5"
        assert index.verify() == []


def test_a_writer_that_waits_too_long_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(place.location) as index:
        session = Session(Address.parse(place.location, ""), read_only=False)
        with session.write():
            monkeypatch.setattr(sessions, "WAIT_SECONDS", "0.05")
            with pytest.raises(ProvenanceError, match="another process is writing"):
                index.add([article(1)])
            assert len(index) == 0
        session.close()
        assert index.add([article(1)]) == Counts(added=1)


def make_first_version(place: Place) -> None:
    """Turn an index into one of the first version: postings as bytes, outlets checked."""
    url, _, schema = place.location.partition("?schema=")
    with psycopg.connect(url, options=f"-csearch_path={schema}") as connection:
        blocks = connection.execute("SELECT data, surplus, run, bucket FROM blocks").fetchall()
        connection.execute(
            "ALTER TABLE blocks DROP data, DROP surplus; "
            "ALTER TABLE blocks ADD data bytea, ADD surplus bytea; "
            "ALTER TABLE articles ADD CONSTRAINT articles_outlet_fkey "
            "FOREIGN KEY (outlet) REFERENCES outlets; "
            "UPDATE provenance_settings SET value = '1' WHERE name = 'version'"
        )
        for data, surplus, *place_of in blocks:
            packed = [each and np.array(each, dtype="<i8").tobytes() for each in (data, surplus)]
            update = "UPDATE blocks SET data = %s, surplus = %s WHERE run = %s AND bucket = %s"
            connection.execute(update, [*packed, *place_of])
        connection.execute("ALTER TABLE blocks ALTER data SET NOT NULL")


def test_an_index_is_migrated_once_however_many_ask(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(place.location) as index:
        index.add([article(1)])
        index.add([article(3)])
    make_first_version(place)
    first = postgres_schema.STEPS[:1]
    present = len(postgres_schema.STEPS)
    with pytest.raises(IndexDamagedError, match=r"version 1.*provenance index migrate --index"):
        Index.open(place.location)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(migrate, [place.location] * 8)) == [1] + [present] * 7
    with Index.open(place.location) as index:
        assert index.add([article(1), article(2)]) == Counts(added=1, unchanged=1)
        for n in (1, 2, 3):
            assert index.find(article(n))[0].relation == "exact"
        assert index.verify() == []
    monkeypatch.setattr(postgres_schema, "STEPS", first)
    with pytest.raises(IndexDamagedError, match=rf"version {present}.*update provenance"):
        Index.open(place.location)
    with pytest.raises(IndexDamagedError, match="update provenance"):
        migrate(place.location)


def test_a_failed_migration_leaves_the_old_index(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(place.location):
        pass
    broken = (*postgres_schema.STEPS, "DROP TABLE {s}.bodies; DROP TABLE {s}.no_such_table")
    monkeypatch.setattr(postgres_schema, "STEPS", broken)
    with pytest.raises(IndexDamagedError):
        migrate(place.location)
    monkeypatch.undo()
    with Index.open(place.location) as index:
        assert index.add([article(1)]) == Counts(added=1)


def test_what_is_no_index_is_left_alone(server: Server) -> None:
    nowhere = f"{server.url}?schema=none{next(SCHEMAS)}"
    for read_only in (True, False):
        with pytest.raises(InputError, match="no such index; build one with"):
            Index.open(nowhere, create=False, read_only=read_only)
    with pytest.raises(InputError, match="no such index"):
        migrate(nowhere)
    other = Place(f"{server.url}?schema=others")
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE SCHEMA others; CREATE TABLE others.articles (a integer)")
    with pytest.raises(InputError, match="holds other tables"):
        Index.open(other.location)
    assert other.run("SELECT count(*) FROM articles") == [(0,)]
    with pytest.raises(InputError, match=r"cannot be reached.*does not exist"):
        Index.open(server.url.removesuffix("postgres") + "missing")
    with pytest.raises(InputError, match="no name for a schema"):
        Index.open(f"{server.url}?schema=pg_catalog")


def test_any_name_of_a_schema_is_a_name(server: Server) -> None:
    with Index.open(f"{server.url}?schema=%22%3B%20DROP%20TABLE%20x%3B%20%7Bs%7D") as index:
        assert index.add([article(1)]) == Counts(added=1)
    with psycopg.connect(server.url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname = %s", ('"; DROP TABLE x; {s}',)
        ).fetchone()
    assert found == (1,)


def test_another_encoding_and_missing_rights_are_said(server: Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
        connection.execute("CREATE ROLE reader LOGIN")
    with pytest.raises(InputError, match="encoding is LATIN1"):
        Index.open(server.url.removesuffix("postgres") + "latin")
    as_reader = server.url.replace("postgres@", "reader@")
    schema = f"reader{next(SCHEMAS)}"
    with pytest.raises(InputError, match="may not do that"):
        Index.open(f"{as_reader}?schema={schema}")
    with Index.open(f"{server.url}?schema={schema}") as index:
        index.add([article(1)])
    with pytest.raises(InputError, match="may not do that"):
        Index.open(f"{as_reader}?schema={schema}", read_only=True)
    with psycopg.connect(server.url, autocommit=True) as connection:
        for right in ("USAGE ON SCHEMA", "SELECT ON ALL TABLES IN SCHEMA"):
            connection.execute(f"GRANT {right} {schema} TO reader".encode())
    with Index.open(f"{as_reader}?schema={schema}", read_only=True) as index:
        assert index.find(article(1))[0].relation == "exact"
        assert index.search("no such title") == []
    with (
        Index.open(f"{as_reader}?schema={schema}") as index,
        pytest.raises(InputError, match="may not do that"),
    ):
        index.add([article(2)])


def test_reading_only_is_held_to(place: Place) -> None:
    with Index.open(place.location) as index:
        index.add([article(1)])
    with Index.open(place.location, read_only=True) as index:
        assert index.find(article(1))
        with pytest.raises(ProvenanceError, match="read only"):
            index.add([article(2)])


SECRETS = [
    "postgresql://me:{}@127.0.0.1:1/news",
    "postgresql://me@127.0.0.1:1/news?password={}",
    "postgresql://me:{}@127.0.0.1:port/news",
    "postgresql://me:{}@127.0.0.1:1/news?unknown=1",
    "postgresql://me:{}%zz@127.0.0.1:1/news",
    "postgres://me:a@{}@127.0.0.1:1/news",
]


@pytest.mark.parametrize("location", SECRETS)
@pytest.mark.parametrize("secret", ["s3cret", "s3cr/et", "s3cr?et"])
def test_a_password_is_never_told(location: str, secret: str) -> None:
    full = location.format(secret)
    for act in (Index.open, migrate):
        with pytest.raises(InputError) as caught:
            act(full)
        assert "s3cr" not in str(caught.value) and "\n" not in str(caught.value)
    assert "s3cr" not in shown(full)


def test_a_refused_password_is_not_told(server: Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE nobody")
    with pytest.raises(InputError) as caught:
        Index.open(server.url.replace("postgres@", "nobody:s3cret@"))
    assert "s3cret" not in str(caught.value)


def test_another_databases_address_is_no_file() -> None:
    for location in ("mysql://me:s3cret@host/news", "postgresql:/me:s3cret@host/news"):
        for act in (Index.open, migrate):
            with pytest.raises(InputError, match="a database as postgresql://") as caught:
                act(location)
            assert "s3cret" not in str(caught.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"pip install 'provenance\[postgres\]'"):
        Index.open("postgresql://localhost/news")


def test_the_partitioning_that_the_docs_advise(place: Place) -> None:
    """The statements of docs/postgres.md, with a boundary that these few articles cross."""
    advised = (ROOT / "docs" / "postgres.md").read_text("utf-8")
    statements = advised[advised.index("BEGIN;\n") : advised.index("COMMIT;\n")]
    schema = place.location.partition("schema=")[2]
    with Index.open(place.location) as index:
        index.add([article(n) for n in range(4)])
        place.run(statements.replace("provenance.", f"{schema}.").replace("20000000", "6"))
        index.add([article(n) for n in range(2, 12)] + [article(1, body=text(99))])
        sizes = [place.run(f"SELECT count(*) FROM bodies_{part}")[0][0] for part in (1, 2, 3)]
        assert sizes == [4, 8, 0]
        assert index.find(article(11))[0].relation == "exact"
        assert len(index.versions("article-1")) == 2
        assert index.remove(["article-2"]) == 1
        index.compact()
        ids = {each.id for each in index.articles()}
        assert ids == {f"article-{n}" for n in range(12) if n != 2}
        assert index.verify() == []


def test_a_frequent_key_is_capped_but_all_is_kept(place: Place) -> None:
    session = Session(Address.parse(place.location, ""), read_only=False)
    postgres_schema.prepare(session, {}, create=True)
    numbers = np.arange(1, 5001)
    postings = np.sort(
        np.concatenate([5 << ARTICLE_BITS | numbers, [(4 << 28) | 7, (6 << 28) | 8]])
    )
    with session.write():
        postgres_runs.add(session, postings[::2])
    with session.write():
        postgres_runs.add(session, postings[1::2])

    postgres_runs.settle(session)
    ((data, surplus),) = session.all("SELECT data, surplus FROM {s}.blocks WHERE surplus <> '{{}}'")
    latest = (5 << ARTICLE_BITS | numbers).tolist()
    assert [each for each in data if each in set(latest)] == latest[-POSTINGS_CAP:]
    assert surplus == latest[:-POSTINGS_CAP]
    with session.read():
        everything = np.concatenate(list(postgres_runs.everything(session)))
    assert everything.tolist() == postings.tolist()
    session.close()


def test_the_commands_work_and_keep_the_password_to_themselves(
    server: Server, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for path in paths:
        path.write_text(f"{text(1)} {path.stem}")
    address = server.url.replace("postgres@", "postgres:s3cret@", 1) + f"?schema=cli{next(SCHEMAS)}"

    def said(*command: object, index: str = address) -> str:
        done = CliRunner().invoke(cli, [*map(str, command), "--index", index])
        assert done.exit_code == 0, done.output
        assert "s3cret" not in done.output
        return done.stdout

    assert "2 added" in said("add", *paths)
    checked = orjson.loads(said("check", paths[0], "--json"))
    assert len(checked["matches"]) == 2
    assert "no problem" in said("index", "verify")
    assert f"version {len(postgres_schema.STEPS)}" in said("index", "migrate")
    said("index", "info")
    said("index", "backup", tmp_path / "copy.db")
    copied = said("check", paths[0], "--json", index=str(tmp_path / "copy.db"))
    assert orjson.loads(copied) == checked
