"""manifest.json of a result folder: what was coded, by which model and settings, and what came out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from policy_nlp.errors import OutputError
from policy_nlp.records import Abstention, LabelCounts, SkippedInput

_COMMAND = "code"
_WORDS = {
    "inputs": "inputs",
    "model_sha256": "model",
    "codebook_sha256": "codebook",
    "text_column": "--text-column",
    "device": "--device",
    "precision": "precision",
    "token_budget": "token budget",
    "version": "version of policy-nlp",
    "risk": "--abstain",
    "calibration_sha256": "calibration scores of the model",
}


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A path and the SHA-256 of what is there, hexadecimal; "missing" when nothing is."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CodeRun:
    """All that decides the bytes of a result folder, as far as it is known before the model is loaded."""

    inputs: tuple[FileDigest, ...]
    model_sha256: str
    codebook_sha256: str
    text_column: str | None
    device: str  # as asked for
    precision: str
    token_budget: int
    version: str
    risk: float | None = None
    calibration_sha256: str | None = None  # of the scores that the cuts are from, where there is a risk

    def describe_difference(self, other: CodeRun) -> str:
        """Names what is not the same in another run, in the user's words; empty when all is."""
        names = (item.name for item in fields(self))
        return ", ".join(_WORDS[name] for name in names if getattr(self, name) != getattr(other, name))

    def shard_key(self, signature: str) -> str:
        """Names what the shards hold; `signature` is that of the predictor on this machine."""
        decisive = asdict(self)
        if self.risk is None:  # runs without it keep the key they had before there was one
            del decisive["risk"], decisive["calibration_sha256"]
        content = json.dumps([decisive, signature], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class CodeManifest:
    """The content of manifest.json."""

    run: CodeRun
    model: str  # name
    signature: str  # of the predictor: model, device, precision, version
    codebook: str  # name
    seed: int
    n_documents: int
    counts: LabelCounts  # in sentences
    skipped: tuple[SkippedInput, ...]
    warnings: tuple[str, ...]
    outputs: tuple[FileDigest, ...]
    date: str  # when it was finished, UTC, ISO 8601
    versions: dict[str, str]
    abstention: Abstention | None = None


def manifest_json(manifest: CodeManifest) -> str:
    """The text of manifest.json."""
    content = {"command": _COMMAND, **asdict(manifest)}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_manifest(path: Path) -> CodeManifest:
    """The manifest of a result folder.

    Raises:
        OutputError: the file is not one that `code` wrote.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("command") != _COMMAND:
            raise ValueError("written by another command")
        return _parse_manifest(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
        raise OutputError(
            f"{path}: this is no manifest that `policy-nlp code` wrote ({err!r}). Choose another --out, or "
            "--force to put this run's result in its place.",
            path=path,
        ) from err


def run_json(run: CodeRun) -> str:
    """A run as JSON, for the notes of work in progress."""
    return json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n"


def read_run(path: Path) -> CodeRun:
    """A run from the notes of work in progress.

    Raises:
        OutputError: the file is damaged or of another version.
    """
    try:
        return _parse_run(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as err:
        raise OutputError(
            f"{path}: the notes of a run that was broken off cannot be read ({err!r}). Run with --force to "
            "begin anew.",
            path=path,
        ) from err


def _parse_run(content: dict[str, Any]) -> CodeRun:
    return CodeRun(**{**content, "inputs": _parse_digests(content["inputs"])})


def _parse_digests(entries: list[dict[str, Any]]) -> tuple[FileDigest, ...]:
    return tuple(FileDigest(**entry) for entry in entries)


def _parse_manifest(content: dict[str, Any]) -> CodeManifest:
    return CodeManifest(
        run=_parse_run(content.pop("run")),
        counts=LabelCounts.from_fields(content.pop("counts")),
        skipped=tuple(SkippedInput(**entry) for entry in content.pop("skipped")),
        warnings=tuple(content.pop("warnings")),
        abstention=Abstention.from_fields(content.pop("abstention", None)),
        outputs=_parse_digests(content.pop("outputs")),
        **content,
    )
