"""Title of a document: a line its text begins with, or the hint (file name, title the format states)."""

from __future__ import annotations

import re

from policy_nlp.documents.dates import DATE

_HEAD_LINES = 15
_MOST_TITLE_LINES = 4  # a long title is broken over up to this many lines
_LONGEST_TITLE = 100
_STATED_WITHIN = 1000  # characters of the text in which a stated title is looked for
_SHORTEST_STATED = 4
_KIND = (
    "通知|意见|办法|规定|条例|报告|规划|纲要|计划|方案|决定|决议|公告|通告|通报|"
    "批复|细则|措施|指南|要点|总结|目录|标准|政策|解读|"
    "提案|提纲|章程|制度|规则|准则|倡议|宣言|白皮书|公报|讲话|致辞|说明|建议|函|令|法"
)
_ENDS_IN_KIND = re.compile(rf"(?:{_KIND})(?:[（(《〈].{{1,30}}[）)》〉])?[·*＊]*$")
_NOT_A_TITLE = re.compile(
    # labelled fields, then letterhead and numbers, then what else stands above a text
    r"[【\[]?[一-龥]{2,6}[】\]]?[：:]|[【\[](?:法宝|发布|发文|制定|时效|效力|类别)|原文链接|https?://"
    r"|.*(?:文件|令)$|.*第.{1,6}号[）)]?$|.*[〔\[［]\d{4}[〕\]］].*号$"
    r"|目录$|首页|.*第.{1,4}版|.*\|"
    # headings inside a text
    r"|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十百]{1,3}[章节条篇部]|\d{1,2}[.．、]"
)
_ENDS_A_SENTENCE = re.compile("[。；：，！？,;:…]$")
_DATE_ONLY = re.compile(rf"[（(—-]*(?:{DATE.pattern}).{{0,40}}")
_HAN = re.compile("[一-龥]")


def find_title(text: str, hint: str) -> str:
    r"""The title: a first line that the hint repeats or that ends in a kind of document, else the hint.

    The hint wins where it says more in words than the line it holds (2025年浙江省政府工作报告 over
    政府工作报告). Empty only when text and hint are.

    >>> find_title("浙政发〔2023〕5号\n关于支持科技创新的\n若干意见\n各市人民政府：", "doc1")
    '关于支持科技创新的若干意见'
    """
    hint = hint.strip()
    lines = [line.strip() for line in text.split("\n", 4 * _HEAD_LINES) if line.strip()][:_HEAD_LINES]
    candidates = list(_iter_candidates(lines))
    for title in sorted(candidates, key=len, reverse=True):
        if len(title) > 3 and _compact(title) in _compact(hint):
            return hint if _says_more(hint, title) else title
    for title in candidates:
        if _ENDS_IN_KIND.search(title) and len(_compact(title)) > 3:
            return title
    if lines and _can_be_title(lines[0]) and len(lines) > 1 and len(lines[0]) <= _LONGEST_TITLE // 2:
        return lines[0] if len(_HAN.findall(lines[0])) > 3 or not hint else hint
    return hint or (lines[0][:_LONGEST_TITLE] if lines else "")


def believed_title(stated: str, text: str) -> str | None:
    r"""The title property of a file where its text begins with it, else None.

    Such properties are often left over from another document, so they are not believed by themselves.

    >>> believed_title("科技创新规划", "科技\n创新规划\n第一章"), believed_title("Microsoft Word", "第一章")
    ('科技创新规划', None)
    """
    beginning = re.sub(r"\s", "", text[:_STATED_WITHIN])
    return stated if len(stated) >= _SHORTEST_STATED and re.sub(r"\s", "", stated) in beginning else None


def _iter_candidates(lines: list[str]) -> list[str]:
    """Lines that can be titles, each first by itself, then joined with those after it."""
    found = []
    for start, line in enumerate(lines):
        if not _can_be_title(line):
            continue
        for n_lines in range(1, _MOST_TITLE_LINES + 1):
            part = lines[start : start + n_lines]
            title = "".join(part).rstrip("·*＊")
            if len(part) < n_lines or not all(map(_can_be_title, part)) or len(title) > _LONGEST_TITLE:
                break
            found.append(title)
            if _ENDS_IN_KIND.search(title):
                break
    return found


def _can_be_title(line: str) -> bool:
    if len(line) > _LONGEST_TITLE or _ENDS_A_SENTENCE.search(line):
        return False
    return not _NOT_A_TITLE.match(_compact(line)) and not _DATE_ONLY.fullmatch(_compact(line))


def _says_more(hint: str, title: str) -> bool:
    rest = _compact(hint).replace(_compact(title), "", 1)
    return bool(_HAN.search(rest))


def _compact(text: str) -> str:
    return re.sub(r"[\s　]+", "", text).replace("（", "(").replace("）", ")")
