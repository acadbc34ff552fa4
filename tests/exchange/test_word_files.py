from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.analysis.words import DictionaryWord
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.word_files import read_dictionary, read_stop_words, read_synonyms

WORDS = "创新联合体\n链主企业 20 n\n# 说明\n\n揭榜挂帅 v\n中试 5\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_dictionary_is_read_in_both_forms_and_any_encoding(tmp_path: Path, encoding: str) -> None:
    assert read_dictionary(write(tmp_path / "词.txt", WORDS * 3, encoding)) == (
        DictionaryWord("创新联合体"),
        DictionaryWord("链主企业", 20, "n"),
        DictionaryWord("揭榜挂帅", None, "v"),
        DictionaryWord("中试", 5),
    )


def test_a_traditional_word_is_kept_as_texts_are_cut(tmp_path: Path) -> None:
    assert read_dictionary(write(tmp_path / "词.txt", "創新聯合體")) == (DictionaryWord("创新联合体"),)


@pytest.mark.parametrize(
    "line", ["链主 企业 20 n", "链主 -3", "链主，企业", "链主 n 20", "链主 3.5", "链主 名词"]
)
def test_a_line_of_another_form_is_an_error_with_its_number(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "词.txt", f"创新联合体\n{line}\n")
    with pytest.raises(ExchangeError, match=f"{path.name}:2: ") as caught:
        read_dictionary(path)
    assert caught.value.place["line"] == 2


def test_stop_words_stand_one_or_more_a_line(tmp_path: Path) -> None:
    assert read_stop_words(write(tmp_path / "停.txt", "全疆\n本市 本區\n# 不是词\n")) == {
        "全疆",
        "本市",
        "本区",
    }


def test_synonyms_are_counted_as_the_first_of_their_line(tmp_path: Path) -> None:
    path = write(tmp_path / "同.txt", "创新联合体=创新共同体＝创新集合体\n中试=中间试验\n")
    assert read_synonyms(path) == {
        "创新共同体": "创新联合体", "创新集合体": "创新联合体", "中间试验": "中试",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["甲\n", "甲=\n", "甲=乙\n丙=乙\n", "甲=乙\n乙=丙\n", "乙=丙\n甲=乙\n"])
def test_synonyms_without_one_clear_name_are_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExchangeError, match=r"同\.txt"):
        read_synonyms(write(tmp_path / "同.txt", text))


def test_a_missing_list_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"没有\.txt"):
        read_dictionary(tmp_path / "没有.txt")
