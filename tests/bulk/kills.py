"""Kill `provenance dedup` again and again, at random moments, and see that it ends the same.

``python -m tests.bulk.kills [KILLS]``; ``make kill-dedup`` does it fifty times.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

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


def main(kills: int) -> None:
    """Run to the end once, then with kills, and compare."""
    rng = random.Random(kills)
    with TemporaryDirectory() as name:
        corpus, whole, out = Path(name, "corpus"), Path(name, "whole"), Path(name, "out")
        write_corpus(corpus, 2000)
        began = time.monotonic()
        subprocess.run([*COMMAND, corpus, "--out", whole, "--json"], check=True, stdout=-3)
        usual, expected = time.monotonic() - began, results(whole)
        finished = killed = 0
        while killed < kills:
            process = subprocess.Popen(
                [*COMMAND, corpus, "--out", out, "--json", "--resume"], stdout=subprocess.DEVNULL
            )
            try:
                process.wait(rng.uniform(0.3, 1.1) * usual)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                continue
            finished += 1
            if process.returncode or results(out) != expected:
                raise SystemExit(f"after {killed} kills: other results than without a kill")
        subprocess.run([*COMMAND, corpus, "--out", out, "--resume"], check=True, stdout=-3)
        if results(out) != expected:
            raise SystemExit("other results than without a kill")
        print(f"{killed} kills, {finished + 1} runs to the end, all byte for byte the same")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
