"""What `keywords` found, with all that a reader needs to know how."""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.analysis.coded_corpus import CorpusModel
from policy_nlp.analysis.keywords import Keyword, YearShare
from policy_nlp.analysis.new_words import NewWord
from policy_nlp.analysis.word_network import WordNetwork
from policy_nlp.codebook import Codebook
from policy_nlp.settings.keywords import KeywordsSettings


@dataclass(frozen=True, slots=True)
class KeywordYears:
    """In how many documents of each year a keyword stands."""

    text: str
    shares: tuple[YearShare, ...]


@dataclass(frozen=True, slots=True)
class KeywordsResult:
    """Keywords, their network, and where both are from.

    Attributes:
        n_documents: of the inputs; `n_with_text` of them have a sentence that was counted.
        n_words: that count, with repetitions.
        keywords: by score, more than the network has.
        years: of the first keywords; empty with fewer than two years.
        n_dictionary: words of the user, of the codebook, and terms found in the texts.
        models: that coded the folders; empty for plain documents.
        date: of the run, ISO 8601.
    """

    settings: KeywordsSettings
    n_documents: int
    n_with_text: int
    n_dated: int
    n_sentences: int
    n_characters: int
    n_words: int
    keywords: tuple[Keyword, ...]
    network: WordNetwork
    years: tuple[KeywordYears, ...]
    new_words: tuple[NewWord, ...]
    n_user_words: int
    n_codebook_words: int
    codebook: Codebook
    models: tuple[CorpusModel, ...]
    notes: tuple[str, ...]
    version: str
    date: str
