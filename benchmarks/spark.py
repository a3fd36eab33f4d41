"""The engine spark beside the local one: seconds and shuffled bytes of each stage.

``python -m benchmarks.spark ARTICLES [MASTER] [FOLDER]`` makes the corpus of `bulk_corpus` in
FOLDER (``build/bulk``) unless it is there, and prints both engines' stages. Shuffled bytes are
what Spark's own REST service says each stage's tasks wrote, so they hold for any cluster.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.bulk_corpus import make
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_spark import dedup_on_spark


def main() -> None:
    """Run both and print what they took, as JSON."""
    from pyspark.sql import SparkSession

    defaults = ("10000", "local[2]", "build/bulk")
    given = tuple(sys.argv[1:])
    articles, master, folder = given + defaults[len(given) :]
    files = make(int(articles), Path(folder) / "parquet", "parquet")
    builder = SparkSession.builder.master(master).config("spark.sql.shuffle.partitions", "8")
    builder = builder.config("spark.ui.port", "0").config("spark.ui.showConsoleProgress", "false")
    spark = builder.config("spark.driver.memory", "3g").getOrCreate()
    begun: list[tuple[float, str, int]] = []

    def show(stage: str, _done: int, _total: int) -> None:
        begun.append((time.perf_counter(), stage, shuffled(spark)))

    out = Path(folder) / "spark-out"
    began = time.perf_counter()
    summary = dedup_on_spark(files, str(out), progress=show, spark=spark)
    show("end", 0, 0)
    took = time.perf_counter() - began
    driver = peak_memory()
    spark.stop()
    local = Path(folder) / "local-out"
    began = time.perf_counter()
    expected = dedup_to(files, local).summary
    took_local = time.perf_counter() - began
    for place in (out, local):
        shutil.rmtree(place)
    stages: list[dict[str, Any]] = [
        {"stage": name, "seconds": round(later - at, 1), "shuffled": after - before}
        for (at, name, before), (later, _, after) in pairwise(begun)
    ]
    counts = ("kept", "clusters", "exact", "near", "partial", "candidates")
    print(json.dumps({
        "articles": int(articles), "same": [summary[name] == expected[name] for name in counts],
        "spark_seconds": round(took, 1), "local_seconds": round(took_local, 1),
        "driver_python_mb": driver, "candidates": summary["candidates"],
        "shuffled_per_article": (begun[-1][2] - begun[0][2]) // int(articles),
        "stages": stages,
    }, indent=1))  # fmt: skip


def shuffled(spark: Any) -> int:
    """Bytes written to shuffles so far."""
    context = spark.sparkContext
    address = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    with urlopen(address, timeout=30) as reply:
        return sum(int(stage["shuffleWriteBytes"]) for stage in json.load(reply))


def peak_memory() -> int:
    """Peak memory of the driver's Python process, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
