"""Trees over versions: how likely each parent is, and which tree has most edges right.

Weights are log-odds; the probability of a tree is proportional to the exponential of the sum of
its edges' weights. There are rival hypotheses about where a story comes from; each has its own
way to begin a tree. Marginals over all trees come from the matrix-tree theorem for directed
graphs (Tutte, 1948; Koo, Globerson, Carreras and Collins, "Structured prediction models via the
matrix-tree theorem", EMNLP 2007), the tree to show from Edmonds' algorithm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
_LEAST = 1e-12
"""Odds below this share of a child's best parent are raised to it: keeps matrices regular."""
_BEST_PARENTS = 12
"""Parents of a node that the search for a tree without cycles looks at."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way in which a story may have begun.

    Attributes:
        prior: Log-odds of the hypothesis.
        begin: Weight of each node as a beginning, float64[n].
        single: Whether one node is the beginning (it is the first of all), or any number are
            (they were all taken from one source outside the nodes).
    """

    prior: float
    begin: F64
    single: bool


def marginals(weights: F64, hypotheses: Sequence[Hypothesis]) -> tuple[F64, F64]:
    """Probability of each edge over all trees of all hypotheses.

    Args:
        weights: Of the edges from row to column, float64[n, n]; minus infinity forbids one.
        hypotheses: At least one, of which at least one allows a tree.

    Returns:
        Edges between nodes, float64[n, n], and beginnings under each hypothesis, float64[h, n];
        in each column of both together the probabilities sum to 1.
    """
    solved = [_solve(weights, hypothesis) for hypothesis in hypotheses]
    logs = np.array([log for log, _, _ in solved])
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    edges = sum(
        (share * inner for share, (_, inner, _) in zip(shares, solved, strict=True)),
        np.zeros_like(weights),
    )
    begins = np.array([s * begin for s, (_, _, begin) in zip(shares, solved, strict=True)])
    total = edges.sum(axis=0) + begins.sum(axis=0)
    return edges / total, begins / total


def _solve(weights: F64, hypothesis: Hypothesis) -> tuple[float, F64, F64]:
    """Logarithm of the sum over all trees, and the marginals of edges and beginnings."""
    count = len(weights)
    best = np.maximum(weights.max(axis=0), hypothesis.begin)
    # Scaling a column changes no probability: each tree has one edge into each node.
    inner, begin = np.exp(weights - best), np.exp(hypothesis.begin - best)
    inner = np.maximum(inner, _LEAST) * (1 - np.eye(count))
    begin = np.maximum(begin, _LEAST)
    laplacian = np.diag(inner.sum(axis=0)) - inner
    if hypothesis.single:
        laplacian[0] = begin
    else:
        laplacian += np.diag(begin)
    log = hypothesis.prior + float(best.sum()) + float(np.linalg.slogdet(laplacian)[1])
    inverse = np.linalg.inv(laplacian)
    into, across = np.diagonal(inverse).copy(), inverse.T.copy()
    begun = begin * into
    if hypothesis.single:
        begun = begin * inverse[:, 0]
        into[0], across[0] = 0.0, 0.0
    edges = inner * (into[None, :] - across)
    return log, np.clip(edges, 0.0, 1.0), np.clip(begun, 0.0, 1.0)


def best_tree(edges: F64, outside: F64) -> list[int]:
    """Parent of each node in the tree with the most edges expected to be right.

    The sum of the marginals is that number; the single most likely tree is often one of many that
    differ.

    Args:
        edges: Marginals between nodes, float64[n, n].
        outside: Marginals of parents that are no nodes, float64[any number, n].

    Returns:
        For each node a row of `edges`, or n + a row of `outside`.
    """
    count = len(edges)
    scores = np.vstack([edges, outside.max(axis=0)])
    np.fill_diagonal(scores[:count], -1.0)
    ranked = np.argsort(scores, axis=0, kind="stable")
    parents = [int(parent) for parent in ranked[-1]]
    if _has_cycle(parents):  # else Edmonds' first step already gives the tree
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph()
        for child in range(count):
            for parent in {*ranked[-_BEST_PARENTS:, child].tolist(), count} - {child}:
                graph.add_edge(parent, child, weight=float(scores[parent, child]))
        found = {c: p for p, c in nx.maximum_spanning_arborescence(graph).edges}
        parents = [found[child] for child in range(count)]
    source = outside.argmax(axis=0)
    return [p if p < count else count + int(source[c]) for c, p in enumerate(parents)]


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


def beginnings(edges: F64, outside: F64) -> tuple[F64, F64]:
    """Where each node's text begins.

    The walk from child to parent, by the marginals, ends outside the nodes (absorption
    probabilities of a Markov chain).

    Args:
        edges: Marginals between nodes, float64[n, n].
        outside: Marginals of the sources outside, float64[sources, n].

    Returns:
        For source k and node c the probability that the walk from c ends in k,
        float64[sources, n]; and how often the walk from c passes p, float64[n, n].
    """
    # The loss keeps two nodes that are each other's only parent from walking for ever.
    visits = np.linalg.inv(np.eye(len(edges)) - edges * (1 - 1e-9))
    passes: F64 = np.clip(visits, 0.0, None)
    ends = outside @ passes
    total = ends.sum(axis=0)
    return ends / total, passes / total
