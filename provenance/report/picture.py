"""Where things stand in the drawn chain and the timeline: geometry only, drawn by templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from provenance.article import Interval
from provenance.origin import Hop, Node

ROW = 36
"""Height of one version's row, in pixels, in both pictures."""
_INDENT, _DEEP, _NARROW = 22, 6, 14
WIDTH = 400
_MARGIN = 8
_CHARACTER = 7.6
_ASIDE = 64
_STEPS = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
    timedelta(days=91),
    timedelta(days=365),
)
_TICKS = 4
_TICK_EDGE = 36


@dataclass(frozen=True, slots=True)
class Box:
    """A version in the chain.

    Attributes:
        node: The version.
        x: Left edge, in pixels.
        y: Middle of its row.
        depth: Hops from where its tree begins.
        hop: The hop that leads to it, None where a tree begins.
        edge: Where the line from its parent starts, None where a tree begins.
        room: Characters of its name that fit.
    """

    node: Node
    x: int
    y: int
    depth: int
    hop: Hop | None
    edge: tuple[int, int] | None
    room: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A version on the timeline: an interval, or nothing where no time is stated.

    Attributes:
        name: Whose version it is.
        y: Middle of its row.
        interval: When it was published.
        x: Left edge of the bar.
        width: Width of the bar; 0 for a moment.
        here: Whether it is the checked page.
    """

    name: str
    y: int
    interval: Interval | None
    x: float
    width: float
    here: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled moment on the time axis: the middle of its label, its place, its name."""

    label_x: float
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The timeline's bars and axis."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    height: int


def tree(hops: Sequence[Hop]) -> list[Box]:
    """The chain as an indented tree, one row for each version, parents above their children."""
    versions = list(_walk(hops))
    deepest = max((depth for _, depth, _, _ in versions), default=0)
    indent = _INDENT if deepest <= _DEEP else _NARROW
    return [
        Box(
            node=node,
            x=depth * indent,
            y=row * ROW + ROW // 2,
            depth=depth,
            hop=hop,
            edge=None if parent is None else ((depth - 1) * indent + 10, parent * ROW + ROW // 2),
            room=max(8, int((WIDTH - depth * indent - _ASIDE) / _CHARACTER)),
        )
        for row, (node, depth, hop, parent) in enumerate(versions)
    ]


def _walk(hops: Sequence[Hop]) -> Iterator[tuple[Node, int, Hop | None, int | None]]:
    """Versions in drawing order with their depth, hop and the parent's row."""
    children: dict[Node, list[Hop]] = {}
    for each in hops:
        children.setdefault(each.parent, []).append(each)
    drawn = {hop.child for hop in hops}
    roots = dict.fromkeys(hop.parent for hop in hops if hop.parent not in drawn)
    todo: list[tuple[Node, int, Hop | None, int | None]] = [
        (root, 0, None, None) for root in reversed(list(roots))
    ]
    row = 0
    while todo:
        node, depth, hop, parent = todo.pop()
        yield node, depth, hop, parent
        below = reversed(children.pop(node, []))
        todo += [(child.child, depth + 1, child, row) for child in below]
        row += 1


def timeline(rows: Sequence[tuple[str, Interval | None, bool]]) -> Timeline | None:
    """The versions on one time axis, in the given order.

    Args:
        rows: Name, time of publication, and whether it is the checked page.

    Returns:
        The geometry, or None when fewer than two versions state a time.
    """
    known = [interval for _, interval, _ in rows if interval]
    if len(known) < 2:
        return None
    first = min(interval.earliest for interval in known)
    last = max(interval.latest for interval in known)
    length = max((last - first).total_seconds(), 60.0)
    room = WIDTH - 2 * _MARGIN

    def x(when: datetime) -> float:
        return round(_MARGIN + room * (when - first).total_seconds() / length, 1)

    bars = []
    for row, (name, interval, here) in enumerate(rows):
        left = x(interval.earliest) if interval else 0.0
        width = x(interval.latest) - left if interval else 0.0
        bars.append(Bar(name, row * ROW + ROW // 2, interval, left, width, here))
    ticks = tuple(
        Tick(min(max(x(when), _TICK_EDGE), WIDTH - _TICK_EDGE), x(when), label)
        for when, label in _ticks(first, last)
    )
    return Timeline(tuple(bars), ticks, len(rows) * ROW + 24)


def _ticks(first: datetime, last: datetime) -> Iterator[tuple[datetime, str]]:
    """At most `_TICKS` round moments between the two, in UTC."""
    step = next((each for each in _STEPS if (last - first) / each <= _TICKS), _STEPS[-1])
    step *= max(1, -(-int((last - first) / step) // _TICKS))
    start = datetime(first.astimezone(UTC).year, 1, 1, tzinfo=UTC)
    when = start + step * -(-(first - start) // step)
    form = "%Y" if step >= _STEPS[-1] else "%d %b" if step >= timedelta(days=1) else "%d %b %H:%M"
    while when <= last:
        yield when, when.strftime(form)
        when += step
