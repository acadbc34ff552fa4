"""What was decided in a review -> gold JSON Lines, a REFI-QDA project, CSV or Excel.

What a coder decided blind is that coder's; what the same coder decided with the model's codes filled in is
that of `NAME (assisted)`, so that no file and no table of agreement mixes the two.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policy_nlp.errors import ReviewError
from policy_nlp.exchange.coder_writing import ExportedFile, codes_of_unit
from policy_nlp.files import hold_lock, write_atomically
from policy_nlp.gold.coders import ASSISTED_MARK
from policy_nlp.gold.units import row_of_unit
from policy_nlp.operations.export import PROJECT_ENDING, check_out, export_codings
from policy_nlp.records import CodedUnit
from policy_nlp.review.adjudication import GoldBasis, gold_units
from policy_nlp.review.records import ADJUDICATOR, CodeLists, Decision, Mode, Seat
from policy_nlp.review.samples import Sample
from policy_nlp.review.store import ReviewStore
from policy_nlp.settings.commands import ExportSettings
from policy_nlp.settings.review import ReviewExportSettings

_GOLD_ENDING = ".jsonl"
_ASSISTED_NOTE = (
    "assisted decisions were made with the model's codes filled in: their agreement with that model, and "
    "with each other, is too high to report as reliability"
)


@dataclass(frozen=True, slots=True)
class ExportedUnit:
    """One line of the export.

    Attributes:
        unit: the codes, with its coder as exports name them.
        weight: 1 / its chance to be drawn; None for a unit that was not drawn at random.
        basis: of gold, what it rests on.
        coder_ids: of gold, whose codes those are.
    """

    unit: CodedUnit
    mode: Mode
    weight: float | None
    note: str
    seconds: float | None = None
    decided_at: str = ""
    basis: GoldBasis | None = None
    coder_ids: tuple[str, ...] = ()
    settled_by: str = ""


def export_review(store: ReviewStore, settings: ReviewExportSettings) -> ExportedFile:
    """Write what was decided, in the form that the ending of `out` names.

    A project holds the model as a user beside the people; the other forms hold people only.

    Raises:
        OutputError: `out` is there already, its ending is not known, or it cannot be written.
        ReviewError: nothing was decided, or gold is asked for of two modes at once.
    """
    whole = ExportSettings(
        (settings.folder,), settings.out, settings.codebook_path, "coded-documents", settings.is_forced
    )
    check_out(whole)
    lines = list(_iter_lines(store, settings))
    if not lines:
        raise ReviewError(
            f"{settings.folder}: nothing was decided that can be written. Code some units first.",
            path=settings.folder,
        )
    notes = tuple(_iter_notes(store, settings, lines))
    if settings.out.suffix.lower() == _GOLD_ENDING:
        with hold_lock(settings.out):
            _write_lines(settings.out, lines)
        return _describe(store, settings.out, lines, notes=notes)
    with tempfile.TemporaryDirectory() as folder:
        between = Path(folder) / f"review{_GOLD_ENDING}"
        _write_lines(between, lines)
        is_project = settings.out.suffix.lower() == PROJECT_ENDING
        inputs = (settings.folder, between) if is_project else (between,)
        exported = export_codings(replace(whole, inputs=inputs))
    return replace(exported, notes=(*notes, *exported.notes))


def gold_mode(store: ReviewStore, mode: Mode | None) -> Mode:
    """The mode whose gold is meant; raises ReviewError where both modes have decisions and none is named."""
    modes = sorted({seat.mode for seat in store.seats()})
    if mode is not None or len(modes) < 2:
        return mode or (modes[0] if modes else "assisted")
    raise ReviewError(
        f"{store.folder}: coded both blind and assisted; gold is of one mode. Choose --blind or --assisted.",
        path=store.folder,
    )


def _iter_lines(store: ReviewStore, settings: ReviewExportSettings) -> Iterator[ExportedUnit]:
    sample = _sample_of(store, settings)
    if settings.decisions == "gold":
        yield from _iter_gold(store, gold_mode(store, settings.mode), sample)
        return
    for one in store.counting():
        decision = one.decision
        is_wanted = decision.coder_id != ADJUDICATOR and settings.mode in (None, decision.mode)
        if is_wanted and decision.kind == "coded":
            yield _line_of_decision(store, decision, sample)


def _line_of_decision(store: ReviewStore, decision: Decision, sample: Sample | None) -> ExportedUnit:
    return ExportedUnit(
        unit=_unit_of(
            store, decision.unit_id, decision.codes, coder_id=decision.coder_id, mode=decision.mode
        ),
        mode=decision.mode,
        weight=_weight(decision.unit_id, sample),
        note=decision.note,
        seconds=round(decision.seconds, 1),
        decided_at=decision.decided_at,
    )


def _iter_gold(store: ReviewStore, mode: Mode, sample: Sample | None) -> Iterator[ExportedUnit]:
    for one in gold_units(store, mode):
        settled = one.settled
        yield ExportedUnit(
            unit=_unit_of(store, one.unit_id, one.codes, coder_id=ADJUDICATOR, mode=mode),
            mode=mode,
            weight=_weight(one.unit_id, sample),
            note=settled.note if settled is not None else "",
            decided_at=settled.decided_at if settled is not None else "",
            basis=one.basis,
            coder_ids=one.coder_ids,
            settled_by=settled.settled_by if settled is not None else "",
        )


def _unit_of(store: ReviewStore, unit_id: str, codes: CodeLists, *, coder_id: str, mode: Mode) -> CodedUnit:
    unit = store.unit(unit_id, mode="blind")
    return CodedUnit(
        unit_id=unit_id,
        text=unit.text,
        initial=codes.initial,
        dimensions=codes.dimensions,
        paths=codes.paths,
        document_id=unit.document_id,
        coder_id=coder_id + ASSISTED_MARK if mode == "assisted" else coder_id,
        span=unit.span,
    )


def _sample_of(store: ReviewStore, settings: ReviewExportSettings) -> Sample | None:
    """The sample that the settings name, else the one drawn last."""
    if settings.n_sample is None:
        return store.last_sample()
    return store.find_sample(n_units=settings.n_sample, seed=settings.seed)


def _weight(unit_id: str, sample: Sample | None) -> float | None:
    return sample.weight if sample is not None and unit_id in sample.unit_ids else None


def _write_lines(path: Path, lines: Sequence[ExportedUnit]) -> None:
    write_atomically(path, "".join(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in lines))


def _row(line: ExportedUnit) -> dict[str, object]:
    """The object of one line: a unit of a gold file, with what else is known of it."""
    more = {
        "mode": line.mode,
        "weight": line.weight,
        "basis": line.basis,
        "coded_by": list(line.coder_ids) or None,
        "settled_by": line.settled_by or None,
        "note": line.note or None,
        "seconds": line.seconds,
        "decided_at": line.decided_at or None,
    }
    return {**row_of_unit(line.unit), **{name: value for name, value in more.items() if value is not None}}


def _iter_notes(
    store: ReviewStore, settings: ReviewExportSettings, lines: Sequence[ExportedUnit]
) -> Iterator[str]:
    yield from store.notes
    if any(line.mode == "assisted" for line in lines):
        yield _ASSISTED_NOTE
    if settings.decisions == "gold":
        n_agreed, n_single = (sum(line.basis == basis for line in lines) for basis in ("agreed", "single"))
        if n_agreed:
            yield f"{n_agreed:,} units are gold because all who coded them agree"
        if n_late := sum(_is_overtaken(store, line) for line in lines if line.basis == "settled"):
            yield f"{n_late:,} settled units were decided anew by a coder afterwards: look at them again"
        if n_single:
            yield f"{n_single:,} units were coded by one coder alone: nobody checked them"
    yield from _iter_sample_notes(_sample_of(store, settings), lines)


def _is_overtaken(store: ReviewStore, line: ExportedUnit) -> bool:
    """Whether a coder decided on the unit after it was settled."""
    decisions = (store.current(Seat(name, line.mode), line.unit.unit_id) for name in line.coder_ids)
    return any(one is not None and one.decided_at > line.decided_at for one in decisions)


def _iter_sample_notes(sample: Sample | None, lines: Sequence[ExportedUnit]) -> Iterator[str]:
    """What keeps the lines from standing for all units as their weights say."""
    if sample is None:
        return
    coded = Counter(line.unit.coder_id for line in lines if line.weight is not None)
    for coder_id, n_coded in coded.items():
        if n_coded < len(sample.unit_ids):
            yield (
                f"{coder_id} coded {n_coded:,} of the {len(sample.unit_ids):,} units drawn: those come first "
                "in the queue and are no random sample until all are coded"
            )
    n_drawn = coded.total()
    if n_drawn and n_drawn < len(lines):
        yield (
            f"{len(lines) - n_drawn:,} of {len(lines):,} lines are of units not drawn at random (no weight); "
            "leave them out of measures that shall hold for all units"
        )


def _describe(
    store: ReviewStore, out: Path, lines: Sequence[ExportedUnit], *, notes: tuple[str, ...]
) -> ExportedFile:
    return ExportedFile(
        out=out,
        codebook=store.codebook.name,
        coder_ids=tuple(dict.fromkeys(line.unit.coder_id or "" for line in lines)),
        n_codings=sum(len(codes_of_unit(line.unit)) for line in lines),
        n_units=len({line.unit.unit_id for line in lines}),
        notes=notes,
    )
