"""Parts of the engine by themselves, on the cluster."""

from __future__ import annotations

import random
from functools import partial
from itertools import pairwise
from math import log2
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from provenance.bulk.options import Options
from provenance.bulk.spark.components import components
from provenance.bulk.spark.keys import candidates
from provenance.bulk.spark.overlap import among
from provenance.bulk.spark.sketches import block_places, numbered, sketched
from provenance.bulk.spark.stages import Stages
from provenance.bulk.spark.tables import Table
from provenance.fingerprint.shingles import SHINGLE
from tests.spark.cluster import shuffled

pytestmark = pytest.mark.xdist_group("spark")


def silent(_stage: str, _done: int, _total: int) -> None:
    return


def test_a_finished_stage_is_taken_up_and_one_without_its_mark_is_not(
    spark: SparkSession, tmp_path: Path
) -> None:
    made = []

    def work() -> DataFrame:
        made.append(1)
        return spark.range(3)

    def stages(job: str = "job") -> Stages:
        return Stages(spark, str(tmp_path), job, silent)

    for _ in range(2):
        assert stages().stage("one", work).count() == 3
    assert len(made) == 1
    (tmp_path / "job" / "one" / "_SUCCESS").unlink()
    stages().stage("one", work)
    stages("other job").stage("one", work)
    assert len(made) == 3


def test_components_of_a_path_a_star_and_a_tangle_within_the_bounds(
    spark: SparkSession, tmp_path: Path
) -> None:
    rng = random.Random(5)
    nodes = rng.sample(range(1 << 40), 700)
    path, star, tangle = nodes[:256], nodes[256:400], nodes[400:]
    edges = list(pairwise(path))
    edges += [(star[0], other) for other in star[1:]] + [(star[1], star[1])]
    edges += [(rng.choice(tangle), rng.choice(tangle)) for _ in range(280)]
    sizes: list[int] = []

    def show(stage: str, _done: int, _total: int) -> None:
        last = tmp_path / "job" / f"graph-{len(sizes)}"
        if stage.startswith("graph-") and last.exists():
            sizes.append(len(pd.read_parquet(last)))

    stages = Stages(spark, str(tmp_path), "job", show)
    frame = spark.createDataFrame(edges, "a long, b long")
    found = {row.num: row.label for row in components(frame, stages, "graph").collect()}
    joined = [(a, b) for a, b in edges if a != b]
    numbers, place = np.unique(np.array(joined), return_inverse=True)
    a, b = place.reshape(-1, 2).T
    _, groups = connected_components(
        coo_matrix((np.ones(len(a)), (a, b)), shape=2 * (len(numbers),)), directed=False
    )
    least = pd.Series(numbers).groupby(groups).transform("min")
    assert found == dict(zip(numbers.tolist(), least.tolist(), strict=True))
    assert max(sizes) <= len(edges)
    assert len(sizes) <= log2(len(path)) + 2


def test_texts_of_pairs_are_chosen_where_they_lie(spark: SparkSession) -> None:
    rng = random.Random(3)
    pairs = [(rng.randrange(200_000), rng.randrange(200_000)) for _ in range(500)]
    pairs += [(0, 7), (8, 32_767), (32_768, 199_999)]
    texts = spark.range(200_000).withColumnRenamed("id", "num")
    chosen = among(texts, spark.createDataFrame(pairs, "a long, b long"))
    numbers = {number for pair in pairs for number in pair}
    assert sorted(row.num for row in chosen.collect()) == sorted(numbers)


def test_a_crowd_ten_times_as_large_moves_ten_times_the_bytes_and_makes_no_pairs(
    spark: SparkSession, tmp_path: Path
) -> None:
    """Pages that have a menu of 90 words in common, and 60 words of their own."""
    menu = " ".join(f"menu{number}" for number in range(90))
    moved = {}
    for pages in (300, 3000):
        own = f.expr("transform(sequence(1, 60), i -> concat('w', abs(hash(id, i)) % 50000))")
        text = f.concat(f.lit(f"{menu} "), f.array_join(own, " "))
        table = Table(
            spark.range(pages).select(text.alias("text"), f.lit("m.example").alias("outlet"))
        )
        stages = Stages(spark, str(tmp_path / str(pages)), "job", silent)
        sketches = stages.stage("sketches", partial(sketched, table, Options()))
        texts = numbered(sketches, block_places(sketches))
        before = shuffled(spark)
        pairs, stock = candidates(texts, stages)
        moved[pages] = shuffled(spark) - before
        assert pairs.count() == 0
        assert stock.count() == 90 - (SHINGLE - 1)
    assert moved[3000] < 12 * moved[300]
