"""Agreement on characters, and what other tools would print: tables for the terminal and for reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_nlp.agreement.character_report import CharacterAgreement, CharacterCode, CharacterLevel
from policy_nlp.agreement.vendors.report import VendorLevel, VendorParity
from policy_nlp.codebook import Codebook
from policy_nlp.reports.agreement_words import LEVEL_NAMES, MISSING_RULE, Footnotes
from policy_nlp.reports.report_blocks import Block, BulletList, Heading, Paragraph, TableBlock

_LEVEL_ROWS = {
    "u_alpha": "uα：位置与编码一起",
    "bar_u_alpha": "|uα：编码与空白，不论何码",
    "cu_alpha": "cuα：两人都编码之处的编码",
    "cu_coverage": "cuα 所依据文本的比例",
    "mean_alpha": "逐码 α 的平均",
    "mean_u_alpha": "逐码 uα 的平均",
    "mean_kappa": "逐码 κ 的平均",
}
_CODE_COLUMNS = {
    "percent_agreement": "百分比一致",
    "kappa": "Cohen κ",
    "alpha": "α（字符）",
    "ac1": "AC1",
    "positive_agreement": "正向一致",
    "u_alpha": "uα",
    "ku_alpha": "kuα",
}
_CHARACTERS = (
    "编码者在哪里划线：单位是字符，空白也是一个值。字符成段出现、远非独立，字符数不说明把握有多大，"
    "所以区间只按文件重抽样；只有一份文件时没有区间。uα、|uα、cuα、kuα 见 Krippendorff 等（2016）。"
)
_VENDORS = (
    "下面是同一批编码在其他软件中按其公开说明会得到的数值，供对照；与本报告不同并不表示哪一方算错，"
    "原因见各表下。"
    "这些软件不给区间。NVivo、MAXQDA、ATLAS.ti、INCEpTION 为其所有者的商标，数值由本程序按文档重算，"
    "并非这些软件的输出。"
)


def iter_character_blocks(found: CharacterAgreement | None) -> Iterator[Block]:
    """Agreement on characters: one table of levels, one of the codes of each; nothing when not asked for."""
    if found is None:
        return
    yield Heading("字符层面的一致性 Agreement on characters")
    yield Paragraph(_CHARACTERS)
    yield Paragraph(
        f"比较 {found.n_documents:,} 段文本（文件或连续句段），共 {found.n_characters:,} 个字符；"
        f"另有 {found.n_unused:,} 段不足两人编码。片段重合不少于较长者的 {found.min_overlap:.0%} 时算作相配。"
    )
    if found.levels:
        yield character_levels_table(found)
    for level in found.levels:
        yield character_codes_table(level, found.coder_ids)
    if found.notes:
        yield BulletList(found.notes)


def character_levels_table(found: CharacterAgreement) -> TableBlock:
    """The alphas of unitising of each level."""
    footnotes = Footnotes()
    rows = [
        (f"{coder_id} 编码的文本比例", *(f"{level.coded_shares[place]:.1%}" for level in found.levels))
        for place, coder_id in enumerate(found.coder_ids)
    ]
    for name, title in _LEVEL_ROWS.items():
        rows.append((title, *(footnotes.show(getattr(level, name)) for level in found.levels)))
    header = ("", *(f"{LEVEL_NAMES[level.level]}\n{level.level}" for level in found.levels))
    return TableBlock("字符层面：各层级", header, tuple(rows), (MISSING_RULE, *footnotes.notes))


def character_codes_table(level: CharacterLevel, coder_ids: Sequence[str]) -> TableBlock:
    """One row a code that some coder used: share of text and spans of each coder, coefficients, matches."""
    footnotes = Footnotes()
    rows = [_code_row(code, footnotes) for code in level.per_code if any(code.n_spans)]
    shares = (f"{coder_id}\n片段（文本比例）" for coder_id in coder_ids)
    header = ("编码 code", *shares, *_CODE_COLUMNS.values(), "相配的片段")
    caption = f"字符层面：{LEVEL_NAMES[level.level]}逐码"
    return TableBlock(caption, header, tuple(rows), (MISSING_RULE, *footnotes.notes))


def iter_vendor_blocks(parity: VendorParity | None, codebook: Codebook) -> Iterator[Block]:
    """What NVivo, MAXQDA, ATLAS.ti and INCEpTION would print; nothing when not asked for."""
    if parity is None:
        return
    yield Heading("其他软件会给出的数值 What other tools would print")
    yield Paragraph(_VENDORS)
    for level in parity.levels:
        yield vendor_table(level)
    for level in parity.levels:
        yield atlas_ti_table(level, codebook)
    for note in parity.notes:
        left_out = f" 未能复现 Not reproduced: {note.left_out}" if note.left_out else ""
        yield Paragraph(
            f"{note.vendor}：{note.why_zh}{left_out} 依据 Sources: {'; '.join(note.sources)}。", "note"
        )


def vendor_table(level: VendorLevel) -> TableBlock:
    """The headline numbers of each tool, one row a pair of coders and measure."""
    footnotes = Footnotes()
    rows: list[tuple[str, ...]] = []
    for nvivo in level.nvivo:
        whole = next(average for average in nvivo.averages if average.code_id is None)
        who = f"{nvivo.first} – {nvivo.second}"
        name = f"NVivo（{nvivo.unit}）"
        rows.append((name, who, "κ，逐码逐文件的平均", footnotes.show(whole.kappa)))
        rows.append((name, who, "κ，按文件大小加权", footnotes.show(whole.weighted_kappa)))
        rows.append((name, who, "κ，只计有人用过的", footnotes.show(whole.kappa_used)))
        rows.append((name, who, "百分比一致，平均", footnotes.show(whole.percent_agreement)))
    for maxqda in level.maxqda:
        who = f"{maxqda.first} – {maxqda.second}"
        rows.append(("MAXQDA", who, "编码是否出现", footnotes.show(maxqda.presence_agreement)))
        rows.append(("MAXQDA", who, "出现次数", footnotes.show(maxqda.frequency_agreement)))
        rows.append(("MAXQDA", who, "片段一致", footnotes.show(maxqda.segment_agreement)))
        rows.append(("MAXQDA", who, "片段 κ（Brennan–Prediger）", footnotes.show(maxqda.kappa)))
    between = footnotes.show(level.atlas_ti.between_domains)
    rows.append(("ATLAS.ti", "全体", "Cuα（域之间）", between))
    for inception in level.inception:
        who = f"{inception.first} – {inception.second}"
        rows.append(("INCEpTION", who, "αU（2004），文件平均", footnotes.show(inception.mean)))
    caption = f"其他软件：{LEVEL_NAMES[level.level]}"
    header = ("软件", "编码者", "数值", "值")
    return TableBlock(caption, header, tuple(rows), footnotes.notes, n_text_columns=3)


def atlas_ti_table(level: VendorLevel, codebook: Codebook) -> TableBlock:
    """ATLAS.ti's measures by code."""
    footnotes = Footnotes()
    rows = tuple(
        (
            codebook.find(code.code_id).name_zh,
            footnotes.show(code.percent_agreement),
            footnotes.show(code.holsti),
            footnotes.show(code.alpha_binary),
        )
        for code in level.atlas_ti.codes
    )
    header = ("编码 code", "百分比一致", "Holsti", "α-binary")
    return TableBlock(f"ATLAS.ti：{LEVEL_NAMES[level.level]}逐码", header, rows, footnotes.notes)


def _code_row(code: CharacterCode, footnotes: Footnotes) -> tuple[str, ...]:
    spans = (f"{n} ({share:.1%})" for n, share in zip(code.n_spans, code.coded_shares, strict=True))
    cells = (footnotes.show(getattr(code, name)) for name in _CODE_COLUMNS)
    matched = (f"{m.n_first_matched + m.n_second_matched}/{m.n_first + m.n_second}" for m in code.matched)
    return (code.name_zh, *spans, *cells, "\n".join(matched))
