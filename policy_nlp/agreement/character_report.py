"""What a comparison of codings on characters found, as frozen records.

Axes: K coders in the order of `CharacterAgreement.coder_ids`.
"""

from __future__ import annotations

from dataclasses import dataclass

from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.records import Level


@dataclass(frozen=True, slots=True)
class MatchedSpans:
    """How many spans of one code have a counterpart, for two coders.

    Two spans match when they share at least `CharacterAgreement.min_overlap` of the longer one.

    Attributes:
        first, second: coder ids.
        n_first, n_second: spans of each in the documents both were given.
        n_first_matched, n_second_matched: of these, those with a match.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    n_first_matched: int
    n_second_matched: int


@dataclass(frozen=True, slots=True)
class CharacterCode:
    """One code, coded or not on every character.

    Attributes:
        coded_shares: of each coder, share of the characters given to them that they coded; NaN where they
            were given none; shape (K,).
        n_spans: of each coder, overlapping spans merged; shape (K,).
        percent_agreement: share of pairs of coders who say the same, averaged over characters.
        kappa: Cohen's, mean of the pairs of coders in which it is defined.
        u_alpha: of the code against gaps; its chance term knows that a span is one decision, not many.
        ku_alpha: the code against other codes where two coders coded; undefined where codes overlap.
        ku_coverage: share of the code's text that another coder coded too.
        matched: one a pair of coders who share documents.
    """

    code_id: str
    name_zh: str
    coded_shares: tuple[float, ...]
    n_spans: tuple[int, ...]
    percent_agreement: Measure
    positive_agreement: Measure
    kappa: Measure
    alpha: Measure
    ac1: Measure
    u_alpha: Measure
    ku_alpha: Measure
    ku_coverage: Measure
    matched: tuple[MatchedSpans, ...]


@dataclass(frozen=True, slots=True)
class CharacterLevel:
    """One level of codes on the characters of documents that two coders or more were given.

    Attributes:
        coded_shares: of each coder, share of the characters given to them with any code of the level.
        mean_kappa, mean_alpha, mean_u_alpha: unweighted means over the codes in which they are defined.
        u_alpha: of all codes and gaps together; undefined where a coder's codes overlap.
        bar_u_alpha: coded with any code of the level against gaps; spans of different codes that overlap
            count as one.
        cu_alpha: which code, on the text that two coders coded; undefined where codes overlap.
        cu_coverage: share of the text that `cu_alpha` is of.
        per_code: in codebook order.
    """

    level: Level
    coded_shares: tuple[float, ...]
    mean_kappa: Measure
    mean_alpha: Measure
    mean_u_alpha: Measure
    u_alpha: Measure
    bar_u_alpha: Measure
    cu_alpha: Measure
    cu_coverage: Measure
    per_code: tuple[CharacterCode, ...]


@dataclass(frozen=True, slots=True)
class CharacterAgreement:
    """Agreement on characters: where coders marked text, not only which sentences.

    Characters stand in runs that one decision coded, so they are far from independent: their number says
    nothing of how sure a measure is. Intervals therefore draw whole documents (all parts of one together),
    and there are none with one document; no standard error by characters is given.

    Attributes:
        coder_ids: K of them.
        n_documents: documents, or parts of them, that two coders or more were given: the ones compared.
        n_groups: distinct documents that these are, or are parts of: what the intervals draw from.
        n_unused: documents that fewer were given.
        n_characters: of the documents compared.
        min_overlap: share of the longer span from which two spans match.
        levels: the levels in which some coder used a code.
        notes: what was left out.
    """

    coder_ids: tuple[str, ...]
    n_documents: int
    n_groups: int
    n_unused: int
    n_characters: int
    min_overlap: float
    bootstrap: Bootstrap
    levels: tuple[CharacterLevel, ...]
    notes: tuple[str, ...] = ()
