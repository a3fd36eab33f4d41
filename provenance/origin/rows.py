"""Rows of the considerations that stand for no node, and one fact about edges."""

from __future__ import annotations

from provenance.origin.tree import F64

FIRST, OWN, UNKNOWN = -3, -2, -1
Where = int | list[int] | slice
Fact = tuple[str, Where, Where, "float | F64"]
"""Name, rows, columns and values to add."""
