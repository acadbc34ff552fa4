"""Gold and a model's logits on it -> whether a promised risk holds, in random splits and for its own cuts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.intervals import Bootstrap, group_indices
from policy_nlp.codebook import Codebook
from policy_nlp.engine.predictor import TextLogits
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.evaluation.abstention import (
    AbstentionReport,
    CutOutcome,
    RiskReport,
    measure_own_cuts,
    measure_splits,
)
from policy_nlp.exchange.coder_writing import codes_at
from policy_nlp.files import sha256_of_file
from policy_nlp.model.calibration import calibrate, fit_calibration
from policy_nlp.model.calibration_scores import read_calibration_scores
from policy_nlp.model.code_cuts import decide_by_cuts, fit_abstention, fit_cuts
from policy_nlp.model.thresholds import fit_thresholds
from policy_nlp.model.trained import TrainedModel
from policy_nlp.operations.calibration_scores import ScoredGold
from policy_nlp.operations.train import targets_of
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Decisions, Level
from policy_nlp.settings.commands import EvaluateSettings

Groups = NDArray[np.int_]
_IS_OWN = "the model's own cuts are from this very file, and are not measured on it"


def measure_abstention(
    gold: Sequence[CodedUnit], read: TextLogits, *, model: TrainedModel, settings: EvaluateSettings
) -> AbstentionReport:
    """What abstention at the risk of the settings does on the gold.

    Args:
        gold: N units; those not coded at every level, or without usable text, are left out.
        read: of the same units, in the same order.
        model: whose logits they are.
        settings: risk, splits and seed.

    Raises:
        GoldError: no unit is coded at every level of the model.
        SettingsError: the risk is no fraction.
    """
    risk = settings.risk or 0.0
    scored, notes = _scored_part(gold, read, codebook=model.codebook, settings=settings)
    group_of, n_groups = group_indices([unit.document_id or unit.unit_id for unit in scored.units])
    splits = None
    if n_groups < 2:
        notes.append("no splits: the gold is of one document only")
    elif settings.n_splits:
        outcomes = list(_iter_splits(scored, group_of, codebook=model.codebook, settings=settings))
        splits = measure_splits(outcomes, model.codebook, n_sentences=len(scored.units), n_documents=n_groups)
    own = None
    try:
        is_own = read_calibration_scores(model).gold_sha256 == sha256_of_file(settings.gold_path)
    except ModelError as err:
        notes.append(err.message)
    else:
        notes += [_IS_OWN] if is_own else []
        own = None if is_own else _measure_own(scored, group_of, model=model, settings=settings)
    return AbstentionReport(risk, splits, own, tuple(notes))


def _scored_part(
    gold: Sequence[CodedUnit], read: TextLogits, *, codebook: Codebook, settings: EvaluateSettings
) -> tuple[ScoredGold, list[str]]:
    """The units that abstention can be measured on, and how many are left out."""
    levels = [level for level in PREDICTED_LEVELS if codebook.ids(level)]
    rows = [row for row, unit in enumerate(gold) if not read.is_empty[row] and _is_whole(unit, levels)]
    if not rows:
        raise GoldError(
            f"{settings.gold_path}: no unit is coded at every level ({', '.join(levels)}), which --abstain "
            "needs. Give gold with the list of each (empty where nothing applies), or leave out --abstain.",
            path=settings.gold_path,
        )
    units = [gold[row] for row in rows]
    notes = []
    if n_left_out := len(gold) - len(rows):
        notes.append(f"{n_left_out:,} units not coded at every level, or without text, are left out")
    targets = targets_of(units, codebook)
    return ScoredGold(settings.gold_path, units, read.logits[rows], targets), notes


def _is_whole(unit: CodedUnit, levels: Sequence[Level]) -> bool:
    return all(codes_at(unit, level) is not None for level in levels)


def _iter_splits(
    scored: ScoredGold, group_of: Groups, *, codebook: Codebook, settings: EvaluateSettings
) -> Iterator[CutOutcome]:
    """Halves of the documents drawn at random: all is fitted on one half, what comes back is of the other."""
    chooser = np.random.default_rng(settings.seed)
    n_groups = int(group_of.max()) + 1
    for _ in range(settings.n_splits):
        fitted = np.isin(group_of, chooser.permutation(n_groups)[: n_groups // 2])
        logits, targets = scored.logits[fitted], scored.targets[fitted]
        calibration = fit_calibration(logits, targets, codebook=codebook)
        scores = calibrate(logits, calibration)
        thresholds = fit_thresholds(scores, targets, codebook=codebook)
        cuts = fit_cuts(
            scores, targets > 0.5, codebook=codebook, thresholds=thresholds, risk=settings.risk or 0.0
        )
        held = calibrate(scored.logits[~fitted], calibration)
        decided = decide_by_cuts(_undecided_yet(held, codebook), cuts, codebook=codebook)
        yield CutOutcome(scored.targets[~fitted] > 0.5, decided, cuts)


def _undecided_yet(scores: NDArray[np.float32], codebook: Codebook) -> Decisions:
    nothing = np.zeros(scores.shape, dtype=np.bool_)
    return Decisions(codebook.code_ids, scores, nothing, np.zeros(len(scores), dtype=np.bool_))


def _measure_own(
    scored: ScoredGold, group_of: Groups, *, model: TrainedModel, settings: EvaluateSettings
) -> RiskReport:
    cuts = fit_abstention(model, settings.risk or 0.0).cuts
    scores = calibrate(scored.logits, model.calibration)
    decided = decide_by_cuts(_undecided_yet(scores, model.codebook), cuts, codebook=model.codebook)
    return measure_own_cuts(
        CutOutcome(scored.targets > 0.5, decided, cuts),
        model.codebook,
        group_of=group_of,
        bootstrap=Bootstrap(n_draws=settings.n_draws, seed=settings.seed),
    )
