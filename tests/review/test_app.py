from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from policy_nlp.errors import ReviewError
from policy_nlp.review import app as app_module
from policy_nlp.review.app import open_listening_socket
from policy_nlp.review.names import LONGEST_NOTE
from policy_nlp.review.records import QueueOptions, Seat
from review.clients import Visitor, open_visitor
from review.folders import CODEBOOK, abstain_on, make_review_folder, write_review_folder

PAGES = ("/", "/code", "/overview", "/adjudicate", "/agreement", "/codebook", "/export")


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with open_visitor(make_review_folder(tmp_path / "coded")) as found:
        yield found


def code_first(visitor: Visitor, work: dict[str, str], **fields: object) -> str:
    unit_id = visitor.unit_of(visitor.get("/code", **work))
    assert visitor.post("/decide", unit_id=unit_id, seconds="2.5", **work, **fields).status_code == 303
    return unit_id


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages_and_names_the_reconstruction(
    visitor: Visitor, path: str, language: str
) -> None:
    work = visitor.sign_in("李明", "assisted")
    visitor.post("/language", language=language, back="/")
    answer = visitor.get(path, **work)
    assert answer.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh" else "en"}"' in answer.text
    assert CODEBOOK.status in unescape(answer.text)


def test_an_assisted_coder_reads_what_the_model_left_undecided_and_a_blind_one_does_not(
    tmp_path: Path,
) -> None:
    folder = make_review_folder(tmp_path / "coded")
    abstain_on(folder, 1, ["path_1"])
    with open_visitor(folder) as visitor:
        assert "模型弃权（有编码未判定）：1 句" in visitor.get("/").text
        for mode, is_told in (("assisted", True), ("blind", False)):
            work = visitor.sign_in("李明", mode)
            shown = visitor.get("/code", **work, unit="d0-00001").text
            assert ("模型未判定，请您判断" in shown) == is_told


def test_a_decision_is_in_the_store_before_the_answer(visitor: Visitor) -> None:
    work = visitor.sign_in("李明")
    unit_id = code_first(visitor, work, initial=["government_support"], paths=["path_1"], note=" 想 ")
    decision = visitor.store.current(Seat("李明", "blind"), unit_id)
    assert decision is not None
    assert (decision.codes.initial, decision.codes.paths) == (("government_support",), ("path_1",))
    assert (decision.note, decision.seconds) == ("想", 2.5)
    assert visitor.unit_of(visitor.get("/code", **work)) != unit_id


def test_undo_returns_to_the_unit_with_what_was_chosen(visitor: Visitor) -> None:
    work = visitor.sign_in("李明")
    unit_id = code_first(visitor, work, initial=["government_support"], note="想")
    answer = visitor.post("/undo", **work)
    page = visitor.client.get(answer.headers["Location"], base_url="http://127.0.0.1:8000")
    assert visitor.unit_of(page) == unit_id
    assert re.findall(r'value="(\w+)" checked', page.text) == ["government_support"]
    assert ">想</textarea>" in page.text
    assert visitor.store.counting() == ()
    assert visitor.post("/undo", **work).status_code == 303  # nothing is left: no fault


def test_undo_brings_the_longest_note_back_whole(visitor: Visitor) -> None:
    work, note = visitor.sign_in("李明"), "长" * LONGEST_NOTE
    assert f'maxlength="{LONGEST_NOTE}"' in visitor.get("/code", **work).text
    code_first(visitor, work, note=note)
    address = visitor.post("/undo", **work).headers["Location"]
    assert len(address) < 32 * 1024  # the server takes no longer headers
    assert f">{note}</textarea>" in visitor.client.get(address, base_url="http://127.0.0.1:8000").text


def test_skipped_units_come_back_when_asked_for(visitor: Visitor) -> None:
    work = visitor.sign_in("李明")
    skipped = [code_first(visitor, work, kind="skipped") for _ in range(2)]
    again = {**work, "only_skipped": "1"}
    assert visitor.unit_of(visitor.get("/code", **again)) == skipped[0]
    assert visitor.unit_of(visitor.get("/code", after=skipped[0], **again)) == skipped[1]


def test_a_page_that_another_window_has_overtaken_is_refused(visitor: Visitor) -> None:
    work = visitor.sign_in("李明")
    unit_id = code_first(visitor, work, initial=["government_support"])
    answer = visitor.post("/decide", unit_id=unit_id, seen="0", initial="market_competition", **work)
    assert answer.status_code == 400
    assert "another window" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_id": "nothing"}, {"initial": "nothing"}, {"initial": "path_1"}, {"kind": "settled"},
        {"seconds": "nan"}, {"seconds": "-1"}, {"seconds": "soon"}, {"seen": "-1"}, {"seen": "9" * 30},
        {"coder": ""}, {"coder": "nobody"}, {"mode": "open"}, {"order": "x"}, {"sample": "1e9"},
        {"note": "长" * 5000},
    ],
)  # fmt: skip
def test_a_form_that_no_page_sends_is_refused_and_changes_nothing(
    visitor: Visitor, wrong: dict[str, str]
) -> None:
    work = visitor.sign_in("李明")
    fields = {"unit_id": visitor.store.columns.unit_ids[0], **work, **wrong}
    assert visitor.post("/decide", **fields).status_code == 400
    assert visitor.store.counting() == ()


