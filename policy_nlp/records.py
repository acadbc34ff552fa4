"""The nouns of policy-nlp as frozen records. Each checks itself once, when it is made.

Offsets are Unicode code points, ends are exclusive, scores and thresholds are fractions from 0 to 1.
Axes of arrays: N sentences, L tokens, C codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # flags of commands are of these types, and `--help` has no time for numpy
    import numpy as np
    from numpy.typing import NDArray

Level = Literal["initial", "main", "dimensions", "paths"]
SentenceKind = Literal["heading", "sentence"]
CutBasis = Literal["code", "level", "none"]
"""What keeps the promise of a cut: the code's own calibration sentences; those of such codes of its level
together; or nothing, where both are too few or show none that keeps it."""
PlannedCoefficient = Literal["percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1"]

Progress = Callable[[int, int | None], None]
"""Told after each step: how many are done, and how many there are (None when not known)."""

LEVELS: tuple[Level, ...] = ("initial", "main", "dimensions", "paths")
PREDICTED_LEVELS: tuple[Level, ...] = ("initial", "dimensions", "paths")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range `[start, end)` in code points of `Document.text`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, found [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Bytes read as text: what encoding was found, how sure, and what the user should know."""

    text: str
    encoding: str  # IANA name in lower case: utf-8, utf-8-sig, gb18030, big5, utf-16-le ...
    confidence: float  # 0 to 1; 1 where a byte order mark or strict UTF-8 settles it
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence is a fraction, found {self.confidence}")


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file on disk to be read as documents; `shown_path` is what the user sees (`a.zip/b.docx`)."""

    path: Path
    shown_path: str


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What a document says of itself; None where its text does not state it."""

    issuer: str | None = None  # 发文机关
    document_number: str | None = None  # 国办发〔2024〕12号
    date: str | None = None  # ISO 8601: 2024-03-05, 2024-03 or 2024
    region: str | None = None  # province-level name in its short form: 浙江, 全国 for the centre
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """What one reader took from one file, not yet cleaned: paragraphs parted by line feeds."""

    text: str
    format: str  # docx, pdf, html, txt, md, csv, xlsx ...: what the file is, whatever its ending says
    part: str = ""  # which part of the file this is ("row 3"); empty when it is all of it
    title: str | None = None
    encoding: str | None = None
    encoding_confidence: float | None = None
    metadata: DocumentMetadata = DocumentMetadata()  # stated by the file format, not by the text
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One document whose text has been cleaned once and never changes again."""

    document_id: str  # stable: the same file at the same shown path has the same id
    path: str
    title: str
    format: str
    encoding: str | None
    encoding_confidence: float | None
    sha256: str  # of the file's bytes, hexadecimal
    text: str
    metadata: DocumentMetadata
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedInput:
    """An input that could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of coding: a segment of a document under its span."""

    document_id: str
    sentence_id: str
    span: Span
    text: str
    kind: SentenceKind = "sentence"

    def __post_init__(self) -> None:
        if len(self.text) != len(self.span):
            raise ValueError(f"sentence {self.sentence_id}: span of {len(self.span)} for {len(self.text)}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model reads of one segment, with the way back to the segment."""

    text: str
    offsets: tuple[int, ...]  # offsets[i] is the index in the segment of character i of `text`

    def __post_init__(self) -> None:
        if len(self.text) != len(self.offsets):
            raise ValueError("a reading needs one offset for each character")


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens of some sentences in one rectangle, and where their rows belong.

    Attributes:
        token_ids: shape (N, L), int64.
        attention_mask: shape (N, L), int64; None when every row is full.
        rows: shape (N,), the index of each row in the planner's input.
    """

    token_ids: NDArray[np.int64]
    attention_mask: NDArray[np.int64] | None
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CodedUnit:
    """One unit with the codes one coder gave it; None for a level the coder did not code."""

    unit_id: str
    text: str
    initial: tuple[str, ...] | None
    dimensions: tuple[str, ...] | None
    paths: tuple[str, ...] | None
    document_id: str | None = None
    coder_id: str | None = None
    stratum: str | None = None
    span: Span | None = None  # of `text` in its document
    source_kind: str | None = None  # what its document is: report, policy, news ...
    year: int | None = None  # of its document


@dataclass(frozen=True, slots=True)
class Coder:
    """A person or a model that codes.

    Attributes:
        coder_id: unique among the coders compared; what tables show.
        source: where the codings were read, for people: `dev.jsonl, coder_a`.
        model_sha256: of a model's weights, where the input tells it.
        name_in_projects: of a model, the user that it is in QDA projects of ours; empty where not known.
    """

    coder_id: str
    is_model: bool = False
    source: str = ""
    model_sha256: str = ""
    name_in_projects: str = ""


@dataclass(frozen=True, slots=True)
class CoderUnits:
    """What one coder decided on the units given to them; a unit that is not here was not given.

    Attributes:
        units: unit ids are unique.
        notes: how it was settled which units were given, and what of the file was left out.
    """

    coder: Coder
    units: tuple[CodedUnit, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's decision that one code applies to one span of characters."""

    document_id: str
    span: Span
    code_id: str
    coder_id: str
    score: float | None = None  # None for a human coder


