"""A job that is killed, interrupted or given other input, and then resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.jobs.dedup import STATE, dedup_to, finished_stages
from tests.bulk.kills import COMMAND, results, write_corpus

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from provenance.jobs.dedup import dedup_to

def show(stage, done, total):
    if stage == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

dedup_to([sys.argv[1]], Path(sys.argv[2]), progress=show, resume=True)
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus", 40)
    return tmp_path / "corpus"


def test_killed_at_any_stage_it_goes_on_to_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    dedup_to([str(corpus)], tmp_path / "whole")
    out = tmp_path / "out"
    left = []
    for stage in ("read and sketch", "verify", "write"):
        script = [sys.executable, "-c", KILLED_AT, str(corpus), str(out), stage]
        assert subprocess.run(script, check=False).returncode == -signal.SIGKILL
        assert not (out / "clusters.parquet").exists()
        left.append(finished_stages(out))
    assert left == [
        (),
        ("read and sketch", "candidates"),
        ("read and sketch", "candidates", "verify", "cluster"),
    ]
    manifest = json.loads((out / STATE / "manifest.json").read_bytes())
    summary = dedup_to([str(corpus)], out, resume=True).summary
    assert results(out) == results(tmp_path / "whole")
    for stage, done in manifest["stages"].items():
        assert summary["seconds"][stage] == done["seconds"], "a finished stage was done again"
    assert not (out / STATE).exists()


def test_interrupted_it_says_how_to_go_on(corpus: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "-", "--out", tmp_path / "out"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while not (tmp_path / "out" / STATE).exists():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "--resume" in said and "Traceback" not in said


def test_other_input_is_another_job(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "write":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dedup_to([str(corpus)], out, progress=interrupt)
    with pytest.raises(InputError, match="other inputs"):
        dedup_to([str(corpus)], out, Options(threshold=0.7), resume=True)
    with (corpus / "b.jsonl").open("a") as lines:
        lines.write('{"text": "one more"}\n')
    with pytest.raises(InputError, match="--resume"):
        dedup_to([str(corpus)], out, resume=True)
    assert dedup_to([str(corpus)], out).summary["articles"] == 241


def test_two_jobs_do_not_write_to_one_folder(corpus: Path, tmp_path: Path) -> None:
    out, said = tmp_path / "out", []

    def another(_stage: str, _done: int, _total: int) -> None:
        with pytest.raises(InputError, match="another job") as error:
            dedup_to([str(corpus)], out)
        said.append(error)

    assert dedup_to([str(corpus)], out, progress=another).summary["articles"] == 240
    assert said


def test_threads_and_memory_may_change_on_the_way(corpus: Path, tmp_path: Path) -> None:
    def interrupt(stage: str, _done: int, _total: int) -> None:
        if stage == "verify":
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        dedup_to([str(corpus)], out, Options(memory=1 << 12), interrupt)
    dedup_to([str(corpus)], out, Options(threads=1), resume=True)
    dedup_to([str(corpus)], tmp_path / "whole")
    assert results(out) == results(tmp_path / "whole")
