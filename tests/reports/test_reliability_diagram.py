from __future__ import annotations

import struct

from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.evaluation.compare import evaluate_decisions, evaluate_units
from policy_nlp.reports.reliability_diagram import draw_reliability
from tests.evaluation.examples import CODEBOOK, decisions_of, random_applies, units_of

GOLD = random_applies(60, seed=1)


def test_the_picture_is_the_same_bytes_each_time_and_has_a_panel_for_each_level_with_scores() -> None:
    report = evaluate_decisions(
        units_of(GOLD), decisions_of(GOLD), codebook=CODEBOOK, bootstrap=Bootstrap(20)
    )
    first, again = draw_reliability(report.levels, font=None), draw_reliability(report.levels, font=None)
    assert first is not None
    assert first == again
    assert first.startswith(b"\x89PNG")
    (one,) = (level for level in report.levels if level.level == "paths")
    alone = draw_reliability([one], font=None)
    assert alone is not None
    assert struct.unpack(">I", first[16:20])[0] > 2 * struct.unpack(">I", alone[16:20])[0]  # widths


def test_coders_without_scores_have_no_picture() -> None:
    report = evaluate_units(units_of(GOLD), units_of(GOLD), codebook=CODEBOOK, bootstrap=Bootstrap(0))
    assert draw_reliability(report.levels) is None
