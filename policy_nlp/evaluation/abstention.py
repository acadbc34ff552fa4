"""Decisions that may abstain, beside gold -> how often they err and abstain, and whether risks were kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Bootstrap, Measure, bootstrap_draws, measures_from_draws
from policy_nlp.codebook import Codebook
from policy_nlp.errors import ModelError
from policy_nlp.records import PREDICTED_LEVELS, CodeCut, CutBasis, Decisions

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
RowKind = Literal["all", "level", "basis", "code"]

_RANGE = (0.025, 0.975)
_BASES: tuple[CutBasis, ...] = ("code", "level", "none")
_NONE_CARRIES, _NONE_GIVEN, _NO_CODE = "no sentence carries it", "it was given to no sentence", "no such code"


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One code, or several taken together.

    Attributes:
        name: "all", a level, a basis of cuts or a code id, as `kind` says.
        refused: share of the sentences that carry the code to which it was refused.
        false: share of those given the code that do not carry it.
        undecided: share of the answers left open.
        n_carrying, n_given: sentences; where there are splits, on average in their held-out half.
    """

    kind: RowKind
    name: str
    refused: Measure
    false: Measure
    undecided: Measure
    n_carrying: float
    n_given: float


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What came of cuts on sentences that they were not fitted on.

    Attributes:
        abstained: share of the sentences with an undecided code or more.
        n_splits: random splits of the documents, whose held-out halves are measured together, with the 95 %
            range of the single ones; 0 where the model's own cuts were used, with bootstrap intervals over
            documents.
    """

    abstained: Measure
    rows: tuple[RiskRow, ...]
    n_sentences: int
    n_documents: int
    n_splits: int


@dataclass(frozen=True, slots=True)
class AbstentionReport:
    """Whether a promised risk held.

    Attributes:
        splits: cuts fitted on one half of the gold's documents, measured on the other.
        own: the model's own cuts, measured on all of the gold.
        notes: why one of the two is missing, and what was left out.
    """

    risk: float
    splits: RiskReport | None
    own: RiskReport | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CutOutcome:
    """Decisions with undecided codes on N sentences whose codes are known.

    Attributes:
        carries: shape (N, C), gold.
        decisions: by these cuts.
        cuts: one a code.
    """

    carries: Flags
    decisions: Decisions
    cuts: tuple[CodeCut, ...]


def measure_splits(
    outcomes: Sequence[CutOutcome], codebook: Codebook, *, n_sentences: int, n_documents: int
) -> RiskReport:
    """Shares over the held-out halves of all splits together, with the 95 % range of the single splits.

    The range tells how much a split moves a share. Splits of one gold overlap: it is no confidence interval.
    """
    sums = [_sum_by_group(one, codebook, group_of=np.zeros(len(one.carries), np.int_)) for one in outcomes]
    parts, wholes = (np.concatenate(own) for own in zip(*((s.parts, s.wholes) for s in sums), strict=True))
    values = _Sums.shares(parts.sum(axis=0), wholes.sum(axis=0)).tolist()
    ranges = zip(values, _Sums.shares(parts, wholes).T, sums[0].reasons, strict=True)
    measures = [_with_range(value, shares, reason) for value, shares, reason in ranges]
    sizes = (n_sentences, n_documents)
    return _report(codebook, measures, wholes.mean(axis=0), n_splits=len(outcomes), sizes=sizes)


def measure_own_cuts(
    outcome: CutOutcome, codebook: Codebook, *, group_of: NDArray[np.int_], bootstrap: Bootstrap
) -> RiskReport:
    """Shares over all sentences, with bootstrap intervals over their documents.

    Args:
        outcome: N sentences.
        codebook: the model's.
        group_of: shape (N,), the document of each, from 0.
        bootstrap: draws and seed.
    """
    sums = _sum_by_group(outcome, codebook, group_of=group_of)
    n_groups = len(sums.parts)
    draws = bootstrap_draws(
        lambda weights: sums.shares(weights @ sums.parts, weights @ sums.wholes),
        n_groups,
        bootstrap=bootstrap,
    )
    values = sums.shares(sums.parts.sum(axis=0), sums.wholes.sum(axis=0))
    measures = measures_from_draws(
        values, draws, reasons=sums.reasons, n_groups=n_groups, bootstrap=bootstrap
    )
    sizes = (len(outcome.carries), n_groups)
    return _report(codebook, measures, sums.wholes.sum(axis=0), n_splits=0, sizes=sizes)


@dataclass(frozen=True, slots=True)
class _Row:
    """Codes of a row: those whose refusals, and those whose givings, it measures; shape (C,) each."""

    kind: RowKind
    name: str
    refusing: Flags
    giving: Flags


@dataclass(frozen=True, slots=True)
class _Sums:
    """Parts and wholes of M shares, summed over the sentences of each of G groups; shape (G, M)."""

    parts: Floats
    wholes: Floats
    reasons: tuple[str, ...]

    @staticmethod
    def shares(parts: Floats, wholes: Floats) -> Floats:
        """Part of whole; NaN where there is no whole."""
        shares: Floats = np.where(wholes > 0, parts / np.maximum(wholes, 1e-12), np.nan)
        return shares


def _rows(codebook: Codebook, cuts: Sequence[CodeCut]) -> list[_Row]:
    everything = np.ones(len(cuts), dtype=np.bool_)
    levels = np.array([codebook.level_of(cut.code_id) for cut in cuts])
    refused_by, applied_by = (
        np.array(names) for names in zip(*((c.refused_by, c.applied_by) for c in cuts), strict=True)
    )
    rows = [_Row("all", "all", everything, everything)]
    rows += [_Row("level", name, levels == name, levels == name) for name in PREDICTED_LEVELS]
    rows += [_Row("basis", basis, refused_by == basis, applied_by == basis) for basis in _BASES]
    own = np.eye(len(cuts), dtype=np.bool_)
    return rows + [_Row("code", cut.code_id, mask, mask) for cut, mask in zip(cuts, own, strict=True)]


def _sum_by_group(outcome: CutOutcome, codebook: Codebook, *, group_of: NDArray[np.int_]) -> _Sums:
    """Refused, false and undecided of every row, in this order, then the sentences with an undecided code."""
    carries, applies, undecided = outcome.carries, outcome.decisions.applies, outcome.decisions.is_undecided
    if undecided is None:
        raise ModelError("these decisions were made without a risk, so none of them could abstain.")
    rows = _rows(codebook, outcome.cuts)
    refusing, giving = (
        np.stack(masks).T for masks in zip(*((r.refusing, r.giving) for r in rows), strict=True)
    )
    n_groups = int(group_of.max(initial=-1)) + 1

    def summed(cells: Flags, masks: Flags) -> Floats:
        by_group = np.zeros((n_groups, cells.shape[1]))
        np.add.at(by_group, group_of, cells)
        return by_group @ masks

    abstained = np.asarray(undecided.any(axis=1, keepdims=True))
    all_rows = np.ones((1, 1), dtype=np.bool_)
    parts = [summed(carries & ~applies & ~undecided, refusing), summed(applies & ~carries, giving)]
    parts += [summed(undecided, refusing | giving), summed(abstained, all_rows)]
    wholes = [summed(carries, refusing), summed(applies, giving)]
    wholes += [summed(np.ones_like(carries), refusing | giving), summed(np.ones_like(abstained), all_rows)]
    whys = [_NONE_CARRIES, _NONE_GIVEN, _NO_CODE]
    reasons = (*(why for why in whys for _ in rows), "no sentence")
    return _Sums(np.concatenate(parts, axis=1), np.concatenate(wholes, axis=1), reasons)


def _with_range(value: float, shares: Floats, reason: str) -> Measure:
    if math.isnan(value):
        return Measure(math.nan, reason=reason)
    defined = shares[~np.isnan(shares)]
    low, high = np.quantile(defined, _RANGE).tolist()
    return Measure(value, low, high, n_undefined=len(shares) - len(defined))


def _report(
    codebook: Codebook, measures: Sequence[Measure], wholes: Floats, *, n_splits: int, sizes: tuple[int, int]
) -> RiskReport:
    names: list[tuple[RowKind, str]] = [("all", "all"), *(("level", level) for level in PREDICTED_LEVELS)]
    names += [*(("basis", basis) for basis in _BASES), *(("code", code_id) for code_id in codebook.code_ids)]
    n_rows = len(names)
    rows = tuple(
        RiskRow(
            kind=kind,
            name=name,
            refused=measures[row],
            false=measures[n_rows + row],
            undecided=measures[2 * n_rows + row],
            n_carrying=float(wholes[row]),
            n_given=float(wholes[n_rows + row]),
        )
        for row, (kind, name) in enumerate(names)
    )
    return RiskReport(measures[-1], rows, *sizes, n_splits)
