"""Frozen records -> plain values for JSON, their measures in the form of `evaluate --json`."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass

from policy_nlp.agreement.intervals import Measure
from policy_nlp.reports.evaluation_json import measure_fields, number_or_null


def record_fields(record: object) -> dict[str, object]:
    """The fields of a dataclass by name; measures with intervals and reasons, records as objects."""
    if not is_dataclass(record):
        raise TypeError(f"a dataclass was expected, found {type(record).__name__}")
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    measures = {name: value for name, value in values.items() if isinstance(value, Measure)}
    plain = {name: _plain(value) for name, value in values.items() if name not in measures}
    return {**plain, **(measure_fields(measures) if measures else {})}


def _plain(value: object) -> object:
    if isinstance(value, Measure):
        return measure_fields({"value": value})
    if is_dataclass(value):
        return record_fields(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return number_or_null(value) if math.isfinite(value) else None
    return value
