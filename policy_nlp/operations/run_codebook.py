"""TrainSettings -> the codebook of the run: the one it names, one made of the labels, or the shipped one."""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError
from policy_nlp.exchange.label_codes import make_codebook
from policy_nlp.exchange.labelled_tables import holds_labels, read_labelled_table
from policy_nlp.settings.training import TrainSettings


@dataclass(frozen=True, slots=True)
class RunCodebook:
    """A codebook, the bytes of its file, and how it was come by."""

    codebook: Codebook
    content: bytes
    notes: tuple[str, ...] = ()


def codebook_of_run(settings: TrainSettings) -> RunCodebook:
    """The codebook that a run trains on and writes into its model folder.

    Raises:
        CodebookError: the codebook file breaks a rule.
        GoldError: no codebook is named, and some files hold labels and others codes of the shipped one.
    """
    files = [*settings.train, *([settings.development] if settings.development else [])]
    labelled = [] if settings.codebook else [path for path in files if holds_labels(path)]
    if not labelled:
        path = settings.codebook or shipped_codebook_path()
        return RunCodebook(load_codebook(path), path.read_bytes())
    if len(labelled) < len(files):
        other = next(path for path in files if path not in labelled)
        raise GoldError(
            f"{settings.config}: {labelled[0].name} holds labels, {other.name} lists of codes. Name the "
            "codebook that both are of: codebook = ...",
            path=settings.config,
        )
    tables = [read_labelled_table(path, settings.columns) for path in labelled]
    made = make_codebook(tables, settings.name, separators=settings.columns.separators)
    note = (
        f"no codebook is named: one was made of the {len(made.codebook.initial)} labels (codebook.yaml "
        "in the model folder; write definitions into it for people who code)"
    )
    return RunCodebook(made.codebook, made.content, (note,))
