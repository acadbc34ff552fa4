"""The manifest of a `label` run: what decided the output, what it holds, and with what it was made."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from policy_nlp import __version__
from policy_nlp.records import Abstention, LabelCounts

MANIFEST = "manifest.json"
_NAMED_PACKAGES = ("numpy", "pyarrow", "tokenizers", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class LabelRun:
    """All that decides the bytes of the output."""

    input_sha256: str
    text_column: str
    signature: str  # of the predictor: model, precision, package version
    codebook_sha256: str
    token_budget: int
    shard_rows: int
    output_format: str
    with_scores: bool
    risk: float | None = None
    calibration_sha256: str | None = None  # of the scores that the cuts are from, where there is a risk

    @property
    def shard_key(self) -> str:
        """Names what the shards hold, whatever file they end up in; hexadecimal."""
        decisive = asdict(self)
        del decisive["output_format"], decisive["with_scores"]
        if self.risk is None:  # runs without it keep the key they had before there was one
            del decisive["risk"], decisive["calibration_sha256"]
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()

    def describe_difference(self, other: LabelRun) -> str:
        """Names what is not the same in another run: `text_column, signature`."""
        names = (item.name for item in fields(self))
        return ", ".join(name for name in names if getattr(self, name) != getattr(other, name))


@dataclass(frozen=True, slots=True)
class LabelManifest:
    """Provenance of one output."""

    run: LabelRun
    input_path: str
    output_path: str
    output_sha256: str  # without the manifest itself
    model: str
    codebook: str
    seed: int
    counts: LabelCounts
    warnings: tuple[str, ...]
    date: str  # when it was finished, UTC, ISO 8601
    versions: dict[str, str]
    abstention: Abstention | None = None


def manifest_path(output_path: Path) -> Path:
    """Beside the output; in a folder of shards it would be read as one of them."""
    return output_path.with_name(f"{output_path.name}.{MANIFEST}")


def render_manifest(manifest: LabelManifest) -> str:
    """The manifest as JSON text."""
    content = {"command": "label", **asdict(manifest)}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_manifest(path: Path) -> LabelManifest | None:
    """The manifest in a file; None where there is none, or it is not one of `label`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _manifest_of(content) if content.pop("command") == "label" else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _manifest_of(content: dict[str, Any]) -> LabelManifest:
    return LabelManifest(
        run=LabelRun(**content.pop("run")),
        counts=LabelCounts.from_fields(content.pop("counts")),
        warnings=tuple(content.pop("warnings")),
        abstention=Abstention.from_fields(content.pop("abstention", None)),
        **content,
    )


def now() -> str:
    """The date a manifest gets."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def package_versions() -> dict[str, str]:
    """Versions of what decides the numbers and the files; packages that are not installed are left out."""
    versions = {"policy-nlp": __version__, "python": platform.python_version()}
    for name in _NAMED_PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
