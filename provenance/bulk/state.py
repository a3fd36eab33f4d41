"""What a job has finished, on disk: a manifest, and the arrays and files each stage left.

A stage is recorded, by an atomic rename, only after all it made is in its files. So a process may
be killed at any moment: the next one finds whole stages only, and the rest is made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from provenance.article import InputError
from provenance.bulk.spool import mapped

Arrays = Mapping[str, NDArray[Any]]
Facts = Mapping[str, Any]
_MANIFEST = "manifest.json"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(slots=True)
class State:
    """The finished stages of one job.

    Attributes:
        folder: Where they are kept.
        job: What the job is, see `job_key`.
    """

    folder: Path
    job: str
    _stages: dict[str, dict[str, Any]]

    @classmethod
    def begin(cls, folder: Path, job: str) -> State:
        """Take up the stages that an earlier run of the same job finished in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        same = earlier_job(folder) == job
        stages = orjson.loads((folder / _MANIFEST).read_bytes())["stages"] if same else {}
        return cls(folder, job, stages)

    @property
    def finished(self) -> tuple[str, ...]:
        """Names of the finished stages, in order."""
        return tuple(self._stages)

    @property
    def seconds(self) -> dict[str, float]:
        """What each stage took when it was done."""
        return {name: stage["seconds"] for name, stage in self._stages.items()}

    def stage(
        self, name: str, work: Callable[[], tuple[Arrays, Facts]]
    ) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """The arrays and facts of a stage: an earlier run's, else what `work` makes now.

        The arrays are given back as files mapped into memory.
        """
        if name not in self._stages:
            began = time.perf_counter()
            arrays, facts = work()
            for label, array in arrays.items():
                array.tofile(self.folder / label)
            self._stages[name] = {
                "arrays": {label: array.dtype.str for label, array in arrays.items()},
                "facts": dict(facts),
                "seconds": round(time.perf_counter() - began, 3),
            }
            self._record()
        done = self._stages[name]
        arrays = {
            label: mapped(self.folder / label, np.dtype(kind).type)
            for label, kind in done["arrays"].items()
        }
        return arrays, done["facts"]

    def _record(self) -> None:
        partial = self.folder / f"{_MANIFEST}.partial"
        partial.write_bytes(orjson.dumps({"job": self.job, "stages": self._stages}))
        partial.replace(self.folder / _MANIFEST)


def earlier_job(folder: Path) -> str:
    """The job of which a folder holds finished stages; empty when there is none."""
    try:
        return str(orjson.loads((folder / _MANIFEST).read_bytes())["job"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder, so that no two jobs write to it; a killed process lets go of it by itself.

    Raises:
        InputError: Another job holds it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"{folder}: another job is writing to it; wait for it, or name another folder"
            ) from error
        yield
    finally:
        os.close(handle)


def clear(folder: Path) -> None:
    """Remove a state, its manifest first: what is left of a half-removed one is no state."""
    import shutil

    (folder / _MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def job_key(*parts: object) -> str:
    """What makes a job the same: a digest of its inputs, its parameters, and the machine's boot.

    Files are not synced to disk, which would cost much of the time: they outlast the process, but
    not the machine. After a restart (told on Linux) a state is not trusted.
    """
    boot = _BOOT.read_text() if _BOOT.exists() else ""
    return hashlib.sha256(repr((*parts, boot)).encode()).hexdigest()[:32]
