from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from policy_nlp.analysis.keywords import KeywordLimits, rank_keywords
from policy_nlp.analysis.word_network import NetworkRules, WordNetwork, build_network
from policy_nlp.exchange.network_files import (
    GEPHI_EDGES,
    GEPHI_NODES,
    GRAPHML,
    VOS_MAP,
    VOS_NETWORK,
    write_network_files,
)
from tests.analysis.word_tables import make_table

SENTENCES = ["企业 创新", "企业 创新", "企业 人才", "海洋"]


@pytest.fixture
def network() -> WordNetwork:
    table = make_table([SENTENCES])
    keywords = rank_keywords(table, [2024], score="frequency", n=9, limits=KeywordLimits(1, 1))
    rules = NetworkRules(association="cosine", min_count=1)
    return build_network(table, keywords, window_of_rows=np.arange(4), rules=rules)


def rows_of(path: Path, mark: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter=mark))


def test_graphml_read_back_has_the_nodes_ties_and_weights(network: WordNetwork, tmp_path: Path) -> None:
    write_network_files(network, tmp_path)
    graph = nx.read_graphml(tmp_path / GRAPHML)
    assert sorted(data["label"] for _, data in graph.nodes(data=True)) == ["人才", "企业", "创新", "海洋"]
    labels = nx.get_node_attributes(graph, "label")
    ties = {frozenset((labels[a], labels[b])): data for a, b, data in graph.edges(data=True)}
    assert ties[frozenset(("企业", "创新"))]["weight"] == pytest.approx(2 / 6**0.5)
    assert ties[frozenset(("企业", "创新"))]["together"] == 2
    lone = next(data for _, data in graph.nodes(data=True) if data["label"] == "海洋")
    assert "eigenvector" not in lone  # not defined outside the largest part
    assert "burst_strength" not in lone


def test_tables_of_gephi_name_the_same_nodes_and_have_no_byte_order_mark(
    network: WordNetwork, tmp_path: Path
) -> None:
    write_network_files(network, tmp_path)
    nodes, edges = rows_of(tmp_path / GEPHI_NODES), rows_of(tmp_path / GEPHI_EDGES)
    assert nodes[0][:3] == ["Id", "Label", "frequency"]
    assert edges[0][:4] == ["Source", "Target", "Type", "Weight"]
    ids = {row[0] for row in nodes[1:]}
    assert {end for row in edges[1:] for end in row[:2]} <= ids
    assert len(edges) - 1 == len(network.ties)


def test_vosviewer_gets_a_map_with_its_headings_and_a_network_without(
    network: WordNetwork, tmp_path: Path
) -> None:
    """The form: VOSviewer documentation, `Map and network files`."""
    write_network_files(network, tmp_path)
    header, *items = rows_of(tmp_path / VOS_MAP, "\t")
    assert header[:5] == ["id", "label", "x", "y", "cluster"]
    assert "weight<Occurrences>" in header
    assert "score<First year>" in header
    assert [int(item[0]) for item in items] == [1, 2, 3, 4]
    assert all(1 <= int(item[4]) <= 1000 for item in items)
    links = rows_of(tmp_path / VOS_NETWORK, "\t")
    assert [(int(a), int(b)) for a, b, _ in links] == [
        (tie.first + 1, tie.second + 1) for tie in network.ties
    ]
    assert [float(weight) for *_, weight in links] == pytest.approx(
        [t.weight for t in network.ties], abs=1e-5
    )


def test_the_same_network_gives_the_same_bytes(network: WordNetwork, tmp_path: Path) -> None:
    names = write_network_files(network, tmp_path / "a")
    write_network_files(network, tmp_path / "b")
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)
