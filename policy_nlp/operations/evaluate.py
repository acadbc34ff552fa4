"""EvaluateSettings -> EvaluateResult: a model, or the codes of a second file, against a gold file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from policy_nlp import __version__
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError, OutputError, SettingsError
from policy_nlp.evaluation.abstention import AbstentionReport
from policy_nlp.evaluation.compare import evaluate_decisions, evaluate_units
from policy_nlp.evaluation.report import EvaluationReport, EvaluationSource
from policy_nlp.exchange.label_codes import read_gold_file
from policy_nlp.files import sha256_of_file, write_atomically
from policy_nlp.gold import N_FOLDS, match_units, read_coded_units, units_of_fold
from policy_nlp.gold.coders import is_assisted
from policy_nlp.operations.label_manifest import now
from policy_nlp.operations.output_checks import check_free_output
from policy_nlp.records import CodedUnit, Progress
from policy_nlp.settings.commands import EvaluateSettings

if TYPE_CHECKING:
    from policy_nlp.engine.predictor import TextLogits

_TEXTS_AT_ONCE = 1024  # sentences between two steps of the progress


@dataclass(frozen=True, slots=True)
class EvaluateResult:
    """The numbers, and what they are of."""

    report: EvaluationReport
    source: EvaluationSource
    codebook: Codebook
    abstention: AbstentionReport | None = None  # where a risk was asked for


def evaluate(settings: EvaluateSettings, progress: Progress | None = None) -> EvaluateResult:
    """Compare predicted codings with gold codings; writes the reliability diagram where one is asked for.

    Raises:
        OutputError: the diagram cannot be written, or there is no score to draw.
        GoldError, UnknownCodeError: the gold or the predicted file breaks its form, or they do not match.
        ModelError: there is no such model, or it does not know a code of the codebook.
        SettingsError: a risk is asked for of codings in a file, or is no fraction.
        CodebookError: the codebook file breaks a rule.
    """
    if settings.diagram_path is not None:
        inputs = (settings.gold_path, settings.predicted_path)
        check_free_output(settings.diagram_path, inputs, is_forced=True)
    if settings.predicted_path is not None:
        _check_no_risk(settings)
        result = _evaluate_file(settings, settings.predicted_path)
    else:
        result = _evaluate_model(settings, progress)
    if settings.diagram_path is not None:
        _write_diagram(result.report, settings.diagram_path)
    return result


def _check_no_risk(settings: EvaluateSettings) -> None:
    if settings.risk is not None:
        raise SettingsError(
            "--abstain needs the scores of a model, and the codings of a file have none. Leave out "
            "--predicted or --abstain.",
            key="risk",
        )


def _write_diagram(report: EvaluationReport, path: Path) -> None:
    from policy_nlp.reports.reliability_diagram import draw_reliability

    picture = draw_reliability(report.levels)
    if picture is None:
        raise OutputError(
            f"{path}: the predicted codings have no scores to draw. Give a model, or leave out --diagram.",
            path=path,
        )
    write_atomically(path, picture)


def _evaluate_file(settings: EvaluateSettings, predicted_path: Path) -> EvaluateResult:
    codebook = load_codebook(settings.codebook_path or shipped_codebook_path())
    gold = _read_gold(settings, codebook)
    predicted = match_units(
        gold,
        read_coded_units(predicted_path, codebook, coder=settings.predicted_coder),
        gold_path=settings.gold_path,
        predicted_path=predicted_path,
    )
    report = evaluate_units(gold, predicted, codebook=codebook, bootstrap=_bootstrap(settings))
    coder = f", coder {settings.predicted_coder}" if settings.predicted_coder else ""
    source = _source(
        settings, codebook, predicted_by=f"{predicted_path}{coder}", signature=sha256_of_file(predicted_path)
    )
    return EvaluateResult(report, replace(source, n_assisted=_count_assisted(gold)), codebook)


def _evaluate_model(settings: EvaluateSettings, progress: Progress | None) -> EvaluateResult:
    # Imported here: comparing two files needs no torch, which takes seconds to load.
    from policy_nlp.engine.predictor import open_predictor
    from policy_nlp.model.trained import load_model
    from policy_nlp.operations.evaluate_abstention import measure_abstention

    model = load_model(settings.model)
    codebook = load_codebook(settings.codebook_path) if settings.codebook_path else model.codebook
    gold = _read_gold(settings, codebook)
    _check_texts(gold, settings.gold_path)
    predictor = open_predictor(model, settings.engine)
    parts = []
    for start in range(0, len(gold), _TEXTS_AT_ONCE):
        if progress:
            progress(start, len(gold))
        parts.append(predictor.read_logits([unit.text for unit in gold[start : start + _TEXTS_AT_ONCE]]))
    if progress:
        progress(len(gold), len(gold))
    read = _join_logits(parts)
    decisions = predictor.decide_logits(read)
    report = evaluate_decisions(gold, decisions, codebook=codebook, bootstrap=_bootstrap(settings))
    abstention = None
    if settings.risk is not None:
        abstention = measure_abstention(gold, read, model=model, settings=settings)
    source = _source(settings, codebook, predicted_by=model.name, signature=predictor.signature)
    is_known = source.gold_sha256 in model.gold_sha256
    n_assisted = _count_assisted(gold)
    source = replace(source, is_gold_known_to_model=is_known, n_assisted=n_assisted)
    return EvaluateResult(report, source, codebook, abstention)


def _read_gold(settings: EvaluateSettings, codebook: Codebook) -> list[CodedUnit]:
    units = list(read_gold_file(settings.gold_path, codebook, coder=settings.coder).units)
    if settings.fold is None:
        return units
    units = units_of_fold(units, settings.fold, n_folds=N_FOLDS)
    if not units:
        raise GoldError(
            f"{settings.gold_path}: no document is in fold {settings.fold} of {N_FOLDS}. Leave out the fold.",
            path=settings.gold_path,
        )
    return units


def _count_assisted(gold: Sequence[CodedUnit]) -> int:
    return sum(is_assisted(unit.coder_id) for unit in gold)


def _check_texts(gold: Sequence[CodedUnit], path: Path) -> None:
    for unit in gold:
        if not unit.text:
            raise GoldError(
                f"{path}: unit {unit.unit_id!r} has no text for the model to read. Give JSON Lines with "
                f"`text`, or the predicted codes as a second file.",
                path=path,
                unit_id=unit.unit_id,
            )


def _join_logits(parts: Sequence[TextLogits]) -> TextLogits:
    from policy_nlp.engine.predictor import TextLogits

    return TextLogits(
        np.concatenate([part.logits for part in parts]),
        np.concatenate([part.is_empty for part in parts]),
        np.concatenate([part.is_truncated for part in parts]),
    )


def _bootstrap(settings: EvaluateSettings) -> Bootstrap:
    return Bootstrap(n_draws=settings.n_draws, seed=settings.seed)


def _source(
    settings: EvaluateSettings, codebook: Codebook, *, predicted_by: str, signature: str
) -> EvaluationSource:
    return EvaluationSource(
        gold_path=str(settings.gold_path),
        gold_sha256=sha256_of_file(settings.gold_path),
        gold_coder=settings.coder,
        predicted_by=predicted_by,
        signature=signature,
        codebook_name=codebook.name,
        codebook_sha256=codebook.digest,
        fold=settings.fold,
        version=__version__,
        date=now(),
    )
