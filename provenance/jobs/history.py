"""What an outlet changed in an article after it had published it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from provenance.article import Article
from provenance.compare import Pair, compare
from provenance.index import Revision
from provenance.jobs import schema
from provenance.jobs.json_types import ChangeJSON


@dataclass(frozen=True, slots=True)
class Change:
    """One stored version of an article beside the one before it.

    Attributes:
        seen: When the index first saw it, UTC.
        article: What it said.
        pairs: Blocks of main text that differ from the version before, which is `a`; none for the
            first version.
    """

    seen: datetime
    article: Article
    pairs: tuple[Pair, ...] = ()

    def to_dict(self) -> ChangeJSON:
        """An item of `versions` in the JSON of `check`."""
        return {
            "seen": self.seen.isoformat(),
            "title": self.article.title,
            "byline": self.article.byline,
            "modified": schema.interval_dict(self.article.modified),
            "changed": [schema.pair_dict(pair) for pair in self.pairs],
        }


def history(revisions: Sequence[Revision]) -> tuple[Change, ...]:
    """Each version of an article beside the one before it, oldest first."""
    first = tuple(Change(each.seen, each.article) for each in revisions[:1])
    return first + tuple(
        Change(after.seen, after.article, _changed(before.article, after.article))
        for before, after in pairwise(revisions)
    )


def _changed(before: Article, after: Article) -> tuple[Pair, ...]:
    def is_main(pair: Pair) -> bool:
        return (pair.a is not None and before.blocks[pair.a].main) or (
            pair.b is not None and after.blocks[pair.b].main
        )

    pairs = compare(before, after).pairs
    return tuple(pair for pair in pairs if pair.similarity < 1 and is_main(pair))
