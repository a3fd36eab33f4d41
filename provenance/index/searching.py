"""What a person looks for, in a store's terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from provenance.index import rows
from provenance.index.store import Search

PREFIX_LETTERS = 3
"""Words of titles as short as "a" begin too many others."""


def wanted(title: str, outlet: str, since: date | None, until: date | None) -> Search | None:
    """The search for words of a title, an outlet and days; None when nothing can be found.

    Args:
        title: Words in any case; those of `PREFIX_LETTERS` or more may be beginnings.
        outlet: Registrable domain, or empty.
        since: First day of publication, UTC.
        until: Last day of publication, UTC.
    """
    words = rows.title(title).split()
    if title.strip() and not words:
        return None
    return Search(
        words=tuple(f"{word}*" if len(word) >= PREFIX_LETTERS else word for word in words),
        outlet=rows.domain(outlet),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
    )


def _midnight(day: date) -> int:
    return int(datetime.combine(day, datetime.min.time(), UTC).timestamp())
