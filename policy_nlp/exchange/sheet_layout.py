"""The form of a coding sheet, shared by those who write and read it: pages, columns, words, checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from policy_nlp.codebook import Code, Codebook
from policy_nlp.gold.units import squeeze_text
from policy_nlp.records import Level, Span

CODING_PAGE = "编码"
CODEBOOK_PAGE = "代码本"
GUIDE_PAGE = "说明"
GUIDE_TITLE = "编码说明 How to code"
ABOUT_PAGE = "_about"  # hidden: what the sheet was made of
UNITS_PAGE = "_units"  # hidden: the units, their places and how they were drawn

FIRST_ROW = 2  # of the sentences; row 1 is the header

UNIT_ID = "unit_id"
CHECKSUM = "checksum"
NUMBER = "序号"
DOCUMENT = "文档"
BEFORE = "上文"
SENTENCE = "句子"
AFTER = "下文"
STATUS = "状态"
REMARK = "备注"

CODED = "已编码"
NOTHING_APPLIES = "无代码适用"
UNSURE = "不确定"
STATUS_WORDS = (CODED, NOTHING_APPLIES, UNSURE)

LEVEL_NAMES: Mapping[Level, str] = {"initial": "初始范畴", "dimensions": "理论维度", "paths": "实践路径"}
ENGLISH_NAMES: Mapping[str, str] = {
    NUMBER: "No.",
    DOCUMENT: "Document",
    BEFORE: "Before",
    SENTENCE: "Sentence to code",
    AFTER: "After",
    "初始范畴": "Initial category",
    "理论维度": "Dimension",
    "实践路径": "Path",
    STATUS: "Status",
    REMARK: "Remark",
}

FORM = "policy-nlp coding sheet 1"
UNITS_HEADER = (
    "unit_id",
    "document_id",
    "start",
    "end",
    "checksum",
    "stratum",
    "inclusion_probability",
    "weight",
)

_CHECKSUM_DIGITS = 16


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """How many columns of drop-down lists each level gets; 0 leaves the level out: not coded."""

    initial: int = 3
    dimensions: int = 2
    paths: int = 2

    def __post_init__(self) -> None:
        counts = (self.initial, self.dimensions, self.paths)
        if min(counts) < 0 or not any(counts):
            raise ValueError(f"a sheet needs 0 or more columns a level and one at all, found {counts}")

    def count(self, level: Level) -> int:
        """The columns of one level."""
        counts: Mapping[Level, int] = {
            "initial": self.initial,
            "dimensions": self.dimensions,
            "paths": self.paths,
        }
        return counts.get(level, 0)

    def iter_names(self) -> Iterator[tuple[Level, str]]:
        """Level and name of each column, in their order: 初始范畴1, 初始范畴2 ..."""
        for level, name in LEVEL_NAMES.items():
            for number in range(1, self.count(level) + 1):
                yield level, f"{name}{number}"


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """The columns of the page of sentences.

    Attributes:
        answers: of codes.
        has_context: whether there are columns for the text around a sentence.
    """

    answers: AnswerColumns
    has_context: bool

    @property
    def names(self) -> tuple[str, ...]:
        """All columns in order."""
        around = (BEFORE, SENTENCE, AFTER) if self.has_context else (SENTENCE,)
        codes = (name for _, name in self.answers.iter_names())
        return (UNIT_ID, CHECKSUM, NUMBER, DOCUMENT, *around, *codes, STATUS, REMARK)

    def letter(self, name: str) -> str:
        """The letter of a column."""
        return str(get_column_letter(self.names.index(name) + 1))

    @property
    def first_code(self) -> str:
        """The letter of the first column of codes."""
        return self.letter(next(name for _, name in self.answers.iter_names()))

    @property
    def last_code(self) -> str:
        """The letter of the last column of codes; that of the status follows."""
        return self.letter([name for _, name in self.answers.iter_names()][-1])


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """A unit of a sheet as the hidden page holds it.

    Attributes:
        stratum: of the sampling design; empty where all units had the same chance.
        probability: of being drawn, above 0 and at most 1; its inverse is the weight for estimates.
    """

    unit_id: str
    document_id: str | None
    span: Span | None
    checksum: str
    stratum: str
    probability: float


def column_stem(header: str) -> str:
    """The name of a column without the English one in the line below it."""
    return header.split("\n")[0].strip()


def is_header_of_sheet(names: Iterable[str]) -> bool:
    """Whether the first row of a table is that of the page of sentences, or of the page before it."""
    stems = {column_stem(name) for name in names}
    return {UNIT_ID, SENTENCE} <= stems or GUIDE_TITLE in stems


def text_checksum(text: str) -> str:
    """What tells whether a text was changed, white space aside: 16 hexadecimal digits of its sha256."""
    return hashlib.sha256(squeeze_text(text).encode("utf-8")).hexdigest()[:_CHECKSUM_DIGITS]


def stratum_name(stratum: str) -> str:
    """A stratum under a name that does not tell its code to a coder who looks at the hidden page.

    >>> stratum_name("government_support")
    'S-cef0316e'
    """
    return f"S-{hashlib.sha256(stratum.encode('utf-8')).hexdigest()[:8]}" if stratum else ""


def option_labels(codebook: Codebook) -> dict[str, str]:
    """What the drop-down lists show for each code, unique: `2.1 政府支持`, `D1 战略引领`, `P3 ...`.

    Initial categories count within their main category, and are grouped by it.
    """
    labels: dict[str, str] = {}
    for number, main in enumerate(codebook.main, start=1):
        children = (code for code in codebook.initial if code.parent_id == main.code_id)
        labels.update(
            {code.code_id: _label(f"{number}.{i}", code) for i, code in enumerate(children, start=1)}
        )
    labels.update(
        {code.code_id: _label(f"D{i}", code) for i, code in enumerate(codebook.dimensions, start=1)}
    )
    labels.update({code.code_id: _label(f"P{i}", code) for i, code in enumerate(codebook.paths, start=1)})
    return labels


def codes_in_sheet_order(codebook: Codebook, level: Level) -> list[Code]:
    """The codes of a level in the order of the drop-down list."""
    known = {code.code_id: code for code in codebook.codes(level)}
    return [known[code_id] for code_id in option_labels(codebook) if code_id in known]


def _label(number: str, code: Code) -> str:
    return f"{number} {' '.join(code.name_zh.split())}"
