"""Arrays that may outgrow memory: appended, then read back whole or sorted in parts."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from provenance.bulk.radix import sort_words
from provenance.fingerprint.text import U64

Item = TypeVar("Item", bound=np.generic)
SAMPLE = 4096
"""Words of a run from which the limits of parts are taken."""


def mapped(path: Path, dtype: type[Item]) -> NDArray[Item]:
    """A file as an array that the system pages in and out; what is written to it stays here."""
    if path.stat().st_size == 0:
        return np.empty(0, dtype=dtype)
    # Copy on write, not read only: compiled code is the same then as for arrays in memory.
    return np.asarray(np.memmap(path, dtype=dtype, mode="c"))


def release(*arrays: NDArray[Any]) -> None:
    """Let the system drop the pages of mapped arrays; they are read again when needed."""
    for array in arrays:
        base: Any = array
        while isinstance(base, np.ndarray) and base.base is not None:
            base = base.base
        if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            base.madvise(mmap.MADV_DONTNEED)


class Sorter:
    """64-bit words in any number, given back sorted in parts: an external merge sort.

    Words beyond the limit go to disk as sorted runs. A part is the same range of values cut out of
    each run, sorted together; ranges are taken from a sample, so that parts are about equal.
    """

    def __init__(
        self, folder: Path | None, name: str, limit: int, low_bit: int, threads: int
    ) -> None:
        """Hold at most `limit` words in memory; a `folder` is needed to hold more.

        Runs of that name that are in the folder are taken up.

        Words are sorted by their bits from `low_bit` up; those that differ in the bits below only
        keep their order and stay together in one part.
        """
        self._low_bit, self._threads = low_bit, threads
        self._folder, self._name, self._limit = folder, name, limit
        self._pieces: list[U64] = []
        self._held = 0
        self._runs = sorted(folder.glob(f"{name}-*.run")) if folder else []

    def append(self, words: U64) -> None:
        """Add words in any order."""
        self._pieces.append(words)
        self._held += len(words)
        if self._held > self._limit:
            self.spill()

    def spill(self) -> None:
        """Put all that is held on disk, if there is a folder: another sorter can go on with it."""
        if self._folder is None or not self._held:
            return
        path = self._folder / f"{self._name}-{len(self._runs):05}.run"
        self._take().tofile(path)
        self._runs.append(path)

    def clear(self) -> None:
        """Forget everything, on disk too."""
        self._pieces, self._held = [], 0
        for path in self._runs:
            path.unlink()
        self._runs = []

    def _take(self) -> U64:
        """All that is held, sorted."""
        words = (
            self._pieces[0]
            if len(self._pieces) == 1
            else np.concatenate([np.empty(0, np.uint64), *self._pieces])
        )
        self._pieces, self._held = [], 0
        return sort_words(words, self._low_bit, self._threads)

    def parts(self) -> Iterator[U64]:
        """All words as sorted parts, in ascending order; what is on disk stays there."""
        if not self._runs:
            yield self._take()
            return
        self.spill()
        runs = [mapped(path, np.uint64) for path in self._runs]
        total = sum(len(run) for run in runs)
        count = max(1, 2 * total // self._limit)
        sample = np.sort(np.concatenate([_sampled(run) for run in runs]))
        cuts = sample[np.arange(1, count) * len(sample) // count]
        cuts = np.unique(cuts >> np.uint64(self._low_bit)) << np.uint64(self._low_bit)
        places = [[0, *np.searchsorted(run, cuts).tolist(), len(run)] for run in runs]
        for part in range(len(cuts) + 1):
            words = np.concatenate(
                [run[at[part] : at[part + 1]] for run, at in zip(runs, places, strict=True)]
            )
            release(*runs)
            single = len(runs) == 1
            yield words if single else sort_words(words, self._low_bit, self._threads)


def _sampled(run: U64) -> U64:
    """Some words from all over a mapped run, which is let go: they would bring in all of it."""
    sample = run[:: max(1, len(run) // SAMPLE)].copy()
    release(run)
    return sample
