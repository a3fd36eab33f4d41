"""Pages → articles, in processes of their own where there are many: it is most of the work."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from provenance.article import Article, InputError, SetAside
from provenance.sources.html import article_from_html

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

FEW = 50
"""Pages that are read before other processes are started, which takes about a second."""
AHEAD = 4
"""Pages under way at most, for each process: bounds memory, and keeps all of them busy."""


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as it came, and all that is known of it.

    Attributes:
        data: Its bytes.
        name: The file, archive or address it was found in.
        record: Its number there, or empty.
        url: The address asked for, or empty.
        final_url: The address that answered, or empty.
        charset: The charset of the HTTP header, or empty.
    """

    data: bytes
    name: str
    record: str = ""
    url: str = ""
    final_url: str = ""
    charset: str = ""


def article_of(page: Page) -> Article | SetAside:
    """The article of a page, or why it has none."""
    source = f"{page.name}#{page.record}" if page.record else page.name
    try:
        return article_from_html(
            page.data,
            url=page.url,
            final_url=page.final_url,
            charset=page.charset,
            source=source,
        )
    except InputError as error:
        reason = str(error).removeprefix(f"{source}: ")
        return SetAside(page.name, page.record, f"{page.url}: {reason}" if page.record else reason)


class Extraction:
    """A way to read pages, from any thread; a context manager where it is given processes."""

    def __init__(self, processes: int = 1) -> None:
        """Make one.

        Args:
            processes: How many may work; with one, all is done in this process. A script that
                gives more must be importable (``if __name__ == "__main__":``).
        """
        self._processes = processes
        self._read = 0
        self._pool: ProcessPoolExecutor | None = None
        self._one = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def articles(self, found: Iterable[Article | SetAside | Page]) -> Iterator[Article | SetAside]:
        """What was found, in order, with the article of each page in its place.

        What needs no reading is handed on as soon as all before it is.
        """
        waiting: deque[tuple[Page, Future[Article | SetAside]] | Article | SetAside] = deque()
        try:
            for item in found:
                waiting.append(self._begun(item) if isinstance(item, Page) else item)
                while waiting and (len(waiting) > AHEAD * self._processes or _ready(waiting[0])):
                    yield self._finished(waiting.popleft())
        except Exception:
            yield from map(self._finished, waiting)
            raise
        yield from map(self._finished, waiting)

    def _begun(self, page: Page) -> tuple[Page, Future[Article | SetAside]] | Article | SetAside:
        with self._one:
            self._read += 1
            if self._processes == 1 or self._read <= FEW:
                return article_of(page)
            if self._pool is None:
                self._pool = self._start()
        try:
            return page, self._pool.submit(article_of, page)
        except BrokenExecutor:
            return article_of(page)

    def _start(self) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # A fork would inherit threads and an open database.
        return ProcessPoolExecutor(self._processes, get_context("spawn"), as_worker)

    def _finished(
        self, begun: tuple[Page, Future[Article | SetAside]] | Article | SetAside
    ) -> Article | SetAside:
        if not isinstance(begun, tuple):
            return begun
        page, future = begun
        try:
            return future.result()
        except BrokenExecutor:  # a process was killed: the pages it had are read here
            self._processes = 1
            return article_of(page)


def _ready(begun: tuple[Page, Future[Article | SetAside]] | Article | SetAside) -> bool:
    return not isinstance(begun, tuple) or begun[1].done()


def as_worker() -> None:
    """Make this process one of a pool: deaf to interrupts and gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
