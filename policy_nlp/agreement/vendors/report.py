"""What other tools would print for the same codings, as frozen records.

Nothing here has an interval: the tools print none. A `Measure` that is undefined holds the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import PairCounts
from policy_nlp.records import Level, Span

Vendor = Literal["NVivo", "MAXQDA", "ATLAS.ti", "INCEpTION"]
NvivoUnit = Literal["characters", "sentences", "paragraphs"]


@dataclass(frozen=True, slots=True)
class DocumentUnits:
    """Where the sentences and paragraphs of a document lie; empty where they are not known."""

    document_id: str
    sentences: tuple[Span, ...] = ()
    paragraphs: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class NvivoRow:
    """One line of NVivo's coding comparison query: one code in one file.

    Attributes:
        n_characters: the file's size, by which averages are weighted.
        counts: units (characters, sentences or paragraphs) that both, one or neither of the coders coded.
        kappa: 1 where both agree everywhere, also where both coded the whole file.
    """

    code_id: str
    document_id: str
    n_characters: int
    counts: PairCounts
    percent_agreement: float
    kappa: float


@dataclass(frozen=True, slots=True)
class NvivoAverage:
    """Averages of NVivo's lines that its users work out by hand, over one code or over all.

    Attributes:
        code_id: None for all codes.
        n_rows: lines averaged.
        n_unused: of these, lines in which neither coder used the code: each adds a kappa of 1, where this
            package says n/a.
        kappa, percent_agreement: unweighted means.
        weighted_kappa, weighted_percent_agreement: means weighted by the size of the file.
        kappa_used: unweighted mean over the lines in which some coder used the code.
    """

    code_id: str | None
    n_rows: int
    n_unused: int
    kappa: Measure
    weighted_kappa: Measure
    kappa_used: Measure
    percent_agreement: Measure
    weighted_percent_agreement: Measure


@dataclass(frozen=True, slots=True)
class NvivoComparison:
    """NVivo's coding comparison of two coders on one kind of unit.

    Attributes:
        rows: by code, then file; files that both coders were given and one used the code in. NVivo prints a
            line for the others too, each of 100 % and a kappa of 1: they are many, and the same.
        averages: one a code, in codebook order, then all codes; over all of NVivo's lines.
    """

    first: str
    second: str
    unit: NvivoUnit
    rows: tuple[NvivoRow, ...]
    averages: tuple[NvivoAverage, ...]


@dataclass(frozen=True, slots=True)
class MaxqdaCode:
    """One line of MAXQDA's tables by code.

    Attributes:
        n_present_agree, n_frequency_agree: documents in which both coders used the code or neither did; in
            which both used it equally often.
        n_segments: coded segments of both coders, each of them one test.
        n_segments_agree: of these, those with a segment of the other coder that overlaps enough.
    """

    code_id: str
    n_documents: int
    n_present_agree: int
    n_frequency_agree: int
    n_segments: int
    n_segments_agree: int
    segment_agreement: Measure


@dataclass(frozen=True, slots=True)
class MaxqdaComparison:
    """MAXQDA's intercoder agreement of two coders: presence, frequency and segments.

    Attributes:
        min_overlap: share of the longer segment from which two agree; MAXQDA's default is 0.9.
        codes: the codes that one of the two used; their number is the k of chance.
        presence_agreement, frequency_agreement: share of (code, document) cells that agree.
        segment_agreement: share of all segments that agree.
        chance: 1 / k, after Brennan and Prediger (1981) as MAXQDA documents it.
        kappa: (segment_agreement - chance) / (1 - chance); undefined with one code.
    """

    first: str
    second: str
    min_overlap: float
    codes: tuple[MaxqdaCode, ...]
    presence_agreement: Measure
    frequency_agreement: Measure
    segment_agreement: Measure
    chance: Measure
    kappa: Measure


@dataclass(frozen=True, slots=True)
class AtlasTiCode:
    """One code, or one semantic domain taken as a code, over all characters and all coders.

    Attributes:
        percent_agreement: characters on which a pair of coders says the same, mean of the pairs.
        holsti: 2A / (N1 + N2) with A characters both coded, N those each coded; mean of the pairs.
        alpha_binary: Krippendorff's alpha of coded against not coded, all text taken into account.
    """

    code_id: str
    percent_agreement: Measure
    holsti: Measure
    alpha_binary: Measure


@dataclass(frozen=True, slots=True)
class AtlasTiDomain:
    """One semantic domain: codes that exclude each other (here the initial categories of a main one).

    Attributes:
        code_ids: the codes of the domain.
        whole: the domain taken as one code.
        cu_alpha: which code of the domain; undefined where a coder's codes overlap.
    """

    domain_id: str
    code_ids: tuple[str, ...]
    whole: AtlasTiCode
    cu_alpha: Measure


@dataclass(frozen=True, slots=True)
class AtlasTiComparison:
    """ATLAS.ti's inter-coder agreement of all coders.

    Attributes:
        between_domains: Cu-alpha (capital C), which domain; undefined with one domain or overlapping ones.
    """

    codes: tuple[AtlasTiCode, ...]
    domains: tuple[AtlasTiDomain, ...]
    between_domains: Measure


@dataclass(frozen=True, slots=True)
class InceptionComparison:
    """INCEpTION's unitising alpha of two coders: Krippendorff's alpha_U of 1995 and 2004.

    Attributes:
        joined: of all documents both were given, end to end, as older versions compute it.
        alphas: one a document of `document_ids`, as newer versions compute it.
        mean: of `alphas` where defined; ours. A short document coded from end to end can pull it far down.
    """

    first: str
    second: str
    joined: Measure
    document_ids: tuple[str, ...]
    alphas: tuple[Measure, ...]
    mean: Measure


@dataclass(frozen=True, slots=True)
class VendorLevel:
    """What the tools print at one level of codes; pairs of coders who share documents, in order."""

    level: Level
    nvivo: tuple[NvivoComparison, ...]
    maxqda: tuple[MaxqdaComparison, ...]
    atlas_ti: AtlasTiComparison
    inception: tuple[InceptionComparison, ...]


@dataclass(frozen=True, slots=True)
class VendorNote:
    """Why a tool's numbers differ from ours, and what of it is left out.

    Attributes:
        why, why_zh: one sentence.
        left_out: what the tool prints or does that its documents do not define; empty when nothing.
        sources: the documents that the formulas are from.
    """

    vendor: Vendor
    why: str
    why_zh: str
    left_out: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VendorParity:
    """The same codings as four other tools would compare them; one level each that some coder used."""

    levels: tuple[VendorLevel, ...]
    notes: tuple[VendorNote, ...]
