"""Codebook files of every format <-> Codebook, by the ending of the file.

| ending | holds |
| --- | --- |
| .yaml, .yml | policy-nlp's own form |
| .qdc | a REFI-QDA codebook: NVivo, MAXQDA, ATLAS.ti, QualCoder |
| .csv, .xlsx (read also .tsv, .xls) | a table, one row a code |
| .txt (read only) | lines of `category>>code`, a tab, a memo: QualCoder |
| .qdpx, .qde (read only) | the codes of a REFI-QDA project |
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policy_nlp.codebook import LEVEL_KEYS, RECONSTRUCTED, Codebook, parse_codebook
from policy_nlp.documents.zip_reading import iter_unpacked, open_zip
from policy_nlp.errors import CodebookError, DocumentError, ExchangeError
from policy_nlp.exchange.code_texts import can_carry, read_description, texts_of_code, write_description
from policy_nlp.exchange.code_tree import build_codebook
from policy_nlp.exchange.codebook_tables import (
    CODEBOOK,
    STATUS,
    FoundCodebook,
    read_code_lines,
    read_codebook_table,
    write_codebook_table,
)
from policy_nlp.exchange.codebook_yaml import codebook_yaml
from policy_nlp.exchange.project_codebook import codebook_of_project
from policy_nlp.exchange.refi_qda.codebook_codes import codes_of_codebook
from policy_nlp.exchange.refi_qda.codebook_files import parse_qdc, qdc_bytes
from policy_nlp.exchange.refi_qda.guids import code_guid, make_guid
from policy_nlp.exchange.refi_qda.project import QdaCodebook, QdaSet
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.exchange.refi_qda.safe_text import xml_safe
from policy_nlp.files import atomic_path, kind_of_path, sha256_of_file
from policy_nlp.tables.xlsx_writing import MAX_CELL_UNITS
from policy_nlp.yaml_maps import YamlMap, parse_yaml_map

MAX_BYTES = 32 << 20
_SHOWN = 5
_ABOUT = "编码手册 Codebook: "
_OURS = "重建的名称 Reconstructed names"


@dataclass(frozen=True, slots=True)
class ReadCodebook:
    """A codebook of any format.

    Attributes:
        losses: how it was read, and what of the file is not in it.
    """

    codebook: Codebook
    losses: tuple[str, ...] = ()


def read_codebook_file(path: Path) -> ReadCodebook:
    """The codebook of a file of any format, by its ending.

    Raises:
        CodebookError: the file is missing, too large or of no known ending, or it breaks a rule.
        ExchangeError: the file of another tool is damaged.
        TableError: a table is damaged.
    """
    ending = path.suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        raise CodebookError(
            f"{path}: no codebook is read from files that end in {ending or 'nothing'!r}. Endings that are: "
            f"{', '.join(_READERS)}. Rename or export the file.",
            path=path,
        )
    kind = kind_of_path(path)
    if kind != "file":
        raise CodebookError(f"{path}: is {kind}, expected a codebook file. Correct the path.", path=path)
    if ending not in (".qdpx", ".qde") and path.stat().st_size > MAX_BYTES:
        raise CodebookError(
            f"{path}: {path.stat().st_size >> 20} MB, codebooks of at most {MAX_BYTES >> 20} MB are read. "
            "Split it.",
            path=path,
        )
    _check_content(path, ending)
    return reader(path)


def _check_content(path: Path, ending: str) -> None:
    """Raises ExchangeError where a file is the XML of another tool, or a workbook is a zip bomb."""
    with path.open("rb") as stream:
        head = stream.read(200).removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith((b"<?xml", b"<CodeBook")) and ending not in (".qdc", ".qde"):
        raise ExchangeError(
            f"{path}: holds XML, not what {ending} stands for. Rename it to .qdc if it is a codebook.",
            path=path,
        )
    if head.startswith(b"PK") and ending not in (".qdc", ".qdpx", ".qde"):
        _check_unpacked_size(path)


def _check_unpacked_size(path: Path) -> None:
    """Unpacks a workbook piece by piece and keeps nothing: its reader would take all of it into memory."""
    try:
        with open_zip(path, str(path)) as container:
            n_left = MAX_BYTES * 4
            for member in container.infolist():
                chunks = iter_unpacked(container, member, shown_path=str(path), max_bytes=n_left)
                n_left -= sum(len(chunk) for chunk in chunks)
    except DocumentError as err:
        raise ExchangeError(err.message, **err.place) from err


def write_codebook_file(path: Path, codebook: Codebook) -> tuple[str, ...]:
    """Write a codebook in the format of the ending, whole or not at all.

    Returns:
        What the format could not hold.

    Raises:
        CodebookError: no codebook is written under this ending.
        OutputError: the place cannot be written.
    """
    writer = _writer_for(path)
    with atomic_path(path) as temporary:
        return writer(temporary, codebook)


def check_writable_ending(path: Path) -> None:
    """Raises CodebookError where no codebook is written under this ending."""
    _writer_for(path)


def _writer_for(path: Path) -> Callable[[Path, Codebook], tuple[str, ...]]:
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise CodebookError(
            f"{path}: no codebook is written with the ending {path.suffix or 'nothing'!r}. Endings that are: "
            f"{', '.join(_WRITERS)}. Choose one of them.",
            path=path,
        )
    return writer


def _read_yaml(path: Path) -> ReadCodebook:
    content = path.read_bytes()
    codebook = parse_codebook(content, path)
    return ReadCodebook(codebook, tuple(_unread_yaml(codebook, parse_yaml_map(content, path))))


def _unread_yaml(codebook: Codebook, root: YamlMap) -> Iterator[str]:
    """What a YAML file says beside its codes."""
    keys = [key for key in root.fields if key not in LEVEL_KEYS.values() and key != "rules"]
    rules = root.optional_map("rules")
    if rules is not None:
        meta = rules.optional_map("meta")
        keys += [f"rules.{key}" for key in rules.fields if key != "meta"]
        keys += [
            f"rules.meta.{key}" for key in (meta.fields if meta else ()) if key not in ("title", "status")
        ]
    if keys:
        yield f"beside the codes, so not carried over: {', '.join(keys)}"
    huge = [
        f"{other.key} of {code.code_id}"
        for code in codebook.all_codes
        for other in code.others
        if not other.value
    ]
    if huge:
        yield f"too large to carry: {_some(huge)}"


def _read_qdc(path: Path) -> ReadCodebook:
    qda = parse_qdc(path.read_bytes(), str(path))
    about = next(
        (texts for s in qda.sets if (texts := read_description(s.description)) and CODEBOOK in texts), {}
    )
    made = codebook_of_project(
        qda.codes, name=about.get(CODEBOOK, qda.name), applied_guids=frozenset(), path=path
    )
    codebook = replace(made.codebook, status=about.get(STATUS, ""), digest=sha256_of_file(path))
    return ReadCodebook(codebook, (*qda.losses, *_unread_qda(qda), *made.notes))


def _unread_qda(qda: QdaCodebook) -> Iterator[str]:
    if not qda.origin.startswith("policy-nlp") and (n := sum(code.color is not None for code in qda.codes)):
        yield f"colours of codes: {n}"
    sets = [s.name for s in qda.sets if s.guid not in (_set_guid("about"), _set_guid("reconstructed"))]
    if sets:
        yield f"sets of codes: {_some(sets)}"


def _read_project(path: Path) -> ReadCodebook:
    project = read_project(path).project
    applied = frozenset(coding.code_guid for coding in project.codings)
    made = codebook_of_project(
        project.codes, name=project.name or path.stem, applied_guids=applied, path=path
    )
    beside = f"not part of a codebook: {len(project.sources)} sources, {len(project.codings)} codings"
    beside += ", the description of the project" if project.description else ""
    return ReadCodebook(replace(made.codebook, digest=sha256_of_file(path)), (beside, *made.notes))


def _read_table(path: Path) -> ReadCodebook:
    return _built(path, read_codebook_table(path))


def _read_lines(path: Path) -> ReadCodebook:
    return _built(path, read_code_lines(path))


def _built(path: Path, found: FoundCodebook) -> ReadCodebook:
    made = build_codebook(found.codes, name=found.name or path.stem, path=path, status=found.status)
    return ReadCodebook(replace(made.codebook, digest=sha256_of_file(path)), (*found.notes, *made.notes))


def _write_yaml(path: Path, codebook: Codebook) -> tuple[str, ...]:
    content = codebook_yaml(codebook).encode()
    parse_codebook(content, path)  # what is written can be read: an error here stops the write
    path.write_bytes(content)
    return ()


def _write_qdc(path: Path, codebook: Codebook) -> tuple[str, ...]:
    qda = QdaCodebook(codebook.name, codes_of_codebook(codebook), tuple(_sets_of(codebook)))
    path.write_bytes(qdc_bytes(qda))
    return (*_uncarried(codebook), *_unsafe(codebook, "U+FFFD"))


def _write_csv(path: Path, codebook: Codebook) -> tuple[str, ...]:
    return (*write_codebook_table(path, codebook), *_uncarried(codebook))


def _write_xlsx(path: Path, codebook: Codebook) -> tuple[str, ...]:
    warnings = write_codebook_table(path, codebook)
    return (*warnings, *_cut(codebook), *_uncarried(codebook), *_unsafe(codebook, "nothing"))


def _sets_of(codebook: Codebook) -> Iterator[QdaSet]:
    """What the file says of itself, as sets: only codes and sets can carry text there."""
    about = {CODEBOOK: codebook.name, STATUS: codebook.status}
    yield QdaSet(
        _set_guid("about"),
        f"{_ABOUT}{codebook.name}",
        tuple(code_guid(code.code_id) for code in codebook.main),
        description=write_description({key: text for key, text in about.items() if text}),
    )
    ours = [code for code in codebook.all_codes if code.evidence_status == RECONSTRUCTED]
    if ours:
        n_initial = sum(code.level == "initial" for code in ours)
        yield QdaSet(
            _set_guid("reconstructed"),
            _OURS,
            tuple(code_guid(code.code_id) for code in ours),
            description=f"{n_initial} of {len(codebook.initial)} initial names are reconstructed: not the "
            "authors' table. 重建的名称不是论文原表,不得当作原表引用。",
        )


def _set_guid(name: str) -> str:
    return make_guid("codebook set", name)


def _uncarried(codebook: Codebook) -> Iterator[str]:
    """Fields with names that a column or a labelled line cannot have."""
    names = [
        f"{o.key!r} of {code.code_id}"
        for code in codebook.all_codes
        for o in code.others
        if not can_carry(o.key)
    ]
    if names:
        yield f"fields with names that mean something else or cannot be told: {_some(names)}"


def _unsafe(codebook: Codebook, what: str) -> Iterator[str]:
    """Texts with characters that XML cannot hold."""
    names = [
        c.code_id
        for c in codebook.all_codes
        if any(xml_safe(t) != t for t in (c.name_zh, *texts_of_code(c).values()))
    ]
    if names:
        yield f"control characters, written as {what}: in {_some(names)}"


def _cut(codebook: Codebook) -> Iterator[str]:
    cells = [
        f"{name} of {code.code_id}"
        for code in codebook.all_codes
        for name, text in texts_of_code(code).items()
        if len(text.encode("utf-16-le", "replace")) // 2 > MAX_CELL_UNITS
    ]
    if cells:
        yield f"cut to the {MAX_CELL_UNITS:,} characters of an Excel cell: {_some(cells)}; .csv has no limit"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f", ... ({len(names)})" if len(names) > _SHOWN else "")


_READERS: Mapping[str, Callable[[Path], ReadCodebook]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".qdc": _read_qdc,
    ".csv": _read_table,
    ".tsv": _read_table,
    ".xlsx": _read_table,
    ".xls": _read_table,
    ".txt": _read_lines,
    ".qdpx": _read_project,
    ".qde": _read_project,
}
_WRITERS: Mapping[str, Callable[[Path, Codebook], tuple[str, ...]]] = {
    ".yaml": _write_yaml,
    ".yml": _write_yaml,
    ".qdc": _write_qdc,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
}
