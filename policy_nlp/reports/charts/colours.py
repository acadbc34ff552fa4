"""Colours that colour-blind people can tell apart, each with a mark, so that none stands alone.

The lines and the light backgrounds of main categories; the scales of heat maps and tile maps.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policy_nlp.codebook import Code, Codebook
from policy_nlp.records import Level
from policy_nlp.reports.charts.chart import ColourGroup, Unit

PLAIN_LINE = "#3a6ea5"  # of what belongs to no group
EMPTY = "#f1f1ef"  # where there is no value
# Chosen so that the first 6, 8 and 12 are at least 24, 20 and 14 apart (CIE 1976) for normal, red-blind and
# green-blind eyes, and stand out from white by 3 to 1: tests/reports/charts/test_colours.py measures it.
_LINES = (
    "#0066bb",
    "#d77924",
    "#1c5e47",
    "#9a538c",
    "#88612b",
    "#2d2a6e",
    "#5899cf",
    "#65250e",
    "#848c93",
    "#70a051",
    "#9a0f3a",
    "#8985e8",
)
_SHARE_OF_LINE = 0.17  # in the light background
_SEQUENTIAL = ("#fff9e5", "#d3e6c8", "#8cc4bd", "#4793b4", "#27619f", "#1d2f6f")
_DIVERGING = ("#8c3d04", "#d8863b", "#f6d3a8", "#f7f7f5", "#bcd3ea", "#5a93c6", "#174a86")
_DARK_TEXT = "#000000"  # with white, one of both has at least 4.58 on any colour
_LIGHT_TEXT = "#ffffff"


@dataclass(frozen=True, slots=True)
class GroupColour:
    """The look of a main category: `background` is light enough for black text, `mark` a letter or two."""

    group_id: str
    name: str
    line: str
    background: str
    mark: str


@dataclass(frozen=True, slots=True)
class ColourScale:
    """Colours of values from `low` to `high`; counts go by their square root, so that small ones are seen."""

    low: float
    high: float
    is_root: bool

    @property
    def stops(self) -> tuple[str, ...]:
        """Equally spaced colours from low to high; two-sided where there are negative values."""
        return _DIVERGING if self.low < 0 else _SEQUENTIAL

    def place(self, value: float) -> float:
        """Where the colour of a value lies between the stops, 0 to 1."""
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return math.sqrt(share) if self.is_root else share

    def colour(self, value: float) -> str:
        """The background of a value; `EMPTY` where it is undefined."""
        return mix_stops(self.stops, self.place(value)) if math.isfinite(value) else EMPTY


def codebook_groups(codebook: Codebook) -> tuple[ColourGroup, ...]:
    """The main categories of a codebook in its order, as groups of one colour."""
    return tuple(ColourGroup(code.code_id, code.name_zh) for code in codebook.main)


def level_groups(codebook: Codebook, level: Level) -> tuple[ColourGroup, ...]:
    """The groups of a chart of one level: dimensions and paths belong to no main category."""
    return codebook_groups(codebook) if level in ("main", "initial") else ()


def group_of(code: Code) -> str:
    """The id of the main category whose colour the code has; empty where it belongs to none."""
    if code.level == "main":
        return code.code_id
    return (code.parent_id or "") if code.level == "initial" else ""


def group_colours(groups: Sequence[ColourGroup]) -> dict[str, GroupColour]:
    """The look of each group by its id; beyond twelve colours repeat and only marks differ."""
    colours = {}
    for place, group in enumerate(groups):
        line = _LINES[place % len(_LINES)]
        colours[group.group_id] = GroupColour(
            group.group_id, group.name, line, mix(line, "#ffffff", share=_SHARE_OF_LINE), group_mark(place)
        )
    return colours


def colours_of(group_ids: Iterable[str], groups: Sequence[ColourGroup]) -> dict[str, GroupColour]:
    """The looks that a chart needs: of its groups, and after them of ids that no group has."""
    known = {group.group_id for group in groups}
    others = dict.fromkeys(one for one in group_ids if one not in {"", *known})
    return group_colours((*groups, *(ColourGroup(one, one) for one in others)))


def community_colour(community: int) -> str:
    """The colour of the nodes of a community; after twelve they begin again, in another shape."""
    return _LINES[community % len(_LINES)]


def group_mark(place: int) -> str:
    """A letter: A for the first, Z for the 26th, AA after it.

    >>> group_mark(0), group_mark(25), group_mark(26)
    ('A', 'Z', 'AA')
    """
    letter = chr(ord("A") + place % 26)
    return letter if place < 26 else group_mark(place // 26 - 1) + letter


def value_scale(values: Iterable[float], *, unit: Unit) -> ColourScale:
    """A scale from 0 to the largest value, or as far to both sides of 0 where there are negative values."""
    known = [float(value) for value in values if math.isfinite(value)]
    most = max((abs(value) for value in known), default=0.0) or 1.0
    if any(value < 0 for value in known):
        return ColourScale(-most, most, is_root=False)
    return ColourScale(0.0, most, is_root=unit == "count")


def mix(first: str, second: str, *, share: float) -> str:
    """A colour between two: `share` of the first, the rest of the second."""
    parts = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in parts)


def mix_stops(stops: Sequence[str], place: float) -> str:
    """The colour at a place from 0 to 1 along equally spaced stops."""
    at = min(1.0, max(0.0, place)) * (len(stops) - 1)
    first = min(int(at), len(stops) - 2)
    return mix(stops[first + 1], stops[first], share=at - first)


def text_colour(background: str) -> str:
    """Black or white, whichever stands out more."""
    dark, light = contrast(_DARK_TEXT, background), contrast(_LIGHT_TEXT, background)
    return _DARK_TEXT if dark >= light else _LIGHT_TEXT


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21; text wants 4.5, lines 3 (WCAG 2.1, 1.4.3 and 1.4.11)."""
    lights = sorted((_luminance(first), _luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.1)."""
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
