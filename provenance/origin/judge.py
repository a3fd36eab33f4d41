"""One page beside the other versions of its story: verdict, authorship, origins, chain, credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from provenance.attribution import Agencies, Authorship, authorship
from provenance.compare import Comparison, block_words
from provenance.origin.chain import chain
from provenance.origin.credit import SURE, credit
from provenance.origin.edges import Edges, edges
from provenance.origin.model import Hop, Judgement, Origin, Verdict, Version
from provenance.origin.parties import same_outlet
from provenance.origin.rank import rank
from provenance.origin.story import Story

_PART = 0.5
"""A page of which other versions have less than this share is more than a copy."""


def judge(
    subject: Version,
    others: Sequence[Version],
    comparisons: Mapping[str, Comparison],
    agencies: Agencies,
) -> Judgement:
    """Judge one page.

    The same answer whatever the order of `others`. Fifty versions take well under a second.

    Args:
        subject: The page.
        others: The other versions of its story, each with an id of its own.
        comparisons: For each of them how the subject aligns with it, by its id.
        agencies: Known agencies.

    Raises:
        ValueError: When two versions have the same id, or a comparison is missing.
    """
    ids = {version.article.id for version in (subject, *others)}
    if len(ids) <= len(others):
        raise ValueError("every version needs an id of its own")
    if missing := ids - {subject.article.id} - set(comparisons):
        raise ValueError(f"no comparison with {sorted(missing)[0]!r}")
    versions = sorted((subject, *others), key=lambda version: version.article.id)
    story, weighed, hops = _whole(tuple(versions), agencies)
    number = story.number(subject.article)
    origins = rank(story, number, weighed)
    return Judgement(
        _verdict(story, number, origins, hops, comparisons),
        _authorship(story, number, origins),
        origins,
        hops,
        credit(story, number, origins),
    )


@lru_cache(maxsize=1)
def _whole(
    versions: tuple[Version, ...], agencies: Agencies
) -> tuple[Story, Edges, tuple[Hop, ...]]:
    """What is the same for every page of a story; kept for those who judge one after the other."""
    story = Story(versions, agencies)
    weighed = edges(story)
    return story, weighed, chain(story, weighed)


def _verdict(
    story: Story,
    subject: int,
    origins: tuple[Origin, ...],
    hops: tuple[Hop, ...],
    comparisons: Mapping[str, Comparison],
) -> Verdict:
    if not origins or origins[0].probability < SURE:
        return Verdict.UNKNOWN
    source, own = origins[0].party, story.parties[subject]
    if same_outlet(source, own):
        return Verdict.ORIGINAL
    if comparisons and _shared(story.versions[subject], comparisons) < _PART:
        return Verdict.PARTIAL_COPY
    hands = _hands(story, subject, hops)
    return Verdict.REPUBLISHED if hands or source.kind == "outlet" else Verdict.SYNDICATED


def _hands(story: Story, subject: int, hops: tuple[Hop, ...]) -> bool:
    """Whether the text went through another outlet's hands on its way to the subject."""
    parents = {hop.child: hop.parent for hop in hops}
    node = parents.get(story.node(subject))
    while node is not None:
        if node.party.kind == "outlet" and not same_outlet(node.party, story.parties[subject]):
            return True
        node = parents.get(node)
    return False


def _shared(subject: Version, comparisons: Mapping[str, Comparison]) -> float:
    """Largest share of the subject's body words that one other version has."""
    body = {index for index, kind in enumerate(subject.kinds) if kind is None}
    words = block_words(subject.article)
    total = sum(len(words[index].keys) for index in body)
    shares = (
        sum(pair.equal for pair in comparison.pairs if pair.a in body and pair.b is not None)
        for comparison in comparisons.values()
    )
    return min(1.0, max(shares) / total) if total else 1.0


def _authorship(story: Story, subject: int, origins: tuple[Origin, ...]) -> Authorship:
    """Who wrote the text; that staff worked on it is what only the page itself can say."""
    if not origins or origins[0].probability < SURE:
        return Authorship.UNKNOWN
    source, own = origins[0].party, story.parties[subject]
    if same_outlet(source, own):
        return Authorship.SELF if own.kind == "agency" else Authorship.OWN
    said = authorship(story.versions[subject].evidence)
    joint = said.kind is Authorship.JOINT and source.id in {party.id for party in said.parties}
    return Authorship.JOINT if joint else Authorship.SOLE
