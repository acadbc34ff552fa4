"""Puts configs/ and models/ into the wheel; an editable install finds them where they are."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShippedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """The wheel's copies of what lies beside the package in a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to a standard wheel; `version` is "standard" or "editable"."""
        if self.target_name == "wheel" and version == "standard":
            for folder in ("configs", "models"):
                build_data["force_include"][folder] = f"policy_nlp/shipped/{folder}"
