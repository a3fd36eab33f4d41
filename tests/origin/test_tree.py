"""The matrix-tree marginals against trees counted one by one."""

from __future__ import annotations

from itertools import product
from math import exp

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.origin.tree import F64, Hypothesis, beginnings, best_tree, marginals

ODDS = st.floats(-6, 6)


def is_tree(parents: tuple[int, ...], size: int) -> bool:
    """Whether every walk from child to parent leaves the nodes."""
    for start in range(size):
        seen, node = set[int](), start
        while node < size:
            if node in seen:
                return False
            seen.add(node)
            node = parents[node]
    return True


def counted(weights: F64, hypotheses: list[Hypothesis]) -> tuple[F64, F64]:
    """The marginals by going through every tree of every hypothesis."""
    size = len(weights)
    edges, begins = np.zeros((size, size)), np.zeros((len(hypotheses), size))
    total = 0.0
    for number, hypothesis in enumerate(hypotheses):
        for parents in product(range(size + 1), repeat=size):
            roots = parents.count(size)
            if not is_tree(parents, size) or (hypothesis.single and roots != 1):
                continue
            weight = hypothesis.prior + sum(
                hypothesis.begin[c] if p == size else weights[p, c] for c, p in enumerate(parents)
            )
            total += exp(weight)
            for child, parent in enumerate(parents):
                if parent == size:
                    begins[number, child] += exp(weight)
                else:
                    edges[parent, child] += exp(weight)
    return edges / total, begins / total


@given(st.data(), st.integers(1, 4))
def test_marginals_are_those_of_all_trees(data: st.DataObject, size: int) -> None:
    def row() -> F64:
        return np.array(data.draw(st.lists(ODDS, min_size=size, max_size=size)))

    weights = np.array([row() for _ in range(size)])
    np.fill_diagonal(weights, -np.inf)
    hypotheses = [
        Hypothesis(data.draw(ODDS), row(), single=True),
        Hypothesis(data.draw(ODDS), row(), single=False),
    ]
    edges, begins = marginals(weights, hypotheses)
    expected_edges, expected_begins = counted(weights, hypotheses)
    assert edges == pytest.approx(expected_edges, abs=1e-6)
    assert begins == pytest.approx(expected_begins, abs=1e-6)
    assert edges.sum(axis=0) + begins.sum(axis=0) == pytest.approx(np.ones(size))


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_the_best_tree_is_a_tree_and_the_best_by_networkx(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.random((size + 2, size))
    edges, outside = scores[:size], scores[size:]
    np.fill_diagonal(edges, 0.0)
    parents = best_tree(edges, outside)
    assert is_tree(tuple(parents), size)
    graph: nx.DiGraph[int | str] = nx.DiGraph()
    for child in range(size):
        graph.add_edge("outside", child, weight=outside[:, child].max())
        for parent in set(range(size)) - {child}:
            graph.add_edge(parent, child, weight=edges[parent, child])
    best = nx.maximum_spanning_arborescence(graph).size(weight="weight")
    assert sum(scores[p, c] for c, p in enumerate(parents)) == pytest.approx(best)


def test_a_text_begins_where_the_walk_to_its_parents_ends() -> None:
    # 2 was taken from 1, and 1 from 0 or from the second source with even odds.
    edges = np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    outside = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.0]])
    ends, passes = beginnings(edges, outside)
    assert ends[:, 2] == pytest.approx([0.5, 0.5])
    assert passes[:, 2] == pytest.approx([0.5, 1.0, 1.0], abs=1e-6)
