from __future__ import annotations

import math

from policy_nlp.agreement.intervals import Measure
from policy_nlp.reports.agreement_words import Footnotes
from policy_nlp.reports.measure_texts import (
    ShownMeasure,
    explain_missing,
    explain_undefined_draws,
    show_measure,
)

UNDEFINED = Measure(math.nan, reason="no coder used the code")
POINT = Measure(0.5, reason="no interval: there is one document only")


def test_an_undefined_measure_is_not_shown_as_zero() -> None:
    assert show_measure(UNDEFINED) == "n/a"


def test_a_measure_is_shown_with_its_interval() -> None:
    assert show_measure(Measure(0.8123, 0.79, 0.8339)) == "0.812 [0.790, 0.834]"


def test_a_number_that_rounds_to_zero_has_no_sign() -> None:
    assert show_measure(Measure(-0.0001, -0.0002, 0.1)) == "0.000 [0.000, 0.100]"


def test_subjects_that_lack_the_same_measures_stand_together() -> None:
    shown = [ShownMeasure(code, title, UNDEFINED) for code in ("甲", "乙") for title in ("kappa", "alpha")]
    shown += [ShownMeasure("丙", "alpha", UNDEFINED), ShownMeasure("丁", "alpha", POINT)]
    assert explain_missing(shown) == [
        "n/a, no coder used the code: 甲, 乙 (kappa, alpha); 丙 (alpha)",
        "no interval: there is one document only: 丁 (alpha)",
    ]


def test_each_reason_has_one_letter_and_its_note() -> None:
    footnotes = Footnotes()
    assert footnotes.show(UNDEFINED) == "n/a (a)"
    assert footnotes.show(POINT) == "0.500 (b)"
    assert footnotes.show(UNDEFINED) == "n/a (a)"
    assert footnotes.notes == ("(a) 无人使用该编码", "(b) 没有区间：只有一份文件，无法重抽样")


def test_more_reasons_than_letters_still_differ() -> None:
    footnotes = Footnotes()
    assert len({footnotes.mark(f"reason {number}") for number in range(60)}) == 60


def test_draws_that_an_interval_leaves_out_are_counted() -> None:
    partly, whole = Measure(0.5, 0.4, 0.6, n_undefined=37), Measure(0.5, 0.4, 0.6)
    shown = [ShownMeasure("甲", title, partly) for title in ("kappa", "alpha")]
    assert explain_undefined_draws([*shown, ShownMeasure("乙", "alpha", whole)]) == [
        "draws left out of an interval, as the measure was undefined in them: 甲 37 (kappa, alpha)"
    ]
    assert explain_undefined_draws([ShownMeasure("乙", "alpha", whole)]) == []
    footnotes = Footnotes()
    assert footnotes.show(whole) == "0.500\n[0.400, 0.600]"
    assert footnotes.notes == ()
    assert footnotes.show(partly) == "0.500\n[0.400, 0.600] †37"
    assert footnotes.notes == ("†n：该值在 n 次 bootstrap 抽样中无法计算，这些抽样不计入区间。",)
