"""Results on a terminal: answers first, then the words that show them; plain when piped.

Everything from a page is cleaned and handed to rich as `Text`, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from provenance.article import Article, Evidence
from provenance.compare import Edit, Pair, Role
from provenance.index import Counts, Info
from provenance.jobs.check import CheckResult
from provenance.jobs.diff import DiffResult
from provenance.origin import CreditVerdict, Hop, Verdict, Version
from provenance.report import wording
from provenance.report.changes import changes, reference
from provenance.report.wording import clean, label, percent, shorten

_QUOTE = 220
_FACTS = 4
_ROWS = 12
_CONTEXT = 6
_VERDICT_STYLE = {
    Verdict.ORIGINAL: "bold green",
    Verdict.SYNDICATED: "bold cyan",
    Verdict.REPUBLISHED: "bold yellow",
    Verdict.PARTIAL_COPY: "bold yellow",
    Verdict.UNKNOWN: "bold",
}
_CREDIT_STYLE = {
    CreditVerdict.CREDITED: "green",
    CreditVerdict.NOT_NEEDED: "green",
    CreditVerdict.UNKNOWN: "",
}


def print_check(result: CheckResult, console: Console) -> None:
    """The five answers about one article, each with its evidence."""
    article = result.article
    console.print(Text(clean(article.title) or "(no headline)", style="bold"))
    _print_published(wording.publisher(result), article, console)
    console.print()
    verdict = wording.headline(result)
    console.print(Text(verdict, style=_VERDICT_STYLE[result.judgement.verdict]))
    names = {match.article.id: wording.outlet(match.article) for match in result.copies}
    _print_origins(result, names, console)
    _print_chain(result, names, console)
    _print_credit(result, console)
    _print_copies(result, console)
    _print_changes(result, console)
    _print_versions(result, console)


def print_diff(result: DiffResult, console: Console) -> None:
    """Two versions: how much they share, then what the second added, cut and changed."""
    a, b = result.a.article, result.b.article
    console.print(Text("A  " + clean(a.title), style="bold"))
    _print_published(f"   {wording.outlet(a)}", a, console)
    console.print(Text("B  " + clean(b.title), style="bold"))
    _print_published(f"   {wording.outlet(b)}", b, console)
    console.print()
    shared = result.overlap
    console.print(
        Text(
            f"{percent(shared.a_in_b)} of A is in B, {percent(shared.b_in_a)} of B is in A "
            f"(Jaccard {shared.jaccard:.2f})"
        )
    )
    pairs = result.comparison.pairs
    _heading("Changed words, from A to B", console)
    _print_edits([p for p in pairs if p.a is not None and p.b is not None], console, ("a", "b"))
    for title, version, roles, only in (
        ("Only in A", result.a, result.a_roles, [p.a for p in pairs if p.b is None]),
        ("Only in B", result.b, result.b_roles, [p.b for p in pairs if p.a is None]),
    ):
        _heading(title, console)
        body = [i for i in only if i is not None and roles[i].role is not Role.WRAPPER]
        wrapper = [i for i in only if i is not None and roles[i].role is Role.WRAPPER]
        _print_blocks(version, [*body, *wrapper], console)


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


def print_dedup_summary(summary: Mapping[str, Any], console: Console) -> None:
    """The counts, parameters and seconds of `dedup`; nested groups are indented."""
    for key, value in summary.items():
        if isinstance(value, Mapping):
            _heading(label(key.replace("_", "-")), console)
            _print_facts(value, console)
        else:
            _print_facts({key: value}, console)


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


def _print_published(who: str, article: Article, console: Console) -> None:
    when = wording.moment(article.published) if article.published else "date not stated"
    console.print(Text(f"{who} · {when}", style="dim"))


def _heading(text: str, console: Console) -> None:
    console.print()
    console.print(Text(text, style="bold underline"))


def _indented(text: Text | Table, console: Console, by: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, by), expand=False))


def _print_origins(result: CheckResult, names: dict[str, str], console: Console) -> None:
    _heading("Who wrote it?", console)
    if not result.judgement.origins:
        _indented(Text("Nothing found names a source."), console)
    for origin in result.judgement.origins:
        name = Text(f"{wording.party(origin.party)} ", style="bold")
        _indented(name.append(percent(origin.probability), style="cyan"), console)
        _print_evidence(origin.evidence, result, names, console)


def _print_evidence(
    facts: Sequence[Evidence],
    result: CheckResult,
    names: dict[str, str],
    console: Console,
    by: int = 4,
) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts[:_FACTS]:
        sign = "+" if fact.weight > 0 else "−" if fact.weight < 0 else "·"
        line = Text(label(fact.kind), style="dim").append(": ")
        line.append(_quoted(fact)).append(
            f"  ({wording.place(fact, result.article, names)})", style="dim"
        )
        table.add_row(Text(sign, style="green" if sign == "+" else "red"), line)
    if len(facts) > _FACTS:
        table.add_row("", Text(f"and {len(facts) - _FACTS} more", style="dim"))
    _indented(table, console, by)


def _quoted(fact: Evidence) -> Text:
    shown = shorten(fact.quote, _QUOTE)
    return Text(f"“{shown}”" if fact.block is not None else shown)


def _print_chain(result: CheckResult, names: dict[str, str], console: Console) -> None:
    _heading("Through whose hands did it come?", console)
    hops = result.judgement.chain
    if not hops:
        _indented(Text("No other version and no trace of one was found."), console)
    for depth, hop, first in _tree(hops):
        if first:
            _indented(Text(wording.party(hop.parent.party), style="bold"), console)
        line = Text("└ " + wording.party(hop.child.party), style="bold")
        line.append(f"  {percent(hop.probability)}", style="cyan")
        if hop.doubtful:
            line.append("  the likeliest of several", style="dim")
        if hop.child.article == result.article.id:
            line.append("  ← this page", style="yellow")
        elif hop.child.article is None:
            line.append("  seen only by its traces", style="dim")
        _indented(line, console, 2 * depth)
        if hop.child.article == result.article.id:
            _print_evidence(hop.evidence, result, names, console, 2 * depth + 2)


def _tree(hops: Iterable[Hop]) -> Iterator[tuple[int, Hop, bool]]:
    """Hops with their depth, each after its parent's; True where a new tree begins."""
    hops = list(hops)
    children = {hop.child for hop in hops}
    roots = dict.fromkeys(hop.parent for hop in hops if hop.parent not in children)
    for root in roots:
        todo = [(1, hop) for hop in reversed(hops) if hop.parent == root]
        first = True
        while todo:
            depth, hop = todo.pop()
            yield depth, hop, first
            first = False
            todo += [(depth + 1, each) for each in reversed(hops) if each.parent == hop.child]


