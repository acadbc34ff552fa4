"""KeywordsSettings -> KeywordsResult and its files: keywords, their network, a page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from policy_nlp import __version__
from policy_nlp.analysis.keyword_result import KeywordsResult, KeywordYears
from policy_nlp.analysis.keyword_texts import KeywordTexts
from policy_nlp.analysis.keywords import Keyword, KeywordLimits, rank_keywords, shares_by_year
from policy_nlp.analysis.new_words import NewWordRules
from policy_nlp.analysis.stop_words import STOP_WORDS
from policy_nlp.analysis.word_network import NetworkRules, build_network
from policy_nlp.analysis.word_table import WordTable, build_word_table
from policy_nlp.analysis.words import DictionaryWord, Lexicon, codebook_words, join_dictionaries
from policy_nlp.codebook import Codebook
from policy_nlp.errors import OutputError
from policy_nlp.exchange.network_files import write_network_files
from policy_nlp.exchange.word_files import read_dictionary, read_stop_words, read_synonyms
from policy_nlp.files import atomic_path, hold_lock, write_atomically
from policy_nlp.operations.keyword_texts import KeywordInputs, read_keyword_texts
from policy_nlp.operations.label_manifest import now
from policy_nlp.records import Progress
from policy_nlp.reports.charts.files import write_figures
from policy_nlp.reports.keywords_page import keywords_page
from policy_nlp.reports.keywords_summary import KEYWORDS_JSON, keywords_json
from policy_nlp.reports.keywords_tables import keyword_rows, new_word_rows
from policy_nlp.reports.pages.render import render_page
from policy_nlp.settings.keywords import KeywordsSettings
from policy_nlp.tables.writing import write_table

PAGE = "keywords.html"
FIGURES = "figures"
KEYWORDS_CSV = "keywords.csv"
NEW_WORDS_CSV = "new-words.csv"

_N_LISTED = 500  # keywords in the table of all; the network has fewer
_N_LINES = 6  # keywords followed over years
_LEAST_YEARS = 2


def find_keywords(settings: KeywordsSettings, progress: Progress | None = None) -> KeywordsResult:
    """The keywords of all inputs; writes the folder of the settings.

    Raises:
        OutputError: the folder holds keywords already and may not be overwritten, or cannot be written.
        SettingsError, ExchangeError, CodebookError, UnknownCodeError, TableError: an input or a list of
            words breaks its form.
        CorpusError: there are no words to count.
    """
    _check_output(settings)
    lists = _read_lists(settings)
    inputs = read_keyword_texts(settings, progress)
    result = _count(inputs, lists, settings)
    with hold_lock(settings.out):
        _write(result)
    return result


def _check_output(settings: KeywordsSettings) -> None:
    if settings.out.is_file():
        raise OutputError(f"{settings.out}: is a file. --out names a folder.", path=settings.out)
    if (settings.out / KEYWORDS_CSV).exists() and not settings.is_forced:
        raise OutputError(
            f"{settings.out}: holds keywords already. Choose another folder, or overwrite with --force.",
            path=settings.out,
        )


def _read_lists(settings: KeywordsSettings) -> Lexicon:
    """The user's words, stop words and synonyms; a word that the user names is no stop word of ours."""
    words = read_dictionary(settings.dictionary_path) if settings.dictionary_path else ()
    stop_words = read_stop_words(settings.stop_words_path) if settings.stop_words_path else frozenset()
    synonyms = read_synonyms(settings.synonyms_path) if settings.synonyms_path else {}
    named = tuple(DictionaryWord(word) for word in sorted({*synonyms, *synonyms.values()}))
    own = join_dictionaries(words, named)
    return Lexicon(own, (STOP_WORDS - {word.text for word in own}) | stop_words, synonyms)


def _count(inputs: KeywordInputs, lists: Lexicon, settings: KeywordsSettings) -> KeywordsResult:
    texts = inputs.texts
    lexicon = replace(lists, words=join_dictionaries(lists.words, _codebook_words(inputs.codebook, lists)))
    table = build_word_table(
        texts.texts,
        texts.document_of_rows,
        n_documents=len(texts.documents),
        lexicon=lexicon,
        rules=NewWordRules() if settings.with_new_words else None,
    ).select(texts.is_counted)
    limits = KeywordLimits(settings.min_count, settings.min_documents)
    n_listed = max(_N_LISTED, settings.n_nodes, settings.top)
    keywords = rank_keywords(table, texts.years, score=settings.score, n=n_listed, limits=limits)
    rules = NetworkRules(settings.association, settings.min_together, settings.ties_per_node, settings.seed)
    return KeywordsResult(
        settings=settings,
        n_documents=len(texts.documents),
        n_with_text=len(np.unique(texts.document_of_rows[texts.is_counted])),
        n_dated=sum(year is not None for year in texts.years),
        n_sentences=int(texts.is_counted.sum()),
        n_characters=texts.n_characters,
        n_words=len(table.word_ids),
        keywords=keywords,
        network=build_network(
            table, keywords[: settings.n_nodes], window_of_rows=_windows(texts, settings), rules=rules
        ),
        years=_years(table, texts, keywords[:_N_LINES]),
        new_words=tuple(word for word in table.new_words if word.text not in lexicon.stop_words),
        n_user_words=len(lists.words),
        n_codebook_words=len(lexicon.words) - len(lists.words),
        codebook=inputs.codebook,
        models=inputs.models,
        notes=texts.notes,
        version=__version__,
        date=now(),
    )


def _codebook_words(codebook: Codebook, lists: Lexicon) -> tuple[DictionaryWord, ...]:
    return tuple(word for word in codebook_words(codebook) if word.text not in lists.stop_words)


def _windows(texts: KeywordTexts, settings: KeywordsSettings) -> NDArray[np.int64]:
    windows = {
        "sentence": np.arange(len(texts.texts), dtype=np.int64),
        "paragraph": texts.paragraph_of_rows,
        "document": texts.document_of_rows,
    }
    return windows[settings.window]


def _years(table: WordTable, texts: KeywordTexts, keywords: tuple[Keyword, ...]) -> tuple[KeywordYears, ...]:
    years = tuple(
        KeywordYears(word.text, shares_by_year(table, texts.years, place=word.place)) for word in keywords
    )
    return years if years and len(years[0].shares) >= _LEAST_YEARS else ()


def _write(result: KeywordsResult) -> None:
    folder = result.settings.out
    page = keywords_page(result)
    write_atomically(folder / PAGE, render_page(page))
    write_figures(folder / FIGURES, page.charts)
    for name, rows in ((KEYWORDS_CSV, keyword_rows(result)), (NEW_WORDS_CSV, new_word_rows(result))):
        with atomic_path(folder / name) as temporary:
            write_table(temporary, rows)
    write_network_files(result.network, folder)
    write_atomically(folder / KEYWORDS_JSON, keywords_json(result))
