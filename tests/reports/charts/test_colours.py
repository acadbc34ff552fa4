from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from policy_nlp.codebook import Codebook
from policy_nlp.reports.charts.chart import ColourGroup
from policy_nlp.reports.charts.colours import (
    codebook_groups,
    colours_of,
    contrast,
    group_colours,
    text_colour,
    value_scale,
)

# Machado, Oliveira & Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", table 1, severity 1.0; applied to linear RGB.
EYES = {
    "normal": np.eye(3),
    "red-blind": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "green-blind": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colours: list[str], eye: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b* under D65 of sRGB colours as an eye sees them."""
    shares = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ eye.T, 0, 1) @ TO_XYZ.T / np.array([0.95047, 1.0, 1.08883])
    roots = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack(
        [
            116 * roots[:, 1] - 16,
            500 * (roots[:, 0] - roots[:, 1]),
            200 * (roots[:, 1] - roots[:, 2]),
        ],
        axis=1,
    )


def groups(n: int) -> list[ColourGroup]:
    return [ColourGroup(f"g{place}", f"组 {place}") for place in range(n)]


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("n", "least"), [(6, 24.0), (8, 20.0), (12, 14.0)])
def test_colours_of_main_categories_are_apart_for_colour_blind_eyes(eye: str, n: int, least: float) -> None:
    seen = lab([colour.line for colour in group_colours(groups(n)).values()], EYES[eye])
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= least


def test_text_on_a_background_of_a_category_can_be_read() -> None:
    for colour in group_colours(groups(24)).values():
        assert contrast("#000000", colour.background) >= 12
        assert contrast("#111111", colour.background) >= 7
        assert contrast(colour.line, "#ffffff") >= 3  # WCAG 2.1, 1.4.11


def test_each_of_thirty_categories_has_a_mark_of_its_own() -> None:
    marks = [colour.mark for colour in group_colours(groups(30)).values()]
    assert len(set(marks)) == 30
    assert marks[:3] == ["A", "B", "C"]
    assert marks[26] == "AA"


def test_a_category_keeps_its_colour_whatever_a_chart_leaves_out(shipped_codebook: Codebook) -> None:
    known = codebook_groups(shipped_codebook)
    everything = group_colours(known)
    last = known[-1].group_id
    assert colours_of([last, "unknown"], known)[last] == everything[last]
    assert colours_of(["unknown"], known)["unknown"].line not in {one.line for one in everything.values()}


@given(
    st.floats(-100, 1000), st.lists(st.floats(-100, 1000), max_size=5), st.sampled_from(("count", "share"))
)
def test_numbers_can_be_read_on_every_colour_of_a_scale(value: float, others: list[float], unit: str) -> None:
    scale = value_scale([value, *others], unit=unit)  # type: ignore[arg-type]
    background = scale.colour(value)
    assert contrast(text_colour(background), background) >= 4.5  # WCAG 2.1, 1.4.3


def test_larger_values_are_darker_for_every_eye() -> None:
    scale = value_scale([1.0], unit="share")
    colours = [scale.colour(step / 20) for step in range(21)]
    for eye in EYES.values():
        lightness = lab(colours, eye)[:, 0]
        assert (np.diff(lightness) < 0).all()


def test_negative_values_get_a_scale_that_is_even_around_zero() -> None:
    scale = value_scale([-0.2, 0.1], unit="number")
    assert (scale.low, scale.high) == (-0.2, 0.2)
    assert scale.place(0.0) == 0.5


def test_an_undefined_value_has_not_the_colour_of_zero() -> None:
    scale = value_scale([5.0], unit="count")
    assert scale.colour(float("nan")) != scale.colour(0.0)
