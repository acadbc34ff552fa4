from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.documents.line_wrapping import join_wrapped_lines
from policy_nlp.documents.markdown_lines import find_heading, split_front_matter, text_of_markdown
from policy_nlp.documents.text_files import read_markdown, read_text_file
from policy_nlp.errors import EncodingError, NoTextError
from policy_nlp.records import ExtractedText, InputFile

PARAGRAPHS = [
    "　　为了让返乡青年能够在县城办起自己的工坊，市里把闲置的厂房改成共享车间，前三年不收租金，"
    "水电费由财政按月补贴一半，设备由开发区统一采购。",
    "　　各街道要在本月底前把可用厂房的位置、面积、消防条件报到市发改部门，逾期不报的不列入今年的改造名单，"
    "也不安排配套的奖补资金和用地指标。",
]


def read(folder: Path, content: bytes, name: str = "文件.txt") -> ExtractedText:
    path = folder / name
    path.write_bytes(content)
    reader = read_markdown if name.endswith(".md") else read_text_file
    [extracted] = reader(InputFile(path, name))
    return extracted


def wrap(paragraph: str, n_characters: int) -> str:
    return "\n".join(paragraph[n : n + n_characters] for n in range(0, len(paragraph), n_characters))


def test_text_is_kept_as_written_with_its_encoding(tmp_path: Path) -> None:
    text = "第一章 总则\r\n　　第一条 鼓励企业采购首台套装备。\r\n"
    extracted = read(tmp_path, text.encode("gb18030"))
    assert extracted.text.split() == text.split()
    assert (extracted.format, extracted.encoding, extracted.title) == ("txt", "gb18030", None)


@pytest.mark.parametrize(
    "content",
    [
        "[<div>\n<h4>各位代表：</h4>, <p>现在开始<b>报告</b>。</p>, <p>请予审议。</p>\n</div>]",
        "['<h4>各位代表：</h4>', '<p>现在开始报告。</p><p>请予审议。</p>']",
        "<h4>各位代表：</h4><p>现在开始报告。</p><p>请予审议。</p>",
    ],
)
def test_html_named_txt_is_read_as_html(tmp_path: Path, content: str) -> None:
    extracted = read(tmp_path, content.encode())
    assert extracted.format == "html"
    assert [line.strip(" ,") for line in extracted.text.split("\n")] == [
        "各位代表：",
        "现在开始报告。",
        "请予审议。",
    ]


def test_printed_list_of_paragraphs_is_unwrapped(tmp_path: Path) -> None:
    assert read(tmp_path, r"['支持创新。', '补贴\n企业。']".encode()).text == "支持创新。\n补贴\n企业。"


@pytest.mark.parametrize("content", ["['支持创新'", "[" * 100_000 + "支持", "['a', 1]", "['a' * 9]"])
def test_what_only_resembles_a_printed_list_is_kept(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content.encode()).text == content


@pytest.mark.parametrize("content", [b"", b" \n\n", "　\n——\n".encode()])
def test_file_without_a_letter_says_so(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NoTextError, match=r"文件\.txt: no letter"):
        read(tmp_path, content)


def test_nearly_empty_page_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "\n值班编辑：某  某\n\n".encode()).text.strip() == "值班编辑：某  某"


def test_binary_file_named_txt_is_an_encoding_error(tmp_path: Path) -> None:
    with pytest.raises(EncodingError):
        read(tmp_path, bytes(range(256)) * 20)


@pytest.mark.parametrize("n_characters", [20, 34, 40])
def test_lines_broken_at_a_fixed_width_are_joined_to_their_paragraphs(n_characters: int) -> None:
    wrapped = "\n".join(wrap(paragraph, n_characters) for paragraph in PARAGRAPHS * 3)
    assert join_wrapped_lines(wrapped).split("\n") == PARAGRAPHS * 3


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS * 5),
        "\n".join(["一、办好共享车间", "二、管好水电补贴", "三、用好闲置厂房", "四、建好返乡名册"] * 4),
        "\n".join(["春风又绿江南岸", "明月何时照我还"] * 6),
        "\n".join(f"第{n}条 对新办工坊给予补贴，标准由县级财政部门确定并公布。" for n in range(10, 40)),
        "标题没有句号的短文\n下一行",
    ],
)
def test_text_that_is_not_clearly_wrapped_keeps_its_lines(text: str) -> None:
    assert join_wrapped_lines(text) == text


