"""A corpus in groups -> everything a comparison says: shares, tests, corrected shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from policy_nlp.analysis.clusters import DecidedSentences, decided_sentences
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.document_duplicates import find_duplicates
from policy_nlp.analysis.gold_sample import GoldSample, find_selection
from policy_nlp.analysis.group_shares import LevelShares, measure_shares
from policy_nlp.analysis.group_tests import LevelTests, compare_groups
from policy_nlp.analysis.groups import Grouping
from policy_nlp.analysis.permuting import Permutations
from policy_nlp.analysis.reuse_groups import CorpusReuse
from policy_nlp.analysis.share_correction import LevelCorrection, correct_shares
from policy_nlp.analysis.vocabulary import VocabularyComparison
from policy_nlp.records import Level

_COPY_SHARE = 0.9  # of the 4-character shingles of each that the other has
NOT_IN_GOLD = "the gold does not code this level"


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """One level; `correction` is None where no gold was given."""

    shares: LevelShares
    tests: LevelTests
    correction: LevelCorrection | None = None

    @property
    def level(self) -> Level:
        """The level."""
        return self.shares.level


@dataclass(frozen=True, slots=True)
class ComparedSource:
    """A file or folder that went into a comparison: `role` is what it was (folder, metadata, gold)."""

    role: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """A document whose text another one has nearly as it is; both by their places in the corpus."""

    copy: int
    original: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What `policy-nlp compare` found, and what a reader needs to have it again.

    Attributes:
        reuse: sentences that documents share.
        vocabulary: words typical of each group; None where no word is common enough.
        vocabulary_reason: why there is none.
        copies: grouped documents that are another one over again: they count, and are no further evidence.
    """

    corpus: CodedCorpus
    grouping: Grouping
    levels: tuple[LevelComparison, ...]
    gold: GoldSample | None
    permutations: Permutations
    reuse: CorpusReuse
    vocabulary: VocabularyComparison | None = None
    vocabulary_reason: str = ""
    copies: tuple[DocumentCopy, ...] = ()
    sources: tuple[ComparedSource, ...] = ()
    version: str = ""
    date: str = ""


def find_copies(corpus: CodedCorpus, grouping: Grouping) -> tuple[DocumentCopy, ...]:
    """The grouped documents whose text an earlier one of them has."""
    places = sorted(place for group in grouping.groups for place in group.documents)
    texts = ["".join(corpus.texts[corpus.rows_of(place)]) for place in places]
    found = find_duplicates(texts, share=_COPY_SHARE)
    return tuple(
        DocumentCopy(place, places[one.original])
        for place, one in zip(places, found, strict=True)
        if one is not None
    )


def compare_levels(
    corpus: CodedCorpus,
    grouping: Grouping,
    *,
    levels: Sequence[Level],
    gold: GoldSample | None,
    permutations: Permutations,
) -> tuple[LevelComparison, ...]:
    """The groups at each level."""
    return tuple(_compare_level(corpus, grouping, level, gold, permutations) for level in levels)


def _compare_level(
    corpus: CodedCorpus, grouping: Grouping, level: Level, gold: GoldSample | None, permutations: Permutations
) -> LevelComparison:
    sentences = decided_sentences(corpus, grouping, level=level)
    code_ids = corpus.codebook.ids(level)
    return LevelComparison(
        shares=measure_shares(sentences, grouping, level=level, code_ids=code_ids),
        tests=compare_groups(
            sentences, grouping.names, level=level, code_ids=code_ids, permutations=permutations
        ),
        correction=None if gold is None else _correct(corpus, sentences, grouping, gold, level),
    )


def _correct(
    corpus: CodedCorpus, sentences: DecidedSentences, grouping: Grouping, gold: GoldSample, level: Level
) -> LevelCorrection:
    own = gold.at(level)
    if own is None:
        return LevelCorrection(level, reason=NOT_IN_GOLD)
    if reason := find_selection(corpus, sentences, gold=own):
        return LevelCorrection(level, reason=reason)
    return correct_shares(sentences, grouping.names, gold=own)
