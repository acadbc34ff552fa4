from __future__ import annotations

import re

import pytest

from policy_nlp.exchange.refi_qda.colors import family_color, shade_color


@pytest.mark.parametrize("n_families", [1, 8, 200])
def test_no_two_main_categories_have_one_colour(n_families: int) -> None:
    colors = {family_color(family, n_families) for family in range(n_families)}
    assert len(colors) == n_families
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors)


def test_the_codes_of_all_main_categories_have_different_shades() -> None:
    shades = {shade_color(family, 8, shade=shade, n_shades=6) for family in range(8) for shade in range(6)}
    assert len(shades) == 48
    assert not shades & {family_color(family, 8) for family in range(8)}
