"""The folder `dedup` leaves: clusters, kept records byte for byte, what was set aside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import orjson

from provenance.bulk.corpus import Reader
from provenance.sources.recognise import decompressed

if TYPE_CHECKING:
    import pandas as pd


def write_all(table: pd.DataFrame, reader: Reader, files: list[str], out: Path) -> None:
    """Write all but the summary."""
    table.to_parquet(out / "clusters.parquet", index=False)
    kept: dict[str, set[int]] = {path: set() for path in files}
    for source in table["source"][table["keep"]]:
        path, _, number = source.rpartition("#")
        kept[path].add(int(number))
    aside = list(reader.set_aside)
    parquet = [path for path in files if reader.kind(path) == "parquet"]
    if parquet:
        _write_parquet(parquet, kept, out)
    (out / "kept.jsonl").unlink(missing_ok=True)
    for kind in ("jsonl", "csv", "pages"):
        paths = [path for path in files if reader.kind(path) == kind]
        if paths:
            suffix = "csv" if kind == "csv" else "jsonl"
            with (out / f"kept.{suffix}").open("ab" if kind == "pages" else "wb") as target:
                _write_rows(paths, kept, reader, kind, target)
    reader.set_aside[:] = aside  # reading again found the same again
    with (out / "set_aside.jsonl").open("wb") as target:
        for item in aside:
            row = {"file": item.source, "record": item.record, "reason": item.reason}
            target.write(orjson.dumps(row) + b"\n")


def _write_rows(
    paths: list[str], kept: dict[str, set[int]], reader: Reader, kind: str, target: BinaryIO
) -> None:
    for index, path in enumerate(paths):
        if kind == "csv" and index == 0:
            with Path(path).open("rb") as stream:
                target.write(decompressed(stream, path).readline())
        for row in reader.rows(path):
            if row.number in kept[path]:
                target.write(row.raw)


def _write_parquet(paths: list[str], kept: dict[str, set[int]], out: Path) -> None:
    """Kept rows with all their columns; files of another schema go to files of their own."""
    from pyarrow.parquet import ParquetFile, ParquetWriter

    writers: dict[str, ParquetWriter] = {}
    for path in paths:
        file = ParquetFile(path)
        schema = file.schema_arrow
        name = str(schema)
        if name not in writers:
            number = f"-{len(writers) + 1}" if writers else ""
            writers[name] = ParquetWriter(
                out / f"kept{number}.parquet", schema, use_dictionary=False
            )
        first = 1
        for batch in file.iter_batches():
            chosen = np.array([first + i in kept[path] for i in range(batch.num_rows)], dtype=bool)
            first += batch.num_rows
            writers[name].write_batch(batch.filter(chosen))
    for writer in writers.values():
        writer.close()
