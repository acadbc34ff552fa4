"""What a document says of itself: issuer, document number, date, region, year.

Only what the text states: in a labelled field, the letterhead, the lines under the title, the signature.
A date or a number in running text belongs to something else and is not taken.
"""

from __future__ import annotations

import itertools
import re

from policy_nlp.documents.dates import DATE, find_date, iso_date
from policy_nlp.documents.issuers import is_issuer, issuer_at_start
from policy_nlp.documents.regions import find_region
from policy_nlp.records import DocumentMetadata

_HEAD_LINES = 25  # lines that can hold letterhead, fields and the lines under the title
_LONGEST_HEAD_LINE = 60  # a longer line is running text

_NUMERAL = "[0-9０-９一二三四五六七八九十百〇○零]"
_FILE_NUMBER = re.compile(
    r"(?P<series>[一-龥A-Za-z]{1,20})[〔\[［【（(](?P<year>(?:19|20)\d\d)年?[〕\]］】）)](?:第)?(?P<number>\d{1,5})号"
)
_ORDER_NUMBER = re.compile(
    f"(?P<series>[一-龥]{{0,25}}?(?:令|公告|通告))[（(]?(?P<year>(?:19|20)\\d\\d年)?第?(?P<number>{_NUMERAL}{{1,5}})号[）)]?"
)
_FIELD_SEPARATOR = r"[】\]:： |]+"
_NEXT_FIELD = r"(?=\s*\||【|[一-龥]{2,6}[:：]|\s{2,}|$)"
_ISSUER_FIELD = (
    "发文机关|发文机构|发布机关|发布部门|发布单位|发布机构|制定机关|颁布部门|颁布单位|印发机关|发文单位"
)
_NUMBER_FIELD = "发文字号|发文文号|文件编号|文号"
_SIGNED_FIELDS = ("成文日期|成文时间", "印发日期|发文日期|颁布日期|颁布时间")
_PUBLISHED_FIELDS = ("发布日期|发布时间|公布日期",)
_DATE_LINE = re.compile(rf"[（(—-]*(?:{DATE.pattern})[）)]?(?:印发|发布)?")
_DATED_EVENT = re.compile("通过|公布|发布|印发|施行前|会议|大会|日报|晚报|第.{1,4}版|电$")
_DELIVERED = re.compile(rf"[（(—-]*(?:{DATE.pattern})在[^，。]{{2,40}}(?:会议|大会)上[^，。]{{0,30}}。?$")
_TITLE_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_TITLE_YEAR = re.compile(r"(?<![-—–至到~～和\d])((?:19|20)\d\d)年(?!前|底|远景|远期|目标|来)")
_HAN = re.compile("[一-龥]")
_YEAR_RANGE_START = re.compile(r"(?:19|20)\d\d年?[-—–至到~～]+(?:19|20)\d\d年")


