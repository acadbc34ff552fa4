"""The sentences of a model card in English and in Chinese; the numbers come from one set of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from policy_nlp.evaluation.report import BreakdownField
from policy_nlp.reports.reason_words import reason_in_chinese
from policy_nlp.settings.card import Judgement


@dataclass(frozen=True, slots=True)
class CardWords:
    """One language. Fields are templates of `str.format`; lists are bullets."""

    code: str
    other_card: str
    purpose: str
    use: str
    uses: tuple[str, ...]
    misuse: str
    misuses: tuple[str, ...]
    training_data: str
    not_described: str
    counts: str
    evaluation: str
    measured: str
    levels: str
    per_code: str
    confusion: str
    confusion_note: str
    calibration: str
    calibrated: str
    diagram: str
    breakdowns: str
    broken_down: str
    unknown_groups: str
    curve: str
    curve_note: str
    ablation: str
    ablation_note: str
    errors: str
    errors_note: str
    no_errors: str
    unread_errors: str
    codes: str
    reconstructed: str
    limits: str
    limit_list: tuple[str, ...]
    concepts: str
    truncation: str
    loading: str
    load_baseline: str
    load_plain: str
    load_with_package: str
    reproduce: str
    reproduced: str
    judgements: Mapping[Judgement, str]
    kinds: Mapping[str, str]
    fields: Mapping[BreakdownField, str]
    tell: Callable[[str], str]  # of a reason
    groups: Mapping[str, str] = field(default_factory=dict)


ENGLISH = CardWords(
    code="en",
    other_card="中文版：[README.zh.md](README.zh.md)，与本页出自同一组数据。",
    purpose="Reads one Chinese sentence and says which of {n_initial} initial categories, {n_dimensions} "
    "dimensions and {n_paths} paths apply: several, one or none. Main categories ({n_main}) follow from the "
    "initial ones. Scores are calibrated probabilities; a code applies when its score reaches its "
    "threshold.",
    use="Intended use",
    uses=(
        "A first coding of many texts like those it was trained on, which people check (`policy-nlp "
        "review`) "
        "before it is published.",
        "Finding the sentences of a large corpus that are worth reading for a code.",
        "Counts and shares over a corpus, reported beside the errors that this page shows.",
    ),
    misuse="What it must not be used for",
    misuses=(
        "Judging persons, organisations, provinces or governments, or ranking what they achieved: a code "
        "says "
        "what a sentence speaks of, not what was done, or how well.",
        "Replacing reading: no code of a single sentence is evidence before a person has read the sentence "
        "in "
        "its document.",
        "Decisions that touch people, such as funding, appointment, supervision or censorship.",
        "Texts unlike the training data (other languages, periods, genres) without first measuring it on "
        "gold "
        "of their own: `policy-nlp evaluate GOLD --model {name}`.",
        "Comparing groups whose texts it codes with different quality: see the breakdowns below.",
    ),
    training_data="Training data, and who coded it",
    not_described="Not described in the training configuration.",
    counts="Trained on {n_train:,} coded sentences. Calibration and thresholds were fitted on {n_developmen"
    "t:,} "
    "other sentences, which were never trained on.",
    evaluation="Evaluation",
    measured="{n_units:,} sentences of {n_documents:,} documents that were never trained on ({gold}), "
    "decided "
    "with the weights as saved. Calibration and thresholds for each half of the documents were fitted on "
    "the "
    "other half, so no sentence is judged by what was fitted on it. In brackets: {confidence:.0%} "
    "percentile "
    "bootstrap intervals over {resampled}s, {n_draws:,} draws, seed {seed}.",
    levels="By level",
    per_code="By code: {level}",
    confusion="Main categories taken for each other: gold (rows) and model (columns)",
    confusion_note="A cell counts sentences. Diagonal: both have the category (NONE: neither has one). "
    "Else the row "
    "was missed and the column given falsely (column NONE: nothing was; row NONE: nothing was missed).",
    calibration="Calibration",
    calibrated="ECE is the expected calibration error: the gap between mean score and share of sentences "
    "that "
    "truly carry the code, over 15 bins of equal mass (Naeini et al. 2015, Nixon et al. 2019) or of equal "
    "width "
    "(Guo et al. 2017), weighted by the number of scores. Most scores are near 0, where the gap is small, "
    "so the "
    "scores from 0.1 on are also shown alone (9 bins of width 0.1). The Brier score is the mean squared "
    "gap of "
    "score and outcome; below it, what giving every sentence the share of each code would get.",
    diagram="Reliability diagram: on the dashed line scores are the shares they promise; bars are "
    "intervals over "
    "documents",
    breakdowns="By kind of text",
    broken_down="Micro-F1 with its interval; in parentheses the number of gold codings. Source kind and "
    "year are "
    "those that the gold states (`source_kind`, `year`), else those in document ids such as "
    "`news_..._2023-01`.",
    unknown_groups="{n:,} sentences are in no group, as the gold does not say it.",
    curve="Learning curve",
    curve_note="Recipe: {recipe} (`policy-nlp evaluate GOLD --learning-curve CONFIG`). Micro-F1 on the "
    "same development sentences after training on growing "
    "shares of the "
    "documents "
    "({confidence:.0%} t intervals over runs). What lies beyond the last size is a guess: it assumes more "
    "labels "
    "of the same kind and quality and the same recipe. The law without a floor (Hestness et al. 2017) is "
    "the more "
    "hopeful one; with a floor: Figueroa et al. (2012).",
    ablation="What each means gave",
    ablation_note="`policy-nlp ablate CONFIG`: Means over seeds on the same development sentences; in "
    "parentheses the difference to "
    "`base`, "
    "paired by seed, with its t interval (chance of training only).",
    errors="Reading of remaining errors",
    errors_note="{n:,} wrong decisions were read{by}. {sample}",
    no_errors="No errors of this model have been read yet.",
    unread_errors="{n:,} more were drawn and not judged yet.",
    codes="Codes",
    reconstructed="**{n_initial} of the {n_all_initial} initial categories ({n} of these codes and "
    "concepts in all) "
    "are reconstructed.** The tables of the 2024 study are lost; the codebook is this project's "
    "reconstruction and "
    "must not be cited as the authors' table.",
    limits="Limits",
    limit_list=(
        "Each sentence is read alone: what stands before it is not known to the model.",
        "Gold is itself disputable: a model cannot be shown to be better than the coders agree.",
        "Rare codes rest on few examples; see their intervals, and read them by hand before publishing.",
        "Scores are calibrated on the development sentences; other texts may need a new calibration.",
    ),
    concepts="Concepts, the level below initial categories, are not predicted.",
    truncation="Sentences over {max_tokens} tokens are cut; policy-nlp counts and reports them.",
    loading="Loading",
    load_baseline="The files are plain arrays (`baseline.npz`) and `vocabulary.json`; no pickle.",
    load_plain="Or without policy-nlp (fp16 weights, no remote code):",
    load_with_package="Or in transformers, with policy-nlp installed (fp16 weights, no remote code):",
    reproduce="Reproducing this page",
    reproduced="Every number above whose command is not beside it: `policy-nlp card {folder} --gold "
    "{gold}` (sha256 of the gold "
    "{sha256}). The "
    "weights: `policy-nlp train {config}` (seed {seed}, base `{base}`, policy-nlp {version}). The whole "
    "configuration is in `training.toml`, the losses in `training_log.jsonl`, hashes and versions in "
    "`manifest.json`. sha256 of what decides the codes: {digest}.",
    judgements={
        "label_doubtful": "the label is doubtful",
        "model_wrong": "the model is wrong",
        "codebook_unclear": "the codebook is unclear",
    },
    kinds={"missed": "missed", "false": "false"},
    fields={
        "source_kind": "By source kind",
        "length": "By sentence length in characters",
        "year": "By year",
        "stratum": "By how the sentence was drawn",
    },
    tell=str,
)

CHINESE = CardWords(
    code="zh",
    other_card="English: [README.md](README.md), from the same records.",
    purpose="读入一句中文，判断 {n_initial} 个初始范畴、{n_dimensions} 个维度、{n_paths} 条路径中哪些适用："
    "可以有多个、"
    "一个或没有。主范畴（{n_main} 个）由初始范畴推出。分数是经过校准的概率；分数达到阈值即判为适用。",
    use="适用范围",
    uses=(
        "对与训练数据相近的大量文本作初步编码，发表前由人核对（`policy-nlp review`）。",
        "在大型语料中找出值得为某一编码细读的句子。",
        "统计语料中各编码的数量与比例，并同时报告本页所示的误差。",
    ),
    misuse="不得用于",
    misuses=(
        "评判个人、单位、省份或政府，或给其成效排名：编码只说明句子谈什么，不说明做了什么、做得如何。",
        "代替阅读：任何一句的编码，在有人读过原文之前都不是证据。",
        "影响个人的决定，如资助、任用、监管或审查。",
        "与训练数据不同的文本（其他语言、时期、文体），除非先用自己的金标准检验：`policy-nlp evaluate GOLD "
        "--model {name}`。",
        "比较编码质量不同的各组文本：见下文分组结果。",
    ),
    training_data="训练数据与编码者",
    not_described="训练配置中没有说明。",
    counts="用 {n_train:,} 句已编码的句子训练。校准与阈值在另外 {n_development:,} 句上拟合，这些句子从未用"
    "于训练。",
    evaluation="效果",
    measured="在从未用于训练的 {n_documents:,} 份文件、{n_units:,} 句上测得（{gold}），所用权重即保存的权重"
    "。每一半文件的"
    "校准与阈值在另一半上拟合，因此没有句子是用在它自己身上拟合的东西来评判的。方括号内为 {confidence:.0%} "
    "百分位 bootstrap 区间"
    "（以{resampled}为单位重抽样 {n_draws:,} 次，随机种子 {seed}）。",
    levels="各层级",
    per_code="各编码：{level}",
    confusion="主范畴之间的混淆：金标准（行）与模型（列）",
    confusion_note="每格为句数。对角线：两者都有该主范畴（NONE：两者都没有）。其余：漏掉行、误给列（NONE 列"
    "：没有误给；"
    "NONE 行：没有漏掉）。",
    calibration="校准",
    calibrated="ECE 为期望校准误差：平均分数与确实带有该编码的比例之差，按 15 个等量区间（Naeini 等 "
    "2015；Nixon 等 2019）或"
    "等宽区间（Guo 等 2017）计算，以分数个数加权。多数分数接近 0，差距自然小，所以另列 0.1 以上的分数（9 个"
    "宽 0.1 的区间）。"
    "Brier 分数是分数与结果之差的平方的均值；其下一行是给每一句都报各编码比例时的 Brier 分数。",
    diagram="可靠性图：虚线上分数等于其承诺的比例；竖线为以文件重抽样的区间",
    breakdowns="分组结果",
    broken_down="微平均 F1 及其区间；圆括号内为金标准编码个数。来源与年份取自金标准的 `source_kind`、`year`"
    "，"
    "否则取自 `news_..._2023-01` 一类的文件编号。",
    unknown_groups="另有 {n:,} 句，金标准没有说明，不属任何一组。",
    curve="学习曲线",
    curve_note="方法：{recipe}（`policy-nlp evaluate GOLD --learning-curve CONFIG`）。用逐渐增多的文件训练"
    "，在同样的开发集上的微平均 F1（各次训练的 {confidence:."
    "0%} t 区间）。最"
    "后一点之外都是推测："
    "前提是新增标注同类同质、方法不变。无下限的幂律（Hestness 等 2017）较为乐观；有下限的见 Figueroa "
    "等（2012）。",
    ablation="各项手段的作用",
    ablation_note="`policy-nlp ablate CONFIG`：同样的开发集上各随机种子的均值；圆括号内为与 `base` 之差（按"
    "种子配对）及其 t 区间（只反"
    "映训练的偶然性）。",
    errors="剩余错误的阅读",
    errors_note="读了 {n:,} 个错误判断{by}。{sample}",
    no_errors="尚未阅读此模型的错误。",
    unread_errors="另抽出 {n:,} 个，尚未判断。",
    codes="编码",
    reconstructed="**{n_all_initial} 个初始范畴中有 {n_initial} 个是重建的（连同概念共 {n} 个）。** 2024 年"
    "研究的原表已经找不到；"
    "本手册是本项目的重建，不得作为原作者的编码表引用。",
    limits="局限",
    limit_list=(
        "每句单独阅读：模型不知道前文。",
        "金标准本身有争议：模型的好坏不可能判得比编码者之间的一致程度更准。",
        "罕见编码的例子很少；请看其区间，发表前逐条阅读。",
        "分数在开发集上校准；别的文本可能需要重新校准。",
    ),
    concepts="不预测初始范畴之下的概念。",
    truncation="超过 {max_tokens} 个词元的句子会被截断；policy-nlp 会计数并报告。",
    loading="使用",
    load_baseline="文件是普通数组（`baseline.npz`）与 `vocabulary.json`；没有 pickle。",
    load_plain="或不用 policy-nlp（fp16 权重，不运行远程代码）：",
    load_with_package="或在装有 policy-nlp 的 transformers 中（fp16 权重，不运行远程代码）：",
    reproduce="如何复现本页",
    reproduced="以上数字（旁边注明命令的除外）：`policy-nlp card {folder} --gold {gold}`（金标准 sha256 "
    "{sha256}）。权重：`policy-nlp train "
    "{config}`（随机种子 {seed}，基础模型 `{base}`，policy-nlp {version}）。完整配置见 `training.toml`，损"
    "失见 "
    "`training_log.jsonl`，校验和与版本见 `manifest.json`。决定编码的文件的 sha256：{digest}。",
    judgements={
        "label_doubtful": "标注可疑",
        "model_wrong": "模型错误",
        "codebook_unclear": "手册不清",
    },
    kinds={"missed": "漏判", "false": "误判"},
    fields={
        "source_kind": "按来源",
        "length": "按句长（字）",
        "year": "按年份",
        "stratum": "按抽样方式",
    },
    tell=reason_in_chinese,
    groups={
        "report": "政府工作报告",
        "policy": "政策文件",
        "news": "新闻",
        "journal": "期刊",
        "proposal": "提案",
        "speech": "讲话",
        "natural": "自然抽样",
        "trigger": "触发词",
        "topic": "主题词",
        "uncertain": "模型不确定",
        "document": "文件",
        "unit": "句子",
    },
)
