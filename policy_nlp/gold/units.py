"""Files with one coder's units: reading, writing, matching with another file's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.files import write_atomically
from policy_nlp.gold.long_form import NumberedUnit, iter_long_csv, units_of_long_rows
from policy_nlp.gold.rows import Row, RowSource, fields_of_row, parse_row, unit_of_coder
from policy_nlp.records import CodedUnit


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
    return _check_units(list(reader(text, RowSource(path, codebook), coder)), path, coder)


def write_coded_units(path: Path, units: Iterable[CodedUnit]) -> None:
    """Write units as JSON Lines that `read_coded_units` reads back; levels not coded are left out."""
    write_atomically(
        path, "".join(json.dumps(row_of_unit(unit), ensure_ascii=False) + "\n" for unit in units)
    )


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
        if unit.text and other.text and squeeze_text(unit.text) != squeeze_text(other.text):
            raise GoldError(
                f"{predicted_path}: unit {unit.unit_id!r} has another text than in {gold_path}. "
                f"Compare codings of the same sentences, or correct the ids.",
                path=predicted_path,
                unit_id=unit.unit_id,
            )
    return matched


def squeeze_text(text: str) -> str:
    """The text without any white space: what tells whether two texts of a unit are the same.

    >>> squeeze_text(" 设立 专项资金")
    '设立专项资金'
    """
    return "".join(text.split())


def _read_text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
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


def _check_units(units: list[NumberedUnit], path: Path, coder: str | None) -> list[CodedUnit]:
    """The units, when there are some and each id is there once."""
    if not units:
        whose = f" by coder {coder!r}. Correct the name" if coder else ". Add one or more"
        raise GoldError(f"{path}: there is no unit coded{whose}.", path=path, coder=coder)
    lines: dict[str, int] = {}
    for line, unit in ((one.line, one.unit) for one in units):
        first = lines.setdefault(unit.unit_id, line)
        if first != line:
            raise GoldError(
                f"{path}:{line}: unit {unit.unit_id!r} is already on line {first}. Give each unit once; "
                f"where several coders share the file, name the one to read.",
                path=path,
                line=line,
                unit_id=unit.unit_id,
            )
    return [one.unit for one in units]


def _iter_json_units(text: str, source: RowSource, coder: str | None) -> Iterator[NumberedUnit]:
    # Not splitlines: a JSON string may hold U+2028 or U+0085 as they are.
    for line, row_text in enumerate(text.split("\n"), start=1):
        if row_text.strip():
            row = parse_row(row_text, line=line, source=source)
            codes = _codes_of_coder(row, coder)
            if codes is not None:
                fields = fields_of_row(row, line=line, source=source)
                coder_id = coder or fields.coder
                unit = unit_of_coder(fields, codes, line=line, source=source, coder_id=coder_id)
                yield NumberedUnit(line, unit)


def _codes_of_coder(row: Row, coder: str | None) -> Row | None:
    """The mapping that holds this coder's lists; None when the coder was not given this unit."""
    if coder is None:
        return row
    own = row.get(coder)
    if isinstance(own, dict):
        return own
    return row if row.get("coder") == coder else None


def _iter_csv_units(text: str, source: RowSource, coder: str | None) -> Iterator[NumberedUnit]:
    rows = list(iter_long_csv(text, source))
    coders = sorted({row.coder for row in rows})
    if coder is None and len(coders) > 1:
        raise GoldError(
            f"{source.path}: codes of several coders ({', '.join(coders)}). Name the one to read."
        )
    yield from units_of_long_rows([row for row in rows if coder in (None, row.coder)], source)


def row_of_unit(unit: CodedUnit) -> dict[str, object]:
    """The object of a unit in a gold file; levels not coded are left out."""
    lists = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    span = unit.span
    optional = {
        "doc_id": unit.document_id,
        "start": span.start if span is not None else None,
        "end": span.end if span is not None else None,
        "stratum": unit.stratum,
        "source_kind": unit.source_kind,
        "year": unit.year,
        "coder": unit.coder_id,
    }
    row: dict[str, object] = {"id": unit.unit_id, "text": unit.text}
    row.update({level: list(codes) for level, codes in lists.items() if codes is not None})
    row.update({name: value for name, value in optional.items() if value is not None})
    return row
