"""One cluster for all tests of the engine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from tests.spark.cluster import Cluster, cluster

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {  # compiling for so few rows takes longer than interpreting
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
    "spark.ui.port": "0",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.sql.shuffle.partitions": "2",
    "spark.network.timeout": "3600s",  # the machine may stand still
    "spark.sql.session.timeZone": "UTC",
}


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SparkSession, Cluster]]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with cluster(tmp_path_factory.mktemp("cluster")) as found:
        builder = SparkSession.builder.master(found.master)
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        yield session, found
        session.stop()


@pytest.fixture(scope="session")
def spark(running: tuple[SparkSession, Cluster]) -> SparkSession:
    return running[0]
