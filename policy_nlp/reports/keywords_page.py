"""KeywordsResult -> the page keywords.html: table, network, years, terms, and how it was done."""

from __future__ import annotations

import math
from collections.abc import Sequence

from policy_nlp.analysis.bursts import GAMMA, RATIO
from policy_nlp.analysis.keyword_result import KeywordsResult
from policy_nlp.analysis.keywords import LEAST_DOCUMENTS, LEAST_YEARS, Keyword
from policy_nlp.analysis.new_words import NewWordRules
from policy_nlp.analysis.word_network import NetworkNode
from policy_nlp.files import show_path
from policy_nlp.reports.agreement_document import describe_names
from policy_nlp.reports.charts.chart import (
    Bar,
    BarChart,
    Edge,
    Estimate,
    LineChart,
    NetworkChart,
    Node,
    Series,
)
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number
from policy_nlp.reports.pages.page import Page, PagePart, PageSection
from policy_nlp.reports.report_blocks import BulletList, Paragraph, TableBlock

_N_TERMS = 60  # terms found in the texts that the page lists
_N_MEMBERS = 8  # words by which a community is named

_WINDOWS = {"sentence": "句", "paragraph": "段落", "document": "文档"}
_SCORES = {
    "tfidf": "TF-IDF（各文档之和：(1+ln 频次) × (ln((1+D)/(1+含该词文档数))+1)）",
    "textrank": "TextRank（Mihalcea & Tarau 2004，同句内相邻 5 词，阻尼 0.85）",
    "frequency": "频次",
}
_ASSOCIATIONS = {
    "cosine": "余弦（Salton：c / √(ab)）",
    "association": "关联强度（van Eck & Waltman 2009：cW / (ab)）",
    "count": "共现次数",
}


def keywords_page(result: KeywordsResult) -> Page:
    """The whole page."""
    sections = [_table_section(result), _network_section(result)]
    if result.years:
        sections.append(_years_section(result))
    if result.new_words:
        sections.append(_terms_section(result))
    sections.append(_methods_section(result))
    return Page(
        title="关键词与共现网络",
        lead=_describe_inputs(result),
        sections=tuple(sections),
        codebook_note=describe_names(result.codebook),
        signature=_signature(result),
    )


def _describe_inputs(result: KeywordsResult) -> str:
    settings = result.settings
    chosen = ""
    if settings.code_id:
        chosen = f"只计编码为“{result.codebook.find(settings.code_id).name_zh}”的句子。"
    elif settings.level:
        chosen = f"只计有 {settings.level} 层编码的句子。"
    by_model = "编码由模型给出，未经人工核对。" if chosen and result.models else ""
    return (
        f"{result.n_with_text:,} 篇文档，{result.n_sentences:,} 句，{result.n_characters:,} 字；"
        f"计入 {result.n_words:,} 个词次。{chosen}{by_model}"
    )


def _table_section(result: KeywordsResult) -> PageSection:
    nodes = {node.keyword.place: node for node in result.network.nodes}
    top = result.keywords[: result.settings.top]
    rows = tuple(_row(rank, word, nodes.get(word.place)) for rank, word in enumerate(top, start=1))
    table = TableBlock(
        caption=f"排名前 {len(rows)} 的关键词",
        header=(
            "排名",
            "关键词",
            "频次",
            "文档数",
            "中介中心性",
            "连接强度",
            "突现强度",
            "突现年份",
            "首现年份",
        ),
        rows=rows,
        notes=(
            f"按{_SCORES[result.settings.score]}排序。",
            f"中介中心性与连接强度在共现网络（{len(nodes)} 个节点）中计算；{NOT_AVAILABLE} 表示无法计算："
            "不在网络中、没有日期，或没有突现。"
            f"突现需要至少 {LEAST_YEARS} 个年份各有 {LEAST_DOCUMENTS} 篇以上文档。",
        ),
        n_text_columns=2,
    )
    bars = BarChart(
        chart_id="keywords",
        title="关键词频次",
        bars=tuple(
            Bar(word.text, Estimate(word.count), detail=f"见于 {word.n_documents:,} 篇文档") for word in top
        ),
        note="按得分排序；条长为频次。",
    )
    return PageSection("keywords", "关键词", (table, bars))