@dataclass(frozen=True, slots=True)
class UncodedLevel:
    """A level that a coder did not code, where they coded others; main follows initial, so is never named."""

    coder_id: str
    level: Level


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """The codings on characters of one document, whoever made them.

    Attributes:
        length: code points of the document's text.
        coder_ids: the coders who were given the document, whether or not they coded anything in it.
        codings: each of one of `coder_ids`, inside the document.
        part_of: the document this is a part of, where coders were given parts of a text: parts of one
            document are compared apart and drawn together. None where this is the whole document.
        uncoded: levels at which a coder who was given the document did not code it.
    """

    document_id: str
    length: int
    coder_ids: tuple[str, ...]
    codings: tuple[Coding, ...]
    part_of: str | None = None
    uncoded: tuple[UncodedLevel, ...] = ()

    def __post_init__(self) -> None:
        for coding in self.codings:
            if coding.span.end > self.length or coding.coder_id not in self.coder_ids:
                raise ValueError(f"{self.document_id}: {coding} is outside the document or of no coder of it")

    @property
    def whole_id(self) -> str:
        """The id of the document that this is, or is a part of."""
        return self.part_of or self.document_id


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The score from which each code applies; shape (C,) in codebook order."""

    code_ids: tuple[str, ...]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.code_ids),):
            raise ValueError("thresholds need one value for each code")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Map from logits to scores: score = sigmoid(slope * logit + intercept), one pair for each code.

    Attributes:
        slope: shape (C,), positive.
        intercept: shape (C,).
    """

    code_ids: tuple[str, ...]
    slope: NDArray[np.float64]
    intercept: NDArray[np.float64]
    method: str = "none"

    def __post_init__(self) -> None:
        if self.slope.shape != (len(self.code_ids),) or self.intercept.shape != (len(self.code_ids),):
            raise ValueError("a calibration needs one slope and one intercept for each code")


def _no_rows() -> NDArray[np.bool_]:
    import numpy as np

    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Scores of N sentences and which codes apply.

    Attributes:
        code_ids: length C, codebook order: initial categories, dimensions, paths.
        scores: shape (N, C), float32, rounded to 4 decimals.
        applies: shape (N, C), bool.
        is_empty: shape (N,), True where there was no usable text (scores are NaN there).
        is_truncated: shape (N,), True where the sentence was longer than the model reads.
        is_undecided: shape (N, C), True where neither answer keeps the risk; None without a risk.
    """

    code_ids: tuple[str, ...]
    scores: NDArray[np.float32]
    applies: NDArray[np.bool_]
    is_empty: NDArray[np.bool_]
    is_truncated: NDArray[np.bool_] = field(default_factory=_no_rows)
    is_undecided: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class CodeCut:
    """Between which scores a code is left undecided.

    Attributes:
        refuse_below: the code does not apply where the score is below.
        apply_from: it applies where the score is at least this; None where no score is enough.
        refused_by, applied_by: what keeps the promise of each.
        n_positives: calibration sentences that carry the code.
        n_missing_to_refuse: how many more that carry it the code's own cut needs; 0 where it has one.
        n_missing_to_apply: the same, an estimate; None where more are not known to help, as sentences that
            carry the code do not score surely above others.
    """

    code_id: str
    refuse_below: float
    apply_from: float | None
    refused_by: CutBasis
    applied_by: CutBasis
    n_positives: int
    n_missing_to_refuse: int
    n_missing_to_apply: int | None


@dataclass(frozen=True, slots=True)
class Abstention:
    """The risk a user accepts, and the cuts that keep it.

    Attributes:
        risk: highest share of a code's sentences that may be refused it, and of those given it that may be
            false.
        n_sentences, n_documents: of the calibration.
        calibration_sha256: of the file of calibration scores, hexadecimal.
        cuts: one a code, in codebook order.
    """

    risk: float
    n_sentences: int
    n_documents: int
    calibration_sha256: str
    cuts: tuple[CodeCut, ...]

    @classmethod
    def from_fields(cls, content: Mapping[str, Any] | None) -> Abstention | None:
        """What `dataclasses.asdict` turned into plain values; None where there was none."""
        if content is None:
            return None
        return cls(**{**content, "cuts": tuple(CodeCut(**cut) for cut in content["cuts"])})


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many rows one code applies to."""

    level: Level
    code_id: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """What the rows of an output are; coded, uncoded, abstained and empty ones are all of them."""

    n_rows: int
    n_coded: int
    n_uncoded: int
    n_empty: int
    n_truncated: int  # longer than the model reads
    codes: tuple[CodeCount, ...]
    n_abstained: int = 0  # with an undecided code or more
    undecided: tuple[CodeCount, ...] = ()  # rows in which each code was left undecided, where some could be

    @classmethod
    def from_fields(cls, content: Mapping[str, Any]) -> LabelCounts:
        """The counts that `dataclasses.asdict` turned into plain values, as manifests hold them."""
        counts = {
            name: tuple(CodeCount(**code) for code in content.get(name, ()))
            for name in ("codes", "undecided")
        }
        return cls(**{**content, **counts})
