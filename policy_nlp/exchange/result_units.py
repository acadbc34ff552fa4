"""The result folder of `code` -> the model as a coder of every sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
from policy_nlp.gold.coders import NOT_CODED
from policy_nlp.gold.rows import RowSource
from policy_nlp.records import (
    PREDICTED_LEVELS,
    CodedDocument,
    CodedUnit,
    Coder,
    CoderUnits,
    Coding,
    DocumentMetadata,
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
        units, n_left_out = _read_units(path, codebook, coder)
    except (pa.ArrowException, KeyError) as err:
        raise GoldError(
            f"{path}: its tables are damaged ({err}). Run `policy-nlp code` anew.", path=path
        ) from err
    notes = tuple(
        f"{n:,} sentences of status {status!r} were not coded and count as not given"
        for status, n in sorted(n_left_out.items())
    )
    return CoderFile(
        path=path,
        sha256=sha256_of_file(path / SENTENCES),
        codebook=codebook,
        coders=(CoderUnits(coder, units, notes),),
        documents=_coded_documents(texts, units, coder),
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


def _read_units(path: Path, codebook: Codebook, coder: Coder) -> tuple[tuple[CodedUnit, ...], Counter[str]]:
    """The sentences that were coded, and how many of each status were not."""
    source = RowSource(path / SENTENCES, codebook, row_word="row ")
    units: list[CodedUnit] = []
    n_left_out: Counter[str] = Counter()
    with pq.ParquetFile(path / SENTENCES) as file:
        for values in _iter_values(file):
            if values[6] in NOT_CODED:
                n_left_out[values[6]] += 1
            else:
                units.append(_unit_of(values, source, coder, line=len(units) + 1))
    return tuple(units), n_left_out


def _iter_values(file: pq.ParquetFile) -> Iterator[tuple[Any, ...]]:
    """The values of each row in the order of `_UNIT_COLUMNS`."""
    for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(_UNIT_COLUMNS)):
        yield from zip(*(batch.column(name).to_pylist() for name in _UNIT_COLUMNS), strict=True)


def _unit_of(values: Sequence[Any], source: RowSource, coder: Coder, *, line: int) -> CodedUnit:
    """The unit of one row of sentences.parquet, its values in the order of `_UNIT_COLUMNS`."""
    document_id, sentence_id, start, end, text, kind, _, *lists = values
    initial, dimensions, paths = (
        source.codes_in_order(level, tuple(codes), line=line)
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
