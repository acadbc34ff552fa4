"""Small projects with the quirks of one program or another, and positions counted as it counts them."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "urn:QDA-XML:project:1.0"
LINES = (
    "第一条 为了支持中试平台建设，制定本规定。",
    "第二条 市财政对𠮷林路校区的成果转化给予补助。",
    "第三条 鼓励企业牵头组织联合攻关，开放应用场景。",
)
TEXT = "\n".join(LINES) + "\n"


def guid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


ANNA, BEN = guid("Anna"), guid("Ben")
SOURCE = guid("source")
PILOT, SUBSIDY, MONEY = guid("pilot"), guid("subsidy"), guid("money")
USERS = f'<Users><User guid="{ANNA}" name="Anna"/><User guid="{BEN}" name="Ben"/></Users>'
CODES = (
    f'<CodeBook><Codes><Code guid="{MONEY}" name="资金" isCodable="false" color="#F80">'
    f'<Code guid="{SUBSIDY}" name="补助" isCodable="true"><Description>给钱</Description></Code></Code>'
    f'<Code guid="{PILOT}" name="中试" isCodable="true"/></Codes></CodeBook>'
)


@dataclass(frozen=True)
class Counting:
    """How a program counts: an oracle apart from the package's own arithmetic."""

    line_end: str = "\n"
    first: int = 0
    utf16: bool = False
    end_included: bool = False

    def position(self, text: str, index: int) -> int:
        before = text[:index].replace("\n", self.line_end)
        return self.first + (len(before.encode("utf-16-le")) // 2 if self.utf16 else len(before))

    def span(self, text: str, quotation: str) -> tuple[int, int]:
        start = text.index(quotation)
        end = self.position(text, start + len(quotation))
        return self.position(text, start), end - self.end_included


def coding(code: str = PILOT, *, user: str | None = ANNA) -> str:
    who = f' creatingUser="{user}"' if user else ""
    return f'<Coding guid="{uuid.uuid4()}"{who}><CodeRef targetGUID="{code}"/></Coding>'


def selection(
    start: object,
    end: object,
    *codings: str,
    name: str | None = None,
    user: str | None = None,
    inner: str = "",
) -> str:
    named = f" name={quoteattr(name)}" if name is not None else ""
    who = f' creatingUser="{user}"' if user else ""
    return (
        f'<PlainTextSelection guid="{uuid.uuid4()}"{named} startPosition="{start}" endPosition="{end}"{who}>'
        f"{inner}{''.join(codings)}</PlainTextSelection>"
    )


def quoting(quotation: str, counting: Counting = Counting(), *, text: str = TEXT, code: str = PILOT) -> str:
    """A selection of a quotation at the positions a program gives it."""
    return selection(*counting.span(text, quotation), coding(code), name=quotation)


def text_source(*inner: str, path: str | None = f"internal://{SOURCE}.txt", name: str = "规定.txt") -> str:
    where = f' plainTextPath="{path}"' if path is not None else ""
    return f'<TextSource guid="{SOURCE}" name={quoteattr(name)}{where}>{"".join(inner)}</TextSource>'


def inline(text: str) -> str:
    return f"<PlainTextContent>{escape(text)}</PlainTextContent>"


def project(
    sources: str = "", *, users: str = USERS, codes: str = CODES, rest: str = "", top: str = ""
) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{NAMESPACE}" name="试点"{top}>'
        f"{users}{codes}<Sources>{sources}</Sources>{rest}</Project>"
    )


def write_qdpx(
    folder: Path,
    xml: str | bytes,
    *,
    texts: Mapping[str, bytes] | None = None,
    name: str = "project.qde",
    more: Sequence[tuple[str, bytes]] = (),
) -> Path:
    """A .qdpx; `texts` are its sources, TEXT in plain UTF-8 where none are given."""
    path = folder / "p.qdpx"
    members = {f"sources/{SOURCE}.txt": TEXT.encode()} if texts is None else dict(texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(name, xml)
        for member, content in (*members.items(), *more):
            container.writestr(member, content)
    return path
