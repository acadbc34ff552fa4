from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.analysis.keyword_result import KeywordsResult
from policy_nlp.codebook import Codebook
from policy_nlp.errors import CorpusError, OutputError, SettingsError
from policy_nlp.operations.keywords import FIGURES, KEYWORDS_CSV, PAGE, find_keywords
from policy_nlp.settings.keywords import KeywordsSettings
from tests.operations.coded_folders import make_coded_folder

TEXTS = {
    "d1": "关于支持创新联合体的意见\n支持企业组建创新联合体。企业设立海洋实验室。\n培养海洋人才。",
    "d2": "海洋条例\n企业保护海洋环境。\n创新联合体转化海洋技术。",
    "d3": "人才办法\n培养青年人才。\n企业引进人才，转化技术。",
}
CODED = "支持企业组建创新联合体。"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def coded(tmp_path: Path, shipped_codebook: Codebook) -> Path:
    codes = {CODED: (shipped_codebook.ids("initial")[0],)}
    return make_coded_folder(tmp_path / "coded", shipped_codebook, codes, texts=TEXTS)


def settings_for(path: Path, **others: object) -> KeywordsSettings:
    values = {"min_count": 1, "min_documents": 1, "with_new_words": False, **others}
    return KeywordsSettings((path,), path.parent / "out", **values)  # type: ignore[arg-type]


def counts(result: KeywordsResult) -> dict[str, tuple[int, int]]:
    return {word.text: (word.count, word.n_documents) for word in result.keywords}


def test_documents_and_their_coded_folder_have_the_same_keywords(documents: Path, coded: Path) -> None:
    plain = find_keywords(settings_for(documents))
    folder = find_keywords(settings_for(coded, is_forced=True))
    assert counts(plain) == counts(folder)
    assert counts(plain)["海洋"] == (4, 2)  # 海洋环境 is a word of its own in jieba
    assert counts(plain)["创新联合体"] == (3, 2)
    assert (plain.models, folder.models[0].name) == ((), "policy-zh")


def test_a_code_limits_the_sentences_that_count(coded: Path, shipped_codebook: Codebook) -> None:
    code_id = shipped_codebook.ids("initial")[0]
    for choice in ({"code_id": code_id}, {"code_id": shipped_codebook.ids("main")[0]}, {"level": "initial"}):
        result = find_keywords(settings_for(coded, is_forced=True, **choice))
        assert result.n_sentences == 1
        assert counts(result)["创新联合体"] == (1, 1)


def test_a_code_of_plain_documents_is_an_error_that_says_what_to_do(documents: Path) -> None:
    with pytest.raises(SettingsError, match="policy-nlp code"):
        find_keywords(settings_for(documents, level="main"))


def test_a_code_that_no_sentence_has_leaves_nothing_to_count(coded: Path, shipped_codebook: Codebook) -> None:
    with pytest.raises(CorpusError, match="no sentence"):
        find_keywords(settings_for(coded, code_id=shipped_codebook.ids("initial")[-1]))


@pytest.mark.parametrize("window", ["sentence", "paragraph", "document"])
def test_the_window_is_the_same_for_documents_and_folders(documents: Path, coded: Path, window: str) -> None:
    plain = find_keywords(settings_for(documents, window=window, min_together=1))
    folder = find_keywords(settings_for(coded, window=window, min_together=1, is_forced=True))
    ties = [[(t.first, t.second, t.n_windows) for t in one.network.ties] for one in (plain, folder)]
    assert ties[0] == ties[1]
    n_windows = {"sentence": 10, "paragraph": 9, "document": 3}
    assert plain.network.n_windows == n_windows[window]


def test_lists_of_the_user_decide_words_stop_words_and_synonyms(documents: Path, tmp_path: Path) -> None:
    (tmp_path / "词").write_text("海洋实验室\n保护 3 v\n", encoding="utf-8")
    (tmp_path / "停").write_text("企业\n", encoding="utf-8")
    (tmp_path / "同").write_text("技术=人才\n", encoding="utf-8")
    result = find_keywords(
        settings_for(
            documents, dictionary_path=tmp_path / "词", stop_words_path=tmp_path / "停",
            synonyms_path=tmp_path / "同",
        )
    )  # fmt: skip
    found = counts(result)
    assert found["海洋实验室"] == (1, 1)
    assert "企业" not in found
    assert "人才" not in found
    assert found["技术"] == (5, 3)  # 引进人才 is a term of the codebook


def test_files_hold_what_the_result_holds(documents: Path) -> None:
    result = find_keywords(settings_for(documents, top=3))
    out = result.settings.out
    assert (out / KEYWORDS_CSV).read_bytes().startswith(b"\xef\xbb\xbf")
    rows = (out / KEYWORDS_CSV).read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == [word.text for word in result.keywords]
    value = json.loads((out / "keywords.json").read_text(encoding="utf-8"))
    assert [one["keyword"] for one in value["keywords"]] == [word.text for word in result.keywords]
    assert value["keywords"][0]["burst_strength"] is None
    page = (out / PAGE).read_text(encoding="utf-8")
    assert all(word.text in page for word in result.keywords[:3])
    assert (out / FIGURES / "network.svg").is_file()


def test_keywords_that_are_there_are_not_overwritten_unasked(documents: Path) -> None:
    find_keywords(settings_for(documents))
    with pytest.raises(OutputError, match="--force"):
        find_keywords(settings_for(documents))


def test_two_runs_give_the_same_tables_and_networks(documents: Path) -> None:
    out = find_keywords(settings_for(documents)).settings.out
    first = {
        path.name: path.read_bytes() for path in out.glob("*") if path.suffix in (".csv", ".graphml", ".txt")
    }
    find_keywords(settings_for(documents, is_forced=True))
    assert first == {name: (out / name).read_bytes() for name in first}


def test_inputs_that_cannot_be_read_are_an_error_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "leer.txt").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"leer\.txt"):
        find_keywords(settings_for(tmp_path / "leer.txt"))


def test_a_file_name_with_markup_stays_text_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "<script>alert(1)<script>.txt"
    path.write_text("企业培养人才。企业保护海洋。", encoding="utf-8")
    out = find_keywords(settings_for(path)).settings.out
    page = (out / PAGE).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
