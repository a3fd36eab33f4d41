"""Two versions → aligned blocks, edits inside them, and each block's role in the story."""

from __future__ import annotations

from provenance.compare.align import Comparison, Pair, block_words, compare
from provenance.compare.furniture import Furniture, Lines
from provenance.compare.roles import BlockRole, Role, roles
from provenance.compare.words import Edit, EditKind, Words

__all__ = [
    "BlockRole",
    "Comparison",
    "Edit",
    "EditKind",
    "Furniture",
    "Lines",
    "Pair",
    "Role",
    "Words",
    "block_words",
    "compare",
    "roles",
]
