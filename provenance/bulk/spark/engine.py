"""A table → its clusters and the table without its copies, stage by stage on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.bulk.representative import RELATIONS
from provenance.bulk.spark.choice import chosen
from provenance.bulk.spark.clusters import attached, near_labels
from provenance.bulk.spark.keys import candidates
from provenance.bulk.spark.overlap import Overlaps
from provenance.bulk.spark.sketches import block_places, numbered, sketched
from provenance.bulk.spark.stages import Stages
from provenance.bulk.spark.tables import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MOST_SPLITS = 1000
"""Splits told in the summary, the largest; all are in a stage's table until the job is done."""


def find_and_write(table: Table, out: str, options: Options, stages: Stages) -> dict[str, Any]:
    """Deduplicate a table into a folder: ``clusters.parquet``, ``kept.*``, ``set_aside.jsonl``.

    Args:
        table: What the user gave.
        out: Folder, as an address that the whole cluster can write to.
        options: See `Options`.
        stages: What is finished.

    Returns:
        Counts for the summary.

    Raises:
        InputError: There is no text in the table.
    """
    sketches = stages.stage("sketches", lambda: sketched(table, options))
    places = stages.stage("places", lambda: block_places(sketches))
    rows = numbered(sketches, places)
    texts, aside = rows.where("fault is null"), rows.where("fault <> ''")
    articles = texts.count()
    if not articles:
        raise InputError("no article could be read")
    exact = stages.stage("exact", lambda: _copies(texts))
    single = texts.join(exact.select("num"), "num", "left_anti")
    pairs, stock = candidates(single, stages)
    spark = stages.spark
    # One small array for the whole corpus: 8 bytes for each shingle of boilerplate.
    shingles = stock.toArrow().column("shingle").to_numpy().view(np.uint64)
    overlaps = Overlaps(single, spark.sparkContext.broadcast(shingles.tobytes()), options)
    edges = stages.stage("edges", lambda: overlaps.of(pairs).where("near or partial"))
    labels, splits = near_labels(edges, single, overlaps, options, stages)
    joined = stages.stage("labels", lambda: attached(edges, labels, single, stages))
    related = chosen(texts, exact, joined, edges, overlaps, options, stages)
    _write(texts, related, aside, table, out, stages)
    counts = related.groupBy("relation").count().collect()
    of_relation = {row["relation"]: row["count"] for row in counts}
    dropped = related.where("not keep").count()
    return {
        "articles": articles,
        "kept": articles - dropped,
        "clusters": of_relation.get("", 0),
        **{name: of_relation.get(name, 0) for name in RELATIONS if name},
        "set_aside": aside.count(),
        "candidates": pairs.count(),
        "boilerplate_shingles": len(shingles),
        "splits": _told(splits, texts),
    }


def _copies(texts: DataFrame) -> DataFrame:
    """Texts that are equal to an earlier one, token by token: ``num`` and its ``head``."""
    from pyspark.sql import functions as f

    some = texts.where("count > 0").select("num", "digest", "count")
    heads = some.groupBy("digest", "count").agg(
        f.min("num").alias("head"), f.count("*").alias("copies")
    )
    found = some.join(heads.where("copies > 1"), ["digest", "count"])
    return found.where("num <> head").select("num", "head")


def _told(splits: DataFrame, texts: DataFrame) -> list[dict[str, Any]]:
    from pyspark.sql import functions as f

    named = splits.join(texts.select(f.col("num").alias("centre"), "id"), "centre")
    largest = named.orderBy(f.desc("texts"), "lowest", "into").limit(MOST_SPLITS)
    return [
        {"centre": r.id, "texts": r.texts, "lowest_jaccard": r.lowest, "into": list(r.into)}
        for r in largest.collect()
    ]


def _write(
    texts: DataFrame, related: DataFrame, aside: DataFrame, table: Table, out: str, stages: Stages
) -> None:
    """Write what became of each article, and those that stay, as their format was."""
    from pyspark.sql import functions as f

    stages.progress("write", 0, 0)
    columns = texts.select("num", "id", "source").join(related, "num", "left")
    columns.select(
        "id", "source",
        f.coalesce("cluster", f.lit(-1).cast("long")).alias("cluster"),
        f.coalesce("keep", f.lit(True)).alias("keep"),
        f.coalesce("representative", "id").alias("representative"),
        f.coalesce("jaccard", f.lit(1.0)).alias("jaccard"),
        f.coalesce("containment", f.lit(1.0)).alias("containment"),
        f.coalesce("relation", f.lit("")).alias("relation"),
    ).write.mode("overwrite").parquet(f"{out}/clusters.parquet")  # fmt: skip
    dropped = related.where("not keep").select("num")
    table.write_kept(texts.join(dropped, "num", "left_anti"), out)
    faults = aside.select("file", "record", f.col("fault").alias("reason"))
    faults.write.mode("overwrite").json(f"{out}/set_aside.jsonl")