def _row(rank: int, word: Keyword, node: NetworkNode | None) -> tuple[str, ...]:
    years = f"{word.burst_years[0]}–{word.burst_years[1]}" if word.burst_years else NOT_AVAILABLE
    return (
        str(rank),
        word.text,
        f"{word.count:,}",
        f"{word.n_documents:,}",
        show_number(node.betweenness) if node else NOT_AVAILABLE,
        f"{node.strength:.2f}" if node else NOT_AVAILABLE,
        NOT_AVAILABLE if math.isnan(word.strength) else f"{word.strength:.2f}",
        years,
        NOT_AVAILABLE if word.first_year is None else str(word.first_year),
    )


def _network_section(result: KeywordsResult) -> PageSection:
    network, settings = result.network, result.settings
    measures = (
        f"{len(network.nodes)} 个节点，{len(network.ties)} 条连线，密度 {show_number(network.density)}；"
        f"{network.n_communities} 个社区，模块度 Q = {show_number(network.modularity)}，"
        f"平均轮廓值 S = {show_number(network.silhouette)}。"
        f"共现窗口为{_WINDOWS[settings.window]}，连线权重为{_ASSOCIATIONS[settings.association]}。"
    )
    parts: list[PagePart] = [Paragraph(measures), _network_chart(result), _communities(result)]
    return PageSection("network", "共现网络", tuple(parts))


def _network_chart(result: KeywordsResult) -> NetworkChart:
    network = result.network
    nodes = tuple(
        Node(
            name=node.keyword.text,
            x=node.x,
            y=node.y,
            size=node.keyword.count,
            community=node.community + 1,
            detail=_describe_node(node),
        )
        for node in network.nodes
    )
    return NetworkChart(
        chart_id="network",
        title="关键词共现网络",
        nodes=nodes,
        edges=tuple(Edge(tie.first, tie.second, tie.weight) for tie in network.ties),
        size_name="频次",
        weight_name=_ASSOCIATIONS[result.settings.association].partition("（")[0],
        note="图形的面积为频次，颜色与形状为社区；没有连线的词排在边上。"
        "位置由 Kamada–Kawai 布局给出，坐标轴没有含义。",
    )


def _describe_node(node: NetworkNode) -> str:
    betweenness = show_number(node.betweenness)
    return f"频次 {node.keyword.count:,}，连线 {node.degree}，中介中心性 {betweenness}"


def _communities(result: KeywordsResult) -> TableBlock:
    """Communities of two words or more, by their commonest words."""
    members: dict[int, list[NetworkNode]] = {}
    for node in result.network.nodes:
        members.setdefault(node.community, []).append(node)
    rows = tuple(
        (
            str(number + 1),
            "、".join(
                node.keyword.text
                for node in sorted(own, key=lambda node: (-node.keyword.count, node.keyword.text))[
                    :_N_MEMBERS
                ]
            ),
            str(len(own)),
        )
        for number, own in sorted(members.items())
        if len(own) > 1
    )
    n_single = sum(len(own) == 1 for own in members.values())
    notes = (f"另有 {n_single} 个词没有连线，各自成为一个社区。",) if n_single else ()
    return TableBlock("社区及其最常见的词", ("社区", "词", "词数"), rows, notes, n_text_columns=2)


def _years_section(result: KeywordsResult) -> PageSection:
    shares = result.years[0].shares
    known = [place for place, share in enumerate(shares) if share.is_known]
    note = (
        f"{result.n_dated:,} / {result.n_documents:,} 篇文档有年份；"
        f"不足 {LEAST_DOCUMENTS} 篇文档的年份不作比例，只列篇数。"
    )
    counts = TableBlock(
        caption="各年使用关键词的文档数",
        header=("年份", "文档数", *(word.text for word in result.years)),
        rows=tuple(
            (str(share.year), f"{share.n_documents:,}", *(f"{w.shares[i].n_with:,}" for w in result.years))
            for i, share in enumerate(shares)
        ),
        notes=(note,),
    )
    parts: tuple[PagePart, ...] = (counts,)
    if len(known) > 1:
        parts = (_years_chart(result, known), counts)
    return PageSection("years", "年度变化", parts)


