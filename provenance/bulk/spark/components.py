"""Connected components of a graph by joins alone.

Alternating large-star and small-star: Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii,
"Connected Components in MapReduce and Beyond", SoCC 2014. Each round moves no more edges than the
graph has, and O(log² n) rounds suffice; in practice about log of the longest path.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provenance.bulk.spark.files import remove
from provenance.bulk.spark.stages import Stages

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def components(edges: DataFrame, stages: Stages, name: str) -> DataFrame:
    """The smallest node of each node's component.

    Args:
        edges: Columns ``a`` and ``b``; their direction does not count.
        stages: Each round is a stage of its own: what is lost with a worker is made again from it.
        name: Of the stage.

    Returns:
        ``num`` and ``label``, for each node that has an edge.
    """
    from pyspark.sql import functions as f

    def settle() -> DataFrame:
        rounds = 0
        now = stages.stage(f"{name}-0", lambda: _small_star(edges.where("a <> b")))
        mark = _mark(now)
        while True:
            rounds += 1
            now = stages.stage(f"{name}-{rounds}", partial(_round, now))
            last, mark = mark, _mark(now)
            if rounds > 1:
                remove(stages.spark, stages.place(f"{name}-{rounds - 2}"))
            if mark == last:
                break
        heads = now.select(f.col("b").alias("num")).distinct()
        stars = now.select(f.col("a").alias("num"), f.col("b").alias("label"))
        return stars.union(heads.select("num", f.col("num").alias("label")))

    return stages.stage(name, settle)


def _round(edges: DataFrame) -> DataFrame:
    return _small_star(_large_star(edges))


def _mark(edges: DataFrame) -> tuple[int, int]:
    """Number of edges and a digest of them: equal when a round has changed nothing."""
    from pyspark.sql import functions as f

    count, digest = edges.agg(f.count("*"), f.bit_xor(f.xxhash64("a", "b"))).first() or (0, 0)
    return int(count), int(digest or 0)


def _large_star(edges: DataFrame) -> DataFrame:
    """Link each node's larger neighbours to the smallest of it and its neighbours."""
    from pyspark.sql import functions as f

    both = edges.select("a", "b").union(edges.select(f.col("b"), f.col("a")))
    least = both.groupBy("a").agg(f.least(f.min("b"), f.col("a")).alias("least"))
    larger = both.where("b > a").join(least, "a")
    return larger.select(f.col("b").alias("a"), f.col("least").alias("b"))


def _small_star(edges: DataFrame) -> DataFrame:
    """Link each node and its smaller neighbours to the smallest of them; ``a`` > ``b``."""
    from pyspark.sql import functions as f

    down = edges.select(f.greatest("a", "b").alias("a"), f.least("a", "b").alias("b")).distinct()
    least = down.groupBy("a").agg(f.min("b").alias("least"))
    others = down.join(least, "a").where("b <> least")
    return (
        others.select(f.col("b").alias("a"), f.col("least").alias("b"))
        .union(least.select("a", f.col("least").alias("b")))
        .distinct()
    )
