"""Names of bodies that issue documents."""

from __future__ import annotations

import re

from policy_nlp.documents.regions import CENTRAL_ISSUER

_LONGEST_NAME = 60
_PLACE = re.compile("[一-龥]{2,9}?(?:省|市|自治区|自治州|州|盟|县|区|旗|兵团)")
_LAST_WORD = re.compile(
    "人民政府|政府|办公厅|办公室|委员会|常务委员会|发展改革委|发改委|国资委|卫生健康委|卫健委|科委|经信委|省委|市委|县委|区委|"
    "[厅局部院署委]|总局|国务院|中共中央|中央|人民银行|分行|党组|工作组|领导小组|指挥部|管委会|兵团|协会|联合会|总工会|中心支行"
)
_VERB = re.compile(
    "加快|推进|推动|贯彻|落实|印发|转发|批转|进一步|做好|学习|关于|对于|按照|根据|支持|加强|促进|完善|深化|提高|优化|建设|开展|为|在|由|经"
)


def is_issuer(name: str) -> bool:
    """Whether the whole of `name` is one body's name, or several: it begins with a place or a central body.

    >>> is_issuer("浙江省科学技术厅"), is_issuer("贯彻落实国务院"), is_issuer("各位代表")
    (True, False, False)
    """
    if (
        not 3 <= len(name) <= _LONGEST_NAME
        or re.search("[，。；：！？、《》“”0-9]", name)
        or _VERB.match(name)
    ):
        return False
    begins = CENTRAL_ISSUER.match(name) or _PLACE.match(name) or name.startswith("中共")
    return bool(begins) and any(name.endswith(found) for found in _LAST_WORD.findall(name))


def issuer_at_start(title: str, *, before: str) -> str | None:
    """The body's name that `title` begins with, before one of the words of the pattern `before`."""
    for found in re.finditer(before, title):
        name = title[: found.start()].strip("《 \u3000")
        if all(is_issuer(part) for part in re.split("[ 、\u3000]+", name) if part) and name:
            return name
    return None
