from __future__ import annotations

import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis import words
from policy_nlp.analysis.stop_words import STOP_WORDS
from policy_nlp.analysis.words import (
    DictionaryWord,
    Lexicon,
    Segmenter,
    codebook_words,
    is_one_word,
    join_dictionaries,
)
from policy_nlp.codebook import Codebook

SENTENCE = "支持领军企业牵头组建创新联合体，进一步推进成果转化。"

LOST = set("?\ufffd")  # marks that reading leaves out, inside a word too


@pytest.fixture(scope="module")
def segmenter(shipped_codebook: Codebook) -> Segmenter:
    return Segmenter(Lexicon(words=codebook_words(shipped_codebook)))


@cache
def plain_segmenter() -> Segmenter:
    return Segmenter(Lexicon())


def names(segmenter: Segmenter, text: str) -> list[str]:
    return [word.text for word in segmenter.content_words(text)]


def test_terms_of_the_codebook_stay_whole_and_official_verbs_are_no_keywords(segmenter: Segmenter) -> None:
    assert names(segmenter, SENTENCE) == ["领军企业", "牵头组建", "创新联合体", "成果转化"]


def test_dates_numbers_places_and_names_are_no_keywords(segmenter: Segmenter) -> None:
    text = "2024年3月5日，浙江省杭州市李强投入三十亿元，增长5.2%，十四五以来其中二百家。"
    assert set(names(segmenter, text)) <= {"投入"}


@given(st.text(alphabet="创新聯合體企业AI5G，。 （）%一𠮷?\ufffd\n", max_size=40))
def test_every_word_stands_in_the_text_where_it_says(text: str) -> None:
    cut = plain_segmenter().cut(text)
    assert all(left.end <= right.start for left, right in pairwise(cut))
    assert all(0 <= word.start < word.end <= len(text) for word in cut)
    plain = text.replace("聯", "联").replace("體", "体")
    assert all(plain[word.start : word.end] == word.text for word in cut if not LOST & set(text))


def test_a_traditional_text_with_inserted_pinyin_has_the_simplified_words_at_their_true_places(
    segmenter: Segmenter,
) -> None:
    text = "組建創(chuàng)新聯(lián)合體。"
    (word,) = (word for word in segmenter.content_words(text) if word.text == "创新联合体")
    assert text[word.start : word.end] == "創(chuàng)新聯(lián)合體"


def test_a_word_of_the_user_is_cut_whole_whatever_its_parts() -> None:
    text = "举办云上赛马节。"
    assert "云上赛马节" not in names(plain_segmenter(), text)
    assert names(Segmenter(Lexicon(words=(DictionaryWord("云上赛马节"),))), text) == ["云上赛马节"]


def test_synonyms_are_counted_under_one_name_where_they_stand() -> None:
    lexicon = Lexicon(words=(DictionaryWord("创新共同体"),), synonyms={"创新共同体": "创新联合体"})
    (word,) = Segmenter(lexicon).content_words("创新共同体")
    assert (word.text, word.start, word.end) == ("创新联合体", 0, 5)


def test_a_stop_word_is_never_counted_not_even_as_a_word_of_the_dictionary() -> None:
    lexicon = Lexicon(words=(DictionaryWord("成果转化"),), stop_words=STOP_WORDS | {"成果转化"})
    assert names(Segmenter(lexicon), "促进成果转化") == []


def test_jieba_itself_is_not_changed_says_nothing_and_no_cache_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    words._base_dictionary.cache_clear()
    before = (jieba.dt.initialized, len(jieba.dt.FREQ))
    Segmenter(Lexicon(words=(DictionaryWord("云上赛马节"),))).cut(SENTENCE)
    assert list(tmp_path.iterdir()) == []
    assert (jieba.dt.initialized, len(jieba.dt.FREQ)) == before
    assert capfd.readouterr() == ("", "")


def test_a_segmenter_does_not_know_the_words_of_another() -> None:
    Segmenter(Lexicon(words=(DictionaryWord("云上赛马节"),)))
    assert "云上赛马节" not in names(plain_segmenter(), "云上赛马节")


def test_the_first_dictionary_decides_the_count_of_a_word() -> None:
    first, second = DictionaryWord("链主", 9, "n"), DictionaryWord("链主", 3)
    assert join_dictionaries((first,), (second, DictionaryWord("中试"))) == (first, DictionaryWord("中试"))


def test_blanks_and_marks_make_no_word() -> None:
    assert [is_one_word(text) for text in ("创新", "5G", "创 新", "创新，", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
