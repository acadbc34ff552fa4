"""A classifier with fewer layers and fewer pieces of words: where a smaller, faster student starts."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from policy_nlp.errors import SettingsError

METASPACE = "\u2581"


def even_layers(n_layers: int, n_kept: int) -> tuple[int, ...]:
    """Layers to keep, evenly spaced, the first and the last among them; the last alone when one is kept.

    Raises:
        SettingsError: there are not so many layers.
    """
    if not 1 <= n_kept <= n_layers:
        raise SettingsError(
            f"[encoder] layers = {n_kept}; the base encoder has {n_layers}. Give 1 to {n_layers}.",
            key="layers",
        )
    if n_kept == 1:
        return (n_layers - 1,)
    return tuple(round(place * (n_layers - 1) / (n_kept - 1)) for place in range(n_kept))


def choose_pieces(
    pieces: Sequence[str], counts: Counter[int], *, special: Collection[int], n: int
) -> list[int]:
    """Ids of the pieces to keep, rising: special ones, all single characters, then the most frequent.

    More than `n` are kept when special pieces and characters alone are more: a removed piece must still
    fall to its characters.
    """
    must = {i for i, piece in enumerate(pieces) if len(piece.replace(METASPACE, "")) <= 1} | set(special)
    others = sorted((i for i in range(len(pieces)) if i not in must), key=lambda i: (-counts[i], i))
    return sorted(must | set(others[: max(0, n - len(must))]))


def shrink_classifier(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    *,
    texts: Sequence[str],
    n_layers: int,
    n_pieces: int,
) -> PreTrainedTokenizerBase:
    """Take layers and pieces out of a classifier, in place; the tokenizer that its weights then fit.

    Args:
        model: BERT below any head.
        tokenizer: its own.
        texts: what the frequency of pieces is counted in.
        n_layers: layers to keep; 0: all.
        n_pieces: pieces to keep; 0: all.

    Raises:
        SettingsError: the encoder is no BERT or has fewer layers, or the tokenizer is of another kind.
    """
    if n_layers:
        _keep_layers(model, n_layers)
    if not n_pieces:
        return tokenizer
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder)
        path = Path(folder) / "tokenizer.json"
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["model"]["type"] != "Unigram":
            raise SettingsError(
                f"[encoder] pieces: the tokenizer of the base is {content['model']['type']}; only Unigram "
                "can be cut. Leave pieces out.",
                key="pieces",
            )
        counts = Counter(i for tokens in tokenizer(list(texts))["input_ids"] for i in tokens)
        special = {token["id"] for token in content["added_tokens"]}
        kept = choose_pieces(
            [piece for piece, _ in content["model"]["vocab"]], counts, special=special, n=n_pieces
        )
        _keep_rows(model, kept)
        _renumber(content, {old: new for new, old in enumerate(kept)})
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        smaller = AutoTokenizer.from_pretrained(folder, use_fast=True)
    model.config.pad_token_id = smaller.pad_token_id
    return smaller


def _keep_layers(model: PreTrainedModel, n_layers: int) -> None:
    encoder: Any = getattr(model.base_model, "encoder", None)
    if not isinstance(getattr(encoder, "layer", None), torch.nn.ModuleList):
        raise SettingsError(
            f"[encoder] layers: a {model.config.model_type!r} encoder cannot be cut, only a BERT. Leave "
            "layers out.",
            key="layers",
        )
    layers = encoder.layer
    encoder.layer = torch.nn.ModuleList(layers[place] for place in even_layers(len(layers), n_layers))
    model.config.num_hidden_layers = n_layers


def _keep_rows(model: PreTrainedModel, kept: Sequence[int]) -> None:
    rows = model.get_input_embeddings().weight.detach()[torch.tensor(kept)].clone()
    embeddings = torch.nn.Embedding(len(kept), rows.shape[1], _weight=rows)
    model.base_model.set_input_embeddings(embeddings)
    model.config.vocab_size = len(kept)


def _renumber(content: dict[str, Any], new_id: dict[int, int]) -> None:
    model = content["model"]
    model["vocab"] = [model["vocab"][old] for old in new_id]
    model["unk_id"] = new_id[model["unk_id"]]
    for token in content["added_tokens"]:
        token["id"] = new_id[token["id"]]
    for token in content["post_processor"]["special_tokens"].values():
        token["ids"] = [new_id[old] for old in token["ids"]]
