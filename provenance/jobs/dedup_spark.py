"""Bulk deduplication on a Spark cluster: the same clusters and kept articles as `dedup_to`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import orjson

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.jobs.dedup import SCHEMA, parameters

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from provenance.bulk.spark.stages import Stages
    from provenance.bulk.spark.tables import Table


def dedup_on_spark(
    source: Sequence[str] | DataFrame, out: str, options: Options | None = None,
    progress: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
    *, spark: SparkSession | str | None = None, resume: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Deduplicate a table on a cluster into a folder, each result a folder of part files.

    Args:
        source: Files, folders or globs of Parquet, ORC, JSON lines, CSV, plain text or HTML, as
            Spark reads them; or a DataFrame of Spark's.
        out: Folder that the whole cluster can write to: a path or an address such as ``s3a://…``.
        options: See `Options`; ``threads`` and ``memory`` are the cluster's own.
        progress: Called with each stage that begins.
        spark: The session, or a master to make one for.
        resume: Take up the stages that an interrupted run of the same job left.

    Returns:
        The summary, which is also in ``summary.json``.

    Raises:
        InputError: Spark is missing, the input has no texts, what was left is of another job,
            Spark could not finish, or something is asked that this engine has not.
    """
    from provenance.bulk.spark.files import listing, qualified, remove, write_bytes
    from provenance.bulk.spark.session import failures_told, session_for
    from provenance.bulk.spark.stages import STAGES, Stages, begun
    from provenance.bulk.spark.tables import Table, table_of

    options = options or Options()
    if options.against is not None:
        raise InputError("--against is not there with --engine spark; use --engine local for it")
    if isinstance(source, Sequence):
        session = session_for(spark) if spark is None or isinstance(spark, str) else spark
        table = table_of(session, list(source), options.format)
        given: Any = list(source)
    else:
        table, session = Table(source), source.sparkSession
        given = source.semanticHash()
    out = qualified(session, out)
    job = _job(given, listing(table.rows), options)
    stages = Stages(session, f"{out}/{STAGES}", job, progress)
    if not resume:
        stages.clear()
    elif set(begun(session, out)) - {job}:
        raise InputError(
            f"{out}/{STAGES}: left by a job with other inputs, options or version; run without "
            "--resume to start anew"
        )
    remove(session, f"{out}/summary.json")
    advice = "; the same command with --resume keeps what is done"
    with failures_told("Spark could not finish", advice):
        summary = _run(table, out, options, stages)
    summary["inputs"] = list(source) if isinstance(source, Sequence) else []
    write_bytes(session, f"{out}/summary.json", orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    stages.clear()
    return summary


def _job(given: Any, files: list[tuple[str, int, int]], options: Options) -> str:
    """What makes it the same job: all that can change the result.

    The machine's boot does not count here: a cluster's file system outlasts the driver.
    """
    told = sorted(parameters(options).items())
    columns = sorted(options.columns.items())
    described = (version("provenance"), given, files, columns, options.format, told)
    return hashlib.sha256(repr(described).encode()).hexdigest()[:32]


def _run(table: Table, out: str, options: Options, stages: Stages) -> dict[str, Any]:
    from provenance.bulk.spark.engine import find_and_write

    found = find_and_write(table, out, options, stages)
    return {
        "schema": SCHEMA, "version": version("provenance"), "engine": "spark", **found,
        "parameters": parameters(options), "seconds": stages.seconds,
    }  # fmt: skip


def finished_stages(out: str) -> tuple[str, ...]:
    """Stages that an interrupted job has finished and ``resume`` will not do again."""
    from pyspark.sql import SparkSession

    from provenance.bulk.spark.files import qualified
    from provenance.bulk.spark.stages import finished

    session = SparkSession.getActiveSession()
    return tuple(finished(session, qualified(session, out))) if session else ()
