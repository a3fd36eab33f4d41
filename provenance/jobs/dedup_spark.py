"""Bulk deduplication on a Spark cluster: the same clusters and kept articles as `dedup_to`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import orjson

from provenance.article import InputError
from provenance.bulk.options import Options

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def dedup_on_spark(
    source: Sequence[str] | DataFrame, out: str, options: Options | None = None,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
    *, spark: SparkSession | str | None = None, resume: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Deduplicate a table on a cluster into a folder, each result a folder of part files.

    Args:
        source: Files, folders or globs of Parquet, JSON lines or CSV, as Spark reads them; or a
            DataFrame of Spark's.
        out: Folder that the whole cluster can write to: a path or an address such as ``s3a://…``.
        options: See `Options`; ``threads`` and ``memory`` are the cluster's own.
        progress: Called with each stage that begins.
        spark: The session, or a master to make one for.
        resume: Take up the stages that an interrupted run of the same job left.

    Returns:
        The summary, which is also in ``summary.json``.

    Raises:
        InputError: Spark is missing, the input has no texts, or something else is asked that this
            engine has not.
    """
    from provenance.bulk.spark.engine import find_and_write
    from provenance.bulk.spark.session import session_for
    from provenance.bulk.spark.sketches import table_of
    from provenance.bulk.spark.stages import STAGES, Stages, listing, qualified, write_bytes
    from provenance.jobs.dedup import parameters

    options = options or Options()
    if options.against is not None:
        raise InputError("--against is not there with --engine spark; use --engine local for it")
    if isinstance(source, Sequence):
        session = session_for(spark) if spark is None or isinstance(spark, str) else spark
        table, kind = table_of(session, list(source), options.format)
        inputs: Any = listing(session, table.inputFiles())
    else:
        table, kind, session = source, "", source.sparkSession
        inputs = table.semanticHash()
    out = qualified(session, out)
    columns = sorted(options.columns.items())
    described = (version("provenance"), inputs, columns, sorted(parameters(options).items()))
    # The machine's boot does not count here: a cluster's file system outlasts the driver.
    job = hashlib.sha256(repr(described).encode()).hexdigest()[:32]
    stages = Stages(session, f"{out}/{STAGES}", job, progress)
    if not resume:
        stages.clear()
    found = find_and_write(table, kind, out, options, stages)
    summary = {
        "schema": "provenance.dedup/1", "version": version("provenance"), "engine": "spark",
        **found, "parameters": parameters(options), "seconds": stages.seconds,
        "inputs": list(source) if isinstance(source, Sequence) else [],
    }  # fmt: skip
    write_bytes(session, f"{out}/summary.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    stages.clear()
    return summary
