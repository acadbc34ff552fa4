"""Gold and coder files <-> coded units: JSON Lines, and the long CSV form `unit,coder,code`.

A list that is missing (or null) means that this coder did not code that level; an empty list means that
the coder looked and nothing applies. The two are never mixed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, UnknownCodeError
from policy_nlp.files import write_atomically
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Level

N_FOLDS = 2  # one half of a gold file to fit thresholds on, the other to report on
_CSV_COLUMNS = ("unit", "coder", "code")


def read_coded_units(path: Path, codebook: Codebook, *, coder: str | None = None) -> list[CodedUnit]:
    """What one coder decided on each unit of a `.jsonl` or `.csv` file, in file order.

    Args:
        path: a JSON Lines file, or a CSV file with the columns `unit,coder,code` (an empty `code` is a
            unit in which nothing applies; a level is coded when the coder used one of its codes anywhere).
        codebook: what the code ids must be in.
        coder: whose codes to take: an object of this name in each line (`"coder_a": {"initial": []}`), or
            the lines whose `coder` is this name. None takes the lists of the line itself.

    Raises:
        GoldError: the file breaks its form; the message starts with `file:line:`.
        UnknownCodeError: a code id is not in the codebook; the message names the nearest.
    """
    readers = {".jsonl": _iter_json_units, ".csv": _iter_csv_units}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise GoldError(
            f"{path}: a gold file ends in .jsonl (one unit a line) or .csv (columns unit,coder,code), "
            f"not in {path.suffix or 'nothing'!r}. Convert or rename it.",
            path=path,
        )
    text = _read_text(path)
    return _check_units(list(reader(text, _Source(path, codebook, coder))), path, coder)


def write_coded_units(path: Path, units: Iterable[CodedUnit]) -> None:
    """Write units as JSON Lines that `read_coded_units` reads back; levels not coded are left out."""
    write_atomically(path, "".join(json.dumps(_row_of(unit), ensure_ascii=False) + "\n" for unit in units))


def match_units(
    gold: Sequence[CodedUnit], predicted: Sequence[CodedUnit], *, gold_path: Path, predicted_path: Path
) -> list[CodedUnit]:
    """The predicted unit of each gold unit, in gold order; further predicted units are left out.

    Raises:
        GoldError: a gold unit has no predicted one, or the two texts of a unit are not the same.
    """
    by_id = {unit.unit_id: unit for unit in predicted}
    missing = [unit.unit_id for unit in gold if unit.unit_id not in by_id]
    if missing:
        raise GoldError(
            f"{predicted_path}: {len(missing)} of the {len(gold)} units of {gold_path} are missing, "
            f"the first is {missing[0]!r}. Give a file with the same unit ids.",
            path=predicted_path,
            unit_id=missing[0],
        )
    matched = [by_id[unit.unit_id] for unit in gold]
    for unit, other in zip(gold, matched, strict=True):
        if unit.text and other.text and "".join(unit.text.split()) != "".join(other.text.split()):
            raise GoldError(
                f"{predicted_path}: unit {unit.unit_id!r} has another text than in {gold_path}. "
                f"Compare codings of the same sentences, or correct the ids.",
                path=predicted_path,
                unit_id=unit.unit_id,
            )
    return matched


def fold_of(document_id: str, n_folds: int) -> int:
    """The fold of a document, 0 to n_folds - 1: sha256 of its id (UTF-8), first 8 bytes, modulo n_folds.

    All units of a document share a fold, on every machine and in every version.

    >>> [fold_of(document_id, 2) for document_id in ("doc-1", "doc-2", "doc-3")]
    [1, 0, 1]
    """
    digest = hashlib.sha256(document_id.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % n_folds


def units_of_fold(units: Iterable[CodedUnit], fold: int, *, n_folds: int) -> list[CodedUnit]:
    """The units whose document (whose own id, where no document is named) is in this fold."""
    return [unit for unit in units if fold_of(unit.document_id or unit.unit_id, n_folds) == fold]


@dataclass(frozen=True, slots=True)
class _Source:
    """What every line of one file is read against."""

    path: Path
    codebook: Codebook
    coder: str | None

    def error(self, line: int, message: str) -> GoldError:
        """GoldError that names the file and the line."""
        return GoldError(f"{self.path}:{line}: {message}", path=self.path, line=line)

    def level_of(self, code_id: str, line: int) -> str:
        """The level of a code; UnknownCodeError names the file and the line."""
        try:
            return self.codebook.level_of(code_id)
        except UnknownCodeError as err:
            place = {**err.place, "path": self.path, "line": line}
            raise UnknownCodeError(f"{self.path}:{line}: {err.message}", **place) from err

    def in_order(self, level: Level, code_ids: Collection[str]) -> tuple[str, ...]:
        """The ids in codebook order, each once."""
        return tuple(code_id for code_id in self.codebook.ids(level) if code_id in code_ids)


def _read_text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as err:
        raise GoldError(
            f"{path}: cannot be read ({err.strerror}). Give the path of a file.", path=path
        ) from err
    except UnicodeDecodeError as err:
        raise GoldError(
            f"{path}: byte {err.start} is not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8).", path=path
        ) from err
    if not text.strip():
        raise GoldError(f"{path}: the file is empty. A gold file needs one unit or more.", path=path)
    return text


def _check_units(units: list[tuple[int, CodedUnit]], path: Path, coder: str | None) -> list[CodedUnit]:
    """The units, when there are some and each id is there once."""
    if not units:
        whose = f" by coder {coder!r}. Correct the name" if coder else ". Add one or more"
        raise GoldError(f"{path}: there is no unit coded{whose}.", path=path, coder=coder)
    lines: dict[str, int] = {}
    for line, unit in units:
        first = lines.setdefault(unit.unit_id, line)
        if first != line:
            raise GoldError(
                f"{path}:{line}: unit {unit.unit_id!r} is already on line {first}. Give each unit once; "
                f"where several coders share the file, name the one to read.",
                path=path,
                line=line,
                unit_id=unit.unit_id,
            )
    return [unit for _, unit in units]


def _iter_json_units(text: str, source: _Source) -> Iterator[tuple[int, CodedUnit]]:
    # Not splitlines: a JSON string may hold U+2028 or U+0085 as they are.
    for line, row_text in enumerate(text.split("\n"), start=1):
        if row_text.strip():
            row = _parse_row(row_text, line, source)
            codes = _codes_of_coder(row, source.coder)
            if codes is not None:
                yield line, _unit_from_row(row, codes, line, source)


def _parse_row(row_text: str, line: int, source: _Source) -> Mapping[str, object]:
    try:
        row = json.loads(row_text)
    except (ValueError, RecursionError) as err:
        raise source.error(line, f"not JSON ({err}). Write one object a line.") from err
    if not isinstance(row, dict):
        raise source.error(line, f"found a {type(row).__name__}, expected one JSON object a line.")
    return row


def _codes_of_coder(row: Mapping[str, object], coder: str | None) -> Mapping[str, object] | None:
    """The mapping that holds this coder's lists; None when the coder was not given this unit."""
    if coder is None:
        return row
    own = row.get(coder)
    if isinstance(own, dict):
        return own
    return row if row.get("coder") == coder else None


