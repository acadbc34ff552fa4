"""MethodChoice -> lines for a terminal, and the part of a model card, in English and Chinese."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy_nlp.evaluation.method_choice import MethodChoice, MethodTrial, strongest_rival
from policy_nlp.reports.evaluation_table import TextTable, markdown_table
from policy_nlp.reports.measure_texts import NOT_AVAILABLE
from policy_nlp.settings.few_shot import METHODS, Method


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """One language; fields are templates of `str.format`."""

    title: str
    header: tuple[str, ...]
    methods: Mapping[Method, str]
    compared: str
    asked: str
    only: str
    better: str
    as_good: str
    optimism: str
    counts: str
    measured: str
    reproduced: str
    taken: str
    left_out: str
    groups: Mapping[str, str]


ENGLISH = ChoiceWords(
    title="Choice of the method",
    header=("method", "micro-F1, mean", "deviation of folds", "seconds", ""),
    methods={
        "baseline": "baseline: TF-IDF + linear SVM",
        "frozen": "frozen: base encoder as it is + logistic regressions",
        "setfit": "setfit: contrastive training (Tunstall et al. 2022) + logistic regressions",
        "encoder": "encoder: full fine-tuning",
    },
    compared="Cross-validation over {n_folds} folds of {resampled}s, {n_sentences:,} sentences, all codes "
    "together; calibration and thresholds of each fold come from the others.",
    asked="The configuration names the method: `{chosen}`.",
    only="`{chosen}` was taken: no other method was tried.",
    better="`{chosen}` was taken: its micro-F1 is {gain:.3f} above that of `{other}`, the best of the "
    "others, standard error {error:.3f} (Nadeau, Bengio 2003).",
    as_good="`{chosen}` was taken: `{other}`, the best of the others, differs by {gain:.3f}, standard "
    "error {error:.3f} (Nadeau, Bengio 2003); of methods that do not clearly differ the cheaper is taken.",
    optimism="The numbers of the chosen method are slightly kind: the choice was made on these folds.",
    counts="Trained on {n_train:,} coded sentences, all there are. Calibration and thresholds were fitted on "
    "scores that models trained without the sentence's fold gave the same sentences.",
    measured="{n_units:,} sentences of {n_documents:,} documents ({gold}), each decided by a model that was "
    "trained without its fold, with calibration and thresholds of the other half: the model in this folder "
    "was trained on all of them and is likely a little better. In brackets: {confidence:.0%} percentile "
    "bootstrap intervals over {resampled}s, {n_draws:,} draws, seed {seed}.",
    reproduced="Every number above: `policy-nlp train {config}` (seed {seed}, base `{base}`, policy-nlp "
    "{version}; sha256 of the gold {sha256}). The whole configuration is in `training.toml`, hashes, "
    "versions and the folds' numbers in `manifest.json`. sha256 of what decides the codes: {digest}.",
    taken="taken",
    left_out="not tried: it would take about {needed:.1f} minutes, more than is left of "
    "[few_shot] minutes = {minutes:g}; raise it, or give kind = {method}",
    groups={"document": "document", "sentence": "sentence"},
)

CHINESE = ChoiceWords(
    title="方法的选择",
    header=("方法", "微平均 F1 均值", "各折标准差", "秒", ""),
    methods={
        "baseline": "baseline：TF-IDF + 线性 SVM",
        "frozen": "frozen：基础编码器不动 + 逻辑回归",
        "setfit": "setfit：对比训练（Tunstall 等 2022）+ 逻辑回归",
        "encoder": "encoder：全部微调",
    },
    compared="以{resampled}为单位的 {n_folds} 折交叉验证，{n_sentences:,} 句，全部编码合计；"
    "每一折的校准与阈值取自其余各折。",
    asked="方法由配置指定：`{chosen}`。",
    only="选用 `{chosen}`：没有试其他方法。",
    better="选用 `{chosen}`：其微平均 F1 比其余方法中最好的 `{other}` 高 {gain:.3f}，"
    "标准误 {error:.3f}（Nadeau、Bengio 2003）。",
    as_good="选用 `{chosen}`：其余方法中最好的 `{other}` 与它相差 {gain:.3f}，"
    "标准误 {error:.3f}（Nadeau、Bengio 2003）；没有明显差别时取较省的方法。",
    optimism="所选方法的数字略偏乐观，因为选择就是在这些折上作出的。",
    counts="用全部 {n_train:,} 句已编码的句子训练。校准与阈值在同样这些句子上拟合，"
    "所用分数来自训练时不含该句所在折的模型。",
    measured="{n_documents:,} 份文件、{n_units:,} 句（{gold}），每句由训练时不含其所在折的模型判断，"
    "校准与阈值取自另一半；本文件夹中的模型用全部句子训练，可能略好。方括号内为 {confidence:.0%} 百分位 "
    "bootstrap 区间（以{resampled}为单位重抽样 {n_draws:,} 次，随机种子 {seed}）。",
    reproduced="以上数字：`policy-nlp train {config}`（随机种子 {seed}，基础模型 `{base}`，"
    "policy-nlp {version}；金标准 sha256 {sha256}）。完整配置见 `training.toml`，"
    "校验和、版本与各折数字见 `manifest.json`。决定编码的文件的 sha256：{digest}。",
    taken="选用",
    left_out="没有试：约需 {needed:.1f} 分钟，超过 [few_shot] minutes = {minutes:g} 的余量；"
    "可以调高，或写 kind = {method}",
    groups={"document": "文件", "sentence": "句子"},
)
CHOICE_WORDS: Mapping[str, ChoiceWords] = {"en": ENGLISH, "zh": CHINESE}


def choice_lines(choice: MethodChoice) -> list[str]:
    """What was compared, each method's numbers, and which was taken and why, for a terminal."""
    words = ENGLISH
    lines = [_compared(choice, words)]
    for trial in choice.trials:
        mean, deviation, seconds, note = _cells(trial, choice, words)
        found = [f"{mean} (deviation of folds {deviation}, {seconds} s)"] if trial.fold_f1 else []
        lines.append(f"  {trial.method:<9} {'; '.join([*found, *([note] if note else [])])}")
    return [*lines, *(line.replace("`", "") for line in _reasons(choice, words))]


