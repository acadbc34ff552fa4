"""The methods paragraph of an agreement report, in Chinese and in English.

States what reviewers ask for (O'Connor & Joffe 2020, "Intercoder Reliability in Qualitative Research"); what
the data cannot show stands in brackets for the author.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import AgreementReport, CodeAgreement, HumanModelLevel, LevelAgreement
from policy_nlp.agreement.result import AgreeResult
from policy_nlp.codebook import CODE_LEVELS, RECONSTRUCTED, Codebook
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.measure_texts import show_measure


def methods_in_chinese(result: AgreeResult) -> str:
    """One paragraph: who coded what, how agreement was measured, what it is."""
    report = result.report
    parts = [
        f"{_coders_zh(report)}对 {report.n_units:,} 个单位（句子）编码，"
        f"其中 {report.n_units_shared:,} 个（{share_of_shared(report)}）由两位或更多编码者编码"
        + (f"，来自 {report.n_documents:,} 份文件" if report.n_documents else "")
        + "。【待作者填写：句子是否在编码前已切分；重复编码单位的抽取方式；编码者是否独立编码及其训练】",
        _codebook_zh(result.codebook),
        "一致性以 Krippendorff α 为主：以整组编码为值，分别用 Jaccard 与 MASI 距离（Passonneau 2006），"
        "两个空集的距离为 0；每个编码另作是/否判断，报告百分比一致、Cohen κ（各对平均）、Krippendorff "
        "α（名义）、"
        "Gwet AC1 与正向一致；各编码者使用每个编码的次数见逐码表。",
        "“未分给该编码者”按缺失处理，“看过而无编码适用”按空集处理；α、AC1 与百分比一致"
        "（期望一致也是）用至少两人编码的单位，κ 用该对编码者都编码的单位。",
        _intervals_zh(report),
        *(_level_zh(level) for level in report.levels),
        *(_human_model_zh(part) for part in report.human_model),
        _undefined_zh(report.levels),
        *(f"{LEVEL_NAMES[part.level]}未作比较。" for part in report.left_out),
        "分歧矩阵与全部编码不同的句子见附表。【待作者填写：分歧如何解决】"
        f"计算用 policy-nlp {result.source.version}。",
    ]
    return "".join(part for part in parts if part)


def methods_in_english(result: AgreeResult) -> str:
    """The same paragraph in English."""
    report = result.report
    parts = [
        f"{_coders_en(report)} coded {report.n_units:,} units (sentences), of which "
        f"{report.n_units_shared:,} ({share_of_shared(report)}) were coded by two coders or more"
        + (f", from {report.n_documents:,} documents" if report.n_documents else "")
        + ". [AUTHOR TO STATE: whether sentences were segmented before coding; how "
        "multiply coded units were sampled; whether coders worked independently, "
        "and their training.]",
        _codebook_en(result.codebook),
        "Agreement is reported as Krippendorff's alpha over sets of codes with Jaccard and with MASI "
        "distance "
        "(Passonneau 2006), two empty sets being at distance 0. For each code, taken as a yes/no "
        "decision, we "
        "report percent agreement, Cohen's kappa (mean of the pairs of coders), Krippendorff's alpha "
        "(nominal), Gwet's AC1 and positive agreement, with each coder's counts.",
        "Units not given to a coder are missing; units seen without an applicable code are empty sets. "
        "Alpha, AC1 (its expected agreement too) and percent agreement use units that two coders or more "
        "coded; kappa uses the units that both coders of a pair coded.",
        _intervals_en(report),
        *(_level_en(level) for level in report.levels),
        *(_human_model_en(part) for part in report.human_model),
        _undefined_en(report.levels),
        *(f"The level {part.level} was not compared." for part in report.left_out),
        "The disagreement matrix and every unit coded differently are given in the appendix. [AUTHOR TO "
        f"STATE: how conflicts were resolved.] Computed with policy-nlp {result.source.version}.",
    ]
    return " ".join(part for part in parts if part)


def _coders_zh(report: AgreementReport) -> str:
    people = [s.coder.coder_id for s in report.coders if not s.coder.is_model]
    models = [s.coder.coder_id for s in report.coders if s.coder.is_model]
    parts = [f"{len(people)} 位编码者（{'、'.join(people)}）"] if people else []
    parts += [f"{len(models)} 个模型（{'、'.join(models)}）"] if models else []
    return "与 ".join(parts)


def _coders_en(report: AgreementReport) -> str:
    people = [s.coder.coder_id for s in report.coders if not s.coder.is_model]
    models = [s.coder.coder_id for s in report.coders if s.coder.is_model]
    parts = [f"{_number(len(people), 'human coder')} ({', '.join(people)})"] if people else []
    parts += [f"{_number(len(models), 'model')} ({', '.join(models)})"] if models else []
    return " and ".join(parts)


def _number(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def share_of_shared(report: AgreementReport) -> str:
    """The share of the units that two coders or more coded, as a percentage."""
    return f"{report.n_units_shared / report.n_units:.1%}" if report.n_units else "0%"


def _codebook_zh(codebook: Codebook) -> str:
    counts = "、".join(
        f"{LEVEL_NAMES[level]} {len(codebook.codes(level))} 个"
        for level in LEVEL_NAMES
        if codebook.codes(level)
    )
    n_ours = _n_reconstructed(codebook)
    ours = f"（其中 {n_ours} 个名称为重建，并非原研究的编码表）" if n_ours else ""
    return (
        f"编码手册为《{codebook.name}》：{counts}{ours}；主范畴由初始范畴推得，每句在每一主范畴至多计一次。"
    )


def _codebook_en(codebook: Codebook) -> str:
    counts = ", ".join(
        f"{len(codebook.codes(level))} {level}" for level in LEVEL_NAMES if codebook.codes(level)
    )
    n_ours = _n_reconstructed(codebook)
    ours = f" ({n_ours} of the names are a reconstruction, not the original study's table)" if n_ours else ""
    return (
        f"The codebook ({codebook.name}) has codes at these levels: {counts}{ours}; main categories "
        "follow from "
        "initial ones and count once a unit."
    )


def _n_reconstructed(codebook: Codebook) -> int:
    codes = (code for level in CODE_LEVELS for code in codebook.codes(level))
    return sum(code.evidence_status == RECONSTRUCTED for code in codes)


def _intervals_zh(report: AgreementReport) -> str:
    draws = report.bootstrap
    if not draws.n_draws:
        return "未计算区间。"
    drawn = "按文件整群" if report.resampled == "documents" else "按单位"
    return (
        f"方括号内为{drawn}重抽样的 {draws.confidence:.0%} 百分位 bootstrap 区间（{draws.n_draws:,} 次，"
        f"种子 {draws.seed}）。"
    )


def _intervals_en(report: AgreementReport) -> str:
    draws = report.bootstrap
    if not draws.n_draws:
        return "No intervals were computed."
    return (
        f"Brackets give {draws.confidence:.0%} percentile bootstrap intervals over {report.resampled} "
        f"({draws.n_draws:,} draws, seed {draws.seed})."
    )


def _level_zh(level: LevelAgreement) -> str:
    lowest, highest = _extremes(level.per_code)
    text = (
        f"{LEVEL_NAMES[level.level]}（n = {level.n_units:,}）：α（Jaccard）{_shown(level.alpha_jaccard)}，"
        f"α（MASI）{_shown(level.alpha_masi)}，F1 微平均 {_shown(level.micro_f1)}，"
        f"集合完全相同 {_shown(level.exact_match)}"
    )
    if lowest is not None and highest is not None:
        text += (
            f"；逐码 α 最低为{lowest.name_zh} {_shown(lowest.alpha)}，"
            f"最高为{highest.name_zh} {_shown(highest.alpha)}"
        )
    return f"{text}。"


def _level_en(level: LevelAgreement) -> str:
    lowest, highest = _extremes(level.per_code)
    text = (
        f"Level {level.level} (n = {level.n_units:,}): alpha (Jaccard) {_shown(level.alpha_jaccard)}, "
        "alpha (MASI) "
        f"{_shown(level.alpha_masi)}, micro F1 {_shown(level.micro_f1)}, identical sets "
        f"{_shown(level.exact_match)}"
    )
    if lowest is not None and highest is not None:
        text += (
            f"; alpha of single codes ranges from {_shown(lowest.alpha)} ({lowest.code_id}) to "
            f"{_shown(highest.alpha)} ({highest.code_id})"
        )
    return f"{text}."


def _human_model_zh(part: HumanModelLevel) -> str:
    changes = "；".join(
        f"模型替换 {item.coder_id} 时 α 变化 {_shown(item.change)}" for item in part.replacements
    )
    return (
        f"{LEVEL_NAMES[part.level]}，人与模型 {part.model_id}（同一批 {part.n_units:,} 个单位，α 用 "
        "Jaccard 距离）："
        f"编码者之间 α {_shown(part.alpha_people)}，加入模型后 {_shown(part.alpha_all)}"
        + (f"；{changes}。" if changes else "。")
    )


def _human_model_en(part: HumanModelLevel) -> str:
    changes = "; ".join(
        f"with the model in the place of {item.coder_id} alpha changes by {_shown(item.change)}"
        for item in part.replacements
    )
    return (
        f"Level {part.level}, people and model {part.model_id} (the same {part.n_units:,} units, alpha with "
        f"Jaccard distance): alpha is {_shown(part.alpha_people)} among people and "
        f"{_shown(part.alpha_all)} with "
        "the model" + (f"; {changes}." if changes else ".")
    )


def _shown(measure: Measure) -> str:
    return show_measure(measure)


def _extremes(codes: Sequence[CodeAgreement]) -> tuple[CodeAgreement | None, CodeAgreement | None]:
    """The codes of lowest and highest alpha; None where it is defined for fewer than two."""
    defined = sorted((code for code in codes if code.alpha.is_defined), key=lambda code: code.alpha.value)
    return (defined[0], defined[-1]) if len(defined) > 1 else (None, None)


def _undefined(levels: Sequence[LevelAgreement]) -> list[CodeAgreement]:
    return [code for level in levels for code in level.per_code if not code.alpha.is_defined]


def _undefined_zh(levels: Sequence[LevelAgreement]) -> str:
    codes = _undefined(levels)
    names = "、".join(code.name_zh for code in codes)
    return f"下列编码的 α 无法计算（编码者均未使用或均一致使用，没有变异）：{names}。" if codes else ""


def _undefined_en(levels: Sequence[LevelAgreement]) -> str:
    codes = _undefined(levels)
    names = ", ".join(code.code_id for code in codes)
    return f"Alpha is undefined for these codes, which do not vary: {names}." if codes else ""
