"""Verified pairs → a label for each text: components, loose ones split, partial copies attached."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from provenance.bulk.clusters import attach_partial, stars
from provenance.bulk.matching import SLACK, Pairs
from provenance.bulk.options import Options
from provenance.bulk.spark.components import components
from provenance.bulk.spark.groups import in_groups, parts
from provenance.bulk.spark.overlap import Overlaps, bare_corpus
from provenance.bulk.spark.sketches import unordered
from provenance.bulk.spark.stages import Stages

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame


def near_labels(
    edges: DataFrame, texts: DataFrame, overlaps: Overlaps, options: Options, stages: Stages
) -> tuple[DataFrame, DataFrame]:
    """Clusters of near-duplicates that hold together.

    Args:
        edges: Compared pairs that are near or partial.
        texts: Columns ``num`` and ``digest``.
        overlaps: Compares members with centres.
        options: See `Options`.
        stages: Where each step is kept.

    Returns:
        ``num`` and ``label`` of each text that has a near-duplicate; and for each split set
        ``label``, ``centre``, ``texts``, ``lowest``, ``into``.
    """
    from pyspark.sql import functions as f

    near = edges.where("near").select("a", "b")
    labels = components(near, stages, "components")
    stars_of = stages.stage("centres", lambda: _centres(near, labels, texts))
    centres = stars_of.where("num <> centre").select(
        "label", f.least("num", "centre").alias("a"), f.greatest("num", "centre").alias("b")
    )

    def loose() -> DataFrame:
        compared = overlaps.of_new(centres, edges, stages, "far-centres")
        found = compared.select("a", "b", "jaccard")
        lowest = centres.join(found, ["a", "b"]).groupBy("label")
        bounds = lowest.agg((f.count("*") + 1).alias("texts"), f.min("jaccard").alias("lowest"))
        return bounds.where(f.col("lowest") < options.threshold - SLACK)

    bounds = stages.stage("loose", loose)
    split = stages.stage("split", lambda: _split(near, bounds, stars_of))
    sizes = split.groupBy("label", "part").agg(f.count("*").alias("size")).groupBy("label")
    into = sizes.agg(f.sort_array(f.collect_list("size"), asc=False).alias("into"))
    parts = split.select("num", "part")
    mended = labels.join(parts, "num", "left").select(
        "num", f.coalesce("part", "label").alias("label")
    )
    middles = stars_of.select("label", "centre").distinct()
    return mended, bounds.join(into, "label").join(middles, "label")


def _centres(near: DataFrame, labels: DataFrame, texts: DataFrame) -> DataFrame:
    """The members of each component of more than two, with its centre: the best linked."""
    from pyspark.sql import functions as f

    both = near.union(near.select(f.col("b"), f.col("a")))
    degrees = both.groupBy(f.col("a").alias("num")).agg(f.count("*").alias("degree"))
    members = degrees.join(labels, "num").join(texts.select("num", "digest"), "num")
    best = f.min(f.struct((-f.col("degree")).alias("degree"), "digest", "num"))
    of_label = members.groupBy("label").agg(f.count("*").alias("size"), best.alias("best"))
    large = of_label.where("size > 2").select("label", f.col("best.num").alias("centre"))
    return members.join(large, "label").select("num", "label", "digest", "centre")


def _split(near: DataFrame, loose: DataFrame, members: DataFrame) -> DataFrame:
    """Texts of loose components, with the part each is in: ``label``, ``num``, ``part``."""
    from pyspark.sql import functions as f

    of_loose = members.join(loose.select("label"), "label").select("num", "label", "digest")
    ends = []
    for side, label in (("a", ["label"]), ("b", [])):
        end = (f.col("num").alias(side), f.col("digest").alias(f"digest_{side}"))
        ends.append(of_loose.select(*end, *label))
    edges = near.join(ends[0], "a").join(ends[1], "b")
    return in_groups(edges, "label", _stars_of, "label long, num long, part long")


def _stars_of(groups: pa.Table) -> pa.Table:
    import pyarrow as pa

    places = parts(groups.column("label").to_numpy())
    return pa.concat_tables(_stars_of_one(groups.slice(p.start, p.stop - p.start)) for p in places)


def _stars_of_one(group: pa.Table) -> pa.Table:
    import pyarrow as pa

    a, b, digest_a, digest_b = (
        group.column(name).to_numpy() for name in ("a", "b", "digest_a", "digest_b")
    )
    numbers, first, place = np.unique(
        np.concatenate((a, b)), return_index=True, return_inverse=True
    )
    digests = unordered(np.concatenate((digest_a, digest_b))[first])
    neighbours: dict[int, set[int]] = defaultdict(set)
    for x, y in zip(place[: len(a)].tolist(), place[len(a) :].tolist(), strict=True):
        neighbours[x].add(y)
        neighbours[y].add(x)
    corpus = bare_corpus(len(numbers), digests=digests)
    parts = np.empty(len(numbers), np.int64)
    for part in stars(list(range(len(numbers))), neighbours, corpus):
        parts[part] = numbers[min(part)]
    label = np.full(len(numbers), group.column("label")[0].as_py())
    return pa.table({"label": label, "num": numbers, "part": parts})


def attached(edges: DataFrame, labels: DataFrame, texts: DataFrame, stages: Stages) -> DataFrame:
    """Labels once partial copies have joined the cluster of a text that holds them.

    Args:
        edges: Compared pairs that are near or partial.
        labels: From `near_labels`.
        texts: Columns ``num``, ``digest``, ``count``.
        stages: Where each step is kept.

    Returns:
        ``num``, ``label``, of all texts that have a near-duplicate or a partial copy.
    """
    from pyspark.sql import functions as f

    def ends() -> DataFrame:
        known = texts.select("num", "digest", "count").join(labels, "num", "left")
        found = edges.where("partial").drop("near", "partial", "jaccard", "a_in_b", "b_in_a")
        for side in ("a", "b"):
            end = known.select(
                f.col("num").alias(side), f.col("digest").alias(f"digest_{side}"),
                f.col("count").alias(f"count_{side}"),
                f.coalesce("label", "num").alias(f"label_{side}"),
            )  # fmt: skip
            found = found.join(end, side)
        return found

    partial = stages.stage("partial", ends)
    clusters = partial.select(f.col("label_a").alias("a"), f.col("label_b").alias("b"))
    groups = components(clusters, stages, "partial-components")

    def roots() -> DataFrame:
        of_group = groups.select(f.col("num").alias("label_a"), f.col("label").alias("group"))
        joined = partial.join(of_group, "label_a")
        return in_groups(joined, "group", _attach, "label long, root long")

    roots_of = stages.stage("attached", roots)
    lone = partial.select(f.explode(f.array("a", "b")).alias("num")).distinct()
    lone = lone.join(labels, "num", "left_anti").select("num", f.col("num").alias("label"))
    everyone = labels.union(lone).join(roots_of, "label", "left")
    return everyone.select("num", f.coalesce("root", "label").alias("label"))


def _attach(groups: pa.Table) -> pa.Table:
    """The root of each cluster that joins another, in whole connected sets of clusters."""
    import pyarrow as pa

    columns = {name: groups.column(name).to_numpy() for name in groups.column_names}
    ends = [np.concatenate((columns[f"{name}a"], columns[f"{name}b"]))
            for name in ("", "digest_", "count_", "label_")]  # fmt: skip
    numbers, place = np.unique(np.concatenate((ends[0], ends[3])), return_inverse=True)
    texts = place[: len(ends[0])]
    digests, counts = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
    digests[texts], counts[texts] = ends[1], ends[2]
    labels = np.arange(len(numbers))
    labels[texts] = place[len(texts) :]
    starts = np.concatenate(([0], np.cumsum(counts)))
    corpus = bare_corpus(len(numbers), starts=starts, digests=unordered(digests))
    a, b = texts[: groups.num_rows], texts[groups.num_rows :]
    shared, only_a, only_b = (columns[name] for name in ("shared", "only_a", "only_b"))
    roots = attach_partial(labels, Pairs(a, b, shared, only_a, only_b), corpus)
    moved = np.flatnonzero(roots != labels)
    found, first = np.unique(labels[moved], return_index=True)
    return pa.table({"label": numbers[found], "root": numbers[roots[moved[first]]]})
