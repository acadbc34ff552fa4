"""Reasons of undefined measures -> Chinese; what is not known here stays in English."""

from __future__ import annotations

import re

# Pattern of the English reason -> the Chinese one; groups are filled in.
_REASONS: tuple[tuple[str, str], ...] = (
    (r"no interval: the bootstrap was switched off", "没有区间：未做 bootstrap"),
    (r"no interval: there is one document only", "没有区间：只有一份文件，无法重抽样"),
    (
        r"no interval: there is one document \(or unit\) only",
        "没有区间：只有一份文件（或一个单位），无法重抽样",
    ),
    (
        r"no interval: undefined in (\d+) of (\d+) bootstrap draws",
        r"没有区间：\2 次 bootstrap 中有 \1 次无法计算",
    ),
    (r"no interval: every bootstrap draw gives the same value", "没有区间：每次 bootstrap 得到同一数值"),
    (
        r"no variance: the coders use one and the same value \(one code, or gap\) everywhere",
        "没有变异：各编码者处处取同一值（同一编码，或都空白）",
    ),
    (
        r"no variance: all text is coded by every coder, or none is",
        "没有变异：全部文本人人都编码，或都未编码",
    ),
    (
        r"too little text is coded by two coders, or only one code is used on it",
        "两人都编码的文本太少，或其中只用了一个编码",
    ),
    (
        r"too little text with the code is coded by another coder, or no other code is used on it",
        "用该编码的文本另一人很少编码，或其中没有别的编码",
    ),
    (
        r"no variance: the coders agree that the code applies to no character, or to every one",
        "没有变异：各编码者都认为该编码不适用于任何字符，或适用于全部字符",
    ),
    (r"no coder used the code", "无人使用该编码"),
    (r"no coder used a code of this level", "无人使用该层级的编码"),
    (r"no variance: one code is all that was used", "没有变异：全部只用了一个编码"),
    (
        r"no variance: all coders agree that the code applies to no unit, or to every unit",
        "没有变异：各编码者都认为该编码不适用于任何单位，或适用于全部单位",
    ),
    (
        r"no variance: for no code of this level do the coders ever say both yes and no",
        "没有变异：该层级没有一个编码既有“是”又有“否”",
    ),
    (
        r"no variance: every coder gave no code at all, or every code, to every unit",
        "没有变异：各编码者对每个单位都未给任何编码，或给了全部编码",
    ),
    (
        r"no variance: every unit has the same set of codes with every coder",
        "没有变异：全部单位在各编码者处都是同一组编码",
    ),
    (
        r"no variance: units that some coder gave a code are too few or all have the same set",
        "没有变异：有人给码的单位太少，或都是同一组编码",
    ),
    (r"the codes of this level have no parents", "该层级的编码没有上级"),
    (
        r"the two coders share no unit that both coded at this level",
        "两位编码者没有都编码过该层级的单位",
    ),
    (
        r"precision and recall are of one coder against another: there are more than two",
        "精确率与召回率只对两位编码者有意义，此处多于两位",
    ),
    (
        r"no interval: every unit contributes the same, so the sample shows no variation",
        "没有区间：每个单位的贡献相同，样本看不出变异",
    ),
    (r"the second coder never used the code", "第二位编码者从未使用该编码"),
    (r"the first coder never used the code", "第一位编码者从未使用该编码"),
    (r"no interval: there is one unit only", "没有区间：只有一个单位"),
    (r"one document only: how documents differ cannot be told", "只有一份文件，看不出文件之间的差别"),
    (r"agreement among people needs two people or more", "人与人的一致性至少需要两位编码者"),
    (r"no unit was coded by the model and by two people", "没有模型与两位编码者都编码的单位"),
    (
        r"no unit was coded by this person, by another person and by the model",
        "没有此人、另一人与模型都编码的单位",
    ),
    (r"no file was given to both coders", "没有两人都分到的文件"),
    (r"no code was used in a document that both were given", "两人都分到的文件中没有用过任何编码"),
    (r"the documents hold no character", "文件中没有字符"),
    (r"undefined for every code of the level", "该层级每个编码都无法计算"),
    (
        r"coder '(.+)' gave code '(.+)' and another to the character at (\d+) of a document; .*",
        r"编码者 \1 在某文件第 \3 字处同时给了 \2 和另一编码；此 α 要求同一字符上的编码互斥",
    ),
    (r"neither coder used the code in any file", "两人在任何文件中都未使用该编码"),
    (r"neither coder coded a segment", "两人都没有编码任何片段"),
    (r"one code only: chance agreement would be 1", "只有一个编码：偶然一致率为 1"),
    (r"there is one semantic domain only", "只有一个语义域"),
    (r"a coder gave two codes of the domain to the same text", "某编码者对同一文本给了该域的两个编码"),
    (r"a coder gave codes of two domains to the same text", "某编码者对同一文本给了两个域的编码"),
    (
        r"no coder used the code, or every coder's span is all of the text",
        "无人使用该编码，或各人的片段都是全文",
    ),
    (r"no sentence of this group was coded", "该组没有可编码的句子"),
    (
        r"no interval: the only document of the group has fewer than (\d+) sentences",
        r"没有区间：该组唯一的文件不足 \1 句",
    ),
    (r"no interval: the group has one document only", "没有区间：该组只有一份文件"),
    (r"the code is in no sentence, or in all", "没有句子（或全部句子）有该编码"),
    (
        r"(\d+) gold sentences are in this group; (\d+) or more are needed",
        r"该组有 \1 句金标准，至少需要 \2 句",
    ),
    (
        r"person or model gave the code to (\d+) of the gold sentences; (\d+) or more are needed",
        r"金标准句中人或模型给出该编码的有 \1 句，至少需要 \2 句",
    ),
    (
        r"the gold sentences are of one document \(or one passage\) only",
        "金标准句只来自一份文件（或一个段落）",
    ),
    (r"the gold does not code this level", "金标准未编码该层级"),
    (r"the code was never predicted", "模型从未给出该编码"),
    (r"the code is not in the gold codings", "金标准中没有该编码"),
    (r"the code is in neither the gold nor the predicted codings", "金标准与模型都没有用过该编码"),
    (
        r"no code of this level is in the gold or the predicted codings",
        "金标准与模型都没有用过该层级的编码",
    ),
    (
        r"no variance: gold and predicted agree that the code applies to no unit, or to every unit",
        "没有变异：金标准与模型都认为该编码不适用于任何单位，或适用于全部单位",
    ),
    (
        r"no variance: every unit has the same set of codes in gold and predicted",
        "没有变异：每个单位在金标准与模型中都是同一组编码",
    ),
    (
        r"main categories are derived from initial ones and have no score",
        "主范畴由初始范畴推出，没有分数",
    ),
    (r"no interval: resampling biases the calibration error upwards", "没有区间：重抽样会高估校准误差"),
    (r"fewer than (\d+) gold codings", r"金标准编码不足 \1 个"),
    (r"no interval: fewer than (\d+) documents", r"没有区间：不足 \1 份文件"),
    (r"no score is in this bin", "该区间没有分数"),
    (r"no sentence says its .+", "金标准没有说明"),
)


def reason_in_chinese(reason: str) -> str:
    """The reason in Chinese, or as it is.

    >>> reason_in_chinese("no interval: undefined in 600 of 1000 bootstrap draws")
    '没有区间：1000 次 bootstrap 中有 600 次无法计算'
    """
    matches = ((re.fullmatch(pattern, reason), words) for pattern, words in _REASONS)
    return next((match.expand(words) for match, words in matches if match), reason)
