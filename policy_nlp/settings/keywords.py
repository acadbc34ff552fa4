"""Settings of `keywords`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from policy_nlp.records import Level

KeywordWindow = Literal["sentence", "paragraph", "document"]
"""Within what two keywords stand together."""

KeywordScoreName = Literal["tfidf", "textrank", "frequency"]
AssociationName = Literal["cosine", "association", "count"]


@dataclass(frozen=True, slots=True)
class KeywordsSettings:
    """Documents or result folders whose keywords are wanted, and the folder that takes them."""

    inputs: tuple[Path, ...]  # result folders of `code`; files, folders and archives of documents
    out: Path
    top: int = 10  # rows of the table on the page
    n_nodes: int = 60  # keywords in the network
    score: KeywordScoreName = "tfidf"
    min_count: int = 3  # rarer words are no keywords
    min_documents: int = 2  # where there are so many
    window: KeywordWindow = "sentence"
    association: AssociationName = "cosine"
    min_together: int = 2  # windows that two keywords share at least
    ties_per_node: int = 3  # strongest ties kept, times the nodes; 0: all
    code_id: str | None = None  # only sentences with this code; result folders only
    level: Level | None = None  # only sentences with a code of this level; result folders only
    dictionary_path: Path | None = None  # words of the user
    stop_words_path: Path | None = None
    synonyms_path: Path | None = None
    with_new_words: bool = True  # look for terms in the texts themselves
    codebook_path: Path | None = None  # None: that of the folders, or the shipped one
    text_column: str | None = None  # of tables among the documents
    seed: int = 0
    is_forced: bool = False
