"""Coded sentences -> cross-validated scores of each method that time allows, and the one to train with."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.engine import predictor
from policy_nlp.errors import GoldError
from policy_nlp.evaluation.method_choice import MethodChoice, MethodTrial, choose_trial, micro_f1
from policy_nlp.gold.balanced_folds import balanced_folds
from policy_nlp.gold.units import squeeze_text
from policy_nlp.model.baseline import load_baseline
from policy_nlp.model.decisions import decide_by_fold
from policy_nlp.operations.few_shot_weights import open_encoder
from policy_nlp.operations.train_weights import CodedTexts, find_base, train_weights
from policy_nlp.records import CodedUnit, Progress
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.few_shot import METHODS, Method
from policy_nlp.settings.training import TrainSettings

_TIMED_SENTENCES = 48
_TIMED_BATCH = 16
_LOADING_S = 2.0  # of an encoder
_BASELINE_S = 0.003  # of cutting and fitting, a sentence


@dataclass(frozen=True, slots=True)
class TriedMethods:
    """The choice, and what the chosen method says of each sentence when trained without its fold.

    Attributes:
        logits: shape (N, C).
    """

    choice: MethodChoice
    logits: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Folds:
    """The fold of each sentence, shape (N,), and what folds are made of."""

    of_sentence: NDArray[np.int_]
    n_folds: int
    resampled: str


def try_methods(
    settings: TrainSettings,
    coded: CodedTexts,
    *,
    units: Sequence[CodedUnit],
    codebook: Codebook,
    progress: Progress,
) -> TriedMethods:
    """Cross-validate the methods of a run of kind `auto`, or the one it names, and choose.

    A method that would take longer than is left of `[few_shot] minutes` is left out; the first never is.

    Args:
        settings: the run.
        coded: all sentences with their codes.
        units: the same sentences, for their documents.
        codebook: of the codes.
        progress: told the folds done and their total.

    Raises:
        GoldError: the sentences cannot be parted into two folds.
        EncoderError, MissingExtraError: the base encoder cannot be had.
    """
    folds = _deal_folds(units, coded, settings)
    is_asked = settings.kind != "auto"
    methods = [m for m in METHODS if m == settings.kind or (not is_asked and m in settings.few_shot.methods)]
    ends_at = time.monotonic() + 60 * settings.few_shot.minutes
    expected_s = _expected_seconds(settings, coded, n_folds=folds.n_folds)
    trials: list[MethodTrial] = []
    logits_of: dict[Method, NDArray[np.float32]] = {}
    for number, method in enumerate(methods):
        left_s = ends_at - time.monotonic()
        if not is_asked and logits_of and expected_s[method] > left_s:
            trials.append(MethodTrial(method, (), expected_s[method]))
            continue

        def on_fold(n_done: int, number: int = number) -> None:
            progress(number * folds.n_folds + n_done, len(methods) * folds.n_folds)

        started = time.monotonic()
        logits = _logits_out_of_fold(method, settings, coded, folds=folds, on_fold=on_fold)
        seconds = time.monotonic() - started
        logits_of[method] = logits
        trials.append(MethodTrial(method, _f1_by_fold(logits, coded, folds, codebook, settings), seconds))
    chosen = choose_trial(trials).method
    choice = MethodChoice(
        chosen,
        tuple(trials),
        n_sentences=len(units),
        n_folds=folds.n_folds,
        resampled=folds.resampled,
        minutes=settings.few_shot.minutes,
        is_asked=is_asked,
    )
    return TriedMethods(choice, logits_of[chosen])


def _deal_folds(units: Sequence[CodedUnit], coded: CodedTexts, settings: TrainSettings) -> _Folds:
    """Folds of whole documents where there are enough of them, else of sentences, equal ones together."""
    documents = [unit.document_id or "" for unit in units]
    texts = [squeeze_text(unit.text) for unit in units]
    wanted = settings.few_shot.folds
    has_documents = all(documents) and len(set(documents)) >= 2 * wanted
    keys = documents if has_documents else texts
    n_folds = min(wanted, len(set(keys)))
    if n_folds < 2:
        raise GoldError(
            f"{settings.config}: {len(units)} sentences cannot be parted into two folds. Code more.",
            path=settings.config,
        )
    of_sentence = balanced_folds(keys, coded.targets, n_folds=n_folds, seed=settings.seed)
    return _Folds(of_sentence, n_folds, "document" if has_documents else "sentence")


def _expected_seconds(settings: TrainSettings, coded: CodedTexts, *, n_folds: int) -> dict[Method, float]:
    """How long the cross-validation of each method will take, from the time of a few training steps."""
    n_sentences = len(coded.texts)
    if settings.kind != "auto":
        return dict.fromkeys(METHODS, 0.0)
    pass_s = _step_seconds(settings, coded) * n_sentences
    trained_s = pass_s * (n_folds - 1)
    reading_s = n_folds * (pass_s + _LOADING_S)
    return {
        "baseline": _BASELINE_S * n_sentences * n_folds,
        "frozen": pass_s + _LOADING_S,
        "setfit": trained_s * settings.few_shot.setfit_epochs + reading_s,
        "encoder": trained_s * settings.encoder.epochs + reading_s,
    }


def _step_seconds(settings: TrainSettings, coded: CodedTexts) -> float:
    """Seconds that one sentence takes in a training step of the base encoder."""
    from policy_nlp.model.contrastive import train_contrastive
    from policy_nlp.model.devices import choose_device

    few = replace(coded, texts=coded.texts[:_TIMED_SENTENCES], targets=coded.targets[:_TIMED_SENTENCES])
    encoder = open_encoder(find_base(settings), few, settings=settings)
    encoder.model.to(choose_device(settings.encoder.device))
    ended_at: list[float] = []
    train_contrastive(
        encoder.model,
        encoder.gold,
        recipe=replace(settings.few_shot, setfit_epochs=2, setfit_batch=_TIMED_BATCH),
        seed=settings.seed,
        on_batch=lambda n_done, n_total: ended_at.append(time.monotonic()),
    )
    n_timed = (
        2 * len(few.texts) * (len(ended_at) - 1) / len(ended_at)
    )  # the first step also plans its kernels
    return (ended_at[-1] - ended_at[0]) / n_timed


def _logits_out_of_fold(
    method: Method,
    settings: TrainSettings,
    coded: CodedTexts,
    *,
    folds: _Folds,
    on_fold: Callable[[int], None],
) -> NDArray[np.float32]:
    """Logits of shape (N, C), each fold's by what was trained on the others."""
    own = replace(settings, kind=method, keeps_checkpoints=False)
    decide = _frozen_by_fold(own, coded) if method == "frozen" else _trained_by_fold(own, coded)
    logits = np.zeros(coded.targets.shape, dtype=np.float32)
    for fold in range(folds.n_folds):
        inside = folds.of_sentence == fold
        logits[inside] = decide(inside)
        on_fold(fold + 1)
    return logits


