from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from policy_nlp.errors import GoldError, OutputError, TooFewCodersError
from policy_nlp.operations.agree import agree
from tests.operations.agree_examples import FIRST, SECOND, TEXTS, settings_of, write_coders


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    return write_coders(tmp_path / "pair.jsonl", 甲=FIRST, 乙=SECOND)


def test_coders_of_one_file_are_compared_with_provenance(pair: Path) -> None:
    result = agree(settings_of(pair, seed=3))
    assert [summary.coder.coder_id for summary in result.report.coders] == ["甲", "乙"]
    assert [level.level for level in result.report.levels] == ["initial", "main", "paths"]
    assert result.report.levels[0].exact_match.value == pytest.approx(3 / 6)
    assert (result.report.n_documents, result.report.resampled) == (3, "documents")
    (source,) = result.source.inputs
    assert source.sha256 == hashlib.sha256(pair.read_bytes()).hexdigest()
    assert source.coder_ids == ("甲", "乙")
    assert result.source.model_signature is None
    assert result.report.bootstrap.seed == 3


def test_coders_of_two_files_are_matched_by_unit_and_keep_different_names(tmp_path: Path) -> None:
    first = write_coders(tmp_path / "a.jsonl", 甲=FIRST)
    second = write_coders(tmp_path / "b.jsonl", 甲=SECOND)
    report = agree(settings_of(first, second)).report
    assert [summary.coder.coder_id for summary in report.coders] == ["甲", "甲 (b.jsonl)"]
    assert report.n_units_shared == len(TEXTS)


def test_one_coder_is_too_few_and_the_message_says_how_to_mend_it(tmp_path: Path) -> None:
    path = write_coders(tmp_path / "a.jsonl", 甲=FIRST)
    with pytest.raises(TooFewCodersError, match=r"found 1 \(甲\).*--with-model"):
        agree(settings_of(path))


def test_only_the_named_coders_are_compared(tmp_path: Path) -> None:
    path = write_coders(tmp_path / "a.jsonl", 甲=FIRST, 乙=SECOND, 丙=FIRST)
    report = agree(settings_of(path, coders=("丙", "甲"))).report
    assert [summary.coder.coder_id for summary in report.coders] == ["甲", "丙"]
    assert report.levels[0].exact_match.value == 1


def test_an_unknown_coder_name_lists_those_there_are(pair: Path) -> None:
    with pytest.raises(GoldError, match="'丁'; the inputs hold 甲, 乙"):
        agree(settings_of(pair, coders=("丁",)))


def test_a_model_coder_is_compared_as_a_model(pair: Path) -> None:
    report = agree(settings_of(pair, model_coders=("乙",))).report
    assert [summary.coder.is_model for summary in report.coders] == [False, True]
    assert {part.model_id for part in report.human_model} == {"乙"}


def test_a_model_codes_the_same_units_and_joins_as_one_more_coder(pair: Path, tiny_model_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    settings = settings_of(pair, with_model=True, model=str(tiny_model_path))
    result = agree(settings, lambda n_done, n_total: steps.append((n_done, n_total)))
    assert [summary.coder.coder_id for summary in result.report.coders] == ["甲", "乙", "tiny"]
    assert result.report.coders[2].n_units == len(TEXTS)
    assert result.report.human_model[0].model_id == "tiny"
    assert len(result.report.human_model[0].replacements) == 2
    assert result.source.model_signature is not None
    assert steps[-1] == (6, 6)


def test_the_same_settings_give_the_same_numbers(pair: Path) -> None:
    assert repr(agree(settings_of(pair)).report) == repr(agree(settings_of(pair)).report)


def test_all_disagreements_are_in_the_report(pair: Path) -> None:
    assert len(agree(settings_of(pair)).report.disagreements) == 3


def test_characters_vendors_and_a_plan_are_there_when_asked_for(pair: Path) -> None:
    bare = agree(settings_of(pair))
    assert (bare.characters, bare.vendors, bare.plan) == (None, None, None)
    full = agree(settings_of(pair, unit="character", with_vendors=True, plan_width=0.5))
    assert full.characters is not None
    assert full.characters.n_characters == sum(len(text) for text in TEXTS)
    assert full.vendors is not None
    assert full.plan is not None
    assert full.plan.width == 0.5


def test_units_without_spans_cannot_be_compared_on_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "unit,coder,code\n1,a,government_support\n1,b,\n2,b,market_competition\n2,a,\n", encoding="utf-8"
    )
    with pytest.raises(TooFewCodersError, match="`doc_id`, `start`, `end`"):
        agree(settings_of(path, unit="character"))


def test_an_output_that_is_there_stops_the_run_before_any_work(pair: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.md"
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        agree(settings_of(tmp_path / "no such file", out=out))
    assert out.read_text(encoding="utf-8") == "mine"
    agree(settings_of(pair, out=out, is_forced=True))
    assert out.read_text(encoding="utf-8").startswith("# 编码一致性报告")


def test_json_of_a_real_comparison_has_no_nan(pair: Path) -> None:
    from policy_nlp.reports.agreement_json import agreement_json

    text = agreement_json(agree(settings_of(pair, unit="character", with_vendors=True, plan_width=0.5)))
    value = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert value["characters"]["n_documents"] >= 1
    assert value["plan"]["codes"]
    assert value["vendors"]["levels"]
