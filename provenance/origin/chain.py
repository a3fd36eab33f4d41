"""The most likely tree over the versions, hop by hop, each with its probability and its reasons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from provenance.article import Evidence, Party
from provenance.origin.edges import Edges
from provenance.origin.model import Hop
from provenance.origin.story import Story
from provenance.origin.times import precedes, written
from provenance.origin.tree import best_tree

_UNORDERED = 0.5
"""An edge whose reverse is at least this share as likely is one that nothing orders."""
_MOST_LINES = 3
_MOST_QUOTED = 30


def chain(story: Story, weighed: Edges) -> tuple[Hop, ...]:
    """The hops of the most likely tree, parents before their children.

    Wires and hands that nothing was taken from in that tree are left out.

    Args:
        story: The nodes.
        weighed: Its edges.
    """
    parents = best_tree(weighed.inner, weighed.outside)
    return tuple(
        Hop(
            story.node(parents[child]),
            story.node(child),
            float(weighed.probabilities[parents[child], child]),
            tuple(reasons(story, weighed, parents[child], child)),
        )
        for child in _outwards(parents)
        if parents[child] < len(story.parties) and _bears(parents, child, story.size)
    )


def _outwards(parents: list[int]) -> list[int]:
    """All nodes, each after its parent, by number among siblings."""
    order: list[int] = []
    todo = [child for child, parent in enumerate(parents) if parent >= len(parents)]
    while todo:
        order += todo
        todo = [child for child, parent in enumerate(parents) if parent in todo]
    return order


def _bears(parents: list[int], node: int, size: int) -> bool:
    """Whether a node is a version at hand, or one of its descendants is."""
    return node < size or any(
        _bears(parents, child, size) for child in range(len(parents)) if parents[child] == node
    )


def reasons(story: Story, weighed: Edges, parent: int, child: int) -> Iterator[Evidence]:
    """Why the child is held to be taken from the parent: for first, strongest first, then against.

    The last may be of kind ``unordered``: nothing tells which of the two came first.
    """
    found = [
        *_named(story, parent, child),
        *_credits(story, parent, child),
        *_lines(story, parent, child),
        *_texts(story, weighed, parent, child),
        *_times(story, weighed, parent, child),
    ]
    yield from sorted(found, key=lambda evidence: (evidence.weight <= 0, -abs(evidence.weight)))
    odds = weighed.inner
    if parent < len(odds) and odds[child, parent] >= _UNORDERED * odds[parent, child]:
        yield _fact(
            story, child, "unordered", "neither text, wrapper nor times tell which came first", 0.0
        )


def _fact(
    story: Story, child: int, kind: str, quote: str, weight: float, party: Party | None = None
) -> Evidence:
    """A fact of a comparison; it stands at the child when that is at hand."""
    article = story.versions[child].article.id if child < story.size else ""
    return Evidence(kind, quote, None, weight, article, party)


def _bearers(story: Story, child: int) -> list[int]:
    """The versions on whose pages to look: the child, or those that bear a hand's trace."""
    if child < story.size:
        return [child]
    return [version for version in range(story.size) if story.names(version, child)]


def _named(story: Story, parent: int, child: int) -> Iterator[Evidence]:
    """Places on the child's page that name the parent."""
    for version in _bearers(story, child) if child < story.size else ():
        article = story.versions[version].article.id
        for trace in story.names(version, parent):
            yield Evidence(
                trace.kind, trace.quote, trace.block, trace.strength, article, trace.party
            )


def _credits(story: Story, parent: int, child: int) -> Iterator[Evidence]:
    """Credits to the parent when it is an agency."""
    if story.is_wire(parent):
        agency = story.parties[parent]
        bearers = _bearers(story, child)
        credits = [e for version in bearers for e in story.agency_evidence(version, agency)]
        if not any(credit.weight > 0 for credit in credits) and parent >= story.size:
            everywhere = range(story.size)
            credits += [
                e for v in everywhere for e in story.agency_evidence(v, agency) if e.weight > 0
            ][:1]
        yield from credits


def _lines(story: Story, parent: int, child: int) -> Iterator[Evidence]:
    """Lines around the text that both have."""
    shared = [v for v in story.lines.values() if parent in v and child in v]
    for versions in shared[:_MOST_LINES]:
        article, block = story.versions[child].article, versions[child]
        yield Evidence(
            "shared-wrapper", article.blocks[block].text, block, 0.7, article.id,
            story.parties[parent],
        )  # fmt: skip


def _texts(story: Story, weighed: Edges, parent: int, child: int) -> Iterator[Evidence]:
    """How much of each is in the other, and what of the child's text the parent has or lacks."""
    if max(parent, child) >= story.size:
        return
    contained = story.texts.containment()
    # What speaks for this direction is the difference to the other.
    changed = weighed.part("dropped", "added")
    weight = float(changed[parent, child] - changed[child, parent])
    yield _fact(
        story, child, "containment",
        f"{contained[child, parent]:.0%} of this text is in the other, "
        f"{contained[parent, child]:.0%} of the other in this", weight,
    )  # fmt: skip
    part = weighed.part("lacks")[: story.size, child]
    rivals = np.delete(part, [parent, child])
    advantage = float(part[parent] - rivals.mean()) if len(rivals) else 0.0
    sequence = story.texts.sequences[child]
    has = story.texts.presence[:, sequence]
    if advantage > 0:
        lacking = [version for version in range(story.size) if version not in (parent, child)]
        carried = has[parent] & ~has[lacking].all(axis=0)
        quote = _passage(story, child, carried)
        yield _fact(story, child, "edit-carried-over", quote, min(advantage, 5.0))
    if part[parent] < 0:
        quote = _passage(story, child, story.texts.common[sequence] & ~has[parent])
        yield _fact(story, child, "not-in-parent", quote, float(part[parent]))


def _passage(story: Story, version: int, grams: np.typing.NDArray[np.bool_]) -> str:
    """The words of a version's page where the first run of the given grams begins."""
    where = np.flatnonzero(grams)
    if not len(where):
        return ""
    block, word = story.texts.places[version][int(where[0])]
    words = story.words(version)[block]
    return words.quote(word, min(word + _MOST_QUOTED, len(words.keys)))


def _times(story: Story, weighed: Edges, parent: int, child: int) -> Iterator[Evidence]:
    if max(parent, child) >= story.size:
        return
    first = story.versions[parent].article.published
    second = story.versions[child].article.published
    order = precedes(first, second)
    if order and first is not None and second is not None:
        kind = "earlier-copy" if order > 0 else "later-copy"
        quote = f"{written(first)} and {written(second)}"
        weight = float(weighed.part("earlier", "later")[parent, child])
        yield _fact(story, child, kind, quote, weight)
