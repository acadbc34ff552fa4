"""Comparison -> the records of compare.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_nlp.analysis.comparison import Comparison, LevelComparison
from policy_nlp.analysis.groups import GROUP_WORDS
from policy_nlp.reports.agreement_document import describe_names
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.compare_charts import MOST_BARS, level_charts, province_maps
from policy_nlp.reports.compare_tables import (
    correction_table,
    differences_table,
    groups_table,
    shares_table,
    tests_table,
)
from policy_nlp.reports.pages.page import Page, PagePart, PageSection
from policy_nlp.reports.reason_words import reason_in_chinese
from policy_nlp.reports.report_blocks import BulletList, Paragraph

_MOST_LEFT_OUT = 10  # documents that are named


def compare_page(comparison: Comparison, sections: Sequence[PageSection] = ()) -> Page:
    """The whole page; `sections` of text reuse and vocabulary stand after the levels."""
    grouping = comparison.grouping
    corpus = comparison.corpus
    word = GROUP_WORDS[grouping.by]
    maps = province_maps(comparison)
    n_documents = sum(len(group.documents) for group in grouping.groups)
    return Page(
        title=f"按{word}比较",
        lead=(
            f"{len(grouping.groups)} 个{word}，{n_documents:,} 份文件；"
            f"编码由模型 {_models(comparison)} 给出，不是人工编码。"
        ),
        sections=(
            PageSection("overview", "概览", tuple(_iter_overview(comparison))),
            *((PageSection("map", "省级地区示意图", maps),) if maps else ()),
            *(_level_section(comparison, one) for one in comparison.levels),
            *((_correction_section(comparison),) if comparison.gold else ()),
            *sections,
            PageSection("methods", "怎样读这些数字", _methods(comparison)),
        ),
        codebook_note=describe_names(corpus.codebook),
        signature=signature_of(comparison),
    )


def signature_of(comparison: Comparison) -> tuple[str, ...]:
    """Version, models, inputs with their hashes, seed and date."""
    permutations = comparison.permutations
    codebook = comparison.corpus.codebook
    return (
        f"policy-nlp {comparison.version} compare --by {comparison.grouping.by}，{comparison.date}，"
        f"种子 {permutations.seed}，置换 {permutations.n_draws:,} 次",
        *(f"模型 {name}" for name in dict.fromkeys(_iter_models(comparison))),
        f"编码手册 {codebook.name}，SHA-256 {codebook.digest}",
        *(f"{one.role} {one.path}，SHA-256 {one.sha256}" for one in comparison.sources),
    )


def _models(comparison: Comparison) -> str:
    return "、".join(dict.fromkeys(model.name for model in comparison.corpus.models))


def _iter_models(comparison: Comparison) -> Iterator[str]:
    for model in comparison.corpus.models:
        yield f"{model.name}（policy-nlp {model.version}），权重 SHA-256 {model.sha256}"


def _iter_overview(comparison: Comparison) -> Iterator[PagePart]:
    grouping, corpus = comparison.grouping, comparison.corpus
    word = GROUP_WORDS[grouping.by]
    n_left = len(grouping.left_out)
    yield groups_table(comparison)
    if n_left:
        titles = [corpus.documents[place].title for place in grouping.left_out[:_MOST_LEFT_OUT]]
        yield Paragraph(
            f"{n_left:,} 份文件没有{word}（或不在所选年份内），未进入比较。可在 documents.csv 中补填后用 "
            "--metadata 交回："
        )
        more = (f"…… 其余 {n_left - len(titles):,} 份见 documents.csv",) if n_left > len(titles) else ()
        yield BulletList((*titles, *more))
    if comparison.copies:
        yield Paragraph(
            f"{len(comparison.copies):,} 份文件与另一份几乎相同。它们各自计入，却不是独立的文件："
            "区间会偏窄，p 会偏小；请去掉重复文件后重做。"
        )
        pairs = [
            f"{corpus.documents[one.copy].path} ＝ {corpus.documents[one.original].path}"
            for one in comparison.copies[:_MOST_LEFT_OUT]
        ]
        n_more = len(comparison.copies) - len(pairs)
        yield BulletList((*pairs, *((f"…… 其余 {n_more:,} 份",) if n_more else ())))
    if len(dict.fromkeys(model.sha256 for model in corpus.models)) > 1:
        yield Paragraph("注意：各文件夹由不同的模型编码，组间差异可能来自模型。")
    if corpus.notes:
        yield Paragraph("读入时的说明：" + "；".join(corpus.notes), "note")


def _level_section(comparison: Comparison, one: LevelComparison) -> PageSection:
    parts: list[PagePart] = [*level_charts(comparison, one)]
    if len(one.shares.code_ids) <= MOST_BARS:
        parts.append(shares_table(comparison, one))
    parts.append(tests_table(comparison, one))
    for found in (one.tests.against_rest, one.tests.pairs):
        if table := differences_table(comparison, one, found=found):
            parts.append(table)
        elif found:
            what = "两组之间" if found[0].other else "某一组与其余各组之间"
            parts.append(Paragraph(f"{what}没有 q ≤ 0.05 的差异（共比较 {len(found):,} 项）。", "note"))
    return PageSection(f"level-{one.level}", LEVEL_NAMES[one.level], tuple(parts))


def _correction_section(comparison: Comparison) -> PageSection:
    parts: list[PagePart] = []
    if comparison.gold is not None:
        gold = comparison.gold
        parts.append(
            Paragraph(
                f"金标准的 {gold.n_units:,} 个单位中有 {gold.n_matched:,} 个是这些文件的句子。"
                "校正后的占比 = 模型在全部句子上的占比 + 金标准句上人与模型之差的（加权）平均，"
                "模型部分按其与人的相关程度加权（prediction-powered inference）。"
                "前提：金标准句是从这些文件的句子中随机抽取的（或给出了抽样权重），且人的编码为准。"
            )
        )
    for one in comparison.levels:
        if one.correction is None:
            continue
        if one.correction.reason:
            reason = reason_in_chinese(one.correction.reason)
            parts.append(Paragraph(f"{LEVEL_NAMES[one.level]}未校正：{reason}。"))
        else:
            parts.append(correction_table(comparison, one, correction=one.correction))
    return PageSection("correction", "按金标准校正", tuple(parts))


def _methods(comparison: Comparison) -> tuple[PagePart, ...]:
    has_gold = comparison.gold is not None
    bias = "校正值见“按金标准校正”一节，其余各处" if has_gold else "这里没有给出金标准（--gold），全部"
    return (
        BulletList(
            (
                "占比的分母是该组全部已判定的句子（含标题；空白与弃权的不计）。"
                f"{bias}的占比含有模型的偏差：模型漏判多则偏低，误判多则偏高。",
                "区间把同一文件的句子当作一个整体（整群）：同一文件的句子谈同一件事，不能当作独立样本。"
                "方法为 Korn–Graubard（线性化方差与有效样本量）。文件很少（2–4 份）时区间很宽，这是实情。",
                "只有一份文件的组没有文件间的重复，区间由该文件的连续段落得到：它说明这份文件内部的波动，"
                "不说明该组另一份文件会怎样。不要与其他组的区间直接比宽窄。",
                "文件占比（有编码的文件）随文件长短变化：长文件更容易含有任何一个编码。",
                "多个编码、多个组一起检验时，q 值控制错误发现率："
                "在 q ≤ 0.05 的结果中，平均至多约 5% 是误报。",
            )
        ),
    )
