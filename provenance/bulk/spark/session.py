"""The Spark session a job runs in: the user's own, or one made for a master."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from provenance.article import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
_PARTITIONS = "spark.sql.shuffle.partitions"


def session_for(master: str | None) -> SparkSession:
    """A session on a master; its address is Spark's own, such as ``spark://host:7077``.

    Args:
        master: None takes what ``spark-submit`` or Spark's configuration names, else this machine.

    Raises:
        InputError: PySpark or Java is missing, or there is no such master.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError(
            "the engine spark needs PySpark, which is not installed; "
            "install it with: pip install 'provenance[spark]'"
        ) from error
    from pyspark import SparkConf

    builder = SparkSession.builder.appName("provenance dedup")
    configured = dict(SparkConf().getAll())
    place = master or configured.get("spark.master", LOCAL)
    builder = builder.master(place)
    if place.startswith("local"):
        # Workers on this machine run this Python, and its cores need few and large partitions.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        partitions = configured.get(_PARTITIONS, str(2 * (os.cpu_count() or 1)))
        builder = builder.config(_PARTITIONS, partitions)
    # Dates are written as the local engine writes them, wherever the cluster stands.
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    # The stages are told by the caller, on a terminal only.
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise InputError(f"{master or LOCAL}: no Spark session: {reason}") from error
    except Exception as error:  # py4j wraps what the JVM throws
        reason = str(error).partition("\n")[2].partition("\n")[0][:200] or str(error)[:200]
        raise InputError(f"{master or LOCAL}: no Spark session: {reason}") from error


@contextmanager
def failures_told(what: str, advice: str = "") -> Iterator[None]:
    """Let what Spark failed of be told in a line.

    Args:
        what: Failed.
        advice: What to do about it.

    Raises:
        InputError: It failed.
    """
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        lines = str(error).strip().splitlines() or ["no reason given"]
        causes = [line.partition("Caused by: ")[2] for line in lines if "Caused by: " in line]
        reason = causes[-1] if causes else lines[0] if len(lines) == 1 else " ".join(lines[:2])
        raise InputError(f"{what}: {reason[:300]}{advice}") from error
