"""A base encoder with fewer layers and fewer pieces: where the student of a distillation starts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, PreTrainedTokenizerFast

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


def shrink_encoder(base: Path, folder: Path, *, texts: Sequence[str], n_layers: int, n_pieces: int) -> None:
    """Write `base`, a BERT with a SentencePiece unigram tokenizer, with fewer layers and pieces to `folder`.

    Raises:
        SettingsError: the base has fewer layers, or a tokenizer of another kind.
    """
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
    content: dict[str, Any] = json.loads((base / "tokenizer.json").read_text(encoding="utf-8"))
    if content["model"]["type"] != "Unigram":
        raise SettingsError(
            f"[vocabulary] pieces: the tokenizer of {base} is {content['model']['type']}; only Unigram can "
            "be cut. Leave pieces out.",
            key="pieces",
        )
    counts = Counter(i for e in tokenizer.backend_tokenizer.encode_batch(list(texts)) for i in e.ids)
    vocabulary = content["model"]["vocab"]
    special = {token["id"] for token in content["added_tokens"]}
    kept = choose_pieces([piece for piece, _ in vocabulary], counts, special=special, n=n_pieces)
    model = AutoModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False)
    layers = even_layers(model.config.num_hidden_layers, n_layers)
    model.encoder.layer = torch.nn.ModuleList(model.encoder.layer[layer] for layer in layers)
    model.config.num_hidden_layers = n_layers
    rows = model.get_input_embeddings().weight.detach()[torch.tensor(kept)].clone()
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(rows, freeze=False))
    new_id = {old: new for new, old in enumerate(kept)}
    model.config.vocab_size = len(kept)
    model.config.pad_token_id = new_id[int(tokenizer.pad_token_id)]
    model.half().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _renumber(content, new_id)
    (folder / "tokenizer.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _renumber(content: dict[str, Any], new_id: dict[int, int]) -> None:
    model = content["model"]
    model["vocab"] = [model["vocab"][old] for old in new_id]
    model["unk_id"] = new_id[model["unk_id"]]
    for token in content["added_tokens"]:
        token["id"] = new_id[token["id"]]
    for token in content["post_processor"]["special_tokens"].values():
        token["ids"] = [new_id[old] for old in token["ids"]]
