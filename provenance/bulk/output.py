"""The table of clusters, as the contract says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from provenance.bulk.batch import names
from provenance.bulk.corpus import File
from provenance.bulk.pipeline import Found
from provenance.bulk.representative import RELATIONS

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1 << 16


def cluster_tables(found: Found, files: Sequence[File]) -> Iterator[pa.Table]:
    """The contract's table of clusters, some rows at a time.

    Args:
        found: What became of each article.
        files: The inputs; empty when the articles came from memory.
    """
    import pyarrow as pa

    about, choice, keep = found.about, found.choice, found.keep
    ids = about.column("id")
    relations = pa.array(RELATIONS)
    for start in range(0, max(1, len(ids)), ROWS):
        part = slice(start, start + ROWS)
        columns = {
            "id": ids.slice(start, ROWS).cast(pa.string()),
            "source": _sources(about.slice(start, ROWS), files),
            "cluster": choice.cluster[part],
            "keep": keep[part],
            "representative": ids.take(choice.representative[part]).cast(pa.string()),
            "jaccard": choice.jaccard[part],
            "containment": choice.containment[part],
            "relation": relations.take(pa.array(choice.relation[part])),
        }
        if found.indexed_as is not None:
            columns["indexed_as"] = found.indexed_as.slice(start, ROWS).cast(pa.string())
        yield pa.table(columns)


def _sources(about: pa.Table, files: Sequence[File]) -> pa.ChunkedArray:
    """File and record of each article."""
    import pyarrow as pa

    numbers, records = (about.column(name).to_numpy() for name in ("file", "record"))
    cuts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    chunks = [
        names(files[numbers[a]].name if files else "", records[a:b]).cast(pa.string())
        for a, b in pairwise(cuts)
        if a < b
    ]
    return pa.chunked_array(chunks, pa.string())


def write_clusters(path: Path, found: Found, files: Sequence[File]) -> None:
    """Write the table of clusters as Parquet."""
    from pyarrow.parquet import ParquetWriter

    writer = None
    for table in cluster_tables(found, files):
        writer = writer or ParquetWriter(path, table.schema, use_dictionary=["relation"])
        writer.write_table(table)
    if writer:
        writer.close()
