"""CorpusReuse -> a section of a page and sheets of a workbook: what documents share, and who had it first."""

from __future__ import annotations

import math
from collections.abc import Sequence

from policy_nlp.analysis.coded_corpus import CodedCorpus, CorpusDocument
from policy_nlp.analysis.reuse_groups import CorpusReuse, DocumentReuse
from policy_nlp.analysis.similar_texts import N_GRAM
from policy_nlp.analysis.text_reuse import ReuseCluster, ReusePair, ReuseRules
from policy_nlp.reports.charts.chart import HeatMapChart
from policy_nlp.reports.measure_texts import NOT_AVAILABLE
from policy_nlp.reports.pages.page import PagePart, PageSection
from policy_nlp.reports.report_blocks import Paragraph, TableBlock
from policy_nlp.reports.workbook import SheetColumn, WorkbookSheet

_SHOWN_DOCUMENTS = 15
_SHOWN_CLUSTERS = 15
_SHOWN_NAMES = 6
_FEWEST_SENTENCES = 10  # of a document that is listed: in a shorter one a share says little
_LONGEST_TITLE = 30


def reuse_section(corpus: CodedCorpus, found: CorpusReuse) -> PageSection:
    """The section 文本复用: numbers, shares between groups, documents and sentences with most reuse."""
    parts: list[PagePart] = [
        Paragraph(_summary(corpus, found)),
        Paragraph(_rules_in_words(found.reuse.rules), style="note"),
        _shared_chart(found),
    ]
    if found.groups.handed_on.sum():
        parts.append(_handed_on_chart(found))
    else:
        parts.append(Paragraph(_NO_DATES, style="note"))
    parts += [_documents_table(corpus, found), _clusters_table(corpus, found)]
    return PageSection("text-reuse", "文本复用", tuple(parts))


def reuse_sheets(corpus: CodedCorpus, found: CorpusReuse) -> tuple[WorkbookSheet, ...]:
    """Sheets of documents, groups, shared sentences and pairs of wordings."""
    notes = (_rules_in_words(found.reuse.rules),)
    return (
        WorkbookSheet("复用_文档", _DOCUMENT_COLUMNS, _document_rows(corpus, found), notes),
        WorkbookSheet("复用_组间", _GROUP_COLUMNS, _group_rows(found), (_DIRECTION_NOTE,)),
        WorkbookSheet("复用_句子", _SENTENCE_COLUMNS, _sentence_rows(corpus, found)),
        WorkbookSheet("复用_句对", _PAIR_COLUMNS, _pair_rows(corpus, found.reuse.pairs)),
    )


_NO_DATES = "各文档的日期不足以判断先后（同年、同日或日期缺失），未作先后推断。"
_DIRECTION_NOTE = (
    "“共有”：后一组的句子也见于前一组的文档；“在先”：前一组的那份文档日期确定更早。"
    "日期相同、只知年份而年份相同或缺失的，不计入“在先”。先出现不等于来源：两者可能同抄第三份文件。"
)
_DOCUMENT_COLUMNS = (
    SheetColumn("文档"), SheetColumn("地区"), SheetColumn("日期"), SheetColumn("比较的句数", "count"),
    SheetColumn("复用句数", "count"), SheetColumn("复用占比", "share"), SheetColumn("独有占比", "share"),
    SheetColumn("见于更早文档的句数", "count"), SheetColumn("最相近的文档"),
    SheetColumn("与其共有句数", "count"),
)  # fmt: skip
_GROUP_COLUMNS = (
    SheetColumn("见于（组）"), SheetColumn("句子所属（组）"), SheetColumn("共有句数", "count"),
    SheetColumn("占后者比较句数", "share"), SheetColumn("其中前者在先", "count"),
)  # fmt: skip
_SENTENCE_COLUMNS = (
    SheetColumn("簇", "count"), SheetColumn("文档数", "count"), SheetColumn("最早"), SheetColumn("文档"),
    SheetColumn("地区"), SheetColumn("日期"), SheetColumn("句子编号"), SheetColumn("句子"),
)  # fmt: skip
_PAIR_COLUMNS = (
    SheetColumn("文档甲"), SheetColumn("句子甲"), SheetColumn("文档乙"), SheetColumn("句子乙"),
    SheetColumn("甲见于乙", "share"), SheetColumn("乙见于甲", "share"), SheetColumn("最长相同字段"),
)  # fmt: skip


