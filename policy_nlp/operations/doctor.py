"""DoctorSettings -> DoctorReport: what this machine has for coding, and what is missing."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from policy_nlp import __version__
from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import PolicyNlpError
from policy_nlp.machine import cpu_flags, usable_cores, usable_memory_bytes
from policy_nlp.settings.environment import cache_folder

State = Literal["ok", "note", "problem"]

SPEED_FLAGS = ("avx2", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16", "asimddp", "bf16")
LEAST_MEMORY_BYTES = 2 * 1024**3
_PACKAGES = ("transformers", "tokenizers", "datasets", "scikit-learn", "pyarrow", "jieba")


@dataclass(frozen=True, slots=True)
class DoctorSettings:
    """What to look at; None is what comes with the package."""

    model: str | None = None
    codebook: Path | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `note` costs speed or a format, `problem` stops coding; `mend` says what to do."""

    topic: str
    state: State
    text: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """All findings, in a fixed order."""

    findings: tuple[Finding, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether nothing was found that stops coding."""
        return all(finding.state != "problem" for finding in self.findings)


def examine_machine(settings: DoctorSettings) -> DoctorReport:
    """Look at everything; what is missing becomes a finding, never an error."""
    checks: tuple[Callable[[], Finding], ...] = (
        _package,
        _python,
        _system,
        _cores,
        _memory,
        _instructions,
        _torch,
        *(lambda name=name: _distribution(name) for name in _PACKAGES),
        lambda: _model(settings.model),
        lambda: _codebook(settings.codebook or shipped_codebook_path()),
        _libreoffice,
        lambda: _cache(cache_folder()),
    )
    return DoctorReport(tuple(check() for check in checks))


def _package() -> Finding:
    return Finding("policy-nlp", "ok", f"{__version__}, in {Path(__file__).resolve().parents[1]}")


def _python() -> Finding:
    return Finding("python", "ok", f"{platform.python_version()} ({platform.python_implementation()})")


def _system() -> Finding:
    return Finding("system", "ok", f"{platform.system()} {platform.release()}, {platform.machine()}")


def _cores() -> Finding:
    return Finding("cores", "ok", f"{usable_cores()} for this process, {os.cpu_count()} in the machine")


def _memory() -> Finding:
    size_bytes = usable_memory_bytes()
    if size_bytes is None:
        return Finding("memory", "ok", "not known on this system")
    text = f"{size_bytes / 1024**3:.1f} GiB"
    if size_bytes < LEAST_MEMORY_BYTES:
        return Finding("memory", "note", text, "Coding needs about 2 GiB: close other programs first.")
    return Finding("memory", "ok", text)


def _instructions() -> Finding:
    flags = cpu_flags()
    if not flags:
        return Finding("cpu flags", "ok", "not known on this system")
    found = [flag for flag in SPEED_FLAGS if flag in flags]
    missing = "none that speed up the model: it runs, slowly"
    return Finding("cpu flags", "ok" if found else "note", ", ".join(found) or missing)


def _torch() -> Finding:
    try:
        import torch
    except (ImportError, OSError) as err:  # OSError: a library that torch needs does not load
        mend = "Install it: pip install torch (on Windows also the Visual C++ runtime)."
        return Finding("torch", "problem", f"cannot be loaded: {err}", mend)
    if torch.cuda.is_available():
        memory_bytes = torch.cuda.get_device_properties(0).total_memory
        where = (
            f"CUDA {torch.version.cuda}, {torch.cuda.get_device_name(0)}, {memory_bytes / 1024**3:.0f} GiB"
        )
    else:
        where = "no CUDA device: the model runs on the CPU"
    return Finding("torch", "ok", f"{torch.__version__}, {torch.get_num_threads()} threads; {where}")


def _distribution(name: str) -> Finding:
    try:
        return Finding(name, "ok", version(name))
    except PackageNotFoundError:
        return Finding(name, "problem", "not installed", f"Install it: pip install {name}")


def _model(name: str | None) -> Finding:
    shown = name or "the shipped model"
    try:
        from policy_nlp.model.trained import MANIFEST, load_model

        model = load_model(name)
    except PolicyNlpError as err:
        return Finding("model", "problem", f"{shown} cannot be used: {err.message}")
    except (ImportError, OSError) as err:
        return Finding("model", "problem", f"{shown} cannot be looked at: {err}", "See the findings above.")
    size_bytes = sum(path.stat().st_size for path in model.path.rglob("*") if path.is_file())
    text = (
        f"{model.name} ({model.kind}), trained {_date_of(model.path / MANIFEST)}, {size_bytes / 1e6:.1f} MB, "
        f"{len(model.codebook.code_ids)} codes, sha256 {model.digest[:16]}, in {model.path}"
    )
    return Finding("model", "ok", text)


def _date_of(manifest: Path) -> str:
    """The day that a model's manifest states."""
    return str(json.loads(manifest.read_text(encoding="utf-8")).get("date", "at a date it does not state"))


def _codebook(path: Path) -> Finding:
    try:
        codebook = load_codebook(path)
    except PolicyNlpError as err:
        return Finding("codebook", "problem", err.message)
    return Finding("codebook", "ok", f"{codebook.name}, sha256 {codebook.digest[:16]}, {path}")


def _libreoffice() -> Finding:
    try:
        from policy_nlp.documents.legacy import find_libreoffice

        program = find_libreoffice()
    except ImportError as err:
        return Finding("libreoffice", "problem", f"cannot be looked for: {err}", "Install policy-nlp again.")
    if program:
        return Finding("libreoffice", "ok", f"{program} (reads .doc and .wps)")
    mend = "Install LibreOffice if you have such files, or save them as .docx."
    return Finding("libreoffice", "note", "not found: .doc and .wps files will be skipped", mend)


def _cache(folder: Path) -> Finding:
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        mend = "Set POLICY_NLP_CACHE to a folder you may write to; only `train` needs it."
        return Finding("cache", "note", f"{folder} cannot be written", mend)
    free_bytes = shutil.disk_usage(nearest).free
    return Finding("cache", "ok", f"{folder}, {free_bytes / 1e9:.0f} GB free")
