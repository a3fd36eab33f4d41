"""Fit the weights of a chain's edges on simulated stories for development (seeds below 1000).

``python -m benchmarks.fit_chain [--stories N] [--seed S] [--steps K]`` prints the table of
``provenance/origin/weights.py`` anew. The likelihood of the true parents is climbed by its
gradient, which is what the true edges count less what is expected over all trees; a pull to the
present figures keeps those in place that the stories say nothing about, and no sign may change.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from benchmarks.chain import Known, is_parent, parent_of
from benchmarks.simulator import Press, articles_of, stories
from benchmarks.simulator import Story as Simulated
from provenance.attribution import Agencies
from provenance.jobs.check import describe
from provenance.origin.edges import probabilities
from provenance.origin.features import FIRST, UNKNOWN, features
from provenance.origin.model import Version
from provenance.origin.story import Story
from provenance.origin.tree import F64
from provenance.origin.weights import PRIORS, WEIGHTS

_RATE, _PULL = 0.05, 0.002


@dataclass(frozen=True, slots=True)
class Example:
    """One story with the true row of each column."""

    story: Story
    features: dict[str, F64]
    rows: list[int]


def example(simulated: Simulated, versions: list[Version], agencies: Agencies) -> Example:
    """What a story's edges count, and which are true."""
    story = Story(versions, agencies)
    known = Known.of(simulated)
    copies = {copy.id: copy for copy in simulated.copies}
    rows = []
    for version in story.versions:
        copy = copies[version.article.id]
        expected = parent_of(copy, known)
        rows.append(_row(story, expected) if copy.parent else FIRST)
    return Example(story, features(story), rows)


def _row(story: Story, expected: tuple[Press, str | None] | None) -> int:
    numbers = range(len(story.parties))
    found = [n for n in numbers if expected and is_parent(story.node(n), expected)]
    return found[0] if found else UNKNOWN


def gradient(one: Example, weights: dict[str, float]) -> tuple[dict[str, float], float]:
    """Of the log-likelihood of the true rows, and that likelihood taken column by column."""
    zero = np.zeros((len(one.story.parties) + 3, len(one.story)))
    total = sum((weights[n] * matrix for n, matrix in one.features.items()), zero)
    found = probabilities(one.story, total, PRIORS)
    columns = np.arange(one.story.size)
    surprise = -found[:, columns].copy()
    surprise[one.rows, columns] += 1.0
    slopes = {n: float((m[:, columns] * surprise).sum()) for n, m in one.features.items()}
    return slopes, float(np.log(np.maximum(found[one.rows, columns], 1e-6)).sum())


def fit(examples: list[Example], steps: int) -> dict[str, float]:
    """Climb by Adam (Kingma and Ba, 2015)."""
    names = sorted(WEIGHTS)
    start = np.array([WEIGHTS[name] for name in names])
    values, mean, square = start.copy(), np.zeros(len(names)), np.zeros(len(names))
    columns = sum(one.story.size for one in examples)
    for step in range(1, steps + 1):
        slope, likelihood = np.zeros(len(names)), 0.0
        for one in examples:
            slopes, gained = gradient(one, dict(zip(names, values, strict=True)))
            slope += [slopes.get(name, 0.0) for name in names]
            likelihood += gained
        slope = slope / columns - _PULL * (values - start)
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope**2
        moved = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
        values = values + _RATE * moved
        values = np.where(np.sign(start) == np.sign(values), values, 0.01 * np.sign(start))
        if step % 20 == 0:
            print(f"# step {step}: {likelihood / columns:.4f} a version", flush=True)
    return dict(zip(names, values.tolist(), strict=True))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=120)
    chosen = parser.parse_args()
    agencies = Agencies.load()
    examples = [
        example(story, [describe(a, agencies) for a in articles_of(story, as_html=False)], agencies)
        for times in (True, False)
        for story in stories(chosen.stories, chosen.seed, times=times)
    ]
    fitted = fit(examples, chosen.steps)
    for name in WEIGHTS:
        print(f'    "{name}": {fitted[name]:.2f},  # {WEIGHTS[name]}')


if __name__ == "__main__":
    main()
