from __future__ import annotations

import math

import numpy as np
import pytest

from policy_nlp.analysis.keywords import KeywordLimits, rank_keywords
from policy_nlp.analysis.word_network import NetworkRules, WordNetwork, build_network
from tests.analysis.word_tables import make_table

ALL = NetworkRules(association="count", min_count=1, ties_per_node=0)
PATH = ["甲 乙", "乙 丙"]
TRIANGLES = ["甲 乙", "乙 丙", "甲 丙", "丁 戊", "戊 己", "丁 己"]


def network_of(sentences: list[str], rules: NetworkRules = ALL) -> WordNetwork:
    table = make_table([sentences])
    limits = KeywordLimits(1, 1)
    keywords = rank_keywords(table, [None], score="frequency", n=99, limits=limits)
    return build_network(table, keywords, window_of_rows=np.arange(len(sentences)), rules=rules)


def weight(network: WordNetwork, first: str, second: str) -> float:
    names = [node.keyword.text for node in network.nodes]
    ends = {names.index(first), names.index(second)}
    return next(tie.weight for tie in network.ties if {tie.first, tie.second} == ends)


def test_centralities_of_a_path_are_those_of_the_textbook() -> None:
    """Freeman (1977): the middle lies on the only path; the eigenvector is (1, sqrt 2, 1) / 2."""
    nodes = {node.keyword.text: node for node in network_of(PATH).nodes}
    assert {name: node.betweenness for name, node in nodes.items()} == {"甲": 0.0, "乙": 1.0, "丙": 0.0}
    assert nodes["乙"].eigenvector == pytest.approx(math.sqrt(2) / 2)
    assert nodes["甲"].eigenvector == pytest.approx(0.5)
    assert (nodes["乙"].degree, nodes["乙"].strength) == (2, 2.0)


def test_two_triangles_apart_are_two_communities_of_modularity_one_half() -> None:
    network = network_of(TRIANGLES)
    assert network.n_communities == 2
    assert network.modularity == pytest.approx(0.5)
    communities = {node.keyword.text: node.community for node in network.nodes}
    assert communities["甲"] == communities["乙"] == communities["丙"] != communities["丁"]


def test_the_silhouette_is_that_of_its_definition() -> None:
    """Within a triangle each pair has cosine 1 / 2, between them 0: distances 0.5 and 1, silhouette 0.5."""
    assert network_of(TRIANGLES).silhouette == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("association", "expected"),
    [("count", 2.0), ("cosine", 2 / math.sqrt(4 * 2)), ("association", 2 * 5 / (4 * 2))],
)
def test_weights_are_those_of_their_formulas(association: str, expected: float) -> None:
    """甲 in four of five windows, 乙 in two, both in two."""
    sentences = ["甲 乙", "甲 乙", "甲", "甲", "丙"]
    rules = NetworkRules(association=association, min_count=1, ties_per_node=0)  # type: ignore[arg-type]
    assert weight(network_of(sentences, rules), "甲", "乙") == pytest.approx(expected)


def test_a_word_twice_in_a_window_counts_once() -> None:
    assert weight(network_of(["甲 甲 乙 乙"]), "甲", "乙") == 1.0


def test_the_window_decides_what_stands_together() -> None:
    table = make_table([["甲", "乙"]])
    keywords = rank_keywords(table, [None], score="frequency", n=9, limits=KeywordLimits(1, 1))
    apart = build_network(table, keywords, window_of_rows=np.array([0, 1]), rules=ALL)
    together = build_network(table, keywords, window_of_rows=np.array([0, 0]), rules=ALL)
    assert (len(apart.ties), len(together.ties)) == (0, 1)


def test_only_the_strongest_ties_stay() -> None:
    sentences = ["甲 乙"] * 3 + ["甲 丙", "甲 丁", "乙 丙", "乙 丁", "丙 丁"]
    assert len(network_of(sentences).ties) == 6
    kept = network_of(sentences, NetworkRules(association="count", min_count=1, ties_per_node=1))
    assert len(kept.ties) == 4
    assert weight(kept, "甲", "乙") == 3.0


def test_words_without_ties_have_no_measure_that_needs_one() -> None:
    network = network_of(["甲", "乙"])
    assert math.isnan(network.modularity)
    assert math.isnan(network.silhouette)
    assert all(math.isnan(node.eigenvector) for node in network.nodes)
    assert network.density == 0.0


def test_places_fill_the_picture_and_are_the_same_in_each_run() -> None:
    first, second = network_of([*TRIANGLES, "庚"]), network_of([*TRIANGLES, "庚"])
    assert first == second or repr(first) == repr(second)  # NaN is not equal to itself
    assert all(0.0 <= place <= 1.0 for node in first.nodes for place in (node.x, node.y))
    assert len({(node.x, node.y) for node in first.nodes}) == 7


def test_one_word_is_a_network_of_one() -> None:
    network = network_of(["甲"])
    assert (len(network.nodes), network.n_communities) == (1, 1)
    assert math.isnan(network.density)
