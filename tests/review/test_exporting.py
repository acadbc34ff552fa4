"""Exports hold what was decided, say whose and how, and other commands read them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_nlp.errors import OutputError, ReviewError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.gold.units import read_coded_units
from policy_nlp.operations.agree import agree
from policy_nlp.operations.evaluate import evaluate
from policy_nlp.reports.evaluation_table import describe_source
from policy_nlp.review.adjudication import settle
from policy_nlp.review.exporting import export_review
from policy_nlp.review.opening import open_review
from policy_nlp.review.records import Choice, CodeLists, QueueOptions, Seat
from policy_nlp.review.store import ReviewStore
from policy_nlp.settings.commands import AgreeSettings, EvaluateSettings
from policy_nlp.settings.review import ReviewExportSettings
from tests.review.folders import CODEBOOK, make_review_folder

GIVEN = CodeLists(("government_support",), (), (CODEBOOK.ids("paths")[0],))
OTHER = CodeLists((CODEBOOK.ids("initial")[0],))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReviewStore]:
    with open_review(make_review_folder(tmp_path / "out")) as opened:
        yield opened


def seat(store: ReviewStore, name: str = "甲") -> Seat:
    return Seat(store.sign_in(name), "blind")


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_decision_is_in_the_exported_gold_with_its_place(store: ReviewStore, tmp_path: Path) -> None:
    store.decide(seat(store), Choice("d1-00002", GIVEN, note="见第二条", seconds=3.21))
    store.decide(seat(store), Choice("d1-00003", kind="skipped"))
    out = tmp_path / "gold.jsonl"
    export_review(store, ReviewExportSettings(store.folder, out, decisions="gold"))
    (row,) = rows_of(out)
    unit = store.unit("d1-00002", mode="blind")
    assert row["text"] == unit.text == "支持第1批企业的第2项攻关。"
    assert (row["start"], row["end"], row["doc_id"]) == (unit.span.start, unit.span.end, "d1")
    assert (row["coder"], row["mode"], row["basis"], row["coded_by"]) == ("gold", "blind", "single", ["甲"])
    (read,) = read_coded_units(out, CODEBOOK)
    assert (read.initial, read.dimensions, read.paths) == (GIVEN.initial, (), GIVEN.paths)


def test_settled_gold_names_who_settled_it(store: ReviewStore, tmp_path: Path) -> None:
    store.decide(seat(store), Choice("d1-00002", GIVEN))
    store.decide(seat(store, "乙"), Choice("d1-00002", OTHER))
    out = tmp_path / "gold.jsonl"
    settings = ReviewExportSettings(store.folder, out, decisions="gold", is_forced=True)
    with pytest.raises(ReviewError, match="nothing was decided"):
        export_review(store, settings)
    settle(store, Choice("d1-00002", OTHER), mode="blind", settled_by="乙")
    export_review(store, settings)
    (row,) = rows_of(out)
    assert (row["basis"], row["settled_by"], row["initial"]) == ("settled", "乙", list(OTHER.initial))


def test_a_unit_decided_anew_after_it_was_settled_is_told(store: ReviewStore, tmp_path: Path) -> None:
    first = store.decide(seat(store), Choice("d1-00002", GIVEN))
    store.decide(seat(store, "乙"), Choice("d1-00002", OTHER))
    settle(store, Choice("d1-00002", OTHER), mode="blind", settled_by="乙")
    settings = ReviewExportSettings(store.folder, tmp_path / "g.jsonl", decisions="gold", is_forced=True)
    assert not any("decided anew" in note for note in export_review(store, settings).notes)
    time.sleep(0.002)  # decisions are dated to the millisecond
    store.decide(seat(store), Choice("d1-00002", OTHER, seen=first.number))
    assert any("decided anew" in note for note in export_review(store, settings).notes)


def test_a_coder_is_two_in_exports_blind_and_assisted(store: ReviewStore, tmp_path: Path) -> None:
    name = store.sign_in("甲")
    store.decide(Seat(name, "blind"), Choice("d1-00002", GIVEN))
    store.decide(Seat(name, "assisted"), Choice("d1-00002", OTHER))
    out = tmp_path / "coders.jsonl"
    exported = export_review(store, ReviewExportSettings(store.folder, out))
    assert exported.coder_ids == ("甲", "甲 (assisted)")
    assert any("too high to report" in note for note in exported.notes)
    report = agree(AgreeSettings((out,), n_draws=0)).report
    assert any("甲 (assisted)" in note and "caution" in note for note in report.notes)
    with pytest.raises(ReviewError, match="--blind or --assisted"):
        export_review(store, ReviewExportSettings(store.folder, tmp_path / "g.jsonl", decisions="gold"))


@pytest.mark.parametrize("ending", [".qdpx", ".csv", ".xlsx"])
def test_other_programs_get_the_decision_too(store: ReviewStore, tmp_path: Path, ending: str) -> None:
    store.decide(seat(store), Choice("d1-00002", GIVEN))
    out = tmp_path / f"coders{ending}"
    exported = export_review(store, ReviewExportSettings(store.folder, out))
    read = {one.coder.coder_id: one for one in read_coder_file(out, codebook_path=None).coders}
    assert "甲" in read
    assert [unit.initial for unit in read["甲"].units if unit.initial] == [GIVEN.initial]
    assert ("tiny 0.1.0" in exported.coder_ids) == (ending == ".qdpx")


def test_a_whole_sample_has_its_weight_and_a_part_of_it_a_warning(store: ReviewStore, tmp_path: Path) -> None:
    options = QueueOptions(n_sample=6, seed=4, skip_headings=True)
    settings = ReviewExportSettings(store.folder, tmp_path / "coders.jsonl", is_forced=True)
    for n_coded in range(1, 7):
        unit = store.next_unit(seat(store), options)
        assert unit is not None
        store.decide(seat(store), Choice(unit.unit_id, GIVEN))
        notes = export_review(store, settings).notes
        assert any("no random sample" in note for note in notes) == (n_coded < 6)
    assert [row["weight"] for row in rows_of(settings.out)] == [21 / 6] * 6
    others = [unit_id for unit_id in store.columns.unit_ids if unit_id not in store.sample(options).unit_ids]
    store.decide(seat(store), Choice(others[0], GIVEN))
    exported = export_review(store, settings)
    assert any("not drawn at random" in note for note in exported.notes)
    assert ["weight" in row for row in rows_of(settings.out)].count(False) == 1


def test_nothing_is_overwritten_unasked_and_no_unknown_form_is_written(
    store: ReviewStore, tmp_path: Path
) -> None:
    store.decide(seat(store), Choice("d1-00002", GIVEN))
    out = tmp_path / "coders.jsonl"
    export_review(store, ReviewExportSettings(store.folder, out))
    with pytest.raises(OutputError, match="--force"):
        export_review(store, ReviewExportSettings(store.folder, out))
    with pytest.raises(OutputError, match="docx"):
        export_review(store, ReviewExportSettings(store.folder, tmp_path / "a.docx"))


def test_evaluate_warns_of_gold_that_was_decided_with_a_models_codes(
    store: ReviewStore, tmp_path: Path
) -> None:
    store.decide(Seat(store.sign_in("甲"), "assisted"), Choice("d1-00002", GIVEN))
    out = tmp_path / "gold.jsonl"
    export_review(store, ReviewExportSettings(store.folder, out, decisions="gold"))
    result = evaluate(EvaluateSettings(out, predicted_path=out, n_draws=0))
    assert result.source.n_assisted == 1
    assert any("filled in" in line for line in describe_source(result.report, result.source))
