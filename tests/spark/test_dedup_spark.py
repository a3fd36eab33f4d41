"""The engine spark on a real cluster: the local engine's answer, also when a worker is killed."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import DataFrame, SparkSession

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.bulk.spark.sketches import block_places, numbered, sketched
from provenance.bulk.spark.stages import Stages
from provenance.bulk.spark.tables import table_of
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_spark import dedup_on_spark
from tests.bulk.corpora import edited, story, versions
from tests.spark.cluster import Cluster, cluster

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {  # compiling for so few rows takes longer than interpreting
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SparkSession, Cluster]]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with cluster(tmp_path_factory.mktemp("cluster")) as found:
        builder = SparkSession.builder.master(found.master)
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session, found
        session.stop()


def corpus() -> pd.DataFrame:
    """Stories that few and many ran, furniture, chains of edits, exact, partial and empty texts."""
    rng = random.Random(11)
    rows = [
        {"text": text, "outlet": f"paper{number % 7}.example"}
        for number, text in enumerate(versions(12, seed=11)["text"])
    ]
    wire = story(rng, 150)
    for number in range(30):
        text = " ".join(edited(rng, wire, 0.004))
        rows.append({"text": text, "outlet": f"wire{number}.example"})
    menu = story(rng, 90)
    for _ in range(30):
        own = story(rng, rng.randrange(30, 120))
        rows.append({"text": " ".join(menu + own), "outlet": "menu.example"})
    step = story(rng, 120)
    for _ in range(14):  # each much like the one before, the ends of the chain unlike
        step = step[4:] + story(rng, 4)
        rows.append({"text": " ".join(step), "outlet": "chain.example"})
    rows += [{"text": "", "outlet": "x.example"}, {"text": "!?", "outlet": "x.example"}]
    rng.shuffle(rows)
    for number, row in enumerate(rows):
        row["id"] = f"n{number * 7919 % 1000}" if number % 9 else ""
        row["published"] = f"2024-0{1 + number % 8}-11T10:00:00Z"
    return pd.DataFrame(rows)


def by_id(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(list(table.columns)).reset_index(drop=True)


def test_a_worker_killed_in_the_middle_changes_nothing(
    running: tuple[SparkSession, Cluster], tmp_path: Path
) -> None:
    session, found = running
    table = corpus()
    (tmp_path / "in").mkdir()
    for number in range(3):
        part = table.iloc[number::3]
        part.to_parquet(tmp_path / "in" / f"{number}.parquet", index=False)
    expected = dedup_to([str(tmp_path / "in")], tmp_path / "local", Options())
    stages = []

    def show(stage: str, _done: int, _total: int) -> None:
        stages.append(stage)
        if stage == "edges":  # its tasks are under way when the worker goes
            threading.Timer(0.5, found.kill, ["worker-1"]).start()

    summary = dedup_on_spark(
        [str(tmp_path / "in")], str(tmp_path / "out"), Options(format="parquet"), show,
        spark=session,
    )  # fmt: skip
    assert found.processes["worker-1"].poll() is not None
    assert expected.summary["splits"]
    assert expected.summary["boilerplate_shingles"] > 0
    assert expected.summary["exact"] and expected.summary["partial"]
    ignored = {"seconds", "engine", "peak_memory_mb", "inputs"}
    assert {key: value for key, value in summary.items() if key not in ignored} == {
        key: value for key, value in expected.summary.items() if key not in ignored
    }
    got = pd.read_parquet(tmp_path / "out" / "clusters.parquet")
    pd.testing.assert_frame_equal(by_id(got), by_id(expected.clusters))
    kept, expected_kept = (
        by_id(pd.read_parquet(tmp_path / folder / "kept.parquet")) for folder in ("out", "local")
    )
    pd.testing.assert_frame_equal(kept, expected_kept)
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["kept"] == summary["kept"]
    assert not (tmp_path / "out" / ".stages").exists()


def test_a_finished_stage_is_taken_up_and_one_without_its_mark_is_not(
    running: tuple[SparkSession, Cluster], tmp_path: Path
) -> None:
    session, _ = running
    made = []

    def work() -> DataFrame:
        made.append(1)
        return session.range(3)

    def stages(job: str = "job") -> Stages:
        return Stages(session, str(tmp_path), job, lambda *_: None)

    for _ in range(2):
        assert stages().stage("one", work).count() == 3
    assert len(made) == 1
    (tmp_path / "job" / "one" / "_SUCCESS").unlink()
    stages().stage("one", work)
    stages("other job").stage("one", work)
    assert len(made) == 3


def test_what_the_engine_has_not_is_refused_in_one_line(
    running: tuple[SparkSession, Cluster], tmp_path: Path
) -> None:
    session, _ = running
    with pytest.raises(InputError, match="--engine local"):
        dedup_on_spark(["x.parquet"], str(tmp_path), Options(against="news.db"), spark=session)
    (tmp_path / "news.warc").write_bytes(b"WARC/1.0\r\n\r\n")
    with pytest.raises(InputError, match="Parquet, ORC, JSON lines, CSV"):
        dedup_on_spark([str(tmp_path / "news.warc")], str(tmp_path), spark=session)
    with pytest.raises(InputError, match=r"gone\.parquet"):
        dedup_on_spark([str(tmp_path / "gone.parquet")], str(tmp_path), spark=session)
    session.range(3).write.parquet(str(tmp_path / "ids.parquet"))
    with pytest.raises(InputError, match="--column text="):
        dedup_on_spark([str(tmp_path / "ids.parquet")], str(tmp_path / "out"), spark=session)


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_lines_are_read_as_the_local_engine_reads_them(
    running: tuple[SparkSession, Cluster], tmp_path: Path, kind: str
) -> None:
    session, _ = running
    table = corpus().iloc[:40]
    table["text"] += ', "so"\nhe said'
    file = tmp_path / f"news.{kind}"
    if kind == "jsonl":
        table.to_json(file, orient="records", lines=True)
    else:
        table.to_csv(file, index=False)
    loaded = table_of(session, [str(file)], None)
    sketches = sketched(loaded, Options()).localCheckpoint()
    rows = numbered(sketches, block_places(sketches)).orderBy("num").toPandas()
    expected = dedup_to([str(file)], tmp_path / "local").clusters
    assert rows[rows["fault"].isna()]["id"].tolist() == expected["id"].tolist()
    assert rows[rows["fault"].isna()]["source"].tolist() == expected["source"].tolist()
    assert rows["fault"].notna().sum() == 0
