"""KeywordsResult -> tables for files: all keywords, and the terms that were found in the texts."""

from __future__ import annotations

import math

import pyarrow as pa

from policy_nlp.analysis.keyword_result import KeywordsResult
from policy_nlp.tables.table import Rows

_KEYWORD_SCHEMA = pa.schema(
    [
        ("rank", pa.int64()),
        ("keyword", pa.string()),
        ("frequency", pa.int64()),
        ("documents", pa.int64()),
        ("score", pa.float64()),
        ("first_year", pa.int64()),
        ("burst_strength", pa.float64()),
        ("burst_from", pa.int64()),
        ("burst_to", pa.int64()),
        ("betweenness", pa.float64()),
        ("eigenvector", pa.float64()),
        ("degree", pa.int64()),
        ("link_strength", pa.float64()),
        ("community", pa.int64()),
    ]
)
_NEW_WORD_SCHEMA = pa.schema(
    [
        ("term", pa.string()),
        ("parts", pa.string()),
        ("frequency", pa.int64()),
        ("documents", pa.int64()),
        ("cohesion_bits", pa.float64()),
        ("freedom_bits", pa.float64()),
    ]
)
_DIGITS = 6


def keyword_rows(result: KeywordsResult) -> Rows:
    """One row a keyword, in order of rank; what only nodes of the network have is empty for the others."""
    nodes = {node.keyword.place: node for node in result.network.nodes}
    rows: list[tuple[str | int | float | None, ...]] = []
    for rank, word in enumerate(result.keywords, start=1):
        node = nodes.get(word.place)
        first, last = word.burst_years or (None, None)
        own = (rank, word.text, word.count, word.n_documents, _round(word.score), word.first_year)
        in_network = (
            (_round(node.betweenness), _round(node.eigenvector), node.degree, _round(node.strength))
            if node
            else (None,) * 4
        )
        community = node.community + 1 if node else None
        rows.append((*own, _round(word.strength), first, last, *in_network, community))
    return _rows(_KEYWORD_SCHEMA, rows)


def new_word_rows(result: KeywordsResult) -> Rows:
    """One row a term, with what made it one."""
    return _rows(
        _NEW_WORD_SCHEMA,
        [
            (
                word.text, "|".join(word.parts), word.count, word.n_documents, _round(word.cohesion),
                _round(word.freedom),
            )
            for word in result.new_words
        ],
    )  # fmt: skip


def _round(value: float) -> float | None:
    return None if math.isnan(value) else round(value, _DIGITS)


def _rows(schema: pa.Schema, rows: list[tuple[str | int | float | None, ...]]) -> Rows:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return Rows(schema, [pa.RecordBatch.from_arrays(arrays, schema=schema)])
