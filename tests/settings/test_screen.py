"""Topics of flags and files, and rules that cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.errors import SettingsError
from policy_nlp.settings.screen import (
    DEFAULT_TOPICS,
    ScreenRules,
    ScreenSettings,
    Topic,
    parse_topic,
    read_topics,
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("低空经济", Topic("低空经济")),
        ("低空经济=低空产业，通用航空", Topic("低空经济", ("低空产业", "通用航空"))),
        ("低空经济~无人机", Topic("低空经济", (), ("无人机",))),
        ("低空经济 = 低空产业 ~ 无人机,直升机", Topic("低空经济", ("低空产业",), ("无人机", "直升机"))),
    ],
)
def test_a_topic_is_read_as_it_is_written(text: str, topic: Topic) -> None:
    assert parse_topic(text) == topic


@pytest.mark.parametrize("text", ["", "=低空产业", "低空经济=", "低空经济=甲,,乙", "低空经济~"])
def test_an_empty_word_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="empty"):
        parse_topic(text)


def test_a_text_file_holds_one_topic_a_line(tmp_path: Path) -> None:
    path = tmp_path / "topics.txt"
    path.write_text("\ufeff# 主题\n低空经济=低空产业\n\n数据要素\n", encoding="utf-8")
    assert read_topics(path).topics == (Topic("低空经济", ("低空产业",)), Topic("数据要素"))


def test_a_toml_file_holds_all_of_a_topic(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text('[[topic]]\nname = "低空经济"\nexcluded = ["低空经济学"]\n', encoding="utf-8")
    assert read_topics(path).topics == (Topic("低空经济", excluded=("低空经济学",)),)


@pytest.mark.parametrize(
    "content",
    [
        "[[topic]]\nvariants = []",
        '[[topic]]\nname = "甲"\nother = 1',
        '[[topic]]\nname = "甲"\nrelated = "乙"',
        "topic = 1",
        "[topics]",
        "[[",
    ],
)
def test_a_toml_file_of_another_form_is_refused_with_its_path(tmp_path: Path, content: str) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"topics\.toml"):
        read_topics(path)


def test_a_toml_file_may_set_rules_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[rules]\nkeep_hits = 5\npassing_density = 2\n", encoding="utf-8")
    assert read_topics(path).rules == ScreenRules(keep_hits=5, passing_density=2)
    assert read_topics(path).topics == DEFAULT_TOPICS


@pytest.mark.parametrize("line", ["keep_hit = 5", 'keep_hits = "5"', 'need = "some"', "coded_share = 2.0"])
def test_a_rule_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f"[rules]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        read_topics(path)


def test_rules_out_of_range_are_refused() -> None:
    with pytest.raises(SettingsError, match="keep_hits"):
        ScreenRules(keep_hits=0)
    with pytest.raises(SettingsError, match="duplicate_share"):
        ScreenRules(duplicate_share=1.5)


def test_all_of_one_topic_and_an_unknown_table_are_refused() -> None:
    with pytest.raises(SettingsError, match="--need all"):
        ScreenSettings((Path("in"),), (Topic("甲"),), ScreenRules(need="all"))
    with pytest.raises(SettingsError, match=r"\.xlsx or \.csv"):
        ScreenSettings((Path("in"),), out=Path("a.docx"))
