"""Results on a terminal: answers first, then the words that show them; plain when piped.

Everything from a page is cleaned and handed to rich as `Text`, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from provenance.article import Article, Evidence, WrapperKind
from provenance.compare import Role
from provenance.jobs.check import CheckResult
from provenance.jobs.diff import DiffResult
from provenance.origin import CreditVerdict, Hop, Verdict
from provenance.report import wording
from provenance.report.changes import changes, reference
from provenance.report.order import hops_in_time
from provenance.report.terminal_text import (
    QUOTE,
    ROWS,
    heading,
    indented,
    print_blocks,
    print_edits,
)
from provenance.report.wording import clean, percent, shorten

_FACTS = 4
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
    found = changes(result.a, result.a_roles, result.comparison, result.b)
    heading("Changed words of the text, from A to B", console)
    print_edits(found.edited, console, ("a", "b"))
    if found.reworded:
        heading("Changed words around it", console)
        print_edits(found.reworded, console, ("a", "b"))
    for title, version, roles, only in (
        ("Only in A", result.a, result.a_roles, [p.a for p in pairs if p.b is None]),
        ("Only in B", result.b, result.b_roles, [p.b for p in pairs if p.a is None]),
    ):
        heading(title, console)
        body = [i for i in only if i is not None and roles[i].role is not Role.WRAPPER]
        wrapper = [i for i in only if i is not None and roles[i].role is Role.WRAPPER]
        telling = [i for i in wrapper if version.kinds[i] is not WrapperKind.NAVIGATION]
        print_blocks(version, [*body, *telling], console)
        if menus := len(wrapper) - len(telling):
            rest = f"and {wording.words(menus, 'line of menus', 'lines of menus')}"
            indented(Text(rest, style="dim"), console, 4)


def _print_published(who: str, article: Article, console: Console) -> None:
    when = wording.moment(article.published) if article.published else "date not stated"
    console.print(Text(f"{who} · {when}", style="dim"))


def _print_origins(result: CheckResult, names: dict[str, str], console: Console) -> None:
    heading("Who wrote it?", console)
    if not result.judgement.origins:
        indented(Text("Nothing found names a source."), console)
    for origin in result.judgement.origins:
        name = Text(f"{wording.party(origin.party)} ", style="bold")
        indented(name.append(percent(origin.probability), style="cyan"), console)
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
        line = Text(wording.fact(fact.kind), style="dim").append(": ")
        line.append(_quoted(fact)).append(
            f"  ({wording.place(fact, result.article, names)})", style="dim"
        )
        table.add_row(Text(sign, style="green" if sign == "+" else "red"), line)
    if len(facts) > _FACTS:
        table.add_row("", Text(f"and {len(facts) - _FACTS} more", style="dim"))
    indented(table, console, by)


def _quoted(fact: Evidence) -> Text:
    shown = shorten(fact.quote, QUOTE)
    return Text(f"“{shown}”" if fact.block is not None else wording.spoken(shown))


def _print_chain(result: CheckResult, names: dict[str, str], console: Console) -> None:
    heading("Through whose hands did it come?", console)
    hops = hops_in_time(result)
    if not hops:
        indented(Text("No other version and no trace of one was found."), console)
    for depth, hop, first in _tree(hops):
        if first:
            indented(Text(wording.party(hop.parent.party), style="bold"), console)
        line = Text("└ " + wording.party(hop.child.party), style="bold")
        line.append(f"  {percent(hop.probability)}", style="cyan")
        if hop.doubtful:
            line.append("  the likeliest of several", style="dim")
        if hop.child.article == result.article.id:
            line.append("  ← this page", style="yellow")
        elif hop.child.article is None:
            line.append("  seen only by its traces", style="dim")
        indented(line, console, 2 * depth)
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
    heading("Was credit given?", console)
    style = _CREDIT_STYLE.get(credit.verdict, "red")
    indented(Text(wording.credit_line(credit), style=style), console)
    if credit.quote:
        where = "metadata" if credit.block is None else f"block {credit.block}"
        quote = Text(f"“{shorten(credit.quote, QUOTE)}”").append(f"  ({where})", style="dim")
        indented(quote, console, 4)


def _print_copies(result: CheckResult, console: Console) -> None:
    heading("Who else ran it?", console)
    if not result.copies:
        indented(Text("No copy was found."), console)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("outlet", overflow="ellipsis", max_width=26)
    table.add_column("published", overflow="fold")
    table.add_column("of this page", justify="right")
    table.add_column("of theirs", justify="right")
    table.add_column("copy")
    for match in result.copies[:ROWS]:
        table.add_row(
            Text(wording.outlet(match.article)),
            Text(wording.moment(match.article.published)),
            percent(match.overlap.a_in_b),
            percent(match.overlap.b_in_a),
            match.relation,
        )
    indented(table, console)
    if len(result.copies) > ROWS:
        indented(Text(f"and {len(result.copies) - ROWS} more", style="dim"), console)


def _print_changes(result: CheckResult, console: Console) -> None:
    heading("What was added, cut and changed?", console)
    other = reference(result)
    if other is None:
        wrapper = [i for i, role in enumerate(result.roles) if role.role is Role.WRAPPER]
        body = len(result.roles) - len(wrapper)
        indented(Text(f"{wording.words(body, 'block')} of text; around it:"), console)
        print_blocks(result.version, wrapper, console)
        return
    found = changes(result.version, result.roles, result.comparisons[other.article.id], other)
    indented(
        Text(
            f"Beside {wording.outlet(other.article)}: "
            f"{wording.words(found.kept, 'block')} of text unchanged, "
            f"{len(found.edited):,} edited, {len(found.added):,} added, {len(found.cut):,} cut; "
            f"around it {len(found.reworded):,} reworded, {len(found.around):,} added, "
            f"{len(found.dropped):,} dropped"
        ),
        console,
    )
    if found.edited or found.reworded:
        print_edits([*found.edited, *found.reworded], console, ("b", "a"))
    for title, version, blocks in (
        ("added", result.version, (*found.added, *found.around)),
        ("cut", other, (*found.cut, *found.dropped)),
    ):
        if blocks:
            indented(Text(f"{title}:", style="dim"), console)
            print_blocks(version, blocks, console)


def _print_versions(result: CheckResult, console: Console) -> None:
    if len(result.versions) < 2:
        return
    heading("Changed since it was first seen", console)
    for version in result.versions:
        line = f"{version.seen:%Y-%m-%d %H:%M} UTC  {clean(version.article.title)}"
        indented(Text(line, style="dim"), console)
        if version.pairs:
            print_edits(version.pairs, console, ("a", "b"))
