"""Few coded sentences -> weights in a folder: a linear head on the base encoder, trained first or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from policy_nlp.machine import usable_cores
from policy_nlp.records import Progress
from policy_nlp.settings.training import TrainSettings

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from policy_nlp.model.gold_tokens import TokenisedGold
    from policy_nlp.operations.train_weights import CodedTexts


@dataclass(frozen=True, slots=True)
class OpenEncoder:
    """A base encoder with a fresh head of mean pooling, and sentences as its tokens."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    gold: TokenisedGold
    max_tokens: int


def open_encoder(base: str | Path, coded: CodedTexts, *, settings: TrainSettings) -> OpenEncoder:
    """The base encoder of a run and its sentences.

    Raises:
        EncoderError: the base cannot be loaded.
        SettingsError: it is no BERT.
    """
    import torch

    from policy_nlp.engine.tokens import tokenise
    from policy_nlp.model.classifier import build_classifier, load_tokenizer
    from policy_nlp.model.gold_tokens import TokenisedGold

    torch.set_num_threads(usable_cores())
    torch.manual_seed(settings.seed)
    tokenizer = load_tokenizer(base)
    model = build_classifier(base, coded.code_ids, head="mean")
    n_positions = int(model.config.max_position_embeddings)
    max_tokens = min(settings.few_shot.max_tokens, n_positions)
    table = tokenise(coded.texts, tokenizer, max_tokens=max_tokens)
    gold = TokenisedGold(table.token_ids, coded.targets, int(tokenizer.pad_token_id or 0))
    return OpenEncoder(model, tokenizer, gold, max_tokens)


def train_few_shot(
    base: str | Path, coded: CodedTexts, *, settings: TrainSettings, folder: Path, progress: Progress
) -> int:
    """Longest sentence in tokens that the model written into `folder` reads.

    Args:
        base: folder or hub name of the encoder.
        coded: what is trained on.
        settings: of kind `frozen` or `setfit`.
        folder: where weights, tokenizer and log are written.
        progress: told the batches of the contrastive training.
    """
    from policy_nlp.model.contrastive import train_contrastive
    from policy_nlp.model.devices import choose_device
    from policy_nlp.model.linear_head import fit_linear_head, sentence_features
    from policy_nlp.model.saving import save_encoder, write_log
    from policy_nlp.operations.train_weights import LOG_NAME

    encoder, recipe = open_encoder(base, coded, settings=settings), settings.few_shot
    losses: list[float] = []
    if settings.kind == "setfit":
        encoder.model.to(choose_device(settings.encoder.device))
        losses = train_contrastive(
            encoder.model, encoder.gold, recipe=recipe, seed=settings.seed, on_batch=progress
        )
        encoder.model.to("cpu")
    features = sentence_features(encoder.model, encoder.gold)
    fit_linear_head(encoder.model, features, targets=coded.targets, cost=recipe.cost)
    save_encoder(encoder.model, folder, tokenizer=encoder.tokenizer)
    write_log(
        folder / LOG_NAME,
        [{"epoch": epoch, "mean_loss": round(loss, 5)} for epoch, loss in enumerate(losses)],
    )
    return encoder.max_tokens
