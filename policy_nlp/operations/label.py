"""LabelSettings -> LabelResult: a table of sentences gets the codes of each, whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.engine.predictor import Predictor, open_predictor
from policy_nlp.engine.shards import ShardFolder, find_first_missing_row, write_missing_shards
from policy_nlp.errors import OutputError
from policy_nlp.files import hold_lock, sha256_of_path
from policy_nlp.model.trained import load_model
from policy_nlp.operations.label_manifest import (
    LabelManifest,
    LabelRun,
    manifest_path,
    now,
    package_versions,
)
from policy_nlp.operations.label_output import (
    WorkFolder,
    check_may_write,
    find_finished,
    publish_manifest,
    put_output,
)
from policy_nlp.operations.labelling import (
    Labeller,
    choose_abstention,
    choose_codebook,
    count_labels,
    iter_labelled,
)
from policy_nlp.records import Abstention, LabelCounts, Progress
from policy_nlp.settings.commands import LabelSettings
from policy_nlp.tables.reading import open_table
from policy_nlp.tables.table import Rows, Table
from policy_nlp.tables.writing import check_fits, output_format


@dataclass(frozen=True, slots=True)
class LabelResult:
    """Where the output is and what it holds."""

    output_path: Path
    manifest_path: Path
    counts: LabelCounts
    codebook: Codebook
    warnings: tuple[str, ...]
    n_resumed: int  # rows that an earlier, interrupted run had labelled
    was_finished: bool  # the output was there already, and nothing was done
    abstention: Abstention | None = None


def label_table(settings: LabelSettings, progress: Progress | None = None) -> LabelResult:
    """Label every row of a table; goes on where an interrupted run of the same settings stopped.

    Raises:
        TableError: the input cannot be read; MissingColumnError: it has no such text column.
        OutputError: the output belongs to another run, is being written, or does not fit its format.
        ModelError: there is no such model, or the codebook is not its own.
    """
    table = open_table(settings.input_path)
    _check_places(table, settings)
    model = load_model(settings.model)
    codebook = choose_codebook(settings.codebook_path, model.codebook)
    predictor = open_predictor(model, settings.engine)
    return label_rows(table, predictor, codebook=codebook, settings=settings, progress=progress)


def label_rows(
    table: Table,
    predictor: Predictor,
    *,
    codebook: Codebook,
    settings: LabelSettings,
    progress: Progress | None = None,
) -> LabelResult:
    """Label an open table with a predictor that is ready; see `label_table`."""
    _check_places(table, settings)
    abstention = choose_abstention(predictor.model, settings.risk)
    job = _Job(table, predictor, codebook, settings, abstention)
    check_fits(
        settings.output_path, job.labeller.schema, n_rows=table.n_rows, with_scores=settings.with_scores
    )
    with hold_lock(settings.output_path):
        return _label_locked(job, progress)


@dataclass(frozen=True, slots=True)
class _Job:
    """What one run works with."""

    table: Table
    predictor: Predictor
    codebook: Codebook
    settings: LabelSettings
    abstention: Abstention | None

    @property
    def labeller(self) -> Labeller:
        """What turns rows of the input into rows of the output."""
        schema, text_column = self.table.schema, self.settings.text_column
        return Labeller(self.predictor, self.codebook, schema, text_column, self.abstention)


def _label_locked(job: _Job, progress: Progress | None) -> LabelResult:
    run = _describe_run(job)
    work = WorkFolder(job.settings.output_path, run.shard_key)
    finished = find_finished(work, run)
    if finished is not None and not job.settings.is_forced:
        publish_manifest(work, finished)
        return _result(job, finished, n_resumed=0, was_finished=True)
    check_may_write(job.settings.output_path, run, is_forced=job.settings.is_forced)
    shards = ShardFolder(work.shards_path, job.table.n_rows, job.settings.shard_rows)
    n_resumed = find_first_missing_row(shards)
    write_missing_shards(shards, job.table, label=job.labeller.label, progress=progress)
    counts = count_labels(shards, job.codebook, can_abstain=job.labeller.can_abstain)

    def build_manifest(output_sha256: str, notes: tuple[str, ...]) -> LabelManifest:
        return _describe_output(job, run, counts=counts, output_sha256=output_sha256, notes=notes)

    rows = Rows(job.labeller.schema, iter_labelled(shards, job.labeller.schema))
    manifest = put_output(work, rows, run=run, build_manifest=build_manifest)
    return _result(job, manifest, n_resumed=n_resumed, was_finished=False)


def _check_places(table: Table, settings: LabelSettings) -> None:
    """What can be known to fail is said before the model is loaded."""
    output_path = settings.output_path
    table.check_text_column(settings.text_column)
    output_format(output_path)
    taken, place = settings.input_path.resolve(), output_path.resolve()
    if place == taken or taken in place.parents or place in taken.parents:
        raise OutputError(
            f"{output_path}: the output lies in the input, or the input in it. Choose another --out.",
            path=output_path,
        )


def _describe_run(job: _Job) -> LabelRun:
    settings = job.settings
    return LabelRun(
        input_sha256=sha256_of_path(settings.input_path),
        text_column=settings.text_column,
        signature=job.predictor.signature,
        codebook_sha256=job.codebook.digest,
        token_budget=settings.engine.token_budget,
        shard_rows=settings.shard_rows,
        output_format=output_format(settings.output_path),
        with_scores=settings.with_scores,
        risk=settings.risk,
        calibration_sha256=job.abstention.calibration_sha256 if job.abstention else None,
    )


def _describe_output(
    job: _Job, run: LabelRun, *, counts: LabelCounts, output_sha256: str, notes: tuple[str, ...]
) -> LabelManifest:
    return LabelManifest(
        run=run,
        input_path=str(job.settings.input_path),
        output_path=str(job.settings.output_path),
        output_sha256=output_sha256,
        model=job.predictor.model.name,
        codebook=job.codebook.name,
        seed=job.settings.seed,
        counts=counts,
        warnings=(*job.table.warnings, *job.labeller.kept.warnings, *notes),
        date=now(),
        versions=package_versions(),
        abstention=job.abstention,
    )


def _result(job: _Job, manifest: LabelManifest, *, n_resumed: int, was_finished: bool) -> LabelResult:
    return LabelResult(
        output_path=job.settings.output_path,
        manifest_path=manifest_path(job.settings.output_path),
        counts=manifest.counts,
        codebook=job.codebook,
        warnings=manifest.warnings,
        n_resumed=n_resumed,
        was_finished=was_finished,
        abstention=manifest.abstention,
    )
