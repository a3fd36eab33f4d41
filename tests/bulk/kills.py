"""Kill `provenance dedup` again and again, at random moments, and see that it ends the same.

``python -m tests.bulk.kills [KILLS]``; ``make kill-dedup`` does it two hundred times. Each run is a
fork of a process that has compiled and imported everything, so that kills fall into the work.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from provenance.bulk.options import Options
from provenance.jobs.dedup import dedup_to, finished_stages
from tests.bulk.corpora import versions

MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a script's background
from provenance.cli import main
main()
"""
COMMAND = (sys.executable, "-c", MAIN, "dedup")
RESULTS = ("clusters.parquet", "kept.jsonl", "kept.parquet", "set_aside.jsonl")


def results(out: Path) -> dict[str, bytes]:
    """The bytes of all results but the summary, which holds times."""
    return {name: (out / name).read_bytes() for name in RESULTS}


def write_corpus(folder: Path, stories: int) -> None:
    """A corpus of two formats, with a line that is no JSON."""
    folder.mkdir()
    table = versions(stories)
    table.iloc[::2].to_parquet(folder / "a.parquet", index=False)
    table.iloc[1::2].to_json(folder / "b.jsonl", orient="records", lines=True)
    with (folder / "b.jsonl").open("a") as lines:
        lines.write("{broken\n")


def _run(corpus: Path, out: Path) -> None:
    # So little memory that keys and pairs go to disk.
    dedup_to([str(corpus)], out, Options(memory=1 << 20), resume=True)


def main(kills: int) -> None:
    """Run to the end twice, then with kills, and compare."""
    rng = random.Random(kills)
    with TemporaryDirectory() as name:
        corpus, whole, out = Path(name, "corpus"), Path(name, "whole"), Path(name, "out")
        write_corpus(corpus, 2000)
        for _ in range(2):  # the first compiles
            began = time.monotonic()
            _run(corpus, whole)
            usual, expected = time.monotonic() - began, results(whole)
        after: Counter[str] = Counter()
        finished = 0
        while after.total() < kills:
            process = get_context("fork").Process(target=_run, args=(corpus, out))
            process.start()
            process.join(rng.uniform(0, 1.1 * usual))
            if process.is_alive():
                process.kill()
                process.join()
                after[(finished_stages(out) or ("nothing",))[-1]] += 1
                continue
            finished += 1
            if process.exitcode or results(out) != expected:
                raise SystemExit(f"after {after.total()} kills: not the results of a whole run")
        _run(corpus, out)
        if results(out) != expected:
            raise SystemExit("not the results of a whole run")
    told = ", ".join(f"{count} after {stage}" for stage, count in after.items())
    print(f"{kills} kills ({told}), {finished + 1} runs to the end, all byte for byte the same")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
