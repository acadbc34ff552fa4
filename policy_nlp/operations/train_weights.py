"""Gold codings -> trained weights in a folder: the encoder's run with its checkpoints, or the baseline."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import SettingsError
from policy_nlp.files import sha256_of_path
from policy_nlp.machine import usable_cores
from policy_nlp.model.baseline import save_baseline, train_baseline
from policy_nlp.model.batching import bucket_length
from policy_nlp.operations.few_shot_weights import train_few_shot
from policy_nlp.records import Progress
from policy_nlp.settings.environment import cache_folder
from policy_nlp.settings.training import EncoderTraining, TrainSettings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from policy_nlp.model.gold_tokens import TokenisedGold
    from policy_nlp.model.training import Trainer

LogRow = dict[str, float | int | str]
LOG_NAME = "training_log.jsonl"
CHECKPOINT = "checkpoint.pt"
LOG_EVERY = 50  # batches


@dataclass(frozen=True, slots=True)
class CodedTexts:
    """Sentences as the model reads them, with their codes.

    Attributes:
        texts: N sentences.
        targets: shape (N, C), 0 or 1; anything between where teachers are in it.
        code_ids: C codes.
        weights: shape (N,), of each sentence's loss; None where all weigh 1.
        definitions: name and definition of each code, for a recipe that starts from them.
    """

    texts: tuple[str, ...]
    targets: NDArray[np.float32]
    code_ids: tuple[str, ...]
    weights: NDArray[np.float32] | None = None
    definitions: tuple[str, ...] = ()


def train_weights(settings: TrainSettings, coded: CodedTexts, *, folder: Path, progress: Progress) -> int:
    """Longest sentence in tokens that the trained weights read; 0 for a baseline, which reads all.

    Args:
        settings: the run; its recipe and seed decide the weights.
        coded: what is trained on.
        folder: where weights, tokenizer and log are written.
        progress: told the batches done and their total.

    Raises:
        EncoderError, MissingExtraError: the base encoder cannot be had.
        SettingsError: it reads shorter sentences than the recipe asks for, or the device is not there.
    """
    if settings.kind == "baseline":
        recipe = settings.baseline
        baseline = train_baseline(coded.texts, coded.targets, settings=recipe, seed=settings.seed)
        save_baseline(baseline, folder, features=recipe.features)
        return 0
    if settings.kind != "encoder":
        base = find_base(settings)
        return train_few_shot(base, coded, settings=settings, folder=folder, progress=progress)
    return _train_encoder(settings, coded, folder=folder, progress=progress)


def _train_encoder(settings: TrainSettings, coded: CodedTexts, *, folder: Path, progress: Progress) -> int:
    import torch

    from policy_nlp.engine.tokens import tokenise
    from policy_nlp.model.classifier import (
        build_classifier,
        load_tokenizer,
        restart_classifier,
        start_classifier,
    )
    from policy_nlp.model.definitions import start_from_definitions
    from policy_nlp.model.devices import choose_device
    from policy_nlp.model.saving import save_encoder, write_log
    from policy_nlp.model.smaller_encoder import shrink_classifier
    from policy_nlp.model.training import Trainer

    torch.set_num_threads(usable_cores())
    torch.manual_seed(settings.seed)
    base, recipe = _find_start(settings), settings.encoder
    if settings.distillation.start_from_first:
        model = restart_classifier(Path(base), coded.code_ids, dropout=recipe.dropout, head=recipe.head)
    else:
        model = build_classifier(base, coded.code_ids, dropout=recipe.dropout, head=recipe.head)
    _check_length(recipe, n_positions=getattr(model.config, "max_position_embeddings", None))
    tokenizer = shrink_classifier(
        model, load_tokenizer(base), texts=coded.texts, n_layers=recipe.layers, n_pieces=recipe.pieces
    )
    gold = _tokenise_gold(coded, tokenizer, max_tokens=recipe.max_tokens)
    if not settings.distillation.start_from_first:
        start_classifier(model, gold)
    if recipe.definition_start:
        definitions = tokenise(coded.definitions, tokenizer, max_tokens=recipe.max_tokens)
        start_from_definitions(model, definitions.token_ids, pad_id=gold.pad_id)
    trainer = Trainer(model, gold, recipe, seed=settings.seed, device=choose_device(recipe.device))
    run = settings.work / _run_name(settings, coded, base) if settings.keeps_checkpoints else None
    rows = _run_epochs(trainer, run, progress)
    save_encoder(trainer.final_model(), folder, tokenizer=tokenizer)
    write_log(folder / LOG_NAME, rows)
    return recipe.max_tokens


def _tokenise_gold(
    coded: CodedTexts, tokenizer: PreTrainedTokenizerBase, *, max_tokens: int
) -> TokenisedGold:
    from policy_nlp.engine.tokens import tokenise
    from policy_nlp.model.gold_tokens import TokenisedGold

    return TokenisedGold(
        tokenise(coded.texts, tokenizer, max_tokens=max_tokens).token_ids,
        coded.targets,
        int(tokenizer.pad_token_id or 0),
        tokenizer.mask_token_id,
        coded.weights,
    )


def _check_length(recipe: EncoderTraining, *, n_positions: int | None) -> None:
    longest = bucket_length(recipe.max_tokens, recipe.buckets)
    if n_positions is not None and longest > n_positions:
        raise SettingsError(
            f"[encoder] max_tokens = {recipe.max_tokens} fills batches to {longest} tokens; this base "
            f"encoder reads {n_positions} at most. Lower max_tokens, or give it a bucket of its own length.",
            key="max_tokens",
        )


def _run_epochs(trainer: Trainer, run: Path | None, progress: Progress) -> list[LogRow]:
    """Log rows of all epochs; goes on from the run's checkpoint when there is one, None keeps none."""
    from policy_nlp.model.saving import read_log, write_log

    rows: list[LogRow] = []
    if run and (run / CHECKPOINT).is_file() and (run / LOG_NAME).is_file():
        trainer.load_checkpoint(run / CHECKPOINT)
        rows = [row for row in read_log(run / LOG_NAME) if int(row["epoch"]) < trainer.next_epoch]
    epochs, n_total = trainer.settings.epochs, sum(trainer.n_batches)
    progress(sum(trainer.n_batches[: trainer.next_epoch]), n_total)
    while trainer.next_epoch < epochs:
        epoch, started = trainer.next_epoch, time.monotonic()
        n_before = sum(trainer.n_batches[:epoch])

        def on_batch(number: int, loss: float, epoch: int = epoch, n_before: int = n_before) -> None:
            progress(n_before + number, n_total)
            if number % LOG_EVERY == 0:
                rows.append({"epoch": epoch, "batch": number, "loss": round(loss, 5)})

        mean_loss = trainer.train_epoch(on_batch)
        wall_s = round(time.monotonic() - started, 1)
        rows.append({"epoch": epoch, "mean_loss": round(mean_loss, 5), "wall_s": wall_s})
        if run:
            run.mkdir(parents=True, exist_ok=True)
            write_log(run / LOG_NAME, rows)
            trainer.save_checkpoint(run / CHECKPOINT)
    return rows


