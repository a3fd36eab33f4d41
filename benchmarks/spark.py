"""The engine spark beside the local one: time, shuffled bytes and memory of each stage.

``python -m benchmarks.spark ARTICLES [FOLDER]`` makes the corpus of `bulk_corpus` in FOLDER
(``build/bulk``) unless it is there, starts a master and two workers of one core each on loopback,
and prints what both engines took, as JSON. Shuffled bytes are what Spark's own REST service says
each stage's tasks wrote, so they hold for any cluster; memory is the kernel's (resident sets).
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.bulk_corpus import make
from benchmarks.shared import sampled
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_spark import dedup_on_spark
from tests.spark.cluster import cluster, shuffled

ARTICLES_A_PARTITION = 100_000
SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "2g",
    "spark.network.timeout": "3600s",  # the machine may stand still
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.port": "0",
    "spark.ui.showConsoleProgress": "false",
}
COUNTS = ("kept", "clusters", "exact", "near", "partial", "candidates", "boilerplate_shingles")


def main() -> None:
    """Run both and print what they took, as JSON."""
    articles = int(sys.argv[1] if len(sys.argv) > 1 else 10_000)
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "build/bulk").absolute()
    files = make(articles, folder / "parquet", "parquet")
    print(json.dumps(compared(articles, files, folder), indent=1))


def compared(articles: int, files: list[str], folder: Path) -> dict[str, Any]:
    """What both engines took for the same files."""
    begun: list[tuple[float, str, int, int]] = []
    out, local = folder / "spark-out", folder / "local-out"
    partitions = max(4, articles // ARTICLES_A_PARTITION)
    with (
        running(partitions) as (spark, workers),
        sampled(lambda: [resident(worker) for worker in workers], 0.5) as held,
    ):

        def show(stage: str, _done: int, _total: int) -> None:
            begun.append((time.perf_counter(), stage, shuffled(spark), size_of(out / ".stages")))

        summary = dedup_on_spark(files, str(out), progress=show, spark=spark)
        show("end", 0, 0)
        driver = {
            "python_mb": highest("self"), "jvm_mb": highest(java(spark)), "heap_mb": heap(spark)
        }  # fmt: skip
    began = time.perf_counter()
    expected = dedup_to(files, local).summary
    took_local = time.perf_counter() - began
    for place in (out, local):
        shutil.rmtree(place)
    took = begun[-1][0] - begun[0][0]
    return {
        "articles": articles, "same": [summary[name] == expected[name] for name in COUNTS],
        "spark_seconds": round(took, 1), "local_seconds": round(took_local, 1),
        "driver": driver, "workers_mb": [max(each) for each in zip(*held, strict=True)],
        "candidates": summary["candidates"],
        "shuffled_an_article": begun[-1][2] // articles,
        "stages_kept_an_article": max(kept for *_, kept in begun) // articles,
        "stages": [
            {"stage": name, "seconds": round(later - at, 1), "shuffled": after - before}
            for (at, name, before, _), (later, _, after, _) in pairwise(begun)
        ],
    }  # fmt: skip


@contextmanager
def running(partitions: int) -> Iterator[tuple[Any, list[int]]]:
    """A session on a cluster of its own, and the process ids of the two workers."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    with tempfile.TemporaryDirectory() as name, cluster(Path(name), memory="2g") as found:
        builder = SparkSession.builder.master(found.master)
        for key, value in {**SETTINGS, "spark.sql.shuffle.partitions": str(partitions)}.items():
            builder = builder.config(key, value)
        spark = builder.getOrCreate()
        try:
            yield spark, [found.processes[f"worker-{number}"].pid for number in range(2)]
        finally:
            spark.stop()


def resident(session: int) -> int:
    """Memory of all processes of a session, in MB."""
    pages = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone in the meantime
            continue
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGESIZE") >> 20


def highest(process: object) -> int:
    """Peak memory of one process, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) >> 10


def java(spark: Any) -> int:
    """Process id of the driver's JVM."""
    return int(spark._jvm.java.lang.ProcessHandle.current().pid())


def heap(spark: Any) -> int:
    """What the driver's JVM holds on to once its garbage is collected, in MB."""
    spark._jvm.System.gc()
    runtime = spark._jvm.java.lang.Runtime.getRuntime()
    return (int(runtime.totalMemory()) - int(runtime.freeMemory())) >> 20


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
