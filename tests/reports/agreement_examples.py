"""A small agreement report made by hand: two people and a model, hostile texts, undefined measures."""

from __future__ import annotations

import math

import numpy as np

from policy_nlp.agreement.intervals import Bootstrap, Measure
from policy_nlp.agreement.report import (
    AgreementReport,
    CodeAgreement,
    CoderSummary,
    Coefficient,
    Disagreement,
    DisagreementMatrix,
    HumanModelLevel,
    LeftOutLevel,
    LevelAgreement,
    PairAgreement,
    PairCounts,
    Replacement,
)
from policy_nlp.agreement.result import AgreementInput, AgreementSource, AgreeResult
from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.records import CodedUnit, Coder, Level

CODEBOOK: Codebook = load_codebook(shipped_codebook_path())
HOSTILE = '龙头|企业<script>alert(1)</script>牵头 50%_$a$ & #1 {组建} \\newpage "引" [x](y) ^~ `z` --\x0b。'
NO_VARIANCE = Measure(math.nan, reason="no variance: nobody used the code")
COEFFICIENTS = ("percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1")


def measure(value: float) -> Measure:
    return Measure(value, value - 0.1, value + 0.05)


def pair(first: str, second: str) -> PairAgreement:
    values = [measure(0.5 + step / 100) for step in range(8)]
    return PairAgreement(first, second, 6, *values)


def code(code_id: str, n_applied: tuple[int, ...]) -> CodeAgreement:
    value = measure(0.4) if any(n_applied) else NO_VARIANCE
    used = any(n_applied)
    return CodeAgreement(
        code_id=code_id,
        name_zh=CODEBOOK.find(code_id).name_zh,
        n_units=6,
        n_applied=n_applied,
        n_coded=(6,) * len(n_applied),
        counts=PairCounts(int(used), int(used), 2 * int(used), 6 - 4 * int(used))
        if len(n_applied) == 2
        else None,
        precision=value,
        recall=value,
        positive_agreement=value,
        percent_agreement=measure(0.9),
        kappa=measure(0.3) if used else NO_VARIANCE,
        alpha=value,
        ac1=measure(0.85) if used else NO_VARIANCE,
        alpha_analytic=value,
        ac1_analytic=value,
    )


def level(name: Level, n_coders: int) -> LevelAgreement:
    code_ids = CODEBOOK.ids(name)
    counts = np.zeros((len(code_ids) + 1, len(code_ids) + 1), dtype=np.int_)
    counts[0, 1] = counts[1, 0] = 4
    counts[0, 0] = 9
    counts[-1, 2] = counts[2, -1] = 1
    coder_ids = ("甲", "乙", "tiny")[:n_coders]
    return LevelAgreement(
        level=name,
        n_units=6,
        n_groups=3,
        n_units_by_coders=(0, 0, 6) if n_coders == 2 else (0, 0, 0, 6),
        n_units_empty=2,
        micro_f1=measure(0.61),
        macro_f1=measure(0.55),
        exact_match=measure(0.7),
        alpha_jaccard=measure(0.72),
        alpha_masi=measure(0.68),
        alpha_jaccard_coded=measure(0.5),
        alpha_masi_coded=Measure(0.48, reason="no interval: there is one document only"),
        alpha_hierarchy=Measure(math.nan, reason="the codes have no parents"),
        coefficients=tuple(
            Coefficient(item, measure(0.8), measure(0.7), measure(0.6), measure(0.6), 0.04)
            for item in COEFFICIENTS
        ),
        per_code=tuple(
            code(code_id, (2, 3, 1)[:n_coders] if place < 3 else (0, 0, 0)[:n_coders])
            for place, code_id in enumerate(code_ids)
        ),
        pairs=tuple(pair(a, b) for i, a in enumerate(coder_ids) for b in coder_ids[i + 1 :]),
        matrix=DisagreementMatrix((*code_ids, "none"), counts),
        n_sets=4,
    )


def human_model(name: Level) -> HumanModelLevel:
    replacement = Replacement("甲", 6, measure(0.7), measure(0.6), measure(-0.1), measure(0.02))
    return HumanModelLevel(
        name, "tiny", 6, measure(0.7), measure(0.6), (pair("甲", "tiny"), pair("乙", "tiny")),
        (pair("甲", "乙"),), (replacement, replacement),
    )  # fmt: skip


def result(n_coders: int = 3) -> AgreeResult:
    """Two people, and the model `tiny` where there are three coders."""
    coders = (Coder("甲", source="a.jsonl"), Coder("乙", source="b.jsonl"), Coder("tiny", is_model=True))
    units = tuple(
        CodedUnit("u1", HOSTILE, codes, (), None, "doc-1", coder.coder_id)
        for coder, codes in zip(coders, (("government_support",), (), ("market_competition",)), strict=True)
    )
    report = AgreementReport(
        coders=tuple(CoderSummary(coder, 6, 3, ()) for coder in coders[:n_coders]),
        n_units=8,
        n_units_shared=6,
        n_documents=3,
        bootstrap=Bootstrap(100, 7),
        resampled="documents",
        levels=tuple(level(name, n_coders) for name in ("initial", "main", "dimensions")),
        left_out=(LeftOutLevel("paths", "fewer than two coders coded it"),),
        disagreements=(Disagreement(("initial",), units[:n_coders], 1.5),),
        human_model=(human_model("initial"), human_model("main")) if n_coders == 3 else (),
        notes=("one unit has two texts",),
    )
    source = AgreementSource(
        inputs=(AgreementInput("a.jsonl", "0" * 64, ("甲",)), AgreementInput("b.jsonl", "1" * 64, ("乙",))),
        codebook_name=CODEBOOK.name,
        codebook_sha256=CODEBOOK.digest,
        unit="sentence",
        seen="coded-documents",
        model_signature="abc:fp32:0.1" if n_coders == 3 else None,
        version="0.1",
        date="2026-01-02T03:04:05+00:00",
    )
    return AgreeResult(report, CODEBOOK, source)
