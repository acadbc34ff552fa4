"""Each rule of screening on a document made for it."""

from __future__ import annotations

import math

import pytest

from policy_nlp.analysis.screening import DECISION_OF, RULES, Rule, ScreenedDocument, screen_documents
from policy_nlp.analysis.topic_hits import ScreenDocument
from policy_nlp.settings.screen import DEFAULT_TOPICS, ScreenRules
from tests.analysis.screen_documents import FILLER, screen_document

HIT = "因地制宜发展新质生产力，推动传统产业升级。"
OTHER = "支持龙头企业牵头组建创新联合体，开展联合攻关。"
BOTH = "组建创新联合体，为发展新质生产力提供支撑。"


def screened(document: ScreenDocument, rules: ScreenRules | None = None) -> ScreenedDocument:
    return screen_documents([document], DEFAULT_TOPICS, rules=rules or ScreenRules())[0]


CASES: dict[Rule, ScreenDocument] = {
    "title": screen_document(HIT, FILLER, title="关于发展新质生产力的意见"),
    "title_only": screen_document(FILLER, FILLER, title="新质生产力专栏"),
    "comention": screen_document(BOTH, *[FILLER] * 60, BOTH),
    "heading": screen_document(
        "一、培育新质生产力", FILLER * 20, "二、壮大新质生产力", FILLER * 20, HIT, FILLER * 20
    ),
    "dense": screen_document(HIT, FILLER, OTHER, HIT),
    "passing": screen_document(*[FILLER] * 40, HIT, *[FILLER] * 5),
    "mentioned": screen_document(*[FILLER] * 40, HIT, OTHER, *[FILLER] * 5),
    "listed": screen_document(FILLER, "建有实验室、中试基地、创新联合体、孵化器等平台。"),
    "footer": screen_document(FILLER, FILLER, "相关链接", "某市发展新质生产力"),
    "related": screen_document("协同创新共同体加快建设。", "创新共同体有进展。", "创新共同体再添成员。"),
    "coded": screen_document(*[FILLER] * 12, coded=7),
    "absent": screen_document(FILLER, coded=1),
}


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_decides_the_document_made_for_it(rule: Rule) -> None:
    assert screened(CASES[rule]).rule == rule


def test_every_rule_has_a_decision() -> None:
    assert set(DECISION_OF) == set(RULES)


def test_with_all_topics_needed_a_document_of_one_is_dropped() -> None:
    found = screened(CASES["dense"], ScreenRules(need="all"))
    assert found.rule == "dense"
    assert screened(CASES["title"], ScreenRules(need="all")).rule == "missing_topic"


def test_a_copy_is_dropped_and_names_the_first_of_them() -> None:
    document = CASES["dense"]
    copy = screen_document(*document.text.split("\n"), document_id="d2")
    first, second = screen_documents([document, copy], DEFAULT_TOPICS, rules=ScreenRules())
    assert (first.rule, second.rule, second.duplicate_of) == ("dense", "duplicate", "d1")


def test_thresholds_are_reached_by_equality() -> None:
    document = screen_document(HIT, OTHER, HIT, FILLER * 20)
    density = screened(document).density
    assert screened(document, ScreenRules(keep_density=density)).rule == "dense"
    assert screened(document, ScreenRules(keep_density=density + 1e-9)).rule == "mentioned"
    assert screened(document, ScreenRules(keep_hits=4, keep_density=0.1)).rule == "mentioned"


def test_comentions_are_counted_in_sentences_and_in_paragraphs() -> None:
    found = screened(screen_document(BOTH, HIT + OTHER, HIT, OTHER))
    assert (found.n_comention_sentences, found.n_comention_paragraphs) == (1, 2)


def test_evidence_begins_with_what_counts_and_is_text_of_the_document() -> None:
    document = screen_document("建有实验室、中试基地、创新联合体、孵化器等平台。", FILLER, HIT)
    found = screened(document)
    assert [one.text for one in found.evidence] == [HIT, document.sentences[0].text]
    for one in found.evidence:
        assert document.text[one.span.start : one.span.end] == one.text


def test_coded_shares_are_undefined_where_no_model_coded() -> None:
    assert math.isnan(screened(screen_document(FILLER)).share_coded)
    assert screened(screen_document(FILLER, coded=1)).share_coded == 1.0
