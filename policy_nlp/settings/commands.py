"""Flags of commands -> frozen settings, one record a command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from policy_nlp.records import Level
from policy_nlp.settings.engine import EngineSettings

SeenRule = Literal["coded-documents", "all-documents"]  # which documents of a project a coder was given
UnitKind = Literal["sentence", "character"]


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """What `label` reads and writes, and how."""

    input_path: Path
    output_path: Path
    text_column: str = "text"
    with_scores: bool = False  # scores also in CSV and XLSX
    model: str | None = None  # name or folder; None: the shipped model
    codebook_path: Path | None = None  # None: the codebook of the model
    is_forced: bool = False  # overwrite output that is there
    seed: int = 0  # nothing in `label` is random; kept in the manifest
    shard_rows: int = 2048  # rows that are labelled, written and never done again
    risk: float | None = None  # leave codes undecided that cannot be decided at this risk; None: decide all
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What to hold against a gold file: a model, or the codings in a second file of the gold form."""

    gold_path: Path
    coder: str | None = None  # whose codes in the gold file; None: the lists of each line itself
    model: str | None = None  # name or folder; None: the shipped model
    predicted_path: Path | None = None  # compare this file's codes, run no model
    predicted_coder: str | None = None  # whose codes in that file
    codebook_path: Path | None = None  # None: the model's own, or the shipped one when no model is run
    fold: int | None = None  # 0 or 1: only the documents of this half; None: all
    n_draws: int = 1000  # bootstrap samples behind each interval; 0: no intervals
    diagram_path: Path | None = None  # PNG of the reliability diagram
    risk: float | None = None  # measure abstention at this risk; None: do not
    n_splits: int = 100  # random splits of the documents, of that measurement
    seed: int = 0
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class CalibrateSettings:
    """A model, and coded sentences that it was not trained on."""

    gold: Path
    model: str | None = None  # name or folder; None: the shipped model
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Codings to write in another form: what they are, and the file that takes them."""

    inputs: tuple[Path, ...]  # result folders, coder files, tables, projects, coding sheets
    out: Path  # .qdpx, .jsonl, .csv or .xlsx
    codebook_path: Path | None = None  # None: that of the inputs
    seen: SeenRule = "coded-documents"
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class AgreeSettings:
    """Files of coders to compare, and what to compute and write."""

    inputs: tuple[Path, ...]
    codebook_path: Path | None = None  # None: that of the inputs
    coders: tuple[str, ...] = ()  # only these; empty: all
    model_coders: tuple[str, ...] = ()  # coders of the inputs that are models
    with_model: bool = False  # a model codes the units and joins as one more coder
    model: str | None = None  # name or folder; None: the shipped model
    unit: UnitKind = "sentence"  # character: also alphas of the coded characters
    seen: SeenRule = "coded-documents"
    with_vendors: bool = False  # also what NVivo, MAXQDA, ATLAS.ti would print
    plan_width: float | None = None  # of an interval: how many units to double-code for it
    n_draws: int = 1000  # bootstrap samples behind each interval; 0: no intervals
    seed: int = 0
    out: Path | None = None  # report, by its ending
    n_listed: int = 20  # disagreeing units in tables and reports
    disagreements_path: Path | None = None  # table of all of them
    is_forced: bool = False
    engine: EngineSettings = EngineSettings()


@dataclass(frozen=True, slots=True)
class SaturationSettings:
    """Coded documents, and how their saturation is measured (the rules of `analysis.saturation`)."""

    inputs: tuple[Path, ...]
    codebook_path: Path | None = None  # None: that of the inputs
    coders: tuple[str, ...] = ()  # only these; empty: all, a code counts when one coder gave it
    level: Level = "initial"
    order: Literal["file", "random"] = "file"
    base_size: int = 4  # documents
    run_length: int = 2  # documents
    threshold: float = 0.05  # share of new codes
    n_orders: int = 1000  # random orders
    low_score: float | None = None  # list coded sentences whose best score is below
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SheetSettings:
    """A coding sheet to make for one person."""

    input_path: Path  # sentences to code, of any form that `agree` reads
    out: Path  # .xlsx
    coder: str  # who will code
    n_units: int = 200  # sentences drawn
    context: int = 1  # sentences shown before and after
    seed: int = 0
    is_stratified: bool = False  # rare codes of the input are drawn more often
    codebook_path: Path | None = None  # None: that of the input
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """Documents to code, and the folder that takes the result."""

    inputs: tuple[Path, ...]  # files, folders, zip archives
    out: Path
    model: str | None = None  # name or folder; None: the shipped model
    codebook_path: Path | None = None  # names and main categories; None: the model's own codebook
    text_column: str | None = None  # of tables among the inputs; None: found by its name
    is_forced: bool = False  # take the place of a result folder of other inputs or settings
    seed: int = 0
    engine: EngineSettings = EngineSettings()
    risk: float | None = None  # leave codes undecided that cannot be decided at this risk; None: decide all
