"""Invented outlets pass real texts down trees, with the truth kept: seeded, deterministic."""

from benchmarks.simulator.nouns import Copy, Line, Press, Story
from benchmarks.simulator.perfect import read_perfectly
from benchmarks.simulator.render import articles_of, truth_of
from benchmarks.simulator.stories import NEWEST, PHRASES, stories

__all__ = [
    "NEWEST",
    "PHRASES",
    "Copy",
    "Line",
    "Press",
    "Story",
    "articles_of",
    "read_perfectly",
    "stories",
    "truth_of",
]
