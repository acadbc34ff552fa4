"""CodingTableResult -> the written table: open, axial and selective coding as Chinese papers print them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from policy_nlp.analysis.coding_table import CodeCounts, ExampleSentence
from policy_nlp.analysis.coding_table_result import CodingTableResult
from policy_nlp.records import Level
from policy_nlp.reports import coding_table_words as words
from policy_nlp.reports.agreement_words import Footnotes
from policy_nlp.reports.measure_texts import show_number
from policy_nlp.reports.report_blocks import Block, Heading, Paragraph, ReportDocument, TableBlock

_LEVEL_CAPTIONS: dict[Level, str] = {"dimensions": "维度及其代表性语句", "paths": "路径及其代表性语句"}
_NOTHING = "—"


def coding_table_document(result: CodingTableResult) -> ReportDocument:
    """The tables of all coded levels, landscape."""
    return ReportDocument(
        words.TITLE, tuple(_iter_blocks(result)), f"policy-nlp {result.version}", is_landscape=True
    )


def _iter_blocks(result: CodingTableResult) -> Iterator[Block]:
    yield Paragraph(_introduce(result))
    if result.table.main:
        yield Heading(f"一、{words.OPEN_CODING}")
        yield _open_table(result)
        yield Heading(f"二、{words.AXIAL_CODING}")
        yield _axial_table(result)
        yield Heading(f"三、{words.SELECTIVE_CODING}")
        yield _selective_table(result)
    if result.table.dimensions:
        yield _level_table(result, "dimensions", result.table.dimensions)
    if result.table.paths:
        yield _level_table(result, "paths", result.table.paths)
    yield Heading("附：被引语句的来源文档")
    yield _sources_table(result)
    yield from (Paragraph(f"读入说明：{note}", "note") for note in result.notes)


def _introduce(result: CodingTableResult) -> str:
    table, codebook = result.table, result.corpus.codebook
    return (
        f"本表由 policy-nlp {result.version} 于 {result.date[:10]} 生成：{len(table.documents):,} 篇文献、"
        f"{table.n_sentences:,} 句，其中 {table.n_coded:,} 句至少有一个编码。编码手册：{codebook.name}"
        f"（sha256 {codebook.digest[:12]}…）。{words.describe_coder(result)}"
    )


def _open_table(result: CodingTableResult) -> TableBlock:
    has_concepts = bool(result.corpus.codebook.concepts)
    rows = []
    for main, category in words.categories_of(result):
        name = f"{words.name_of(result, category.counts.code_id)}\n{_size(category.counts)}"
        for concept in category.concepts or (category.counts,):
            is_concept = concept is not category.counts
            cells = [words.name_of(result, main.counts.code_id), name]
            if has_concepts:
                cells.append(words.name_of(result, concept.code_id) if is_concept else _NOTHING)
            rows.append((*cells, _show_examples(concept.examples), *_numbers(result, concept)))
    header = [words.MAIN, words.INITIAL, *([words.CONCEPT] if has_concepts else []), words.EXAMPLES]
    about_concepts = words.CONCEPT_NOTE if has_concepts else words.NO_CONCEPTS_NOTE
    counted = words.OPEN_COUNT_NOTE if has_concepts else words.COUNT_NOTE
    return TableBlock(
        caption=f"{words.OPEN_CODING}：初始概念与初始范畴",
        header=(*header, *_number_names(result)),
        rows=tuple(rows),
        notes=words.notes_of_table(
            result, about_concepts, f"{counted}{_score_note(result)}{words.describe_labels(result)}"
        ),
        n_text_columns=len(header),
        n_merged_columns=2,
    )


def _axial_table(result: CodingTableResult) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for main, category in words.categories_of(result):
        code = result.corpus.codebook.find(category.counts.code_id or "")
        rows.append(
            (
                words.name_of(result, main.counts.code_id),
                code.name_zh,
                code.definition,
                *_numbers(result, category.counts),
                *_agreement_cells(result, category.counts, footnotes),
            )
        )
    return TableBlock(
        caption=f"{words.AXIAL_CODING}：主范畴与初始范畴",
        header=(words.MAIN, words.INITIAL, words.MEANING, *_number_names(result), *_agreement_names(result)),
        rows=tuple(rows),
        notes=_notes(result, "initial", footnotes),
        n_text_columns=3,
        n_merged_columns=1,
    )


def _selective_table(result: CodingTableResult) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for main in result.table.main:
        code = result.corpus.codebook.find(main.counts.code_id or "")
        parts = "、".join(words.name_of(result, one.counts.code_id) for one in main.categories)
        numbers = _numbers(result, main.counts)
        agreement = _agreement_cells(result, main.counts, footnotes)
        rows.append((code.name_zh, code.definition, parts, *numbers, *agreement))
    return TableBlock(
        caption=f"{words.SELECTIVE_CODING}：主范畴",
        header=(words.MAIN, words.MEANING, words.INITIAL, *_number_names(result), *_agreement_names(result)),
        rows=tuple(rows),
        notes=_notes(result, "main", footnotes),
        n_text_columns=3,
    )


def _level_table(result: CodingTableResult, level: Level, counted: Sequence[CodeCounts]) -> TableBlock:
    footnotes = Footnotes()
    rows = []
    for counts in counted:
        code = result.corpus.codebook.find(counts.code_id or "")
        numbers = _numbers(result, counts)
        agreement = _agreement_cells(result, counts, footnotes)
        rows.append((code.name_zh, code.definition, _show_examples(counts.examples), *numbers, *agreement))
    name = "维度" if level == "dimensions" else "路径"
    return TableBlock(
        caption=_LEVEL_CAPTIONS[level],
        header=(name, "内涵", words.EXAMPLES, *_number_names(result), *_agreement_names(result)),
        rows=tuple(rows),
        notes=_notes(result, level, footnotes),
        n_text_columns=3,
    )


def _sources_table(result: CodingTableResult) -> TableBlock:
    """Only documents whose sentences are shown: the workbook has all."""
    cited = {example.label.rpartition("-")[0] for example in _iter_examples(result)}
    rows = []
    for labelled in result.table.documents:
        if labelled.label in cited:
            document = result.corpus.documents[labelled.place]
            own = document.metadata
            texts = (document.title, own.issuer, own.region, own.date or own.year)
            rows.append((labelled.label, *(str(text or _NOTHING) for text in texts), f"{labelled.n_coded:,}"))
    n_all = len(result.table.documents)
    return TableBlock(
        caption="被引语句的来源文档",
        header=("编号", "标题", "发文机关", "地区", "日期", "已编码句数"),
        rows=tuple(rows),
        notes=(
            f"注：全部 {n_all:,} 篇文献中，有语句在上列各表中出现的 {len(rows):,} 篇；"
            f".xlsx 格式的“{words.SOURCES}”表列出全部。",
        ),
        n_text_columns=5,
    )


def _iter_examples(result: CodingTableResult) -> Iterator[ExampleSentence]:
    for _, category in words.categories_of(result):
        for counts in (category.counts, *category.concepts):
            yield from counts.examples
    for counts in (*result.table.dimensions, *result.table.paths):
        yield from counts.examples


def _show_examples(examples: Sequence[ExampleSentence]) -> str:
    return "\n".join(f"{one.label}　{' '.join(one.text.split())}" for one in examples) or _NOTHING


def _size(counts: CodeCounts) -> str:
    return f"（{counts.n_sentences:,} 句，{counts.n_documents:,} 篇）"


def _has_scores(result: CodingTableResult) -> bool:
    return result.coder is None


def _numbers(result: CodingTableResult, counts: CodeCounts) -> tuple[str, ...]:
    score = _NOTHING if math.isnan(counts.score) else show_number(counts.score)
    shown = (f"{counts.n_sentences:,}", f"{counts.n_documents:,}")
    return (*shown, score) if _has_scores(result) else shown


def _number_names(result: CodingTableResult) -> tuple[str, ...]:
    names = (words.N_SENTENCES, words.N_DOCUMENTS)
    return (*names, words.SCORE) if _has_scores(result) else names


def _score_note(result: CodingTableResult) -> str:
    return words.SCORE_NOTE if _has_scores(result) else ""


def _agreement_names(result: CodingTableResult) -> tuple[str, ...]:
    if result.agreement is None:
        return ()
    return ("κ", "α", "精确率", "召回率") if result.compared_with == "gold" else ("κ", "α")


def _agreement_cells(result: CodingTableResult, counts: CodeCounts, footnotes: Footnotes) -> tuple[str, ...]:
    if result.agreement is None:
        return ()
    found = result.agreement_on(counts.code_id or "")
    if found is None:
        return (_NOTHING,) * len(_agreement_names(result))
    measures = (found.kappa, found.alpha, found.precision, found.recall)
    return tuple(footnotes.show(measure) for measure in measures[: len(_agreement_names(result))])


def _notes(result: CodingTableResult, level: Level, footnotes: Footnotes) -> tuple[str, ...]:
    agreement = words.describe_agreement(result, level)
    counted = f"{words.COUNT_NOTE}{_score_note(result)}"
    return words.notes_of_table(result, counted, agreement, *footnotes.notes)
