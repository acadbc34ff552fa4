"""Gold that a baseline learns partly: invented sentences, three codes, each seventh the wrong one."""

from __future__ import annotations

import json
from pathlib import Path

WORDS = ("产业集群", "基础研究", "政府支持", "今天天气", "会议召开")
CODES = ("industrial_resilience_clusters", "basic_research_original_innovation", "government_support")


def write_toy_gold(path: Path, n_units: int, first: int) -> None:
    """Units `first` to `first + n_units`, a document each."""
    rows = [
        {
            "id": f"u{number}", "text": f"{WORDS[number % 5]}第{number}号{WORDS[number // 5 % 5]}。",
            "document_id": f"d{number}", "dimensions": [], "paths": [],
            "initial": [CODES[number % 5 - number % 7 // 6]] if number % 5 < 3 else [],
        }
        for number in range(first, first + n_units)
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
