"""The persistent store of articles, and the search for copies in it."""

from provenance.index.adding import Counts
from provenance.index.facts import Info, Revision
from provenance.index.index import MATCHES, Index
from provenance.index.matching import Match, Relation
from provenance.index.opening import migrate

__all__ = ["MATCHES", "Counts", "Index", "Info", "Match", "Relation", "Revision", "migrate"]
