"""CompareSettings -> Comparison, written as a folder of page, workbook and figures, or as one file."""

from __future__ import annotations

from collections.abc import Sequence

from policy_nlp import __version__
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.comparison import ComparedSource, Comparison, compare_levels, find_copies
from policy_nlp.analysis.groups import Grouping, group_documents
from policy_nlp.analysis.permuting import Permutations
from policy_nlp.analysis.reuse_groups import measure_reuse
from policy_nlp.analysis.vocabulary import VocabularyComparison, compare_corpus_vocabularies
from policy_nlp.errors import CorpusError
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.gold_matching import read_gold_sample
from policy_nlp.exchange.metadata_table import apply_metadata
from policy_nlp.exchange.result_folder import SENTENCES
from policy_nlp.files import sha256_of_file, sha256_of_input, show_path
from policy_nlp.operations.compare_output import check_output, write_comparison
from policy_nlp.operations.label_manifest import now
from policy_nlp.settings.compare import CompareSettings


def compare(settings: CompareSettings) -> Comparison:
    """The comparison of the groups in the result folders; written to `settings.out`.

    Raises:
        OutputError: the output is there already, or is no folder, .html or .xlsx.
        ExchangeError, CodebookError: a folder is not finished, or was coded with another codebook.
        CorpusError: fewer than two groups, or a table of metadata that does not fit.
        GoldError, UnknownCodeError: the gold breaks its form, or is of other sentences.
    """
    check_output(settings)
    corpus = read_corpus(settings.inputs, codebook_path=settings.codebook_path)
    if settings.metadata_path is not None:
        corpus = apply_metadata(corpus, settings.metadata_path)
    grouping = group_documents(corpus, settings.by, year_ranges=settings.year_ranges)
    gold = read_gold_sample(settings.gold_path, corpus) if settings.gold_path else None
    permutations = Permutations(settings.n_draws, settings.seed)
    vocabulary, reason = _compare_words(corpus, grouping)
    result = Comparison(
        corpus=corpus,
        grouping=grouping,
        levels=compare_levels(corpus, grouping, levels=settings.levels, gold=gold, permutations=permutations),
        gold=gold,
        permutations=permutations,
        reuse=measure_reuse(corpus, grouping),
        vocabulary=vocabulary,
        vocabulary_reason=reason,
        copies=find_copies(corpus, grouping),
        sources=tuple(_sources(settings)),
        version=__version__,
        date=now(),
    )
    write_comparison(result, settings)
    return result


def _compare_words(corpus: CodedCorpus, grouping: Grouping) -> tuple[VocabularyComparison | None, str]:
    """The words of each group, or why they cannot be compared."""
    names = [
        grouping.groups[place].name if place >= 0 else None
        for place in grouping.group_of_documents().tolist()
    ]
    try:
        return compare_corpus_vocabularies(corpus, names), ""
    except CorpusError as err:
        return None, err.message


def _sources(settings: CompareSettings) -> Sequence[ComparedSource]:
    sources = [
        ComparedSource("结果文件夹", show_path(folder), sha256_of_file(folder / SENTENCES))
        for folder in settings.inputs
    ]
    named = (("元数据表", settings.metadata_path), ("金标准", settings.gold_path))
    return [
        *sources,
        *(ComparedSource(role, show_path(path), sha256_of_input(path)) for role, path in named if path),
    ]
