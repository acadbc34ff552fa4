from __future__ import annotations

import math

import numpy as np

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.quantities import Quantity, as_matrix, measure_quantities


def quantities(n_samples: int) -> list[Quantity]:
    numbers = np.arange(n_samples, dtype=float)
    return [
        Quantity("one", numbers, "never"),
        Quantity("row", np.column_stack([numbers, np.full(n_samples, np.nan)]), ("first", "second")),
    ]


def test_measures_are_found_by_name_with_their_own_reasons() -> None:
    table = measure_quantities(
        quantities(1), as_matrix(quantities(20)), n_groups=5, bootstrap=Bootstrap(20, confidence=0.5)
    )
    assert (table.one("one").low, table.one("one").high) == (4.75, 14.25)
    first, second = table.row("row")
    assert first == table.one("one")
    assert math.isnan(second.value)
    assert second.reason == "second"


def test_no_draws_have_as_many_columns_as_some() -> None:
    assert as_matrix(quantities(0)).shape == (0, 3)
