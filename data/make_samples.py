"""Builds data/samples/ and data/sample_gold.jsonl from data/sample_texts/: python data/make_samples.py.

A source holds one block a line: plain text is a paragraph, `@kind text` is a heading, a table row and so
on. A mark after a sentence holds its codes: ⟦initial categories｜dimensions｜paths⟧; ⟦⟧ says that the
sentence was read and nothing applies; a sentence without a mark is left out of the gold file.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from opencc import OpenCC
from openpyxl import Workbook
from openpyxl.styles import Font
from sample_layouts import FIXED_TIME, Block, build_docx, build_html, build_pdf, freeze_zip

DATA_FOLDER = Path(__file__).parent
SOURCE_FOLDER = DATA_FOLDER / "sample_texts"
SAMPLE_FOLDER = DATA_FOLDER / "samples"
GOLD_PATH = DATA_FOLDER / "sample_gold.jsonl"
SAMPLE_NAMES = {
    "01_policy": "01_组建创新联合体实施意见.docx",
    "02_newspaper": "02_报纸通讯.html",
    "03_notice": "03_项目申报指南.html",
    "04_plan": "04_科技创新专项规划.pdf",
    "05_report": "05_政府工作报告节选.txt",
    "06_proposal": "06_提案.txt",
    "07_items": "07_报纸条目.xlsx",
    "08_journal": "08_期刊文章转载.html",
    "09a_brief": "09_会议材料.zip/简报/工作简报第11期.txt",
    "09b_minutes": "09_会议材料.zip/座谈会纪要.docx",
    "10_big5": "10_創新聯合體觀察.txt",
    "11_outline": "11_发言提纲.md",
}
MARK = re.compile(r"⟦([^⟧]*)⟧")
BLOCK = re.compile(r"@(\w+) ?(.*)")
SENTENCE_END = re.compile(r"[。！？][”』）」]*")
LIST_LEAD = re.compile(r"^(?:- |> |\d+\. )")
# What content farms do to an article: a traditional character followed by its pinyin in brackets.
FARM_PINYIN = {
    **{"创": "chuàng", "产": "chǎn", "业": "yè", "联": "lián", "领": "lǐng", "实": "shí", "现": "xiàn"},
    **{"发": "fā", "关": "guān", "术": "shù", "应": "yīng", "动": "dòng", "机": "jī", "质": "zhì"},
    **{"战": "zhàn", "转": "zhuǎn", "经": "jīng", "进": "jìn", "标": "biāo", "准": "zhǔn", "数": "shù"},
}
FULL_WIDTH_BRACKETS = frozenset("关数")


class GbkZipInfo(zipfile.ZipInfo):
    """A zip member whose name is stored as GBK without the UTF-8 flag, as Chinese Windows tools do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


@dataclass(frozen=True, slots=True)
class Source:
    """One source text: its blocks without marks, and its marked sentences with their marks."""

    name: str
    blocks: tuple[Block, ...]
    marked: tuple[tuple[str, str], ...]


def iter_marked_sentences(line: str) -> Iterator[tuple[str, str]]:
    """Each marked sentence of a line with its mark."""
    position = 0
    for match in MARK.finditer(line):
        before = line[position : match.start()]
        ends = [end.end() for end in SENTENCE_END.finditer(before) if end.end() < len(before)]
        yield LIST_LEAD.sub("", before[ends[-1] if ends else 0 :]), match[1]
        position = match.end()


def read_source(path: Path, *, is_farm: bool = False) -> Source:
    """The source of one sample; with `is_farm` its text is corrupted as content farms do."""
    rewrite = corrupt_text if is_farm else str
    blocks: list[Block] = []
    marked: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        directive = BLOCK.fullmatch(line)
        kind, text = (directive[1], directive[2]) if directive else ("para", line)
        blocks.append(Block(kind, rewrite(MARK.sub("", text))))
        marked += [(rewrite(sentence), mark) for sentence, mark in iter_marked_sentences(text)]
    return Source(path.stem, tuple(blocks), tuple(marked))


def read_sources() -> dict[str, Source]:
    """Name -> source of every sample."""
    paths = [SOURCE_FOLDER / f"{name}.txt" for name in SAMPLE_NAMES]
    return {path.stem: read_source(path, is_farm=path.stem == "08_journal") for path in paths}


