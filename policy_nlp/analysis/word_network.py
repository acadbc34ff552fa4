"""Keywords that stand together -> a network: ties, centralities, communities, and places on a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from policy_nlp.analysis.keywords import Keyword
from policy_nlp.analysis.word_table import WordTable

Association = Literal["count", "cosine", "association"]

_NEAR, _FAR = 1.0, 2.0  # lengths of ties on the picture, within a community and between two
_EDGE = 0.12  # height of the row of words without ties
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class NetworkRules:
    """Which ties a network has.

    Attributes:
        association: what a tie weighs. `count`: windows with both words, c; `cosine`: c / sqrt(a b) with a
            and b the windows of each (Salton); `association`: c W / (a b) with W windows, how many times
            commoner than chance (van Eck & Waltman 2009, up to the factor W).
        min_count: windows that two words share at least.
        ties_per_node: only the strongest ties stay, so many times the nodes; 0: all.
    """

    association: Association = "cosine"
    min_count: int = 2
    ties_per_node: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """A keyword in the network.

    Attributes:
        n_windows: windows that it stands in.
        degree: how many ties it has.
        strength: the sum of their weights.
        betweenness: share of shortest paths through it, ties of equal length (Freeman 1977).
        eigenvector: Bonacich 1972 with weights; NaN outside the largest connected part.
        community: from 0, the largest first.
        x: 0 to 1.
        y: 0 to 1.
    """

    keyword: Keyword
    n_windows: int
    degree: int
    strength: float
    betweenness: float
    eigenvector: float
    community: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class NetworkTie:
    """Two nodes by their places, first before second."""

    first: int
    second: int
    n_windows: int
    weight: float


@dataclass(frozen=True, slots=True)
class WordNetwork:
    """A co-occurrence network of keywords.

    Attributes:
        modularity: Q of the communities, with weights; NaN without ties.
        silhouette: mean over words, distance 1 - cosine; NaN with fewer than two communities of two words.
    """

    nodes: tuple[NetworkNode, ...]
    ties: tuple[NetworkTie, ...]
    n_windows: int
    n_communities: int
    modularity: float
    silhouette: float

    @property
    def density(self) -> float:
        """Share of possible ties that there are; NaN with fewer than two nodes."""
        n = len(self.nodes)
        return len(self.ties) / (n * (n - 1) / 2) if n > 1 else math.nan


def build_network(
    table: WordTable, keywords: Sequence[Keyword], *, window_of_rows: NDArray[np.int64], rules: NetworkRules
) -> WordNetwork:
    """The network of the keywords.

    Args:
        table: the words of N texts.
        keywords: the nodes, in order.
        window_of_rows: shape (N,), the window (sentence, paragraph, document) of each text, from 0.
        rules: ties and seed.
    """
    n_windows = len(np.unique(window_of_rows[table.rows]))
    together = _together(table, keywords, window_of_rows)
    weights = _associate(together, n_windows, rules.association)
    ties = _strongest(together, weights, rules)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(keywords)))
    graph.add_weighted_edges_from((tie.first, tie.second, tie.weight) for tie in ties)
    communities = _communities(graph, rules.seed)
    return WordNetwork(
        nodes=_nodes(graph, keywords, together.diagonal(), communities=communities),
        ties=ties,
        n_windows=n_windows,
        n_communities=len(communities),
        modularity=nx.community.modularity(graph, communities) if ties else math.nan,
        silhouette=_silhouette(together, communities),
    )


def _together(
    table: WordTable, keywords: Sequence[Keyword], window_of_rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Shape (K, K): windows that hold both words; the diagonal has the windows of each."""
    n_windows = int(window_of_rows.max(initial=-1)) + 1
    counts = table.count_in_groups(window_of_rows, n_windows)[:, [word.place for word in keywords]]
    stands = csr_matrix(counts > 0, dtype=np.int64)
    return np.asarray((stands.T @ stands).toarray(), dtype=np.int64)


def _associate(together: NDArray[np.int64], n_windows: int, association: Association) -> NDArray[np.float64]:
    counts = together.astype(np.float64)
    if association == "count":
        return counts
    expected = np.outer(counts.diagonal(), counts.diagonal())
    over = counts if association == "cosine" else counts * n_windows
    below = np.sqrt(expected) if association == "cosine" else expected
    return np.divide(over, below, out=np.zeros_like(counts), where=below > 0)


