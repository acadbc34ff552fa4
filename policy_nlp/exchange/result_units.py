"""The result folder of `code` -> the model as a coder of every sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_codebook import codebook_of_input
from policy_nlp.exchange.coder_documents import codings_of_unit
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.folder_models import name_in_projects
from policy_nlp.exchange.result_folder import DOCUMENTS, MANIFEST, SENTENCES
from policy_nlp.exchange.result_manifest import read_manifest
from policy_nlp.files import kind_of_path, sha256_of_file
from policy_nlp.gold.coders import describe_partly
from policy_nlp.gold.rows import UNDECIDED, RowSource, levels_left_open
from policy_nlp.records import (
    PREDICTED_LEVELS,
    CodedDocument,
    CodedUnit,
    Coder,
    CoderUnits,
    Coding,
    DocumentMetadata,
    Level,
    Span,
)
from policy_nlp.tables.table import BATCH_ROWS

_TEXT_COLUMNS = (
    "document_id",
    "title",
    "path",
    "text",
    "issuer",
    "document_number",
    "date",
    "region",
    "year",
)
_UNIT_COLUMNS = ("document_id", "sentence_id", "start", "end", "text", "kind", "status", *PREDICTED_LEVELS)


def is_result_folder(path: Path) -> bool:
    """Whether `path` is a folder that `policy-nlp code` wrote."""
    return all(kind_of_path(path / name) == "file" for name in (SENTENCES, DOCUMENTS))


def read_result_folder(path: Path, *, codebook_path: Path | None = None) -> CoderFile:
    """The model of a result folder as a coder; unit ids are sentence ids, `stratum` the sentence's kind.

    Raises:
        GoldError: the folder has no manifest, or one of its tables is damaged.
        OutputError: the manifest is none that `code` wrote.
        CodebookError: the codebook of the run is not the shipped one, and none was named.
        UnknownCodeError: a code is not in the codebook named.
    """
    if not (path / MANIFEST).is_file():
        raise GoldError(
            f"{path}: has no {MANIFEST}, so nothing says which model coded it: the run was not finished. "
            "Run `policy-nlp code` with this --out again.",
            path=path,
        )
    manifest = read_manifest(path / MANIFEST)
    codebook = codebook_of_input(path, manifest.run.codebook_sha256, codebook_path=codebook_path)
    coder = Coder(
        manifest.model,
        is_model=True,
        source=path.name,
        model_sha256=manifest.run.model_sha256,
        name_in_projects=name_in_projects(manifest.model, manifest.run.version),
    )
    try:
        texts = tuple(_iter_texts(path))
        read = _read_units(path, codebook, coder)
    except (pa.ArrowException, KeyError) as err:
        raise GoldError(
            f"{path}: its tables are damaged ({err}). Run `policy-nlp code` anew.", path=path
        ) from err
    notes = [
        f"{n:,} sentences of status {status!r} were not coded and count as not given"
        for status, n in sorted(read.n_left_out.items())
    ]
    if read.n_partly:
        notes.append(
            f"{describe_partly(read.n_partly, 'sentences')}; measures of characters count them as absent"
        )
    return CoderFile(
        path=path,
        sha256=sha256_of_file(path / SENTENCES),
        codebook=codebook,
        coders=(CoderUnits(coder, read.units, tuple(notes)),),
        documents=_coded_documents(texts, read.units, coder),
        texts=texts,
    )


def _iter_texts(path: Path) -> Iterator[SourceText]:
    with pq.ParquetFile(path / DOCUMENTS) as file:
        for batch in file.iter_batches(batch_size=64, columns=list(_TEXT_COLUMNS)):
            for row in batch.to_pylist():
                metadata = DocumentMetadata(
                    issuer=row["issuer"],
                    document_number=row["document_number"],
                    date=row["date"],
                    region=row["region"],
                    year=row["year"],
                )
                yield SourceText(row["document_id"], row["title"] or row["path"], row["text"], metadata)


@dataclass(frozen=True, slots=True)
class _UnitsRead:
    """The sentences that were coded at one level or more, and how many of each status were not.

    Attributes:
        n_partly: of the units, with undecided codes at some of their levels.
    """

    units: tuple[CodedUnit, ...]
    n_left_out: Counter[str]
    n_partly: int


def _read_units(path: Path, codebook: Codebook, coder: Coder) -> _UnitsRead:
    source = RowSource(path / SENTENCES, codebook, row_word="row ")
    units: list[CodedUnit] = []
    n_left_out: Counter[str] = Counter()
    n_partly = 0
    with pq.ParquetFile(path / SENTENCES) as file:
        for line, (*values, undecided) in enumerate(_iter_values(file), start=1):
            status = values[6]
            left_open = levels_left_open(status, undecided, line=line, source=source)
            if status == "empty" or left_open == PREDICTED_LEVELS:
                n_left_out[status] += 1
                continue
            n_partly += bool(left_open)
            units.append(_unit_of(values, source, coder, line=line, left_open=left_open))
    return _UnitsRead(tuple(units), n_left_out, n_partly)


def _iter_values(file: pq.ParquetFile) -> Iterator[tuple[Any, ...]]:
    """The values of each row in the order of `_UNIT_COLUMNS`, then its undecided codes, if said."""
    more = [UNDECIDED] if UNDECIDED in file.schema_arrow.names else []
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=[*_UNIT_COLUMNS, *more]):
        columns = [batch.column(name).to_pylist() for name in (*_UNIT_COLUMNS, *more)]
        yield from zip(*columns, *([] if more else [repeat(None, batch.num_rows)]), strict=True)


def _unit_of(
    values: Sequence[Any], source: RowSource, coder: Coder, *, line: int, left_open: Sequence[Level]
) -> CodedUnit:
    """The unit of one row of sentences.parquet, its values in the order of `_UNIT_COLUMNS`."""
    document_id, sentence_id, start, end, text, kind, _, *lists = values
    initial, dimensions, paths = (
        None if level in left_open else source.codes_in_order(level, tuple(codes), line=line)
        for level, codes in zip(PREDICTED_LEVELS, lists, strict=True)
    )
    return CodedUnit(
        unit_id=sentence_id,
        text=text,
        initial=initial,
        dimensions=dimensions,
        paths=paths,
        document_id=document_id,
        coder_id=coder.coder_id,
        stratum=kind,
        span=Span(start, end),
    )


def _coded_documents(
    texts: Sequence[SourceText], units: Sequence[CodedUnit], coder: Coder
) -> tuple[CodedDocument, ...]:
    codings: dict[str, list[Coding]] = {text.document_id: [] for text in texts}
    for unit in units:
        if unit.document_id is not None and unit.span is not None:
            own = codings[unit.document_id]
            own.extend(codings_of_unit(unit, document_id=unit.document_id, span=unit.span))
    return tuple(
        CodedDocument(text.document_id, len(text.text), (coder.coder_id,), tuple(codings[text.document_id]))
        for text in texts
    )
