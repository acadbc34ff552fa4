"""How well the codings of a table agree with gold, or people with each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.report import AgreementReport
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.gold_sample import GoldSample
from policy_nlp.exchange.coder_corpus import CoderCorpus
from policy_nlp.exchange.gold_matching import read_gold_sample
from policy_nlp.operations.agree import agree
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Coder, CoderUnits, Level
from policy_nlp.settings.coding_table import CodingTableSettings
from policy_nlp.settings.commands import AgreeSettings

GOLD = "gold"

_Rows = Mapping[Level, Mapping[int, tuple[str, ...]]]  # of each level: codes by the row of the corpus


def compare_for_table(read: CoderCorpus, settings: CodingTableSettings) -> AgreementReport | None:
    """The agreement that the settings ask for; None where they ask for none.

    Raises:
        GoldError, UnknownCodeError, ExchangeError: a file breaks its form, or is of other sentences.
        TooFewCodersError: nothing was coded twice.
    """
    if settings.gold_path is not None:
        sample = read_gold_sample(settings.gold_path, read.corpus)
        bootstrap = Bootstrap(n_draws=settings.n_draws, seed=settings.seed)
        return compare_with_gold(read, sample, bootstrap=bootstrap)
    if not settings.coder_paths:
        return None
    asked = AgreeSettings(
        inputs=settings.coder_paths,
        codebook_path=settings.codebook_path,
        n_draws=settings.n_draws,
        seed=settings.seed,
    )
    return agree(asked).report


def compare_with_gold(read: CoderCorpus, sample: GoldSample, *, bootstrap: Bootstrap) -> AgreementReport:
    """Gold first, so that precision and recall are those of the codings against it."""
    corpus = read.corpus
    gold: _Rows = {
        one.level: _codes_by_row(corpus, one.level, one.rows, one.applies)
        for one in sample.levels
        if one.level in PREDICTED_LEVELS
    }
    rows = sorted({row for one in gold.values() for row in one})
    all_rows = np.array(rows, dtype=np.int64)
    own: _Rows = {
        level: _codes_by_row(corpus, level, all_rows, corpus.applies_at(level)[all_rows])
        for level in read.levels
    }
    coder_id = read.coder_id or "、".join(dict.fromkeys(one.name for one in corpus.models))
    coders = (
        CoderUnits(Coder(GOLD), _units(corpus, rows, gold, coder_id=GOLD), sample.notes),
        CoderUnits(Coder(coder_id, is_model=read.is_model), _units(corpus, rows, own, coder_id=coder_id)),
    )
    return compare_coders(coders, corpus.codebook, bootstrap=bootstrap, n_disagreements=0)


def _codes_by_row(
    corpus: CodedCorpus, level: Level, rows: NDArray[np.int64], applies: NDArray[np.bool_]
) -> dict[int, tuple[str, ...]]:
    ids = np.array(corpus.codebook.ids(level))
    return {row: tuple(ids[own].tolist()) for row, own in zip(rows.tolist(), applies, strict=True)}


def _units(
    corpus: CodedCorpus, rows: Collection[int], codes: _Rows, *, coder_id: str
) -> tuple[CodedUnit, ...]:
    documents = corpus.document_of_rows()
    return tuple(
        CodedUnit(
            unit_id=corpus.sentence_ids[row],
            text=corpus.texts[row],
            initial=codes.get("initial", {}).get(row),
            dimensions=codes.get("dimensions", {}).get(row),
            paths=codes.get("paths", {}).get(row),
            document_id=corpus.documents[int(documents[row])].document_id,
            coder_id=coder_id,
        )
        for row in rows
    )
