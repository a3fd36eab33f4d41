"""A standalone cluster on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyspark
from pyspark.sql import SparkSession

ROOT = Path(__file__).parents[2]
CLASS = "org.apache.spark.deploy"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """The master's address, and its processes by name."""

    master: str
    processes: dict[str, subprocess.Popen[bytes]]

    def kill(self, name: str) -> None:
        """Kill -9, with the executors it started."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()


@contextmanager
def cluster(folder: Path, workers: int = 2, memory: str = "600m") -> Iterator[Cluster]:
    """A cluster whose workers have one core each, and so much memory for executors."""
    port = free_port()
    found = Cluster(f"spark://127.0.0.1:{port}", {})
    try:
        loopback = ["--host", "127.0.0.1", "--webui-port", "0"]
        found.processes["master"] = started(
            folder, "master", f"{CLASS}.master.Master", *loopback, "--port", str(port)
        )
        await_port(port)
        for number in range(workers):
            name = f"worker-{number}"
            found.processes[name] = started(
                folder, name, f"{CLASS}.worker.Worker", *loopback, "--cores", "1",
                "--memory", memory, "--work-dir", str(folder / name), found.master,
            )  # fmt: skip
        yield found
    finally:
        for name, process in reversed(found.processes.items()):
            if process.poll() is None:
                found.kill(name)


def started(folder: Path, name: str, *command: str) -> subprocess.Popen[bytes]:
    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_MASTER_OPTS": "-Dspark.worker.timeout=3600",  # the machine may stand still
        "SPARK_DAEMON_MEMORY": "128m", "PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            stdout=log, stderr=log, env=environment, start_new_session=True,
        )  # fmt: skip


def await_port(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def shuffled(spark: SparkSession) -> int:
    """Bytes that tasks wrote to shuffles so far, as Spark's own REST service tells."""
    context: Any = spark.sparkContext
    context._jsc.sc().listenerBus().waitUntilEmpty()  # what tasks wrote is told a little later
    address = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    with urlopen(address, timeout=30) as reply:
        return sum(int(stage["shuffleWriteBytes"]) for stage in json.load(reply))
