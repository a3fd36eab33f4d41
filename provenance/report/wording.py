"""What results are called in plain words, the same on a terminal and on a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType

from provenance.article import Article, Evidence, Interval, Party
from provenance.jobs.check import CheckResult
from provenance.origin import Credit, CreditVerdict, Hop, Judgement, Node, Verdict
from provenance.origin.times import written

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d\ufe0f"
_TAGS = range(0xE0020, 0xE0080)

CREDIT = MappingProxyType({
    CreditVerdict.CREDITED: "Yes",
    CreditVerdict.MISCREDITED: "No, somebody else is named",
    CreditVerdict.UNCREDITED: "No, nobody is named",
    CreditVerdict.SELF_CLAIMED: "No, the page claims the text as its own",
    CreditVerdict.NOT_NEEDED: "Not needed, the text is its own",
    CreditVerdict.UNKNOWN: "Cannot be told, the source is not known",
})  # fmt: skip
"""The answer to "was credit given?" for each verdict."""

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)Z")
FACTS = MappingProxyType({
    "self": "own site",
    "earliest-copy": "published first",
    "earlier-copy": "published before",
    "later-copy": "published after",
    "least-wrapper": "least put around it",
    "inherited-wrapper": "names another hand",
    "shared-wrapper": "same line around the text",
    "containment": "shared text",
    "edit-carried-over": "words that others lack",
    "not-in-parent": "missing there",
    "unordered": "order not known",
})  # fmt: skip
"""Kinds of evidence whose own names say too little to people; others are said by their names."""

REASONS = MappingProxyType({
    "nobody-named": "the page names no author, agency or source, and no other version tells",
    "several-likely": "several sources are likely, none more likely than not",
    "weak-signs": "what speaks for the one source found is too weak",
})  # fmt: skip
"""Why an article's source is unknown."""


def visible(text: str) -> str:
    """A text from outside that cannot steer a terminal or reorder what stands by it.

    Control characters, escape sequences' first byte, bidirectional overrides and other invisible
    format characters become spaces; joiners that scripts and emoji need stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c in _JOINERS or ord(c) in _TAGS or unicodedata.category(c) not in _INVISIBLE else " "
        for c in text
    )


def clean(text: str) -> str:
    """The same as one line, white space collapsed."""
    return " ".join(visible(text).split())


def shorten(text: str, width: int) -> str:
    """At most `width` characters, cut at the end with an ellipsis."""
    text = clean(text)
    return text if len(text) <= width else text[: max(0, width - 1)].rstrip() + "…"


def percent(share: float) -> str:
    """A share as whole per cent; never 0 or 100 for what is only nearly so."""
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return ">99 %"
    if rounded == 0 and share > 0:
        return "<1 %"
    return f"{rounded} %"


def moment(interval: Interval | None) -> str:
    """When something was published, as precisely as it is known, in UTC."""
    if interval is None:
        return "not stated"
    earliest, latest = interval.earliest.astimezone(UTC), interval.latest.astimezone(UTC)
    if (latest - earliest).total_seconds() < 60:
        return f"{earliest:%Y-%m-%d %H:%M} UTC"
    if earliest.date() == latest.date():
        return f"{earliest:%Y-%m-%d %H:%M}–{latest:%H:%M} UTC"
    # A day in every zone it could mean is that day to its reader, not two.
    middle = earliest + (latest - earliest) / 2
    if (latest - earliest).days <= 2:
        return f"{middle:%Y-%m-%d}"
    return f"{earliest:%Y-%m-%d} to {latest:%Y-%m-%d}"


def iso(interval: Interval | None) -> str:
    """A moment or day in ISO 8601, for a page's ``datetime``; empty for a span or no time."""
    shown = written(interval) if interval else ""
    return "" if "/" in shown else shown


def times(quote: str) -> Iterator[tuple[str, str]]:
    """The parts of a fact's words, each with the ISO 8601 moment that it writes for people."""
    end = 0
    for found in _MOMENT.finditer(quote):
        yield quote[end : found.start()], ""
        yield f"{found[1]} {found[2]} UTC", found[0]
        end = found.end()
    yield quote[end:], ""


def spoken(quote: str) -> str:
    """A fact's words with times as people write them."""
    return "".join(part for part, _ in times(quote))


def day(when: datetime | None) -> str:
    """A day, also where a table's missing time (which differs from itself) stands for none."""
    return f"{when:%Y-%m-%d}" if when is not None and when == when else "not stated"  # noqa: PLR0124


def outlet(article: Article) -> str:
    """Who published an article, as far as known."""
    known = article.outlet
    return clean((known.name or known.domain) if known else "") or "an unnamed outlet"


def party(found: Party) -> str:
    """The name of an agency or outlet."""
    return clean(found.name or found.id)


def place(fact: Evidence, subject: Article, names: dict[str, str]) -> str:
    """Where a fact was found: the page, and the block when there is one."""
    page = "this page" if fact.article == subject.id else names.get(fact.article, "another page")
    return page if fact.block is None else f"{page}, block {fact.block}"


def words(count: int, singular: str, plural: str = "") -> str:
    """A count with its noun."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def label(kind: str) -> str:
    """A kind's name as words: ``photo-credit`` is "photo credit"."""
    return clean(str(kind).replace("-", " "))


def fact(kind: str) -> str:
    """A kind of evidence in plain words."""
    return FACTS.get(kind) or label(kind)


def publisher(result: CheckResult) -> str:
    """Who published the checked page: by its address, else as the chain found it."""
    for hop in result.judgement.chain:
        for node in (hop.child, hop.parent):
            if node.article == result.article.id:
                return party(node.party)
    return outlet(result.article)


def hop_to(result: CheckResult) -> Hop | None:
    """The hop by which the checked page most likely came."""
    return next((h for h in result.judgement.chain if h.child.article == result.article.id), None)


def headline(result: CheckResult) -> str:
    """The verdict as one sentence."""
    judgement = result.judgement
    who = party(judgement.origins[0].party) if judgement.origins else "an unknown source"
    own = publisher(result)
    hop = hop_to(result)
    through = ""
    if hop and hop.doubtful:
        through = "; from whose copy is unclear"
    elif hop and _differs(hop.parent, judgement):
        through = f", by way of {party(hop.parent.party)}"
    match judgement.verdict:
        case Verdict.ORIGINAL:
            return f"Original: {own} wrote this text."
        case Verdict.SYNDICATED:
            return f"Syndicated: {who} wrote this text, {own} runs it."
        case Verdict.REPUBLISHED:
            return f"Republished: {who} wrote this text, {own} took it{through}."
        case Verdict.PARTIAL_COPY:
            return f"Partial copy: a part of this text is from {who}{through}."
        case _:
            return "Unknown: nothing found says clearly who wrote this text."


def _differs(parent: Node, judgement: Judgement) -> bool:
    return not judgement.origins or parent.party.id != judgement.origins[0].party.id


def credit_line(credit: Credit) -> str:
    """The answer to "was credit given?" as one sentence."""
    answer = CREDIT[credit.verdict]
    if credit.to and credit.verdict in (CreditVerdict.CREDITED, CreditVerdict.MISCREDITED):
        return f"{answer}: it names {party(credit.to)}."
    return f"{answer}."
