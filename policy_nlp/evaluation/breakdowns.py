"""Compared levels -> how well the sentences of each source kind, length, year and stratum are coded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.intervals import Bootstrap, Measure, bootstrap_draws, measures_from_draws
from policy_nlp.agreement.level_tables import Applies
from policy_nlp.evaluation.report import Breakdown, BreakdownField, GroupEvaluation, GroupLevel
from policy_nlp.gold.sources import source_kind_of, stratum_of, year_of
from policy_nlp.records import CodedUnit, Level

MOST_BANDS = 4  # of lengths, each with as many sentences as the others, as far as equal lengths allow
FEWEST_POSITIVES = 10  # gold codings of a group; below, an F1 says next to nothing
FEWEST_DOCUMENTS = 5  # of a group with an interval


@dataclass(frozen=True, slots=True)
class LevelCells:
    """One level of all U units.

    Attributes:
        rows: shape (U,), units that gold and predicted both coded.
        gold, predicted: shape (U, C).
    """

    level: Level
    rows: NDArray[np.bool_]
    gold: Applies
    predicted: Applies


@dataclass(frozen=True, slots=True)
class _Field:
    """What parts the units, and how their groups are told."""

    field: BreakdownField
    rule: str
    unknown: str
    names_of: Callable[[Sequence[CodedUnit]], list[str | None]]


def break_down(
    units: Sequence[CodedUnit],
    levels: Sequence[LevelCells],
    *,
    group_of: NDArray[np.int_],
    bootstrap: Bootstrap,
) -> tuple[Breakdown, ...]:
    """One breakdown for each field of `BreakdownField`.

    Args:
        units: U gold units.
        levels: the levels that were compared, each of the same U units.
        group_of: shape (U,), the document (else the unit) that each unit belongs to, drawn as a whole.
        bootstrap: draws and seed of the intervals.
    """
    return tuple(
        _break_down(field, units, levels, group_of=group_of, bootstrap=bootstrap) for field in _FIELDS
    )


def _break_down(
    field: _Field,
    units: Sequence[CodedUnit],
    levels: Sequence[LevelCells],
    *,
    group_of: NDArray[np.int_],
    bootstrap: Bootstrap,
) -> Breakdown:
    names = np.array([name or "" for name in field.names_of(units)])
    if not names.any():
        return Breakdown(field.field, field.rule, (), len(units), f"no sentence says its {field.unknown}")
    known = _in_order(field, {name for name in names.tolist() if name})
    groups = []
    for name in known:
        inside = names == name
        found = [_measure(one, inside, group_of=group_of, bootstrap=bootstrap) for one in levels]
        n_documents = len(np.unique(group_of[inside]))
        groups.append(GroupEvaluation(name, int(inside.sum()), n_documents, tuple(found)))
    return Breakdown(field.field, field.rule, tuple(groups), int((names == "").sum()))


def _in_order(field: _Field, names: Collection[str]) -> list[str]:
    """Lengths from short to long, others by name (years rise)."""
    if field.field == "length":
        return sorted(names, key=lambda name: int(name.partition("-")[0].strip("+")))
    return sorted(names)


def _measure(
    level: LevelCells, inside: NDArray[np.bool_], *, group_of: NDArray[np.int_], bootstrap: Bootstrap
) -> GroupLevel:
    rows = inside & level.rows
    gold, predicted = level.gold[rows], level.predicted[rows]
    n_positives = int(gold.sum())
    if n_positives < FEWEST_POSITIVES:
        missing = f"fewer than {FEWEST_POSITIVES} gold codings"
        return GroupLevel(level.level, int(rows.sum()), n_positives, Measure(float("nan"), reason=missing))
    documents, document_of = np.unique(group_of[rows], return_inverse=True)
    # Of each document: codings in both, and codings of either coder summed.
    sums = np.zeros((len(documents), 2))
    np.add.at(
        sums, document_of, np.stack([(gold & predicted).sum(1), gold.sum(1) + predicted.sum(1)], axis=1)
    )
    value = _micro_f1(np.ones((1, len(documents))), sums)
    if len(documents) < FEWEST_DOCUMENTS:
        missing = f"no interval: fewer than {FEWEST_DOCUMENTS} documents"
        return GroupLevel(level.level, len(gold), n_positives, Measure(float(value[0, 0]), reason=missing))
    draws = bootstrap_draws(lambda weights: _micro_f1(weights, sums), len(documents), bootstrap=bootstrap)
    (measure,) = measures_from_draws(
        value[0], draws, reasons=["no coding"], n_groups=len(documents), bootstrap=bootstrap
    )
    return GroupLevel(level.level, len(gold), n_positives, measure)


def _micro_f1(weights: NDArray[np.float64], sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Micro-F1 of B samples, shape (B, 1), from weights of shape (B, G)."""
    both, either = (weights @ sums).T
    return divide(2 * both, either)[:, np.newaxis]


def _length_bands(units: Sequence[CodedUnit]) -> list[str | None]:
    """The band of each text's length in characters, by quantiles; None where there is no text."""
    lengths = np.array([len(unit.text.strip()) for unit in units])
    if not lengths.any():
        return [None] * len(units)
    inner = np.quantile(lengths[lengths > 0], np.linspace(0, 1, MOST_BANDS + 1)[1:-1], method="higher")
    starts = np.unique([1, *(inner + 1)])
    starts = starts[starts <= lengths.max()]
    names = [f"{low}-{high - 1}" for low, high in pairwise(starts.tolist())] + [f"{starts[-1]}+"]
    bands = np.searchsorted(starts, lengths, side="right") - 1
    return [names[band] if band >= 0 else None for band in bands.tolist()]


_FIELDS = (
    _Field(
        "source_kind",
        "`source_kind` of the gold, else what a document id such as news_... begins with",
        "source kind: give it as `source_kind`",
        lambda units: [source_kind_of(unit) for unit in units],
    ),
    _Field("length", "characters of the sentence, parted at quartiles", "length (no text)", _length_bands),
    _Field(
        "year",
        "`year` of the gold, else the year in a document id such as news_..._2023-01",
        "year: give it as `year`",
        lambda units: [str(year) if (year := year_of(unit)) else None for unit in units],
    ),
    _Field(
        "stratum",
        "`stratum` of the gold, how the sentence was drawn, up to its colon",
        "stratum: give it as `stratum`",
        lambda units: [stratum_of(unit) for unit in units],
    ),
)
