"""Agreement on characters, and what other tools would print: tables for the terminal and for reports."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from policy_nlp.agreement.character_report import CharacterAgreement, CharacterLevel
from policy_nlp.agreement.vendors.report import VendorLevel, VendorParity
from policy_nlp.codebook import Codebook
from policy_nlp.reports.agreement_words import LEVEL_NAMES, MISSING_RULE, Footnotes
from policy_nlp.reports.measure_texts import NOT_AVAILABLE
from policy_nlp.reports.report_blocks import Block, BulletList, Heading, Paragraph, TableBlock
from policy_nlp.reports.vendor_rows import PAIR_SEPARATOR, VendorRow, pairs_of, vendor_rows

_PAIRS_IN_TABLE = 5

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
        f"比较 {found.n_groups:,} 份文件的 {found.n_documents:,} 段文本（文件或连续句段），"
        f"共 {found.n_characters:,} 个字符；"
        f"另有 {found.n_unused:,} 段不足两人编码。片段重合不少于较长者的 {found.min_overlap:.0%} 时算作相配。"
    )
    if found.levels:
        yield _levels_table(found)
    for level in found.levels:
        yield _span_table(level, found.coder_ids)
        yield _codes_table(level)
    if found.notes:
        yield BulletList(found.notes)


def _levels_table(found: CharacterAgreement) -> TableBlock:
    """The alphas of unitising of each level."""
    footnotes = Footnotes()
    rows = [
        (f"{coder_id} 编码的文本比例", *(_share(level.coded_shares[place]) for level in found.levels))
        for place, coder_id in enumerate(found.coder_ids)
    ]
    for name, title in _LEVEL_ROWS.items():
        rows.append((title, *(footnotes.show(getattr(level, name)) for level in found.levels)))
    header = ("", *(f"{LEVEL_NAMES[level.level]}\n{level.level}" for level in found.levels))
    return TableBlock("字符层面：各层级", header, tuple(rows), (MISSING_RULE, *footnotes.notes))


def _span_table(level: CharacterLevel, coder_ids: Sequence[str]) -> TableBlock:
    """One row a code that some coder used: spans and share of the text of each coder, spans that match."""
    used = [code for code in level.per_code if any(code.n_spans)]
    rows = []
    for code in used:
        spans = (f"{n:,} ({_share(share)})" for n, share in zip(code.n_spans, code.coded_shares, strict=True))
        matched = (
            f"{m.n_first_matched + m.n_second_matched:,}/{m.n_first + m.n_second:,}" for m in code.matched
        )
        rows.append((code.name_zh, *spans, *matched))
    pairs = (f"相配\n{m.first}\n{m.second}" for m in used[0].matched) if used else ()
    header = ("编码 code", *coder_ids, *pairs)
    notes = ("片段数（占分给该编码者文本的比例）；相配：两人的片段中有对应片段的个数/片段总数。",)
    return TableBlock(f"字符层面：{LEVEL_NAMES[level.level]}的片段", header, tuple(rows), notes)


def _codes_table(level: CharacterLevel) -> TableBlock:
    """One row a code that some coder used: its coefficients."""
    footnotes = Footnotes()
    rows = [
        (code.name_zh, *(footnotes.show(getattr(code, name)) for name in _CODE_COLUMNS))
        for code in level.per_code
        if any(code.n_spans)
    ]
    header = ("编码 code", *_CODE_COLUMNS.values())
    caption = f"字符层面：{LEVEL_NAMES[level.level]}逐码一致性"
    return TableBlock(caption, header, tuple(rows), (MISSING_RULE, *footnotes.notes))


def iter_vendor_blocks(parity: VendorParity | None, codebook: Codebook) -> Iterator[Block]:
    """What NVivo, MAXQDA, ATLAS.ti and INCEpTION would print; nothing when not asked for."""
    if parity is None:
        return
    yield Heading("其他软件会给出的数值 What other tools would print")
    yield Paragraph(_VENDORS)
    for level in parity.levels:
        rows = vendor_rows(level)
        yield from (_vendor_table(level, rows, pairs) for pairs in _in_parts(pairs_of(rows)))
        yield _atlas_ti_table(level, codebook)
    for note in parity.notes:
        left_out = f" 未能复现 Not reproduced: {note.left_out}" if note.left_out else ""
        yield Paragraph(
            f"{note.vendor}：{note.why_zh}{left_out} 依据 Sources: {'; '.join(note.sources)}。", "note"
        )


def _in_parts(pairs: Sequence[str]) -> Iterator[Sequence[str]]:
    """The pairs that one table has room for at a time."""
    yield from (pairs[at : at + _PAIRS_IN_TABLE] for at in range(0, len(pairs), _PAIRS_IN_TABLE))


def _vendor_table(level: VendorLevel, rows: Sequence[VendorRow], pairs: Sequence[str]) -> TableBlock:
    """The headline numbers of each tool, one column a pair of coders."""
    footnotes = Footnotes()
    cells = [
        (
            row.vendor,
            row.name_zh,
            *(footnotes.show(row.measures[p]) if p in row.measures else "" for p in pairs),
        )
        for row in rows
    ]
    caption = f"其他软件：{LEVEL_NAMES[level.level]}"
    header = ("软件", "数值", *(pair.replace(PAIR_SEPARATOR, "\n") for pair in pairs))
    return TableBlock(caption, header, tuple(cells), footnotes.notes, n_text_columns=2)


def _atlas_ti_table(level: VendorLevel, codebook: Codebook) -> TableBlock:
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


def _share(share: float) -> str:
    return NOT_AVAILABLE if math.isnan(share) else f"{share:.1%}"
