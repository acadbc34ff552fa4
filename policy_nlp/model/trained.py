"""A trained model folder `models/NAME/` -> TrainedModel. Loads no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from policy_nlp.codebook import Codebook, load_codebook
from policy_nlp.errors import ModelError
from policy_nlp.records import Calibration, Thresholds
from policy_nlp.shipped import shipped_path

ModelKind = Literal["encoder", "baseline"]

SHIPPED_MODEL = "policy-zh"
MANIFEST = "manifest.json"
_PARTS: dict[ModelKind, tuple[str, ...]] = {
    "encoder": ("config.json", "model.safetensors", "tokenizer.json"),
    "baseline": ("baseline.npz", "vocabulary.json"),
}
_SHARED_PARTS = ("codebook.yaml", "calibration.json", "thresholds.json")


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What a model folder holds beside its weights.

    Attributes:
        digest: sha256 over every file that decides the codes, hexadecimal.
        max_tokens: longest sentence the encoder reads, special tokens included; 0 for a baseline.
        gold_sha256: hashes of the gold files it was trained, calibrated or given thresholds on.
    """

    name: str
    path: Path
    kind: ModelKind
    codebook: Codebook
    thresholds: Thresholds
    calibration: Calibration
    digest: str
    max_tokens: int
    gold_sha256: frozenset[str] = frozenset()


def load_model(name_or_path: str | Path | None = None) -> TrainedModel:
    """The model of that name or folder; the shipped one when None.

    Raises:
        ModelError: no such folder, or a file in it is missing or does not fit the others.
    """
    folder = find_model(name_or_path)
    manifest = _read_json(folder / MANIFEST)
    kind: ModelKind = manifest.get("kind", "encoder")
    if kind not in _PARTS:
        raise ModelError(
            f"{folder / MANIFEST}: kind {kind!r}; expected one of {', '.join(_PARTS)}.", path=folder
        )
    for part in (*_PARTS[kind], *_SHARED_PARTS):
        if not (folder / part).is_file():
            raise ModelError(
                f"{folder}: {part} is missing. Train the model again or get the folder anew.", path=folder
            )
    codebook = load_codebook(folder / "codebook.yaml")
    return TrainedModel(
        name=str(manifest.get("name", folder.name)),
        path=folder,
        kind=kind,
        codebook=codebook,
        thresholds=_read_thresholds(folder / "thresholds.json", codebook),
        calibration=_read_calibration(folder / "calibration.json", codebook),
        digest=digest_model(folder, kind),
        max_tokens=_read_max_tokens(folder / MANIFEST, manifest.get("max_tokens", 0), kind),
        gold_sha256=_read_gold_hashes(folder / MANIFEST, manifest.get("gold_sha256", {})),
    )


def _read_gold_hashes(path: Path, hashes: object) -> frozenset[str]:
    if not isinstance(hashes, dict):
        raise ModelError(f"{path}: gold_sha256 must map file names to hashes.", path=path)
    return frozenset(str(value) for value in hashes.values())


def find_model(name_or_path: str | Path | None) -> Path:
    """Folder of a model: a path as given, else `models/NAME` here, else the shipped one of that name.

    Raises:
        ModelError: there is no such folder; the message lists where it was looked for.
    """
    wanted = SHIPPED_MODEL if name_or_path is None else str(name_or_path)
    places = [Path(wanted), Path("models") / wanted, shipped_path(f"models/{wanted}")]
    if name_or_path is None:
        places = places[2:]
    for place in places:
        if (place / MANIFEST).is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    raise ModelError(
        f"no model {wanted!r}: looked for {MANIFEST} in {looked}. Name a model folder, or train one: "
        "policy-nlp train configs/example.toml",
        model=wanted,
    )


def digest_model(folder: Path, kind: ModelKind) -> str:
    """Sha256 over the names and contents of every file that decides the codes."""
    digest = hashlib.sha256()
    for part in sorted((*_PARTS[kind], *_SHARED_PARTS)):
        digest.update(part.encode("utf-8"))
        with (folder / part).open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write calibration.json: method, then slope and intercept of each code."""
    codes = {
        code_id: {"slope": round(float(slope), 6), "intercept": round(float(intercept), 6)}
        for code_id, slope, intercept in zip(
            calibration.code_ids, calibration.slope, calibration.intercept, strict=True
        )
    }
    _write_json(
        path, {"method": calibration.method, "map": "sigmoid(slope * logit + intercept)", "codes": codes}
    )


def write_thresholds(path: Path, thresholds: Thresholds) -> None:
    """Write thresholds.json: the score from which each code applies."""
    values = {
        code_id: round(float(v), 4) for code_id, v in zip(thresholds.code_ids, thresholds.values, strict=True)
    }
    _write_json(path, {"rule": "score >= threshold", "codes": values})


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write manifest.json of a model folder."""
    _write_json(folder / MANIFEST, manifest)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What manifest.json of a model folder holds. Raises ModelError where it cannot be read."""
    return _read_json(folder / MANIFEST)


def _read_max_tokens(path: Path, value: object, kind: ModelKind) -> int:
    least = 3 if kind == "encoder" else 0  # two special tokens and one of text
    if type(value) is not int or value < least:
        raise ModelError(
            f"{path}: max_tokens is {value!r}; a whole number of at least {least} was expected. Train the "
            "model again or get the folder anew.",
            path=path,
        )
    return value


def _read_calibration(path: Path, codebook: Codebook) -> Calibration:
    content = _read_json(path)
    codes = _codes_of(path, content, codebook)
    try:
        pairs = [(float(codes[i]["slope"]), float(codes[i]["intercept"])) for i in codebook.code_ids]
    except (KeyError, TypeError, ValueError) as err:
        raise ModelError(
            f"{path}: each code needs a numeric slope and intercept ({err}).", path=path
        ) from err
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    if not (np.isfinite(table).all() and (table[:, 0] > 0).all()):
        raise ModelError(f"{path}: each code needs a slope above 0 and a finite intercept.", path=path)
    return Calibration(codebook.code_ids, table[:, 0], table[:, 1], method=str(content.get("method", "none")))


def _read_thresholds(path: Path, codebook: Codebook) -> Thresholds:
    codes = _codes_of(path, _read_json(path), codebook)
    try:
        values = np.array([float(codes[code_id]) for code_id in codebook.code_ids])
    except (TypeError, ValueError) as err:
        raise ModelError(f"{path}: each code needs a number from 0 to 1 ({err}).", path=path) from err
    if not ((values >= 0) & (values <= 1)).all():
        raise ModelError(f"{path}: each code needs a number from 0 to 1.", path=path)
    return Thresholds(codebook.code_ids, values)


def _codes_of(path: Path, content: dict[str, Any], codebook: Codebook) -> dict[str, Any]:
    codes = content.get("codes")
    if not isinstance(codes, dict) or set(codes) != set(codebook.code_ids):
        raise ModelError(f"{path}: its codes are not those of codebook.yaml beside it.", path=path)
    return codes


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise ModelError(f"{path}: cannot be read as JSON ({err}).", path=path) from err
    if not isinstance(content, dict):
        raise ModelError(f"{path}: a JSON object was expected.", path=path)
    return content


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