def _find_start(settings: TrainSettings) -> str | Path:
    """Folder or hub name whose weights the run starts from."""
    if settings.distillation.start_from_first:
        return settings.distillation.teachers[0]
    return find_base(settings)


def find_base(settings: TrainSettings) -> str | Path:
    """Folder or hub name of the base encoder; the built-in one is built into the cache when needed."""
    from policy_nlp.model.base_encoder import BASE_NAME, check_hub, prepare_base

    if settings.base == BASE_NAME:
        return prepare_base(cache_folder())
    for folder in (settings.config.parent / settings.base, Path(settings.base)):
        if (folder / "config.json").is_file():
            return folder
    check_hub(settings.base)
    return settings.base


def _run_name(settings: TrainSettings, coded: CodedTexts, base: str | Path) -> str:
    """Name of the run's folder, from everything that decides its weights: another run never resumes it."""
    digest = hashlib.sha256(repr((asdict(settings.encoder), settings.base, settings.seed)).encode("utf-8"))
    if isinstance(base, Path):
        digest.update(sha256_of_path(base).encode("ascii"))
    digest.update("\n".join(coded.texts).encode("utf-8"))
    digest.update(coded.targets.tobytes())
    if coded.weights is not None:
        digest.update(coded.weights.tobytes())
    if settings.encoder.definition_start:
        digest.update("\n".join(coded.definitions).encode("utf-8"))
    return digest.hexdigest()[:16]
