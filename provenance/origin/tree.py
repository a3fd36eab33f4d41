"""Trees over versions: how likely each parent is, and which tree is the most likely.

Weights are log-odds; the probability of a tree is proportional to the exponential of the sum of
its edges' weights. Marginals come from the matrix-tree theorem for directed graphs (Tutte, 1948;
Koo, Globerson, Carreras and Collins, "Structured prediction models via the matrix-tree theorem",
EMNLP 2007), the best tree from Edmonds' algorithm.

A weight matrix is float64[n + 1, n]: row p, column c is the edge from p to c; the last row is the
root, whose children have no known parent. Minus infinity forbids an edge; every column has a
finite root edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
_BEST_PARENTS = 12
"""Parents of a node that the search for the best tree looks at, besides the root."""


def marginals(weights: F64) -> F64:
    """Probability of each edge over all trees, float64[n + 1, n]; every column sums to 1."""
    count = weights.shape[1]
    # Scaling a column changes no probability: each tree has one edge into each node.
    odds = np.exp(weights - weights.max(axis=0))
    inner, root = odds[:count].copy(), odds[count]
    np.fill_diagonal(inner, 0.0)
    # A breath of root for all keeps the matrix regular where the root is out of the question.
    root = np.maximum(root, 1e-9)
    laplacian = np.diag(inner.sum(axis=0) + root) - inner
    inverse = np.linalg.inv(laplacian)
    diagonal = np.diagonal(inverse)
    result = np.empty_like(weights)
    result[:count] = inner * (diagonal[None, :] - inverse.T)
    result[count] = root * diagonal
    result = np.clip(result, 0.0, 1.0)
    normal: F64 = result / result.sum(axis=0)
    return normal


def best_tree(weights: F64) -> list[int]:
    """Parent of each node in the most likely tree; the number of nodes stands for the root."""
    count = weights.shape[1]
    greedy = [int(parent) for parent in _order(weights)[-1]]
    if not _has_cycle(greedy):
        return greedy  # Edmonds' first step already gives a tree
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    ranked = _order(weights)
    for child in range(count):
        for parent in {*ranked[-_BEST_PARENTS:, child].tolist(), count}:
            if np.isfinite(weights[parent, child]):
                graph.add_edge(parent, child, weight=float(weights[parent, child]))
    tree = nx.maximum_spanning_arborescence(graph)
    parents = {child: parent for parent, child in tree.edges}
    return [parents[child] for child in range(count)]


def _order(weights: F64) -> NDArray[np.int64]:
    """Parents of each node, worst first; the root only wins a tie against nothing."""
    cleaned = weights.copy()
    np.fill_diagonal(cleaned[:-1], -np.inf)
    return np.argsort(cleaned, axis=0, kind="stable")


def _has_cycle(parents: list[int]) -> bool:
    root = len(parents)
    safe = {root}
    for start in range(root):
        path = []
        node = start
        while node not in safe:
            if node in path:
                return True
            path.append(node)
            node = parents[node]
        safe.update(path)
    return False


def beginnings(probabilities: F64) -> F64:
    """Where each node's text begins: float64[n, n], row v the distribution over first versions.

    The walk from child to parent, by the marginals, ends at a child of the root; this is where it
    ends (absorption probabilities of a Markov chain).
    """
    count = probabilities.shape[1]
    walk = probabilities[:count].T
    ends = np.maximum(probabilities[count], 1e-12)
    reached = np.linalg.solve(np.eye(count) - walk * (1 - 1e-12), np.diag(ends))
    total = reached.sum(axis=1, keepdims=True)
    result: F64 = np.clip(reached, 0.0, None) / total
    return result
