"""Coded sentences and teachers -> what a student learns from: soft codes, also of sentences nobody coded.

Source: Hinton, Vinyals, Dean (2015), "Distilling the Knowledge in a Neural Network", at temperature 1, with
the mean logit of several teachers; here each code is a yes-or-no question of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.engine.predictor import Predictor, open_predictor
from policy_nlp.errors import ModelError
from policy_nlp.files import atomic_path, sha256_of_path
from policy_nlp.gold.units import squeeze_text
from policy_nlp.model.trained import TrainedModel, load_model
from policy_nlp.operations.train_weights import CodedTexts
from policy_nlp.reading import read_segment
from policy_nlp.records import CodedUnit, Progress
from policy_nlp.settings.distillation import Distillation
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.settings.training import TrainSettings
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import texts_of

BLOCK = 4096  # sentences that a teacher codes between two files


def add_teachers(
    settings: TrainSettings, coded: CodedTexts, *, held: Sequence[CodedUnit], progress: Progress
) -> CodedTexts:
    """The coded sentences with softer codes, and after them those that teachers alone coded.

    Args:
        settings: the run; without teachers `coded` comes back as it is.
        coded: the gold that is trained on.
        held: development sentences; none of them is taught.
        progress: told the batches that teachers have coded and their total.

    Raises:
        ModelError: a teacher cannot be loaded or has other codes.
        TableError, MissingColumnError: the sentences cannot be read.
    """
    wanted = settings.distillation
    if not wanted.teachers:
        return coded
    teachers = [_load_teacher(path, coded.code_ids) for path in wanted.teachers]
    known = {squeeze_text(text) for text in coded.texts}
    for unit in held:
        known |= {squeeze_text(unit.text), squeeze_text(read_segment(unit.text).text)}
    new = _draw(_new_sentences(wanted, known), limit=wanted.limit, seed=settings.seed)
    texts = (*coded.texts, *new)
    taught = _mean_scores(teachers, texts, settings=settings, progress=progress)
    n_gold, weight = len(coded.texts), np.float32(wanted.gold_weight)
    taught[:n_gold] = weight * coded.targets + (1 - weight) * taught[:n_gold]
    weights = coded.weights
    if weights is not None:
        weights = np.concatenate([weights, np.ones(len(new), dtype=np.float32)])
    return replace(coded, texts=texts, targets=taught, weights=weights)


def describe_teachers(wanted: Distillation) -> dict[str, object] | None:
    """What the manifest of a student says of them; None without teachers."""
    if not wanted.teachers:
        return None
    teachers = [load_model(path) for path in wanted.teachers]
    return {
        "teachers": {teacher.name: teacher.digest for teacher in teachers},
        "sentences_sha256": {path.name: sha256_of_path(path) for path in wanted.sentences},
        "gold_weight": wanted.gold_weight,
        "limit": wanted.limit,
        "start_from_first": wanted.start_from_first,
    }


def _load_teacher(path: Path, code_ids: tuple[str, ...]) -> TrainedModel:
    teacher = load_model(path)
    if teacher.codebook.code_ids != code_ids:
        raise ModelError(
            f"{path}: this teacher has other codes than the codebook of the run. Name a model that was "
            "trained with the same codebook.",
            path=path,
        )
    return teacher


def _new_sentences(wanted: Distillation, known: set[str]) -> list[str]:
    """Sentences of the tables as a model reads them, each once, none of `known` and none empty."""
    found, seen = [], set(known)
    for path in wanted.sentences:
        table = open_table(path)
        table.check_text_column(wanted.text_column)
        rows = (raw for batch in table.iter_batches(BLOCK) for raw in texts_of(batch, wanted.text_column))
        for raw in rows:
            text = read_segment(raw).text
            key = squeeze_text(text)
            if key and key not in seen and squeeze_text(raw) not in known:
                seen.add(key)
                found.append(text)
    return found


def _draw(texts: list[str], *, limit: int, seed: int) -> list[str]:
    if not 0 < limit < len(texts):
        return texts
    rows = np.random.default_rng(seed).permutation(len(texts))[:limit]
    return [texts[row] for row in sorted(rows.tolist())]


def _mean_scores(
    teachers: Sequence[TrainedModel], texts: Sequence[str], *, settings: TrainSettings, progress: Progress
) -> NDArray[np.float32]:
    """Logistic function of the teachers' mean logit, shape (N, C).

    Not their calibrated scores: those know the development sentences, on which a student will be measured.
    """
    total = np.zeros((len(texts), len(teachers[0].codebook.code_ids)), dtype=np.float64)
    batch_size = settings.encoder.batch_size
    for number, teacher in enumerate(teachers):
        predictor = open_predictor(teacher, EngineSettings())
        for start in range(0, len(texts), BLOCK):
            block = texts[start : start + BLOCK]
            total[start : start + len(block)] += _block_logits(predictor, block, work=settings.work)
            n_done = number * len(texts) + start + len(block)
            progress(n_done // batch_size, len(teachers) * len(texts) // batch_size)
    scores: NDArray[np.float32] = (0.5 * (1 + np.tanh(0.5 * total / len(teachers)))).astype(np.float32)
    return scores


def _block_logits(predictor: Predictor, texts: Sequence[str], *, work: Path) -> NDArray[np.float32]:
    """Logits of one block, kept in the work folder: a run that was interrupted goes on from there."""
    key = hashlib.sha256("\n".join((predictor.signature, *texts)).encode("utf-8")).hexdigest()
    kept = work / "teachers" / f"{key[:32]}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept, allow_pickle=False), dtype=np.float32)
    logits, _ = predictor.compute_logits(texts)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(kept) as temporary, temporary.open("wb") as stream:
        np.save(stream, logits)
    return logits
