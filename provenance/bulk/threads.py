"""The same compiled function over parts of one array, on several threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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
