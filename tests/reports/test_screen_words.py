"""Reasons of screening say the numbers that decided."""

from __future__ import annotations

import pytest

from policy_nlp.analysis.screening import RULES, screen_documents
from policy_nlp.reports.screen_words import RULE_WORDS, describe_rules, explain_decision
from policy_nlp.settings.screen import DEFAULT_TOPICS, ScreenRules
from tests.analysis.test_screening import CASES


def test_every_rule_has_a_name() -> None:
    assert set(RULE_WORDS) == set(RULES)


@pytest.mark.parametrize("rule", CASES)
def test_a_borderline_reason_asks_a_person_and_others_do_not(rule: str) -> None:
    rules = ScreenRules()
    (found,) = screen_documents([CASES[rule]], DEFAULT_TOPICS, rules=rules)  # type: ignore[index]
    assert ("请人判断" in explain_decision(found, rules)) == (found.decision == "borderline")


def test_the_rules_are_listed_with_the_thresholds_in_force() -> None:
    text = "\n".join(describe_rules(ScreenRules(keep_hits=7, keep_density=2.5)))
    assert "7 次且每千字不少于 2.5 次" in text
    assert "--need all" not in text
    assert "--need all" in "\n".join(describe_rules(ScreenRules(need="all")))
