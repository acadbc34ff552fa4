"""The section of the agreement report on what stood against what: heat map, matrix, disagreeing sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from policy_nlp.agreement.report import Disagreement, LevelAgreement
from policy_nlp.agreement.result import AgreeResult
from policy_nlp.codebook import Codebook
from policy_nlp.reports.agreement_json import text_of
from policy_nlp.reports.agreement_table import NOTHING_APPLIES, names_of_codes
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.fonts import find_chinese_font
from policy_nlp.reports.heatmap import HeatMapLabel, draw_heat_map
from policy_nlp.reports.report_blocks import Block, Figure, Heading, Paragraph, TableBlock

_MOST_DRAWN = 40  # codes in the heat map
_MOST_IN_TABLE = 10  # codes of a matrix that is printed as a table
_N_CONFUSED = 15  # rows of the table of most frequent disagreements
_NONE = HeatMapLabel("（无）", "(none)")
_RULE = (
    "对角线：两位编码者都给了该码的次数（“无”：都未给任何编码）；非对角线：同一单位上，"
    "一人给了行码而未给列码，另一人给了列码而未给行码；"
    "“无”表示另一人没有多给的编码。按有序编码者对计数，矩阵对称。"
)


def iter_disagreement_blocks(result: AgreeResult, n_listed: int) -> Iterator[Block]:
    """Heat map of the first level, a table of every level, the first disagreeing sentences."""
    levels = result.report.levels
    yield Heading("分歧 Disagreements")
    if levels:
        yield from _iter_figure_blocks(levels[0], result.codebook)
    for level in levels:
        is_small = len(level.matrix.names) <= _MOST_IN_TABLE + 1
        yield _matrix_table(level, result.codebook) if is_small else _confused_table(level, result.codebook)
    yield from _iter_sentence_blocks(result, n_listed)


def labels_of(names: Sequence[str], codebook: Codebook) -> list[HeatMapLabel]:
    """Names of the codes of a matrix, whose last row is "none"."""
    codes = [codebook.find(code_id) for code_id in names[:-1]]
    return [*(HeatMapLabel(code.name_zh, code.name_en or code.code_id) for code in codes), _NONE]


def _iter_figure_blocks(level: LevelAgreement, codebook: Codebook) -> Iterator[Block]:
    names, counts = level.matrix.names, level.matrix.counts
    labels = labels_of(names, codebook)
    drawn = np.flatnonzero(counts.any(axis=1))
    if len(drawn) > _MOST_DRAWN:
        apart = counts.sum(axis=1) - counts.diagonal()
        drawn = np.sort(np.argsort(-apart, kind="stable")[:_MOST_DRAWN])
    if not len(drawn):
        return
    title = HeatMapLabel(f"分歧矩阵：{LEVEL_NAMES[level.level]}", f"Disagreement matrix: {level.level}")
    heat_map = draw_heat_map(
        counts[np.ix_(drawn, drawn)],
        [labels[place] for place in drawn.tolist()],
        title=title,
        font=find_chinese_font(),
    )
    alt = f"{LEVEL_NAMES[level.level]}的分歧矩阵热图，{len(drawn)} 行 {len(drawn)} 列"
    yield Figure(heat_map.png, f"{LEVEL_NAMES[level.level]}的分歧矩阵（热图）", alt)
    n_left_out = len(names) - len(drawn)
    left_out = f"未画出 {n_left_out} 个没有计数或分歧最少的编码；" if n_left_out else ""
    yield Paragraph(f"{_RULE}{left_out}颜色只表示非对角线的计数（平方根刻度）。{heat_map.note}", "note")


def _matrix_table(level: LevelAgreement, codebook: Codebook) -> TableBlock:
    names = [label.name_zh for label in labels_of(level.matrix.names, codebook)]
    rows = (
        (name, *(f"{count:,}" for count in row))
        for name, row in zip(names, level.matrix.counts.tolist(), strict=True)
    )
    return TableBlock(f"{LEVEL_NAMES[level.level]}：分歧矩阵", ("", *names), tuple(rows))


def _confused_table(level: LevelAgreement, codebook: Codebook) -> TableBlock:
    """The pairs of codes that stand against each other most often; the whole matrix is in the JSON."""
    names = [label.name_zh for label in labels_of(level.matrix.names, codebook)]
    upper = np.triu(level.matrix.counts, k=1)
    order = np.argsort(-upper, axis=None, kind="stable")[:_N_CONFUSED]
    places = zip(*(axis.tolist() for axis in np.unravel_index(order, upper.shape)), strict=True)
    rows = tuple((names[a], names[b], f"{upper[a, b]:,}") for a, b in places if upper[a, b])
    return TableBlock(
        f"{LEVEL_NAMES[level.level]}：最常见的分歧（至多 {_N_CONFUSED} 项）",
        ("一人给", "另一人给", "次数"),
        rows,
        ("完整矩阵见 --json 的 matrix。",),
        n_text_columns=2,
    )


def _iter_sentence_blocks(result: AgreeResult, n_listed: int) -> Iterator[Block]:
    found = result.report.disagreements
    yield Heading("编码不同的句子 Units coded differently", 2)
    if not found:
        yield Paragraph("没有编码不同的单位。")
        return
    shown = found[:n_listed]
    yield Paragraph(
        f"共 {len(found):,} 个单位编码不同，下面按信息量从大到小列出 {len(shown)} 个"
        "（全部清单：--disagreements FILE.xlsx）。"
    )
    if shown:
        coder_ids = [summary.coder.coder_id for summary in result.report.coders]
        rows = tuple(_sentence_row(item, coder_ids, result.codebook) for item in shown)
        header = ("单位 unit", "句子 sentence", *coder_ids)
        notes = (f"{NOTHING_APPLIES}：看过，没有编码适用；空白：没有分给这位编码者。",)
        yield TableBlock("编码不同的句子", header, rows, notes, n_text_columns=len(header))


def _sentence_row(item: Disagreement, coder_ids: Sequence[str], codebook: Codebook) -> tuple[str, ...]:
    names = {unit.coder_id: names_of_codes(unit, codebook) for unit in item.codings}
    return (item.codings[0].unit_id, text_of(item), *(names.get(coder_id, "") for coder_id in coder_ids))
