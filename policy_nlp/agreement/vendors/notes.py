"""Why the numbers of four other tools differ from ours, and what of them cannot be had."""

from __future__ import annotations

from policy_nlp.agreement.vendors.report import VendorNote

NOTES = (
    VendorNote(
        vendor="NVivo",
        why="NVivo computes Cohen's kappa for one code in one file, prints 1 where neither coder used the "
        "code, and leaves averaging to the user, so that averages rise with the files without any coding.",
        why_zh="NVivo 按“一个代码、一个文件”逐一计算 Cohen's kappa，双方都未使用该代码时也记为 1，"
        "平均由用户自行计算，因此没有编码的文件越多，平均值越高。",
        left_out="How NVivo cuts sentences and paragraphs is not documented: ours are used.",
        sources=(
            "NVivo help 9 to 12, Coding Comparison query",
            "Kim et al. (2016), Correcting Biased Cohen's Kappa in NVivo (on kappa by characters)",
        ),
    ),
    VendorNote(
        vendor="MAXQDA",
        why="MAXQDA tests coded segments only, so that text which both left uncoded is no agreement, and "
        "its kappa takes chance as 1 / number of codes, whatever share of the text each code has.",
        why_zh="MAXQDA 只检验被编码的片段，双方都未编码的文本不算一致；其 kappa 以 1/代码数作为偶然一致率，"
        "与各代码在文本中所占比例无关。",
        left_out="Of which segment the overlap is a share is not documented: the longer one is taken. How "
        "chance is set where segments carry several codes is not documented: 1 / number of codes is kept.",
        sources=(
            "MAXQDA help 12, 18, 22 and 24, Intercoder Agreement",
            "Brennan and Prediger (1981)",
        ),
    ),
    VendorNote(
        vendor="ATLAS.ti",
        why="ATLAS.ti weighs text by its length, so that one long quotation counts more than many short "
        "ones, where our sentence-level alpha counts every sentence once; cu-alpha leaves out uncoded text.",
        why_zh="ATLAS.ti 按文本长度加权，一段长引文的分量可超过许多短引文，"
        "而我们的句子级 alpha 每句只计一次；cu-alpha 不计未编码的文本。",
        left_out="Whether percent agreement and Holsti are over characters or quotations is not documented: "
        "characters are taken. Its rule for text in two domains is not documented: Cu-alpha is n/a there.",
        sources=(
            "ATLAS.ti manuals 8 and 9, Methods for Testing ICA",
            "Krippendorff, Mathet, Bouvry and Widlöcher (2016)",
        ),
    ),
    VendorNote(
        vendor="INCEpTION",
        why="INCEpTION compares where spans begin and end by squared distances (alpha_U of 1995 and 2004), "
        "so that a border moved by some characters lowers it, where the sentence stays coded all the same.",
        why_zh="INCEpTION 以片段起止位置的平方距离计算不一致（1995、2004 年的 alpha_U），"
        "边界移动几个字也会降低数值，而句子级比较只看该句是否被编码。",
        left_out="Older versions lay documents end to end, newer ones take each alone and do not say how "
        "they sum up: the mean is ours. Of overlapping spans with one code INCEpTION keeps the first; here "
        "they are merged.",
        sources=(
            "INCEpTION's measure krippendorffalphaunitizing, which calls DKPro Statistics",
            "Krippendorff (2004), Content Analysis, 2nd edition",
        ),
    ),
)
