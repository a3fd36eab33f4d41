"""Long work in the background: one thing at a time, with progress and cancelling."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from provenance.article import InputError, ProvenanceError

KEPT = 50
"""Finished jobs that are remembered."""
WAITING = 20
"""Jobs that may wait at once."""


class BusyError(InputError):
    """Raised when too much waits already."""


class CancelledError(Exception):
    """Raised inside a job that was asked to stop."""


@dataclass(slots=True)
class Job:
    """A piece of long work.

    Attributes:
        id: Random, so that it cannot be guessed.
        kind: ``audit`` or ``add``.
        state: ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``.
        progress: Articles handled so far.
        error: One line, when it failed.
        result: What it made, when it is done.
    """

    kind: str
    id: str = field(default_factory=lambda: token_hex(8))
    state: str = "waiting"
    progress: int = 0
    error: str = ""
    result: Any = None
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def show(self, progress: int) -> None:
        """Note progress; the place where a cancelled job stops."""
        self.progress = progress
        if self._stop.is_set():
            raise CancelledError

    def cancel(self) -> None:
        """Ask the job to stop; one that waits stops at once."""
        self._stop.set()
        if self.state == "waiting":
            self.state = "cancelled"

    @property
    def over(self) -> bool:
        """Whether it has come to an end."""
        return self.state in ("done", "failed", "cancelled")

    def to_dict(self) -> dict[str, Any]:
        """The job as JSON."""
        made = self.result.to_dict() if self.state == "done" else None
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.state,
            "progress": self.progress,
            "error": self.error or None,
            "result": made,
        }


class Jobs:
    """The jobs of one server."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, kind: str, work: Callable[[Job], Any]) -> Job:
        """Queue work.

        Raises:
            BusyError: When too many jobs wait.
        """
        job = Job(kind)
        with self._lock:
            if sum(not each.over for each in self._jobs.values()) >= WAITING:
                raise BusyError("too many jobs wait; try again when some are done")
            self._jobs[job.id] = job
            over = [id for id, each in self._jobs.items() if each.over]
            for id in over[: max(0, len(over) - KEPT)]:
                del self._jobs[id]
        self._pool.submit(_run, job, work)
        return job

    def get(self, id: str) -> Job | None:
        """The job of an id."""
        return self._jobs.get(id)

    def all(self) -> list[Job]:
        """Every job that is remembered, the newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def latest(self, kind: str) -> Job | None:
        """The newest finished job of a kind."""
        return next((job for job in self.all() if job.kind == kind and job.state == "done"), None)

    def close(self) -> None:
        """Cancel what runs and wait for it to stop."""
        for job in self.all():
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _run(job: Job, work: Callable[[Job], Any]) -> None:
    if job.over:
        return
    job.state = "running"
    try:
        job.result = work(job)
        job.state = "done"
    except CancelledError:
        job.state = "cancelled"
    except ProvenanceError as error:
        job.state, job.error = "failed", str(error)
    except Exception as error:
        job.state, job.error = "failed", f"unexpected {type(error).__name__}"
        raise
