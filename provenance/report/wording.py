"""What results are called in plain words, the same on a terminal and on a page."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from types import MappingProxyType

from provenance.article import Article, Evidence, Interval, Party
from provenance.jobs.check import CheckResult
from provenance.origin import Credit, CreditVerdict, Hop, Judgement, Node, Verdict

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

REASONS = MappingProxyType({
    "nobody-named": "names no author, agency or source, and no other version tells",
    "several-likely": "several sources are likely, none of them more than all others",
    "weak-signs": "one source is likely, but too weakly to be sure",
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
