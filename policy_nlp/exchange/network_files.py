"""WordNetwork -> files of other tools: GraphML, the tables of Gephi, map and network of VOSviewer.

Gephi and VOSviewer read UTF-8 without a byte order mark. Undefined measures are left out of GraphML and
empty in tables. The form of VOSviewer is that of its documentation, "map and network files".
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import networkx as nx

from policy_nlp.analysis.word_network import NetworkNode, WordNetwork
from policy_nlp.files import atomic_path, write_atomically

GRAPHML = "network.graphml"
GEPHI_NODES = "gephi-nodes.csv"
GEPHI_EDGES = "gephi-edges.csv"
VOS_MAP = "vosviewer-map.txt"
VOS_NETWORK = "vosviewer-network.txt"

_Value = str | int | float | None
# What each node is written with; the names are those that Gephi shows.
_NODE_FIELDS: tuple[tuple[str, Callable[[NetworkNode], _Value]], ...] = (
    ("frequency", lambda node: node.keyword.count),
    ("documents", lambda node: node.keyword.n_documents),
    ("score", lambda node: node.keyword.score),
    ("first_year", lambda node: node.keyword.first_year),
    ("burst_strength", lambda node: node.keyword.strength),
    ("degree", lambda node: node.degree),
    ("link_strength", lambda node: node.strength),
    ("betweenness", lambda node: node.betweenness),
    ("eigenvector", lambda node: node.eigenvector),
    ("community", lambda node: node.community + 1),
    ("x", lambda node: node.x),
    ("y", lambda node: node.y),
)


def write_network_files(network: WordNetwork, folder: Path) -> tuple[str, ...]:
    """Write all forms into the folder; gives their names."""
    with atomic_path(folder / GRAPHML) as temporary:
        nx.write_graphml(_graph(network), temporary)
    write_atomically(folder / GEPHI_NODES, _gephi_nodes(network))
    write_atomically(folder / GEPHI_EDGES, _gephi_edges(network))
    write_atomically(folder / VOS_MAP, _vos_map(network))
    write_atomically(folder / VOS_NETWORK, _vos_network(network))
    return GRAPHML, GEPHI_NODES, GEPHI_EDGES, VOS_MAP, VOS_NETWORK


def _graph(network: WordNetwork) -> nx.Graph[str]:
    graph = nx.Graph()
    for number, node in enumerate(network.nodes, start=1):
        fields = {name: value for name, get in _NODE_FIELDS if (value := _known(get(node))) is not None}
        graph.add_node(f"n{number}", label=node.keyword.text, **fields)
    for tie in network.ties:
        graph.add_edge(f"n{tie.first + 1}", f"n{tie.second + 1}", weight=tie.weight, together=tie.n_windows)
    return graph


def _gephi_nodes(network: WordNetwork) -> str:
    rows = (
        (number, node.keyword.text, *(_known(get(node)) for _, get in _NODE_FIELDS))
        for number, node in enumerate(network.nodes, start=1)
    )
    return _delimited(("Id", "Label", *(name for name, _ in _NODE_FIELDS)), rows)


def _gephi_edges(network: WordNetwork) -> str:
    rows = ((tie.first + 1, tie.second + 1, "Undirected", tie.weight, tie.n_windows) for tie in network.ties)
    return _delimited(("Source", "Target", "Type", "Weight", "together"), rows)


def _vos_map(network: WordNetwork) -> str:
    header = (
        "id", "label", "x", "y", "cluster", "weight<Links>", "weight<Total link strength>",
        "weight<Occurrences>", "weight<Documents>", "score<Betweenness>",
    )  # fmt: skip
    has_years = all(node.keyword.first_year is not None for node in network.nodes)
    rows = (
        (
            number, node.keyword.text, 2 * node.x - 1, 2 * node.y - 1, node.community + 1, node.degree,
            node.strength, node.keyword.count, node.keyword.n_documents, node.betweenness,
            *((node.keyword.first_year,) if has_years else ()),
        )
        for number, node in enumerate(network.nodes, start=1)
    )  # fmt: skip
    return _delimited((*header, *(("score<First year>",) if has_years else ())), rows, mark="\t")


def _vos_network(network: WordNetwork) -> str:
    """Three columns without a header: two ids and the strength."""
    rows = ((tie.first + 1, tie.second + 1, tie.weight) for tie in network.ties)
    return _delimited((), rows, mark="\t")


def _known(value: _Value) -> _Value:
    return None if isinstance(value, float) and math.isnan(value) else value


def _delimited(header: Sequence[str], rows: Iterable[Sequence[_Value]], *, mark: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=mark, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([_short(value) for value in row] for row in rows)
    return stream.getvalue()


def _short(value: _Value) -> _Value:
    return f"{value:.6g}" if isinstance(value, float) else value
