"""Text reuse on small corpora counted by hand, and what documents and groups share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.groups import group_documents
from policy_nlp.analysis.reuse_groups import measure_reuse, reuse_of_documents
from policy_nlp.analysis.text_reuse import ReuseRules, find_reuse
from policy_nlp.codebook import Codebook
from policy_nlp.records import DocumentMetadata
from tests.analysis.small_corpora import make_corpus

SHARED = "支持链主企业联合高校院所围绕产业共性难题组建攻关队伍并给予连续三年经费保障"
CHANGED = "支持链主企业联合高校院所，围绕产业共性难题组建攻关队伍，并给予连续五年经费保障。"
LONG = f"会议指出，要优化服务，{SHARED}，同时完善容错机制，营造鼓励探索的良好氛围，让科研人员心无旁骛。"
OTHERS = (
    "全市粮食播种面积稳定在八百万亩以上，新建高标准农田二十万亩。",
    "完善城市社区养老服务网络，新增普惠托育床位四千个，改造老旧小区。",
    "持续打好蓝天碧水净土保卫战，重点河流断面水质优良比例明显提高。",
    "推进农村公路提档升级，建设美丽乡村示范带，改善农村人居环境。",
)


def corpus_of(
    codebook: Codebook,
    texts: Mapping[str, Sequence[str]],
    *,
    metadata: Mapping[str, DocumentMetadata] | None = None,
) -> CodedCorpus:
    """A corpus of uncoded sentences with true spans: sentences stand one after the other."""
    corpus = make_corpus(codebook, {name: [(text, {}) for text in own] for name, own in texts.items()})
    starts = [sum(map(len, own[:place])) for own in texts.values() for place in range(len(own))]
    documents = tuple(
        replace(one, metadata=(metadata or {}).get(one.document_id, DocumentMetadata()))
        for one in corpus.documents
    )
    return replace(corpus, documents=documents, starts=np.array(starts, dtype=np.int64))


def test_a_sentence_in_other_marks_and_with_one_number_changed_is_found(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(shipped_codebook, {"甲": [OTHERS[0], SHARED], "乙": [CHANGED, OTHERS[1]]})
    (pair,) = find_reuse(corpus).pairs
    assert (pair.first_row, pair.second_row) == (1, 2)
    text = "".join(corpus.texts[:2])
    assert text[pair.first_run.start : pair.first_run.end] == SHARED[: SHARED.index("三")]
    assert "组建攻关队伍，并给予连续" in CHANGED[pair.second_run.start : pair.second_run.end]


def test_a_sentence_inside_a_longer_one_is_reused_and_the_longer_one_is_not(
    shipped_codebook: Codebook,
) -> None:
    corpus = corpus_of(shipped_codebook, {"甲": [SHARED], "乙": [LONG]})
    reuse = find_reuse(corpus)
    assert reuse.is_reused.tolist() == [True, False]
    assert reuse.clusters == ()  # the longer one says more: they are no wordings of one sentence


def test_copies_inside_one_document_are_no_reuse(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(shipped_codebook, {"甲": [SHARED, CHANGED, SHARED], "乙": [OTHERS[0]]})
    reuse = find_reuse(corpus)
    assert (reuse.pairs, reuse.clusters, reuse.is_reused.any()) == ((), (), False)


def test_headings_and_short_sentences_are_left_out_and_counted(shipped_codebook: Codebook) -> None:
    short = "现将有关事项通知如下，请遵照执行。"
    corpus = corpus_of(shipped_codebook, {"甲": [short, SHARED], "乙": [short, SHARED]})
    headed = replace(corpus, is_heading=np.array([False, True, False, True]))
    assert find_reuse(corpus).n_short == 2
    assert find_reuse(headed).n_short == 4


def test_a_sentence_of_many_documents_is_a_formula_and_not_reuse(shipped_codebook: Codebook) -> None:
    texts = {f"文{place}": [SHARED] for place in range(6)}
    corpus = corpus_of(shipped_codebook, texts)
    assert find_reuse(corpus).is_reused.all()
    reuse = find_reuse(corpus, ReuseRules(formula_documents=5, formula_share=0.5))
    assert (reuse.n_formula, reuse.pairs) == (6, ())


def test_the_document_with_the_earliest_date_had_it_first(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(
        shipped_codebook,
        {"甲": [SHARED], "乙": [CHANGED], "丙": [SHARED]},
        metadata={
            "甲": DocumentMetadata(date="2024-05-01"),
            "乙": DocumentMetadata(date="2023"),
            "丙": DocumentMetadata(year=2024),
        },
    )
    (cluster,) = find_reuse(corpus).clusters
    assert (cluster.documents, cluster.source, cluster.n_undated) == ((0, 1, 2), 1, 0)


@pytest.mark.parametrize(
    ("first", "second", "n_undated"),
    [("2024", "2024-03-01", 0), ("2024-03-01", "2024-03-01", 0), ("2023-01-01", None, 1), (None, None, 2)],
)
def test_ties_and_unknown_dates_stay_open(
    shipped_codebook: Codebook, first: str | None, second: str | None, n_undated: int
) -> None:
    metadata = {"甲": DocumentMetadata(date=first), "乙": DocumentMetadata(date=second)}
    corpus = corpus_of(shipped_codebook, {"甲": [SHARED], "乙": [SHARED]}, metadata=metadata)
    (cluster,) = find_reuse(corpus).clusters
    assert (cluster.source, cluster.n_undated) == (None, n_undated)


def test_a_document_is_reused_in_part_and_knows_the_one_that_is_nearest(shipped_codebook: Codebook) -> None:
    corpus = corpus_of(
        shipped_codebook,
        {
            "甲": [SHARED, OTHERS[0], OTHERS[1], OTHERS[2]],
            "乙": [OTHERS[0], SHARED],
            "丙": [SHARED, OTHERS[3]],
        },
    )
    first, second, third = reuse_of_documents(find_reuse(corpus), corpus)
    assert (first.n_compared, first.n_reused, first.share_own) == (4, 2, 0.5)
    assert (first.nearest, first.n_nearest) == (1, 2)
    assert (second.share_reused, third.share_reused) == (1.0, 0.5)


def test_groups_share_what_their_documents_share_and_hand_on_only_forwards(
    shipped_codebook: Codebook,
) -> None:
    corpus = corpus_of(
        shipped_codebook,
        {"甲": [SHARED, OTHERS[0]], "乙": [CHANGED, OTHERS[1]], "丙": [SHARED, OTHERS[2]]},
        metadata={
            "甲": DocumentMetadata(region="河北", date="2023-01-10"),
            "乙": DocumentMetadata(region="浙江", date="2024-02-01"),
            "丙": DocumentMetadata(region="浙江"),
        },
    )
    groups = measure_reuse(corpus, group_documents(corpus, "region")).groups
    assert groups.names == ("河北", "浙江")
    assert groups.n_compared.tolist() == [2, 4]
    assert groups.shared.tolist() == [[0, 2], [1, 2]]
    assert groups.handed_on.tolist() == [[0, 1], [0, 0]]


def test_a_corpus_without_a_sentence_to_compare_has_no_reuse_and_no_shares(
    shipped_codebook: Codebook,
) -> None:
    corpus = corpus_of(shipped_codebook, {"甲": ["通知"], "乙": []})
    documents = reuse_of_documents(find_reuse(corpus), corpus)
    assert all(np.isnan(one.share_reused) and one.nearest is None for one in documents)
