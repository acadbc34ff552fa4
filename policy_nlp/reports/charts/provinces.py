"""Where the provinces lie on a map of equal tiles: neighbours stand together as far as squares can."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from policy_nlp.documents.regions import PROVINCES
from policy_nlp.reports.charts.chart import Estimate, Tile

NO_DOCUMENT = "没有这一地区的文件"

# Rows from north to south, columns from west to east; `.` is an empty place.
_MAP = """
. . . . . . . . 黑龙江
. . . . . 内蒙古 北京 . 吉林
新疆 . 甘肃 宁夏 陕西 山西 河北 天津 辽宁
西藏 青海 四川 重庆 湖北 河南 山东 . .
. . 云南 贵州 湖南 安徽 江苏 上海 .
. . . 广西 广东 江西 浙江 . .
. . . 海南 澳门 香港 福建 台湾 .
"""


@dataclass(frozen=True, slots=True)
class ProvincePlace:
    """The tile of a province-level region, by its short name (as in the metadata of documents); from 0."""

    name: str
    row: int
    column: int


def province_places() -> tuple[ProvincePlace, ...]:
    """All province-level regions in the order of `regions.PROVINCES`; 全国 is none."""
    rows = [line.split() for line in _MAP.strip().splitlines()]
    places = {
        name: ProvincePlace(name, row, column)
        for row, names in enumerate(rows)
        for column, name in enumerate(names)
        if name != "."
    }
    return tuple(places[name] for name in PROVINCES)


def province_tiles(
    estimates: Mapping[str, Estimate], *, details: Mapping[str, str] | None = None
) -> tuple[Tile, ...]:
    """A tile for every province: its estimate, or an undefined one where there is none.

    Args:
        estimates: by the short name of the region; other names (全国) have no tile and are left out.
        details: shown on hover, by the same names.
    """
    unknown = Estimate(math.nan, reason=NO_DOCUMENT)
    return tuple(
        Tile(
            place.name,
            place.row,
            place.column,
            estimates.get(place.name, unknown),
            (details or {}).get(place.name, ""),
        )
        for place in province_places()
    )
