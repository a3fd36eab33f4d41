"""What an audit notes about each article: one row, then its place among the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from provenance.article import Article, Interval, Party
from provenance.attribution import Agencies
from provenance.compare import Role, block_words
from provenance.jobs.audit_stories import Judged
from provenance.origin import Hop, Verdict
from provenance.origin.parties import publisher, same_outlet
from provenance.origin.times import A_DAY

EXACT = timedelta(hours=1)
"""Width up to which a lag is given in hours."""
REASONS = ("nobody-named", "several-likely", "weak-signs")
"""Why an article's source is unknown: the page and its copies name none; several are, none of them
more likely than not; one is, but too weakly."""


def row(found: Judged, agencies: Agencies) -> dict[str, Any]:
    """One article's row, but for what hangs on the others; `place` adds that."""
    article, judgement = found.article, found.judgement
    origin = judgement.origins[0] if judgement.origins else None
    own = publisher(found.version, agencies)
    parent = _parent(found, own, agencies)
    published = article.published
    return {
        "id": article.id,
        "url": article.final_url or article.url or article.canonical_url,
        "outlet": own.id,
        "outlet_name": own.name,
        "title": article.title,
        "published": middle(published) if published else None,
        "published_earliest": published.earliest.astimezone(UTC) if published else None,
        "published_latest": published.latest.astimezone(UTC) if published else None,
        "language": article.language,
        "copies": len(found.copies),
        "verdict": str(judgement.verdict),
        "authorship": str(judgement.authorship),
        "unknown_because": _reason(found),
        "origin": origin.party.id if origin else "",
        "origin_kind": origin.party.kind if origin else "",
        "origin_name": origin.party.name if origin else "",
        "probability": origin.probability if origin else 0.0,
        "credit": str(judgement.credit.verdict),
        "credited_to": judgement.credit.to.id if judgement.credit.to else "",
        "quote": judgement.credit.quote,
        "taken_from": parent.id if parent else "",
        "taken_from_name": parent.name if parent else "",
        "wrapper_share": _share(found, lambda role, _: float(role is Role.WRAPPER), whole=True),
        "edited_share": _share(
            found, lambda role, shared: 1 - shared if role is Role.EDITED else 0.0
        ),
    }


def _reason(found: Judged) -> str:
    """Which of `REASONS` makes a source unknown."""
    origins = found.judgement.origins
    if found.judgement.verdict is not Verdict.UNKNOWN:
        return ""
    return REASONS[0] if not origins else REASONS[1] if len(origins) > 1 else REASONS[2]


def _parent(found: Judged, own: Party, agencies: Agencies) -> Party | None:
    """The last other hand that an article came through: an outlet's own earlier text is none."""
    hops: Mapping[str | None, Hop] = {hop.child.article: hop for hop in found.judgement.chain}
    at: str | None = found.article.id
    while at is not None and (hop := hops.get(at)):
        party = hop.parent.party
        if hop.doubtful:
            return None
        if not _is_own(party, own, agencies):
            return party
        at = hop.parent.article
    return None


def _is_own(party: Party, own: Party, agencies: Agencies) -> bool:
    """Whether a party is the outlet itself, or the service by which that sells its own text."""
    site = agencies.by_domain(own.id) if party.kind == "agency" and own.kind == "outlet" else None
    return same_outlet(party, own) or (site is not None and site.id == party.id)


def _share(found: Judged, weight: Callable[[Role, float], float], *, whole: bool = False) -> float:
    """The weighed share of an article's words, wrapper words included or not."""
    total = part = 0.0
    for words, role in zip(block_words(found.article), found.roles, strict=True):
        if whole or role.role is not Role.WRAPPER:
            total += len(words.keys)
            part += len(words.keys) * weight(role.role, role.shared)
    return part / total if total else 0.0


