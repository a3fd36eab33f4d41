"""Counts and facts on a terminal: what `add` and `dedup` did, what an index holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.index import Counts, Info
from provenance.report import wording
from provenance.report.terminal_text import heading
from provenance.report.wording import clean, label

_COUNTED = frozenset(("articles", "kept", "clusters", "exact", "near", "partial", "set_aside"))
MOST_SPLITS = 5
"""Splits that are shown, and parts of each."""


def print_counts(counts: Counts, set_aside: int, location: str, console: Console) -> None:
    """What `add` did, in one line."""
    total = counts.added + counts.updated + counts.unchanged
    console.print(
        Text(
            f"{wording.words(total, 'article')} read into {clean(location)}: "
            f"{counts.added:,} added, {counts.updated:,} updated, "
            f"{counts.unchanged:,} unchanged, {set_aside:,} set aside"
        )
    )
    console.print()


def print_info(info: Info, console: Console) -> None:
    """What an index holds."""
    dates = [f"{each:%Y-%m-%d}" for each in (info.earliest, info.latest) if each]
    _print_facts(
        {
            "index": info.location,
            "articles": f"{info.articles:,}",
            "earlier versions": f"{info.versions:,}",
            "outlets": f"{info.outlets:,}",
            "words": f"{info.tokens:,}",
            "published": " to ".join(dates) or "not stated",
            "postings": f"{info.postings:,}",
            "size": f"{info.bytes / 1e6:,.1f} MB",
            "scheme": ", ".join(f"{key} {value}" for key, value in info.scheme.items()),
        },
        console,
    )


def print_dedup_summary(
    summary: Mapping[str, Any], console: Console, files: Sequence[str] = ()
) -> None:
    """What `dedup` did and wrote in two sentences, then counts, parameters and seconds."""
    if summary.keys() >= _COUNTED:
        console.print(Text(_told(summary)))
    if files:
        console.print(Text(f"Written: {', '.join(map(clean, files))}"))
    for key, value in summary.items():
        if key == "splits":
            _print_splits(value, summary["parameters"], console)
        elif isinstance(value, Mapping):
            heading(label(key.replace("_", "-")), console)
            _print_facts(value, console)
        else:
            _print_facts({key: value}, console)


def _told(summary: Mapping[str, Any]) -> str:
    """The counts in a sentence."""
    copies = {kind: summary[kind] for kind in ("exact", "near", "partial")}
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in copies.items() if count)
    found = f"{wording.words(sum(copies.values()), 'copy', 'copies')}{kinds and f' ({kinds})'}"
    clusters = wording.words(summary["clusters"], "cluster")
    told = f"{wording.words(summary['articles'], 'article')}: {summary['kept']:,} kept; "
    told += f"{found} in {clusters}"
    aside = summary["set_aside"]
    return told + (f"; {aside:,} could not be read, see set_aside.jsonl" if aside else "")


def _print_splits(
    splits: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any], console: Console
) -> None:
    """What was too loose to be one cluster, and why; the largest, as all are in the summary."""
    if not splits:
        return
    needed = parameters["threshold"] - parameters["slack"]
    heading(f"{wording.words(len(splits), 'cluster')} too loose for the threshold, split", console)
    for split in splits[:MOST_SPLITS]:
        into = split["into"]
        parts = ", ".join(map(str, into[:MOST_SPLITS]))
        more = f" and {len(into) - MOST_SPLITS:,} smaller" if len(into) > MOST_SPLITS else ""
        told = (
            f"{split['texts']:,} texts around {clean(split['centre'])}: one is only "
            f"{split['lowest_jaccard']:.2f} like it ({needed:.2f} needed); "
            f"now in {len(into):,}: {parts}{more}"
        )
        console.print(Text(told))
    if len(splits) > MOST_SPLITS:
        console.print(Text(f"and {len(splits) - MOST_SPLITS:,} more, see summary.json"))


def _print_facts(facts: Mapping[str, Any], console: Console) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(min_width=14, no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in facts.items():
        table.add_row(Text(label(key.replace("_", "-")), style="dim"), Text(_shown(value)))
    console.print(table)


def _shown(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else clean(str(value))
