"""Every word of the review page in Chinese and English."""

# ruff: noqa: E501 a phrase stands on one line, its two languages side by side

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text in both languages; `{name}` is filled in."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en


WORDS: Mapping[str, Phrase] = {
    "title": Phrase("编码审核", "Review of codings"),
    "nav": Phrase("页面", "Pages"),
    "nav_code": Phrase("编码", "Code"),
    "nav_overview": Phrase("进度", "Progress"),
    "nav_adjudicate": Phrase("裁决", "Adjudicate"),
    "nav_agreement": Phrase("一致性", "Agreement"),
    "nav_codebook": Phrase("编码手册", "Codebook"),
    "nav_export": Phrase("导出", "Export"),
    "to_start": Phrase("回到开始页", "To the start page"),
    "close": Phrase("关闭", "Close"),
    # the start page
    "coder": Phrase("编码员姓名", "Your name"),
    "coder_about": Phrase("编码按姓名分开保存。", "Codings are kept under this name."),
    "mode": Phrase("方式", "Mode"),
    "mode_blind": Phrase("盲编", "blind"),
    "mode_assisted": Phrase("辅助", "assisted"),
    "mode_blind_about": Phrase("看不到模型的编码：用于计算真实的一致性", "The model's codes are not shown: for honest agreement"),
    "mode_assisted_about": Phrase("预填模型的编码，由您核对改正", "The model's codes are filled in for you to check"),
    "order": Phrase("顺序", "Order"),
    "order_document": Phrase("按文件顺序", "by document"),
    "order_uncertainty": Phrase("模型最没把握的在前", "where the model is least sure first"),
    "order_disagreement": Phrase("编码员分歧大的在前", "where coders differ first"),
    "skip_headings": Phrase("不编标题", "leave headings out"),
    "only_coded": Phrase("只看模型已编码的句子（仅辅助方式）", "only sentences the model coded (assisted only)"),
    "sample": Phrase("随机抽取句数（空：全部；所有编码员相同）", "random sample of so many (empty: all; the same for every coder)"),
    "begin": Phrase("开始编码", "Start coding"),
    "abstained": Phrase("模型弃权（有编码未判定）：{n} 句。", "The model left codes undecided in {n} sentences."),
    "undecided": Phrase("模型未判定，请您判断：", "The model left undecided, please judge:"),
    "folder": Phrase("{documents} 份文件，{units} 个句子。模型：{model}。", "{documents} documents, {units} sentences. Model: {model}."),
    "known_coders": Phrase("已有编码员", "Coders so far"),
    # the coding page
    "codes": Phrase("编码", "Codes"),
    "sentence": Phrase("句子", "Sentence"),
    "progress": Phrase("进度", "Progress"),
    "rate": Phrase("每句 {seconds} 秒，约剩 {left}", "{seconds} s each, about {left} left"),
    "search": Phrase("查找编码（名称、英文、触发词）", "Find a code (name, id, trigger word)"),
    "keys_hint": Phrase("先按组号，再按编码号", "Press the group's key, then the code's"),
    "no_match": Phrase("没有符合的编码", "No such code"),
    "level_initial": Phrase("初始范畴", "Initial categories"),
    "level_main": Phrase("主范畴", "Main categories"),
    "level_dimensions": Phrase("维度", "Dimensions"),
    "level_paths": Phrase("路径", "Paths"),
    "score_about": Phrase("模型给出的概率", "The model's probability"),
    "panel_hint": Phrase("定义显示在这里：把鼠标放在编码上，或按组号。", "Definitions appear here: point at a code, or press the key of a group."),
    "definition": Phrase("定义", "Definition"),
    "include": Phrase("包括", "Include"),
    "exclude": Phrase("不包括", "Exclude"),
    "code_if": Phrase("编入条件", "Code if"),
    "not_if": Phrase("不编入", "Not if"),
    "triggers": Phrase("触发词", "Trigger words"),
    "example": Phrase("例句", "Example"),
    "near_miss": Phrase("近似但不是", "Near miss"),
    "no_code": Phrase("不编码", "no code"),
    "status_paper": Phrase("名称取自论文正文", "The name is from the paper's text"),
    "status_reconstructed": Phrase("名称为重建，不是论文原表", "The name is a reconstruction, not the paper's table"),
    "prefilled": Phrase("已预填模型 {model} 的编码，请核对：模型会出错", "Filled in by the model {model}; please check: models err"),
    "uncertainty": Phrase("不确定度 {value}", "uncertainty {value}"),
    "decided_coded": Phrase("您已于 {at} 编过此句，保存将更新", "You coded this at {at}; saving changes it"),
    "decided_skipped": Phrase("您已于 {at} 跳过此句", "You skipped this at {at}"),
    "note": Phrase("备注", "Note"),
    "note_about": Phrase("给自己或裁决者的话（Esc 返回）", "For yourself or the adjudicator (Esc goes back)"),
    "undo": Phrase("撤销", "Undo"),
    "skip": Phrase("跳过", "Skip"),
    "timer": Phrase("计时：点击暂停（P）", "Timer: click to pause (P)"),
    "paused": Phrase("已暂停", "paused"),
    "save": Phrase("保存 {n} 个编码", "Save {n} codes"),
    "save_none": Phrase("保存：无编码", "Save: no code"),
    "done": Phrase("全部完成", "All done"),
    "done_about": Phrase("已编码 {coded} 句，跳过 {skipped} 句。", "{coded} coded, {skipped} skipped."),
    "back_to_skipped": Phrase("回到跳过的句子", "Back to what was skipped"),
    # failures
    "offline": Phrase(
        "没有保存：连不上服务器。您的输入仍在此页。请在终端查看 policy-nlp review 是否还在运行；重新启动后打开新地址，输入会恢复。",
        "Not saved: the server does not answer. What you entered is still here. See in the terminal whether "
        "policy-nlp review still runs; after a new start open its new address, and your input comes back.",
    ),
    "failed": Phrase("没有保存，您的输入仍在此页。", "Not saved; what you entered is still here."),
    "restored": Phrase("已恢复上次未保存的输入。", "What you had not saved is filled in again."),
    "refused": Phrase("请用终端里的地址打开", "Open the address from the terminal"),
    "refused_about": Phrase(
        "此页只对知道地址的人开放。请复制 policy-nlp review 在终端打印的完整地址（含 token）；重新启动后地址会变。",
        "This page is open only to those who know its address. Copy the whole address that policy-nlp review "
        "printed in the terminal (with the token); each start makes a new one.",
    ),
    "error": Phrase("出错了", "Something went wrong"),
    "error_400": Phrase("请求有误。", "The request is not understood."),
    "error_403": Phrase("请求不是来自本页，已拒绝。请重新载入页面。", "The request did not come from this page and was refused. Load the page again."),
    "error_404": Phrase("没有这个页面。", "There is no such page."),
    "error_405": Phrase("这个地址不能这样使用。", "This address cannot be used in this way."),
    "error_413": Phrase("输入太长（最多 64 KB）。请缩短备注。", "Too long (at most 64 KB). Shorten the note."),
    "error_421": Phrase("此服务器不使用这个名称。请用终端里的地址。", "This server has another name. Use the address from the terminal."),
    "error_500": Phrase("程序出错，详情在终端。之前的编码都已保存。", "The program failed; the terminal says more. All earlier codings are saved."),
    # help
    "keys": Phrase("按键", "Keys"),
    "help_digits": Phrase("组号，再按编码号：选或取消", "group, then code: choose or take away"),
    "help_search": Phrase("查找编码；↑↓ 移动，Enter 选择，Esc 返回", "find a code; ↑↓ move, Enter chooses, Esc goes back"),
    "help_enter": Phrase("保存并到下一句（未选：无编码）", "save and next (nothing chosen: no code)"),
    "help_clear": Phrase("清除所选", "choose nothing"),
    "help_undo": Phrase("撤销上一个决定，回到那一句", "take back the last decision and return to it"),
    "help_skip": Phrase("跳过此句", "skip this sentence"),
    "help_note": Phrase("写备注（Enter 写完，Shift+Enter 换行）", "write a note (Enter ends it, Shift+Enter breaks the line)"),
    "help_define": Phrase("然后按编码的两个键：只看定义", "then a code's two keys: only show its definition"),
    "help_pause": Phrase("暂停或继续计时", "pause the timer or go on"),
    "help_escape": Phrase("取消", "cancel"),
    "help_help": Phrase("本页帮助", "this help"),
    "help_take": Phrase("采用该编码员的编码", "take this coder's codes"),
    # progress
    "column_coder": Phrase("编码员", "Coder"),
    "column_mode": Phrase("方式", "Mode"),
    "column_coded": Phrase("已编码", "Coded"),
    "column_skipped": Phrase("跳过", "Skipped"),
    "column_left": Phrase("剩余", "Left"),
    "column_changed": Phrase("改动模型编码", "Changed the model's codes"),
    "column_pace": Phrase("每句秒数", "Seconds each"),
    "column_document": Phrase("文件", "Document"),
    "column_units": Phrase("句数", "Sentences"),
    "column_sentence": Phrase("句子", "Sentence"),
    "column_codes": Phrase("编码", "Codes"),
    "latest": Phrase("您的决定（点句子可重编）", "Your decisions (open one to code it anew)"),
    "documents": Phrase("按文件编码", "Code one document"),
    "none_yet": Phrase("还没有。", "None yet."),
    "page_of": Phrase("第 {page} / {pages} 页", "Page {page} of {pages}"),
    "skipped_word": Phrase("跳过", "skipped"),
    # adjudication
    "adjudicate_about": Phrase(
        "两位编码员不同的句子：按 A 或 B 采用一方，或用编码键改，Enter 定案。定案即金标准；两人一致的编码自动成为金标准。",
        "Sentences on which two coders differ: A or B takes one side, the code keys change it, Enter settles. "
        "Settled codes are gold; where the two agree their codes are gold already.",
    ),
    "needs_two": Phrase("需要两位编码员以同一方式编过同样的句子。", "Two coders must have coded the same sentences in the same mode."),
    "disputed": Phrase("分歧 {n} 处，已定案 {settled} 处", "{n} differ, {settled} settled"),
    "take": Phrase("采用 {letter}", "Take {letter}"),
    "settle": Phrase("定案：{n} 个编码", "Settle {n} codes"),
    "settle_none": Phrase("定案：无编码", "Settle: no code"),
    "no_dispute": Phrase("没有待裁决的分歧。", "Nothing is left to settle."),
    "nothing": Phrase("无编码", "no code"),
    # agreement
    "agreement_about": Phrase("两人都编过的句子上的一致性，随编码更新。", "Agreement on the sentences both coded, as of now."),
    "refresh": Phrase("刷新", "Refresh"),
    "level": Phrase("层级", "Level"),
    "units_both": Phrase("共同句数", "Units of both"),
    "assisted_agreement": Phrase(
        "辅助方式下的一致性偏高：双方看到同样的模型编码，不能作为信度报告。",
        "Agreement in assisted mode is too high: both saw the same codes of a model. Do not report it as reliability.",
    ),
    "is_model": Phrase("（模型）", "(a model)"),
    "exact_match": Phrase("整句一致", "Same set"),
    "percent_agreement": Phrase("逐码一致", "Same yes/no"),
    # export
    "model_hidden": Phrase(
        "盲编还没有完成，这里不显示与模型的一致性：编完队列后显示。",
        "Agreement with the model is shown when your blind queue is done: before, it would tell its codes.",
    ),
    "project_hidden": Phrase(
        "盲编还没有完成，不能下载 .qdpx：其中有模型的编码。编完队列后可以，或用命令行导出。",
        "No .qdpx before your blind queue is done: it holds the model's codes. The command line writes it.",
    ),
    "export_mode": Phrase("方式：{mode}（两种方式分开导出）。", "Mode: {mode} (each mode is exported by itself)."),
    "export_about": Phrase("文件在本机生成并下载；训练用金标准：policy-nlp train。", "Files are made on this machine; train on the gold: policy-nlp train."),
    "export_gold": Phrase("金标准：一致的、裁决的和只有一人编过的句子，各注明依据", "Gold: agreed on, settled, or coded by one alone; each says which"),
    "export_coders": Phrase("各编码员的全部编码", "All codings of each coder"),
    "download": Phrase("下载", "Download"),
    "reconstruction": Phrase("关于编码手册", "About the codebook"),
    "minutes": Phrase("{n} 分钟", "{n} min"),
    "hours": Phrase("{n} 小时", "{n} h"),
}  # fmt: skip


def say(key: str, language: Language, **values: object) -> str:
    """The text of this key in one language, with its places filled; raises KeyError for a key without words."""
    text = WORDS[key].text(language)
    return text.format(**values) if values else text


def say_duration(seconds: float, language: Language) -> str:
    """`25 min` or `3.5 h`."""
    if seconds < 90 * 60:
        return say("minutes", language, n=max(1, round(seconds / 60)))
    return say("hours", language, n=f"{seconds / 3600:.1f}")
