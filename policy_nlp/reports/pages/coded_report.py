"""A coded corpus with its texts -> report.html: pictures, numbers, every document with its coded sentences.

The page holds no date and no path of the result folder: the same result gives the same bytes. The date is in
manifest.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_folder import REPORT
from policy_nlp.exchange.result_manifest import CodeManifest, FileDigest
from policy_nlp.reports.agreement_document import describe_names
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.charts.chart import ChartTable
from policy_nlp.reports.charts.colours import codebook_groups, group_colours
from policy_nlp.reports.pages.coded_text import (
    MOST_CHARACTERS,
    NEAR_SCORE,
    NO_MAIN,
    ShownDocument,
    show_documents,
)
from policy_nlp.reports.pages.corpus_numbers import SHOWN_LEVELS, corpus_sections, frequency_numbers
from policy_nlp.reports.pages.page import Page, PageSection
from policy_nlp.reports.pages.render import (
    PageExtras,
    as_markup,
    render_page,
    template_environment,
    template_source,
)
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

_DOCUMENTS = "documents"
_TEXTS = "texts"
_MOST_OPEN = 60  # documents: a longer list is folded
_STATUS_WORDS = {"coded": "有编码", "uncoded": "无编码", "abstained": "弃权", "empty": "空"}


@dataclass(frozen=True, slots=True)
class CodedReport:
    """A finished report: its numbers as records, and the whole of it as HTML."""

    page: Page
    frequencies: ChartTable
    html: str
    n_shown_in_part: int  # documents whose whole text found no room


@dataclass(frozen=True, slots=True)
class _CodeChoice:
    """A code in the filter; `value` is its level and its place there, as the script reads it."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class _LevelChoices:
    """The codes of one level in the filter."""

    name: str
    codes: tuple[_CodeChoice, ...]


def make_coded_report(
    corpus: CodedCorpus,
    texts: Iterable[str],
    *,
    manifest: CodeManifest,
    most_characters: int = MOST_CHARACTERS,
) -> CodedReport:
    """The report of one result folder.

    Args:
        corpus: of the folder.
        texts: of its documents, in order.
        manifest: of the folder; `outputs` may lack the report itself.
        most_characters: of all texts; more than that are shown in part, and the page says so.
    """
    documents = tuple(show_documents(corpus, texts, most_characters=most_characters))
    page = _page(corpus, manifest, documents)
    extras = PageExtras(
        bodies={
            _DOCUMENTS: _render("documents.html", documents=documents, is_open=len(documents) <= _MOST_OPEN),
            _TEXTS: _render(
                "coded_text.html",
                documents=documents,
                levels=_filter_levels(corpus.codebook),
                statuses=_STATUS_WORDS,
                legend=tuple(group_colours(codebook_groups(corpus.codebook)).values()),
                no_main=NO_MAIN,
                codes=_codes_json(corpus.codebook),
            ),
        },
        style=template_source("coded_text.css") + _main_styles(corpus.codebook),
        script=template_source("coded_text.js"),
    )
    n_in_part = sum(one.extent != "whole" for one in documents)
    return CodedReport(page, frequency_numbers(corpus), render_page(page, extras), n_in_part)


def _page(corpus: CodedCorpus, manifest: CodeManifest, documents: Sequence[ShownDocument]) -> Page:
    return Page(
        title="政策文本编码报告",
        lead=(
            f"{len(corpus.documents):,} 个文件，{len(corpus):,} 句，由模型 {manifest.model} 按编码手册"
            f"“{manifest.codebook}”逐句编码。"
        ),
        sections=(
            *corpus_sections(corpus),
            PageSection(_DOCUMENTS, "文件列表", ()),
            PageSection(_TEXTS, "逐句编码的全文", _text_notes(corpus, documents)),
            PageSection("provenance", "设置与来源", _provenance(manifest)),
        ),
        codebook_note=describe_names(corpus.codebook),
        signature=(
            f"policy-nlp {manifest.run.version} · 模型 {manifest.model} sha256 {manifest.run.model_sha256}",
            f"编码手册 sha256 {manifest.run.codebook_sha256} · 随机种子 {manifest.seed}",
            "本页由 policy-nlp report 生成，不含日期：同样的结果得到同样的文件；日期见 manifest.json。",
        ),
    )


