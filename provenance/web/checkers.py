"""Checks in processes of their own: threads of one process compute one at a time."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

import orjson

from provenance.article import Article
from provenance.attribution import Agencies
from provenance.index import Index
from provenance.jobs.check import CheckResult, check
from provenance.jobs.diff import diff
from provenance.report.html import Site, check_html
from provenance.sources.extraction import as_worker
from provenance.web.source import Source, read_given

P = ParamSpec("P")
T = TypeVar("T")
Given = Article | Source
"""An article that was fetched already, or one that need not be."""


class Checkers:
    """Processes, as many as there are cores, each with its own hold on the index.

    Args:
        location: Place of the index; it must exist.
    """

    def __init__(self, location: str) -> None:
        self._location = location
        self._processes = len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # A fork would inherit threads and an open database.
        return ProcessPoolExecutor(
            self._processes,
            mp_context=get_context("spawn"),
            initializer=_open,
            initargs=(self._location,),
        )

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have one of the functions below run; processes that were killed are replaced."""
        with self._lock:
            try:
                return self._pool.submit(work, *args, **kwargs)
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
                self._pool = self._start()
                return self._pool.submit(work, *args, **kwargs)

    def warm(self) -> None:
        """Start every process and wait until they are ready, so that nobody else has to."""
        for started in [self.submit(ready) for _ in range(self._processes)]:
            started.result()

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)


_ANY_TEXT = "A text.\n\nIt has two paragraphs (Reuters)."
_index: Index
_agencies: Agencies


def _open(location: str) -> None:
    global _index, _agencies  # noqa: PLW0603 - a process of a pool has no other memory
    as_worker()
    _index = Index.open(location, create=False, read_only=True)
    _agencies = Agencies.load()
    check_json(Source(text=_ANY_TEXT), alone=True)
    # The tables it reads live as long as the process: to look through them makes answers late.
    gc.freeze()


def check_json(given: Given, *, alone: bool = False) -> bytes:
    """The JSON of `check`."""
    return orjson.dumps(_check(given, alone=alone).to_dict())


def check_page(given: Given, site: Site) -> str:
    """The report of `check` as a page."""
    return check_html(_check(given), site)


def diff_json(a: Given, b: Given) -> bytes:
    """The JSON of `diff`."""
    return orjson.dumps(diff(_read(a), _read(b), agencies=_agencies).to_dict())


def ready() -> None:
    """Nothing; what a process has done, it is ready for more."""


def _check(given: Given, *, alone: bool = False) -> CheckResult:
    return check(_read(given), None if alone else _index, agencies=_agencies)


def _read(given: Given) -> Article:
    return given if isinstance(given, Article) else read_given(given, _index)
