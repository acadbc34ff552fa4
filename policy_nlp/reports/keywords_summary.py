"""KeywordsResult -> what the terminal prints, and JSON for machines."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from policy_nlp.analysis.keyword_result import KeywordsResult
from policy_nlp.analysis.keywords import Keyword
from policy_nlp.analysis.word_network import NetworkNode
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number

KEYWORDS_JSON = "keywords.json"


def render_keywords(result: KeywordsResult) -> RenderableType:
    """Counts, the table of the first keywords, the network in one line, notes, and where the files are."""
    network = result.network
    table = Table(title=f"top {result.settings.top} keywords", title_justify="left")
    table.add_column("rank", justify="right")
    table.add_column("keyword 关键词", overflow="fold")
    for name in ("frequency", "documents", "betweenness", "links", "burst", "first year"):
        table.add_column(name, justify="right")
    nodes = {node.keyword.place: node for node in network.nodes}
    for rank, word in enumerate(result.keywords[: result.settings.top], start=1):
        table.add_row(str(rank), word.text, *_numbers(word, nodes.get(word.place)))
    head = (
        f"{result.n_with_text:,} documents, {result.n_sentences:,} sentences, {result.n_characters:,} "
        f"characters: {result.n_words:,} words counted, {len(result.new_words):,} terms found in the texts"
    )
    tail = (
        f"network: {len(network.nodes)} nodes, {len(network.ties)} ties, "
        f"{network.n_communities} communities, "
        f"modularity Q {show_number(network.modularity)}, silhouette S {show_number(network.silhouette)}"
    )
    notes = [f"note: {note}" for note in result.notes]
    lines = [tail, *notes, describe_origin(result.codebook), f"written to {result.settings.out}"]
    return Group(Text(head), table, Text("\n".join(lines)))


def keywords_json(result: KeywordsResult) -> str:
    """One JSON object: counts, settings, keywords in order, measures of the network; undefined is null."""
    settings, network = result.settings, result.network
    nodes = {node.keyword.place: node for node in network.nodes}
    value = {
        "command": "keywords",
        "version": result.version,
        "date": result.date,
        "inputs": [str(path) for path in settings.inputs],
        "out": str(settings.out),
        "n_documents": result.n_documents,
        "n_dated": result.n_dated,
        "n_sentences": result.n_sentences,
        "n_characters": result.n_characters,
        "n_words": result.n_words,
        "n_new_words": len(result.new_words),
        "settings": _settings(result),
        "codebook": {"name": result.codebook.name, "sha256": result.codebook.digest},
        "models": [{"folder": one.folder, "name": one.name, "sha256": one.sha256} for one in result.models],
        "network": {
            "n_nodes": len(network.nodes),
            "n_ties": len(network.ties),
            "n_windows": network.n_windows,
            "n_communities": network.n_communities,
            "density": _known(network.density),
            "modularity": _known(network.modularity),
            "silhouette": _known(network.silhouette),
        },
        "keywords": [
            _keyword(rank, word, nodes.get(word.place)) for rank, word in enumerate(result.keywords, start=1)
        ],
        "notes": list(result.notes),
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _settings(result: KeywordsResult) -> Mapping[str, Any]:
    settings = result.settings
    return {
        "score": settings.score,
        "min_count": settings.min_count,
        "min_documents": settings.min_documents,
        "window": settings.window,
        "association": settings.association,
        "min_together": settings.min_together,
        "ties_per_node": settings.ties_per_node,
        "code": settings.code_id,
        "level": settings.level,
        "seed": settings.seed,
    }


def _keyword(rank: int, word: Keyword, node: NetworkNode | None) -> Mapping[str, Any]:
    return {
        "rank": rank,
        "keyword": word.text,
        "frequency": word.count,
        "documents": word.n_documents,
        "score": word.score,
        "first_year": word.first_year,
        "burst_strength": _known(word.strength),
        "burst_years": list(word.burst_years) if word.burst_years else None,
        "betweenness": node.betweenness if node else None,
        "eigenvector": _known(node.eigenvector) if node else None,
        "degree": node.degree if node else None,
        "link_strength": node.strength if node else None,
        "community": node.community + 1 if node else None,
    }


def _numbers(word: Keyword, node: NetworkNode | None) -> tuple[str, ...]:
    return (
        f"{word.count:,}",
        f"{word.n_documents:,}",
        show_number(node.betweenness) if node else NOT_AVAILABLE,
        f"{node.strength:.2f}" if node else NOT_AVAILABLE,
        NOT_AVAILABLE if math.isnan(word.strength) else f"{word.strength:.2f}",
        NOT_AVAILABLE if word.first_year is None else str(word.first_year),
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
