"""Who ran this news text, who changed it, who wrote it first, and was credit given?

The jobs as functions; each name is loaded when it is first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provenance.article import Article
    from provenance.index import Index
    from provenance.jobs.audit import audit
    from provenance.jobs.check import check
    from provenance.jobs.dedup_table import dedup
    from provenance.jobs.diff import diff
    from provenance.sources import read

_HOMES = {
    "Article": "provenance.article",
    "Index": "provenance.index",
    "audit": "provenance.jobs.audit",
    "check": "provenance.jobs.check",
    "dedup": "provenance.jobs.dedup_table",
    "diff": "provenance.jobs.diff",
    "read": "provenance.sources",
}

__all__ = ["Article", "Index", "audit", "check", "dedup", "diff", "read"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