def _strongest(
    together: NDArray[np.int64], weights: NDArray[np.float64], rules: NetworkRules
) -> tuple[NetworkTie, ...]:
    """The ties that stay, in the order of their nodes; equal ones go to the commoner, then the earlier."""
    firsts, seconds = np.nonzero(np.triu(together, k=1) >= max(1, rules.min_count))
    ties = [
        NetworkTie(first, second, int(together[first, second]), float(weights[first, second]))
        for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True)
    ]
    ties.sort(key=lambda tie: (-tie.weight, -tie.n_windows, tie.first, tie.second))
    kept = ties[: rules.ties_per_node * len(together)] if rules.ties_per_node else ties
    return tuple(sorted(kept, key=lambda tie: (tie.first, tie.second)))


def _communities(graph: nx.Graph[int], seed: int) -> list[list[int]]:
    """Communities by Louvain (Blondel et al. 2008), the largest first; a word without ties is its own."""
    found = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    return sorted((sorted(community) for community in found), key=lambda one: (-len(one), one))


def _nodes(
    graph: nx.Graph[int],
    keywords: Sequence[Keyword],
    n_windows: NDArray[np.int64],
    *,
    communities: Sequence[Sequence[int]],
) -> tuple[NetworkNode, ...]:
    betweenness = nx.betweenness_centrality(graph)
    eigenvector = _eigenvector(graph)
    community_of = {node: number for number, members in enumerate(communities) for node in members}
    places = _places(graph, communities)
    return tuple(
        NetworkNode(
            keyword=keyword,
            n_windows=int(n_windows[node]),
            degree=int(graph.degree(node)),
            strength=float(graph.degree(node, weight="weight")),
            betweenness=float(betweenness[node]),
            eigenvector=eigenvector.get(node, math.nan),
            community=community_of[node],
            x=float(places[node][0]),
            y=float(places[node][1]),
        )
        for node, keyword in enumerate(keywords)
    )


def _eigenvector(graph: nx.Graph[int]) -> dict[int, float]:
    """Eigenvector centrality in the largest connected part: outside it is not defined."""
    if not graph.number_of_edges():
        return {}
    largest = max(nx.connected_components(graph), key=lambda part: (len(part), -min(part)))
    part = graph.subgraph(sorted(largest))
    adjacency = nx.to_numpy_array(part, nodelist=sorted(largest), weight="weight")
    vector = np.abs(np.linalg.eigh(adjacency)[1][:, -1])
    return dict(zip(sorted(largest), vector.tolist(), strict=True))


def _places(graph: nx.Graph[int], communities: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Shape (K, 2), 0 to 1: path lengths as distances (Kamada & Kawai 1989), communities apart.

    What is not tied to the largest part stands in a row at the lower edge.
    """
    community_of = {node: number for number, members in enumerate(communities) for node in members}
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    drawn = nx.Graph()
    drawn.add_nodes_from(sorted(parts[0]))
    for first, second in graph.subgraph(parts[0]).edges():
        is_within = community_of[first] == community_of[second]
        drawn.add_edge(first, second, length=_NEAR if is_within else _FAR)
    found = nx.kamada_kawai_layout(drawn, weight="length")
    main, others = sorted(parts[0]), [node for part in parts[1:] for node in sorted(part)]
    places = np.full((graph.number_of_nodes(), 2), 0.5)
    places[main] = _stretch(np.array([found[node] for node in main], dtype=np.float64))
    if others:
        places[main, 1] *= 1.0 - _EDGE
        places[others, 0] = (np.arange(len(others)) + 0.5) / len(others)
        places[others, 1] = 1.0
    return places


def _stretch(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points moved and stretched to fill 0 to 1 both ways; 0.5 where all lie on one line."""
    low, high = points.min(axis=0), points.max(axis=0)
    is_flat = high - low < _FLAT
    return np.asarray(np.where(is_flat, 0.5, (points - low) / np.where(is_flat, 1.0, high - low)))


def _silhouette(together: NDArray[np.int64], communities: Sequence[Sequence[int]]) -> float:
    """Mean silhouette (Rousseeuw 1987) of the words in communities of two or more."""
    from sklearn.metrics import silhouette_score

    real = [members for members in communities if len(members) > 1]
    members = [node for community in real for node in community]
    if len(real) < 2:
        return math.nan
    distances = 1.0 - _associate(together, 0, "cosine")[np.ix_(members, members)]
    np.fill_diagonal(distances, 0.0)
    numbers = [number for number, community in enumerate(real) for _ in community]
    return float(silhouette_score(np.clip(distances, 0.0, None), numbers, metric="precomputed"))