def _years_chart(result: KeywordsResult, known: Sequence[int]) -> LineChart:
    return LineChart(
        chart_id="years",
        title="各年使用关键词的文档比例",
        places=tuple(str(result.years[0].shares[place].year) for place in known),
        series=tuple(
            Series(
                word.text,
                tuple(
                    Estimate(word.shares[place].n_with / word.shares[place].n_documents) for place in known
                ),
            )
            for word in result.years
        ),
    )


def _terms_section(result: KeywordsResult) -> PageSection:
    shown = result.new_words[:_N_TERMS]
    terms = "、".join(f"{word.text}（{word.count:,}）" for word in shown)
    more = f"，前 {len(shown)} 个为" if len(result.new_words) > len(shown) else ""
    return PageSection(
        "terms",
        "文中发现的新词",
        (
            Paragraph(
                f"jieba 词典没有、在这些文本中反复整体出现的词，"
                f"共 {len(result.new_words):,} 个{more}：{terms}。"
            ),
            Paragraph(
                "全部新词及其指标见 new-words.csv；"
                "要改动，可用 --dictionary 与 --stop-words 给出自己的词表。",
                "note",
            ),
        ),
    )


def _methods_section(result: KeywordsResult) -> PageSection:
    settings, rules = result.settings, NewWordRules()
    least = (
        f"频次至少 {settings.min_count}，至少见于 {settings.min_documents} 篇文档（文档不足时以实有篇数为准）"
    )
    kept = f"只留最强的 {settings.ties_per_node}×节点数 条" if settings.ties_per_node else "全部保留"
    found = (
        f"新词：2–{rules.longest_run} 个 jieba 词相连，出现 {rules.min_count} 次以上、"
        f"见于 {rules.min_documents} 篇以上，"
        f"最弱处互信息 ≥ {rules.min_cohesion:g} 比特，左右邻字熵 ≥ {rules.min_freedom:g} 比特。"
        if settings.with_new_words
        else "未在文本中寻找新词。"
    )
    items = (
        f"分词：jieba（不用 HMM），加 {result.n_codebook_words:,} 个编码手册的词、"
        f"{result.n_user_words:,} 个用户的词。"
        "地名、人名、数词、日期、虚词和没有实义的公文用语（如“推进”“进一步”）不计。",
        found,
        f"关键词：{least}；得分为{_SCORES[settings.score]}。",
        f"网络：得分最高的 {settings.n_nodes} 个词；"
        f"至少同{_WINDOWS[settings.window]} {settings.min_together} 次才连线，{kept}；"
        f"权重为{_ASSOCIATIONS[settings.association]}，"
        "a、b 为含各词的窗口数，c 为同含两词的窗口数，W 为窗口数。",
        "中介中心性：Freeman 1977，连线不计权重；"
        "特征向量中心性：Bonacich 1972，计权重，最大连通部分之外无定义。",
        f"社区：Louvain（Blondel 等 2008），种子 {settings.seed}；轮廓值：Rousseeuw 1987，距离为 1 − 余弦。",
        f"突现：Kleinberg 2002 两状态自动机，s = {RATIO:g}，γ = {GAMMA:g}；按年、按含该词的文档数；"
        "强度为突现期节省的代价。平时比例超过一半的词无突现可言。",
        "CiteSpace 用文献自带的关键词，这里的词取自正文，数值不能与 CiteSpace 的直接相比。",
    )
    parts: list[PagePart] = [BulletList(items)]
    if result.notes:
        parts += [Paragraph("读取时的说明："), BulletList(result.notes)]
    return PageSection("methods", "方法", tuple(parts))


def _signature(result: KeywordsResult) -> tuple[str, ...]:
    settings = result.settings
    inputs = "，".join(show_path(path.name) for path in settings.inputs)
    models = tuple(f"{one.folder}：模型 {one.name}（sha256 {one.sha256[:12]}）" for one in result.models)
    return (
        f"policy-nlp {result.version} keywords，{result.date}，种子 {settings.seed}",
        f"输入：{inputs}",
        *models,
        f"编码手册：{result.codebook.name}（sha256 {result.codebook.digest[:12]}）",
    )
