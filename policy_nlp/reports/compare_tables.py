"""Comparison -> tables of its page: groups, shares, tests, corrected shares."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.comparison import Comparison, LevelComparison
from policy_nlp.analysis.group_shares import GroupShares
from policy_nlp.analysis.group_tests import LevelTests, ShareDifference
from policy_nlp.analysis.groups import GROUP_WORDS
from policy_nlp.analysis.share_correction import (
    LEAST_GOLD,
    LEAST_POSITIVES,
    CorrectedGroup,
    CorrectedShare,
    LevelCorrection,
)
from policy_nlp.codebook import Codebook
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.charts.numbers import estimate_of, show_estimate, show_value
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number, show_p
from policy_nlp.reports.report_blocks import TableBlock

SIGNIFICANT = 0.05
_MOST_SHOWN = 30  # differences in one table
_BASIS = {"documents": "文件", "blocks": "段落（仅一份文件）"}


def groups_table(comparison: Comparison) -> TableBlock:
    """The groups: documents, sentences, and how many of them are coded."""
    first = comparison.levels[0]
    rows = tuple(
        (
            group.name,
            f"{group.n_documents:,}",
            f"{group.n_sentences:,}",
            show_percent(group.coded.share),
            show_percent(group.coded.document_share),
            _BASIS[group.basis],
        )
        for group in first.shares.groups
    )
    word = GROUP_WORDS[comparison.grouping.by]
    header = (word, "文件", "句子", "有编码的句子", "有编码的文件", "区间的抽样单位")
    notes = (f"有编码：模型给出至少一个{LEVEL_NAMES[first.level]}。方括号内为 95% 区间。",)
    return TableBlock(f"各{word}的文件与句子", header, rows, notes)


def shares_table(comparison: Comparison, one: LevelComparison) -> TableBlock:
    """Share of sentences with each code in each group, with intervals."""
    codes = comparison.corpus.codebook.codes(one.level)
    rows = tuple(
        (group.name, *(show_percent(share.share) for share in group.codes)) for group in one.shares.groups
    )
    header = (GROUP_WORDS[comparison.grouping.by], *(code.name_zh for code in codes))
    notes = ("单位：占该组句子的百分比，方括号内为 95% 区间。模型编码，未校正。n/a 表示无法计算（不是 0）。",)
    return TableBlock(f"{LEVEL_NAMES[one.level]}的句子占比", header, rows, notes)


def tests_table(comparison: Comparison, one: LevelComparison) -> TableBlock:
    """Whether the share of each code differs between groups."""
    codebook = comparison.corpus.codebook
    groups = one.shares.groups
    rows = []
    for place, test in enumerate(one.tests.codes):
        rows.append(
            (
                codebook.find(test.code_id).name_zh,
                *(_show_end(groups, place, take=take) for take in (max, min)),
                show_p(test.p_value),
                show_p(test.q_value),
                show_number(test.eta_squared),
                show_number(test.eta_by_chance),
            )
        )
    header = ("编码", "最高", "最低", "p", "q", "η²", "偶然的 η²")
    return TableBlock(
        f"{LEVEL_NAMES[one.level]}：各组占比是否不同",
        header,
        tuple(rows),
        _test_notes(one.tests),
        n_text_columns=3,
    )


def differences_table(
    comparison: Comparison, one: LevelComparison, *, found: Sequence[ShareDifference]
) -> TableBlock | None:
    """The differences that stay below the false discovery rate, the largest first; None where none does."""
    is_pair = any(item.other for item in found)
    kept = sorted(
        (x for x in found if x.q_value <= SIGNIFICANT), key=lambda x: (x.q_value, -abs(x.difference))
    )
    if not kept:
        return None
    codebook = comparison.corpus.codebook
    rows = tuple(
        (
            codebook.find(item.code_id).name_zh,
            item.group,
            item.other or "其余各组",
            f"{100 * item.difference:+.1f}",
            f"{item.cohen_h:+.2f}",
            show_p(item.p_value),
            show_p(item.q_value),
        )
        for item in kept[:_MOST_SHOWN]
    )
    header = ("编码", "组", "相比", "差（百分点）", "Cohen h", "p", "q")
    left = f"另有 {len(kept) - _MOST_SHOWN} 项，见工作簿。" if len(kept) > _MOST_SHOWN else ""
    notes = (f"只列 q ≤ {SIGNIFICANT:g} 的差异，共比较 {len(found):,} 项。{left}",)
    title = "两两相比" if is_pair else "与其余各组相比"
    return TableBlock(f"{LEVEL_NAMES[one.level]}：{title}的差异", header, rows, notes, n_text_columns=3)


def correction_table(
    comparison: Comparison, one: LevelComparison, *, correction: LevelCorrection
) -> TableBlock:
    """Uncorrected and corrected shares side by side, of what could be corrected."""
    rows = tuple(_iter_corrections(comparison.corpus.codebook, one, correction))
    header = ("组", "编码", "未校正", "已校正", "漏", "误", "金标准句")
    n_not = sum(not item.share.is_defined for group in correction.groups for item in group.codes)
    notes = (
        "漏：人给、模型未给的金标准句；误：模型给、人未给的。区间含模型误差与文件抽样两种不确定性。",
        f"未能校正的有 {n_not:,} 项（组 × 编码）：每组至少要有 {LEAST_GOLD} 句金标准，"
        f"其中人或模型给出该编码的至少 {LEAST_POSITIVES} 句；各项原因见工作簿。",
    )
    return TableBlock(f"{LEVEL_NAMES[one.level]}：按金标准校正的占比", header, rows, notes, n_text_columns=2)


def show_percent(measure: Measure) -> str:
    """`12.3% [9.1%, 15.2%]`; `n/a` where it is undefined."""
    return show_estimate(estimate_of(measure), "share")


def _show_end(groups: Sequence[GroupShares], place: int, *, take: Callable[[Iterable[float]], float]) -> str:
    """The highest or the lowest share, and whose it is; how many groups where it is that of several."""
    shares = {group.name: group.codes[place].share.value for group in groups}
    known = [value for value in shares.values() if not math.isnan(value)]
    if not known:
        return NOT_AVAILABLE
    end = take(known)
    names = [name for name, value in shares.items() if value == end]
    return f"{names[0] if len(names) == 1 else f'{len(names)} 组'} {show_value(end, 'share')}"


def _test_notes(tests: LevelTests) -> tuple[str, ...]:
    what = f"把 {tests.n_clusters:,} 份文件在各组间随机置换 {tests.n_draws:,} 次。"
    if tests.basis == "blocks":
        what = (
            "每组只有一份文件，无法检验组间差异；改为把各文件的 "
            f"{tests.n_clusters:,} 个段落随机置换 {tests.n_draws:,} 次，"
            "检验的是这些文件之间的差别是否大于一份文件内部各段的差别，不能推到该组的其他文件。"
        )
    power = (
        f"文件太少：p 最小只能到 {tests.least_p:.3f}，任何差异都不可能显著；不显著不说明没有差异。"
        if not tests.has_power
        else ""
    )
    notes = (
        f"p：{what}q：对本层级全部编码作 Benjamini–Hochberg 校正。",
        "η²：编码在句子间的变异中组间所占份额；偶然的 η² 是分组与编码无关时的平均值，两者之差才说明问题。",
        "检验用模型编码：若模型在各组的误差不同，差异可能来自模型。",
    )
    return (power, *notes) if power else notes


def _iter_corrections(
    codebook: Codebook, one: LevelComparison, correction: LevelCorrection
) -> Iterator[tuple[str, ...]]:
    whole = correction.whole
    parts = [*([(whole, None)] if whole else []), *((g, i) for i, g in enumerate(correction.groups))]
    for group, place in parts:
        for column, code_id in enumerate(one.shares.code_ids):
            item = group.codes[column]
            if item.share.is_defined:
                plain = _uncorrected(one, place, column)
                yield _correction_row(group, codebook.find(code_id).name_zh, plain, item)


def _uncorrected(one: LevelComparison, place: int | None, column: int) -> Measure:
    groups = one.shares.groups
    if place is not None:
        return groups[place].codes[column].share
    n = sum(group.n_sentences for group in groups)
    total = sum(group.codes[column].n_sentences for group in groups)
    return Measure(total / n if n else math.nan, reason="no interval: of all groups together")


def _correction_row(
    group: CorrectedGroup, code: str, plain: Measure, item: CorrectedShare
) -> tuple[str, ...]:
    return (
        group.name or "全部",
        code,
        show_percent(plain),
        show_percent(item.share),
        f"{item.n_missed:,}",
        f"{item.n_wrong:,}",
        f"{group.n_gold:,}",
    )
