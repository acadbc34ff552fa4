"""Title of a document -> its genre (文种): 意见, 通知, 规划, 政府工作报告 ..."""

from __future__ import annotations

import re

# Genres of official documents (《党政机关公文处理工作条例》 2012, 8), then those of laws, plans and reports.
DOCUMENT_KINDS = (
    *("决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案"),
    *(
        "函",
        "纪要",
        "政府工作报告",
        "条例",
        "办法",
        "规定",
        "细则",
        "章程",
        "法",
        "规划",
        "纲要",
        "计划",
        "方案",
    ),
    *("要点", "措施", "指引", "指南", "标准", "解读", "讲话", "白皮书"),
)
_BRACKETS = re.compile(r"[（(【\[〔][^（）()【】\[\]〔〕]*[）)】\]〕]\s*$")
_ENDING = re.compile(r"[\s\d一二三四五六七八九十、，。.!！_\-—]+$")
# Words that end titles of no genre too: 换了活法, 公开征求意见.
_ONLY_AFTER = {
    "法": re.compile(
        r"^中华人民共和国.+法$"
        r"|(?:促进|进步|保护|保障|管理|监督|安全|转化|教育|合作|投资|公司|破产|竞争|垄断|专利|商标|预算|审计|统计)法$"
    ),
    "函": re.compile(r"(?:的|复|便|公)函$"),
    "意见": re.compile(r"(?<!征求)(?<!听取)(?<!提)意见$"),
}
_LONGEST_FIRST = tuple(sorted(DOCUMENT_KINDS, key=len, reverse=True))


def document_kind(title: str) -> str | None:
    """The genre word that the title ends with; None where it ends with none.

    A notice that issues another document is a notice, as its title says.

    >>> document_kind("国务院关于印发《“十四五”规划》的通知"), document_kind("2025年上海市政府工作报告.docx")
    ('通知', '政府工作报告')
    >>> document_kind("某市创新联合体建设管理办法（试行）")
    '办法'
    """
    rest = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", title.strip())
    while rest != (shorter := _ENDING.sub("", _BRACKETS.sub("", rest)).rstrip("》〉”\"' ")):
        rest = shorter
    return next((kind for kind in _LONGEST_FIRST if rest.endswith(kind) and _is_genre(kind, rest)), None)


def _is_genre(kind: str, title: str) -> bool:
    return kind not in _ONLY_AFTER or _ONLY_AFTER[kind].search(title) is not None
