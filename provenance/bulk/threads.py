"""Work on several threads: parts of one array at once, or one stage ahead of the next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Part = TypeVar("Part")
Result = TypeVar("Result")

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
    end: Any = object()
    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, items, end) for _ in range(count))
        while (item := waiting.popleft().result()) is not end:
            waiting.append(pool.submit(next, items, end))
            yield item
