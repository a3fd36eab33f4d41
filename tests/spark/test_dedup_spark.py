"""The engine spark on a real cluster: the local engine's answer, also when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from provenance.bulk.options import Options
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_spark import dedup_on_spark
from tests.bulk.agreeing import by_id, corpus, kept_lines, same
from tests.spark.cluster import ROOT, Cluster
from tests.spark.conftest import SETTINGS

pytestmark = pytest.mark.xdist_group("spark")


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, env=environment, capture_output=True, check=False)


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

    def show(stage: str, _done: int, _total: int) -> None:
        if stage == "edges":  # its tasks are under way when the worker goes
            threading.Timer(0.5, found.kill, ["worker-1"]).start()

    out = tmp_path / "out"
    summary = dedup_on_spark([str(tmp_path / "in")], str(out), Options(), show, spark=session)
    assert found.processes["worker-1"].poll() is not None
    assert expected.summary["splits"]
    assert expected.summary["boilerplate_shingles"] > 0
    assert expected.summary["exact"] and expected.summary["partial"]
    same(out, summary, expected)
    assert not (out / ".stages").exists()
    kept, expected_kept = (
        by_id(pd.read_parquet(tmp_path / folder / "kept.parquet")) for folder in ("out", "local")
    )
    pd.testing.assert_frame_equal(kept, expected_kept)


def test_a_driver_killed_in_the_middle_is_taken_up_with_its_stages(tmp_path: Path) -> None:
    source, out = tmp_path / "my news.jsonl", tmp_path / "out"
    corpus().to_json(source, orient="records", lines=True)
    with source.open("ab") as lines:
        lines.write(b'\n{"text": \n["no object"]\n{"id": "x", "text": " "}\n')
    expected = dedup_to([str(source)], tmp_path / "local", Options(keep="first"))
    assert len(expected.set_aside) == 4
    command = [
        sys.executable, "-m", "provenance", "dedup", str(source), "--out", str(out), "--json",
        "--keep", "first", "--engine", "spark", "--master", "local[2]",
    ]  # fmt: skip
    settings = [f"--conf '{name}={value}'" for name, value in SETTINGS.items()]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": " ".join([*settings, "pyspark-shell"]),
    }  # fmt: skip
    first = subprocess.Popen(command, env=environment, start_new_session=True, cwd=tmp_path)
    until = time.monotonic() + 120
    while not list(out.glob(".stages/*/edges/_SUCCESS")) and time.monotonic() < until:
        assert first.poll() is None
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (out / "summary.json").exists()

    changed = [option if option != "first" else "longest" for option in command]
    refused = run([*changed, "--resume"], environment)
    assert refused.returncode == 2
    assert b"other inputs, options or version" in refused.stderr
    second = run([*command, "--resume"], environment)
    assert second.returncode == 0, second.stderr.decode()
    summary = json.loads(second.stdout)
    assert "related" in summary["seconds"]
    assert not {"sketches", "buckets", "pairs", "edges"} & set(summary["seconds"])
    same(out, summary, expected)
    assert not (out / ".stages").exists()
    assert kept_lines(out / "kept.jsonl") == kept_lines(tmp_path / "local" / "kept.jsonl")
    aside = [json.loads(line) for line in kept_lines(out / "set_aside.jsonl")]
    assert {(row["record"], row["reason"]) for row in aside} == {
        (item.record, item.reason) for item in expected.set_aside
    }
