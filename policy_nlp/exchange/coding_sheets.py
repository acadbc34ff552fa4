"""Units of any coder file -> an Excel sheet in which a person codes them, blind to the codes they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.packaging.custom import IntProperty, StringProperty

from policy_nlp import __version__
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.sheet_guide import write_codebook_page, write_guide_page, write_hidden_pages
from policy_nlp.exchange.sheet_layout import (
    FORM,
    AnswerColumns,
    SheetColumns,
    SheetUnit,
    stratum_name,
    text_checksum,
)
from policy_nlp.exchange.sheet_pages import SheetRow, write_coding_page
from policy_nlp.exchange.sheet_sampling import DrawnUnit, draw_stratified, draw_units, shuffle_units
from policy_nlp.files import atomic_path
from policy_nlp.records import CodedUnit

HEADING = "heading"  # `stratum` of headings in units of a result folder
_MOST_UNITS = 20_000  # more are no sheet for a person
_WIDEST_GAP = 2  # code points between sentences that follow each other


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """What a coding sheet is to hold.

    Attributes:
        coder: the name of who will fill it in.
        n_units: sentences to draw; all where the source has fewer.
        seed: coders whose sheets have the same source, number and seed get the same sentences, each in an
            order of their own.
        context: sentences shown before and after, where the source has them.
        columns: of drop-down lists.
        is_stratified: draw rare codes more often, by the codes the source has; they are not shown.
        with_headings: draw headings too.
    """

    coder: str
    n_units: int
    seed: int = 0
    context: int = 1
    columns: AnswerColumns = field(default_factory=AnswerColumns)
    is_stratified: bool = False
    with_headings: bool = False

    def __post_init__(self) -> None:
        if not self.coder.strip() or not 1 <= self.n_units <= _MOST_UNITS or not 0 <= self.context <= 5:
            raise ValueError(
                f"a sheet needs a coder's name, 1 to {_MOST_UNITS} units and a context of 0 to 5 sentences"
            )

    @property
    def design(self) -> str:
        """How units are drawn, in words."""
        if self.is_stratified:
            return "stratified by the rarest code of the source, power allocation (square root)"
        return "simple random sample without replacement"


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet that was written.

    Attributes:
        n_units: sentences in it.
        n_available: those it was drawn from.
        n_left_out: units of the source without text, and headings.
    """

    path: Path
    n_units: int
    n_available: int
    n_left_out: int
    notes: tuple[str, ...] = ()


def make_coding_sheet(path: Path, source: CoderFile, *, plan: SheetPlan) -> MadeSheet:
    """Write a coding sheet (.xlsx) with sentences of a coder file; a file at `path` is overwritten.

    Nothing in the sheet tells which codes the source gives a sentence. `coding_sheet_reading` reads it back.

    Raises:
        ExchangeError: no unit of the source has a text, or too few are wanted for a stratified draw.
        OutputError: the place cannot be written.
    """
    units = _distinct_units(source)
    candidates = [
        unit for unit in units if unit.text.strip() and (plan.with_headings or unit.stratum != HEADING)
    ]
    if not candidates:
        raise ExchangeError(
            f"{source.path}: no unit has a text to be coded. Give a result folder or a file with `text`.",
            path=source.path,
        )
    draw = draw_stratified if plan.is_stratified else draw_units
    drawn = shuffle_units(draw(candidates, plan.n_units, seed=plan.seed), seed=plan.seed, coder=plan.coder)
    about = _about(source, plan, n_units=len(drawn), n_available=len(candidates))
    workbook = _build(source, plan, drawn=drawn, units=units, about=about)
    with atomic_path(path) as temporary:
        workbook.save(temporary)
    notes: tuple[str, ...] = ()
    if len(drawn) < plan.n_units:
        notes = (f"the source has {len(candidates):,} sentences: all are in the sheet, not {plan.n_units:,}",)
    return MadeSheet(path, len(drawn), len(candidates), len(units) - len(candidates), notes)


def _distinct_units(source: CoderFile) -> list[CodedUnit]:
    """Each unit once: as the model coded it where one did, since its codes may part the strata."""
    coders = sorted(source.coders, key=lambda coder: not coder.coder.is_model)
    units: dict[str, CodedUnit] = {}
    for coder in coders:
        for unit in coder.units:
            units.setdefault(unit.unit_id, unit)
    return list(units.values())


