"""Who published a version, and whose traces it bears.

A trace is a place in a version's wrapper or metadata that names another outlet: a disclaimer that
speaks of that outlet's staff, "first appeared on …", a brand left in the headline. It proves that
the text went through that outlet's hands, whether or not its version is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.article import Party, WrapperKind
from provenance.attribution import Agencies
from provenance.attribution.agencies.agency import AgencyKind
from provenance.origin.model import Version

UNNAMED = Party("outlet", "", "unnamed outlet")
"""The publisher of a page that names no publisher."""

_DESK, _SHORTEST = "news", 5
"""The word, and the letters of a name, that may or may not be part of it."""
_TOP_LEVEL = re.compile(r"\.[a-z]{2,4}$")
"""The end of a name that is an address: "Harbour Online.com"."""
_STATED = 4.5
_LEFT = 3.0
_STRENGTHS = {
    WrapperKind.DISCLAIMER: _STATED,
    WrapperKind.CREDIT: _STATED,
    WrapperKind.SOURCE_LINK: _STATED,
    WrapperKind.BYLINE: _LEFT,
    WrapperKind.HEADLINE: _LEFT,
    WrapperKind.BRANDING: _LEFT,
    WrapperKind.TIMESTAMP: _LEFT,
    WrapperKind.LEGAL: _LEFT,
    WrapperKind.PROMOTION: _LEFT,
    WrapperKind.STANDFIRST: _LEFT,
}
"""Log-odds that a block of this kind naming another outlet tells a hop; others tell nothing."""
_CREDITS = frozenset({
    WrapperKind.DISCLAIMER, WrapperKind.CREDIT, WrapperKind.SOURCE_LINK, WrapperKind.BYLINE,
})  # fmt: skip
"""Kinds in which naming an outlet tells the reader where the text comes from."""
_PUBLISHER = {
    WrapperKind.PROMOTION: 3,
    WrapperKind.BRANDING: 3,
    WrapperKind.LEGAL: 3,
    WrapperKind.COMMENT: 3,
    WrapperKind.NAVIGATION: 2,
    WrapperKind.TIMESTAMP: 1,
    WrapperKind.HEADLINE: 1,
    WrapperKind.DISCLAIMER: 1,
}
"""How much a block of this kind speaks for the page's own publisher."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Another outlet named on a version's page.

    Attributes:
        party: The outlet.
        block: Where, None for metadata.
        kind: Kind of evidence: ``inherited-wrapper``, or what the page's own evidence calls it.
        quote: The words.
        strength: Log-odds that the text came through that outlet.
        credits: Whether the words tell a reader so; a brand left in a headline does not.
    """

    party: Party
    block: int | None
    kind: str
    quote: str
    strength: float
    credits: bool


def publisher(version: Version, agencies: Agencies) -> Party:
    """Who published a version: its outlet, or the outlet its outermost wrapper speaks for."""
    outlet = version.article.outlet
    if outlet is not None and (outlet.domain or outlet.name):
        agency = agencies.by_domain(outlet.domain) if outlet.domain else None
        if agency is not None and agency.kind is AgencyKind.AGENCY:
            return Party("agency", agency.id, agency.name)
        return Party("outlet", outlet.domain or outlet.name.casefold(), outlet.name)
    named = [
        (_PUBLISHER[judgement.kind], index, judgement.party)
        for index, judgement in enumerate(version.judgements)
        if judgement.party is not None
        and judgement.party.kind == "outlet"
        and judgement.kind in _PUBLISHER
    ]
    # Of equal kinds the outermost wins: each hand wraps what it got.
    return max(named, key=lambda item: item[:2])[2] if named else UNNAMED


def same_outlet(a: Party, b: Party) -> bool:
    """Whether two parties are one, though one may be known by name and one by domain.

    Two unnamed outlets are two.
    """
    if a.kind != b.kind or not (a.id and b.id):
        return False
    if a.kind == "agency" or (_is_domain(a.id) and _is_domain(b.id)):
        return a.id == b.id
    ours, theirs = _forms(a), _forms(b)
    return a == b or bool(ours & theirs or _shorter(ours) & theirs or ours & _shorter(theirs))


def _is_domain(id: str) -> bool:
    """Whether an id is an address; that of an outlet known by name alone may hold a full stop."""
    return "." in id and " " not in id


@lru_cache(maxsize=4096)
def _forms(party: Party) -> frozenset[str]:
    """The ways a party's id and name can be written, without spaces, case and top level."""
    stem = party.id.split(".", maxsplit=1)[0] if " " not in party.id else party.id
    name = party.name.casefold().removeprefix("the ")
    written = (stem, name, _TOP_LEVEL.sub("", name))
    plain = ("".join(filter(str.isalnum, form.casefold())) for form in written)
    return frozenset(form for form in plain if len(form) > 1)


def _shorter(forms: frozenset[str]) -> frozenset[str]:
    """Names without the word that a desk's title ends them with: "Harbour Beat News Desk"."""
    cut = (form.removesuffix(_DESK) for form in forms if form.endswith(_DESK))
    return frozenset(form for form in cut if len(form) >= _SHORTEST)


def traces(version: Version, own: Party, others: Iterable[Party]) -> tuple[Trace, ...]:
    """Every other outlet that a version's page names as a hand its text went through.

    Args:
        version: The version.
        own: Its publisher; naming oneself is no trace.
        others: Publishers of the other versions, looked for by name in the wrapper.
    """
    found: list[Trace] = []
    for fact in version.evidence:
        party = fact.party
        if party is not None and party.kind == "outlet" and party.id and fact.weight > 0:
            strength = min(max(fact.weight, 1.0), _STATED)
            found.append(Trace(party, fact.block, fact.kind, fact.quote, strength, True))
    named = [party for party in others if party.kind == "outlet" and len(party.name) > 2]
    rows = zip(version.article.blocks, version.judgements, strict=True)
    for block, judgement in rows:
        if judgement.kind not in _STRENGTHS:
            continue
        parties = [party for party in named if _names(block.text, party.name)]
        if judgement.party is not None and judgement.party.kind == "outlet":
            parties.append(judgement.party)
        found += [
            Trace(
                party,
                block.index,
                "inherited-wrapper",
                block.text,
                _STRENGTHS[judgement.kind],
                judgement.kind in _CREDITS,
            )
            for party in parties
        ]
    return _distinct([trace for trace in found if not same_outlet(trace.party, own)])


def _names(text: str, name: str) -> bool:
    """Whether a text holds a name as whole words, in its own case."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(name, at + 1)
    return False


def _distinct(found: Sequence[Trace]) -> tuple[Trace, ...]:
    """One trace for each outlet and wording, the strongest."""
    best: dict[tuple[frozenset[str], str], Trace] = {}
    for trace in found:
        key = (_forms(trace.party), trace.quote)
        if key not in best or best[key].strength < trace.strength:
            best[key] = trace
    return tuple(best.values())
