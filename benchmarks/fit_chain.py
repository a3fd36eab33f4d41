"""Fit the weights of a chain's edges on simulated stories for development (seeds below 1000).

``python -m benchmarks.fit_chain [--stories N] [--seed S] [--steps K]`` prints the two tables of
``provenance/origin/weights.py`` anew. Three kinds of stories are learned from: simulated ones as
the program reads them, the same read without fault, and the made-up ones of the tests. The
likelihood of the true parents is climbed by its gradient, which is what the true edges count less
what is expected over all trees; a pull to the present figures keeps those in place that the
stories say nothing about, and no sign may change.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.chain import Known, is_parent, is_press, parent_of, versions_of
from benchmarks.simulator import PHRASES, Press, stories
from benchmarks.simulator import Story as Simulated
from provenance.attribution import Agencies
from provenance.origin.edges import probabilities
from provenance.origin.features import features
from provenance.origin.model import Version
from provenance.origin.rows import FIRST, UNKNOWN
from provenance.origin.story import Story
from provenance.origin.tree import F64
from provenance.origin.weights import PRIORS, WEIGHTS
from tests.origin.stories import story as made

_RATE, _PULL, _STEP = 0.06, 0.002, 0.1
_FIXED = frozenset({"quotation", "own-claim", "independent", "unknown-alone", "wire-credit"})
"""Weights of pages alone and of texts that quote: these stories have none."""
SEEN = [phrases for phrases, state in PHRASES.items() if state != "held out"]
"""Sets of phrases from which it learns."""
Table = dict[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """One story, what its edges count, and for each column that is known its true row."""

    story: Story
    features: dict[str, F64]
    rows: dict[int, int]


def examples(count: int, seed: int) -> Iterator[Example]:
    """Stories with and without times."""
    agencies = Agencies.load()
    for times in (True, False):
        for perfect in (True, False):
            for number, phrases in enumerate(SEEN):
                texts = stories(count // len(SEEN), seed + number, times=times, phrases=phrases)
                for simulated in texts:
                    versions = versions_of(simulated, agencies, as_html=False, perfect=perfect)
                    if versions:
                        yield _simulated(simulated, Story(versions, agencies))
        rng = random.Random(seed)
        for _ in range(count // 2):
            agency = rng.random() < 0.6
            yield _made(*made(rng, rng.randint(2, 10), agency=agency, times=times), agencies)


def _simulated(simulated: Simulated, story: Story) -> Example:
    known, copies = Known.of(simulated), {copy.id: copy for copy in simulated.copies}
    rows = {}
    for column in range(len(story)):
        node = story.node(column)
        if node.article:
            copy = copies[node.article]
        else:
            others = (other for other in simulated.copies if not other.present)
            absent = [other for other in others if is_press(node.party, other.press)]
            if not absent:
                continue
            copy = absent[0]
        rows[column] = _row(story, parent_of(copy, known)) if copy.parent else FIRST
    return Example(story, features(story), rows)


def _row(story: Story, expected: tuple[Press, str | None] | None) -> int:
    numbers = range(len(story.parties))
    found = [n for n in numbers if expected and is_parent(story.node(n), expected)]
    return found[0] if found else UNKNOWN


def _made(
    versions: list[Version], parents: Mapping[str, str | None], agencies: Agencies
) -> Example:
    story = Story(versions, agencies)
    ids = [version.article.id for version in story.versions]
    rows = {
        column: FIRST if parents[id] is None else ids.index(str(parents[id]))
        for column, id in enumerate(ids)
    }
    return Example(story, features(story), rows)


def gradient(one: Example, weights: Table, priors: Table) -> tuple[Table, Table, float]:
    """Slopes of the true rows' log-likelihood by weight and by prior, and that likelihood."""
    total = sum((weights[n] * m for n, m in one.features.items()), np.zeros(1))
    columns, rows = list(one.rows), list(one.rows.values())

    def likelihood(table: Table) -> tuple[F64, float]:
        found = probabilities(one.story, total, table)
        return found, float(np.log(np.maximum(found[rows, columns], 1e-6)).sum())

    found, reached = likelihood(priors)
    surprise = -found[:, columns]
    surprise[rows, range(len(columns))] += 1.0
    slopes = {n: float((m[:, columns] * surprise).sum()) for n, m in one.features.items()}
    moved = {
        name: (likelihood(priors | {name: priors[name] + _STEP})[1] - reached) / _STEP
        for name in priors.keys() - _FIXED
    }
    return slopes, moved, reached


def fit(learned: list[Example], steps: int) -> tuple[Table, Table]:
    """Climb by Adam (Kingma and Ba, 2015)."""
    names = [("weight", name) for name in WEIGHTS] + [("prior", name) for name in PRIORS]
    start = np.array([*WEIGHTS.values(), *PRIORS.values()])
    free = np.array([name not in _FIXED for _, name in names])
    values, mean, square = start.copy(), np.zeros(len(names)), np.zeros(len(names))
    columns = sum(one.story.size for one in learned)
    for step in range(1, steps + 1):
        slope, reached = np.zeros(len(names)), 0.0
        weights, priors = _tables(values)
        for one in learned:
            slopes, moved, gained = gradient(one, weights, priors)
            found = {"weight": slopes, "prior": moved}
            slope += [found[table].get(name, 0.0) for table, name in names]
            reached += gained
        slope = np.where(free, slope / columns - _PULL * (values - start), 0.0)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        values = values + _RATE * mean / (1 - 0.9**step) / (
            np.sqrt(square / (1 - 0.99**step)) + 1e-6
        )
        values = np.where(np.sign(start) == np.sign(values), values, 0.01 * np.sign(start))
        if step % 10 == 0:
            print(f"# step {step}: {reached / columns:.4f} a version", flush=True)
    return _tables(values)


def _tables(values: F64) -> tuple[Table, Table]:
    listed = values.tolist()
    first = dict(zip(WEIGHTS, listed[: len(WEIGHTS)], strict=True))
    return first, dict(zip(PRIORS, listed[len(WEIGHTS) :], strict=True))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=50)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--steps", type=int, default=45)
    chosen = parser.parse_args()
    for fitted, before in zip(
        fit(list(examples(chosen.stories, chosen.seed)), chosen.steps),
        (WEIGHTS, PRIORS),
        strict=True,
    ):
        for name, value in fitted.items():
            print(f'    "{name}": {value:.2f},  # before: {before[name]}')


if __name__ == "__main__":
    main()
