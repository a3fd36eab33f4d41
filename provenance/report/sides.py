"""Two versions as aligned rows of cells, with changed words and quoted evidence as spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from provenance.article import WrapperKind
from provenance.compare import BlockRole, Comparison, Pair
from provenance.origin import Version

_FURNITURE = frozenset(
    {
        WrapperKind.NAVIGATION,
        WrapperKind.PROMOTION,
        WrapperKind.RELATED,
        WrapperKind.READ_MORE,
        WrapperKind.COMMENT,
        WrapperKind.LEGAL,
        WrapperKind.OTHER,
    }
)
FOLD = 4
"""Rows of furniture in a run from which they are folded away."""
SHOWN = 20_000
"""Characters of one block that a page shows."""

Span = tuple[int, int]
Quotes = Mapping[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a block's text with one look."""

    text: str
    changed: bool
    quoted: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One version's block in a row.

    Attributes:
        anchor: The element's id, empty where the block is shown a second time.
        block: Index of the block.
        kind: Wrapper kind, None for body text.
        party: Name of whom the block speaks for, or empty.
        role: Its role among the versions.
        segments: Its text.
    """

    anchor: str
    block: int
    kind: WrapperKind | None
    party: str
    role: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Aligned cells; one is None where only the other version has the block.

    Attributes:
        left: The cell of the left version.
        right: The cell of the right version.
        state: ``same``, ``edited``, ``cut`` (left only) or ``added`` (right only).
        moved: Whether it stands in another order than the rows around it.
    """

    left: Cell | None
    right: Cell | None
    state: str
    moved: bool = False

    @property
    def furniture(self) -> bool:
        """Whether it is a menu line or the like, which is folded away in long runs."""
        cells = [cell for cell in (self.left, self.right) if cell]
        quoted = any(segment.quoted for cell in cells for segment in cell.segments)
        return not quoted and all(cell.kind in _FURNITURE for cell in cells)


@dataclass(frozen=True, slots=True)
class Side:
    """One version as a column.

    Attributes:
        version: The version.
        roles: The roles of its blocks, or empty where they are not known.
        anchor: Prefix of its blocks' ids; empty for a column that repeats one shown elsewhere.
        quotes: For each block the quotes to highlight.
    """

    version: Version
    roles: tuple[BlockRole, ...]
    anchor: str
    quotes: Quotes

    def cell(self, block: int, runs: Sequence[tuple[str, bool]], *, again: bool) -> Cell:
        """A block, its changed runs marked; of a block shown in parts, the part of these runs."""
        judgement = self.version.judgements[block]
        text = self.version.article.blocks[block].text[:SHOWN]
        found = list(_places(text, runs))
        part = (found[0][0], found[-1][1]) if again and found else (0, len(text))
        return Cell(
            anchor=f"{self.anchor}-b{block}" if self.anchor else "",
            block=block,
            kind=judgement.kind,
            party=judgement.party.name if judgement.party else "",
            role=str(self.roles[block].role) if self.roles else "",
            segments=tuple(
                _segments(
                    text,
                    part,
                    [(start, end) for start, end, changed in found if changed],
                    list(_quoted(text, self.quotes.get(block, ()))),
                )
            ),
        )


def alone(side: Side) -> list[Row]:
    """One version by itself, as the right cells."""
    return [
        Row(None, side.cell(block.index, (), again=False), "same")
        for block in side.version.article.blocks
    ]


def aligned(left: Side, right: Side, comparison: Comparison, *, flipped: bool) -> list[Row]:
    """Two versions, row by row.

    Args:
        left: The left column.
        right: The right column.
        comparison: How they align.
        flipped: Whether the comparison's `a` is the right column.
    """
    shown: tuple[set[int], set[int]] = (set(), set())
    often = tuple(Counter(getattr(pair, name) for pair in comparison.pairs) for name in "ab")
    rows = []
    for pair in comparison.pairs:
        cells: list[Cell | None] = []
        for column, side in enumerate((left, right)):
            at_a = (column == 1) == flipped
            block = pair.a if at_a else pair.b
            if block is None:
                cells.append(None)
                continue
            runs = [(edit.a if at_a else edit.b, edit.kind != "equal") for edit in pair.edits]
            if (pair.b if at_a else pair.a) is None:
                runs = []
            cell = side.cell(block, runs, again=often[0 if at_a else 1][block] > 1)
            cells.append(cell if block not in shown[column] else _without_anchor(cell))
            shown[column].add(block)
        rows.append(Row(cells[0], cells[1], _state(pair, cells), pair.moved))
    return rows


def folded(rows: Iterable[Row]) -> list[tuple[bool, list[Row]]]:
    """Runs of rows; True for a long run of furniture, to be folded away."""
    runs: list[tuple[bool, list[Row]]] = []
    for furniture, group in groupby(rows, key=lambda row: row.furniture):
        run = list(group)
        fold = furniture and len(run) >= FOLD
        if runs and not fold and not runs[-1][0]:
            runs[-1][1].extend(run)
        else:
            runs.append((fold, run))
    return runs


def legend(rows: Iterable[Row]) -> list[tuple[WrapperKind, int]]:
    """The wrapper kinds that occur, most frequent first, with their number of rows."""
    kinds = Counter(
        cell.kind for row in rows for cell in (row.right or row.left,) if cell and cell.kind
    )
    return kinds.most_common()


def _without_anchor(cell: Cell) -> Cell:
    return Cell("", cell.block, cell.kind, cell.party, cell.role, cell.segments)


def _state(pair: Pair, cells: Sequence[Cell | None]) -> str:
    if cells[0] is None:
        return "added"
    if cells[1] is None:
        return "cut"
    return "same" if pair.similarity == 1 else "edited"


def _places(text: str, runs: Iterable[tuple[str, bool]]) -> Iterator[tuple[int, int, bool]]:
    """Where runs of words stand in a text, in order: start, end, whether they differ."""
    at = 0
    for run, changed in runs:
        start = text.find(run, at) if run else -1
        if start >= 0:
            at = start + len(run)
            yield start, at, changed


def _quoted(text: str, quotes: Iterable[str]) -> Iterator[Span]:
    """Where quotes stand; a quote that is not there word for word stands for the whole block."""
    for quote in quotes:
        start = text.find(quote)
        yield (start, start + len(quote)) if quote and start >= 0 else (0, len(text))


def _segments(text: str, part: Span, changed: list[Span], quoted: list[Span]) -> Iterator[Segment]:
    start, end = part
    cuts = {start, end, *(at for span in (*changed, *quoted) for at in span if start < at < end)}
    for here, there in pairwise(sorted(cuts)):
        yield Segment(text[here:there], _within(here, changed), _within(here, quoted))


def _within(at: int, spans: Iterable[Span]) -> bool:
    return any(start <= at < end for start, end in spans)
