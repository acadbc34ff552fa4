"""Genres of titles, and titles that only seem to have one."""

from __future__ import annotations

import pytest

from policy_nlp.analysis.document_kinds import document_kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某省人民政府关于组建创新联合体的实施意见", "意见"),
        ("某市促进科技成果转化条例（2023年修订）", "条例"),
        ("关于印发《某市三年行动计划》的通知", "通知"),
        ("2024年某省政府工作报告.docx", "政府工作报告"),
        ("某某区创新联合体管理办法（征求意见稿）", "办法"),
        ("中华人民共和国科学技术进步法", "法"),
        ("某省促进科技成果转化法", "法"),
        ("关于某号提案的复函", "函"),
        ("“十五五”规划纲要（草案）", "纲要"),
    ],
)
def test_the_word_that_ends_a_title_is_its_genre(title: str, kind: str) -> None:
    assert document_kind(title) == kind


@pytest.mark.parametrize(
    "title",
    [
        "焊机厂换了活法",
        "小厂抱团有办法吗",
        "科技局公开征求意见",
        "",
        "（试行）",
        "车间里长出的课题",
        "致用户的信函",
    ],
)
def test_a_title_that_ends_with_no_genre_word_has_none(title: str) -> None:
    assert document_kind(title) is None
