"""Ranges of years as users write them."""

from __future__ import annotations

import pytest

from policy_nlp.errors import SettingsError
from policy_nlp.settings.compare import parse_year_ranges


@pytest.mark.parametrize("text", ["2018-2020,2020-2022", "2020-2018", "二〇二〇", "2018-", "18-20", ""])
def test_ranges_that_overlap_or_are_none_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_year_ranges(text)


def test_ranges_are_sorted_and_may_be_written_with_any_dash() -> None:
    assert [one.name for one in parse_year_ranges("2021–2025, 2018-2020")] == ["2018–2020", "2021–2025"]
