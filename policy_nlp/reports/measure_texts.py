"""Measures as texts: the number with its interval, and why one is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.agreement.intervals import Measure

NOT_AVAILABLE = "n/a"
_SMALLEST_P = 0.001  # shown as it is


@dataclass(frozen=True, slots=True)
class ShownMeasure:
    """A measure in a table: whose it is (a code, a pair of coders) and what the table calls it."""

    subject: str
    title: str
    measure: Measure


def show_measure(measure: Measure, *, with_interval: bool = True, separator: str = " ") -> str:
    """`0.812 [0.790, 0.833]`; `n/a` where it is undefined."""
    if not measure.is_defined:
        return NOT_AVAILABLE
    shown = show_number(measure.value)
    if with_interval and measure.has_interval:
        return f"{shown}{separator}[{show_number(measure.low)}, {show_number(measure.high)}]"
    return shown


def show_number(value: float) -> str:
    """Three decimals, and no sign before a zero; `n/a` for NaN.

    >>> show_number(-0.0001), show_number(float("nan"))
    ('0.000', 'n/a')
    """
    return NOT_AVAILABLE if math.isnan(value) else f"{value:z.3f}"


def show_p(value: float) -> str:
    """A p or q value with three decimals; `<0.001` below, where none would be read; `n/a` for NaN.

    >>> show_p(0.0004), show_p(0.0312), show_p(float("nan"))
    ('<0.001', '0.031', 'n/a')
    """
    return f"<{_SMALLEST_P:g}" if value < _SMALLEST_P else show_number(value)


def explain_missing(shown: Sequence[ShownMeasure]) -> list[str]:
    """`reason: subjects (titles); ...`, one line a reason: first what is n/a, then what has no interval."""
    found: dict[str, dict[str, list[str]]] = {}
    for is_defined in (False, True):
        for item in shown:
            if item.measure.reason and item.measure.is_defined == is_defined:
                reason = item.measure.reason if is_defined else f"{NOT_AVAILABLE}, {item.measure.reason}"
                found.setdefault(reason, {}).setdefault(item.subject, []).append(item.title)
    return [f"{reason}: {_join_subjects(subjects)}" for reason, subjects in found.items()]


def explain_undefined_draws(shown: Sequence[ShownMeasure]) -> list[str]:
    """One line with how many bootstrap draws each interval leaves out; none where all draws are in."""
    found: dict[tuple[str, int], list[str]] = {}
    for item in shown:
        if item.measure.has_interval and item.measure.n_undefined:
            found.setdefault((item.subject, item.measure.n_undefined), []).append(item.title)
    if not found:
        return []
    parts = (f"{subject} {n} ({', '.join(titles)})" for (subject, n), titles in found.items())
    return [f"draws left out of an interval, as the measure was undefined in them: {'; '.join(parts)}"]


def _join_subjects(titles_of: Mapping[str, list[str]]) -> str:
    """`A, B (kappa, alpha); C (kappa)`: subjects that lack the same measures stand together."""
    subjects_of: dict[str, list[str]] = {}
    for subject, titles in titles_of.items():
        subjects_of.setdefault(", ".join(titles), []).append(subject)
    return "; ".join(f"{', '.join(subjects)} ({titles})" for titles, subjects in subjects_of.items())
