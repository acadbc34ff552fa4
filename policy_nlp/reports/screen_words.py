"""Rules of screening -> why a document is kept, dropped or left to a person, in words with its numbers."""

from __future__ import annotations

from collections.abc import Mapping

from policy_nlp.analysis.screening import Rule, ScreenedDocument
from policy_nlp.analysis.topic_hits import HitPlace
from policy_nlp.settings.screen import ScreenRules, Topic

PLACE_WORDS: Mapping[HitPlace, str] = {
    "title": "题名",
    "heading": "标题",
    "first_third": "正文前三分之一",
    "body": "正文其余",
    "list": "名称罗列",
    "footer": "链接或落款",
}
RULE_WORDS: Mapping[Rule, str] = {
    "duplicate": "重复文档",
    "missing_topic": "缺少主题",
    "title": "题名及正文提及",
    "title_only": "仅题名提及",
    "comention": "两主题同句",
    "heading": "多个标题提及",
    "dense": "提及多且密",
    "passing": "偶然提及",
    "mentioned": "有提及而未达标准",
    "listed": "仅在名称罗列中",
    "footer": "仅在链接或落款中",
    "related": "仅有相关词",
    "coded": "无主题词而编码多",
    "absent": "未提及",
}


def explain_decision(document: ScreenedDocument, rules: ScreenRules) -> str:
    """Why the rules decide so, in one sentence with the numbers that count."""
    if document.rule == "duplicate":
        return f"与文档 {document.duplicate_of} 内容相同（相似度 {document.duplicate_share:.0%}）"
    if document.rule == "missing_topic":
        missing = [one.topic for one in document.topics if not (one.n_counted or one.n_title)]
        return f"要求全部主题，而未提及：{'、'.join(missing)}"
    if document.n_counted:
        return f"{_by_hits(document, rules)}（{_where(document)}）"
    return _without_hits(document, rules)


def _by_hits(document: ScreenedDocument, rules: ScreenRules) -> str:
    n_headings = sum(topic.n_heading for topic in document.topics)
    found = f"提及 {document.n_counted} 次，每千字 {document.density:.2f} 次"
    if document.rule == "title":
        return f"题名点明主题，正文{found}"
    if document.rule == "comention":
        return f"{document.n_comention_sentences} 句同时提及两个主题，{found}"
    if document.rule == "heading":
        return f"{n_headings} 个标题点明主题，{found}"
    if document.rule == "dense":
        return f"{found}，达到 {rules.keep_hits} 次且每千字 {rules.keep_density:g} 次"
    if document.rule == "passing":
        return f"只提及 1 次，不在标题，每千字 {document.density:.2f} 次，低于 {rules.passing_density:g}"
    short = [f"少于 {rules.keep_hits} 次"] if document.n_counted < rules.keep_hits else []
    short += [f"每千字低于 {rules.keep_density:g} 次"] if document.density < rules.keep_density else []
    return f"{found}，{'、'.join(short)}，请人判断"


def _without_hits(document: ScreenedDocument, rules: ScreenRules) -> str:
    n_related = sum(topic.n_related for topic in document.topics)
    if document.rule == "title_only":
        return "题名提及，正文未提及（或为栏目名），请人判断"
    if document.rule in ("listed", "footer"):
        return f"{RULE_WORDS[document.rule]}提及（{_where(document)}）"
    if document.rule == "related":
        return f"未提及主题词，相关词 {n_related} 次，请人判断"
    if document.rule == "coded":
        share = f"{document.share_coded:.0%} 的句子（不低于 {rules.coded_share:.0%}）"
        return f"未提及主题词，而模型编码了 {share}，请人判断"
    return f"未提及主题词，相关词 {n_related} 次" if n_related else "未提及主题词"


def _where(document: ScreenedDocument) -> str:
    """`创新联合体：标题 1、正文前三分之一 2；新质生产力：正文其余 1`."""
    parts = []
    for topic in document.topics:
        counts = (
            topic.n_title, topic.n_heading, topic.n_first_third, topic.n_body, topic.n_list, topic.n_footer,
        )  # fmt: skip
        named = [f"{word} {n}" for word, n in zip(PLACE_WORDS.values(), counts, strict=True) if n]
        if named:
            parts.append(f"{topic.topic}：{'、'.join(named)}")
    return "；".join(parts)


def describe_rules(rules: ScreenRules) -> tuple[str, ...]:
    """The rules in the order in which they are tried, with their thresholds."""
    lines = [
        f"重复：与先读到的文档互有 {rules.duplicate_share:.0%} 以上的四字片段相同 → 剔除",
        "题名与正文都提及主题 → 保留；只有题名提及 → 待定",
        f"同一句提及两个主题的句子不少于 {rules.keep_comentions} 句 → 保留",
        f"不少于 {rules.keep_headings} 个标题提及、共提及不少于 {rules.keep_hits} 次 → 保留",
        f"提及不少于 {rules.keep_hits} 次且每千字不少于 {rules.keep_density:g} 次 → 保留",
        f"只提及 1 次、不在标题、每千字低于 {rules.passing_density:g} 次 → 剔除（偶然提及）",
        "其余有提及者 → 待定",
        "只在名称罗列、表格单元、链接、落款、参考文献中出现 → 剔除（这些位置不计入提及次数）",
        f"只有相关词：题名提及或不少于 {rules.related_hits} 次 → 待定，否则剔除",
        f"无主题词而模型编码的句子占 {rules.coded_share:.0%} 以上（至少 {rules.coded_sentences} 句）→ 待定",
        "其余 → 剔除",
    ]
    if rules.need == "all":
        lines.insert(1, "任一主题未提及 → 剔除（--need all）")
    return tuple(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def describe_topic(topic: Topic) -> str:
    """`创新联合体（异写：…；简称：…；相关词，不计：…；排除：…）`."""
    groups = (
        ("异写", topic.variants),
        ("简称，文中另有全称才计", topic.short_forms),
        ("相关词，不计", topic.related),
        ("排除", topic.excluded),
    )
    parts = [f"{name}：{'、'.join(words)}" for name, words in groups if words]
    return f"{topic.name}（{'；'.join(parts)}）" if parts else topic.name
