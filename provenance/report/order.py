"""The order in which versions are told: by publication, then by names as people count."""

from __future__ import annotations

from datetime import UTC, datetime

from provenance.article import Article
from provenance.jobs.check import CheckResult
from provenance.jobs.names import natural
from provenance.origin import Hop
from provenance.report import wording

_LAST = datetime.max.replace(tzinfo=UTC)


def by_time(article: Article) -> tuple[datetime, str]:
    """A key that sorts pages by publication, then by the names of their outlets."""
    published = article.published
    return (published.earliest if published else _LAST, natural(wording.outlet(article)))


def hops_in_time(result: CheckResult) -> list[Hop]:
    """The hops of a chain by the times of the versions that they lead to."""
    pages = {each.article.id: each.article for each in (result.version, *result.others)}

    def key(hop: Hop) -> tuple[datetime, str]:
        page = pages.get(hop.child.article or "")
        return by_time(page) if page else (_LAST, natural(hop.child.party.name))

    return sorted(result.judgement.chain, key=key)
