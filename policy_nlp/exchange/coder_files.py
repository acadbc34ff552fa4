"""Any file with codings -> CoderFile."""

from __future__ import annotations

from policy_nlp.exchange.coder_file import CoderFile, SourceText

__all__ = ["CoderFile", "SourceText"]
