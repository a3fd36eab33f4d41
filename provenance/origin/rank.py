"""The likely sources of one version, ranked, each with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.article import Evidence, Party
from provenance.origin.edges import Edges
from provenance.origin.model import Origin
from provenance.origin.parties import same_outlet
from provenance.origin.rows import FIRST, OWN
from provenance.origin.story import Story
from provenance.origin.times import precedes, written
from provenance.origin.tree import beginnings

LEAST = 0.05
"""Sources less likely than this are not named."""
_OWN_TEXT = 0.25
"""Share of a text that no one other version has, from which it speaks for the version's outlet."""


def rank(story: Story, subject: int, weighed: Edges) -> tuple[Origin, ...]:
    """Rank the sources that a version's text may come from.

    An outlet is only named when something speaks for it, be it the other versions. Agencies that
    share a text each have its probability; but for them, what is missing to 1 over all sources is
    the probability that the source is unknown.

    Args:
        story: The nodes.
        subject: The version.
        weighed: The edges.
    """
    chances = _chances(story, subject, weighed)
    origins = []
    for party, numbers in _sources(story):
        probability = sum(chances[number] for number in numbers)
        if not party.id or probability < LEAST:
            continue
        evidence = tuple(_sorted(_evidence(story, subject, party, numbers)))
        if any(item.weight > 0 for item in evidence):
            origins.append(Origin(party, min(probability, 1.0), evidence))
    return tuple(sorted(origins, key=lambda o: (-o.probability, o.party.id)))


def _sources(story: Story) -> list[tuple[Party, list[int]]]:
    """Every possible source with its nodes: an outlet may have several versions."""
    named = [(number, party) for number, party in enumerate(story.parties[: len(story)])]
    for number, agencies in enumerate(story.wires, start=len(story)):
        named += [(number, party) for party in agencies]
    grouped: list[tuple[Party, list[int]]] = []
    for number, party in named:
        for known, numbers in grouped:
            if same_outlet(known, party):
                numbers.append(number)
                break
        else:
            grouped.append((party, [number]))
    return grouped


def _chances(story: Story, subject: int, weighed: Edges) -> list[float]:
    """For each node, wires included, the probability that the subject's text began there."""
    ends, passes = beginnings(weighed.inner, weighed.outside)
    wires = ends[: len(story.wires), subject]
    first = weighed.outside[FIRST] + weighed.outside[OWN]
    return [*(first * passes[:, subject]).tolist(), *wires.tolist()]


def _sorted(found: Iterator[Evidence]) -> list[Evidence]:
    """Each fact once, for before against, strongest first; the checked page's own before others."""
    distinct = {(e.kind, e.quote, e.weight > 0): e for e in reversed(list(found))}
    return sorted(distinct.values(), key=lambda e: (e.weight <= 0, -abs(e.weight)))


def _evidence(story: Story, subject: int, party: Party, numbers: list[int]) -> Iterator[Evidence]:
    versions = [subject, *(v for v in range(story.size) if v != subject)]
    if party.kind == "agency":
        for version in versions:
            yield from story.agency_evidence(version, party)
    for number in (n for n in numbers if n < story.size):
        if party.kind == "outlet":
            yield from story.own_evidence(number)
        yield from _beside_others(story, number)
    for version in versions if party.kind == "outlet" else ():
        article = story.versions[version].article
        for trace in (t for t in story.traces[version] if same_outlet(t.party, party)):
            yield Evidence(trace.kind, trace.quote, trace.block, trace.strength, article.id, party)


def _beside_others(story: Story, number: int) -> Iterator[Evidence]:
    """What the other versions say about this one being the first."""
    article, party = story.versions[number].article, story.parties[number]
    others = [v for v in range(story.size) if v != number]
    orders = [(precedes(article.published, story.versions[v].article.published), v) for v in others]
    earlier = sum(order for order, _ in orders if order > 0)
    if earlier and article.published is not None and all(order >= 0 for order, _ in orders):
        quote = f"published {written(article.published)}, before the others"
        yield Evidence("earliest-copy", quote, None, min(0.5 * earlier, 2.0), article.id, party)
    for order, other in sorted(orders)[:1]:
        published = story.versions[other].article.published
        if order < 0 and published is not None:
            quote = f"another copy was published {written(published)}, before this one"
            other_id = story.versions[other].article.id
            yield Evidence("later-copy", quote, None, 2.2 * order, other_id, party)
    if others:
        contained = story.texts.containment()
        has = sum(contained[v, number] for v in others) / len(others)
        given = sum(contained[number, v] for v in others) / len(others)
        if has > given:
            quote = f"has {has:.0%} of the other versions' text, they have {given:.0%} of its"
            yield Evidence(
                "fullest-text", quote, None, min(float(3 * (has - given)), 2.0), article.id, party
            )
        alone = 1 - max(float(contained[number, v]) for v in others)
        if alone > _OWN_TEXT:
            quote = f"{alone:.0%} of its text is in none of the other versions"
            yield Evidence("own-text", quote, None, 2 * alone, article.id, party)
        share = story.wrapper_shares[number]
        least = min(story.wrapper_shares[v] for v in others)
        if share < least:
            quote = f"{share:.0%} of its words are wrapper; the others have {least:.0%} or more"
            yield Evidence("least-wrapper", quote, None, 0.3, article.id, party)
