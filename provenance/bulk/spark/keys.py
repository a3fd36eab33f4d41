"""Keys by shuffle → pairs worth comparing, with crowded keys judged as the local engine does.

A key's texts come sorted, one after another, and at most `CROWD` of them are held: a key that a
million texts have is told from the others as it streams by, and makes no pairs of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.bulk.boilerplate import NEIGHBOURS, SAMPLE, judge_sample
from provenance.bulk.candidates import CROWD, LEAST_SHARE, LOW_32, PAIR_SHIFT, bucket_pairs
from provenance.bulk.kernel import ID_BITS
from provenance.bulk.spark.groups import in_groups, parts
from provenance.bulk.spark.sketches import arrays
from provenance.bulk.spark.stages import Stages

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

Columns = dict[str, Any]


def buckets(texts: DataFrame) -> DataFrame:
    """Texts that share keys.

    Args:
        texts: Columns ``num``, ``key_count``, ``keys``; one of each group of exact duplicates.

    Returns:
        ``key``, ``a``, ``b``, ``smaller``: for each pair of each small bucket, ``a`` < ``b`` and
        the key count of the one that has fewer; for each text of a crowd, ``a`` only.
    """
    chosen = texts.where("key_count > 0").select("num", "key_count", "keys")
    keys = chosen.mapInArrow(_spread, "key long, num long, key_count int")
    together = keys.repartition("key").sortWithinPartitions("key", "num")
    return together.mapInArrow(_pair_up, "key long, a long, b long, smaller int")


def _spread(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Each key of each text once."""
    import pyarrow as pa

    for batch in batches:
        keys, places = arrays(batch.column("keys"), np.int64)
        owner = np.repeat(np.arange(batch.num_rows), np.diff(places))
        order = np.lexsort((keys, owner))
        keys, owner = keys[order], owner[order]
        new = np.ones(len(keys), np.bool_)
        new[1:] = (keys[1:] != keys[:-1]) | (owner[1:] != owner[:-1])
        yield pa.RecordBatch.from_pydict({
            "key": keys[new],
            "num": batch.column("num").to_numpy()[owner[new]],
            "key_count": batch.column("key_count").to_numpy()[owner[new]],
        })  # fmt: skip


