"""Coder files made for the tests of `agree`."""

from __future__ import annotations

import json
from pathlib import Path

from policy_nlp.settings.commands import AgreeSettings
from policy_nlp.settings.engine import EngineSettings

TEXTS = (
    "省政府设立专项资金，支持龙头企业牵头组建创新联合体。",
    "面向国家战略需求，推进基础研究和原始创新。",
    "今天天气很好。",
    "推动产业链、创新链、资金链、人才链四链融合。",
    "加快科技成果转化，建设共性技术平台。",
    "会议讨论了办公室的座位。",
)
FIRST = (
    ("government_support", "leading_enterprise_leadership"),
    ("national_strategic_demand",),
    (),
    ("chain_integration",),
    ("achievement_commercialization",),
    (),
)
SECOND = (
    ("government_support",),
    ("national_strategic_demand",),
    (),
    ("chain_integration",),
    (),
    ("chain_integration",),
)


def write_coders(path: Path, **coders: tuple[tuple[str, ...], ...]) -> Path:
    """A JSON Lines file with an object of each coder in each line; documents hold two sentences."""
    lines = []
    for row, text in enumerate(TEXTS):
        codings = {name: {"initial": list(codes[row]), "paths": []} for name, codes in coders.items()}
        document = row // 2
        start = 40 * (row % 2)
        place = {"doc_id": f"doc-{document}", "start": start, "end": start + len(text)}
        lines.append(json.dumps({"id": f"u{row}", "text": text, **place, **codings}, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def settings_of(*inputs: Path, **more: object) -> AgreeSettings:
    """Settings with few draws, on one core."""
    engine = EngineSettings(device="cpu", n_threads=1)
    return AgreeSettings(inputs, **{"n_draws": 20, "engine": engine, **more})  # type: ignore[arg-type]
