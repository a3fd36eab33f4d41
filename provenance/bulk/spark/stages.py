"""What a job has finished, as Parquet on a file system that all of the cluster sees.

Spark writes the marker ``_SUCCESS`` into a folder after all else is in it, and the folder's name
holds the digest of the job. So a stage is there, whole and of this job, or it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provenance.bulk.spark.files import exists, matching, remove

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

STAGES = ".stages"
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Stages:
    """The finished stages of one job.

    Attributes:
        spark: The session.
        folder: Where they are kept: ``OUT/.stages``, an address that Hadoop's file systems know.
        job: Digest of inputs, options and version.
        progress: Called with the stage that begins.
        seconds: What each stage took that this run made.
    """

    spark: SparkSession
    folder: str
    job: str
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    def place(self, name: str) -> str:
        """The folder of a stage."""
        return f"{self.folder}/{self.job}/{name}"

    def stage(self, name: str, work: Callable[[], DataFrame]) -> DataFrame:
        """The rows of a stage: an earlier run's, else what `work` describes, computed now."""
        place = self.place(name)
        if not exists(self.spark, f"{place}/_SUCCESS"):
            self.progress(name, 0, 0)
            began = time.perf_counter()
            work().write.mode("overwrite").parquet(place)
            self.seconds[name] = round(time.perf_counter() - began, 3)
        return self.spark.read.parquet(place)

    def clear(self) -> None:
        """Remove the stages of all jobs in the folder."""
        remove(self.spark, self.folder)


def begun(spark: SparkSession, out: str) -> list[str]:
    """Digests of the jobs that left stages in a folder of results."""
    return [_end(place) for place in matching(spark, f"{out}/{STAGES}/*")]


def finished(spark: SparkSession, out: str) -> list[str]:
    """Names of the stages that jobs finished and left there."""
    marks = matching(spark, f"{out}/{STAGES}/*/*/_SUCCESS")
    return [_end(mark.rpartition("/")[0]) for mark in marks]


def _end(place: str) -> str:
    return place.rpartition("/")[2]