def _unit_from_row(
    row: Mapping[str, object], codes: Mapping[str, object], line: int, source: _Source
) -> CodedUnit:
    number = row.get("id")
    is_number = isinstance(number, int) and not isinstance(number, bool)
    unit_id = str(number) if is_number else _text_field(row, "id", line, source)
    if unit_id is None:
        raise source.error(line, "`id` is missing or empty. Name the unit.")
    lists = {level: _codes_of_level(codes.get(level), level, line, source) for level in PREDICTED_LEVELS}
    return CodedUnit(
        unit_id=unit_id,
        text=_text_field(row, "text", line, source) or "",
        initial=lists["initial"],
        dimensions=lists["dimensions"],
        paths=lists["paths"],
        document_id=_text_field(row, "doc_id", line, source) or _text_field(row, "document_id", line, source),
        coder_id=source.coder or _text_field(row, "coder", line, source),
        stratum=_text_field(row, "stratum", line, source),
    )


def _text_field(row: Mapping[str, object], name: str, line: int, source: _Source) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise source.error(line, f"`{name}` is a {type(value).__name__}, expected a text.")
    if value and any("\ud800" <= character <= "\udfff" for character in value):
        raise source.error(line, f"`{name}` holds half a character (a lone surrogate). Write the text anew.")
    return value or None


