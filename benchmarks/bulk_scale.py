"""Bulk dedup at scale: seconds of each stage and peak memory, beside merely reading the input.

``python -m benchmarks.bulk_scale ARTICLES [parquet|jsonl] [MEMORY_GB] [THREADS] [FOLDER]`` makes
the corpus in FOLDER (``build/bulk``; 3 GB of text for a million articles) unless it is there, and
runs each job in a process of its own, so that its peak memory is its own. The columns: input,
``--memory``, threads, the job, merely reading all columns, their ratio (and that of the clusters
alone, without the kept records), peak memory, stages. CPU seconds tell the work apart from what a
busy machine adds.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.bulk_corpus import make
from provenance.bulk.options import Options
from provenance.jobs.dedup import dedup_to


def read_parquet(files: list[str]) -> int:
    """All columns of all files, batch by batch."""
    from pyarrow.parquet import ParquetFile

    return sum(b.num_rows for file in files for b in ParquetFile(file).iter_batches(2048))


def read_jsonl(files: list[str]) -> int:
    """All lines of all files, parsed."""
    import orjson

    total = 0
    for file in files:
        with Path(file).open("rb") as lines:
            total += sum(bool(orjson.loads(line)) for line in lines)
    return total


READERS: dict[str, Callable[[list[str]], int]] = {"parquet": read_parquet, "jsonl": read_jsonl}


def reading(files: list[str], kind: str) -> dict[str, Any]:
    """Seconds that merely reading takes, twice: the first time may wait for the disk."""
    seconds = []
    for _ in range(2):
        began, busy = time.perf_counter(), time.process_time()
        READERS[kind](files)
        seconds.append((time.perf_counter() - began, time.process_time() - busy))
    return dict(zip(("seconds", "cpu"), min(seconds), strict=True))


def deduplicating(files: list[str], out: Path, memory: float, threads: int) -> dict[str, Any]:
    """The whole job, with the summary it writes."""
    began, busy = time.perf_counter(), time.process_time()
    options = Options(memory=int(memory * (1 << 30)), threads=threads)
    summary = dedup_to(files, out, options).summary
    took = {"total": time.perf_counter() - began, "cpu": time.process_time() - busy}
    shutil.rmtree(out)
    return {**took, **summary}


def apart(*arguments: object) -> dict[str, Any]:
    """One of the two in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bulk_scale", "--apart", *map(str, arguments)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(output)
    return result


def main() -> None:
    """One row of the table."""
    defaults = ("100000", "parquet", "4", "2", "build/bulk")
    given = tuple(sys.argv[1:])
    articles, kind, memory, threads, folder = given + defaults[len(given) :]
    files = make(int(articles), Path(folder) / kind, kind)
    read = apart("read", kind, *files)
    found = apart("dedup", memory, threads, Path(folder) / "out", *files)
    clusters = found["total"] - found["seconds"]["write"]
    stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in found["seconds"].items())
    print(
        f"| {int(articles):,} {kind} | {memory} GB | {threads} "
        f"| {found['total']:.1f} s, CPU {found['cpu']:.1f} s "
        f"| {read['seconds']:.1f} s, CPU {read['cpu']:.1f} s "
        f"| {found['total'] / read['seconds']:.1f} ({clusters / read['seconds']:.1f}) "
        f"| {found['peak_memory_mb']:,} MB | {stages} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--apart"]:
        job, *rest = sys.argv[2:]
        if job == "read":
            print(json.dumps(reading(rest[1:], rest[0])))
        else:
            out = Path(rest[2])
            print(json.dumps(deduplicating(rest[3:], out, float(rest[0]), int(rest[1]))))
    else:
        main()
