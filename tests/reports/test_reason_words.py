from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement import human_model, level_statistics, planning, standard_errors, unitizing
from policy_nlp.agreement.intervals import Bootstrap, measures_from_draws
from policy_nlp.reports.reason_words import reason_in_chinese

MODULES = (human_model, level_statistics, planning, standard_errors, unitizing)
REASONS = sorted(
    {
        value
        for module in MODULES
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and " " in value and not name.endswith("SOURCE")
    }
)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_chinese_words(reason: str) -> None:
    assert reason_in_chinese(reason) != reason


@pytest.mark.parametrize(
    ("draws", "n_groups"), [([], 5), ([0.1, 0.2], 1), ([np.nan, np.nan, 0.1], 5), ([0.5, 0.5], 5)]
)
def test_every_reason_for_no_interval_has_chinese_words(draws: list[float], n_groups: int) -> None:
    bootstrap = Bootstrap(n_draws=len(draws))
    (measure,) = measures_from_draws(
        np.array([0.5]), np.array([draws]).T, reasons=[""], n_groups=n_groups, bootstrap=bootstrap
    )
    assert measure.reason is not None
    assert reason_in_chinese(measure.reason) != measure.reason


def test_a_reason_that_is_not_known_stays_as_it_is() -> None:
    assert reason_in_chinese("the moon is full") == "the moon is full"


def test_numbers_in_a_reason_are_kept() -> None:
    assert "600" in reason_in_chinese("no interval: undefined in 600 of 1000 bootstrap draws")