def _codes_of_level(value: object, level: Level, line: int, source: _Source) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise source.error(
            line, f"`{level}` is {value!r}, expected a list of code ids ([] when nothing applies)."
        )
    for code_id in value:
        if not isinstance(code_id, str):
            raise source.error(line, f"`{level}` holds {code_id!r}, expected code ids.")
        if (found := source.level_of(code_id, line)) != level:
            raise source.error(
                line, f"`{level}` holds {code_id!r}, which is of level {found!r}. Move it there."
            )
    return source.in_order(level, value)


def _iter_csv_units(text: str, source: _Source) -> Iterator[tuple[int, CodedUnit]]:
    rows = list(_iter_csv_rows(text, source))
    coders = sorted({row.coder for row in rows})
    if source.coder is None and len(coders) > 1:
        raise GoldError(
            f"{source.path}: codes of several coders ({', '.join(coders)}). Name the one to read."
        )
    own = [row for row in rows if source.coder in (None, row.coder)]
    coded_levels = {row.level for row in own}
    first_lines: dict[str, int] = {}
    codes: dict[str, set[str]] = {}
    for row in own:
        first_lines.setdefault(row.unit_id, row.line)
        codes.setdefault(row.unit_id, set()).add(row.code_id)
    for unit_id, line in first_lines.items():
        initial, dimensions, paths = (
            source.in_order(level, codes[unit_id]) if level in coded_levels else None
            for level in PREDICTED_LEVELS
        )
        yield line, CodedUnit(unit_id, "", initial, dimensions, paths, coder_id=own[0].coder or None)


@dataclass(frozen=True, slots=True)
class _CsvRow:
    """One line of the long form; `level` is None where nothing applies (`code_id` is empty)."""

    line: int
    unit_id: str
    coder: str
    code_id: str
    level: str | None


def _iter_csv_rows(text: str, source: _Source) -> Iterator[_CsvRow]:
    lines = _iter_csv_cells(text, source)
    header_line, names = next(lines, (1, []))
    header = [name.strip().lower() for name in names]
    if missing := [name for name in _CSV_COLUMNS if name not in header]:
        found = ",".join(header)
        raise source.error(header_line, f"no column {missing[0]!r}; found {found}, expected unit,coder,code.")
    places = [header.index(name) for name in _CSV_COLUMNS]
    for line, cells in lines:
        if len(cells) <= max(places):
            raise source.error(line, f"{len(cells)} cells, expected {len(header)} as in the header.")
        unit_id, coder, code_id = (cells[place].strip() for place in places)
        if not unit_id:
            raise source.error(line, "the `unit` cell is empty. Name the unit.")
        yield _CsvRow(line, unit_id, coder, code_id, _level_of_cell(code_id, line, source))


def _iter_csv_cells(text: str, source: _Source) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each line that holds something."""
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as err:
        raise source.error(reader.line_num, f"not CSV ({err}). Check the quotes.") from err


def _level_of_cell(code_id: str, line: int, source: _Source) -> str | None:
    if not code_id:
        return None
    level = source.level_of(code_id, line)
    if level not in PREDICTED_LEVELS:
        raise source.error(
            line,
            f"{code_id!r} is of level {level!r}; give ids of {', '.join(PREDICTED_LEVELS)} (main follows).",
        )
    return level


def _row_of(unit: CodedUnit) -> dict[str, object]:
    lists = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    optional = {"doc_id": unit.document_id, "stratum": unit.stratum, "coder": unit.coder_id}
    row: dict[str, object] = {"id": unit.unit_id, "text": unit.text}
    row.update({level: list(codes) for level, codes in lists.items() if codes is not None})
    row.update({name: value for name, value in optional.items() if value is not None})
    return row
