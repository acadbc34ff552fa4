"""Result folders of one or more models -> each document once, with what every model coded in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.folder_documents import FolderDocument, iter_folder_documents
from policy_nlp.exchange.placing import PlacedCoding, TextUnit, describe_score
from policy_nlp.exchange.result_folder import MANIFEST
from policy_nlp.exchange.result_manifest import read_manifest
from policy_nlp.records import Document

_SHOWN_DIGITS = 8  # of a model's hash, where two models have one name


@dataclass(frozen=True, slots=True)
class CodedFolder:
    """A result folder and the model that coded it."""

    path: Path  # holds documents.parquet and sentences.parquet
    model: str  # name
    version: str  # of policy-nlp
    model_sha256: str


@dataclass(frozen=True, slots=True)
class ModelDocument:
    """One document with the codings of all models that were given it, and its sentences."""

    document: Document
    units: tuple[TextUnit, ...]
    codings: tuple[PlacedCoding, ...]
    coder_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _CodedText:
    """What one model coded in one document, without the text itself."""

    text_digest: bytes
    codings: tuple[PlacedCoding, ...]


def coded_folder(path: Path) -> CodedFolder:
    """The folder at a path, with the model that its manifest names.

    Raises:
        OutputError: the manifest is none that `code` wrote.
    """
    manifest = read_manifest(path / MANIFEST)
    return CodedFolder(path, manifest.model, manifest.run.version, manifest.run.model_sha256)


def name_in_projects(model: str, version: str) -> str:
    """What projects call the user that stands for a model run by one version of policy-nlp."""
    return f"{model} {version}"


def name_models(folders: Sequence[CodedFolder]) -> tuple[str, ...]:
    """The coder id of each folder's model: name and version, and its hash where others have both too."""
    digests: dict[str, set[str]] = {}
    for folder in folders:
        digests.setdefault(_name(folder), set()).add(folder.model_sha256)
    return tuple(
        _name(folder) if len(digests[_name(folder)]) == 1 else _name_with_digest(folder) for folder in folders
    )


def iter_model_documents(folders: Sequence[CodedFolder]) -> Iterator[ModelDocument]:
    """The documents of all folders, each once; memory holds a few texts, and the codings of further folders.

    Raises:
        ExchangeError: a folder is damaged, or two have another text of one document.
    """
    coder_ids = name_models(folders)
    further = [
        _read_codings(folder, coder_id) for folder, coder_id in zip(folders[1:], coder_ids[1:], strict=True)
    ]
    done: set[str] = set()
    for place, (folder, coder_id) in enumerate(zip(folders, coder_ids, strict=True)):
        others = tuple(zip(coder_ids[place + 1 :], further[place:], strict=True))
        for found in iter_folder_documents(folder.path):
            if found.document.document_id not in done:
                done.add(found.document.document_id)
                yield _model_document(found, coder_id, others)


def _model_document(
    found: FolderDocument, coder_id: str, others: Sequence[tuple[str, Mapping[str, _CodedText]]]
) -> ModelDocument:
    document = found.document
    codings = _codings_of(found, coder_id)
    coder_ids = [coder_id]
    for other_id, coded in others:
        other = coded.get(document.document_id)
        if other is None:
            continue
        if other.text_digest != _digest(document):
            raise ExchangeError(
                f"{document.path} (document {document.document_id}): {coder_id} and {other_id} coded two "
                "texts of it, so positions do not agree. Code the same files again, or export apart.",
                document_id=document.document_id,
            )
        codings += other.codings
        coder_ids.append(other_id)
    units = tuple(TextUnit(sentence.sentence_id, sentence.span) for sentence in found.sentences)
    return ModelDocument(document, units, codings, tuple(dict.fromkeys(coder_ids)))


def _read_codings(folder: CodedFolder, coder_id: str) -> dict[str, _CodedText]:
    return {
        found.document.document_id: _CodedText(_digest(found.document), _codings_of(found, coder_id))
        for found in iter_folder_documents(folder.path)
    }


def _codings_of(found: FolderDocument, coder_id: str) -> tuple[PlacedCoding, ...]:
    return tuple(
        PlacedCoding(sentence.span, code.code_id, coder_id, describe_score(code.score, coder_id))
        for sentence in found.sentences
        for code in sentence.codes
    )


def _digest(document: Document) -> bytes:
    return hashlib.sha256(document.text.encode("utf-8", errors="surrogatepass")).digest()


def _name(folder: CodedFolder) -> str:
    return name_in_projects(folder.model, folder.version)


def _name_with_digest(folder: CodedFolder) -> str:
    return f"{_name(folder)} {folder.model_sha256[:_SHOWN_DIGITS]}"
