"""A baseline trained on invented gold of every level, with other gold beside it, for tests of abstention."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from policy_nlp.operations.train import train_model
from policy_nlp.settings.training import read_train_settings

CODES = {
    "产业集群": ("industrial_resilience_clusters", "path_4"),
    "基础研究": ("basic_research_original_innovation", "path_1"),
    "政府支持": ("government_support", "path_5"),
    "今天天气": (None, None),
    "会议召开": (None, None),
}
WORDS = tuple(CODES)


def write_gold(path: Path, n_units: int, *, first: int) -> Path:
    """Units `first` to `first + n_units`, two a document; each ninth has the codes of another word."""
    rows = []
    for number in range(first, first + n_units):
        word = WORDS[(number + number % 9 // 8) % 5]
        initial, code_path = CODES[word]
        rows.append({
            "id": f"u{number}", "text": f"{WORDS[number % 5]}第{number}号{WORDS[number // 5 % 5]}。",
            "document_id": f"d{number // 2}", "initial": [initial] if initial else [],
            "dimensions": ["strategy_led"] if initial else [], "paths": [code_path] if code_path else [],
        })  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def train_toy(folder: Path) -> Path:
    """The model folder `toy`; `gold.jsonl` it was trained on and `dev.jsonl` it was not lie beside it."""
    write_gold(folder / "gold.jsonl", 100, first=0)
    write_gold(folder / "dev.jsonl", 200, first=1000)
    config = folder / "toy.toml"
    config.write_text(
        'name = "toy"\nkind = "baseline"\nseed = 4\n[gold]\ntrain = ["gold.jsonl"]\n'
        'development = "dev.jsonl"\n[baseline]\nmin_documents = 1\n',
        encoding="utf-8",
    )
    settings = replace(read_train_settings(config, out=folder / "toy"), work=folder / "runs")
    return train_model(settings, lambda n_done, n_total: None).folder
