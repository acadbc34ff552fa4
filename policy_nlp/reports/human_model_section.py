"""The section of the agreement report that holds people against models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_nlp.agreement.report import HumanModelLevel
from policy_nlp.reports.agreement_json import replacement_measures
from policy_nlp.reports.agreement_words import LEVEL_NAMES, MISSING_RULE, Footnotes
from policy_nlp.reports.report_blocks import Block, Heading, Paragraph, TableBlock

_INTRODUCTION = (
    "问题不是“κ 是否大于 .8”，而是：用模型替换一位编码者之后，编码者群体的一致性变了多少。"
    "下表给出人与人、人与模型的一致性，"
    "以及替换检验：在同一批单位、同一组 bootstrap 抽样上，模型替换某人之后的 α 减去替换之前的 α，连同区间。"
    "区间整体在 0 以上（或以下）表示替换提高（或降低）了一致性；区间含 0 只表示这批数据分不出差别，"
    "不表示两者等价。"
)
_RULE = (
    "α 以编码集合计算（Jaccard 距离）。模型占优 advantage：模型比该编码者更接近其余编码者的单位比例，"
    "减去更远的比例"
    "（与 Calderon 等 2025 的思路相同）；只有两位编码者时，“其余”即另一位。"
)


def iter_human_model_blocks(parts: Sequence[HumanModelLevel]) -> Iterator[Block]:
    """People among themselves, with the model, each person's replacement; nothing without a model."""
    if not parts:
        return
    yield Heading("人与模型 People and model")
    yield Paragraph(_INTRODUCTION)
    for model_id in dict.fromkeys(part.model_id for part in parts):
        own = [part for part in parts if part.model_id == model_id]
        yield _alpha_table(own, model_id)
        if any(part.replacements for part in own):
            yield _replacement_table(own, model_id)


def _alpha_table(parts: Sequence[HumanModelLevel], model_id: str) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for part in parts:
        alphas = (footnotes.show(part.alpha_people), footnotes.show(part.alpha_all))
        rows.append((LEVEL_NAMES[part.level], f"{part.n_units:,}", *alphas))
    header = ("层级", "单位数", "编码者之间 α\namong people", f"编码者与模型一起 α\nwith {model_id}")
    notes = ("两列用同一批单位。", *footnotes.notes)
    return TableBlock(f"人与模型 {model_id}：总体 α（Jaccard）", header, tuple(rows), notes)


def _replacement_table(parts: Sequence[HumanModelLevel], model_id: str) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for part in parts:
        for item in part.replacements:
            cells = (footnotes.show(measure) for measure in replacement_measures(item).values())
            rows.append((LEVEL_NAMES[part.level], item.coder_id, f"{item.n_units:,}", *cells))
    header = ("层级", "被替换者", "单位数", "替换前 α", "替换后 α", "变化 change", "模型占优\nadvantage")
    notes = (_RULE, MISSING_RULE, *footnotes.notes)
    caption = f"替换检验：模型 {model_id} 替换一位编码者"
    return TableBlock(caption, header, tuple(rows), notes, n_text_columns=2)
