"""Fonts of drawn pictures: Chinese where one is installed, and what can be drawn where none is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.font_manager import FontEntry

# In order of preference; the first three systems each bring one.
CHINESE_FONTS = (
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "Heiti TC",
    "Songti SC",
    "SimSun",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK JP",  # one font file holds all regions; matplotlib may see the Japanese name only
    "Noto Serif CJK JP",
    "Microsoft JhengHei",
    "PingFang TC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
NO_FONT_NOTE = (
    "此图用英文名或编码 id：本机没有找到中文字体（安装 Noto Sans CJK 等字体后重新运行即可）。"
    "English names: no Chinese font is installed on this machine."
)
LATIN_FONT = "DejaVu Sans"  # comes with matplotlib


def find_chinese_font() -> str | None:
    """The name of an installed font with Chinese characters, by `CHINESE_FONTS`; None where there is none."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE_FONTS if name in installed), None)


def font_families(font: str | None) -> tuple[str, ...]:
    """The font and behind it the one that comes with matplotlib, for characters that the first lacks."""
    return (font, LATIN_FONT) if font else (LATIN_FONT,)


def drawable_characters(families: tuple[str, ...]) -> frozenset[int]:
    """Code points that one of the fonts can draw."""
    return frozenset(code_point for name in families for code_point in _characters_of(name))


def plain_text(text: str) -> str:
    """The text for matplotlib, which would set what stands between two `$` as a formula."""
    return text.replace("$", r"\$")


def picture_fonts(families: tuple[str, ...]) -> AbstractContextManager[None]:
    """The fonts in their own weight while drawing: matplotlib complains where a font has no normal one."""
    from matplotlib import rc_context

    weight = _entry_of(families[0]).weight
    return rc_context(
        {
            "font.family": "sans-serif",
            "font.sans-serif": list(families),
            "font.weight": weight,
            "axes.titleweight": weight,
            "axes.labelweight": weight,
        }
    )


def _entry_of(family: str) -> FontEntry:
    """The installed font of this name that is nearest to the normal style."""
    from matplotlib import font_manager

    fonts = [font for font in font_manager.fontManager.ttflist if font.name == family]
    return min(
        fonts, key=lambda font: (font.style != "normal", font.weight not in (400, "normal", "regular"))
    )


def _characters_of(family: str) -> frozenset[int]:
    """Code points that a font can draw."""
    from matplotlib import font_manager

    return frozenset(font_manager.get_font(_entry_of(family).fname).get_charmap())
