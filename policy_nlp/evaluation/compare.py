"""Gold units beside predicted units or a model's decisions -> EvaluationReport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_nlp.agreement.intervals import Bootstrap, group_indices
from policy_nlp.agreement.level_tables import LevelTable, table_of_units
from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.evaluation.breakdowns import LevelCells, break_down
from policy_nlp.evaluation.codings import table_of_decisions
from policy_nlp.evaluation.confusion import confuse_main
from policy_nlp.evaluation.levels import compare_level, evaluate_level
from policy_nlp.evaluation.report import EvaluationReport, LeftOutLevel, LevelEvaluation
from policy_nlp.records import LEVELS, CodedUnit, Decisions, Level

Tables = Mapping[Level, LevelTable]


def evaluate_decisions(
    gold: Sequence[CodedUnit], decisions: Decisions, *, codebook: Codebook, bootstrap: Bootstrap
) -> EvaluationReport:
    """A model's decisions against gold.

    Args:
        gold: U units.
        decisions: of the same U units, in the same order.
        codebook: the codes to compare.
        bootstrap: draws and seed of the intervals.

    Raises:
        ModelError: the model does not know a code of the codebook.
        GoldError: there is nothing to compare.
    """
    predicted = {level: table_of_decisions(decisions, level, codebook=codebook) for level in LEVELS}
    return _evaluate(gold, predicted, codebook, bootstrap=bootstrap, n_empty=int(decisions.is_empty.sum()))


def evaluate_units(
    gold: Sequence[CodedUnit], predicted: Sequence[CodedUnit], *, codebook: Codebook, bootstrap: Bootstrap
) -> EvaluationReport:
    """A coder's codings against gold; both are of the same units in the same order.

    Raises:
        GoldError: there is nothing to compare.
    """
    tables = {level: table_of_units(predicted, level, codebook=codebook) for level in LEVELS}
    return _evaluate(gold, tables, codebook, bootstrap=bootstrap, n_empty=0)


def _evaluate(
    gold: Sequence[CodedUnit], predicted: Tables, codebook: Codebook, *, bootstrap: Bootstrap, n_empty: int
) -> EvaluationReport:
    group_of, _ = group_indices([_group_key(unit) for unit in gold])
    documents = {unit.document_id for unit in gold} - {None}
    levels: list[LevelEvaluation] = []
    left_out: list[LeftOutLevel] = []
    confusion = None
    cells: list[LevelCells] = []
    for level in LEVELS:
        table = table_of_units(gold, level, codebook=codebook)
        if reason := _reason_to_leave_out(level, table, predicted[level]):
            left_out.append(LeftOutLevel(level, reason))
            continue
        compared = compare_level(
            level, codebook.codes(level), gold=table, predicted=predicted[level], group_of=group_of
        )
        levels.append(evaluate_level(compared, bootstrap))
        rows = table.coded & predicted[level].coded
        cells.append(LevelCells(level, rows, table.applies, predicted[level].applies))
        if level == "main":
            confusion = confuse_main(compared.gold, compared.predicted, codes=compared.codes)
    if not levels:
        raise GoldError(f"there is nothing to compare: {'; '.join(part.reason for part in left_out)}.")
    return EvaluationReport(
        levels=tuple(levels),
        left_out=tuple(left_out),
        confusion=confusion,
        n_units=len(gold),
        n_documents=len(documents),
        n_empty=n_empty,
        resampled="document" if documents else "unit",
        bootstrap=bootstrap,
        breakdowns=break_down(gold, cells, group_of=group_of, bootstrap=bootstrap),
    )


def _group_key(unit: CodedUnit) -> str:
    # The first letter keeps a document and a unit of the same id apart.
    return f"d{unit.document_id}" if unit.document_id is not None else f"u{unit.unit_id}"


def _reason_to_leave_out(level: Level, gold: LevelTable, predicted: LevelTable) -> str | None:
    listed = "initial" if level == "main" else level
    if not gold.coded.any():
        return f"the gold coder did not code {level} (no unit has the list {listed!r})"
    if not predicted.coded.any():
        return f"the predicted codings do not hold {level} (no unit has the list {listed!r})"
    if not (gold.coded & predicted.coded).any():
        return f"no unit was coded for {level} in both gold and predicted"
    if not gold.applies.shape[1]:
        return f"the codebook has no code of level {level}"
    return None