def _print_credit(result: CheckResult, console: Console) -> None:
    credit = result.judgement.credit
    _heading("Was credit given?", console)
    style = _CREDIT_STYLE.get(credit.verdict, "red")
    _indented(Text(wording.credit_line(credit), style=style), console)
    if credit.quote:
        where = "metadata" if credit.block is None else f"block {credit.block}"
        quote = Text(f"“{shorten(credit.quote, _QUOTE)}”").append(f"  ({where})", style="dim")
        _indented(quote, console, 4)


def _print_copies(result: CheckResult, console: Console) -> None:
    _heading("Who else ran it?", console)
    if not result.copies:
        _indented(Text("No copy was found."), console)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("outlet", overflow="ellipsis", max_width=26)
    table.add_column("published", overflow="fold")
    table.add_column("of this page", justify="right")
    table.add_column("of theirs", justify="right")
    table.add_column("copy")
    for match in result.copies[:_ROWS]:
        table.add_row(
            Text(wording.outlet(match.article)),
            Text(wording.moment(match.article.published)),
            percent(match.overlap.a_in_b),
            percent(match.overlap.b_in_a),
            match.relation,
        )
    _indented(table, console)
    if len(result.copies) > _ROWS:
        _indented(Text(f"and {len(result.copies) - _ROWS} more", style="dim"), console)


def _print_changes(result: CheckResult, console: Console) -> None:
    _heading("What was added, cut and changed?", console)
    other = reference(result)
    if other is None:
        wrapper = [i for i, role in enumerate(result.roles) if role.role is Role.WRAPPER]
        body = len(result.roles) - len(wrapper)
        _indented(Text(f"{wording.words(body, 'block')} of text; around it:"), console)
        _print_blocks(result.version, wrapper, console)
        return
    found = changes(result.roles, result.comparisons[other.article.id], other)
    _indented(
        Text(
            f"Beside {wording.outlet(other.article)}: "
            f"{wording.words(found.kept, 'block')} of text unchanged, "
            f"{len(found.edited):,} edited, {len(found.added):,} added, {len(found.cut):,} cut"
        ),
        console,
    )
    if found.edited:
        _print_edits(found.edited, console, ("b", "a"))
    for title, version, blocks in (
        ("added", result.version, found.added),
        ("cut", other, found.cut),
    ):
        if blocks:
            _indented(Text(f"{title}:", style="dim"), console)
            _print_blocks(version, blocks, console)


def _print_versions(result: CheckResult, console: Console) -> None:
    if len(result.versions) < 2:
        return
    _heading("Changed since it was first seen", console)
    for version in result.versions:
        line = f"{version.seen:%Y-%m-%d %H:%M} UTC  {clean(version.article.title)}"
        _indented(Text(line, style="dim"), console)
        if version.pairs:
            _print_edits(version.pairs, console, ("a", "b"))


def _print_blocks(version: Version, blocks: Sequence[int], console: Console) -> None:
    if not blocks:
        _indented(Text("nothing", style="dim"), console)
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, min_width=12)
    table.add_column(overflow="fold")
    for block in blocks[:_ROWS]:
        kind = version.judgements[block].kind
        shown = shorten(version.article.blocks[block].text, _QUOTE)
        table.add_row(Text(label(kind) if kind else "text", style="magenta"), Text(shown))
    if len(blocks) > _ROWS:
        table.add_row("", Text(f"and {len(blocks) - _ROWS} more", style="dim"))
    _indented(table, console, 4)


def _print_edits(pairs: Sequence[Pair], console: Console, order: tuple[str, str]) -> None:
    """Changed words in their context, ``[-cut-]{+added+}``, readable without colour too."""
    changed = [pair for pair in pairs if any(edit.kind != "equal" for edit in pair.edits)]
    if not changed:
        _indented(Text("nothing", style="dim"), console)
    for pair in changed[:_ROWS]:
        _indented(_marked(pair.edits, order), console, 4)
    if len(changed) > _ROWS:
        _indented(Text(f"and {len(changed) - _ROWS} more", style="dim"), console, 4)


def _marked(edits: Sequence[Edit], order: tuple[str, str]) -> Text:
    line = Text()
    for place, edit in enumerate(edits):
        before, after = (clean(getattr(edit, side)) for side in order)
        if edit.kind == "equal":
            line.append(_context(after, first=place == 0, last=place == len(edits) - 1))
        else:
            line.append(f"[-{shorten(before, _QUOTE)}-]" if before else "", style="red")
            line.append(f"{{+{shorten(after, _QUOTE)}+}}" if after else "", style="green")
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