def _rules_in_words(rules: ReuseRules) -> str:
    return (
        f"判定规则：句子去标点、繁简与全半角统一后，以 {N_GRAM} 字片段集合相比；"
        f"一句的片段有 {rules.similarity:.0%} 以上见于另一文档的某一句、"
        f"且两句有连续 {rules.shortest_run} 字以上相同，即为复用。"
        f"标题和不足 {rules.shortest} 字的句子不比较；见于超过 {rules.formula_documents} 份且超过 "
        f"{rules.formula_share:.0%} 文档的片段视为套语，不计。同一文档内的重复不计。"
    )


def _summary(corpus: CodedCorpus, found: CorpusReuse) -> str:
    reuse = found.reuse
    n_compared, n_reused = int(reuse.is_compared.sum()), int(reuse.is_reused.sum())
    n_source = sum(cluster.source is not None for cluster in reuse.clusters)
    share = f"（{n_reused / n_compared:.1%}）" if n_compared else ""
    return (
        f"{len(corpus.documents):,} 份文档的 {n_compared:,} 个可比句子中，"
        f"{n_reused:,} 句{share}也见于其他文档，"
        f"合为 {len(reuse.clusters):,} 簇，其中 {n_source:,} 簇可由日期确定最早的文档。标题与短句 "
        f"{reuse.n_short:,} 句、套语 {reuse.n_formula:,} 句未比较。"
    )


def _shared_chart(found: CorpusReuse) -> HeatMapChart:
    groups = found.groups
    values = tuple(
        tuple(_share(int(groups.shared[row, column]), int(n)) for column, n in enumerate(groups.n_compared))
        for row in range(len(groups.names))
    )
    return HeatMapChart(
        "text-reuse-shared", "各组句子见于他组的占比", groups.names, groups.names, values,
        unit="share", is_diagonal_apart=True,
        note="列：句子所属的组；行：也见于哪一组；对角线：见于同组的另一份文档。",
    )  # fmt: skip


def _handed_on_chart(found: CorpusReuse) -> HeatMapChart:
    groups = found.groups
    values = tuple(tuple(float(n) for n in row) for row in groups.handed_on)
    return HeatMapChart(
        "text-reuse-earlier", "先后：行的组在先，列的组在后（句数）", groups.names, groups.names, values,
        is_diagonal_apart=True, note=_DIRECTION_NOTE,
    )  # fmt: skip


def _documents_table(corpus: CodedCorpus, found: CorpusReuse) -> TableBlock:
    ranked = sorted(
        (one for one in found.documents if one.n_reused and one.n_compared >= _FEWEST_SENTENCES),
        key=lambda one: (-one.share_reused, one.document),
    )
    rows = tuple(
        (
            show_title(corpus.documents[one.document]),
            _nearest(corpus, one),
            f"{one.n_compared:,}",
            f"{one.n_reused:,}",
            f"{one.share_reused:.1%}",
            f"{one.share_own:.1%}",
            f"{one.n_earlier:,}",
        )
        for one in ranked[:_SHOWN_DOCUMENTS]
    )
    header = ("文档", "最相近的文档（共有句数）", "比较", "复用", "复用占比", "独有占比", "见于更早")
    caption = f"复用占比最高的文档（比较的句子不少于 {_FEWEST_SENTENCES} 句者）"
    notes = _more(len(ranked) - len(rows), "份文档有复用句，见工作簿")
    return TableBlock(caption, header, rows, notes, n_text_columns=2)


