"""Units that coders coded differently, those first from which most is to be learnt."""

from __future__ import annotations

from policy_nlp.agreement.coder_table import CoderTable
from policy_nlp.agreement.report import Disagreement
from policy_nlp.codebook import Codebook


def find_disagreements(table: CoderTable, codebook: Codebook, *, n_most: int) -> tuple[Disagreement, ...]:
    """At most `n_most` units on which coders differ, most informative first."""
    return ()