def _pair_up(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Walk sorted keys; the last bucket of a batch waits for the next, unless it is a crowd."""
    names = ("key", "num", "key_count")
    held: list[Any] = [np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int32)]
    crowd: int | None = None
    for batch in batches:
        rows: list[Any] = [np.concatenate((old, batch.column(name).to_numpy()))
                for old, name in zip(held, names, strict=True)]  # fmt: skip
        if crowd is not None:
            more = int(np.searchsorted(rows[0], crowd, "right"))
            yield _crowd(rows[0][:more], rows[1][:more])
            rows = [column[more:] for column in rows]
        if not len(rows[0]):
            held = rows
            continue
        last = int(np.searchsorted(rows[0], rows[0][-1]))
        yield from _whole(*(column[:last] for column in rows))
        held, crowd = [column[last:] for column in rows], None
        if len(held[0]) >= CROWD:
            crowd = int(held[0][0])
            yield _crowd(held[0], held[1])
            held = [column[:0] for column in held]
    yield from _whole(*held)


def _whole(keys: Any, numbers: Any, key_counts: Any) -> Iterator[pa.RecordBatch]:
    """Pairs and crowds of buckets that are whole."""
    if not len(keys):
        return
    new = np.concatenate(([True], keys[1:] != keys[:-1]))
    bucket = np.cumsum(new) - 1
    crowded = np.bincount(bucket)[bucket] >= CROWD
    if crowded.any():
        yield _crowd(keys[crowded], numbers[crowded])
    texts, first, place = np.unique(numbers, return_index=True, return_inverse=True)
    words = bucket.astype(np.uint64) << np.uint64(ID_BITS) | place.astype(np.uint64)
    pairs, _ = bucket_pairs(words, np.ones(len(texts), np.bool_))
    a, b = (pairs >> PAIR_SHIFT).astype(np.int64), (pairs & LOW_32).astype(np.int64)
    counts = key_counts[first]
    yield _rows(np.zeros(len(a), np.int64), texts[a], texts[b], np.minimum(counts[a], counts[b]))


def _crowd(keys: Any, numbers: Any) -> pa.RecordBatch:
    import pyarrow as pa

    none = pa.nulls(len(keys), pa.int64())
    return _rows(keys, numbers, none, none.cast(pa.int32()))


def _rows(key: Any, a: Any, b: Any, smaller: Any) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict({"key": key, "a": a, "b": b, "smaller": smaller})


def crowd_members(found: DataFrame, texts: DataFrame) -> DataFrame:
    """The texts of each different crowd, with what sampling and linking need.

    A paragraph that many have makes many keys of the same texts: one of them stands for all.

    Args:
        found: From `buckets`.
        texts: Columns ``num``, ``digest``, ``outlet``, ``count``.

    Returns:
        ``key``, ``num``, ``count``, ``digest``, ``sampled``, ``own`` (sampled of the outlet that
        has most).
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    crowded = found.where("b is null").select("key", f.col("a").alias("num"))
    same = crowded.groupBy("key").agg(
        f.count("*").alias("size"), f.bit_xor(f.xxhash64("num")).alias("mix")
    )
    chosen = same.groupBy("size", "mix").agg(f.min("key").alias("key"))
    members = crowded.join(chosen.select("key", "size"), "key").join(
        texts.select("num", "digest", "outlet", "count"), "num"
    )
    outlets = members.where("outlet <> 0").groupBy("key", "outlet").agg(f.count("*").alias("most"))
    largest = (
        outlets.groupBy("key")
        .agg(f.min(f.struct(-f.col("most"), f.col("outlet"))).alias("least"))
        .select("key", f.col("least.outlet").alias("outlet"), (-f.col("least.col1")).alias("most"))
        .where(f.col("most") >= CROWD)
    )
    members = members.join(largest, ["key", "outlet"], "left")
    by_digest = Window.partitionBy("key").orderBy("digest")
    of_outlet = Window.partitionBy("key", "outlet").orderBy("digest")
    return members.select(
        "key", "num", "count", "digest",
        _evenly(f.row_number().over(by_digest) - 1, f.col("size")).alias("sampled"),
        f.coalesce(
            _evenly(f.row_number().over(of_outlet) - 1, f.col("most")), f.lit(False)
        ).alias("own"),
    )  # fmt: skip


def _evenly(rank: Column, size: Column) -> Column:
    """Whether a rank is one of `SAMPLE` evenly spaced ones."""
    from pyspark.sql import functions as f

    step = f.ceil(rank * SAMPLE / size)
    return (step < SAMPLE) & (f.floor(step * size / SAMPLE) == rank)


def judged(members: DataFrame, texts: DataFrame) -> DataFrame:
    """For each crowd (``key``) whether it ran one ``story``, else its boilerplate (``stock``)."""
    sample = members.where("sampled or own").select("key", "num", "sampled", "own")
    joined = sample.join(texts.select("num", "tokens"), "num")
    return in_groups(joined, "key", _judge, "key long, story boolean, stock array<long>")


def _judge(groups: pa.Table) -> pa.Table:
    import pyarrow as pa

    places = parts(groups.column("key").to_numpy())
    return pa.concat_tables(_judge_one(groups.slice(p.start, p.stop - p.start)) for p in places)


def _judge_one(group: pa.Table) -> pa.Table:
    import pyarrow as pa

    # The order of a sample does not count but for its tables' layout: digests are left behind.
    group = group.sort_by("num").combine_chunks()
    tokens, starts = arrays(group.column("tokens").combine_chunks(), np.uint32)
    sample, own = (np.flatnonzero(group.column(name).to_numpy()) for name in ("sampled", "own"))
    story, stock = judge_sample(sample, own, tokens, starts)
    return pa.table({
        "key": group.column("key").slice(0, 1),
        "story": [story],
        "stock": pa.array([stock.view(np.int64)], pa.list_(pa.int64())),
    })  # fmt: skip


def links(members: DataFrame, judgements: DataFrame) -> DataFrame:
    """Pairs of the crowds that ran a story: each with its neighbours by length and the sample."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    stories = members.join(judgements.where("story").select("key"), "key")
    by_length = Window.partitionBy("key").orderBy("count", "digest")
    steps = range(1, NEIGHBOURS + 1)
    after = f.array(*(f.lead("num", step).over(by_length) for step in steps))
    beside = stories.select(f.col("num").alias("x"), after.alias("after"))
    beside = beside.select("x", f.explode("after").alias("y")).where("y is not null")
    hubs = stories.where("sampled").select("key", f.col("num").alias("x"))
    spokes = hubs.join(stories.select("key", f.col("num").alias("y")), "key").where("x <> y")
    both = beside.union(spokes.select("x", "y"))
    return both.select(f.least("x", "y").alias("a"), f.greatest("x", "y").alias("b"))


def worthwhile(found: DataFrame, linked: DataFrame) -> DataFrame:
    """The pairs that share enough keys, and the links, each once: ``a``, ``b``."""
    from pyspark.sql import functions as f

    sharing = found.where("b is not null").groupBy("a", "b")
    enough = sharing.agg(f.count("*").alias("keys"), f.min("smaller").alias("smaller")).where(
        f.col("keys") * LEAST_SHARE >= f.col("smaller")
    )
    return enough.select("a", "b").union(linked).distinct()


def candidates(texts: DataFrame, stages: Stages) -> tuple[DataFrame, DataFrame]:
    """Pairs worth comparing, and the boilerplate shingles (``shingle``).

    Args:
        texts: Sketches, numbered; one of each group of exact duplicates.
        stages: Where each step is kept.
    """
    from pyspark.sql import functions as f

    found = stages.stage("buckets", lambda: buckets(texts))
    members = stages.stage("crowds", lambda: crowd_members(found, texts))
    judgements = stages.stage("judged", lambda: judged(members, texts))
    pairs = stages.stage("pairs", lambda: worthwhile(found, links(members, judgements)))
    stock = judgements.select(f.explode("stock").alias("shingle")).distinct()
    return pairs, stock
