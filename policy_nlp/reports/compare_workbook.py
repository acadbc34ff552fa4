"""Comparison -> the sheets of compare.xlsx: every number of the page, and those that have no room there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from policy_nlp.agreement.intervals import Measure
from policy_nlp.analysis.comparison import Comparison, LevelComparison
from policy_nlp.analysis.group_shares import CodeShare, GroupShares
from policy_nlp.analysis.share_correction import CorrectedGroup, CorrectedShare
from policy_nlp.reports.agreement_document import describe_names
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.charts.chart import Cell
from policy_nlp.reports.compare_charts import ANY_CODE
from policy_nlp.reports.compare_page import signature_of
from policy_nlp.reports.reason_words import reason_in_chinese
from policy_nlp.reports.workbook import SheetColumn, WorkbookSheet

DOCUMENT_HEADER = (
    "document_id", "path", "title", "region", "issuer", "document_number", "year", "date", "kind",
    "group", "n_sentences",
)  # fmt: skip
_BASIS = {"documents": "文件", "blocks": "段落"}
_WHOLE = "全部"


def compare_sheets(comparison: Comparison, more: Sequence[WorkbookSheet] = ()) -> tuple[WorkbookSheet, ...]:
    """Shares, tests, differences and corrections of all levels, documents; `more`; the signature."""
    return (
        _shares(comparison),
        _tests(comparison),
        _differences(comparison),
        *((_corrections(comparison),) if comparison.gold else ()),
        _documents(comparison),
        *more,
        _signature(comparison),
    )


def document_rows(comparison: Comparison) -> tuple[tuple[Cell, ...], ...]:
    """One row a document under `DOCUMENT_HEADER`: what was found, in the form that --metadata takes back."""
    corpus, grouping = comparison.corpus, comparison.grouping
    groups = grouping.group_of_documents().tolist()
    rows: list[tuple[Cell, ...]] = []
    for place, (document, group) in enumerate(zip(corpus.documents, groups, strict=True)):
        found = document.metadata
        own = corpus.rows_of(place)
        name = grouping.groups[group].name if group >= 0 else None
        rows.append(
            (
                document.document_id, document.path, document.title, found.region, found.issuer,
                found.document_number, found.year, found.date, document.kind, name, own.stop - own.start,
            )
        )  # fmt: skip
    return tuple(rows)


def _shares(comparison: Comparison) -> WorkbookSheet:
    columns = (
        SheetColumn("层级"), SheetColumn("组"), SheetColumn("编码"), SheetColumn("code_id"),
        SheetColumn("文件", "count"), SheetColumn("句子", "count"), SheetColumn("有该编码的句子", "count"),
        SheetColumn("句子占比", "share"), SheetColumn("下限", "share"), SheetColumn("上限", "share"),
        SheetColumn("抽样单位"), SheetColumn("有该编码的文件", "count"), SheetColumn("文件占比", "share"),
        SheetColumn("文件占比下限", "share"), SheetColumn("文件占比上限", "share"), SheetColumn("说明"),
    )  # fmt: skip
    rows = tuple(row for one in comparison.levels for row in _iter_shares(comparison, one))
    notes = (
        "占比为模型编码，未校正；区间为 95%。抽样单位为段落的组只有一份文件，区间只反映该文件内部的波动。",
    )
    return WorkbookSheet("占比", columns, rows, notes, n_fixed=3)


def _iter_shares(comparison: Comparison, one: LevelComparison) -> Iterator[tuple[Cell, ...]]:
    codebook = comparison.corpus.codebook
    names = [(codebook.find(code_id).name_zh, code_id) for code_id in one.shares.code_ids]
    for group in one.shares.groups:
        for (name, code_id), share in zip(names, group.codes, strict=True):
            yield _share_row(one, group, share, name=name, code_id=code_id)
        yield _share_row(one, group, group.coded, name=ANY_CODE, code_id="")


def _share_row(
    one: LevelComparison, group: GroupShares, share: CodeShare, *, name: str, code_id: str
) -> tuple[Cell, ...]:
    reasons = dict.fromkeys(m.reason for m in (share.share, share.document_share) if m.reason)
    return (
        LEVEL_NAMES[one.level], group.name, name, code_id, group.n_documents, group.n_sentences,
        share.n_sentences, *_cells(share.share), _BASIS[group.basis],
        share.n_documents, *_cells(share.document_share),
        "；".join(reason_in_chinese(reason) for reason in reasons),
    )  # fmt: skip


def _tests(comparison: Comparison) -> WorkbookSheet:
    columns = (
        SheetColumn("层级"), SheetColumn("编码"), SheetColumn("code_id"), SheetColumn("p", "number"),
        SheetColumn("q", "number"), SheetColumn("η²", "number"), SheetColumn("偶然的 η²", "number"),
        SheetColumn("置换单位"), SheetColumn("单位数", "count"), SheetColumn("最小可能的 p", "number"),
        SheetColumn("说明"),
    )  # fmt: skip
    codebook = comparison.corpus.codebook
    rows = tuple(
        (
            LEVEL_NAMES[one.level], codebook.find(test.code_id).name_zh, test.code_id, test.p_value,
            test.q_value, test.eta_squared, test.eta_by_chance, _BASIS[one.tests.basis],
            one.tests.n_clusters, one.tests.least_p, reason_in_chinese(test.reason),
        )
        for one in comparison.levels
        for test in one.tests.codes
    )  # fmt: skip
    return WorkbookSheet("组间检验", columns, rows, n_fixed=2)


def _differences(comparison: Comparison) -> WorkbookSheet:
    columns = (
        SheetColumn("层级"), SheetColumn("编码"), SheetColumn("code_id"), SheetColumn("组"),
        SheetColumn("相比"), SheetColumn("占比之差", "share"), SheetColumn("Cohen h", "number"),
        SheetColumn("p", "number"), SheetColumn("q", "number"),
    )  # fmt: skip
    codebook = comparison.corpus.codebook
    rows = tuple(
        (
            LEVEL_NAMES[one.level], codebook.find(item.code_id).name_zh, item.code_id, item.group,
            item.other or "其余各组", item.difference, item.cohen_h, item.p_value, item.q_value,
        )
        for one in comparison.levels
        for item in (*one.tests.against_rest, *one.tests.pairs)
    )  # fmt: skip
    return WorkbookSheet("差异", columns, rows, n_fixed=2)


def _corrections(comparison: Comparison) -> WorkbookSheet:
    columns = (
        SheetColumn("层级"), SheetColumn("组"), SheetColumn("编码"), SheetColumn("code_id"),
        SheetColumn("金标准句", "count"), SheetColumn("未校正", "share"), SheetColumn("已校正", "share"),
        SheetColumn("下限", "share"), SheetColumn("上限", "share"), SheetColumn("模型权重", "number"),
        SheetColumn("漏", "count"), SheetColumn("误", "count"), SheetColumn("说明"),
    )  # fmt: skip
    rows = tuple(row for one in comparison.levels for row in _iter_corrections(comparison, one))
    notes = tuple(
        f"{LEVEL_NAMES[one.level]}未校正：{reason_in_chinese(one.correction.reason)}"
        for one in comparison.levels
        if one.correction is not None and one.correction.reason
    )
    return WorkbookSheet("校正", columns, rows, notes, n_fixed=3)


def _iter_corrections(comparison: Comparison, one: LevelComparison) -> Iterator[tuple[Cell, ...]]:
    if one.correction is None or one.correction.whole is None:
        return
    codebook = comparison.corpus.codebook
    groups = one.shares.groups
    n_all = sum(group.n_sentences for group in groups)
    for column, code_id in enumerate(one.shares.code_ids):
        name = codebook.find(code_id).name_zh
        total = sum(group.codes[column].n_sentences for group in groups)
        plain = total / n_all if n_all else math.nan
        whole = one.correction.whole
        yield (LEVEL_NAMES[one.level], _WHOLE, name, code_id, *_corrected(whole, column, plain))
        for own, corrected in zip(groups, one.correction.groups, strict=True):
            plain = own.codes[column].share.value
            yield (LEVEL_NAMES[one.level], own.name, name, code_id, *_corrected(corrected, column, plain))


def _corrected(group: CorrectedGroup, column: int, plain: float) -> tuple[Cell, ...]:
    item: CorrectedShare = group.codes[column]
    reason = reason_in_chinese(item.share.reason) if item.share.reason else ""
    return (
        group.n_gold, plain, *_cells(item.share), item.weight_of_model, item.n_missed, item.n_wrong, reason,
    )  # fmt: skip


def _documents(comparison: Comparison) -> WorkbookSheet:
    formats = {"n_sentences": "count"}
    columns = tuple(SheetColumn(name, "count" if name in formats else "text") for name in DOCUMENT_HEADER)
    notes = ("可在 documents.csv 中补填或更正 region、issuer、year、date、kind，再用 --metadata 交回。",)
    return WorkbookSheet("documents", columns, document_rows(comparison), notes)


def _signature(comparison: Comparison) -> WorkbookSheet:
    lines = (*signature_of(comparison), describe_names(comparison.corpus.codebook), *comparison.corpus.notes)
    return WorkbookSheet("来源", (SheetColumn("来源"),), tuple((line,) for line in lines if line))


def _cells(measure: Measure) -> tuple[Cell, Cell, Cell]:
    return measure.value, measure.low, measure.high