_LogitsOfRows = Callable[[NDArray[np.bool_]], NDArray[np.float32]]


def _frozen_by_fold(settings: TrainSettings, coded: CodedTexts) -> _LogitsOfRows:
    """Logits of the rows asked for by a head fitted to the others; the encoder reads every sentence once."""
    from policy_nlp.model.linear_head import fit_linear_head, head_logits, sentence_features

    encoder = open_encoder(find_base(settings), coded, settings=settings)
    features = sentence_features(encoder.model, encoder.gold)

    def decide(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
        targets, cost = coded.targets[~inside], settings.few_shot.cost
        fit_linear_head(encoder.model, features[~inside], targets=targets, cost=cost)
        return head_logits(encoder.model, features[inside])

    return decide


def _trained_by_fold(settings: TrainSettings, coded: CodedTexts) -> _LogitsOfRows:
    """Logits of the rows asked for by a model that was trained and saved as the final one is."""

    def decide(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
        texts = [text for text, is_in in zip(coded.texts, inside, strict=True) if is_in]
        with tempfile.TemporaryDirectory(prefix="policy-nlp-") as name:
            folder = Path(name)
            own = replace(settings, work=folder / "work")
            max_tokens = train_weights(own, _rows(coded, ~inside), folder=folder, progress=_tell_nobody)
            if settings.kind == "baseline":
                return load_baseline(folder).compute_logits(texts)[0]
            encoder = predictor.open_encoder(
                folder, coded.code_ids, max_tokens=max_tokens, settings=EngineSettings()
            )
            return encoder.compute_logits(texts)[0]

    return decide


def _tell_nobody(n_done: int, n_total: int | None) -> None:
    """Progress inside a fold."""


def _rows(coded: CodedTexts, is_kept: NDArray[np.bool_]) -> CodedTexts:
    return replace(
        coded,
        texts=tuple(text for text, keep in zip(coded.texts, is_kept, strict=True) if keep),
        targets=coded.targets[is_kept],
        weights=None if coded.weights is None else coded.weights[is_kept],
    )


def _f1_by_fold(
    logits: NDArray[np.float32], coded: CodedTexts, folds: _Folds, codebook: Codebook, settings: TrainSettings
) -> tuple[float, ...]:
    """Micro-F1 in each fold, with calibration and thresholds of the other folds."""
    prior, of_sentence = settings.threshold_prior, folds.of_sentence
    applies = decide_by_fold(logits, coded.targets, folds=of_sentence, codebook=codebook, prior=prior).applies
    return tuple(
        micro_f1(applies[of_sentence == fold], coded.targets[of_sentence == fold])
        for fold in range(folds.n_folds)
    )
