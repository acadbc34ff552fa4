from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import policy_nlp.review
from policy_nlp.review.records import Mode, Order
from policy_nlp.review.words import WORDS, say, say_duration

ROOM = Path(policy_nlp.review.__file__).parent
TEXT = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [*ROOM.glob("templates/*.html"), ROOM / "app.py", ROOM / "words.py"]
)
ASKED = set(re.findall(r"\bt\('(\w+)'[,)]|\bsay\(\"(\w+)\"", TEXT)) | set(
    re.findall(r"\bt\(\"(\w+)\"()", TEXT)
)


@pytest.mark.parametrize("key", sorted({one or other for one, other in ASKED}))
def test_every_word_that_a_page_asks_for_is_there(key: str) -> None:
    assert key in WORDS


@pytest.mark.parametrize("key", WORDS)
def test_every_word_is_in_both_languages_with_the_same_places(key: str) -> None:
    phrase = WORDS[key]
    assert phrase.zh.strip()
    assert phrase.en.strip()
    assert re.search(r"[\u4e00-\u9fff]", phrase.zh)
    assert not re.search(r"[\u4e00-\u9fff]", phrase.en)
    places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (phrase.zh, phrase.en)]
    assert places[0] == places[1]


@pytest.mark.parametrize(
    "key", [*(f"mode_{one}_about" for one in get_args(Mode)), *(f"order_{one}" for one in get_args(Order))]
)
def test_every_choice_of_the_start_page_has_words(key: str) -> None:
    assert key in WORDS


def test_every_word_is_used() -> None:
    built = re.compile(r"(nav|mode|order|level|decided|export|error|help)_\w+")
    unused = [
        key
        for key in WORDS
        if f"'{key}'" not in TEXT
        and f'"{key}",' not in TEXT
        and f't("{key}")' not in TEXT
        and not built.fullmatch(key)
    ]
    assert unused == []


def test_words_are_filled_in() -> None:
    assert say("take", "en", letter="A") == "Take A"
    assert (say_duration(20, "en"), say_duration(9000, "zh")) == ("1 min", "2.5 小时")
