"""Inputs of `keywords` -> the sentences that are counted, of result folders and of plain documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CodedCorpus, CorpusModel
from policy_nlp.analysis.keyword_texts import KeywordDocument, KeywordTexts, join_texts, number_paragraphs
from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.documents.load import iter_documents
from policy_nlp.errors import CorpusError, SettingsError
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.result_folder import DOCUMENTS, iter_document_texts
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.records import Document, Progress, SkippedInput
from policy_nlp.sentences import sentences_of
from policy_nlp.settings.keywords import KeywordsSettings


@dataclass(frozen=True, slots=True)
class KeywordInputs:
    """What the inputs hold."""

    texts: KeywordTexts
    codebook: Codebook
    models: tuple[CorpusModel, ...]


def read_keyword_texts(settings: KeywordsSettings, progress: Progress | None = None) -> KeywordInputs:
    """The sentences of all inputs, those of one code or level alone where the settings say so.

    Raises:
        SettingsError: a code or level is asked for, and an input is no result folder.
        ExchangeError, CodebookError, UnknownCodeError: a folder is damaged or has another codebook.
        CorpusError: no sentence is left.
    """
    folders = [path for path in settings.inputs if is_result_folder(path)]
    plain = [path for path in settings.inputs if path not in folders]
    if plain and (settings.code_id or settings.level):
        raise SettingsError(
            f"{plain[0]}: --code and --level need codes, and this is no result folder. Code it first: "
            f"policy-nlp code {plain[0]} --out DIR",
            path=plain[0],
        )
    corpus = read_corpus(folders, codebook_path=settings.codebook_path) if folders else None
    codebook = corpus.codebook if corpus else load_codebook(settings.codebook_path or shipped_codebook_path())
    texts = _no_texts() if corpus is None else _coded_texts(corpus, folders, settings)
    if plain:
        texts = join_texts(texts, _plain_texts(plain, settings, progress))
    if not texts.is_counted.any():
        notes = f" ({'; '.join(texts.notes[:3])})" if texts.notes else ""
        raise CorpusError(
            f"no sentence is left to count words in{notes}. Name other inputs, or another code."
        )
    return KeywordInputs(texts, codebook, corpus.models if corpus else ())


def _no_texts() -> KeywordTexts:
    nothing = np.zeros(0, dtype=np.int64)
    return KeywordTexts((), (), nothing, nothing, nothing.astype(np.bool_))


def _coded_texts(corpus: CodedCorpus, folders: Sequence[Path], settings: KeywordsSettings) -> KeywordTexts:
    documents = tuple(
        KeywordDocument(one.document_id, one.path, one.title, one.metadata.year) for one in corpus.documents
    )
    # Lines are looked up in the texts, which are read only for this.
    is_wanted = settings.window == "paragraph"
    paragraphs = _paragraphs(corpus, folders) if is_wanted else np.arange(len(corpus), dtype=np.int64)
    return KeywordTexts(
        documents,
        corpus.texts,
        corpus.document_of_rows(),
        paragraphs,
        is_counted=_is_wanted(corpus, settings),
        notes=corpus.notes,
    )


def _is_wanted(corpus: CodedCorpus, settings: KeywordsSettings) -> NDArray[np.bool_]:
    """Shape (N,): the sentences with the code or level of the settings."""
    level = settings.level
    if settings.code_id is not None:
        own = corpus.codebook.level_of(settings.code_id)
        if own == "concepts" or (level is not None and level != own):
            raise SettingsError(
                f"--code {settings.code_id}: this is a code of the level {own!r}; name one of the level "
                f"{level or 'main, initial, dimensions or paths'}.",
                code_id=settings.code_id,
            )
        place = corpus.codebook.ids(own).index(settings.code_id)
        return np.asarray(corpus.applies_at(own)[:, place], dtype=np.bool_)
    if level is None:
        return np.ones(len(corpus), dtype=np.bool_)
    return np.asarray(corpus.applies_at(level).any(axis=1), dtype=np.bool_)


def _paragraphs(corpus: CodedCorpus, folders: Sequence[Path]) -> NDArray[np.int64]:
    """Shape (N,): the paragraph of each sentence, numbered over all documents."""
    places = {one.document_id: place for place, one in enumerate(corpus.documents)}
    lines = np.zeros(len(corpus), dtype=np.int64)
    n_lines = np.zeros(len(corpus.documents), dtype=np.int64)
    for document in chain.from_iterable(iter_document_texts(folder / DOCUMENTS) for folder in folders):
        place = places[document.document_id]
        rows = corpus.rows_of(place)
        lines[rows] = number_paragraphs(document.text, corpus.starts[rows])
        n_lines[place] = document.text.count("\n") + 1
    before = np.concatenate([[0], n_lines.cumsum()[:-1]])
    return np.asarray(lines + before[corpus.document_of_rows()], dtype=np.int64)


def _plain_texts(
    paths: Sequence[Path], settings: KeywordsSettings, progress: Progress | None
) -> KeywordTexts:
    notes: list[str] = []
    documents: list[Document] = []
    for found in iter_documents(paths, text_column=settings.text_column):
        if isinstance(found, SkippedInput):
            notes.append(f"skipped: {found.reason}")
            continue
        documents.append(found)
        if progress is not None:
            progress(len(documents), None)
    if not documents:
        raise CorpusError(
            f"none of the inputs can be read ({'; '.join(notes[:3])}). Name documents or result folders."
        )
    return _sentences_of(documents, tuple(notes))


def _sentences_of(documents: Sequence[Document], notes: tuple[str, ...]) -> KeywordTexts:
    texts: list[str] = []
    document_of_rows: list[int] = []
    paragraphs: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    n_lines = 0
    for place, document in enumerate(documents):
        sentences = sentences_of(document)
        texts.extend(sentence.text for sentence in sentences)
        document_of_rows.extend([place] * len(sentences))
        starts = np.array([sentence.span.start for sentence in sentences], dtype=np.int64)
        paragraphs.append(number_paragraphs(document.text, starts) + n_lines)
        n_lines += document.text.count("\n") + 1
    return KeywordTexts(
        documents=tuple(
            KeywordDocument(one.document_id, one.path, one.title, one.metadata.year) for one in documents
        ),
        texts=tuple(texts),
        document_of_rows=np.array(document_of_rows, dtype=np.int64),
        paragraph_of_rows=np.concatenate(paragraphs),
        is_counted=np.ones(len(texts), dtype=np.bool_),
        notes=notes,
    )
