"""Work on several threads: parts of one array at once, or one stage ahead of the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

_END: Any = object()
PARTS_A_THREAD = 4
"""Parts are seldom of equal weight: with a few for each thread, none waits long for the last."""


def over(parts: Iterable[Part], work: Callable[[Part], Result], threads: int) -> list[Result]:
    """What `work` returns for each part, in their order. It should release the GIL."""
    if threads == 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def ahead(items: Iterator[Item], count: int) -> Iterator[Item]:
    """The items, so many made in advance on another thread while earlier ones are in use."""
    return abreast([items], count, 1)


def abreast(sources: Iterable[Iterator[Item]], count: int, width: int) -> Iterator[Item]:
    """The items of all sources in order, several sources at work at once.

    Args:
        sources: Each is asked on a thread of its own.
        count: Items that a source makes in advance at most.
        width: Sources at work at once.
    """
    started: deque[_Started[Item]] = deque()
    try:
        for source in sources:
            started.append(_Started(source, count))
            if len(started) == width:
                yield from started[0].items()
                started.popleft()
        while started:
            yield from started[0].items()
            started.popleft()
    finally:
        for left in started:
            left.pool.shutdown(cancel_futures=True)


class _Started(Generic[Item]):
    """A source that has begun to make its items, on a thread of its own."""

    def __init__(self, source: Iterator[Item], count: int) -> None:
        self.pool = ThreadPoolExecutor(1)
        self._source = source
        self._waiting = deque(self._next() for _ in range(count))

    def _next(self) -> Future[Any]:
        return self.pool.submit(next, self._source, _END)

    def items(self) -> Iterator[Item]:
        """All items in order, once."""
        while (item := self._waiting.popleft().result()) is not _END:
            self._waiting.append(self._next())
            yield item
        self.pool.shutdown()
