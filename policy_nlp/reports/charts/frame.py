"""The frame of a drawn picture: a matplotlib figure measured in inches, and texts that its fonts can draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_nlp.reports.charts.colours import GroupColour
from policy_nlp.reports.report_blocks import text_width

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2  # inches: what A4 has between its margins, and a little more
EDGE = 0.12
INK, SOFT, RULE = "#1c1c1c", "#5b5b5b", "#d9d9d5"
_POINTS = 72.0  # an inch


@dataclass(frozen=True, slots=True)
class Lettering:
    """What the fonts of a picture can draw; `known` is None where the viewer's fonts do (SVG)."""

    known: frozenset[int] | None

    def show(self, text: str, *others: str, number: int = 0) -> str:
        """The first of the texts that can be drawn, else `no. 3`: never empty boxes."""
        found = next((one for one in (text, *others) if one and self.can_draw(one)), None)
        return found if found is not None else f"no. {number}"

    def can_draw(self, text: str) -> bool:
        """Whether the fonts have all characters of the text."""
        return self.known is None or all(ord(mark) in self.known or mark == "\n" for mark in text)


@dataclass(frozen=True, slots=True)
class TextLook:
    """Colour of a text, and which side of it stands at its place."""

    colour: str = INK
    side: str = "left"


_PLAIN = TextLook()


@dataclass(frozen=True, slots=True)
class Frame:
    """The body of a picture, between its title and its notes; places are inches of the whole picture."""

    figure: Figure
    letters: Lettering
    width: float
    bottom: float
    top: float

    def axes(self, left: float, bottom: float, *, width: float, height: float) -> Axes:
        """Empty axes without ticks and frame."""
        across, along = self.figure.get_size_inches()
        axes = self.figure.add_axes((left / across, bottom / along, width / across, height / along))
        axes.set_axis_off()
        return axes

    def write(self, text: str, at: tuple[float, float], *, size: float, look: TextLook = _PLAIN) -> None:
        """A text at a place, which is the middle of its height."""
        across, along = self.figure.get_size_inches()
        self.figure.text(
            at[0] / across,
            at[1] / along,
            text,
            size=size,
            color=look.colour,
            ha=look.side,
            va="center",
            linespacing=1.15,
        )


def text_inches(text: str, size: float) -> float:
    """Width of the longest line, with a little to spare: Latin letters are wider than half a Chinese one."""
    return text_width(text) * size * 0.56 / _POINTS if text else 0.0


def wrap_text(text: str, width: int) -> str:
    """The text broken into lines of at most `width` half-width characters, anywhere but before a stop.

    >>> wrap_text("产业链韧性与产业集群", 8).splitlines()
    ['产业链韧', '性与产业', '集群']
    """
    lines = [""]
    for mark in text:
        if lines[-1] and text_width(lines[-1] + mark) > width and mark not in "，。；：、）》”’,.;:)]":
            lines.append("")
        lines[-1] += mark
    return "\n".join(line.strip() for line in lines)


def legend_rows(colours: Sequence[GroupColour], letters: Lettering, *, width: float) -> list[list[str]]:
    """The names of groups with their marks, in as many rows as the width takes."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for number, colour in enumerate(colours, start=1):
        text = f"{colour.mark}  {letters.show(colour.name, colour.group_id, number=number)}"
        needed = legend_inches(text)
        if rows[-1] and used + needed > width:
            rows.append([])
            used = 0.0
        rows[-1].append(text)
        used += needed
    return rows


def legend_inches(text: str) -> float:
    """The width of one entry of a legend: its box, its text and the gap behind it."""
    return 0.16 + text_inches(text, 7.5) + 0.14