def _text_notes(corpus: CodedCorpus, documents: Sequence[ShownDocument]) -> tuple[Paragraph, ...]:
    if all(one.extent == "whole" for one in documents):
        return ()
    n_characters = sum(one.n_characters for one in corpus.documents)
    n_without = sum(one.extent == "none" for one in documents)
    text = (
        f"全文共 {n_characters:,} 字，一个网页放不下（上限 {MOST_CHARACTERS:,} 字）："
        "下面只显示有编码和弃权的句子。全文在 documents.parquet；要看全文，请把文件分成几批编码。"
    )
    more = f"有 {n_without:,} 个文件连这些句子也放不下，只在列表中。" if n_without else ""
    return (Paragraph(text + more, "to_fill_in"),)


def _provenance(manifest: CodeManifest) -> tuple[TableBlock | BulletList | Paragraph, ...]:
    run = manifest.run
    settings = (
        ("模型", manifest.model),
        ("模型 sha256", run.model_sha256),
        ("编码手册", manifest.codebook),
        ("编码手册 sha256", run.codebook_sha256),
        ("设备", run.device),
        ("精度", run.precision),
        ("每批词元", f"{run.token_budget:,}"),
        ("文本列", run.text_column or "按列名识别"),
        ("随机种子", str(manifest.seed)),
        ("超过模型长度、只读了开头的句子", f"{manifest.counts.n_truncated:,}"),
        ("程序版本", run.version),
        *((f"{name} 版本", version) for name, version in sorted(manifest.versions.items())),
    )
    outputs = tuple(one for one in manifest.outputs if one.path != REPORT)
    parts: list[TableBlock | BulletList | Paragraph] = [
        TableBlock("设置", ("项目", "值"), settings, n_text_columns=2),
        _digest_table("输入", run.inputs),
        _digest_table("输出", outputs),
    ]
    skipped = tuple((one.path, one.reason) for one in manifest.skipped)
    if skipped:
        parts.append(
            TableBlock(f"跳过的输入（{len(skipped):,}）", ("路径", "原因"), skipped, n_text_columns=2)
        )
    else:
        parts.append(Paragraph("没有跳过的输入。"))
    if manifest.warnings:
        parts += [Paragraph("提醒："), BulletList(manifest.warnings)]
    return tuple(parts)


def _digest_table(title: str, digests: Sequence[FileDigest]) -> TableBlock:
    rows = tuple((one.path, one.sha256) for one in digests)
    return TableBlock(f"{title}的散列值", ("路径", "sha256"), rows, n_text_columns=2)


def _render(template: str, **values: object) -> Markup:
    return as_markup(template_environment().get_template(template).render(**values))


def _filter_levels(codebook: Codebook) -> tuple[_LevelChoices, ...]:
    return tuple(
        _LevelChoices(
            LEVEL_NAMES[level],
            tuple(
                _CodeChoice(f"{level}:{place}", code.name_zh)
                for place, code in enumerate(codebook.codes(level))
            ),
        )
        for level in SHOWN_LEVELS
        if codebook.codes(level)
    )


def _codes_json(codebook: Codebook) -> Markup:
    """The codes in the order of `code_ids`, for the script; no text in it can end the element."""
    mains = codebook.ids("main")
    codes = [
        {
            "name": code.name_zh,
            "english": code.name_en,
            "level": code.level,
            "place": place,
            "main": mains.index(code.parent_id) if code.level == "initial" and code.parent_id else -1,
        }
        for level in ("initial", "dimensions", "paths")
        for place, code in enumerate(codebook.codes(level))
    ]
    content = {
        "codes": codes,
        "mains": [code.name_zh for code in codebook.main],
        "levels": LEVEL_NAMES,
        "statuses": _STATUS_WORDS,
        "near": NEAR_SCORE,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return as_markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _main_styles(codebook: Codebook) -> str:
    colours = group_colours(codebook_groups(codebook)).values()
    return "".join(
        f".m{place} {{ background: {one.background}; border-color: {one.line}; }}\n"
        for place, one in enumerate(colours)
    )