def test_a_blind_page_holds_nothing_of_the_model_and_an_assisted_one_is_filled_in(visitor: Visitor) -> None:
    blind, assisted = visitor.sign_in("李明"), visitor.sign_in("李明", "assisted")
    n_filled = 0
    for unit_id in visitor.store.columns.unit_ids:
        page = visitor.get("/code", unit=unit_id, **blind).text
        assert not re.search(r'checked|class="score"|<meter|code model|tiny', page)
        n_filled += visitor.get("/code", unit=unit_id, **assisted).text.count(" checked")
    assert n_filled > 0
    assert visitor.get("/code", only_coded="1", **blind).status_code == 400


def test_a_blind_coder_who_asks_for_coded_sentences_gets_all(visitor: Visitor) -> None:
    answer = visitor.post("/sign-in", coder="李明", mode="blind", only_coded="1")
    assert "only_coded" not in answer.headers["Location"]


def test_settled_codes_are_gold_and_can_be_taken_back(visitor: Visitor) -> None:
    works = [visitor.sign_in("李明"), visitor.sign_in("王芳")]
    for work, code_id in zip(works, ("government_support", "market_competition"), strict=True):
        unit_id = code_first(visitor, work, initial=[code_id])
    page = visitor.get("/adjudicate", **works[0])
    assert visitor.unit_of(page) == unit_id
    assert "王芳" in page.text
    visitor.post("/settle", unit_id=unit_id, initial="market_competition", **works[0])
    gold = visitor.get("/download/gold.jsonl", **works[0])
    assert gold.headers["Content-Disposition"] == 'attachment; filename="coded-gold-blind.jsonl"'
    assert gold.json if gold.is_json else '"initial": ["market_competition"]' in gold.text
    visitor.post("/unsettle", **works[0])
    assert visitor.unit_of(visitor.get("/adjudicate", **works[0])) == unit_id


def test_what_documents_and_coders_write_is_escaped(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>\"'&"
    with open_visitor(write_review_folder(tmp_path / "coded", [[bad, f"{bad}支持攻关。"]])) as visitor:
        work = visitor.sign_in(bad)
        code_first(visitor, work, note=bad)
        for path in PAGES:
            page = visitor.get(path, **work).text
            assert "<script>alert" not in page
            assert not re.search(r"\son\w+=|style=|<script>", page)


def test_a_download_has_a_safe_name(tmp_path: Path) -> None:
    with open_visitor(make_review_folder(tmp_path / '甲 "x";省')) as visitor:
        work = visitor.sign_in("李明")
        code_first(visitor, work)
        header = visitor.get("/download/coders.jsonl", **work).headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', header)


@pytest.mark.parametrize("name", ["gold.exe", "all.jsonl", "../x.jsonl", "gold.jsonl/.."])
def test_only_the_listed_downloads_are_there(visitor: Visitor, name: str) -> None:
    work = visitor.sign_in("李明")
    assert visitor.get(f"/download/{name}", **work).status_code in (400, 404)


def test_a_taken_port_is_an_error_that_says_so() -> None:
    with (
        open_listening_socket("127.0.0.1", 0) as first,
        pytest.raises(ReviewError, match="taken by another program"),
    ):
        open_listening_socket("127.0.0.1", first.getsockname()[1])


def test_port_0_takes_another_where_the_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(app_module, "USUAL_PORT", other.getsockname()[1])
        with open_listening_socket("127.0.0.1", 0) as found:
            assert found.getsockname()[1] != other.getsockname()[1]


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(ReviewError, match="address of this machine"):
        open_listening_socket("192.0.2.1", 0)


def test_a_blind_coder_learns_nothing_of_the_model_before_the_queue_is_done(visitor: Visitor) -> None:
    work = visitor.sign_in("李明")
    code_first(visitor, work, initial=["government_support"])
    assert visitor.store.model not in visitor.get("/agreement", **work).text
    assert visitor.get("/download/coders.qdpx", **work).status_code == 400
    assert visitor.get("/download/coders.jsonl", **work).status_code == 200
    n_left = visitor.store.state(Seat("李明", "blind"), QueueOptions()).n_units - 1
    for _ in range(n_left):
        code_first(visitor, work)
    assert visitor.store.model in visitor.get("/agreement", **work).text
    assert visitor.get("/download/coders.qdpx", **work).status_code == 200