def _build(
    source: CoderFile,
    plan: SheetPlan,
    *,
    drawn: Sequence[DrawnUnit],
    units: Sequence[CodedUnit],
    about: Mapping[str, str | int],
) -> Workbook:
    rows = _rows(source, plan, drawn, units)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    columns = SheetColumns(plan.columns, has_context=plan.context > 0)
    write_coding_page(workbook, rows, columns=columns, codebook=source.codebook)
    write_codebook_page(workbook, source.codebook)
    write_guide_page(workbook, about, columns=columns, n_rows=len(rows))
    write_hidden_pages(workbook, about, units=[_sheet_unit(one) for one in drawn])
    _set_properties(workbook, about)
    return workbook


def _about(source: CoderFile, plan: SheetPlan, *, n_units: int, n_available: int) -> dict[str, str | int]:
    """The values of the hidden page, in its order."""
    counts = (plan.columns.initial, plan.columns.dimensions, plan.columns.paths)
    return {
        "form": FORM,
        "coder": plan.coder.strip(),
        "seed": plan.seed,
        "n_units": n_units,
        "n_available": n_available,
        "design": plan.design,
        "context": plan.context,
        "columns": ",".join(str(count) for count in counts),
        "source": source.path.name,
        "source_sha256": source.sha256,
        "codebook": source.codebook.name,
        "codebook_sha256": source.codebook.digest,
        "policy_nlp": __version__,
        "made": datetime.now(UTC).date().isoformat(),
    }


def _set_properties(workbook: Workbook, about: Mapping[str, str | int]) -> None:
    workbook.properties.creator = f"policy-nlp {__version__}"
    workbook.properties.title = f"{about['coder']}: {about['n_units']} sentences of {about['source']}"
    for name in ("coder", "seed", "source_sha256", "codebook_sha256", "policy_nlp"):
        value = about[name]
        kind = IntProperty if isinstance(value, int) else StringProperty
        workbook.custom_doc_props.append(kind(name=name, value=value))


def _sheet_unit(drawn: DrawnUnit) -> SheetUnit:
    unit = drawn.unit
    return SheetUnit(
        unit_id=unit.unit_id,
        document_id=unit.document_id,
        span=unit.span,
        checksum=text_checksum(unit.text),
        stratum=stratum_name(drawn.stratum),
        probability=drawn.probability,
    )


def _rows(
    source: CoderFile, plan: SheetPlan, drawn: Sequence[DrawnUnit], units: Sequence[CodedUnit]
) -> list[SheetRow]:
    titles = {text.document_id: text.title for text in source.texts}
    neighbours = _Neighbours(units, is_whole=bool(source.texts))
    rows = []
    for number, one in enumerate(drawn, start=1):
        unit = one.unit
        before, after = neighbours.around(unit, plan.context)
        title = titles.get(unit.document_id or "", unit.document_id or "")
        rows.append(SheetRow(unit.unit_id, number, title, before, unit.text, after))
    return rows


def _place_of(unit: CodedUnit) -> tuple[int, int]:
    return (unit.span.start, unit.span.end) if unit.span is not None else (0, 0)


class _Neighbours:
    """The sentences around a unit: those next to it in its document."""

    def __init__(self, units: Sequence[CodedUnit], *, is_whole: bool) -> None:
        self._is_whole = is_whole  # all sentences of each document are there
        self._by_document: dict[str, list[CodedUnit]] = {}
        for unit in units:
            if unit.document_id is not None and unit.span is not None:
                self._by_document.setdefault(unit.document_id, []).append(unit)
        self._places: dict[str, int] = {}
        for own in self._by_document.values():
            own.sort(key=_place_of)
            self._places.update({unit.unit_id: place for place, unit in enumerate(own)})

    def around(self, unit: CodedUnit, n: int) -> tuple[str, str]:
        """The texts of n sentences before and after; empty where they are not known."""
        place = self._places.get(unit.unit_id)
        if place is None:
            return "", ""
        own = self._by_document[unit.document_id or ""]
        before: list[str] = []
        for i in range(place, max(place - n, 0), -1):
            if not self._follow(own[i - 1], own[i]):
                break
            before.insert(0, own[i - 1].text)
        after: list[str] = []
        for i in range(place, min(place + n, len(own) - 1)):
            if not self._follow(own[i], own[i + 1]):
                break
            after.append(own[i + 1].text)
        return "".join(before), "".join(after)

    def _follow(self, earlier: CodedUnit, later: CodedUnit) -> bool:
        if earlier.span is None or later.span is None:
            return False
        gap = later.span.start - earlier.span.end
        return gap >= 0 and (self._is_whole or gap <= _WIDEST_GAP)
