"""Pairs of texts joined with their tokens → exact overlaps, by the compiled function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from provenance.bulk import matching, verify
from provenance.bulk.candidates import PAIR_SHIFT
from provenance.bulk.kernel import I64
from provenance.bulk.matching import Corpus
from provenance.bulk.options import Options
from provenance.bulk.spark.sketches import arrays
from provenance.bulk.spark.stages import Stages
from provenance.fingerprint.text import U64

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark import Broadcast
    from pyspark.sql import DataFrame

OVERLAP = (
    "a long, b long, shared long, only_a long, only_b long, jaccard double, a_in_b double,"
    " b_in_a double, near boolean, partial boolean"
)


COLUMNS = [column.split()[0] for column in OVERLAP.split(", ")]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Compares pairs of texts on the cluster.

    Attributes:
        texts: Columns ``num`` and ``tokens`` of all texts.
        stock: Boilerplate shingles, as bytes, on every worker.
        options: See `Options`.
    """

    texts: DataFrame
    stock: Broadcast[bytes]
    options: Options

    def of(self, pairs: DataFrame) -> DataFrame:
        """Exact overlap of each pair (``a``, ``b``, of a stage): columns of `OVERLAP`."""
        from pyspark.sql import functions as f

        chosen = among(self.texts, pairs)
        tokens = [
            chosen.select(f.col("num").alias(side), f.col("tokens").alias(f"tokens_{side}"))
            for side in ("a", "b")
        ]
        joined = pairs.select("a", "b").join(tokens[0], "a").join(tokens[1], "b")
        joined = joined.select("a", "b", "tokens_a", "tokens_b")
        return joined.mapInArrow(_comparing(self.stock, self.options), OVERLAP)

    def of_new(self, pairs: DataFrame, known: DataFrame, stages: Stages, name: str) -> DataFrame:
        """The same, looking up what is known: tokens travel for new pairs only.

        Args:
            pairs: Columns ``a`` and ``b``.
            known: What `of` gave for other pairs, or some of it.
            stages: Where the new pairs are kept.
            name: Of their stage.
        """
        new = stages.stage(
            name, lambda: pairs.select("a", "b").join(known.select("a", "b"), ["a", "b"], "anti")
        )
        found = pairs.select("a", "b").join(known.select(*COLUMNS), ["a", "b"])
        return found.select(*COLUMNS).union(self.of(new))


def among(texts: DataFrame, pairs: DataFrame) -> DataFrame:
    """The texts that pairs are of, chosen where they lie.

    A bit for each text goes to every worker, through the driver: at most 125 MB for a billion
    texts, four kilobytes for each 32,768 in a row. A join would move all texts instead.
    """
    from pyspark.sql import functions as f

    wanted = pairs.select(f.explode(f.array("a", "b")).alias("num"))
    bits = wanted.groupBy(f.bitmap_bucket_number("num").alias("bucket")).agg(
        f.bitmap_construct_agg(f.bitmap_bit_position("num")).alias("bits")
    )
    joined = texts.join(f.broadcast(bits), f.bitmap_bucket_number("num") == f.col("bucket"))
    place = f.bitmap_bit_position("num").cast("int")
    octet = f.substring("bits", f.shiftright(place, 3) + 1, f.lit(1))
    number = f.conv(f.hex(octet), 16, 10).cast("int")
    return joined.where(f.getbit(number, place.bitwiseAND(7)) == 1).select(texts.columns)


def _comparing(
    stock: Broadcast[bytes], options: Options
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        table = _stock_table(stock.value)
        for batch in batches:
            if batch.num_rows:
                yield _compare(batch, table, options)

    return work


@lru_cache(maxsize=1)
def _stock_table(stock: bytes) -> U64:
    return verify.stock_table(np.frombuffer(stock, np.uint64))


def _compare(batch: pa.RecordBatch, stock: U64, options: Options) -> pa.RecordBatch:
    import pyarrow as pa

    a, b = batch.column("a").to_numpy(), batch.column("b").to_numpy()
    columns = [batch.column("tokens_a"), batch.column("tokens_b")]
    numbers, first, place = np.unique(
        np.concatenate((a, b)), return_index=True, return_inverse=True
    )
    tokens, starts = arrays(pa.concat_arrays(columns).take(pa.array(first)), np.uint32)
    corpus = bare_corpus(len(numbers), tokens=tokens, starts=starts)
    low, high = place[: len(a)].astype(np.uint64), place[len(a) :].astype(np.uint64)
    packed = np.sort(low << PAIR_SHIFT | high)
    counts = np.zeros((len(packed), 6), np.int32)
    verify.overlaps(packed, tokens, starts, stock, counts)
    pairs = matching.as_pairs(packed, counts)
    near, partial = matching.edges(pairs, counts, corpus, options.threshold, options.partial)
    return pa.RecordBatch.from_pydict({
        "a": numbers[pairs.a], "b": numbers[pairs.b],
        "shared": pairs.shared, "only_a": pairs.only_a, "only_b": pairs.only_b,
        "jaccard": pairs.jaccard, "a_in_b": pairs.a_in_b, "b_in_a": pairs.b_in_a,
        "near": near, "partial": partial,
    })  # fmt: skip


def bare_corpus(
    texts: int, *, tokens: np.ndarray[tuple[int], np.dtype[np.uint32]] | None = None,
    starts: I64 | None = None, digests: U64 | None = None,
) -> Corpus:  # fmt: skip
    """A corpus of which only what is given is known."""
    return Corpus(
        np.empty(0, np.uint32) if tokens is None else tokens,
        np.zeros(texts + 1, np.int64) if starts is None else starts,
        np.zeros(texts, np.uint64) if digests is None else digests,
        np.zeros(texts, np.int64), np.zeros(texts, np.uint32),
    )  # fmt: skip
