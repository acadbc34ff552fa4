"""AgreeResult -> the content of the written report, Chinese first, for reviewers of a method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_nlp.agreement.report import AgreementReport, CoderSummary
from policy_nlp.agreement.result import AgreeResult
from policy_nlp.codebook import CODE_LEVELS, RECONSTRUCTED, Codebook
from policy_nlp.reports.agreement_sections import (
    iter_code_blocks,
    iter_coefficient_blocks,
    iter_level_blocks,
    iter_pair_blocks,
)
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.benchmarks import iter_benchmark_blocks
from policy_nlp.reports.character_section import iter_character_blocks, iter_vendor_blocks
from policy_nlp.reports.disagreement_section import iter_disagreement_blocks
from policy_nlp.reports.human_model_section import iter_human_model_blocks
from policy_nlp.reports.methods_text import methods_in_chinese, methods_in_english, share_of_shared
from policy_nlp.reports.plan_section import iter_plan_blocks
from policy_nlp.reports.report_blocks import (
    Block,
    BulletList,
    Heading,
    Paragraph,
    ReportDocument,
    TableBlock,
)

TITLE = "编码一致性报告 Inter-coder agreement report"
_NUMERALS = (
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
)
_TO_FILL_IN = (
    "【待作者填写】双人（多人）编码的单位是如何抽取的：数据本身看不出抽样方式。",
    "【待作者填写】编码者是否独立编码、是否互相讨论、受过何种训练：独立性无法从数据中看出。",
    "【待作者填写】分歧如何解决（讨论、第三人裁定、取交集……），裁定后的编码是否用于本文结论。",
)
_UNIT_RULE = "分析单位：句子（一个单位含某编码，当且仅当编码者给了它该编码；一个单位可有多个编码）。"
_MISSING_DATA_RULE = (
    "缺失规则：“没有分给该编码者”与“看过、无编码适用”严格区分。各系数都只用至少两人编码的单位，期望一致也是"
    "（irrCAC 的 Fleiss κ、Conger κ 与 AC1 还把只有一人编码的单位算入期望一致，有这样的单位时数值不同）；"
    "Cohen κ 与 Scott π 用该对编码者都编码的单位；“全体编码者”一致指编码了该单位的人都相同；Holsti 的分母含"
    "一对编码者中只有一人编码的单位，因此缺失多时偏低；不做列删除（listwise）。"
)


def agreement_document(result: AgreeResult, *, n_listed: int) -> ReportDocument:
    """The whole report; `n_listed` disagreeing sentences are shown."""
    signature = f"policy-nlp {result.source.version}"
    blocks = tuple(_iter_numbered(_iter_blocks(result, n_listed)))
    return ReportDocument(TITLE, blocks, signature)


def describe_reconstruction(codebook: Codebook) -> str:
    """That names of the codebook are reconstructed, in Chinese; empty where none is."""
    codes = [code for level in CODE_LEVELS for code in codebook.codes(level)]
    n_ours = sum(code.evidence_status == RECONSTRUCTED for code in codes)
    if not n_ours:
        return ""
    return (
        f"注意：本编码手册为重建版，{len(codes)} 个名称中有 {n_ours} 个为重建，全部定义为自拟；"
        "原论文的编码表未找到。"
        "请勿作为原作者的编码表引用。The codebook is a reconstruction: do not cite it as the authors' table."
    )


def describe_names(codebook: Codebook) -> str:
    """Where the names of the codes are from: what the codebook says, else how many are reconstructed."""
    return codebook.status or describe_reconstruction(codebook)


def _iter_numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, their sections numbered: which there are depends on the data."""
    n_sections = 0
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            yield Heading(f"{_NUMERALS[n_sections]}、{block.text}")
            n_sections += 1
        else:
            yield block


