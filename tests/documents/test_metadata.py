from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.documents.dates import find_date
from policy_nlp.documents.issuers import is_issuer
from policy_nlp.documents.metadata import find_metadata
from policy_nlp.documents.regions import find_region
from policy_nlp.documents.titles import find_title
from policy_nlp.records import DocumentMetadata

NOTICE = """贵州省人民政府文件
黔府发〔2021〕9号
贵州省人民政府关于扶持山区数字工坊的意见
各市、自治州人民政府：
根据国办发〔2015〕47号文件和2015年6月11日的部署，制定本意见。
北京市2019年的做法值得借鉴。
贵州省人民政府
2021年4月8日
（此件公开发布）
附件
工坊名单
"""


def test_notice_gives_all_that_it_states() -> None:
    assert find_metadata(NOTICE, title="贵州省人民政府关于扶持山区数字工坊的意见") == DocumentMetadata(
        issuer="贵州省人民政府",
        document_number="黔府发〔2021〕9号",
        date="2021-04-08",
        region="贵州",
        year=2021,
    )


def test_running_text_gives_nothing() -> None:
    text = "近年来，浙江省人民政府印发了浙政发〔2020〕3号文件，2020年3月1日起施行，各地反响良好。\n" * 3
    assert find_metadata(text, title="我们身边的变化") == DocumentMetadata()


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("国办发〔2024〕12号", "国办发〔2024〕12号"),
        ("沪府规[2024]3号", "沪府规〔2024〕3号"),
        ("苏政办发（2024）7号", "苏政办发〔2024〕7号"),
        ("皖 科 高 〔 2023 〕 15 号", "皖科高〔2023〕15号"),
        ("湖南省财政厅文件 湘财教〔2022〕8号", "湘财教〔2022〕8号"),
        ("发文字号： | 桂政发〔2020〕1号 | 发布日期： | 2020年1月9日", "桂政发〔2020〕1号"),
        ("【发文字号】 闽政〔2019〕2号", "闽政〔2019〕2号"),
        ("海南省人民政府令\n（第288号）", "海南省人民政府令第288号"),
        ("海南省人民政府令第288号", "海南省人民政府令第288号"),
        ("商务部公告2021年第5号", "商务部公告2021年第5号"),
        ("第三章 平台建设", None),
        ("依据陕政发〔2020〕1号制定本办法。", None),
    ],
)
def test_document_number_is_read_where_it_stands_alone(line: str, number: str | None) -> None:
    assert find_metadata(f"{line}\n各有关单位：\n现将办法印发给你们。").document_number == number


@pytest.mark.parametrize(
    ("text", "title", "issuer"),
    [
        ("各市：", "江西省科学技术厅关于申报项目的通知", "江西省科学技术厅"),
        ("各市：", "中共中央 国务院关于建设统一市场的意见", "中共中央 国务院"),
        ("各市：", "财政部 税务总局关于延续优惠的公告", "财政部 税务总局"),
        ("【发布部门】 陕西省人大常委会\n第一条 说明。", "条例", "陕西省人大常委会"),
        ("【制定机关】陕西省教育厅【发布日期】2020.05.01", "办法", "陕西省教育厅"),
        ("正文。\n潍坊市工业和信息化局\n二〇二二年十月十一日", "通知", "潍坊市工业和信息化局"),
        ("山西省人民政府令\n（第12号）\n省长 某某\n2020年1月2日", "办法", "山西省人民政府"),
        ("正文。", "贯彻落实国务院关于改革的意见的实施方案", None),
        ("正文。", "在推进会上的讲话", None),
    ],
)
def test_issuer_is_read_from_field_title_letterhead_or_signature(
    text: str, title: str, issuer: str | None
) -> None:
    assert find_metadata(text, title=title).issuer == issuer


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("成文日期：2023年03月05日 | 发布日期：2023年3月20日", "", "2023-03-05"),
        ("发布日期：2023-03-20 10:22", "", "2023-03-20"),
        ("正文。\n辽宁省财政厅\n2022年5月6日\n附件\n2019年12月31日", "", "2022-05-06"),
        ("发布日期：2022-05-09\n正文。\n辽宁省财政厅\n2022年5月6日", "", "2022-05-06"),
        ("报告\n2021年1月13日某主任在全省科技大会的讲话\n各位代表：", "", "2021-01-13"),
        ("报告\n2021年1月13日在某省人民代表大会会议上省长某某作报告。\n各位代表：", "", "2021-01-13"),
        ("2021年1月13日召开大会，部署春耕。\n会后各县行动。", "", None),
        ("正文。\n二○一八年七月", "", "2018-07"),
        ("（2021年1月26日某省人民代表大会通过）\n正文。", "", "2021-01-26"),
        ("——2020年1月12日在省人民代表大会会议上\n各位代表：", "政府工作报告", "2020-01-12"),
        ("正文提到2020年1月12日的会议。", "", None),
        ("正文。", "县域简报（20240506）", "2024-05-06"),
        ("正文。", "20240506-01", None),
    ],
)
def test_date_is_that_of_field_signature_or_heading(text: str, title: str, date: str | None) -> None:
    assert find_metadata(text, title=title).date == date


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○一九年十二月三十一日", "2019-12-31"),
        ("二零零八年十月", "2008-10"),
        ("2024-03-05", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("2024/03", "2024-03"),
        ("2 0 0 1年2月1 6日", "2001-02-16"),
        ("2024年", "2024"),
        ("2024年13月1日", None),
        ("2023年2月29日", None),
        ("12024年", None),
        ("", None),
    ],
)
def test_dates_as_documents_write_them_become_iso(written: str, date: str | None) -> None:
    assert find_date(written) == date


