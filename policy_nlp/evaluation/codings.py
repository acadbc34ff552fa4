"""A model's decisions -> one yes/no table a level."""

from __future__ import annotations

import numpy as np

from policy_nlp.agreement.level_tables import LevelTable
from policy_nlp.codebook import Codebook, derive_main
from policy_nlp.errors import ModelError
from policy_nlp.records import Decisions, Level


def table_of_decisions(decisions: Decisions, level: Level, *, codebook: Codebook) -> LevelTable:
    """One level of a model's decisions; main categories follow from the initial ones, without scores.

    Raises:
        ModelError: the model does not know a code of the codebook.
    """
    if level == "main":
        table = table_of_decisions(decisions, "initial", codebook=codebook)
        return LevelTable(derive_main(table.applies, codebook), table.coded)
    column_of = {code_id: column for column, code_id in enumerate(decisions.code_ids)}
    missing = [code_id for code_id in codebook.ids(level) if code_id not in column_of]
    if missing:
        raise ModelError(
            f"the model was not trained for code {missing[0]!r} of codebook {codebook.name!r}. Give the "
            f"model's own codebook, or train a model with this one.",
            code_id=missing[0],
        )
    columns = [column_of[code_id] for code_id in codebook.ids(level)]
    coded = np.ones(len(decisions.applies), dtype=np.bool_)
    scores = decisions.scores[:, columns].astype(np.float64)
    return LevelTable(decisions.applies[:, columns], coded, scores)
