"""Labels that people wrote -> codes of a codebook, or a codebook made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from policy_nlp.codebook import Code, Codebook, nearest_id, parse_codebook
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.exchange.code_ids import CodeIds, id_of_name
from policy_nlp.exchange.code_similarity import fold_name
from policy_nlp.exchange.code_texts import code_of_texts
from policy_nlp.exchange.codebook_yaml import codebook_yaml
from policy_nlp.exchange.labelled_tables import (
    LabelledRow,
    LabelledTable,
    holds_labels,
    is_nothing,
    labels_of_tables,
    read_labelled_table,
    split_labels,
)
from policy_nlp.gold import read_coded_units
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Level
from policy_nlp.settings.few_shot import LabelColumns

_LONGEST_SHOWN = 60  # characters of a wrong label in a message


@dataclass(frozen=True, slots=True)
class GoldFile:
    """The units of a gold file, and what of the file the user should know."""

    units: tuple[CodedUnit, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeCodebook:
    """A codebook and the bytes of its YAML file."""

    codebook: Codebook
    content: bytes


def read_gold_file(
    path: Path, codebook: Codebook, *, columns: LabelColumns | None = None, coder: str | None = None
) -> GoldFile:
    """The coded units of a gold file of any form: lists of codes, unit,coder,code, or sentences with labels.

    Raises:
        GoldError, TableError: the file breaks its form.
        UnknownCodeError: a code or label is not in the codebook; the message names the nearest.
    """
    if coder is not None or not holds_labels(path):
        return GoldFile(tuple(read_coded_units(path, codebook, coder=coder)))
    columns = columns or LabelColumns()
    table = read_labelled_table(path, columns)
    return GoldFile(tuple(units_of_table(table, codebook, separators=columns.separators)), table.notes)


def make_codebook(tables: Sequence[LabelledTable], name: str, *, separators: str) -> MadeCodebook:
    """A codebook of one initial category for each label, all in one main category of the codebook's name.

    Ids are made of the labels in the order of the alphabet, so that more sentences change none of them.
    """
    ids = CodeIds()
    labels = labels_of_tables(tables, separators)
    codes = [_code(ids, label, "initial") for label in labels]
    home = _code(ids, name, "main")
    initial = tuple(replace(code, parent_id=home.code_id) for code in codes)
    status = "made by `policy-nlp train` from the labels of the gold; definitions are to be written"
    content = codebook_yaml(Codebook(name, (home,), initial, status=status)).encode("utf-8")
    return MadeCodebook(parse_codebook(content, Path("codebook.yaml")), content)


def _code(ids: CodeIds, name: str, level: str) -> Code:
    return code_of_texts({}, code_id=ids.take(id_of_name(name)), level=level, name=name)


def units_of_table(table: LabelledTable, codebook: Codebook, *, separators: str) -> list[CodedUnit]:
    """The units of a table; a level is coded where it has a column, or any label of the table is of it.

    Raises:
        UnknownCodeError: a label is no id and no name of a code that is predicted.
        GoldError: it is the name of several, or of a main category or concept.
    """
    finder = _LabelFinder(codebook, separators)
    coded = [(row, list(finder.iter_codes(row, table))) for row in table.rows]
    found = {code.level for _, codes in coded for code in codes}
    used: set[Level] = {level for level in PREDICTED_LEVELS if level in found or level in table.level_columns}
    if not (codebook.dimensions or codebook.paths):
        used.add("initial")
    return [_unit(row, codes, used, codebook) for row, codes in coded]


@dataclass(frozen=True, slots=True)
class _LabelFinder:
    """Finds codes by their ids and names."""

    codebook: Codebook
    separators: str
    _by_name: dict[str, list[Code]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for code in self.codebook.all_codes:
            for name in {fold_name(name) for name in (code.code_id, code.name_zh, code.name_en) if name}:
                self._by_name.setdefault(name, []).append(code)

    def iter_codes(self, row: LabelledRow, table: LabelledTable) -> Iterator[Code]:
        """The codes of a row; a cell that is whole the name of a code is not split."""
        for cell in row.cells:
            labels = [cell] if self._named(cell) else split_labels(cell, self.separators)
            yield from (self._find(label, row, table) for label in labels if not is_nothing(label))

    def _named(self, label: str) -> list[Code]:
        """Codes of that id or name, those that are predicted where there are any."""
        found = self._by_name.get(fold_name(label), [])
        by_id = [code for code in found if code.code_id == label]
        predicted = [code for code in found if code.level in PREDICTED_LEVELS]
        return by_id if by_id and by_id[0].level in PREDICTED_LEVELS else predicted or found

    def _find(self, label: str, row: LabelledRow, table: LabelledTable) -> Code:
        found = self._named(label)
        place = {"path": table.path, "line": row.line, "label": label}
        if not found:
            nearest = self._by_name[nearest_id(fold_name(label), self._by_name) or ""][0]
            shown = label if len(label) <= _LONGEST_SHOWN else f"{label[:_LONGEST_SHOWN]}…"
            raise UnknownCodeError(
                f"{table.place(row)}: label {shown!r} is no id or name of a code of codebook "
                f"{self.codebook.name!r}; the nearest is {nearest.code_id!r} ({nearest.name_zh}). Correct "
                "the label, or add the code to the codebook.",
                **place,
                nearest=nearest.code_id,
            )
        if len(found) > 1:
            ids = ", ".join(code.code_id for code in found)
            raise GoldError(
                f"{table.place(row)}: label {label!r} names several codes ({ids}). Write an id.", **place
            )
        if found[0].level not in PREDICTED_LEVELS:
            raise GoldError(
                f"{table.place(row)}: label {label!r} is of level {found[0].level!r}, which is not predicted;"
                f" labels of {', '.join(PREDICTED_LEVELS)} were expected (main follows from initial).",
                **place,
            )
        return found[0]


def _unit(row: LabelledRow, codes: Sequence[Code], used: set[Level], codebook: Codebook) -> CodedUnit:
    ids = {code.code_id for code in codes}
    lists = {
        level: tuple(code_id for code_id in codebook.ids(level) if code_id in ids) if level in used else None
        for level in PREDICTED_LEVELS
    }
    return CodedUnit(
        unit_id=row.unit_id,
        text=row.text,
        initial=lists["initial"],
        dimensions=lists["dimensions"],
        paths=lists["paths"],
        document_id=row.document_id,
    )
