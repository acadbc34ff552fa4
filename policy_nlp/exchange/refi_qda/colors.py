"""Colours of codes: one hue for each main category, a shade of it for each code below."""

from __future__ import annotations

import colorsys

_SATURATION = 0.62
_DARKEST, _LIGHTEST = 0.45, 0.78  # of the shades; text in black or white is readable on each


def family_color(family: int, n_families: int) -> str:
    """The colour of one of `n_families` main categories, `#rrggbb`; up to 200 no two have the same.

    >>> family_color(0, 8), family_color(1, 8)
    ('#932323', '#937723')
    """
    return _hex(family / max(n_families, 1), 0.357)


def shade_color(family: int, n_families: int, *, shade: int, n_shades: int) -> str:
    """The colour of one of the `n_shades` codes of a main category: its hue, lighter from code to code.

    >>> [shade_color(0, 8, shade=shade, n_shades=3) for shade in range(3)]
    ['#ba2c2c', '#da6060', '#eaa4a4']
    """
    step = shade / max(n_shades - 1, 1)
    return _hex(family / max(n_families, 1), _DARKEST + (_LIGHTEST - _DARKEST) * step)


def _hex(hue: float, lightness: float) -> str:
    channels = colorsys.hls_to_rgb(hue, lightness, _SATURATION)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
