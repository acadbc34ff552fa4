"""What other tools would print, as rows of one table: a measure of a tool for every pair of coders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.vendors.report import MaxqdaComparison, NvivoComparison, VendorLevel

PAIR_SEPARATOR = " - "
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One measure of one tool.

    Attributes:
        measures: by pair of coders, or `EVERYBODY` where the tool compares all of them at once.
    """

    vendor: str
    name: str
    name_zh: str
    measures: Mapping[str, Measure]


@dataclass(frozen=True, slots=True)
class _Cell:
    vendor: str
    name: str
    name_zh: str
    pair: str
    measure: Measure


def vendor_rows(level: VendorLevel) -> list[VendorRow]:
    """The headline numbers of one level, in the order of the tools."""
    cells = [cell for nvivo in level.nvivo for cell in _iter_nvivo(nvivo)]
    cells += [cell for maxqda in level.maxqda for cell in _iter_maxqda(maxqda)]
    between = level.atlas_ti.between_domains
    cells.append(_Cell("ATLAS.ti", "Cu-alpha, between domains", "Cuα（域之间）", EVERYBODY, between))
    cells += [
        _Cell(
            "ATLAS.ti",
            f"cu-alpha, within {domain.domain_id}",
            f"cuα（域内）{domain.domain_id}",
            EVERYBODY,
            domain.cu_alpha,
        )
        for domain in level.atlas_ti.domains
    ]
    cells += [
        _Cell(
            "INCEpTION",
            "alpha U, documents end to end",
            "αU，文件首尾相接",
            _pair(one.first, one.second),
            one.joined,
        )
        for one in level.inception
    ]
    rows: dict[tuple[str, str], list[_Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.vendor, cell.name), []).append(cell)
    return [
        VendorRow(own[0].vendor, own[0].name, own[0].name_zh, {cell.pair: cell.measure for cell in own})
        for own in rows.values()
    ]


def pairs_of(rows: Sequence[VendorRow]) -> list[str]:
    """The columns of the table: pairs of coders, then everybody."""
    found = list(dict.fromkeys(pair for row in rows for pair in row.measures))
    return sorted(found, key=lambda pair: pair == EVERYBODY)


def _iter_nvivo(one: NvivoComparison) -> Iterator[_Cell]:
    whole = next(average for average in one.averages if average.code_id is None)
    pair, vendor = _pair(one.first, one.second), f"NVivo, {one.unit}"
    yield _Cell(vendor, "kappa, mean of codes and files", "κ，逐码逐文件的平均", pair, whole.kappa)
    yield _Cell(vendor, "kappa, weighted by file size", "κ，按文件大小加权", pair, whole.weighted_kappa)
    yield _Cell(vendor, "kappa, used codes only", "κ，只计有人用过的", pair, whole.kappa_used)
    yield _Cell(vendor, "percent agreement, mean", "百分比一致，平均", pair, whole.percent_agreement)


def _iter_maxqda(one: MaxqdaComparison) -> Iterator[_Cell]:
    pair = _pair(one.first, one.second)
    yield _Cell("MAXQDA", "code present", "编码是否出现", pair, one.presence_agreement)
    yield _Cell("MAXQDA", "code frequency", "编码出现次数", pair, one.frequency_agreement)
    yield _Cell("MAXQDA", "segments", "片段一致", pair, one.segment_agreement)
    yield _Cell("MAXQDA", "segments, kappa", "片段 κ（Brennan–Prediger）", pair, one.kappa)


def _pair(first: str, second: str) -> str:
    return f"{first}{PAIR_SEPARATOR}{second}"
