from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.gold import fold_of, write_coded_units
from policy_nlp.operations.evaluate import evaluate
from policy_nlp.records import CodedUnit
from policy_nlp.reports.evaluation_table import describe_source
from policy_nlp.settings.commands import EvaluateSettings
from policy_nlp.settings.engine import EngineSettings

TEXTS = (
    "省政府设立专项资金，支持龙头企业牵头组建创新联合体。",
    "面向国家战略需求，推进基础研究和原始创新。",
    "今天天气很好。",
    "推动产业链、创新链、资金链、人才链四链融合。",
    "加快科技成果转化，建设共性技术平台。",
    "会议讨论了办公室的座位。",
)
CODES = (
    ("government_support", "leading_enterprise_leadership"),
    ("national_strategic_demand", "basic_research_original_innovation"),
    (),
    ("chain_integration",),
    ("achievement_commercialization",),
    (),
)


def example_units() -> list[CodedUnit]:
    return [
        CodedUnit(f"u{row}", text, codes, (), None, document_id=f"doc-{row // 2}")
        for row, (text, codes) in enumerate(zip(TEXTS, CODES, strict=True))
    ]


@pytest.fixture
def gold_path(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    write_coded_units(path, example_units())
    return path


def test_a_model_is_held_against_gold_with_scores_and_provenance(
    gold_path: Path, tiny_model_path: Path, shipped_codebook: Codebook
) -> None:
    steps: list[tuple[int, int | None]] = []
    engine = EngineSettings(device="cpu", n_threads=1)
    settings = EvaluateSettings(gold_path, model=str(tiny_model_path), n_draws=50, engine=engine)
    result = evaluate(settings, lambda n_done, n_total: steps.append((n_done, n_total)))
    report = result.report
    assert [level.level for level in report.levels] == ["initial", "main", "dimensions"]
    assert report.left_out[0].level == "paths"
    assert (report.n_units, report.n_documents, report.resampled) == (6, 3, "document")
    assert report.levels[0].calibration_error.is_defined
    assert steps[-1] == (6, 6)
    assert result.source.predicted_by == "tiny"
    assert result.source.gold_sha256 == hashlib.sha256(gold_path.read_bytes()).hexdigest()
    assert result.source.codebook_sha256 == shipped_codebook.digest
    assert len(result.source.signature) > 64


def test_the_same_settings_give_the_same_numbers(gold_path: Path, tiny_model_path: Path) -> None:
    settings = EvaluateSettings(gold_path, model=str(tiny_model_path), n_draws=50, seed=3)
    assert repr(evaluate(settings).report) == repr(evaluate(settings).report)


def test_a_file_agrees_with_itself_fully(gold_path: Path) -> None:
    result = evaluate(EvaluateSettings(gold_path, predicted_path=gold_path, n_draws=50))
    for level in result.report.levels[:2]:
        assert level.micro_f1.value == level.exact_match.value == 1.0
        assert level.alpha_masi.value == pytest.approx(1.0)
    assert result.source.predicted_by == str(gold_path)


def test_one_coder_is_held_against_another(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text(
        '{"id": "1", "coder_a": {"initial": ["market_competition"]}, "coder_b": {"initial": []}}\n'
        '{"id": "2", "text": "乙。", "coder_a": {"initial": []}, "coder_b": {"initial": []}}\n',
        encoding="utf-8",
    )
    settings = EvaluateSettings(path, coder="coder_a", predicted_path=path, predicted_coder="coder_b")
    result = evaluate(settings)
    assert result.report.levels[0].exact_match.value == 0.5
    assert result.source.gold_coder == "coder_a"
    assert "coder_b" in result.source.predicted_by


def test_a_fold_takes_whole_documents(gold_path: Path) -> None:
    folds = [fold_of(f"doc-{number}", 2) for number in range(3)]
    wanted = folds[0]
    settings = EvaluateSettings(gold_path, predicted_path=gold_path, fold=wanted, n_draws=0)
    report = evaluate(settings).report
    assert report.n_documents == folds.count(wanted)
    assert report.n_units == 2 * folds.count(wanted)


def test_a_fold_without_documents_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    write_coded_units(path, example_units()[:1])
    empty = 1 - fold_of("doc-0", 2)
    with pytest.raises(GoldError, match="no document is in fold"):
        evaluate(EvaluateSettings(path, predicted_path=path, fold=empty))


def test_units_without_text_cannot_be_read_by_a_model(tmp_path: Path, tiny_model_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    write_coded_units(path, [dataclasses.replace(unit, text="") for unit in example_units()])
    with pytest.raises(GoldError, match="'u0' has no text"):
        evaluate(EvaluateSettings(path, model=str(tiny_model_path)))


def test_a_codebook_the_model_does_not_know_is_an_error(
    tmp_path: Path, gold_path: Path, tiny_model_path: Path
) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text(
        "main_categories:\n- {id: m, name_zh: 主, name_en: M, definition: 定义}\n"
        "initial_categories:\n- {id: strange_code, name_zh: 初, main_category: m, definition: 定义}\n",
        encoding="utf-8",
    )
    gold = tmp_path / "strange.jsonl"
    gold.write_text('{"id": "1", "text": "国家。", "initial": ["strange_code"]}\n', encoding="utf-8")
    with pytest.raises(ModelError, match="strange_code"):
        evaluate(EvaluateSettings(gold, model=str(tiny_model_path), codebook_path=path))


def test_gold_that_the_model_was_fitted_on_is_said(
    gold_path: Path, tiny_model_path: Path, tmp_path: Path
) -> None:
    model_path = tmp_path / "fitted"
    shutil.copytree(tiny_model_path, model_path)
    manifest = json.loads((model_path / "manifest.json").read_text(encoding="utf-8"))
    manifest["gold_sha256"] = {"gold.jsonl": hashlib.sha256(gold_path.read_bytes()).hexdigest()}
    (model_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for path, is_known in ((model_path, True), (tiny_model_path, False)):
        result = evaluate(EvaluateSettings(gold_path, model=str(path), n_draws=0))
        assert result.source.is_gold_known_to_model == is_known
        shown = "\n".join(describe_source(result.report, result.source))
        assert ("too kind" in shown) == is_known
