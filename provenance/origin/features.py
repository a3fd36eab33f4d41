"""What speaks for each version having been taken from each other, counted.

Every consideration is a matrix of its own, so that a hop can be explained by the considerations
that made it; `weights` says how much each counts. Columns are the nodes that can be children;
rows are those, then the wires, then three that stand for no node: ``FIRST`` (the child is the
first of all), ``OWN`` (it is a piece of its own that shares a passage) and ``UNKNOWN`` (its parent
is not known).

The textual ones are those of stemmatics (Maas, "Textkritik", 1927): readings that a version shares
with others and its supposed parent lacks, readings that the parent alone has, and changes. A word
and a passage are told apart, since editors who know nothing of each other make the same small
changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from provenance.article import Party, WrapperKind
from provenance.fingerprint import tokens
from provenance.fingerprint.shingles import SHINGLE
from provenance.origin.story import Story
from provenance.origin.texts import Runs, runs
from provenance.origin.times import precedes
from provenance.origin.tree import F64

FIRST, OWN, UNKNOWN = -3, -2, -1
_WORD = 2 * SHINGLE - 1
"""Grams that a change of one or two neighbouring words touches at most."""
_MOST_WORDS, _MOST_PASSAGES = 6, 5
"""Changes that are counted: an editor at work makes many, and they are one decision."""
_ADDED = 100.0
"""Added grams that count as one."""
_MOST_NAMED = 7.0
_MOST_CREDIT = 2.5
_LONE = 0.3
"""What a credit counts beside other versions that is nothing but a name above the text."""
_MOST_LINES = 4
_MOST_OWN = 1.5

Features = dict[str, F64]


def features(story: Story) -> Features:
    """Every consideration about every edge, float64[rows, columns] each."""
    shape = (len(story.parties) + 3, len(story))
    found: Features = {}
    texts, words = (_readings, _changes, _headlines), (_traces, _sources, _credits, _signatures)
    for part in (*texts, *words, _times, _lines, _standing):
        for name, row, column, value in part(story):
            matrix = found.setdefault(name, np.zeros(shape))
            matrix[row, column] += value
    return found


Where = int | list[int] | slice
Fact = tuple[str, Where, Where, "float | F64"]
"""Name, rows, columns and values to add."""


def _counted(missing: Runs) -> tuple[F64, F64]:
    """How many changes of a word, and how many of a passage, up to the most that count."""
    words = np.minimum(missing.count(longest=_WORD), _MOST_WORDS)
    passages = np.minimum(missing.count(least=_WORD + 1), _MOST_PASSAGES)
    return words.astype(np.float64), passages.astype(np.float64)


def _readings(story: Story) -> Iterator[Fact]:
    """What a child has in common with a third version and the parent lacks.

    A source that is not at hand is taken to have had the consensus of the versions.
    """
    texts, size = story.texts, story.size
    outside = [*range(size, len(story.parties)), UNKNOWN]
    for child, sequence in enumerate(texts.sequences):
        common, usual = texts.common[sequence], texts.consensus[sequence]
        lacking = ~texts.presence[:, sequence]
        often = _counted(runs(lacking & usual))
        for name, values in zip(("word", "passage"), often, strict=True):
            yield f"lacks-usual-{name}", slice(size), child, values
        yield "lacks-length", slice(size), child, np.log1p((lacking & common).sum(axis=1))
        guess = _counted(runs((common & ~usual)[None, :]))
        for name, values in zip(("word", "passage"), guess, strict=True):
            yield f"guess-lacks-{name}", outside, child, float(values[0])


def _changes(story: Story) -> Iterator[Fact]:
    """What parent and child would have done to the text."""
    texts, size = story.texts, story.size
    taken = [*range(len(story.parties)), UNKNOWN]
    if size < 2:
        return
    for version, sequence in enumerate(texts.sequences):
        common = texts.common[sequence]
        lacking = ~texts.presence[:, sequence]
        yield "added-length", taken, version, min(float((~common).sum()) / _ADDED, 2.0)
        yield from _dropped(version, runs(lacking & common))
    usual = texts.sequences[texts.fullest]
    usual = usual[texts.consensus[usual]]
    if len(usual):
        lacking_usual = runs(~texts.presence[:, usual])
        for row in [*range(size, len(story.parties)), UNKNOWN]:
            yield from _dropped(row, lacking_usual)
        words, passages = _counted(lacking_usual)
        yield "first-lacks", FIRST, slice(size), words + passages


def _dropped(parent: int, missing: Runs) -> Iterator[Fact]:
    words, passages = _counted(missing)
    children = slice(len(words))
    yield "dropped-word", parent, children, words
    yield "dropped-passage", parent, children, passages


def _times(story: Story) -> Iterator[Fact]:
    """Who was published before whom; an overlap says nothing."""
    published = [version.article.published for version in story.versions]
    for parent, first in enumerate(published):
        for child, second in enumerate(published):
            order = precedes(first, second)
            if order:
                yield "earlier" if order > 0 else "later", parent, child, abs(order)


def _traces(story: Story) -> Iterator[Fact]:
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


def _sources(story: Story) -> Iterator[Fact]:
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


def _credits(story: Story) -> Iterator[Fact]:
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


def _signatures(story: Story) -> Iterator[Fact]:
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


def _lines(story: Story) -> Iterator[Fact]:
    """Lines around the text that both have."""
    shared = np.zeros((story.size, story.size))
    for holders in story.lines.values():
        has = np.zeros(story.size, dtype=np.bool_)
        has[list(holders)] = True
        # A line of two versions says more than one that all have.
        shared += (has[:, None] & has[None, :]) * (2 / len(holders))
    every = slice(story.size)
    yield "shared-line", every, every, np.minimum(shared, _MOST_LINES)
    # Who takes lines along takes all of them, and puts its own around.
    for parent, lines in enumerate(story.story_lines):
        for child in np.flatnonzero(shared[parent]).tolist():
            if child != parent:
                left = len(lines - story.story_lines[child])
                yield "line-left", parent, child, float(min(left, _MOST_LINES))


def _headlines(story: Story) -> Iterator[Fact]:
    """The share of the parent's headline that the child's lacks, and of the child's that is new."""
    headlines = [frozenset(tokens(version.article.title)) for version in story.versions]
    every = sorted(frozenset[str]().union(*headlines))
    has = np.array([[word in own for word in every] for own in headlines], dtype=np.float64)
    has = has.reshape(len(headlines), len(every))
    size = np.maximum(has.sum(axis=1), 1)
    told = (has.sum(axis=1) > 0).astype(np.float64)
    both = told[:, None] * told[None, :]
    kept = has @ has.T
    inner = slice(story.size)
    yield "headline-lost", inner, inner, both * (1 - kept / size[:, None])
    yield "headline-new", inner, inner, both * (1 - kept / size[None, :])


