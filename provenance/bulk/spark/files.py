"""Files and folders by Hadoop's file systems: the same calls for a local path, HDFS or a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def exists(spark: SparkSession, place: str) -> bool:
    """Whether there is such a file or folder."""
    system, path = _hadoop(spark, place)
    return bool(system.exists(path))


def remove(spark: SparkSession, place: str) -> None:
    """Remove a file or folder, if there is one."""
    system, path = _hadoop(spark, place)
    system.delete(path, True)


def matching(spark: SparkSession, pattern: str) -> list[str]:
    """Addresses of the files and folders that a glob names, sorted."""
    system, path = _hadoop(spark, pattern)
    return sorted(status.getPath().toString() for status in system.globStatus(path) or ())


def write_bytes(spark: SparkSession, place: str, data: bytes) -> None:
    """Write a small file."""
    system, path = _hadoop(spark, place)
    stream = system.create(path, True)
    stream.write(bytearray(data))
    stream.close()


def read_bytes(spark: SparkSession, place: str, most: int) -> bytes:
    """The first bytes of a file."""
    system, path = _hadoop(spark, place)
    stream = system.open(path)
    try:
        return bytes(stream.readNBytes(most))
    finally:
        stream.close()


def files_of(rows: DataFrame) -> list[str]:
    """Addresses of the files that a table is read from, sorted; Spark escapes what is in them."""
    return sorted(unquote(address) for address in rows.inputFiles())


def listing(rows: DataFrame) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change of each file that a table is read from."""
    found = []
    for file in files_of(rows):
        system, path = _hadoop(rows.sparkSession, file)
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
