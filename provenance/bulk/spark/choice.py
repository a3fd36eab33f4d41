"""Labels → which text stays for each cluster, and how the others relate to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from provenance.bulk.options import Options
from provenance.bulk.representative import RELATIONS, relate
from provenance.bulk.spark.overlap import Overlaps
from provenance.bulk.spark.stages import Stages

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

RELATED = (
    "num long, cluster long, keep boolean, representative string, jaccard double,"
    " containment double, relation string"
)


def chosen(
    texts: DataFrame, exact: DataFrame, labels: DataFrame, edges: DataFrame, overlaps: Overlaps,
    options: Options, stages: Stages,
) -> DataFrame:  # fmt: skip
    """What became of each text that is in a cluster: columns of `RELATED`.

    Args:
        texts: Sketches, numbered.
        exact: ``num`` and ``head`` of each text that is equal to an earlier one.
        labels: ``num`` and ``label`` of the others that have company.
        edges: What `overlaps` gave for candidates.
        overlaps: Compares texts with representatives.
        options: See `Options`.
        stages: Where each step is kept.
    """
    from pyspark.sql import functions as f

    members = stages.stage("members", lambda: _members(texts, exact, labels, options))
    best = members.where("num = representative")
    heads = stages.stage("representatives", lambda: best.orderBy("id", "digest").select(
        "num", "head", "id", f.spark_partition_id().alias("part"),
        f.monotonically_increasing_id().alias("place"),
    ))  # fmt: skip
    rows = members.join(_counted(heads), "representative")
    other = rows.where("head <> representative_head")
    pairs = other.select(
        f.least("head", "representative_head").alias("a"),
        f.greatest("head", "representative_head").alias("b"),
    ).distinct()

    def related() -> DataFrame:
        compared = overlaps.of_new(pairs, edges, stages, "far-representatives")
        found = compared.select("a", "b", "jaccard", "a_in_b", "b_in_a")
        low, high = (
            f.least("head", "representative_head"),
            f.greatest("head", "representative_head"),
        )
        joined = rows.withColumn("a", low).withColumn("b", high).join(found, ["a", "b"], "left")
        inside = f.when(f.col("head") == f.col("a"), f.col("a_in_b")).otherwise(f.col("b_in_a"))
        measured = joined.select(
            "num", "cluster", f.col("representative_id").alias("representative"),
            (f.col("num") == f.col("representative")).alias("itself"),
            (f.col("head") == f.col("representative_head")).alias("exact"),
            f.coalesce("jaccard", f.lit(1.0)).alias("jaccard"),
            f.coalesce(inside, f.lit(1.0)).alias("containment"),
        )  # fmt: skip
        return measured.mapInArrow(_relating(options.threshold), RELATED)

    return stages.stage("related", related)


def _members(texts: DataFrame, exact: DataFrame, labels: DataFrame, options: Options) -> DataFrame:
    """The texts of each cluster, with the number of the one that stays for it."""
    from pyspark.sql import functions as f

    columns = texts.select("num", "id", "digest", "preference")
    with_head = columns.join(exact, "num", "left").withColumn("head", f.coalesce("head", "num"))
    of_head = labels.select(f.col("num").alias("head"), "label")
    joined = with_head.join(of_head, "head", "left").withColumn(
        "label", f.coalesce("label", "head")
    )
    ties = [] if options.keep == "first" else ["digest", "id"]
    best = f.min(f.struct("preference", *ties, "num"))
    groups = joined.groupBy("label").agg(f.count("*").alias("size"), best.alias("best"))
    groups = groups.where("size > 1").select("label", f.col("best.num").alias("representative"))
    return joined.join(groups, "label").select("num", "head", "id", "digest", "representative")


def _counted(heads: DataFrame) -> DataFrame:
    """Representatives, in order of their ids, with the numbers of their clusters from 0."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    place = f.col("place").bitwiseAND((1 << 33) - 1)
    sizes = heads.groupBy("part").agg(f.count("*").alias("rows"))
    before = Window.orderBy("part").rowsBetween(Window.unboundedPreceding, -1)
    bases = sizes.select(
        "part", f.coalesce(f.sum("rows").over(before), f.lit(0).cast("long")).alias("base")
    )
    return heads.join(f.broadcast(bases), "part").select(
        f.col("num").alias("representative"), f.col("head").alias("representative_head"),
        f.col("id").alias("representative_id"), (f.col("base") + place).alias("cluster"),
    )  # fmt: skip


def _relating(
    threshold: float,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        names = pa.array(RELATIONS)
        for batch in batches:
            columns = [batch.column(name).to_numpy(zero_copy_only=False)
                       for name in ("itself", "exact", "jaccard", "containment")]  # fmt: skip
            relation, keep = relate(*columns, threshold)
            yield pa.RecordBatch.from_pydict({
                "num": batch.column("num"), "cluster": batch.column("cluster"),
                "keep": np.asarray(keep), "representative": batch.column("representative"),
                "jaccard": columns[2], "containment": columns[3],
                "relation": names.take(pa.array(relation)),
            })  # fmt: skip

    return work