def _standing(story: Story) -> Iterator[Fact]:
    """What can be said before looking at texts, times and names."""
    size = story.size
    for number in (n for n in range(len(story.parties)) if story.is_wire(n)):
        yield "wire", number, slice(None), 1.0
        if number < size:
            yield "wire", number, slice(None), -1.0
            yield "agency-first", FIRST, number, 1.0
            yield "agency-taken", slice(size), number, 1.0
    for hand in range(size, len(story)):
        unnamed = [v for v in range(size) if not story.names(v, hand)]
        if unnamed:
            yield "taken-by-hand", unnamed, hand, 1.0
            yield "silent-of-hand", hand, unnamed, 1.0
        yield "hand-first", FIRST, hand, 1.0
    if size > 1:
        yield "unknown", UNKNOWN, slice(size), 1.0
    yield "quotation", OWN, slice(size), _quotation(story)[:size]


def _quotation(story: Story) -> F64:
    """How far what a version shares is below what a copy shares, 0 at the border.

    A text of which another version has the half is a copy of it; what quotes less is its own.
    """
    border, cap = 0.45, 0.15
    if story.size < 2:
        return np.full(story.size, -1.0)
    contained = story.texts.containment()
    np.fill_diagonal(contained, 0.0)
    shared = contained.max(axis=1)
    result: F64 = np.minimum(border - shared, cap)
    return result
