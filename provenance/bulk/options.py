"""How duplicates are found and which version stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provenance.article import InputError

KEEP = ("origin", "earliest", "longest", "first")


@dataclass(frozen=True, slots=True)
class Options:
    """How duplicates are found and which version stays.

    Attributes:
        threshold: Least Jaccard similarity of near-duplicates, 0.3 to 1.
        partial: Look for texts contained in longer ones, too.
        keep: ``origin``: an agency's own page, else the earliest, else the longest version;
            ``earliest``, ``longest``, or ``first`` in the input.
        threads: Threads that sketch and verify.
        memory: Bytes that sorting may take, beside about 400 MB for the program and 400 bytes for
            each article; what is more is kept on disk.
        columns: Our column name to the table's own.
        format: Force the format instead of recognising it.
        against: An index; articles it already holds are told and not kept.
    """

    threshold: float = 0.8
    partial: bool = True
    keep: str = "origin"
    threads: int = 2
    memory: int = 2 << 30
    columns: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    against: str | None = None

    def __post_init__(self) -> None:
        if not 0.3 <= self.threshold <= 1:
            raise InputError(f"threshold {self.threshold} is not between 0.3 and 1")
        if self.keep not in KEEP:
            raise InputError(f"keep {self.keep!r} is none of {', '.join(KEEP)}")
        if self.threads < 1:
            raise InputError(f"threads {self.threads}: at least one is needed")
