from __future__ import annotations

from policy_nlp.reports.fonts import CHINESE_FONTS, LATIN_FONT, drawable_characters, font_families, plain_text


def test_the_font_that_comes_with_matplotlib_stands_behind_every_other() -> None:
    assert font_families("SimHei") == ("SimHei", LATIN_FONT)
    assert font_families(None) == (LATIN_FONT,)


def test_that_font_has_latin_letters_and_no_chinese_characters() -> None:
    known = drawable_characters((LATIN_FONT,))
    assert all(ord(mark) in known for mark in "Open é %")
    assert ord("政") not in known


def test_each_font_is_named_once() -> None:
    assert len(set(CHINESE_FONTS)) == len(CHINESE_FONTS)


def test_dollar_signs_are_kept_from_being_a_formula() -> None:
    assert plain_text("$x$") == r"\$x\$"
