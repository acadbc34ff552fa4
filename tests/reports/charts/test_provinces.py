from __future__ import annotations

import math

from policy_nlp.documents.regions import NATION, PROVINCES
from policy_nlp.reports.charts.chart import Estimate
from policy_nlp.reports.charts.provinces import NO_DOCUMENT, province_places, province_tiles

# Pairs of provinces that share a border, one around each corner of the map.
NEIGHBOURS = [
    ("黑龙江", "吉林"), ("吉林", "辽宁"), ("新疆", "西藏"), ("陕西", "山西"), ("河北", "山东"),
    ("安徽", "江苏"), ("江苏", "上海"), ("四川", "重庆"), ("云南", "贵州"), ("湖南", "广东"),
    ("广西", "广东"), ("浙江", "福建"), ("江西", "浙江"), ("湖北", "河南"), ("北京", "河北"),
    ("天津", "河北"), ("内蒙古", "山西"), ("青海", "西藏"),
]  # fmt: skip


def test_every_region_of_the_metadata_has_one_tile_and_the_nation_none() -> None:
    names = [place.name for place in province_places()]
    assert names == list(PROVINCES)
    assert len(names) == 34
    assert NATION not in names


def test_no_two_provinces_are_on_one_tile() -> None:
    assert len({(place.row, place.column) for place in province_places()}) == 34


def test_neighbours_touch() -> None:
    places = {place.name: place for place in province_places()}
    for first, second in NEIGHBOURS:
        one, other = places[first], places[second]
        assert abs(one.row - other.row) + abs(one.column - other.column) == 1, (first, second)


def test_a_province_without_an_estimate_is_undefined_and_other_names_have_no_tile() -> None:
    tiles = {tile.name: tile for tile in province_tiles({"浙江": Estimate(0.5), NATION: Estimate(0.4)})}
    assert tiles["浙江"].estimate.value == 0.5
    assert math.isnan(tiles["西藏"].estimate.value)
    assert tiles["西藏"].estimate.reason == NO_DOCUMENT
    assert set(tiles) == set(PROVINCES)
