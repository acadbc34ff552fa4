"""CodeSettings -> CodeResult: documents in, a folder of coded sentences out; goes on where a run stopped.

While it works, everything is under OUT/.partial: the documents as they were read, and the coded sentences
shard by shard, each file put in place whole. The result files are moved to OUT at the end, manifest.json
last: a folder with a manifest is finished.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policy_nlp import __version__
from policy_nlp.codebook import Codebook
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.engine.shards import ShardFolder, find_first_missing_row, write_missing_shards
from policy_nlp.errors import DocumentError, OutputError
from policy_nlp.exchange.codings import write_codings
from policy_nlp.exchange.folder_models import CodedFolder
from policy_nlp.exchange.project_building import ProjectInputs, write_coded_project
from policy_nlp.exchange.result_folder import (
    CODINGS_CSV,
    CODINGS_XLSX,
    DOCUMENTS,
    MANIFEST,
    PROJECT,
    REPORT,
    RESULT_FILES,
    SENTENCES,
)
from policy_nlp.exchange.result_manifest import (
    CodeManifest,
    CodeRun,
    FileDigest,
    manifest_json,
    read_manifest,
    read_run,
    run_json,
)
from policy_nlp.files import (
    atomic_path,
    hold_lock,
    remove_path,
    sha256_of_file,
    sha256_of_input,
    show_path,
    write_atomically,
)
from policy_nlp.model.trained import TrainedModel, load_model
from policy_nlp.operations.code_inputs import InputsRead, read_inputs, sentence_table
from policy_nlp.operations.label_manifest import now, package_versions
from policy_nlp.operations.labelling import (
    Labeller,
    choose_abstention,
    choose_codebook,
    count_labels,
    iter_labelled,
)
from policy_nlp.operations.report import report_of_folder
from policy_nlp.records import Abstention, Progress
from policy_nlp.settings.commands import CodeSettings
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import write_table

SHARD_SENTENCES = 2048  # coded and kept; what a kill costs: half a minute on two cores
PARTIAL = ".partial"
_RUN = "run.json"
_UNTOLD = (
    "{n:,} sentences have codes left undecided: codings.csv, codings.xlsx and project.qdpx hold the codes "
    "that apply and cannot tell undecided ones from those that do not"
)


@dataclass(frozen=True, slots=True)
class CodeResult:
    """A finished result folder.

    Attributes:
        n_resumed: sentences that an earlier, interrupted run had coded.
        was_finished: it was there before, and nothing was done.
    """

    out: Path
    manifest: CodeManifest
    codebook: Codebook
    n_resumed: int = 0
    was_finished: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """What one run works with, under the lock of its folder."""

    settings: CodeSettings
    run: CodeRun
    codebook: Codebook

    @property
    def out(self) -> Path:
        """The result folder."""
        return self.settings.out

    @property
    def partial(self) -> Path:
        """The folder of the work in progress."""
        return self.settings.out / PARTIAL


def code_documents(
    settings: CodeSettings, progress: Progress | None = None, *, reading_progress: Progress | None = None
) -> CodeResult:
    """Code all documents of the inputs and write the result folder.

    Args:
        settings: what to code, with what, into which folder.
        progress: told the sentences that are coded.
        reading_progress: told the documents that are read.

    Raises:
        DocumentError: none of the inputs could be read.
        OutputError: OUT holds something else, lies among the inputs, or cannot be written.
        ModelError: the model cannot be had, the codebook has other codes than it, or its folder has no
            calibration scores where a risk is asked for.
        CodebookError: the codebook file breaks a rule.
    """
    _check_out(settings)
    model = load_model(settings.model)
    codebook = choose_codebook(settings.codebook_path, model.codebook)
    abstention = choose_abstention(model, settings.risk)
    with hold_lock(settings.out):
        job = _Job(settings, _describe_run(settings, model, codebook, abstention), codebook)
        if finished := _find_finished(job):
            return CodeResult(job.out, finished, codebook, was_finished=True)
        predictor = open_predictor(model, settings.engine)  # may be refused: before anything is written
        _begin(job)
        inputs_read = _read_inputs(job, reading_progress)
        shards = ShardFolder(
            job.partial / job.run.shard_key(predictor.signature), inputs_read.n_sentences, SHARD_SENTENCES
        )
        n_resumed = find_first_missing_row(shards)
        table = sentence_table(job.partial / DOCUMENTS, n_sentences=inputs_read.n_sentences)
        labeller = Labeller(predictor, codebook, table.schema, "text", abstention)
        write_missing_shards(shards, table, label=labeller.label, progress=progress)
        manifest = _finish(job, labeller, shards, inputs_read)
        return CodeResult(job.out, manifest, codebook, n_resumed=n_resumed)


def _check_out(settings: CodeSettings) -> None:
    """A result among the inputs would be coded itself by the next run."""
    out = Path(os.path.realpath(settings.out))  # Path.resolve ends at a link that leads to itself
    for path in settings.inputs:
        place = Path(os.path.realpath(path))
        if out == place or place in out.parents:
            raise OutputError(
                f"{settings.out}: --out lies in the input {path}, so the next run would code its own result. "
                "Choose an --out outside the inputs.",
                path=settings.out,
            )
    if out.exists() and not out.is_dir():
        raise OutputError(f"{settings.out}: --out must be a folder, this is a file.", path=settings.out)


def _describe_run(
    settings: CodeSettings, model: TrainedModel, codebook: Codebook, abstention: Abstention | None
) -> CodeRun:
    return CodeRun(
        inputs=tuple(FileDigest(show_path(path), sha256_of_input(path)) for path in settings.inputs),
        model_sha256=model.digest,
        codebook_sha256=codebook.digest,
        text_column=settings.text_column,
        device=settings.engine.device,
        precision=settings.engine.precision,
        token_budget=settings.engine.token_budget,
        version=__version__,
        risk=settings.risk,
        calibration_sha256=abstention.calibration_sha256 if abstention else None,
    )


def _find_finished(job: _Job) -> CodeManifest | None:
    """The manifest of a finished folder that this run would only write again; None where work is to do."""
    if job.settings.is_forced or not (job.out / MANIFEST).exists():
        return None
    manifest = read_manifest(job.out / MANIFEST)
    _refuse_other_run(job, manifest.run)
    missing = [name for name in RESULT_FILES if not (job.out / name).exists()]
    if missing:
        raise OutputError(
            f"{job.out}: {', '.join(missing)} of this finished result is gone. Run with --force to code "
            f"again{_cheaper_mend(job.out, missing)}.",
            path=job.out,
        )
    remove_path(job.partial)  # left when a run was killed in its last moment
    return manifest


def _cheaper_mend(out: Path, missing: Sequence[str]) -> str:
    """The commands that write what is missing without coding again: earlier versions wrote fewer files."""
    commands = {PROJECT: f"policy-nlp export {out} --out {out / PROJECT}", REPORT: f"policy-nlp report {out}"}
    if not commands.keys() >= set(missing):
        return ""
    return f", or write it alone: {' ; '.join(commands[name] for name in missing)}"


def _refuse_other_run(job: _Job, found: CodeRun) -> None:
    if difference := found.describe_difference(job.run):
        raise OutputError(
            f"{job.out}: holds the result of another run (not the same: {difference}). Choose another --out, "
            "or overwrite it with --force.",
            path=job.out,
        )


def _begin(job: _Job) -> None:
    """Makes the folder of the work in progress, or takes up that of the same run that was broken off."""
    if (job.partial / _RUN).exists() and not job.settings.is_forced:
        _refuse_other_run(job, read_run(job.partial / _RUN))
        return
    in_the_way = [name for name in RESULT_FILES if (job.out / name).exists()]
    if in_the_way and not job.settings.is_forced:
        raise OutputError(
            f"{job.out}: holds {', '.join(in_the_way)}, but no {MANIFEST} that says where they are from. "
            "Choose another --out, or overwrite them with --force.",
            path=job.out,
        )
    remove_path(job.partial)
    write_atomically(job.partial / _RUN, run_json(job.run))
    remove_path(job.out / MANIFEST)  # from here on the folder is not finished


def _read_inputs(job: _Job, progress: Progress | None) -> InputsRead:
    try:
        return read_inputs(job.settings, job.partial, progress=progress)
    except DocumentError:
        remove_path(job.partial)
        if not any(job.out.iterdir()):
            job.out.rmdir()
        raise


def _finish(job: _Job, labeller: Labeller, shards: ShardFolder, inputs_read: InputsRead) -> CodeManifest:
    """Writes the tables, puts all result files in place and the manifest last."""
    with atomic_path(job.partial / SENTENCES) as temporary:
        write_table(temporary, Rows(labeller.schema, iter_labelled(shards, labeller.schema)))
    warnings: list[str] = []
    for name in (CODINGS_CSV, CODINGS_XLSX):
        with atomic_path(job.partial / name) as temporary:
            warnings += write_codings(temporary, job.partial, codebook=job.codebook)
    warnings += _write_project(job, labeller.predictor.model.name)
    counts = count_labels(shards, job.codebook, can_abstain=labeller.can_abstain)
    if counts.n_abstained:
        warnings.append(_UNTOLD.format(n=counts.n_abstained))
    manifest = CodeManifest(
        run=job.run,
        model=labeller.predictor.model.name,
        signature=labeller.predictor.signature,
        codebook=job.codebook.name,
        seed=job.settings.seed,
        n_documents=inputs_read.n_documents,
        counts=counts,
        skipped=inputs_read.skipped,
        warnings=tuple(warnings),
        outputs=tuple(_digest(job, name) for name in RESULT_FILES if name != REPORT),
        date=now(),
        versions=package_versions(),
        abstention=labeller.abstention,
    )
    manifest = _write_report(job, manifest)
    for name in RESULT_FILES:
        with atomic_path(job.out / name) as temporary:
            (job.partial / name).replace(temporary)
    write_atomically(job.out / MANIFEST, manifest_json(manifest))
    remove_path(job.partial)
    return manifest


def _digest(job: _Job, name: str) -> FileDigest:
    return FileDigest(name, sha256_of_file(job.partial / name))


def _write_report(job: _Job, manifest: CodeManifest) -> CodeManifest:
    """Writes report.html beside the tables; returns the manifest with its digest."""
    report = report_of_folder(job.partial, manifest=manifest, codebook=job.codebook)
    write_atomically(job.partial / REPORT, report.html)
    return replace(manifest, outputs=(*manifest.outputs, _digest(job, REPORT)))


def _write_project(job: _Job, model: str) -> tuple[str, ...]:
    """Writes project.qdpx beside the tables; returns what it could not hold as they do."""
    folder = CodedFolder(job.partial, model, job.run.version, job.run.model_sha256)
    return write_coded_project(job.partial / PROJECT, ProjectInputs(job.codebook, (folder,))).notes
