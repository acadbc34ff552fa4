from __future__ import annotations

import io
import logging

import numpy as np
import pytest
from matplotlib import image

from policy_nlp.reports.fonts import CHINESE_FONTS, NO_FONT_NOTE, find_chinese_font
from policy_nlp.reports.heatmap import OTHER_NAMES_NOTE, HeatMapLabel, draw_heat_map

COUNTS = np.array([[5, 2, 0], [2, 7, 1], [0, 1, 9]])
LABELS = [
    HeatMapLabel("政府支持", "Government support"),
    HeatMapLabel("市场", "Market"),
    HeatMapLabel("（无）", "(none)"),
]
TITLE = HeatMapLabel("分歧矩阵", "Disagreement matrix")


def test_the_picture_is_a_png_in_which_something_is_drawn() -> None:
    found = draw_heat_map(COUNTS, LABELS, title=TITLE, font=None)
    pixels = image.imread(io.BytesIO(found.png))
    assert min(pixels.shape[:2]) > 300
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 20


def test_without_a_chinese_font_names_are_english_and_a_note_says_so() -> None:
    found = draw_heat_map(COUNTS, LABELS, title=TITLE, font=None)
    assert found.labels == ("Government support", "Market", "(none)")
    assert found.note == NO_FONT_NOTE


def test_a_font_that_lacks_the_characters_draws_no_empty_boxes() -> None:
    found = draw_heat_map(COUNTS, LABELS, title=TITLE, font="DejaVu Serif")
    assert found.labels == ("Government support", "Market", "(none)")
    assert found.note == OTHER_NAMES_NOTE


def test_a_code_whose_names_no_font_can_draw_gets_its_number() -> None:
    labels = [HeatMapLabel("码", "编码一"), HeatMapLabel("b", "b"), HeatMapLabel("c", "c")]
    assert draw_heat_map(COUNTS, labels, title=TITLE, font=None).labels == ("no. 1", "b", "c")


def test_dollar_signs_are_no_formula() -> None:
    labels = [HeatMapLabel("$a$", "x"), HeatMapLabel("$\\frac", "y"), HeatMapLabel("c", "z")]
    assert draw_heat_map(COUNTS, labels, title=TITLE, font=None).labels[:2] == (r"\$a\$", r"\$\frac")


def test_the_same_matrix_gives_the_same_bytes_and_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        first, second = (
            draw_heat_map(COUNTS, LABELS, title=TITLE, font=find_chinese_font()) for _ in range(2)
        )
    assert first.png == second.png
    assert not caplog.records


def test_a_font_that_is_found_is_one_that_holds_chinese() -> None:
    font = find_chinese_font()
    assert font is None or font in CHINESE_FONTS
    if font is not None:
        assert draw_heat_map(COUNTS, LABELS, title=TITLE, font=font).labels == ("政府支持", "市场", "（无）")
