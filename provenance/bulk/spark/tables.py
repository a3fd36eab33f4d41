"""What the user names → a table of Spark's, and how what is kept of it is written."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.article import InputError
from provenance.bulk.records import csv_dialect
from provenance.bulk.spark.files import files_of, matching, read_bytes, remove
from provenance.bulk.spark.session import failures_told
from provenance.sources.recognise import HEAD, decompressed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KINDS = {
    "parquet": "parquet", "orc": "orc", "csv": "csv", "jsonl": "jsonl", "json": "jsonl",
    "ndjson": "jsonl", "txt": "txt", "html": "html", "htm": "html",
}  # fmt: skip
"""What a name may end in, and the kind of such files."""
LINES = ("jsonl", "txt", "html")
"""Kinds of which records are kept as lines of JSON; of the others, as rows of a table."""
ROW = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """Articles as Spark reads them.

    Attributes:
        rows: One for each record; for `LINES` a column ``value`` (the line) or ``content`` (the
            page), for others the table's own.
        kind: A value of `KINDS`, or empty for a DataFrame of the user's.
        delimiter: Between values of CSV.
    """

    rows: DataFrame
    kind: str = ""
    delimiter: str = ","

    def write_kept(self, kept: DataFrame, out: str) -> None:
        """Write records (a column `ROW`) as their format was, and nothing else called ``kept``."""
        from pyspark.sql import functions as f

        spark = kept.sparkSession
        suffix = "jsonl" if self.kind in LINES else self.kind or "parquet"
        place = f"{out}/kept.{suffix}"
        for old in matching(spark, f"{out}/kept.*"):
            if not old.endswith(f"/kept.{suffix}"):
                remove(spark, old)
        if self.kind in LINES:
            lines = kept.select(f.col(f"{ROW}.value").cast("string"))
            lines.write.mode("overwrite").text(place)
            return
        rows = kept.select(*(f.col(f"{ROW}.`{name}`") for name in self.rows.columns))
        writer = rows.write.mode("overwrite").format(suffix)
        if self.kind == "csv":
            writer = writer.options(header=True, escape='"', sep=self.delimiter)
        writer.save(place)


def table_of(spark: SparkSession, paths: list[str], format: str | None) -> Table:
    """Files, folders or globs of one format as a table.

    Raises:
        InputError: There are none, or they are of no format, or of several, that this engine reads.
    """
    with failures_told(", ".join(paths)):
        return _table_of(spark, paths, format)


def _table_of(spark: SparkSession, paths: list[str], format: str | None) -> Table:
    kinds = {format} if format else {_kind(path) for path in paths}
    if not kinds <= set(KINDS):  # folders: what is in them tells
        files = files_of(spark.read.load([*paths], format="binaryFile"))
        kinds = {format} if format else {_kind(file) for file in files}
    if len({KINDS.get(str(kind), "") for kind in kinds}) != 1 or not kinds <= set(KINDS):
        raise InputError(
            f"{', '.join(paths)}: the engine spark reads Parquet, ORC, JSON lines, CSV, plain text "
            "and HTML, one of them at a time; name it with --format, or use --engine local"
        )
    kind = KINDS[str(kinds.pop())]
    if kind == "csv":
        return _csv(spark, paths)
    if kind == "jsonl":
        # As they are: nothing is read twice to learn a schema, and they are kept as they came.
        return Table(spark.read.text([*paths], lineSep="\n"), kind)
    return Table(spark.read.load([*paths], format="binaryFile" if kind in LINES else kind), kind)


def _csv(spark: SparkSession, paths: list[str]) -> Table:
    """A table of CSV, whose first file tells encoding and delimiter."""
    first = files_of(spark.read.load([*paths], format="binaryFile"))[0]
    head = decompressed(io.BytesIO(read_bytes(spark, first, HEAD)), first)
    dialect = csv_dialect(head, first)
    # Files whose header differs end the job: by default Spark would put columns under other names.
    reader = spark.read.options(
        header=True, multiLine=True, escape='"', enforceSchema=False,
        encoding=dialect.encoding, sep=dialect.delimiter,
    )  # fmt: skip
    return Table(reader.csv([*paths]), "csv", dialect.delimiter)


def _kind(path: str) -> str:
    """What a name ends in, a compression's ending left out."""
    ends = path.lower().rstrip("/*").split(".")
    return ends[-2] if len(ends) > 2 and ends[-1] in ("gz", "zst", "bz2") else ends[-1]