def _clusters_table(corpus: CodedCorpus, found: CorpusReuse) -> TableBlock:
    clusters = found.reuse.clusters
    rows = tuple(
        (
            corpus.texts[cluster.rows[0]],
            "、".join(_names(corpus, cluster)),
            _source(corpus, cluster),
            f"{len(cluster.documents):,}",
        )
        for cluster in clusters[:_SHOWN_CLUSTERS]
    )
    notes = _more(len(clusters) - len(rows), "簇见工作簿")
    return TableBlock("见于最多文档的句子", ("句子", "文档", "最早", "文档数"), rows, notes, n_text_columns=3)


def _more(n: int, what: str) -> tuple[str, ...]:
    return (f"另有 {n:,} {what}。",) if n > 0 else ()


def _names(corpus: CodedCorpus, cluster: ReuseCluster) -> list[str]:
    names = [show_title(corpus.documents[place]) for place in cluster.documents[:_SHOWN_NAMES]]
    return [*names, "等"] if len(cluster.documents) > _SHOWN_NAMES else names


def _source(corpus: CodedCorpus, cluster: ReuseCluster) -> str:
    if cluster.source is None:
        return "未定：部分文档日期不详" if cluster.n_undated else "未定：日期不分先后"
    document = corpus.documents[cluster.source]
    return f"{show_title(document)}（{_date(document)}）"


def _nearest(corpus: CodedCorpus, one: DocumentReuse) -> str:
    if one.nearest is None:
        return NOT_AVAILABLE
    return f"{show_title(corpus.documents[one.nearest])}（{one.n_nearest:,}）"


def _document_rows(
    corpus: CodedCorpus, found: CorpusReuse
) -> tuple[tuple[str | int | float | None, ...], ...]:
    rows = []
    for one in found.documents:
        document = corpus.documents[one.document]
        nearest = None if one.nearest is None else corpus.documents[one.nearest].title
        rows.append((
            document.title, document.metadata.region, _date(document), one.n_compared, one.n_reused,
            one.share_reused, one.share_own, one.n_earlier, nearest, one.n_nearest,
        ))  # fmt: skip
    return tuple(rows)


def _group_rows(found: CorpusReuse) -> tuple[tuple[str | int | float, ...], ...]:
    groups = found.groups
    return tuple(
        (
            holder,
            owner,
            int(groups.shared[row, column]),
            _share(int(groups.shared[row, column]), int(groups.n_compared[column])),
            int(groups.handed_on[row, column]),
        )
        for row, holder in enumerate(groups.names)
        for column, owner in enumerate(groups.names)
        if groups.shared[row, column]
    )


def _sentence_rows(corpus: CodedCorpus, found: CorpusReuse) -> tuple[tuple[str | int | None, ...], ...]:
    document_of_rows = corpus.document_of_rows()
    rows = []
    for number, cluster in enumerate(found.reuse.clusters, start=1):
        source = _source(corpus, cluster)
        for row in cluster.rows:
            document = corpus.documents[document_of_rows[row]]
            rows.append((
                number, len(cluster.documents), source, document.title, document.metadata.region,
                _date(document), corpus.sentence_ids[row], corpus.texts[row],
            ))  # fmt: skip
    return tuple(rows)


def _pair_rows(corpus: CodedCorpus, pairs: Sequence[ReusePair]) -> tuple[tuple[str | float, ...], ...]:
    document_of_rows = corpus.document_of_rows()
    rows = []
    for pair in pairs:
        rows_of_pair = (pair.first_row, pair.second_row)
        first, second = (corpus.documents[document_of_rows[row]].title for row in rows_of_pair)
        offset = int(corpus.starts[pair.first_row])
        text = corpus.texts[pair.first_row]
        run = text[pair.first_run.start - offset : pair.first_run.end - offset]
        shares = (pair.share_of_first, pair.share_of_second)
        rows.append((first, text, second, corpus.texts[pair.second_row], *shares, run))
    return tuple(rows)


def show_title(document: CorpusDocument) -> str:
    """The title, cut where it is long; the path where there is none."""
    title = document.title or document.path
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"


def _date(document: CorpusDocument) -> str | None:
    metadata = document.metadata
    return metadata.date or (str(metadata.year) if metadata.year else None)


def _share(n: int, n_all: int) -> float:
    return n / n_all if n_all else math.nan
