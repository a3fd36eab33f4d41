"""When versions were published, as far as it is known: which was first, and how it is written."""

from __future__ import annotations

from datetime import UTC, timedelta

from provenance.article import Interval

_RELIABLE = {"visible-text": 0.5, "url": 0.5}
"""How far a time is trusted, by where it was found; 1 for others."""
A_DAY = timedelta(hours=51)
"""Width of a day in every zone that it could mean."""


def precedes(a: Interval | None, b: Interval | None) -> float:
    """1 when a is surely before b, -1 when after, less where a source is less reliable, else 0."""
    if a is None or b is None:
        return 0.0
    trust = _RELIABLE.get(a.source, 1.0) * _RELIABLE.get(b.source, 1.0)
    if a.latest < b.earliest:
        return trust
    return -trust if b.latest < a.earliest else 0.0


def written(interval: Interval) -> str:
    """A time as precisely as it is known, in UTC: an ISO 8601 moment, day or span."""
    earliest, latest = (at.astimezone(UTC) for at in (interval.earliest, interval.latest))
    if latest - earliest < timedelta(minutes=1):
        return f"{earliest:%Y-%m-%dT%H:%MZ}"
    if latest - earliest <= A_DAY:
        return f"{earliest + (latest - earliest) / 2:%Y-%m-%d}"
    return f"{earliest:%Y-%m-%d}/{latest:%Y-%m-%d}"
