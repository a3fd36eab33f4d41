"""Considerations from what pages say: whom they name, whom they credit, who signs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from provenance.article import Party, WrapperKind
from provenance.fingerprint import tokens
from provenance.origin.rows import FIRST, OWN, Fact
from provenance.origin.story import Story

_MOST_NAMED = 7.0
_MOST_CREDIT = 2.5
_LONE = 0.3
"""What a credit counts beside other versions that is nothing but a name above the text."""
_MOST_OWN = 1.5


def traces(story: Story) -> Iterator[Fact]:
    """Parents that the child's page names, and those that bear the same names."""
    for child in range(story.size):
        for number in range(len(story)):
            found = story.names(child, number)
            if not found or number == child:
                continue
            strength = min(sum(trace.strength for trace in found), _MOST_NAMED)
            yield "named", number, child, strength
            yield "names", [child, OWN], [number, child], strength
            words = {_plain(trace.quote) for trace in found}
            for other in (v for v in range(story.size) if v not in (child, number)):
                theirs = {_plain(trace.quote) for trace in story.names(other, number)}
                if theirs:
                    name = "named-same" if words <= theirs else "named-too"
                    yield name, other, child, strength


def sources(story: Story) -> Iterator[Fact]:
    """How many others name a node: who is taken from by many is by those who name nobody, too."""
    size = story.size
    for number in range(len(story.parties)):
        naming = [v for v in range(size) if v != number and _says(story, v, number)]
        silent = [v for v in range(size) if v != number and v not in naming]
        if naming and silent:
            yield "named-by-others", number, silent, float(np.log1p(len(naming)))
        thanked = [v for v in range(size) if any(t.credits for t in story.names(v, number))]
        if thanked and number < len(story):
            yield "credited-first", FIRST, number, float(np.log1p(len(thanked)))


def _says(story: Story, version: int, number: int) -> bool:
    """Whether a version's page names a node as a source."""
    if story.is_wire(number):
        agency = story.parties[number]
        credited = story.agency_weight(version, agency) > 0
        return credited and not _may_be_pictures(story, version, agency)
    return bool(story.names(version, number))


def _plain(quote: str) -> str:
    return " ".join(tokens(quote))


def credits(story: Story) -> Iterator[Fact]:
    """The agencies that pages credit, directly or through a parent that credits them too."""
    size = story.size
    for number in (n for n in range(len(story.parties)) if story.is_wire(n)):
        agency = story.parties[number]
        weights = [_credit_weight(story, version, agency) for version in range(size)]
        crediting = [v for v in range(size) if weights[v] > 0 and v != number]
        words = {v: _credit_lines(story, v, agency) for v in crediting}
        for child in crediting:
            weight = weights[child]
            yield "credit", number, child, weight
            yield "credit-direct", number, child, 1.0
            yield "credit-own", OWN, child, weight
            if number < size:
                yield "credit-first", FIRST, child, 1.0
                yield "credit-first", FIRST, number, -1.0
            for other in crediting:
                if other != child and words[child] <= words[other]:
                    yield "credit-same" if words[child] else "credit-too", other, child, weight
        for hand in range(size, len(story)):
            naming = [weights[version] for version in range(size) if story.names(version, hand)]
            yield "credit", number, hand, max(*naming, 0.0)
    if size == 1:
        # Beside other versions a byline says nothing: whoever takes a text signs it.
        yield "own-claim", [FIRST, OWN], 0, np.clip(story.own_weight(0), -_MOST_OWN, _MOST_OWN)


def _credit_weight(story: Story, version: int, agency: Party) -> float:
    """What a page's credit counts beside other versions; a name that may be a picture's, less."""
    weight = min(story.agency_weight(version, agency), _MOST_CREDIT)
    return weight * _LONE if _may_be_pictures(story, version, agency) else weight


def _may_be_pictures(story: Story, version: int, agency: Party) -> bool:
    """Whether nothing but a name alone above the text credits an agency."""
    facts = story.agency_evidence(version, agency)
    return {fact.kind for fact in facts if fact.weight > 0} == {"lone-name"}


def _credit_lines(story: Story, version: int, agency: Party) -> frozenset[str]:
    """Lines in which a page credits an agency; not the dateline, which goes with the text."""
    return frozenset(
        _plain(fact.quote)
        for fact in story.agency_evidence(version, agency)
        if fact.weight > 0 and "dateline" not in fact.kind
    )


def signatures(story: Story) -> Iterator[Fact]:
    """Who signs beside other versions: a reporter by name, or a desk, which signs what it takes.

    A name that is another outlet's was taken over with the text.
    """
    for version in range(story.size if story.size > 1 else 0):
        taken = {trace.quote for trace in story.traces[version]}
        own = {fact.kind for fact in story.own_evidence(version) if fact.quote not in taken}
        if "staff-byline" in own:
            yield "signed-by-name", FIRST, version, 1.0
        elif own:
            yield "signed-by-desk", FIRST, version, 1.0
    for hand in range(story.size, len(story)):
        if any(_bears_desk(story, version, hand) for version in range(story.size)):
            yield "signed-by-desk", FIRST, hand, 1.0


def _bears_desk(story: Story, version: int, hand: int) -> bool:
    """Whether a page that took over a hand's wrapper took over the line of its desk with it."""
    found = story.names(version, hand)
    if not any(trace.kind == "inherited-wrapper" for trace in found):
        return False
    judgements = story.versions[version].judgements
    signed = {t.block for t in found if t.block is not None and t.kind == "outlet-credit"}
    desk = any(judgements[block].kind is WrapperKind.BYLINE for block in signed)
    return desk or any(fact.kind == "own-byline" for fact in story.own_evidence(version))
