"""Charts as frozen records: one set of numbers, drawn as HTML, PNG or SVG and written as CSV.

A value of NaN is undefined: drawings leave its place empty or print `n/a`; CSV files leave the cell empty,
beside the reason. Shares are fractions; drawings show them as percent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Unit = Literal["count", "share", "number"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; NaN ends where there is none, `reason` says why."""

    value: float
    low: float = math.nan
    high: float = math.nan
    reason: str = ""

    @property
    def has_interval(self) -> bool:
        """Whether both ends are known and finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)


@dataclass(frozen=True, slots=True)
class ColourGroup:
    """A main category as a group of one colour; its place among the groups decides the colour."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `colour_group` is what bars of one colour share (a main category id), empty for none."""

    name: str
    estimate: Estimate
    colour_group: str = ""
    detail: str = ""  # shown on hover: the English name, a count


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars, in the order given.

    Attributes:
        colour_groups: all main categories in the order of the codebook, so that each has one colour on all
            pages, and a legend; without them colours go by first appearance and there is no legend.
    """

    chart_id: str  # names files and anchors: letters, digits and `-`
    title: str
    bars: tuple[Bar, ...]
    unit: Unit = "count"
    note: str = ""
    colour_groups: tuple[ColourGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class HeatMapChart:
    """A matrix of values under named columns; `values[row][column]`.

    Attributes:
        is_diagonal_apart: the diagonal counts something else (all of a code) and takes no colour.
        row_details: shown on hover over a row's name (the English one); none or one a row.
        column_details: the same of the columns.
        reason: why cells are NaN.
    """

    chart_id: str
    title: str
    row_names: tuple[str, ...]
    column_names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    unit: Unit = "count"
    is_diagonal_apart: bool = False
    note: str = ""
    row_details: tuple[str, ...] = ()
    column_details: tuple[str, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if len(self.values) != len(self.row_names) or any(
            len(row) != len(self.column_names) for row in self.values
        ):
            raise ValueError(f"{self.chart_id}: values do not fit the names of rows and columns")
        if len(self.row_details) not in (0, len(self.row_names)) or len(self.column_details) not in (
            0,
            len(self.column_names),
        ):
            raise ValueError(f"{self.chart_id}: details need one text a row or column, or none")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: an estimate at each place of the chart's axis."""

    name: str
    estimates: tuple[Estimate, ...]
    colour_group: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over an ordered axis (years)."""

    chart_id: str
    title: str
    places: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit = "share"
    note: str = ""
    colour_groups: tuple[ColourGroup, ...] = ()

    def __post_init__(self) -> None:
        if any(len(one.estimates) != len(self.places) for one in self.series):
            raise ValueError(f"{self.chart_id}: each series needs one estimate a place")


@dataclass(frozen=True, slots=True)
class PanelChart:
    """Small multiples: bar charts of the same bars on one scale, one panel a group."""

    chart_id: str
    title: str
    panels: tuple[BarChart, ...]
    unit: Unit = "share"
    note: str = ""
    colour_groups: tuple[ColourGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One place of a map of equal tiles; NaN where there is no document of it."""

    name: str
    row: int
    column: int
    estimate: Estimate
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TileMapChart:
    """A map in which each province is a square of one size."""

    chart_id: str
    title: str
    tiles: tuple[Tile, ...]
    unit: Unit = "share"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a network; x and y from 0 to 1, size is what its area shows."""

    name: str
    x: float
    y: float
    size: float
    community: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie of two nodes, by their places in the chart."""

    source: int
    target: int
    weight: float


@dataclass(frozen=True, slots=True)
class NetworkChart:
    """Nodes and ties at fixed places."""

    chart_id: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    size_name: str  # what the size of a node is: 频次
    weight_name: str  # what the weight of a tie is: 共现次数
    note: str = ""


Chart = BarChart | HeatMapChart | LineChart | PanelChart | TileMapChart | NetworkChart

Cell = str | int | float | None
"""What a cell of a table of numbers holds; NaN and None are written as undefined."""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The numbers of one chart as a table: one row a bar, a cell of the matrix, a point, a node or a tie."""

    name: str  # of the file without its ending: the chart's id, `-edges` after it for the ties of a network
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
