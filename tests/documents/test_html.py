from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.documents.html import (
    decode_html,
    extract_html,
    looks_like_html,
    read_html,
    text_of_fragment,
)
from policy_nlp.errors import NoTextError
from policy_nlp.records import DecodedText, ExtractedText, InputFile

BODY = [
    "甘肃省人民政府办公厅关于培育创新平台的通知",
    "甘政办发〔2023〕18号",
    "各市、自治州人民政府，省政府各部门：",
    "为了让中小企业用得起实验设备，省财政每年安排专项资金，按照共享时长给予补助。",
    "一、建设共享平台",
    "高等学校和科研院所应当向社会开放大型仪器；开放情况纳入年度考核。",
    "（一）对首次认定的平台，一次性奖励五十万元。",
    "（二）对运行良好的平台，每两年评估一次，评估结果作为后补助的依据。",
    "甘肃省人民政府办公厅",
    "2023年6月9日",
]
NAVIGATION = "".join(f'<li><a href="/n{n}.html">栏目名称{n}</a></li>' for n in range(12))
GOVERNMENT_PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<meta name="ArticleTitle" content="{BODY[0]}"><meta name="PubDate" content="2023-06-15 09:30">
<meta name="ContentSource" content="甘肃省人民政府办公厅"><title>{BODY[0]}_甘肃省人民政府网</title>
<style>p {{color: red}}</style><script>var 变量 = "脚本里的话。";</script></head><body>
<div class="top-header"><ul class="nav">{NAVIGATION}</ul></div>
<div class="breadcrumb">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a></div>
<form id="search"><input value="请输入关键字"><button>搜索</button></form>
<div class="main"><div class="share">分享到：<a>微信</a><a>微博</a></div>
<div class="pages_content" id="zoom"><p align="center"><span>{BODY[0][:12]}</span><b>{BODY[0][12:]}</b></p>
<p>{BODY[1]}</p><!-- 注释里的话。 -->
{"".join(f"<p>　　{line}</p>" for line in BODY[2:])}
<table><tr><th>序号</th><th>平台名称</th><th>责任单位</th></tr>
<tr><td>1</td><td>新材料<br>中试平台</td><td><p>省科技厅</p></td></tr>
<tr><td>2</td><td>种业平台</td><td>省农业农村厅</td></tr></table>
<p>附件：<a href="1.doc">1.平台名单</a>　<a href="2.doc">2.申报表</a></p>
<p style="display:none">看不见的话。</p></div>
<div>【打印本页】【关闭窗口】</div></div>
<div class="related"><h3>相关链接</h3><ul>{NAVIGATION}</ul></div>
<div class="footer">版权所有：某网站 ICP备00000号<br>网站标识码0000</div></body></html>"""


def extract(page: str) -> ExtractedText:
    return extract_html(DecodedText(page, "utf-8", 1.0), shown_path="page.html")


def lines(page: str) -> list[str]:
    return [re.sub(r"^　+", "", line) for line in extract(page).text.split("\n")]


def test_government_page_keeps_every_paragraph_and_table_row_of_its_body_and_nothing_else() -> None:
    assert lines(GOVERNMENT_PAGE) == [
        *BODY,
        "序号 | 平台名称 | 责任单位",
        "1 | 新材料 中试平台 | 省科技厅",
        "2 | 种业平台 | 省农业农村厅",
        "附件：1.平台名单　2.申报表",
    ]


def test_government_page_gives_title_issuer_number_date_and_region() -> None:
    extracted = extract(GOVERNMENT_PAGE)
    assert extracted.title == BODY[0]
    found = extracted.metadata
    assert (found.issuer, found.document_number) == ("甘肃省人民政府办公厅", "甘政办发〔2023〕18号")
    assert (found.date, found.region, found.year) == ("2023-06-09", "甘肃", 2023)


def test_page_without_named_body_loses_furniture_only() -> None:
    page = GOVERNMENT_PAGE.replace('class="pages_content" id="zoom"', 'class="wrapper-7"')
    assert lines(page)[: len(BODY)] == BODY
    assert "栏目名称" not in extract(page).text


def test_index_table_outside_the_body_gives_metadata_and_title() -> None:
    page = (
        "<div><table><tr><td><b>索 引 号：</b></td><td>000/2022-7</td>"
        "<td>发文机关：</td><td>青海省财政厅</td></tr>"
        "<tr><td><b>标　　题：</b></td><td>青海省财政厅关于发放补贴的公告</td></tr>"
        "<tr><td>发文字号：</td><td>青财〔2022〕7号</td><td>成文日期：</td><td>2022年02月03日</td></tr></table>"
        f"<table><tr><td id='UCAP-CONTENT'><p>{BODY[3]}</p><p>{BODY[5]}</p><p>{BODY[7]}</p></td></tr></table>"
        "<div>扫一扫在手机打开当前页</div></div>"
    )
    extracted = extract(page)
    assert extracted.title == "青海省财政厅关于发放补贴的公告"
    assert extracted.metadata.document_number == "青财〔2022〕7号"
    assert (extracted.metadata.issuer, extracted.metadata.date) == ("青海省财政厅", "2022-02-03")
    assert extracted.text.split("\n") == [extracted.title, BODY[3], BODY[5], BODY[7]]


def test_page_whose_parts_have_no_telling_names_keeps_title_and_signature() -> None:
    page = (
        "<html><head><title>关于申报共享车间的通知 - 某市科学技术局</title></head>"
        "<body><div>关于申报共享车间的通知</div><div>发布时间：2023-04-05 来源：本站 "
        "浏览次数：<span>12</span> 字体：[<a>大</a> <a>中</a> <a>小</a>]</div>"
        f"<div><p>{BODY[3]}</p><p>{BODY[5]}</p></div><div>连云港市科学技术局</div><div>2023年4月3日</div>"
        "<div><a>上一篇：关于甲的通知</a><br><a>下一篇：关于乙的通知</a></div></body></html>"
    )
    extracted = extract(page)
    assert extracted.title == "关于申报共享车间的通知"
    assert (extracted.metadata.date, extracted.metadata.region) == ("2023-04-03", "江苏")
    signature = ["连云港市科学技术局", "2023年4月3日"]
    assert extracted.text.split("\n") == [extracted.title, BODY[3], BODY[5], *signature]


def test_printed_list_of_tags_is_read_without_its_brackets() -> None:
    assert lines("[<p>第一段。</p>, <h2>第二</h2>]") == ["第一段。", "第二"]
    assert lines(r"['<p>第一段。</p>', '<p>\u7b2c二段。</p>']") == ["第一段。", "第二段。"]


def test_layout_table_keeps_each_paragraph_on_its_own_line() -> None:
    page = (
        "<table><tr><td>左栏</td><td><p>第一段说明补贴办法。</p><p>第二段说明申请程序。</p></td></tr></table>"
    )
    assert lines(page) == ["左栏", "第一段说明补贴办法。", "第二段说明申请程序。"]


def test_page_in_one_form_keeps_its_text() -> None:
    page = (
        f"<html><body><form id='aspnetForm'>{''.join(f'<p>{line}</p>' for line in BODY)}</form></body></html>"
    )
    assert lines(page) == BODY


def test_list_of_links_that_is_all_of_the_page_is_kept() -> None:
    assert "栏目名称3" in extract(f"<ul>{NAVIGATION}</ul>").text


def test_inline_elements_break_no_word_and_blocks_do() -> None:
    fragment = "<div>加<span>快</span><b>发</b>展</div>改革<h2>创新</h2>A&amp;B&nbsp;C<br>末<p>尾"
    fragment += "<ruby>重<rt>zhong</rt></ruby>"
    assert text_of_fragment(fragment) == "加快发展\n改革\n创新\nA&B\xa0C\n末\n尾重"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("gb2312", "gb18030"),
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("big5", "big5"),
    ],
)
def test_declared_charset_is_used_only_where_the_bytes_agree(declared: str, actual: str) -> None:
    body = "支援企業進行技術創新，設立專項資金。"
    page = f'<html><head><meta charset="{declared}"></head><p>{body}</p>'
    decoded = decode_html(page.encode(actual))
    assert body in decoded.text
    assert bool(decoded.warnings) == (declared != {"gb18030": "gb2312"}.get(actual, actual))


def test_declared_charset_of_another_language_is_used_where_the_bytes_say_nothing() -> None:
    page = "<html><head><meta charset='windows-1252'></head><p>café</p>".encode("cp1252")
    assert "café" in decode_html(page).text


def test_page_without_text_says_so() -> None:
    with pytest.raises(NoTextError, match=r"page\.html: the page holds no text"):
        extract("<html><head><script>x</script></head><body><img></body></html>")


def test_file_is_read_with_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "页.html"
    path.write_bytes(GOVERNMENT_PAGE.replace("utf-8", "gbk").encode("gb18030"))
    [extracted] = read_html(InputFile(path, path.name))
    assert (extracted.encoding, extracted.format) == ("gb18030", "html")
    assert extracted.text.startswith(BODY[0])


@pytest.mark.parametrize("tag", ["div", "span", "table", "b", "ul"])
def test_very_deep_nesting_keeps_the_text_with_a_warning(tag: str) -> None:
    page = (
        f"<{tag}>" * 100_000
        + "深处的政策文本。"
        + f"</{tag}>" * 100_000
        + "<p>后面的段落。</p><script>不读</script>"
    )
    started = time.process_time()
    extracted = extract(page)
    assert "深处的政策文本。" in extracted.text
    assert "后面的段落。" in extracted.text
    assert "不读" not in extracted.text
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "page",
    [
        "<p>" + "政策" * 5_000_000 + "</p><p>末段</p>",
        "<" * 500_000 + "末段",
        "<p>前\0后</p>末段",
        "<!--" * 100_000 + "末段",
        "<script>" * 100_000 + "</script>末段",
        '<p title="' + "x" * 5_000_000 + '">末段',
        '<?xml version="1.0" encoding="gb2312"?><html><p>\ud800末段</p></html>',
        "<a>" * 20_000 + "末段",
    ],
)
def test_hostile_page_gives_text_or_says_there_is_none(page: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NoTextError):
        assert extract(page).text
    assert time.process_time() - started < 10


@settings(deadline=None)
@given(st.text(alphabet="<>/!-ab pdivtrs\"'=&;政策\n\0\ud800", max_size=80))
def test_any_string_gives_text_or_says_there_is_none(page: str) -> None:
    try:
        extract(page)
    except NoTextError:
        return


@settings(deadline=None)
@given(st.lists(st.text(alphabet="政策创新发展abc，。", min_size=1, max_size=20), min_size=1, max_size=8))
def test_every_paragraph_of_a_fragment_is_kept_in_order(paragraphs: list[str]) -> None:
    assert text_of_fragment("".join(f"<p>{line}</p>" for line in paragraphs)).split("\n") == paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOVERNMENT_PAGE, True),
        ("[<div><p>一</p>, <p>二</p></div>]", True),
        ("['<p>一</p>', '<p>二</p>']", True),
        ("\ufeff  <!DOCTYPE html><p>x", True),
        ("<p>第一段</p>\n<p>第二段</p>", True),
        ("第一条 <b>重点</b></p></p>", False),
        ("《规划》<草案>", False),
        ("<?xml version='1.0'?><root><a/></root>", False),
        ("", False),
    ],
)
def test_html_is_known_by_its_tags(text: str, expected: bool) -> None:
    assert looks_like_html(text) == expected