def find_metadata(text: str, *, title: str = "") -> DocumentMetadata:
    r"""What `text` and `title` state of their origin; None for what they do not.

    The year is that of the date, else of the document number, else the year the title begins its subject
    with (2025年浙江省政府工作报告).

    >>> find_metadata("各市人民政府：\n甘肃省财政厅\n2024年3月5日").date
    '2024-03-05'
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    head = [line for line in lines[:_HEAD_LINES] if len(line) <= 3 * _LONGEST_HEAD_LINE]
    number = _find_number(head)
    issuer = _find_issuer(lines, head, title)
    date = _find_date(lines, head, title)
    return DocumentMetadata(
        issuer=issuer,
        document_number=number,
        date=date,
        region=find_region(issuer, title),
        year=_find_year(date, number, title),
    )


def _field(head: list[str], names: str) -> str | None:
    """The value of the first labelled field of these names: `【发布部门】 X`, `发文机关：X |`."""
    label = rf"(?:^|[【\[|\s])(?:{names}){_FIELD_SEPARATOR}"
    pattern = re.compile(rf"{label}(?P<value>[^|【]+?){_NEXT_FIELD}")
    for line in head:
        found = pattern.search(_closed_up(line))
        if found and found["value"].strip():
            return found["value"].strip()
    return None


def _closed_up(line: str) -> str:
    """`line` without the blanks that part the characters of a label (发 文 机 关)."""
    return re.sub(r"(?<=[一-龥])[ \u3000\xa0]+(?=[一-龥：:])", "", line)


def _find_number(head: list[str]) -> str | None:
    """The document number, brackets as 〔〕 and without blanks; orders as 上海市人民政府令第19号."""
    field = _field(head, _NUMBER_FIELD)
    if field:
        found = _FILE_NUMBER.search("".join(field.split()))
        return _number_of(found) if found else "".join(field.split())
    for line, following in itertools.pairwise([*head, ""]):
        compact = "".join(line.split())
        letterhead = compact.rpartition("文件")[2].strip("（）()")
        if found := _FILE_NUMBER.fullmatch(letterhead):
            return _number_of(found)
        if len(compact) <= _LONGEST_HEAD_LINE and compact.endswith(("令", "公告", "通告")):
            compact += "".join(following.split())  # 上海市人民政府令 / （第19号）
        if (found := _ORDER_NUMBER.fullmatch(compact)) and found["series"]:
            return f"{found['series']}{found['year'] or ''}第{found['number']}号"
    return None


def _number_of(found: re.Match[str]) -> str:
    return f"{found['series']}〔{found['year']}〕{found['number']}号"


def _find_issuer(lines: list[str], head: list[str], title: str) -> str | None:
    """From a labelled field, the title (X关于), the letterhead (X文件) or the signature."""
    field = _field(head, _ISSUER_FIELD)
    if field:
        return field
    titled = issuer_at_start(title, before="关于|印发|转发|批转|公告|通告|令")
    if titled:
        return titled
    for line in head[:10]:
        compact = re.sub(r"[（(〔].*", "", "".join(line.split()))
        letterhead = re.fullmatch(r"(.+?)(?:文件|令|公告|通告)(?:第.+号)?", compact)
        if letterhead and is_issuer(letterhead[1]):
            return letterhead[1]
    return _signed_issuer(lines)


def _signed_issuer(lines: list[str]) -> str | None:
    """The issuer in the line above the first line that is nothing but a date."""
    for line, following in itertools.pairwise(lines):
        if is_issuer("".join(line.split())) and _is_date_line(following):
            return line
    return None


def _is_date_line(line: str) -> bool:
    return len(line) <= _LONGEST_HEAD_LINE and bool(_DATE_LINE.fullmatch("".join(line.split())))


def _find_date(lines: list[str], head: list[str], title: str) -> str | None:
    """From a labelled field, the signature, a line under the title, or the title."""
    dated = _dated_field(head, _SIGNED_FIELDS) or _signed_date(lines) or _dated_field(head, _PUBLISHED_FIELDS)
    if dated:
        return dated
    alone = [line for line in (*lines[:_HEAD_LINES], *lines[-15:]) if _is_date_line(line)]
    exact = [date for line in alone if (date := find_date(line)) and len(date) > len("2024")]
    if exact:
        return exact[-1]
    short = [line for line in head if len(line) <= _LONGEST_HEAD_LINE and "。" not in line]
    events = [line for line in short if _DATED_EVENT.search(line)]
    events += [line for line in head[:4] if _DELIVERED.match(line)]
    dates = [date for line in events if (date := find_date(line))]
    if dates:
        return max(dates, key=len)  # the most exact; the first of several
    found = _TITLE_DATE.search(title)
    if found and _HAN.search(title):  # digits alone are a file's name
        return "-".join(found.groups())
    return _full_date(title)


def _dated_field(head: list[str], fields: tuple[str, ...]) -> str | None:
    """The date in the first of these fields that has one."""
    values = (_field(head, names) for names in fields)
    return next((date for value in values if value and (date := find_date(value))), None)


def _signed_date(lines: list[str]) -> str | None:
    """The date below the first line that is nothing but the name of a body."""
    for line, following in itertools.pairwise(lines):
        if is_issuer("".join(line.split())) and _is_date_line(following):
            return find_date(following)
    return None


def _full_date(title: str) -> str | None:
    found = DATE.search(title)
    return iso_date(found) if found and (found["day"] or found["day2"]) else None


def _find_year(date: str | None, number: str | None, title: str) -> int | None:
    if date:
        return int(date[:4])
    if number and (found := re.search(r"(?:19|20)\d\d", number)):
        return int(found[0])
    year = _TITLE_YEAR.search(_YEAR_RANGE_START.sub("", title))
    return int(year[1]) if year else None
