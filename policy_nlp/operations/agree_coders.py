"""Coder files -> coders that can be compared: one codebook, coder ids that no two of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_nlp.agreement.result import AgreementInput
from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError, GoldError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.same_models import join_same_models
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.files import show_path
from policy_nlp.records import PREDICTED_LEVELS, CodedDocument, CoderUnits


@dataclass(frozen=True, slots=True)
class JoinedCoders:
    """Coders of one or more files under one codebook.

    Attributes:
        documents: codings on characters of documents whose texts an input holds, each document once with
            all coders who were given it.
        notes: of reading and joining, for people.
        same_models: models that were in several inputs, among the notes too.
    """

    codebook: Codebook
    coders: tuple[CoderUnits, ...]
    documents: tuple[CodedDocument, ...]
    texts: tuple[SourceText, ...]
    inputs: tuple[AgreementInput, ...]
    notes: tuple[str, ...]
    same_models: tuple[str, ...] = ()


def join_coder_files(files: Sequence[CoderFile]) -> JoinedCoders:
    """The coders of all files, their units and documents under the ids of the first file that has them.

    Raises:
        ExchangeError: the files were coded with different codebooks.
        GoldError: the files use the same ids for other units.
    """
    codebook = find_common_codebook(files)
    joined = join_same_models(files, align_units(files))
    aligned = joined.files
    documents, document_notes = _join_documents(aligned)
    return JoinedCoders(
        codebook=codebook,
        coders=tuple(coder for file in aligned for coder in file.coders),
        documents=documents,
        texts=tuple(text for file in aligned for text in file.texts),
        inputs=tuple(
            AgreementInput(show_path(file.path), file.sha256, tuple(c.coder.coder_id for c in file.coders))
            for file in aligned
        ),
        notes=(
            *_tell_same_files(files),
            *joined.notes,
            *(note for file in aligned for note in file.notes),
            *document_notes,
        ),
        same_models=joined.notes,
    )


def _tell_same_files(files: Sequence[CoderFile]) -> list[str]:
    """One note for each file whose bytes another one before it has."""
    firsts: dict[str, CoderFile] = {}
    notes = []
    for file in files:
        first = firsts.setdefault(file.sha256, file)
        if first is not file:
            notes.append(
                f"{show_path(file.path)} has the very bytes of {show_path(first.path)}: its coders count "
                "twice and agree with themselves."
            )
    return notes


def choose_coders(joined: JoinedCoders, *, only: Sequence[str], models: Sequence[str]) -> JoinedCoders:
    """Only the coders named in `only` (all when it is empty), those named in `models` marked as models.

    Raises:
        GoldError: no coder has one of the names; the message lists those there are.
    """
    known = [coder.coder.coder_id for coder in joined.coders]
    for name in (*only, *models):
        if name not in known:
            raise GoldError(
                f"no coder is called {name!r}; the inputs hold {', '.join(known)}. Correct the name.",
                coder=name,
            )
    kept = [coder for coder in joined.coders if not only or coder.coder.coder_id in only]
    marked = tuple(
        replace(c, coder=replace(c.coder, is_model=True)) if c.coder.coder_id in models else c for c in kept
    )
    kept_ids = {coder.coder.coder_id for coder in kept}
    documents = (_keep_coders(document, kept_ids) for document in joined.documents)
    return replace(joined, coders=marked, documents=tuple(d for d in documents if d.coder_ids))


def find_common_codebook(files: Sequence[CoderFile]) -> Codebook:
    """The codebook that has the codes of all files.

    Raises:
        ExchangeError: no file's codebook has them all.
    """
    widest = max(files, key=lambda file: len(file.codebook.code_ids))
    for file in files:
        for level in PREDICTED_LEVELS:
            unknown = [i for i in file.codebook.ids(level) if i not in widest.codebook.ids(level)]
            if unknown:
                raise ExchangeError(
                    f"{show_path(file.path)} and {show_path(widest.path)} were coded with different "
                    f"codebooks: {level} code {unknown[0]!r} ({len(unknown)} in all) is only in "
                    f"{file.codebook.name!r}, not in {widest.codebook.name!r}. Name one codebook for both "
                    f"with --codebook, or bring one to the other's ids (policy-nlp codebook convert).",
                    path=file.path,
                    code_id=unknown[0],
                )
    return widest.codebook


def _keep_coders(document: CodedDocument, kept: set[str]) -> CodedDocument:
    return replace(
        document,
        coder_ids=tuple(coder_id for coder_id in document.coder_ids if coder_id in kept),
        codings=tuple(coding for coding in document.codings if coding.coder_id in kept),
        uncoded=tuple(own for own in document.uncoded if own.coder_id in kept),
    )


def _join_documents(files: Sequence[CoderFile]) -> tuple[tuple[CodedDocument, ...], list[str]]:
    """Each document once; one whose text is not as long in every file is left out with a note."""
    joined: dict[str, CodedDocument] = {}
    differing: set[str] = set()
    for document in (document for file in files if file.texts for document in file.documents):
        first = joined.setdefault(document.document_id, document)
        if first is document:
            continue
        if first.length != document.length:
            differing.add(document.document_id)
            continue
        joined[document.document_id] = replace(
            first,
            coder_ids=tuple(dict.fromkeys((*first.coder_ids, *document.coder_ids))),
            codings=(*first.codings, *document.codings),
            uncoded=(*first.uncoded, *document.uncoded),
        )
    notes = [
        f"document {document_id!r} has texts of different lengths in the inputs: its codings on characters "
        "are not compared"
        for document_id in sorted(differing)
    ]
    return tuple(d for key, d in joined.items() if key not in differing), notes
