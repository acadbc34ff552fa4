"""Documents -> when each was issued, as ranges of days: `2024` is neither before nor after `2024-03`."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CorpusDocument
from policy_nlp.records import DocumentMetadata

UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class DocumentTimes:
    """The first and the last day on which each of D documents can have been issued.

    Attributes:
        first_days: shape (D,), `date.toordinal()`; 0 where nothing is known.
        last_days: shape (D,).
    """

    first_days: NDArray[np.int64]
    last_days: NDArray[np.int64]

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Shape (D,): whether at least the year is known."""
        return np.not_equal(self.first_days, UNKNOWN)

    def are_before(self, earlier: NDArray[np.int64], later: NDArray[np.int64]) -> NDArray[np.bool_]:
        """For each pair of documents, whether the first was surely issued before the second."""
        both_known = self.is_known[earlier] & self.is_known[later]
        return np.logical_and(both_known, self.last_days[earlier] < self.first_days[later])


def document_times(documents: Sequence[CorpusDocument]) -> DocumentTimes:
    """When the documents were issued, by their dates, else by their years."""
    ranges = [issue_days(document.metadata) for document in documents]
    days = np.array(ranges, dtype=np.int64).reshape(-1, 2)
    return DocumentTimes(days[:, 0], days[:, 1])


def issue_days(metadata: DocumentMetadata) -> tuple[int, int]:
    """The first and last day that the date allows, as ordinals; (0, 0) where it is not known.

    >>> first, last = issue_days(DocumentMetadata(date="2024-02"))
    >>> dt.date.fromordinal(first).isoformat(), dt.date.fromordinal(last).isoformat()
    ('2024-02-01', '2024-02-29')
    """
    written = metadata.date or (str(metadata.year) if metadata.year else "")
    parts = [int(part) for part in written.split("-") if part.isdecimal()]
    if not 1 <= len(parts) <= 3:
        return UNKNOWN, UNKNOWN
    try:
        year, month, day = (*parts, 0, 0)[:3]
        first = dt.date(year, month or 1, day or 1)
        last_month = month or 12
        last = dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
        return first.toordinal(), last.toordinal()
    except ValueError:  # a 13th month, a year 0: as good as no date (calendar's own error is one of these)
        return UNKNOWN, UNKNOWN
