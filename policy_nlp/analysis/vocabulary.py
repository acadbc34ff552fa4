"""Words that are typical of a group of documents: weighted log-odds with an informative Dirichlet prior.

Source: Monroe, Colaresi & Quinn (2008), "Fightin' Words", Political Analysis 16:372-403, section 3.

The z-scores take words as drawn one by one. Words come in documents, and a document repeats its own: z is too
large for words of few documents. So a typical word must also stand in several documents of its group.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.new_words import NewWordRules
from policy_nlp.analysis.word_table import WordTable, build_word_table
from policy_nlp.analysis.words import Lexicon, codebook_words
from policy_nlp.errors import CorpusError


@dataclass(frozen=True, slots=True)
class VocabularyRules:
    """When a word is typical of a group.

    Attributes:
        prior_size: words that the prior is worth, spread as the words of all groups are.
        max_fdr: the false discovery rate over all words and groups (Benjamini & Hochberg 1995).
        min_count: how often the word stands in all groups together.
        min_documents: documents of the group that use it; of a group of one document, one is enough.
        n_words: listed for each group at most.
    """

    prior_size: float = 1000.0
    max_fdr: float = 0.05
    min_count: int = 10
    min_documents: int = 2
    n_words: int = 20


@dataclass(frozen=True, slots=True)
class TypicalWord:
    """A word that a group uses more than the others do.

    Attributes:
        count: in the group.
        n_documents: of the group that use it.
        count_elsewhere: in the other groups together.
        log_odds: of the word in the group against the others, after the prior (delta of the paper).
        z: log_odds over its standard error.
        q: p-value adjusted over all words and groups.
    """

    text: str
    count: int
    n_documents: int
    count_elsewhere: int
    log_odds: float
    z: float
    q: float


@dataclass(frozen=True, slots=True)
class GroupVocabulary:
    """One group: its size, and its typical words, the highest z first.

    Attributes:
        n_left_out: words above the false discovery limit that too few documents of the group use.
    """

    name: str
    n_documents: int
    n_words: int
    typical: tuple[TypicalWord, ...]
    n_left_out: int = 0


@dataclass(frozen=True, slots=True)
class VocabularyComparison:
    """The typical words of all groups."""

    groups: tuple[GroupVocabulary, ...]
    n_tested: int  # words that are common enough, in each group
    rules: VocabularyRules


def compare_corpus_vocabularies(
    corpus: CodedCorpus, group_of_documents: Sequence[str | None], *, rules: VocabularyRules | None = None
) -> VocabularyComparison:
    """The words that each group of a coded corpus uses more than the others; see `compare_vocabularies`."""
    lexicon = Lexicon(words=codebook_words(corpus.codebook))
    table = build_word_table(
        corpus.texts,
        corpus.document_of_rows(),
        n_documents=len(corpus.documents),
        lexicon=lexicon,
        rules=NewWordRules(),
    )
    return compare_vocabularies(table, group_of_documents, rules=rules)


def compare_vocabularies(
    table: WordTable, group_of_documents: Sequence[str | None], *, rules: VocabularyRules | None = None
) -> VocabularyComparison:
    """The words that each group uses more than all others together, groups in the order they appear.

    Args:
        table: the words of D documents.
        group_of_documents: D names; None: the document is of no group and left out.
        rules: thresholds; None: the defaults.

    Raises:
        CorpusError: there are fewer than two groups with words, or no word is common enough.
    """
    rules = rules or VocabularyRules()
    by_document = table.count_in_documents()
    names = [name for name in dict.fromkeys(group_of_documents) if name is not None]
    members = [np.array([own == name for own in group_of_documents], dtype=np.bool_) for name in names]
    counts = np.array(
        [np.asarray(by_document[own].sum(axis=0)).ravel() for own in members], dtype=np.float64
    ).reshape(len(names), len(table.vocabulary))
    _check(counts, rules)
    is_tested = counts.sum(axis=0) >= rules.min_count
    log_odds, z = log_odds_z(counts, prior_size=rules.prior_size)
    p_values = 2.0 * norm.sf(np.abs(z[:, is_tested]))
    q = np.ones_like(z)
    q[:, is_tested] = false_discovery_control(p_values, axis=None).reshape(p_values.shape)
    n_using = np.array([np.asarray((by_document[own] > 0).sum(axis=0)).ravel() for own in members])
    groups = tuple(
        _group(
            name,
            int(own.sum()),
            list(_iter_words(table, counts, n_using, row=row, measures=(log_odds, z, q))),
            rules,
        )
        for row, (name, own) in enumerate(zip(names, members, strict=True))
    )
    return VocabularyComparison(groups, int(is_tested.sum()), rules)


def log_odds_z(
    counts: NDArray[np.float64], *, prior_size: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-odds of each group against all others, and their z-scores, both of shape (G, V).

    Args:
        counts: shape (G, V).
        prior_size: the sum of the prior, which is spread over words as all groups together use them.
    """
    totals = counts.sum(axis=0)
    prior = prior_size * totals / totals.sum()
    elsewhere = totals - counts
    own, others = counts + prior, elsewhere + prior
    n_own = counts.sum(axis=1, keepdims=True) + prior_size
    n_others = elsewhere.sum(axis=1, keepdims=True) + prior_size
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log(own / (n_own - own)) - np.log(others / (n_others - others))
        z = log_odds / np.sqrt(1.0 / own + 1.0 / others)
    return log_odds, np.nan_to_num(z, nan=0.0)


def _check(counts: NDArray[np.float64], rules: VocabularyRules) -> None:
    n_groups = int((counts.sum(axis=1) > 0).sum())
    if n_groups < 2:
        raise CorpusError(
            f"a comparison of vocabularies needs two groups with words, found {n_groups}. Group the "
            "documents by something in which they differ.",
            n_groups=n_groups,
        )
    if not (counts.sum(axis=0) >= rules.min_count).any():
        raise CorpusError(
            f"no word stands {rules.min_count} times or more in the groups. Lower the least count, or give "
            "more documents.",
            min_count=rules.min_count,
        )


def _iter_words(
    table: WordTable,
    counts: NDArray[np.float64],
    n_using: NDArray[np.int64],
    *,
    row: int,
    measures: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
) -> Iterator[TypicalWord]:
    """All words that the group at this row has, as if each were typical."""
    log_odds, z, q = measures
    totals = counts.sum(axis=0)
    for place in np.flatnonzero(counts[row]).tolist():
        yield TypicalWord(
            text=table.vocabulary[place],
            count=int(counts[row, place]),
            n_documents=int(n_using[row, place]),
            count_elsewhere=int(totals[place] - counts[row, place]),
            log_odds=float(log_odds[row, place]),
            z=float(z[row, place]),
            q=float(q[row, place]),
        )


def _group(
    name: str, n_documents: int, words: Sequence[TypicalWord], rules: VocabularyRules
) -> GroupVocabulary:
    least = min(rules.min_documents, max(n_documents, 1))
    significant = [
        word for word in words if word.z > 0 and word.q <= rules.max_fdr and not math.isnan(word.q)
    ]
    typical = sorted(
        (word for word in significant if word.n_documents >= least), key=lambda word: (-word.z, word.text)
    )
    return GroupVocabulary(
        name=name,
        n_documents=n_documents,
        n_words=sum(word.count for word in words),
        typical=tuple(typical[: rules.n_words]),
        n_left_out=len(significant) - len(typical),
    )