def test_line_that_begins_with_a_comma_belongs_to_the_line_before() -> None:
    broken = "到本世纪末全省基本建成覆盖城乡的技术服务网络\n， 让每个乡镇都有人会修农机。\n、"
    assert join_wrapped_lines(broken).split("\n") == [broken.replace("\n", "", 1)[:-2], "、"]


@settings(deadline=None)
@given(st.text(alphabet="政策，。、一 　\n\rA1", max_size=300))
def test_joining_loses_no_character_but_blanks(text: str) -> None:
    assert "".join(join_wrapped_lines(text).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# 标题\n\n正文*重点*，**加粗：**后文。", "标题\n正文重点，加粗：后文。"),
        ("标题\n===\n\n> 引用的话", "标题\n引用的话"),
        ("见[《办法》](http://example.com)和![图](a.png)。", "见《办法》和。"),
        ("1. 第一\n2. 第二\n\n- 甲\n- 乙", "1. 第一\n2. 第二\n甲\n乙"),
        ("| 序号 | 举措 |\n|:--|--:|\n| 1 | 减<br>税 |\n| 2 |  |", "序号 | 举措\n1 | 减 税\n2"),
        ("```\n代码\n```\n\n`行内`", "代码\n\n行内"),
        ("<p>第一<strong>段</strong></p><p>第二段</p>\n\n后文<br>换行", "第一段\n第二段\n后文\n换行"),
        ("    四个空格开头的段落。", "四个空格开头的段落。"),
        ("上一行\n下一行", "上一行\n下一行"),
        ("（1）面积 30×40\\*50", "（1）面积 30×40*50"),
        ("<!-- 注释 -->\n\n~~旧~~新", "旧新"),
        ("5%&nbsp;以上 A &lt; B", "5%\xa0以上 A < B"),
    ],
)
def test_markdown_marks_go_and_text_stays(markdown: str, text: str) -> None:
    assert text_of_markdown(markdown).strip() == text


def test_markdown_title_is_its_main_heading_or_front_matter(tmp_path: Path) -> None:
    body = "导语。\n\n# 县域创新**简报**\n\n正文。"
    assert read(tmp_path, body.encode(), "a.md").title == "县域创新简报"
    front = "---\ntitle: 创新月报\ndate: 2024-05-06\n---\n" + body
    extracted = read(tmp_path, front.encode(), "b.md")
    assert (extracted.title, extracted.metadata.date, extracted.metadata.year) == (
        "创新月报",
        "2024-05-06",
        2024,
    )
    assert "title" not in extracted.text
    assert find_heading("无标题") is None


def test_rule_at_the_top_is_no_front_matter() -> None:
    text = "---\n\n正文一句话。\n\n---\n"
    assert split_front_matter(text)[1] == text


@pytest.mark.parametrize(
    "markdown", ["[" * 20_000, "*a " * 20_000, "> " * 20_000, "<" * 50_000, "- " * 5_000, "| a " * 20_000]
)
def test_hostile_markdown_does_not_hang(markdown: str) -> None:
    started = time.process_time()
    text_of_markdown(markdown)
    assert time.process_time() - started < 20


@settings(deadline=None)
@given(st.lists(st.text(alphabet="政策创新abc，。", min_size=1, max_size=30), min_size=1, max_size=8))
def test_every_markdown_paragraph_is_kept_in_order(paragraphs: list[str]) -> None:
    assert text_of_markdown("\n\n".join(paragraphs)).split("\n") == paragraphs