def middle(interval: Interval) -> datetime:
    """The middle of a time known only within bounds, in UTC."""
    return (interval.earliest + (interval.latest - interval.earliest) / 2).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Beginning:
    """When the earliest version of a story was published, as far as its versions' times tell.

    Attributes:
        earliest: No version was published before.
        latest: One was published by then.
        day: Day of the first, UTC.
    """

    earliest: datetime
    latest: datetime
    day: date

    def lag(self, interval: Interval) -> tuple[float | None, int]:
        """Hours after the beginning, None unless both are known to the hour, and whole days."""
        least = max(interval.earliest - self.latest, timedelta(0))
        most = interval.latest - self.earliest
        known = most - least <= EXACT
        hours = (least + (most - least) / 2) / timedelta(hours=1) if known else None
        return hours, (_day(interval) - self.day).days


def _day(interval: Interval) -> date:
    return middle(interval).date()


@dataclass(slots=True)
class Stories:
    """Sets of articles that are connected by matches (union-find), and when each began."""

    parent: dict[str, str] = field(default_factory=dict)
    times: dict[str, Interval] = field(default_factory=dict)

    def join(self, found: Judged) -> None:
        """Take an article and its copies for one story."""
        for article in (found.article, *found.copies):
            self.parent[self.root(article.id)] = self.root(found.article.id)
            time = _known(article)
            if time:
                self.times[article.id] = time

    def root(self, id: str) -> str:
        """The id that stands for the story of an article."""
        top = id
        while self.parent.setdefault(top, top) != top:
            top = self.parent[top]
        while self.parent[id] != top:
            self.parent[id], id = top, self.parent[id]
        return top

    def sizes(self) -> Counter[str]:
        """How many versions each story has, by its root."""
        return Counter(self.root(id) for id in list(self.parent))

    def beginnings(self) -> dict[str, Beginning]:
        """When each story began, by its root; a version without a day says nothing."""
        found: dict[str, Beginning] = {}
        for id, time in self.times.items():
            root, day = self.root(id), _day(time)
            so_far = found.get(root, Beginning(time.earliest, time.latest, day))
            found[root] = Beginning(
                min(so_far.earliest, time.earliest),
                min(so_far.latest, time.latest),
                min(so_far.day, day),
            )
        return found


def _known(article: Article) -> Interval | None:
    """When it was published, if that is known to the day."""
    published = article.published
    return published if published and published.latest - published.earliest <= A_DAY else None


def place(rows: Sequence[dict[str, Any]], stories: Stories, agencies: Agencies) -> None:
    """Give each row its story and its lag after that began, and every outlet one id."""
    sizes, beginnings = stories.sizes(), stories.beginnings()
    largest = sorted((root for root in sizes if sizes[root] > 1), key=lambda r: (-sizes[r], r))
    numbers = {root: number for number, root in enumerate(largest)}
    for each in rows:
        root, time = stories.root(each["id"]), stories.times.get(each["id"])
        each["cluster"], each["versions"] = numbers.get(root, -1), sizes[root]
        each["lag_hours"], each["lag_days"] = (
            beginnings[root].lag(time) if time and root in numbers else (None, None)
        )
    domains = _domains(rows, agencies)
    for each in rows:
        for role in ("outlet", "taken_from", "origin", "credited_to"):
            each[role] = domains.get(each[role], each[role])


def _domains(rows: Sequence[dict[str, Any]], agencies: Agencies) -> dict[str, str]:
    """For each outlet that some pages know by name only the domain under which others know it."""
    uses = Counter(
        Party("outlet", each[role], each[f"{role}_name"])
        for each in rows
        for role in ("outlet", "taken_from", "origin")
        if each[role] and agencies.by_id(each[role]) is None
    )
    sites = [party for party, _ in uses.most_common() if "." in party.id]
    named = [party for party in uses if "." not in party.id]
    found = {name.id: [site.id for site in sites if same_outlet(name, site)] for name in named}
    return {name: ids[0] for name, ids in found.items() if ids}