@settings(deadline=None)
@given(
    st.dates(
        min_value=datetime.date(1949, 10, 1),
        max_value=datetime.date(2099, 12, 31),
    )
)
def test_any_day_written_in_chinese_numerals_is_read_back(day: object) -> None:
    year, month, number = map(int, str(day).split("-"))
    tens = ["", "十", "二十", "三十"]
    ones = "〇一二三四五六七八九"
    written = "".join(ones[int(digit)] for digit in str(year)) + "年"
    for value, mark in ((month, "月"), (number, "日")):
        written += tens[value // 10] + (ones[value % 10] if value % 10 else "") + mark
    assert find_date(written) == str(day)


@pytest.mark.parametrize(
    ("issuer", "title", "region"),
    [
        (None, "2025年浙江省政府工作报告", "浙江"),
        (None, "新疆政府工作报告", "新疆"),
        (None, "2018年国务院政府工作报告", "全国"),
        (None, "2018年基层贯彻国务院部署情况", None),
        ("国务院办公厅", "国务院办公厅关于支持浙江试点的函", "全国"),
        ("科技部", "", "全国"),
        ("国家税务总局福建省税务局", "", "福建"),
        ("三门峡市人民政府", "", "河南"),
        ("伊犁哈萨克自治州人民政府", "", "新疆"),
        ("海南藏族自治州人民政府", "", "青海"),
        ("北京市朝阳区人民政府", "", "北京"),
        (None, "推动京津冀：北京和天津共同行动方案", None),
        (None, "上海合作组织青年论坛综述", None),
        (None, "港澳台居民就业办法", None),
        ("香港特别行政区政府", "", "香港"),
        (None, "怎样写好通知", None),
    ],
)
def test_region_is_the_one_province_of_issuer_or_title(
    issuer: str | None, title: str, region: str | None
) -> None:
    assert find_region(issuer, title) == region


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2025年浙江省政府工作报告", 2025),
        ("安徽省2023年科技要点", 2023),
        ("某省第十四个五年规划和2035年远景目标纲要", None),
        ("2021—2025年行动计划", None),
        ("到2030年前碳达峰方案", None),
        ("怎样写好通知", None),
    ],
)
def test_year_of_a_title_is_that_of_its_subject(title: str, year: int | None) -> None:
    assert find_metadata("正文。", title=title).year == year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云南省人民政府", True),
        ("国务院办公厅", True),
        ("杭州市西湖区科技局", True),
        ("新疆生产建设兵团", True),
        ("贯彻落实国务院", False),
        ("一、加强领导", False),
        ("各县人民政府，各部门", False),
        ("省长 某某", False),
    ],
)
def test_only_whole_names_of_bodies_are_issuers(name: str, expected: bool) -> None:
    assert is_issuer(name) == expected


@pytest.mark.parametrize(
    ("text", "hint", "title"),
    [
        (NOTICE, "doc", "贵州省人民政府关于扶持山区数字工坊的意见"),
        ("关于支持山区工坊\n发展的若干意见\n各市：", "x", "关于支持山区工坊发展的若干意见"),
        (
            "政府工作报告\n——2025年1月1日在大会上\n各位代表：",
            "2025年浙江省政府工作报告",
            "2025年浙江省政府工作报告",
        ),
        (
            "【法宝引证码】 CLI.1\n山区工坊管理办法\n第一条 说明。",
            "山区工坊管理办法(FBM-CLI.1)",
            "山区工坊管理办法",
        ),
        ("值班编辑：某某", "20231011-06", "20231011-06"),
        ("山村里的实验室\n记者来到村口，看见一排新房。", "001", "山村里的实验室"),
        ("记者来到村口，看见一排新房。\n实验室就在里面。", "001", "001"),
        ("", "文件", "文件"),
        ("", "", ""),
    ],
)
def test_title_is_a_line_of_the_text_or_the_hint(text: str, hint: str, title: str) -> None:
    assert find_title(text, hint) == title


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_has_metadata_and_title(text: str, title: str) -> None:
    find_metadata(text, title=title)
    find_title(text, title)


@pytest.mark.parametrize("unit", ["一", "令", "省", "2024年", "〔2024〕", "发文机关：", " ", "（", "第"])
def test_long_lines_take_no_long_time(unit: str) -> None:
    started = time.process_time()
    find_metadata(unit * 100_000 + "\n" + (unit * 170)[:170], title=(unit * 500)[:500])
    find_title(unit * 100_000 + "\n" + unit * 50, unit * 50)
    assert time.process_time() - started < 5
