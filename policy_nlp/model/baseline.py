"""TF-IDF + linear SVM, one machine a code: a real alternative where no BERT can run.

Saved as plain arrays (no pickle): `baseline.npz` and `vocabulary.json`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from policy_nlp.errors import GoldError, ModelError
from policy_nlp.settings.training import BaselineFeatures, BaselineTraining


@dataclass(frozen=True, slots=True)
class Baseline:
    """A fitted TF-IDF weighting and one linear machine a code.

    Attributes:
        weights: shape (C, F), one row a code.
        biases: shape (C,).
    """

    vectoriser: TfidfVectorizer
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def compute_logits(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Signed distances of shape (N, C); no text is ever cut."""
        if not texts:
            return np.zeros((0, len(self.biases)), dtype=np.float32), np.zeros(0, dtype=np.bool_)
        features = self.vectoriser.transform(texts)
        logits = np.asarray(features @ self.weights.T + self.biases, dtype=np.float32)
        return logits, np.zeros(len(texts), dtype=np.bool_)


def train_baseline(
    texts: Sequence[str], targets: NDArray[np.float32], *, settings: BaselineTraining, seed: int
) -> Baseline:
    """Baseline fitted to sentences and their codes; targets have shape (N, C).

    A code without positives, or without negatives, gets the constant of what was seen.

    Raises:
        GoldError: no term stands in as many sentences as the recipe asks for.
    """
    vectoriser = _build_vectoriser(settings.features, settings.min_documents)
    try:
        features = vectoriser.fit_transform(texts)
    except ValueError as err:
        raise GoldError(
            f"no term stands in {settings.min_documents} or more of the {len(texts)} sentences. Lower "
            "[baseline] min_documents, or name more gold.",
            n_units=len(texts),
        ) from err
    n_codes = targets.shape[1]
    weights = np.zeros((n_codes, features.shape[1]), dtype=np.float32)
    biases = np.where(targets.mean(axis=0) > 0.5, 1.0, -1.0).astype(np.float32)
    for column in range(n_codes):
        if 0 < targets[:, column].sum() < len(targets):
            machine = LinearSVC(C=settings.cost, class_weight="balanced", random_state=seed)
            machine.fit(features, targets[:, column] > 0.5)
            weights[column], biases[column] = machine.coef_[0], machine.intercept_[0]
    return Baseline(vectoriser, weights, biases)


def save_baseline(baseline: Baseline, folder: Path, *, features: BaselineFeatures) -> None:
    """Write baseline.npz and vocabulary.json into `folder`."""
    terms = sorted(baseline.vectoriser.vocabulary_, key=baseline.vectoriser.vocabulary_.__getitem__)
    np.savez_compressed(
        folder / "baseline.npz",
        weights=baseline.weights.astype(np.float16),
        biases=baseline.biases,
        idf=baseline.vectoriser.idf_.astype(np.float32),
    )
    content = {"features": features, "terms": terms}
    (folder / "vocabulary.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def load_baseline(folder: Path) -> Baseline:
    """Baseline of a model folder.

    Raises:
        ModelError: its files are damaged or do not fit each other.
    """
    try:
        content = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        with np.load(folder / "baseline.npz", allow_pickle=False) as arrays:
            weights, biases, idf = arrays["weights"].astype(np.float32), arrays["biases"], arrays["idf"]
        vectoriser = _build_vectoriser(content["features"], 1, vocabulary=content["terms"])
        vectoriser.idf_ = idf.astype(np.float64)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as err:
        raise ModelError(
            f"{folder}: the baseline cannot be loaded ({err}). Train it again.", path=folder
        ) from err
    if weights.shape != (len(biases), len(content["terms"])):
        raise ModelError(f"{folder}: baseline.npz does not fit vocabulary.json. Train it again.", path=folder)
    return Baseline(vectoriser, weights, biases)


def _build_vectoriser(
    features: BaselineFeatures, min_documents: int, *, vocabulary: list[str] | None = None
) -> TfidfVectorizer:
    build: dict[BaselineFeatures, Callable[[], TfidfVectorizer]] = {
        "characters": lambda: TfidfVectorizer(
            analyzer="char",
            ngram_range=(1, 3),
            sublinear_tf=True,
            min_df=min_documents,
            vocabulary=vocabulary,
        ),
        "words": lambda: TfidfVectorizer(
            analyzer=cut_words, sublinear_tf=True, min_df=min_documents, vocabulary=vocabulary
        ),
    }
    return build[features]()


def cut_words(text: str) -> list[str]:
    """Words of a Chinese text by jieba, blanks left out."""
    import jieba

    jieba.setLogLevel("WARNING")
    return [word for word in jieba.cut(text) if not word.isspace()]