def _iter_blocks(result: AgreeResult, n_listed: int) -> Iterator[Block]:
    report = result.report
    yield from _iter_comparison_blocks(result)
    if report.levels:
        yield from iter_level_blocks(report)
        yield from iter_coefficient_blocks(report)
        yield from iter_code_blocks(report)
        yield from iter_pair_blocks(report)
        yield from iter_human_model_blocks(report.human_model)
        yield from iter_benchmark_blocks(report)
    yield from iter_character_blocks(result.characters)
    yield from iter_vendor_blocks(result.vendors, result.codebook)
    yield from iter_plan_blocks(result.plan)
    yield from iter_disagreement_blocks(result, n_listed)
    yield Heading("方法段落 Methods paragraph")
    yield Paragraph("可直接用于论文；方括号内为数据看不出、须由作者补充之处。", "note")
    yield Paragraph(methods_in_chinese(result))
    yield Paragraph(methods_in_english(result))
    yield from _iter_provenance_blocks(result)


def _iter_comparison_blocks(result: AgreeResult) -> Iterator[Block]:
    """Who compared what, and what only the author knows."""
    report = result.report
    yield Heading("比较对象 What was compared")
    if reconstruction := describe_reconstruction(result.codebook):
        yield Paragraph(reconstruction)
    rows = tuple(_coder_row(summary) for summary in report.coders)
    header = ("编码者 coder", "类别", "来源", "单位数", "文件数")
    yield TableBlock("编码者", header, rows, n_text_columns=3)
    yield BulletList(tuple(_iter_facts(result)))
    yield from (Paragraph(text, "to_fill_in") for text in _TO_FILL_IN)
    if notes := _notes_of(report):
        yield Heading("数据说明 Notes on the data", 2)
        yield BulletList(notes)


def _coder_row(summary: CoderSummary) -> tuple[str, ...]:
    coder = summary.coder
    kind = "模型 model" if coder.is_model else "人 person"
    documents = f"{summary.n_documents:,}" if summary.n_documents else "未注明"
    return (coder.coder_id, kind, coder.source, f"{summary.n_units:,}", documents)


def _iter_facts(result: AgreeResult) -> Iterator[str]:
    report, draws = result.report, result.report.bootstrap
    documents = f"，来自 {report.n_documents:,} 份文件" if report.n_documents else "（单位没有注明所属文件）"
    yield (
        f"共 {report.n_units:,} 个单位，其中 {report.n_units_shared:,} 个（{share_of_shared(report)}）"
        f"由两位或更多编码者编码{documents}。"
    )
    for level in report.levels:
        counts = "、".join(
            f"{n_coders} 人编码 {n_units:,} 个"
            for n_coders, n_units in enumerate(level.n_units_by_coders)
            if n_coders and n_units
        )
        yield f"{LEVEL_NAMES[level.level]}：{counts}。"
    yield _UNIT_RULE
    yield _MISSING_DATA_RULE
    if draws.n_draws:
        drawn = (
            "文件（整群，句子嵌套于文件）"
            if report.resampled == "documents"
            else "单位（单位没有注明所属文件）"
        )
        yield (
            f"区间：{draws.confidence:.0%} 百分位 bootstrap，重抽样的是{drawn}，{draws.n_draws:,} 次，"
            f"种子 {draws.seed}；"
            "无法计算的抽样不计入，次数以 † 注明。“Gwet 标准误”为解析区间，假定单位独立，仅供对照。"
        )
    else:
        yield "没有计算区间（--draws 0）。"


def _notes_of(report: AgreementReport) -> tuple[str, ...]:
    of_coders = (f"{s.coder.coder_id}：{note}" for s in report.coders for note in s.notes)
    left_out = (f"{LEVEL_NAMES[part.level]}未比较：{part.reason}" for part in report.left_out)
    return (*report.notes, *of_coders, *left_out)


def _iter_provenance_blocks(result: AgreeResult) -> Iterator[Block]:
    """Everything that is needed to have the numbers again."""
    source = result.source
    yield Heading("来源与复现 Provenance")
    rows = tuple((part.path, part.sha256, "、".join(part.coder_ids)) for part in source.inputs)
    yield TableBlock("输入文件", ("文件", "sha256", "编码者"), rows, n_text_columns=3)
    facts = [
        f"policy-nlp {source.version}，{source.date}（UTC），种子 {result.report.bootstrap.seed}",
        f"编码手册 {source.codebook_name}，sha256 {source.codebook_sha256}",
        f"单位：{source.unit}；项目文件中编码者所看的文件：{source.seen}",
    ]
    if source.model_signature:
        facts.append(f"模型签名：{source.model_signature}")
    yield BulletList(tuple(facts))
