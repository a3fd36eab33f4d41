"""What a job has finished, as Parquet on a file system that all of the cluster sees.

Spark writes the marker ``_SUCCESS`` into a folder after all else is in it, and the folder's name
holds the digest of the job. So a stage is there, whole and of this job, or it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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


def exists(spark: SparkSession, place: str) -> bool:
    """Whether there is such a file or folder."""
    system, path = _hadoop(spark, place)
    return bool(system.exists(path))


def remove(spark: SparkSession, place: str) -> None:
    """Remove a file or folder, if there is one."""
    system, path = _hadoop(spark, place)
    system.delete(path, True)


def write_bytes(spark: SparkSession, place: str, data: bytes) -> None:
    """Write a small file."""
    system, path = _hadoop(spark, place)
    stream = system.create(path, True)
    stream.write(bytearray(data))
    stream.close()


def listing(spark: SparkSession, files: list[str]) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of each file."""
    found = []
    for file in sorted(files):
        system, path = _hadoop(spark, file)
        status = system.getFileStatus(path)
        found.append((file, int(status.getLen()), int(status.getModificationTime())))
    return found


def qualified(spark: SparkSession, place: str) -> str:
    """A path with its file system, so that it means the same on every machine."""
    system, path = _hadoop(spark, place)
    return str(system.makeQualified(path).toString())


def _hadoop(spark: SparkSession, place: str) -> tuple[Any, Any]:
    jvm: Any = spark._jvm
    path = jvm.org.apache.hadoop.fs.Path(place)
    return path.getFileSystem(spark._jsc.hadoopConfiguration()), path
