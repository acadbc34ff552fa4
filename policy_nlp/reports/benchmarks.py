"""Conventional benchmarks beside the lower bound of an interval: text for orientation, never a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import AgreementReport, LevelAgreement
from policy_nlp.reports.agreement_words import LEVEL_NAMES, Footnotes
from policy_nlp.reports.measure_texts import show_number
from policy_nlp.reports.report_blocks import Block, Heading, Paragraph, TableBlock

# Lower end of each band. Landis & Koch (1977), "The Measurement of Observer Agreement for Categorical Data".
_LANDIS_KOCH = (
    (0.81, ".81–1 almost perfect（几乎完全一致）"),
    (0.61, ".61–.80 substantial（高度）"),
    (0.41, ".41–.60 moderate（中等）"),
    (0.21, ".21–.40 fair（尚可）"),
    (0.0, "0–.20 slight（轻微）"),
)
_LANDIS_KOCH_BELOW = "< 0 poor（低于机遇）"
_CAUTION = (
    "以下标准是惯例而非检验，来源不同、互不等价，也未考虑编码的难度与后果；此处只把区间的下界放在旁边，"
    "不作“合格/不合格”的判断。Krippendorff（2004）：α ≥ .800 可作结论，.667 是暂时性结论的最低限；Landis "
    "与 Koch（1977）把 κ "
    "分为 slight、fair、moderate、substantial、almost perfect；Fleiss（1981）：κ > .75 优，.40–.75 "
    "尚可至良好，< .40 差。"
)


def iter_benchmark_blocks(report: AgreementReport) -> Iterator[Block]:
    """A table of lower bounds beside what the literature says of such values."""
    yield Heading("与惯用标准对照 Benchmarks")
    yield Paragraph(_CAUTION)
    footnotes = Footnotes()
    rows = [row for level in report.levels for row in _iter_rows(level, footnotes)]
    header = ("层级", "系数", "值与区间", "下界", "下界所在的惯用区段")
    yield TableBlock("区间下界与惯用标准", header, tuple(rows), footnotes.notes, n_text_columns=2)


def _iter_rows(level: LevelAgreement, footnotes: Footnotes) -> Iterator[tuple[str, ...]]:
    name = LEVEL_NAMES[level.level]
    alpha = level.alpha_jaccard
    kappa = next((item.pooled for item in level.coefficients if item.name == "cohen_kappa"), None)
    yield (name, "α（Jaccard）", footnotes.show(alpha), _bound(alpha), _beside(alpha, _of_krippendorff))
    if kappa is not None:
        words = _beside(kappa, lambda low: f"{_of_landis_koch(low)}\n{_of_fleiss(low)}")
        yield (name, "κ（合并 pooled）", footnotes.show(kappa), _bound(kappa), words)


def _bound(measure: Measure) -> str:
    return show_number(measure.low) if measure.has_interval else "无"


def _beside(measure: Measure, describe: Callable[[float], str]) -> str:
    return describe(measure.low) if measure.has_interval else "没有区间，不作对照"


def _of_krippendorff(low: float) -> str:
    if low >= 0.8:
        return "≥ .800（Krippendorff）"
    return ".667–.800（Krippendorff：仅宜作暂时性结论）" if low >= 0.667 else "< .667（Krippendorff）"


def _of_landis_koch(low: float) -> str:
    # The bands are printed with two decimals, so a bound is read with two.
    words = (band for least, band in _LANDIS_KOCH if round(low, 2) >= least)
    return f"{next(words, _LANDIS_KOCH_BELOW)}（Landis–Koch）"


def _of_fleiss(low: float) -> str:
    if low > 0.75:
        return "> .75（Fleiss）"
    return ".40–.75（Fleiss）" if low >= 0.4 else "< .40（Fleiss）"
