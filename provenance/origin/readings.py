"""Considerations from the texts: what two versions share, lack, change and call themselves.

They are those of stemmatics (Maas, "Textkritik", 1927): readings that a version shares with others
and its supposed parent lacks, readings that the parent alone has, and changes. A word and a passage
are told apart, since editors who know nothing of each other make the same small changes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from provenance.fingerprint import tokens
from provenance.fingerprint.shingles import SHINGLE
from provenance.origin.rows import FIRST, UNKNOWN, Fact
from provenance.origin.story import Story
from provenance.origin.texts import Runs, runs
from provenance.origin.tree import F64

_MOST_WORDS, _MOST_PASSAGES = 6, 5
"""Changes that are counted: an editor at work makes many, and they are one decision."""
_WORD = 2 * SHINGLE - 1
"""Grams that a change of one or two neighbouring words touches at most."""
_ADDED = 100.0
"""Added grams that count as one."""


def _counted(missing: Runs) -> tuple[F64, F64]:
    """How many changes of a word, and how many of a passage, up to the most that count."""
    words = np.minimum(missing.count(longest=_WORD), _MOST_WORDS)
    passages = np.minimum(missing.count(least=_WORD + 1), _MOST_PASSAGES)
    return words.astype(np.float64), passages.astype(np.float64)


def readings(story: Story) -> Iterator[Fact]:
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


def changes(story: Story) -> Iterator[Fact]:
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


def headlines(story: Story) -> Iterator[Fact]:
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