def corrupt_text(text: str) -> str:
    """The text in traditional characters, some followed by their pinyin in brackets."""
    converter = OpenCC("s2tw")
    parts: list[str] = []
    for character in text:
        traditional = converter.convert(character)
        pinyin = FARM_PINYIN.get(character)
        opening, closing = "（）" if character in FULL_WIDTH_BRACKETS else "()"
        parts.append(f"{traditional}{opening}{pinyin}{closing}" if pinyin else traditional)
    return "".join(parts)


def plain_lines(source: Source, *, indent: str = "") -> str:
    """The paragraphs as lines with CRLF ends, each after an optional indent."""
    return "".join(f"{indent}{block.text}\r\n" for block in source.blocks)


def build_xlsx(source: Source) -> bytes:
    """A table of newspaper items: number, title, date, paper, text."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "报道"
    sheet.append(["序号", "标题", "日期", "来源", "正文"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for block in source.blocks:
        if block.kind == "item":
            title, day, paper = block.text.split("｜")
            sheet.append([sheet.max_row, title, date.fromisoformat(day), paper, ""])
        else:
            cell = sheet.cell(sheet.max_row, 5)
            cell.value = f"{cell.value or ''}{block.text}"
    for column, width in (("B", 30), ("C", 12), ("D", 14), ("E", 90)):
        sheet.column_dimensions[column].width = width
    workbook.properties.creator, workbook.properties.created = "policy-nlp", FIXED_TIME
    out = io.BytesIO()
    workbook.save(out)
    return freeze_zip(out.getvalue())


def build_zip(members: dict[str, bytes]) -> bytes:
    """A zip archive with GBK member names and fixed time stamps."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            member = GbkZipInfo(name, date_time=FIXED_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue()


def build_samples(sources: dict[str, Source]) -> dict[str, bytes]:
    """File name -> bytes of every sample."""
    news, gov, farm = (SOURCE_FOLDER / f"page_{kind}.html" for kind in ("news", "gov", "farm"))
    minutes = build_docx(sources["09b_minutes"].blocks, running_head="会议纪要")
    brief = plain_lines(sources["09a_brief"]).encode("gbk")
    outline = "".join(f"{block.text}\n" for block in sources["11_outline"].blocks)
    contents = {
        "01_policy": build_docx(sources["01_policy"].blocks, running_head="临江省人民政府公报"),
        "02_newspaper": build_html(sources["02_newspaper"].blocks, news).encode(),
        "03_notice": build_html(sources["03_notice"].blocks, gov).encode("gb18030"),
        "04_plan": build_pdf(sources["04_plan"].blocks),
        "05_report": plain_lines(sources["05_report"], indent="　　").encode("gb18030"),
        "06_proposal": b"\xff\xfe" + plain_lines(sources["06_proposal"]).encode("utf-16-le"),
        "07_items": build_xlsx(sources["07_items"]),
        "08_journal": build_html(sources["08_journal"].blocks, farm).encode(),
        "10_big5": plain_lines(sources["10_big5"], indent="　　").encode("big5"),
        "11_outline": outline.encode(),
    }
    named = {SAMPLE_NAMES[name]: content for name, content in contents.items()}
    archive, brief_name = SAMPLE_NAMES["09a_brief"].split("/", 1)
    _, minutes_name = SAMPLE_NAMES["09b_minutes"].split("/", 1)
    return named | {archive: build_zip({brief_name: brief, minutes_name: minutes})}


def iter_gold_rows(sources: dict[str, Source]) -> Iterator[dict[str, str | list[str]]]:
    """One row in the gold form for each marked sentence."""
    for name, source in sources.items():
        for number, (text, mark) in enumerate(source.marked, start=1):
            initial, dimensions, paths = (part.split() for part in (mark or "｜｜").split("｜"))
            yield {
                "id": f"sample-{name.split('_')[0]}-{number:03d}",
                "text": text,
                "initial": initial,
                "dimensions": dimensions,
                "paths": paths,
                "doc_id": SAMPLE_NAMES[name],
                "coder": "sample-author",
            }


def main() -> None:
    """Write every sample and the gold file."""
    sources = read_sources()
    SAMPLE_FOLDER.mkdir(exist_ok=True)
    for name, content in build_samples(sources).items():
        (SAMPLE_FOLDER / name).write_bytes(content)
    rows = (json.dumps(row, ensure_ascii=False) for row in iter_gold_rows(sources))
    GOLD_PATH.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
