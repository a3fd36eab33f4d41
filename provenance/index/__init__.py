"""The persistent store of articles, and the search for copies in it."""

from provenance.index.index import Counts, Index, Info
from provenance.index.matching import Match

__all__ = ["Counts", "Index", "Info", "Match"]
