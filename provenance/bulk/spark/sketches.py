"""Rows of any table Spark reads → sketches, and the number of each row in the input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

from provenance.article import InputError, SetAside
from provenance.bulk.batch import Batch, names, outlet_hashes
from provenance.bulk.columns import table_batches
from provenance.bulk.kernel import I64, ID_BITS
from provenance.bulk.matching import SHORTEST, Corpus
from provenance.bulk.options import Options
from provenance.bulk.representative import preference
from provenance.bulk.sketch import sketch
from provenance.bulk.spark.lines import line_rows, page_line, page_row, row_batches
from provenance.bulk.spark.tables import LINES, ROW, Table
from provenance.bulk.windows import windows
from provenance.fingerprint.text import U64

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

SIGN = np.uint64(1 << 63)
SKETCH = (
    "file string, block long, at long, fault string, id string, outlet long, "
    "preference array<long>, count int, digest long, key_count int, keys binary, tokens binary"
)


def ordered(digests: U64) -> I64:
    """Unsigned words as signed ones of the same order: SQL has no unsigned type."""
    return (digests ^ SIGN).view(np.int64)


def unordered(words: I64) -> U64:
    """The words that `ordered` was given."""
    return words.view(np.uint64) ^ SIGN


def sketched(table: Table, options: Options) -> DataFrame:
    """Each record with its sketch, or with the reason why it has none.

    Args:
        table: What the user gave.
        options: See `Options`.

    Returns:
        Columns of `SKETCH` and `ROW`: file, block of it and place in the block; fault (empty for
        a blank line, which is no record); what decides which version stays; token count, digest
        (see `ordered`), keys, tokens.

    Raises:
        InputError: The table has no texts.
    """
    from pyspark.sql import functions as f
    from pyspark.sql.types import StructType

    rows, kind = table.rows, table.kind
    if kind in LINES:
        only = f.col("value" if kind == "jsonl" else "content")
        row = f.struct(only.cast("binary").alias("value")).alias(ROW)
    else:
        wanted = [options.columns.get(name, name) for name in ("text", "html")]
        if not set(wanted) & set(rows.columns):
            raise InputError(f"no column {wanted[0]!r}; name it with --column text=…")
        row = f.struct(*(f.col(f"`{name}`") for name in rows.columns)).alias(ROW)
    at = f.lit(None).cast("long")
    if kind:
        file, block = f.col("_metadata.file_path"), f.col("_metadata.file_block_start")
        if kind == "parquet":
            block, at = f.lit(0).cast("long"), f.col("_metadata.row_index")
    else:
        file, block = f.lit(""), f.spark_partition_id().cast("long")
    placed = rows.select(file.alias("file"), block.cast("long").alias("block"), at.alias("at"), row)
    # Not as text: names of columns may hold dots.
    schema = StructType.fromDDL(SKETCH).add(placed.schema[ROW])
    return placed.mapInArrow(_sketching(kind, options), schema)


def _sketching(
    kind: str, options: Options
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        seen: dict[tuple[str, int], int] = {}
        for batch in batches:
            files, blocks = batch.column("file"), batch.column("block").to_numpy()
            codes = files.dictionary_encode().indices.to_numpy()
            new = np.flatnonzero((np.diff(codes) != 0) | (np.diff(blocks) != 0)) + 1
            for start, stop in pairwise([0, *new.tolist(), batch.num_rows]):
                part = batch.slice(start, stop - start)
                if not part.num_rows:
                    continue
                name, block = _path(files[start].as_py()), int(blocks[start])
                if part.column("at").null_count:
                    first = seen.get((name, block), 0)
                    at = np.arange(first, first + part.num_rows)
                    seen[name, block] = first + part.num_rows
                    part = part.set_column(2, "at", pa.array(at))
                yield _sketch_part(part, name, kind, options)

    return work


def _path(address: str) -> str:
    """A file as the local engine would call it, which Spark writes as an address."""
    return re.sub("^file:(//)?(?=/)", "", unquote(address))


def _sketch_part(part: pa.RecordBatch, file: str, kind: str, options: Options) -> pa.RecordBatch:
    """Sketch rows of one block of a file."""
    import pyarrow as pa

    rows = np.arange(part.num_rows)
    record = part.column(ROW)
    # A blank line is no record: neither text nor fault.
    faults: list[str | None] = ["" if kind == "jsonl" else None] * part.num_rows
    if kind in LINES:
        values = record.field("value").to_pylist()
        if kind == "jsonl":
            found_rows = list(line_rows(values))
        else:
            found_rows = [page_row(values[0], kind, file)]
            record = pa.StructArray.from_arrays([pa.array([page_line(found_rows[0])])], ["value"])
        items = row_batches(iter(found_rows), options.columns)
    else:
        table = pa.RecordBatch.from_struct_array(record)
        items = table_batches(table, "", -1, rows + 1, options.columns, 0.0)
    found, texts = _nothing(), np.empty(0, np.int64)
    for item in items:
        if isinstance(item, SetAside):
            faults[int(item.record) - 1] = item.reason
        else:
            found = pa.table(_columns_of(item, options))
            texts = item.about.column("record").to_numpy() - 1
    place = np.full(part.num_rows, -1)
    place[texts] = np.arange(len(texts))
    for text in texts.tolist():
        faults[text] = None
    found = found.take(pa.array(place, mask=place < 0)).combine_chunks()
    columns = {name: found.column(name).combine_chunks() for name in found.column_names}
    return pa.RecordBatch.from_pydict({
        "file": pa.array([file] * part.num_rows), "block": part.column("block"),
        "at": part.column("at"), "fault": pa.array(faults, pa.string()), **columns, ROW: record,
    })  # fmt: skip


def _nothing() -> pa.Table:
    import pyarrow as pa

    return pa.schema({
        "id": pa.string(), "outlet": pa.int64(), "preference": pa.list_(pa.int64()),
        "count": pa.int32(), "digest": pa.int64(), "key_count": pa.int32(),
        "keys": pa.binary(), "tokens": pa.binary(),
    }).empty_table()  # fmt: skip


def _columns_of(batch: Batch, options: Options) -> Mapping[str, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    sizes = windows(options.threshold, options.partial)
    done = sketch(batch.data, batch.offsets, sizes, SHORTEST)
    corpus = Corpus(
        done.tokens, np.concatenate(([0], np.cumsum(done.counts))), done.digests,
        done.key_counts, outlet_hashes(batch.about),
    )  # fmt: skip
    texts = np.arange(len(done.counts))
    about = pa.Table.from_batches([batch.about])
    keys = preference(options.keep, texts, corpus, about)
    preferred = np.stack(keys, axis=1) if keys else np.empty((len(texts), 0), np.int64)
    id = batch.about.column("id")
    without = pc.equal(id, names("", batch.about.column("record").to_numpy()))
    order = np.argsort(done.keys & np.uint64((1 << ID_BITS) - 1), kind="stable")
    return {
        "id": pc.if_else(without, None, id).cast(pa.string()),
        "outlet": pa.array(corpus.outlets.astype(np.int64)),
        "preference": pa.ListArray.from_arrays(
            pa.array(np.arange(len(texts) + 1, dtype=np.int32) * preferred.shape[1]),
            pa.array(preferred.ravel()),
        ),
        "count": pa.array(done.counts.astype(np.int32)),
        "digest": pa.array(ordered(done.digests)),
        "key_count": pa.array(done.key_counts.astype(np.int32)),
        "keys": binary((done.keys[order] >> np.uint64(ID_BITS)).view(np.int64), done.key_counts),
        "tokens": binary(done.tokens, done.counts),
    }


def binary(words: np.ndarray[Any, Any], counts: I64) -> pa.Array:
    """Arrays end to end as a column of bytes."""
    import pyarrow as pa

    ends = np.concatenate(([0], np.cumsum(counts))) * words.itemsize
    buffers = [None, pa.py_buffer(ends.astype(np.int64)), pa.py_buffer(words)]
    return pa.Array.from_buffers(pa.large_binary(), len(counts), buffers).cast(pa.binary())


def arrays(column: pa.Array, kind: type[np.generic]) -> tuple[np.ndarray[Any, Any], I64]:
    """A column of bytes as arrays end to end, and where each begins and the last ends."""
    import pyarrow as pa

    large = column.cast(pa.large_binary())
    _, places, data = large.buffers()
    ends = np.frombuffer(places, np.int64)[large.offset : large.offset + len(large) + 1]
    octets = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
    size = np.dtype(kind).itemsize
    # Copied: compiled code is made for arrays that can be written to.
    return octets.view(kind).copy(), (ends - ends[0]) // size


def block_places(sketches: DataFrame) -> DataFrame:
    """For each block of each file, the numbers of the rows before it: in the file, and in all."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    sizes = sketches.groupBy("file", "block").agg((f.max("at") + 1).alias("rows"))
    before = Window.rowsBetween(Window.unboundedPreceding, -1)
    zero = f.lit(0).cast("long")
    of_file = f.sum("rows").over(before.partitionBy("file").orderBy("block"))
    of_all = f.sum("rows").over(before.orderBy("file", "block"))
    return sizes.select(
        "file", "block",
        f.coalesce(of_file, zero).alias("file_base"), f.coalesce(of_all, zero).alias("base"),
    ).coalesce(1)  # fmt: skip


def numbered(sketches: DataFrame, places: DataFrame) -> DataFrame:
    """Sketches with ``num``, ascending as the input is, ``record``, ``source`` and ``id``."""
    from pyspark.sql import functions as f

    record = (f.col("file_base") + f.col("at") + 1).cast("string")
    source = f.concat("file", f.lit("#"), record)
    return (
        sketches.join(f.broadcast(places), ["file", "block"])
        .withColumn("num", f.col("base") + f.col("at"))
        .withColumn("record", record)
        .withColumn("source", source)
        .withColumn("id", f.coalesce("id", source))
    )
