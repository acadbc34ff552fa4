"""Trained weights -> the files of a model folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from policy_nlp.files import write_atomically
from policy_nlp.model.classifier import quiet_transformers


def save_encoder(model: PreTrainedModel, folder: Path, *, tokenizer: PreTrainedTokenizerBase) -> None:
    """Write config.json, model.safetensors (fp16) and the tokenizer: plain Hugging Face files."""
    with quiet_transformers():
        model.to(torch.float16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _name_tokenizer_for_every_version(folder / "tokenizer_config.json")


def _name_tokenizer_for_every_version(path: Path) -> None:
    """Write the class name that transformers 4 and 5 both know; 5 writes one that 4 does not."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if content.get("tokenizer_class") == "TokenizersBackend":
        content["tokenizer_class"] = "PreTrainedTokenizerFast"
        content.pop("backend", None)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_log(path: Path, rows: Sequence[dict[str, float | int | str]]) -> None:
    """Write the training log, one JSON object a line; a kill never leaves half of it."""
    write_atomically(path, "".join(json.dumps(row) + "\n" for row in rows))


def read_log(path: Path) -> list[dict[str, float | int | str]]:
    """Rows of a training log, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
