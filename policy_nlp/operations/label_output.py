"""The output of `label` on disk: whether it is finished, whether it may be replaced, putting it in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.errors import OutputError
from policy_nlp.files import (
    atomic_path,
    explained_output_errors,
    remove_path,
    sha256_of_path,
    write_atomically,
)
from policy_nlp.operations.label_manifest import (
    MANIFEST,
    LabelManifest,
    LabelRun,
    manifest_path,
    read_manifest,
    render_manifest,
)
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import OutputFormat, write_table

BuildManifest = Callable[[str, tuple[str, ...]], LabelManifest]  # output digest, warnings of the writer


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The hidden folder beside the output that keeps what is done; removed when all is."""

    output_path: Path
    shard_key: str

    @property
    def path(self) -> Path:
        """The folder; several unfinished runs may stand in it, each under its own key."""
        return self.output_path.with_name(f".{self.output_path.name}.partial")

    @property
    def shards_path(self) -> Path:
        """The folder of this run's shards."""
        return self.path / self.shard_key[:32]

    @property
    def pending_manifest(self) -> Path:
        """The manifest, from the moment before the output is put in place until its own is."""
        return self.shards_path / MANIFEST

    def remove_own(self) -> None:
        """Removes what this run kept, and the folder when no other run keeps anything in it."""
        with explained_output_errors(self.path):
            remove_path(self.shards_path)
            if self.path.is_dir() and not any(self.path.iterdir()):
                self.path.rmdir()

    def remove_all(self) -> None:
        """Removes the folder, with what runs of other settings left there: their output will not come."""
        with explained_output_errors(self.path):
            remove_path(self.path)


def digest_output(path: Path) -> str:
    """SHA-256 of the rows' file, or of the shards of a folder."""
    return sha256_of_path(path)


def find_finished(work: WorkFolder, run: LabelRun) -> LabelManifest | None:
    """The manifest of an output that this very run finished before; None where it is still to be made."""
    output_path = work.output_path
    if not output_path.exists():
        return None
    for path in (manifest_path(output_path), work.pending_manifest):
        manifest = read_manifest(path)
        if manifest and manifest.run == run and manifest.output_sha256 == digest_output(output_path):
            return manifest
    return None


def check_may_write(output_path: Path, run: LabelRun, *, is_forced: bool) -> None:
    """Raises an error where something stands at the output's place that must not be replaced.

    Raises:
        OutputError: it is another run's output (without --force), or a folder with files of other origin.
    """
    if not output_path.exists() or (output_path.is_dir() and not any(output_path.iterdir())):
        return
    foreign = next(_iter_foreign_names(output_path), None)
    if foreign is not None:
        raise OutputError(
            f"{output_path}: this folder holds {foreign!r}, which `label` did not write and would replace."
            " Choose another --out.",
            path=output_path,
        )
    if not is_forced:
        raise OutputError(
            f"{output_path}: exists already and {_describe_owner(output_path, run)}. Choose another --out, or"
            " overwrite it with --force.",
            path=output_path,
        )


def _iter_foreign_names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_part = path.name.startswith("part-") and path.suffix == ".parquet"
        if not is_part:
            yield path.name


def _describe_owner(output_path: Path, run: LabelRun) -> str:
    manifest = read_manifest(manifest_path(output_path))
    if manifest is None:
        return "is no finished output of `label`"
    difference = manifest.run.describe_difference(run)
    return f"belongs to another run (not the same: {difference})" if difference else "was changed since"


def put_output(
    work: WorkFolder, rows: Rows, *, run: LabelRun, build_manifest: BuildManifest
) -> LabelManifest:
    """Writes the output, puts it in place whole, then its manifest; the next run mends a kill in between.

    Raises:
        OutputError: the disk is full or the place cannot be written.
    """
    output_path = work.output_path
    kind: OutputFormat = run.output_format  # type: ignore[assignment]
    with atomic_path(output_path) as temporary:
        warnings = write_table(temporary, rows, with_scores=run.with_scores, kind=kind)
        manifest = build_manifest(digest_output(temporary), warnings)
        write_atomically(work.pending_manifest, render_manifest(manifest))
        remove_path(manifest_path(output_path))  # an old one does not speak of the new output
    publish_manifest(work, manifest)
    work.remove_all()
    return manifest


def publish_manifest(work: WorkFolder, manifest: LabelManifest) -> None:
    """Puts the manifest in its place, where it is not there yet, and removes what the run kept."""
    path = manifest_path(work.output_path)
    if read_manifest(path) != manifest:
        write_atomically(path, render_manifest(manifest))
    work.remove_own()
