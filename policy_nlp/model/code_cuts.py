"""Calibration scores -> the cuts of every code at one risk; scores and cuts -> what each leaves undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook, drop_unsupported_paths
from policy_nlp.errors import SettingsError
from policy_nlp.model.abstention import (
    count_missing_positives,
    estimate_missing_to_apply,
    find_lower_cut,
    find_upper_cut,
)
from policy_nlp.model.calibration import level_columns
from policy_nlp.model.calibration_scores import read_calibration_scores
from policy_nlp.model.trained import TrainedModel
from policy_nlp.records import Abstention, CodeCut, CutBasis, Decisions, Thresholds

Scores = NDArray[np.float32]
Flags = NDArray[np.bool_]


class _FindCut(Protocol):
    """`find_lower_cut` or `find_upper_cut`."""

    def __call__(self, scores: Scores, applies: Flags, *, risk: float) -> float | None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """One cut of one code, and what keeps its promise."""

    cut: float | None
    basis: CutBasis


def fit_abstention(model: TrainedModel, risk: float) -> Abstention:
    """The cuts of a model at this risk, from the calibration scores in its folder.

    Raises:
        ModelError: the folder has none, or those of other weights.
        SettingsError: the risk is no fraction.
    """
    known = read_calibration_scores(model)
    cuts = fit_cuts(
        known.scores, known.applies, codebook=model.codebook, thresholds=model.thresholds, risk=risk
    )
    return Abstention(risk, len(known.scores), known.n_documents, known.sha256, cuts)


def fit_cuts(
    scores: Scores, applies: Flags, *, codebook: Codebook, thresholds: Thresholds, risk: float
) -> tuple[CodeCut, ...]:
    """The cuts of each code, in codebook order.

    A code whose own sentences do not give a cut takes the one of all such codes of its level together: the
    promise is then for them together. Without that, it is refused below the risk as score, or never given;
    nothing is promised. Where the two cuts cross, both promises hold for every score between them: the
    code's threshold, brought between them, decides alone.

    Args:
        scores: shape (N, C), calibrated, of sentences that were not trained on.
        applies: shape (N, C), whether the sentence carries the code.
        codebook: gives the level of each column.
        thresholds: for cuts that cross.
        risk: above 0 and below 1.

    Raises:
        SettingsError: the risk is no such fraction.
    """
    if not 0 < risk < 1:
        raise SettingsError(f"a risk of {risk}: it must be above 0 and below 1, as 0.1.", key="risk")
    lower: list[_Found] = []
    upper: list[_Found] = []
    for level in level_columns(codebook):
        lower += _find_cuts(find_lower_cut, scores[:, level], applies[:, level], risk=risk)
        upper += _find_cuts(find_upper_cut, scores[:, level], applies[:, level], risk=risk)
    cuts = []
    for column, (low, high) in enumerate(zip(lower, upper, strict=True)):
        own = scores[:, column], applies[:, column]
        n_positives = int(own[1].sum())
        cut = CodeCut(
            code_id=codebook.code_ids[column],
            refuse_below=risk if low.cut is None else low.cut,
            apply_from=high.cut,
            refused_by=low.basis,
            applied_by=high.basis,
            n_positives=n_positives,
            n_missing_to_refuse=count_missing_positives(n_positives, risk=risk),
            n_missing_to_apply=0 if high.basis == "code" else estimate_missing_to_apply(*own, risk=risk),
        )
        cuts.append(_settle_crossing(cut, float(thresholds.values[column])))
    return tuple(cuts)


def _find_cuts(find: _FindCut, scores: Scores, applies: Flags, *, risk: float) -> list[_Found]:
    """A cut for each code of one level: its own, else that of all such codes together."""
    own = [find(scores[:, column], applies[:, column], risk=risk) for column in range(scores.shape[1])]
    lacking = [column for column, cut in enumerate(own) if cut is None]
    shared = find(scores[:, lacking].ravel(), applies[:, lacking].ravel(), risk=risk) if lacking else None
    instead = _Found(shared, "none" if shared is None else "level")
    return [instead if cut is None else _Found(cut, "code") for cut in own]


def _settle_crossing(cut: CodeCut, threshold: float) -> CodeCut:
    if cut.apply_from is None or cut.apply_from > cut.refuse_below:
        return cut
    settled = min(max(threshold, cut.apply_from), cut.refuse_below)
    return replace(cut, refuse_below=settled, apply_from=settled)


def decide_by_cuts(decisions: Decisions, cuts: Sequence[CodeCut], *, codebook: Codebook) -> Decisions:
    """The same scores with the codes that the cuts give, and those they leave undecided.

    A path whose score is enough but of whose required categories none is given is undecided, not refused:
    refusing it would break the promise on refusals wherever a required category was missed.

    Args:
        decisions: of a model.
        cuts: one a code, in codebook order.
        codebook: its paths say what they require.
    """
    low = np.array([cut.refuse_below for cut in cuts], dtype=np.float32)
    high = np.array([np.inf if c.apply_from is None else c.apply_from for c in cuts], dtype=np.float32)
    given = np.asarray(decisions.scores >= high)  # where there is no score, NaN, neither holds
    supported = drop_unsupported_paths(given, codebook)
    undecided = np.asarray((decisions.scores >= low) & ~given) | (given & ~supported)
    return replace(decisions, applies=supported, is_undecided=undecided)
