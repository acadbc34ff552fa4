"""What the environment says: debugging, and where the cache is."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def is_debug_set() -> bool:
    """Whether POLICY_NLP_DEBUG asks for tracebacks (set, and not empty or 0)."""
    return os.environ.get("POLICY_NLP_DEBUG", "") not in ("", "0")


def cache_folder() -> Path:
    """Where built base encoders are kept: $POLICY_NLP_CACHE, else the user's cache folder. May not exist."""
    if own := os.environ.get("POLICY_NLP_CACHE"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "policy-nlp"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "policy-nlp"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "policy-nlp"
