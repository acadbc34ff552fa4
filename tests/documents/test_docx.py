"""Word documents: what is kept, what is dropped, and in what order."""

import zipfile
from pathlib import Path

import docx as python_docx
import pytest

from policy_nlp.documents import zip_reading
from policy_nlp.documents.docx import read_docx
from policy_nlp.documents.docx_numbering import chinese_number, format_number
from policy_nlp.errors import DocumentError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_docx(folder: Path, body: str, **parts: str) -> Path:
    """A package with `body` in it; other parts (styles, numbering, footnotes ...) are given as inner XML."""
    path = folder / "文件.docx"
    roots = {"styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes"}
    links = "".join(
        f'<Relationship Id="r{index}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>'
        for index, name in enumerate(parts)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        container.writestr(
            "word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        )
        container.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{package}">{links}</Relationships>'
        )
        for name, inner in parts.items():
            container.writestr(f"word/{name}.xml", f"<w:{roots[name]} {NAMESPACES}>{inner}</w:{roots[name]}>")
    return path


def read(path: Path) -> ExtractedText:
    (extracted,) = read_docx(InputFile(path, path.name))
    return extracted


def lines_of(folder: Path, body: str, **parts: str) -> list[str]:
    return read(write_docx(folder, body, **parts)).text.split("\n")


def p(*runs: str, properties: str = "") -> str:
    content = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def test_paragraphs_and_tables_keep_document_order(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.add_paragraph("表前一段。")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "任务", "单位"
    table.cell(1, 0).text, table.cell(1, 1).text = "建设平台", "科技厅"
    document.add_paragraph("表后一段。")
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert read(path).text.split("\n") == ["表前一段。", "任务 | 单位", "建设平台 | 科技厅", "表后一段。"]


def test_merged_cells_are_read_once(tmp_path: Path) -> None:
    document = python_docx.Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横向合并"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "纵向合并"
    table.cell(1, 0).text = "普通"
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert read(path).text.split("\n") == ["横向合并 | 纵向合并", "普通"]


def test_a_cell_of_several_paragraphs_keeps_its_lines(tmp_path: Path) -> None:
    cell = f"<w:tc>{p('第一句。')}{p('第二句。')}</w:tc>"
    body = f"<w:tbl><w:tr><w:tc>{p('1')}</w:tc>{cell}<w:tc>{p('省发展改革委')}</w:tc></w:tr></w:tbl>"
    assert lines_of(tmp_path, body) == ["1", "第一句。", "第二句。", "省发展改革委"]


def test_nested_tables_are_read_inside_their_cell(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{p('内一')}</w:tc><w:tc>{p('内二')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{p('外')}{inner}{p('尾')}</w:tc></w:tr></w:tbl>"
    assert lines_of(tmp_path, body) == ["外", "内一 | 内二", "尾"]


def test_insertions_stay_and_deletions_go(tmp_path: Path) -> None:
    body = p(
        "支持",
        "<w:del><w:r><w:delText>大型</w:delText></w:r></w:del>",
        "<w:ins><w:r><w:t>中小</w:t></w:r></w:ins>",
        "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom>",
        "<w:moveTo><w:r><w:t>企业</w:t></w:r></w:moveTo>",
    )
    assert lines_of(tmp_path, body) == ["支持中小企业"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    body = p("上半", properties="<w:rPr><w:del/></w:rPr>") + p("下半。")
    assert lines_of(tmp_path, body) == ["上半下半。"]


def test_a_deleted_table_row_goes(tmp_path: Path) -> None:
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删')}</w:tc></w:tr>"
    assert lines_of(tmp_path, f"<w:tbl>{row}<w:tr><w:tc>{p('留')}</w:tc></w:tr></w:tbl>") == ["留"]


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{result}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_field_codes_go_and_field_results_stay(tmp_path: Path) -> None:
    body = p("发布于", field(' DATE \\@ "yyyy" ', "2024年"), "。")
    assert lines_of(tmp_path, body) == ["发布于2024年。"]


def test_simple_fields_and_hyperlinks_keep_their_text(tmp_path: Path) -> None:
    body = p(
        '<w:fldSimple w:instr=" REF x "><w:r><w:t>附件一</w:t></w:r></w:fldSimple>',
        "<w:hyperlink><w:r><w:t>链接文字</w:t></w:r></w:hyperlink>",
        "<w:smartTag><w:r><w:t>北京</w:t></w:r></w:smartTag>",
    )
    assert lines_of(tmp_path, body) == ["附件一链接文字北京"]


def test_content_controls_are_read_in_blocks_runs_and_cells(tmp_path: Path) -> None:
    block = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('块')}</w:sdtContent></w:sdt>"
    run = p("行", "<w:sdt><w:sdtContent><w:r><w:t>内</w:t></w:r></w:sdtContent></w:sdt>")
    cell = f"<w:sdt><w:sdtContent><w:tc>{p('格')}</w:tc></w:sdtContent></w:sdt>"
    body = block + run + f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    assert lines_of(tmp_path, body) == ["块", "行内", "格"]


def test_a_table_of_contents_is_left_out_and_counted(tmp_path: Path) -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('目录')}{p('第一章 1')}</w:sdtContent></w:sdt>"
    )
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\h</w:instrText></w:r>'
    long_field = (
        p(begin, '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "二、任务 2")
        + p("三、保障 3")
        + p("四、附则 4", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )
    extracted = read(write_docx(tmp_path, control + long_field + p("正文。")))
    assert extracted.text == "正文。"
    assert any("table of contents (5)" in warning for warning in extracted.warnings)


TEXT_BOX = "<w:txbxContent>" + p("框内文字") + "</w:txbxContent>"


def test_a_text_box_held_twice_is_read_once(tmp_path: Path) -> None:
    alternate = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f"<wps:txbx>{TEXT_BOX}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{TEXT_BOX}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert lines_of(tmp_path, p("框前", alternate) + p("框后")) == ["框前", "框内文字", "框后"]


def test_a_text_box_of_old_word_is_read(tmp_path: Path) -> None:
    assert lines_of(tmp_path, p(f"<w:r><w:pict><v:textbox>{TEXT_BOX}</v:textbox></w:pict></w:r>")) == [
        "框内文字"
    ]


def test_notes_stand_at_the_end_in_the_order_of_reference(tmp_path: Path) -> None:
    body = p("甲", '<w:r><w:endnoteReference w:id="7"/></w:r>') + p(
        "乙", '<w:r><w:footnoteReference w:id="2"/></w:r>'
    )
    line = f'<w:footnote w:id="0" w:type="separator">{p("线")}</w:footnote>'
    notes = line + f'<w:footnote w:id="2">{p("脚注")}</w:footnote>'
    ends = f'<w:endnote w:id="7">{p("尾注")}</w:endnote>'
    assert lines_of(tmp_path, body, footnotes=notes, endnotes=ends) == ["甲", "乙", "尾注", "脚注"]


def test_hidden_text_goes(tmp_path: Path) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显示</w:t></w:r>'
    style = '<w:style w:styleId="h"><w:name w:val="暗"/><w:rPr><w:vanish/></w:rPr></w:style>'
    by_style = '<w:r><w:rPr><w:rStyle w:val="h"/></w:rPr><w:t>也隐藏</w:t></w:r>'
    assert lines_of(tmp_path, p(hidden, shown, by_style), styles=style) == ["显示"]


def test_breaks_tabs_hyphens_symbols_ruby_and_formulas_become_text(tmp_path: Path) -> None:
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    body = p(
        "<w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t><w:noBreakHyphen/><w:softHyphen/></w:r>",
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        ruby,
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
        "<w:r><w:lastRenderedPageBreak/><w:t>完</w:t></w:r>",
    )
    assert lines_of(tmp_path, body) == ["一", "二\t三-☑拼x=1完"]


def test_an_unknown_symbol_is_counted(tmp_path: Path) -> None:
    extracted = read(write_docx(tmp_path, p("甲", '<w:r><w:sym w:font="Webdings" w:char="F04E"/></w:r>')))
    assert extracted.text == "甲"
    assert extracted.warnings == ("left out: symbols of a picture font (1)",)


def level(index: int, number_format: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


CHINESE_LIST = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def test_automatic_chinese_numbers_are_rendered_and_restart(tmp_path: Path) -> None:
    body = (
        numbered("总体要求")
        + numbered("指导思想", 1)
        + numbered("基本原则", 1)
        + numbered("坚持创新", 2)
        + numbered("主要任务")
        + numbered("强化平台", 1)
    )
    assert lines_of(tmp_path, body, numbering=CHINESE_LIST) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）基本原则",
        "1. 坚持创新",
        "二、主要任务",
        "（一）强化平台",
    ]


def test_numbers_tied_to_a_style_are_rendered(tmp_path: Path) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "chineseCountingThousand", "第%1章", '<w:pStyle w:val="1"/>')
        + level(1, "chineseCountingThousand", "第%2条", '<w:pStyle w:val="2"/><w:lvlRestart w:val="0"/>')
        + '</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    )
    styles = "".join(
        f'<w:style w:styleId="{name}"><w:name w:val="heading {name}"/>'
        '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
        for name in "12"
    )
    body = "".join(
        p(text, properties=f'<w:pStyle w:val="{style}"/>')
        for text, style in (("总则", 1), ("目的", 2), ("附则", 1), ("施行", 2))
    )
    found = lines_of(tmp_path, body, numbering=numbering, styles=styles)
    assert found == ["第一章\u3000总则", "第一条\u3000目的", "第二章\u3000附则", "第二条\u3000施行"]


def test_bullets_give_no_number_and_zero_takes_a_list_off(tmp_path: Path) -> None:
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "bullet", "●")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    assert lines_of(tmp_path, numbered("甲") + numbered("乙", 0, 0), numbering=numbering) == ["甲", "乙"]


def test_a_list_that_starts_anew_counts_from_its_start(tmp_path: Path) -> None:
    numbering = CHINESE_LIST + (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = numbered("甲") + numbered("乙") + numbered("丙", 0, 2) + numbered("丁", 0, 2)
    assert lines_of(tmp_path, body, numbering=numbering) == ["一、甲", "二、乙", "五、丙", "六、丁"]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
    ],
)
def test_chinese_numbers_are_written_as_in_laws(number: int, written: str) -> None:
    assert chinese_number(number) == written


@pytest.mark.parametrize(
    ("number_format", "number", "written"),
    [
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 28, "BB"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalZero", 7, "07"),
        ("ideographTraditional", 2, "乙"),
        ("chineseLegalSimplified", 3, "叁"),
        ("somethingNew", 6, "6"),
    ],
)
def test_numbers_look_as_word_formats_them(number_format: str, number: int, written: str) -> None:
    assert format_number(number, number_format) == written


def test_title_style_gives_the_title_and_a_left_over_property_does_not(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.core_properties.title = "另一份文件的标题"
    document.add_paragraph("关于促进成果转化的意见")
    document.add_paragraph("正文。")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx").title is None
    document.paragraphs[0].style = document.styles["Title"]
    document.save(str(tmp_path / "b.docx"))
    assert read(tmp_path / "b.docx").title == "关于促进成果转化的意见"


def test_headers_and_footers_are_not_read(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    document.add_paragraph("正文。")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx").text == "正文。"


def test_a_document_of_pictures_says_so(tmp_path: Path) -> None:
    path = write_docx(tmp_path, p("<w:r><w:drawing><a:blip/></w:drawing></w:r>"))
    with pytest.raises(NoTextError, match="only 1 pictures; run OCR"):
        read(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", encoding="utf-8")
    with zipfile.ZipFile(path, "w") as container:
        container.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document {NAMESPACES}><w:body>'
            f"{p('正文')}<w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>",
        )
    assert read(path).text == "正文"


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_reading, "RATIO_FREE_BYTES", 1 << 16)
    path = write_docx(tmp_path, p("大" * (4 << 20)))
    with pytest.raises(DocumentError, match="zip bomb"):
        read(path)


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut", b""])
def test_a_damaged_package_gives_a_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"a\.docx.*damaged"):
        read(path)


def test_damaged_xml_gives_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("word/document.xml", "<w:document><w:body>")
    with pytest.raises(DocumentError, match="damaged XML"):
        read(path)


def test_tables_nested_without_end_give_a_reason(tmp_path: Path) -> None:
    body = "<w:tbl><w:tr><w:tc>" * 400 + p("底") + "</w:tc></w:tr></w:tbl>" * 400
    with pytest.raises(DocumentError):
        read(write_docx(tmp_path, body))
