"""Blocks and changed words on a terminal.

Everything from a page is cleaned and handed to rich as `Text`, never as markup.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provenance.compare import Edit, Pair
from provenance.origin import Version
from provenance.report.wording import clean, label, shorten

QUOTE = 220
"""Characters shown of a quote."""
ROWS = 12
"""Rows shown of a list."""
_CONTEXT = 6


def heading(text: str, console: Console) -> None:
    """A section's title."""
    console.print()
    console.print(Text(text, style="bold underline"))


def indented(text: Text | Table, console: Console, by: int = 2) -> None:
    """Text set in from the margin."""
    console.print(Padding(text, (0, 0, 0, by), expand=False))


def print_blocks(version: Version, blocks: Sequence[int], console: Console) -> None:
    """Blocks of a version, each with what it does."""
    if not blocks:
        indented(Text("nothing", style="dim"), console)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=12)
    table.add_column(overflow="fold")
    for block in blocks[:ROWS]:
        kind = version.judgements[block].kind
        shown = shorten(version.article.blocks[block].text, QUOTE)
        table.add_row(Text(label(kind) if kind else "text", style="magenta"), Text(shown))
    if len(blocks) > ROWS:
        table.add_row("", Text(f"and {len(blocks) - ROWS} more", style="dim"))
    indented(table, console, 4)


def print_edits(pairs: Sequence[Pair], console: Console, order: tuple[str, str]) -> None:
    """Changed words in their context, ``[-cut-]{+added+}``, readable without colour too."""
    changed = [pair for pair in pairs if any(edit.kind != "equal" for edit in pair.edits)]
    if not changed:
        indented(Text("nothing", style="dim"), console)
    for pair in changed[:ROWS]:
        indented(_marked(pair.edits, order), console, 4)
    if len(changed) > ROWS:
        indented(Text(f"and {len(changed) - ROWS} more", style="dim"), console, 4)


def _marked(edits: Sequence[Edit], order: tuple[str, str]) -> Text:
    line = Text()
    for place, edit in enumerate(edits):
        before, after = (clean(getattr(edit, side)) for side in order)
        if edit.kind == "equal":
            line.append(_context(after, first=place == 0, last=place == len(edits) - 1))
        else:
            line.append(f"[-{shorten(before, QUOTE)}-]" if before else "", style="red")
            line.append(f"{{+{shorten(after, QUOTE)}+}}" if after else "", style="green")
        line.append(" ")
    line.rstrip()
    return line


def _context(text: str, *, first: bool, last: bool) -> str:
    """The words next to a change; what lies between is left out."""
    run = text.split()
    if len(run) <= 2 * _CONTEXT:
        return text
    head = "" if first else " ".join(run[:_CONTEXT]) + " "
    tail = "" if last else " " + " ".join(run[-_CONTEXT:])
    return f"{head}…{tail}"