def choice_table(choice: MethodChoice, words: ChoiceWords) -> TextTable:
    """A row for each method."""
    rows = tuple((words.methods[trial.method], *_cells(trial, choice, words)) for trial in choice.trials)
    return TextTable(words.title, words.header, rows)


def iter_choice_parts(choice: MethodChoice, language: str) -> Iterator[str]:
    """The part of a card on the choice: heading, what was compared, table, reason."""
    words = CHOICE_WORDS[language]
    yield f"## {words.title}"
    yield _compared(choice, words)
    yield markdown_table(choice_table(choice, words)).partition("\n\n")[2]
    yield "\n\n".join(_reasons(choice, words))


def _compared(choice: MethodChoice, words: ChoiceWords) -> str:
    return words.compared.format(
        n_folds=choice.n_folds, resampled=words.groups[choice.resampled], n_sentences=choice.n_sentences
    )


def _cells(trial: MethodTrial, choice: MethodChoice, words: ChoiceWords) -> tuple[str, str, str, str]:
    note = words.taken if trial.method == choice.chosen else ""
    if not trial.fold_f1:
        note = words.left_out.format(needed=trial.seconds / 60, minutes=choice.minutes, method=trial.method)
    return _number(trial.mean), _number(trial.deviation), f"{trial.seconds:.0f}", note


def _number(value: float) -> str:
    return NOT_AVAILABLE if math.isnan(value) else f"{value:.3f}"


def _reasons(choice: MethodChoice, words: ChoiceWords) -> list[str]:
    if choice.is_asked:
        return [words.asked.format(chosen=choice.chosen)]
    rival = strongest_rival(choice)
    if rival is None or math.isnan(rival.gain):
        return [words.only.format(chosen=choice.chosen)]
    is_dearer = METHODS.index(rival.other.method) < METHODS.index(choice.chosen)
    template = words.better if is_dearer or rival.is_clear else words.as_good
    gain = rival.gain if template is words.better else abs(rival.gain)
    reason = template.format(chosen=choice.chosen, other=rival.other.method, gain=gain, error=rival.error)
    return [reason, words.optimism]
