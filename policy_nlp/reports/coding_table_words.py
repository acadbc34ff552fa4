"""The Chinese words of a coding table: names of its parts, and the notes that stand below each of them."""

from __future__ import annotations

from pathlib import PurePath
from string import digits

from policy_nlp.analysis.coding_table import InitialCategory, MainCategory
from policy_nlp.analysis.coding_table_result import CodingTableResult
from policy_nlp.analysis.concept_suggestions import LEAST_MARGIN
from policy_nlp.codebook import FROM_PAPER, RECONSTRUCTED
from policy_nlp.records import Level
from policy_nlp.reports.agreement_document import describe_names
from policy_nlp.reports.agreement_words import LEVEL_NAMES
from policy_nlp.reports.measure_texts import show_measure

TITLE = "三级编码表"
OPEN_CODING = "开放性编码"
AXIAL_CODING = "主轴编码"
SELECTIVE_CODING = "选择性编码"
SOURCES = "来源文档"
ALL_SENTENCES = "全部语句"

MAIN, INITIAL, CONCEPT = "主范畴", "初始范畴", "初始概念（建议）"
EXAMPLES, MEANING = "原始语句（代表性）", "范畴内涵"
N_SENTENCES, N_DOCUMENTS, SCORE = "频次", "文档数", "平均得分"

NO_SUGGESTION = "（未定）"
EVIDENCE_WORDS = {FROM_PAPER: "论文正文", RECONSTRUCTED: "重建"}

COUNT_NOTE = "频次为语句数；一句可有多个编码，故各行之和可大于总数。"
OPEN_COUNT_NOTE = "频次为语句数；各概念与未定者之和等于其初始范畴的频次。"
CONCEPT_NOTE = (
    "初始概念未经编码，是程序的建议：按语句与编码手册中各概念（名称、定义、触发词）的字符 TF-IDF 相似度，"
    f"只在其初始范畴之内选取；最近的两个概念相似度相差不足 {LEAST_MARGIN} 时不作建议，记为“{NO_SUGGESTION}”。"
    "用自带编码手册测得：新抽 90 条语句中给出建议 77 条，正确 82%（95% 区间 73%–90%，一人判读，2026-11-23）。"
    "须由研究者核对后方可作为开放性编码的结果。"
)
NO_CONCEPTS_NOTE = "本编码手册没有概念层级，故不列初始概念。"
SCORE_NOTE = "平均得分：有该编码的语句的模型校准概率的均值。"


def describe_labels(result: CodingTableResult) -> str:
    """How the numbers of sentences are read."""
    last = "该句在文献中的序号（含标题）" if result.coder is None else "该句在该文献被编码语句中的序号"
    letters = {
        result.corpus.documents[one.place].folder: one.label.rstrip(digits) for one in result.table.documents
    }
    named = "，".join(f"{letter}＝{PurePath(folder).name}" for folder, letter in letters.items())
    return f"语句编号如 A03-12：A 为来源文件夹或文件（{named}），03 为文献号，12 为{last}。"


def describe_coder(result: CodingTableResult) -> str:
    """Whose codings are counted, and what that means."""
    if result.coder is not None and not result.is_model:
        return f"频次与文档数按编码者“{result.coder}”的编码统计。"
    models = dict.fromkeys((one.name, one.sha256[:12]) for one in result.corpus.models)
    shown = "、".join(f"{name}（权重 sha256 {digest}…）" for name, digest in models)
    shown = shown or f"“{result.coder}”"
    return (
        f"频次与文档数按模型 {shown} 的自动编码统计，未经人工校正，带有模型的偏差；"
        "语句亦由程序选取。引用前请人工核对。"
    )


def describe_agreement(result: CodingTableResult, level: Level) -> str:
    """The agreement of one level as a note; empty where nothing was compared."""
    if result.agreement is None:
        return ""
    report = result.agreement
    found = next((one for one in report.levels if one.level == level), None)
    if found is None:
        reason = next((one.reason for one in report.left_out if one.level == level), "")
        return f"一致性：{LEVEL_NAMES[level]}层级无法比较（{reason}）。"
    who = "、".join(one.coder.coder_id for one in report.coders)
    what = "模型或编码者与金标准之间" if result.compared_with == "gold" else "编码者之间"
    drawn = "文献" if report.resampled == "documents" else "语句"
    return (
        f"一致性（{what}：{who}）：{LEVEL_NAMES[level]}层级共同编码 {found.n_units:,} 句，微平均 F1 "
        f"{show_measure(found.micro_f1)}，Krippendorff α（Jaccard）{show_measure(found.alpha_jaccard)}；"
        "κ 为 Cohen κ（各对平均），α 为 Krippendorff α（名义）；方括号内为 "
        f"{report.bootstrap.confidence:.0%} bootstrap 区间（重抽样{drawn} {report.bootstrap.n_draws:,} 次，"
        f"种子 {report.bootstrap.seed}）。"
    )


def notes_of_table(result: CodingTableResult, *own: str) -> tuple[str, ...]:
    """Notes that stand below every table, after those of its own."""
    common = (describe_coder(result), describe_names(result.corpus.codebook))
    return tuple(f"注：{note}" if not i else note for i, note in enumerate(filter(None, (*own, *common))))


def categories_of(result: CodingTableResult) -> list[tuple[MainCategory, InitialCategory]]:
    """Every initial category beside its main one, in the order of the codebook."""
    return [(main, category) for main in result.table.main for category in main.categories]


def name_of(result: CodingTableResult, code_id: str | None) -> str:
    """The Chinese name of a code; what stands for a concept that is left open."""
    return NO_SUGGESTION if code_id is None else result.corpus.codebook.find(code_id).name_zh
