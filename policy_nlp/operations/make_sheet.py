"""SheetSettings -> a coding sheet for a person, blind to the codes its source has."""

from __future__ import annotations

from pathlib import Path

from policy_nlp.errors import OutputError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.coding_sheets import MadeSheet, SheetPlan, make_coding_sheet
from policy_nlp.files import hold_lock
from policy_nlp.settings.commands import SheetSettings

_ENDING = ".xlsx"


def make_sheet(settings: SheetSettings) -> MadeSheet:
    """Write an Excel sheet with sentences of the input, drawn and shuffled by the seed.

    Raises:
        OutputError: the sheet is there already, or its name does not end in .xlsx.
        GoldError, ExchangeError, CodebookError: the input cannot be read, or holds no texts.
    """
    path = settings.out
    _check_place(path, settings)
    source = read_coder_file(settings.input_path, codebook_path=settings.codebook_path)
    plan = SheetPlan(
        coder=settings.coder,
        n_units=settings.n_units,
        seed=settings.seed,
        context=settings.context,
        is_stratified=settings.is_stratified,
    )
    with hold_lock(path):
        return make_coding_sheet(path, source, plan=plan)


def _check_place(path: Path, settings: SheetSettings) -> None:
    if path.suffix.lower() != _ENDING:
        raise OutputError(f"{path}: a coding sheet ends in {_ENDING}. Name it so.", path=path)
    if path.exists() and (path.is_dir() or not settings.is_forced):
        raise OutputError(
            f"{path}: is there already, and may hold somebody's codes. Choose another name, or overwrite it "
            f"with --force.",
            path=path,
        )
