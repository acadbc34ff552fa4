"""How charts and tables of pages write numbers: the one rounding of HTML, PNG and SVG; CSV keeps all digits.

Counts and the ends of their intervals are whole, shares are percent with one decimal, or
two below 1 % (0.04 % is not 0), other numbers have three decimals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from policy_nlp.agreement.intervals import Measure
from policy_nlp.reports.charts.chart import Estimate, Unit
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number
from policy_nlp.reports.reason_words import reason_in_chinese

_SMALL_SHARE = 0.00995  # from here on one decimal shows at least 1.0%
_LEAST_SHARE = 0.00005  # two decimals would show 0.00%
_MOST_NAMES = 12  # listed beside one reason


def estimate_of(measure: Measure) -> Estimate:
    """The measure as charts take it, its reason in Chinese."""
    return Estimate(measure.value, measure.low, measure.high, reason_in_chinese(measure.reason or ""))


def show_value(value: float, unit: Unit) -> str:
    """The value as charts print it; `n/a` where it is undefined.

    >>> show_value(1234, "count"), show_value(0.1234, "share"), show_value(float("nan"), "share")
    ('1,234', '12.3%', 'n/a')
    """
    if not math.isfinite(value):
        return NOT_AVAILABLE
    if unit == "share":
        return _show_share(value)
    if unit == "number":
        return show_number(value)
    return f"{value:z,.0f}"


def _show_share(share: float) -> str:
    """Percent; a share above 0 is never shown as 0.

    >>> _show_share(0.0), _show_share(0.0004), _show_share(0.00001), _show_share(0.01)
    ('0.0%', '0.04%', '<0.01%', '1.0%')
    """
    if 0 < share < _LEAST_SHARE:
        return "<0.01%"
    n_decimals = 2 if _LEAST_SHARE <= share < _SMALL_SHARE else 1
    return f"{100 * share:z.{n_decimals}f}%"


def show_amount(value: float) -> str:
    """A size or weight: whole as a count, else with three decimals; `n/a` where it is undefined.

    >>> show_amount(1200), show_amount(0.5)
    ('1,200', '0.500')
    """
    is_whole = math.isfinite(value) and float(value).is_integer()
    return show_value(value, "count" if is_whole else "number")


def show_tick(tick: float, unit: Unit) -> str:
    """A tick of an axis, as short as it can be.

    >>> show_tick(0.2, "share"), show_tick(0.025, "share"), show_tick(2000, "count")
    ('20%', '2.5%', '2,000')
    """
    if unit == "share":
        return f"{100 * tick:.4g}%"
    return f"{tick:,.0f}" if float(tick).is_integer() else f"{tick:.4g}"


def show_interval(estimate: Estimate, unit: Unit) -> str:
    """`[10.1%, 14.5%]`; empty where there is no interval."""
    if not (estimate.has_interval and math.isfinite(estimate.value)):
        return ""
    return f"[{show_value(estimate.low, unit)}, {show_value(estimate.high, unit)}]"


def show_estimate(estimate: Estimate, unit: Unit) -> str:
    """`12.3% [10.1%, 14.5%]`, or the value alone where there is no interval."""
    return " ".join(filter(None, (show_value(estimate.value, unit), show_interval(estimate, unit))))


def missing_reason(estimate: Estimate) -> str:
    """Why the value is undefined: its reason, or `n/a` where none was given; empty for a known value."""
    return "" if math.isfinite(estimate.value) else estimate.reason or NOT_AVAILABLE


def explain_missing_values(named: Iterable[tuple[str, Estimate]]) -> tuple[str, ...]:
    """One line a reason, with the names whose value is undefined or has no interval for that reason."""
    found: dict[tuple[bool, str], dict[str, None]] = {}
    for name, estimate in named:
        if estimate.reason:
            found.setdefault((math.isfinite(estimate.value), estimate.reason), {})[name] = None
    lines = []
    for (is_known, reason), names in sorted(found.items(), key=lambda item: item[0][0]):
        shown = "、".join(list(names)[:_MOST_NAMES]) + (
            f" 等 {len(names)} 项" if len(names) > _MOST_NAMES else ""
        )
        lines.append(f"{'无区间' if is_known else NOT_AVAILABLE}（{shown}）：{reason}")
    return tuple(lines)
