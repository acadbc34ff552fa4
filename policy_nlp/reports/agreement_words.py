"""The Chinese words of agreement reports: levels, measures, coefficients, footnotes."""

from __future__ import annotations

import string
from dataclasses import dataclass, field

from policy_nlp.agreement.intervals import Measure
from policy_nlp.records import Level
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_measure
from policy_nlp.reports.reason_words import reason_in_chinese

LEVEL_NAMES: dict[Level, str] = {
    "initial": "初始范畴",
    "main": "主范畴",
    "dimensions": "维度",
    "paths": "路径",
}
MEASURE_NAMES = {
    "alpha_jaccard": "Krippendorff α（Jaccard 距离）",
    "alpha_masi": "Krippendorff α（MASI 距离）",
    "alpha_jaccard_coded": "α（Jaccard），仅含至少一人给码的单位",
    "alpha_masi_coded": "α（MASI），仅含至少一人给码的单位",
    "alpha_hierarchy": "α（按编码树加权的距离）",
    "micro_f1": "F1，微平均 micro（合并正向一致）",
    "macro_f1": "F1，宏平均 macro",
    "exact_match": "编码集合完全相同的比例 exact match",
}
COEFFICIENT_NAMES = {
    "percent_agreement": "百分比一致 percent agreement（两两平均）",
    "percent_agreement_all": "百分比一致（全体编码者）",
    "holsti": "Holsti",
    "cohen_kappa": "Cohen κ（各对平均）",
    "scott_pi": "Scott π（各对平均）",
    "fleiss_kappa": "Fleiss κ",
    "conger_kappa": "Conger κ",
    "krippendorff_alpha": "Krippendorff α（名义）",
    "gwet_ac1": "Gwet AC1",
    "brennan_prediger": "Brennan–Prediger",
    "perreault_leigh": "Perreault–Leigh",
}
READING_NAMES = {
    "pooled": "合并全部“单位×编码”格\npooled",
    "mean": "逐码平均\nmean of codes",
    "sets": "编码集合为一类\nsets",
    "analytic": "同左，Gwet 标准误\nanalytic",
}
CODE_MEASURE_NAMES = {
    "percent_agreement": "百分比一致",
    "cohen_kappa": "Cohen κ",
    "krippendorff_alpha": "Krippendorff α",
    "gwet_ac1": "Gwet AC1",
    "f1": "正向一致 (F1)",
    "precision": "精确率 P",
    "recall": "召回率 R",
}
UNDEFINED_DRAWS_RULE = "†n：该值在 n 次 bootstrap 抽样中无法计算，这些抽样不计入区间。"


@dataclass(slots=True)
class Footnotes:
    """The footnotes of one table: a reason gets the same letter wherever it stands."""

    _letters: dict[str, str] = field(default_factory=dict)
    _has_undefined_draws: bool = False

    def show(self, measure: Measure) -> str:
        """The value, below it its interval; a letter where one is missing, a dagger where draws are."""
        shown = show_measure(measure, separator="\n")
        if measure.has_interval and measure.n_undefined:
            self._has_undefined_draws = True
            return f"{shown} †{measure.n_undefined:,}"
        return f"{shown} ({self.mark(measure.reason)})" if measure.reason else shown

    def mark(self, reason: str) -> str:
        """The letter of a reason: a to z, then aa, bb, ..."""
        n_before = len(self._letters)
        letter = string.ascii_lowercase[n_before % 26] * (n_before // 26 + 1)
        return self._letters.setdefault(reason, letter)

    @property
    def notes(self) -> tuple[str, ...]:
        """One line a letter, in Chinese where the reason is known."""
        reasons = (f"({letter}) {reason_in_chinese(reason)}" for reason, letter in self._letters.items())
        return (*reasons, *([UNDEFINED_DRAWS_RULE] if self._has_undefined_draws else []))


MISSING_RULE = f"{NOT_AVAILABLE} 表示无法计算（不是 0）；字母指向原因。方括号内为区间。"
