"""Two versions side by side: what is shared, what each added, cut or changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from provenance.article import Article
from provenance.attribution import Agencies
from provenance.compare import BlockRole, Comparison, compare, roles
from provenance.fingerprint import Overlap, overlap, shingle_set
from provenance.jobs import schema
from provenance.jobs.check import article_of, describe
from provenance.jobs.json_types import DiffJSON, SideJSON
from provenance.origin import Version


@dataclass(frozen=True, slots=True)
class DiffResult:
    """Two versions, aligned.

    Attributes:
        a: The first version, with what each of its blocks does.
        b: The second version.
        a_roles: For each block of `a`, its role beside `b`.
        b_roles: For each block of `b`, its role beside `a`.
        comparison: The aligned blocks and the edits inside them.
        overlap: How their main texts' shingle sets overlap.
    """

    a: Version
    b: Version
    a_roles: tuple[BlockRole, ...]
    b_roles: tuple[BlockRole, ...]
    comparison: Comparison
    overlap: Overlap

    def to_dict(self) -> DiffJSON:
        """The `diff --json` object, ready for JSON."""
        return {
            "schema": "provenance.diff/1",
            "a": _side_dict(self.a, self.a_roles),
            "b": _side_dict(self.b, self.b_roles),
            "jaccard": round(self.overlap.jaccard, 4),
            "containment": round(self.overlap.a_in_b, 4),
            "contained_by": round(self.overlap.b_in_a, 4),
            "pairs": [schema.pair_dict(pair) for pair in self.comparison.pairs],
        }


def diff(
    a: Article | str | Path, b: Article | str | Path, *, agencies: Agencies | None = None
) -> DiffResult:
    """Set two versions side by side.

    Args:
        a: The first version: an `Article`, or what `read` takes.
        b: The second version.
        agencies: Known agencies; by default the file shipped with the package.

    Raises:
        InputError: When a source cannot be read or holds more than one article.
        FetchError: When an address cannot be fetched.
    """
    agencies = agencies or Agencies.load()
    first, second = (describe(article_of(side), agencies) for side in (a, b))
    there = compare(first.article, second.article)
    back = compare(second.article, first.article)
    return DiffResult(
        a=first,
        b=second,
        a_roles=roles(first.article, first.kinds, (there,)),
        b_roles=roles(second.article, second.kinds, (back,)),
        comparison=there,
        overlap=overlap(shingle_set(first.article.text), shingle_set(second.article.text)),
    )


def _side_dict(version: Version, block_roles: tuple[BlockRole, ...]) -> SideJSON:
    return {
        "article": schema.article_dict(version.article),
        "blocks": schema.blocks_dict(version, block_roles),
    }
