"""Times of documents as ranges of days."""

from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.analysis.document_times import DocumentTimes, issue_days
from policy_nlp.records import DocumentMetadata


def are_in_order(first: DocumentMetadata, second: DocumentMetadata) -> bool:
    days = np.array([issue_days(first), issue_days(second)])
    times = DocumentTimes(days[:, 0], days[:, 1])
    return bool(times.are_before(np.array([0]), np.array([1]))[0])


def dated(date: str) -> DocumentMetadata:
    return DocumentMetadata(date=date)


@pytest.mark.parametrize(
    ("first", "second"), [("2023", "2024"), ("2024-02", "2024-03-01"), ("2024", "2025-01")]
)
def test_a_document_is_before_another_when_its_last_day_is(first: str, second: str) -> None:
    assert are_in_order(dated(first), dated(second))
    assert not are_in_order(dated(second), dated(first))


@pytest.mark.parametrize(
    ("first", "second"), [("2024", "2024-03"), ("2024-03-05", "2024-03-05"), ("2024", "2024")]
)
def test_dates_that_overlap_are_in_no_order(first: str, second: str) -> None:
    assert not are_in_order(dated(first), dated(second))
    assert not are_in_order(dated(second), dated(first))


def test_a_year_alone_is_used_and_no_date_is_before_nothing() -> None:
    assert are_in_order(DocumentMetadata(year=2020), dated("2021-05"))
    assert not are_in_order(DocumentMetadata(), dated("2021-05"))
    assert not are_in_order(dated("2021-05"), DocumentMetadata())


@pytest.mark.parametrize("date", ["2024-13", "2024-02-30", "0", "某年", "2024-02-03-04", "99999"])
def test_a_date_that_is_none_counts_as_unknown(date: str) -> None:
    assert issue_days(dated(date)) == (0, 0)
