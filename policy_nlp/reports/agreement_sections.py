"""Sections of the agreement report over levels, coefficients, codes and pairs, as blocks in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_nlp.agreement.report import (
    AgreementReport,
    CodeAgreement,
    LevelAgreement,
    PairAgreement,
)
from policy_nlp.reports.agreement_json import (
    code_measures,
    coefficient_measures,
    level_measures,
    pair_measures,
)
from policy_nlp.reports.agreement_table import has_model_and_people, is_one_sided, is_prevalence_paradox
from policy_nlp.reports.agreement_words import (
    CODE_MEASURE_NAMES,
    COEFFICIENT_NAMES,
    LEVEL_NAMES,
    MEASURE_NAMES,
    MISSING_RULE,
    READING_NAMES,
    Footnotes,
)
from policy_nlp.reports.report_blocks import Block, Heading, Paragraph, TableBlock

_CODE_COLUMNS = ("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1", "f1")
_PAIR_COLUMNS = {
    "percent_agreement": "百分比一致",
    "cohen_kappa": "Cohen κ",
    "krippendorff_alpha": "α（名义）",
    "alpha_jaccard": "α（Jaccard）",
    "alpha_masi": "α（MASI）",
    "micro_f1": "F1 micro",
    "exact_match": "完全相同",
}
MODEL_AMONG_CODERS = (
    "本表及以下各表把模型也算作一位编码者；只有人与人之间的一致性，见“人与模型”一节。"
    "The model counts as one of the coders here."
)
_MEANING_OF_READINGS = (
    "三种读法：合并——把每个“单位×编码”看作一个是/否判断，全部合在一起；逐码平均——先对每个编码单独计算，"
    "再对可计算的编码"
    "取不加权平均；编码集合——把一个单位得到的整组编码看作一个类别。三者回答不同的问题，不应只挑最高的一个。"
)


def iter_level_blocks(report: AgreementReport) -> Iterator[Block]:
    """Agreement of each level: label sets, F1, exact match."""
    levels = report.levels
    footnotes = Footnotes()
    rows = [
        ("比较的单位数 n", *(f"{level.n_units:,}" for level in levels)),
        ("其中无人给码", *(f"{level.n_units_empty:,}" for level in levels)),
        ("含被比较单位的文件数（未注明文件时为单位数）", *(f"{level.n_groups:,}" for level in levels)),
    ]
    columns = [level_measures(level) for level in levels]
    for name, title in MEASURE_NAMES.items():
        rows.append((title, *(footnotes.show(column[name]) for column in columns)))
    header = ("", *(f"{LEVEL_NAMES[level.level]}\n{level.level}" for level in levels))
    yield Heading("各层级的一致性 Agreement by level")
    notes = (
        *([MODEL_AMONG_CODERS] if has_model_and_people(report) else []),
        MISSING_RULE,
        "α 以一个单位的整组编码为值：两个空集距离为 0，空集与非空集距离为 1。"
        "多数句子不含任何编码时，空集往往抬高 α，故另列仅含至少一人给码的单位。",
        *footnotes.notes,
    )
    yield TableBlock("各层级的一致性", header, tuple(rows), notes)


def iter_coefficient_blocks(report: AgreementReport) -> Iterator[Block]:
    """Every coefficient in its three readings, one table a level."""
    yield Heading("一致性系数 Coefficients")
    yield Paragraph(_MEANING_OF_READINGS)
    for level in report.levels:
        footnotes = Footnotes()
        rows = tuple(
            (
                COEFFICIENT_NAMES[item.name],
                *(footnotes.show(measure) for measure in coefficient_measures(item).values()),
            )
            for item in level.coefficients
        )
        n_codes = len(level.per_code)
        rule = (
            "Brennan–Prediger 与 AC1 依类别数而变：是/否判断为 q = 2，编码集合为 q = "
            f"{level.n_sets}（出现过的不同集合）；"
            f"本层级编码手册有 {n_codes} 个编码。百分比一致、Holsti、Perreault–Leigh "
            "不宜单独作为结论（未校正机遇，或与"
            "Brennan–Prediger 等价）。"
        )
        header = ("系数 coefficient", *READING_NAMES.values())
        yield TableBlock(f"{LEVEL_NAMES[level.level]}：系数", header, rows, (rule, *footnotes.notes))


def iter_code_blocks(report: AgreementReport) -> Iterator[Block]:
    """Two tables a level: how often each coder used each code, and how well they agree on it."""
    coder_ids = [summary.coder.coder_id for summary in report.coders]
    yield Heading("逐码一致性 Agreement by code")
    yield Paragraph(
        "每个编码单独看作是/否判断（单位含该码或不含）。罕见编码的区间很宽，κ 会偏低而 AC1 偏高，"
        "因此使用次数、κ、α、AC1 与正向一致并列。"
    )
    for level in report.levels:
        yield Heading(f"{LEVEL_NAMES[level.level]} {level.level}", 2)
        yield _usage_table(level, coder_ids)
        yield _codes_table(level)
        yield from (Paragraph(text, "note") for text in _iter_cautions(level))


def iter_pair_blocks(report: AgreementReport) -> Iterator[Block]:
    """Each pair of coders, one table a level; nothing where there are two coders."""
    levels = [level for level in report.levels if len(level.pairs) > 1]
    if not levels:
        return
    yield Heading("编码者两两比较 Pairs of coders")
    for level in levels:
        yield pairs_table(level.pairs, f"{LEVEL_NAMES[level.level]}：编码者两两比较")


def pairs_table(pairs: Sequence[PairAgreement], caption: str) -> TableBlock:
    """One row a pair of coders."""
    footnotes = Footnotes()
    rows = []
    for pair in pairs:
        measures = pair_measures(pair)
        cells = (footnotes.show(measures[name]) for name in _PAIR_COLUMNS)
        rows.append((f"{pair.first}\n{pair.second}", f"{pair.n_units:,}", *cells))
    header = ("编码者", "单位数", *_PAIR_COLUMNS.values())
    return TableBlock(caption, header, tuple(rows), footnotes.notes)


def _usage_table(level: LevelAgreement, coder_ids: Sequence[str]) -> TableBlock:
    is_pair = len(coder_ids) == 2
    header = ["编码 code", "id", *coder_ids]
    header += ["两人都给", f"仅 {coder_ids[0]}", f"仅 {coder_ids[1]}", "都不给"] if is_pair else []
    rows = []
    for code in level.per_code:
        cells = [_usage(n, n_coded) for n, n_coded in zip(code.n_applied, code.n_coded, strict=True)]
        if is_pair:
            cells += _pair_counts(code)
        rows.append((code.name_zh, code.code_id, *cells))
    rule = "单元格：给了该码的单位数（占该编码者编码单位的比例）。"
    return TableBlock(
        f"{LEVEL_NAMES[level.level]}：各编码者使用每个编码的次数 prevalence",
        tuple(header),
        tuple(rows),
        (rule,),
        n_text_columns=2,
    )


def _usage(n_applied: int, n_coded: int) -> str:
    return f"{n_applied:,} ({n_applied / n_coded:.1%})" if n_coded else "未编码"


def _pair_counts(code: CodeAgreement) -> list[str]:
    counts = code.counts
    if counts is None:
        return ["", "", "", ""]
    numbers = (counts.both, counts.only_first, counts.only_second, counts.neither)
    return [f"{number:,}" for number in numbers]


def _codes_table(level: LevelAgreement) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for code in level.per_code:
        measures = code_measures(code)
        rows.append((code.name_zh, *(footnotes.show(measures[name]) for name in _CODE_COLUMNS)))
    header = ("编码 code", *(CODE_MEASURE_NAMES[name] for name in _CODE_COLUMNS))
    caption = f"{LEVEL_NAMES[level.level]}：逐码一致性"
    return TableBlock(caption, header, tuple(rows), (MISSING_RULE, *footnotes.notes))


def _iter_cautions(level: LevelAgreement) -> Iterator[str]:
    """What to know before reading the table of codes."""
    if paradox := [code.name_zh for code in level.per_code if is_prevalence_paradox(code)]:
        yield (
            f"患病率悖论 prevalence paradox：{'、'.join(paradox)}。这些编码极少（或几乎总是）出现，"
            "κ 与 AC1 因此相差很大：κ 把很高的机遇一致扣除，AC1 与百分比一致则主要来自"
            "同为“否”（或同为“是”）的单位。哪个更合适，数据不能决定；应连同使用次数与正向一致一起解读。"
        )
    if one_sided := [code.name_zh for code in level.per_code if is_one_sided(code)]:
        yield (
            f"至少一位编码者从未使用：{'、'.join(one_sided)}。此人与用过的人之间 κ 恒为 0，"
            "与百分比一致的高低无关，不能读作“一致性为零”；编码者多于两位时，各对平均的 κ 含有这些 0。"
        )
