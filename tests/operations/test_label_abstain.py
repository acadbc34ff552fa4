"""`label --abstain` and `code --abstain`: what is undecided is said, kept apart, and never read as absent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from policy_nlp.analysis.frequencies import measure_overview
from policy_nlp.cli.main import run
from policy_nlp.codebook import Codebook
from policy_nlp.errors import ModelError, OutputError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.gold import read_coded_units
from policy_nlp.model.calibration_scores import CALIBRATION_SCORES
from policy_nlp.operations.code import code_documents
from policy_nlp.operations.label import LabelResult, label_table
from policy_nlp.operations.label_manifest import LabelRun, read_manifest
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit
from policy_nlp.settings.commands import CodeSettings, LabelSettings
from tests.operations.toy_abstention import train_toy, write_gold

RISK = 0.2


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_toy(tmp_path_factory.mktemp("abstain"))


@pytest.fixture(scope="module")
def table(trained: Path) -> Path:
    path = write_gold(trained.parent / "table.jsonl", 60, first=9000)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [{"id": row["id"], "text": row["text"]} for row in lines] + [{"id": "empty", "text": "——"}]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def label(table: Path, model: Path, out: Path, *, risk: float | None = RISK) -> LabelResult:
    return label_table(LabelSettings(table, out, model=str(model), risk=risk, shard_rows=16))


def left_open(row: dict[str, object], codebook: Codebook) -> set[str]:
    return {codebook.level_of(code_id) for code_id in row["undecided"]}  # type: ignore[attr-defined]


def test_rows_with_an_undecided_code_are_abstained_and_the_others_are_not(
    trained: Path, table: Path, tmp_path: Path
) -> None:
    result = label(table, trained, tmp_path / "out.parquet")
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert list(found[0])[-2:] == ["status", "undecided"]
    counts = dict.fromkeys(("coded", "uncoded", "abstained", "empty"), 0)
    for row in found:
        counts[row["status"]] += 1
        given = {code_id for level in PREDICTED_LEVELS for code_id in row[level]}
        assert not given & set(row["undecided"])
        assert (row["status"] == "abstained") == bool(row["undecided"])
        assert row["status"] != "uncoded" or not given
    assert 0 < counts["abstained"] < len(found)
    assert counts["empty"] == 1
    assert result.counts.n_abstained == counts["abstained"]
    n_open = sum(len(row["undecided"]) for row in found)
    assert sum(count.n_rows for count in result.counts.undecided) == n_open
    manifest = read_manifest(result.manifest_path)
    assert manifest is not None
    assert manifest.run.risk == RISK
    assert manifest.abstention == result.abstention


def test_without_a_risk_nothing_is_undecided_and_no_column_is_added(
    trained: Path, table: Path, tmp_path: Path
) -> None:
    result = label(table, trained, tmp_path / "out.parquet", risk=None)
    assert pq.read_table(tmp_path / "out.parquet").schema.names[-1] == "status"
    assert (result.counts.n_abstained, result.counts.undecided, result.abstention) == (0, (), None)


def test_another_risk_is_another_run(trained: Path, table: Path, tmp_path: Path) -> None:
    label(table, trained, tmp_path / "out.parquet")
    assert label(table, trained, tmp_path / "out.parquet").was_finished
    with pytest.raises(OutputError, match="not the same: risk"):
        label(table, trained, tmp_path / "out.parquet", risk=0.3)


def test_a_run_without_a_risk_keeps_the_key_it_had_before_there_was_one() -> None:
    run_before = LabelRun("i", "text", "s", "c", 4096, 2048, "parquet", False)
    assert run_before.shard_key == "b1793a9fc6306f15e2ca91b690e62f9ebaf9877f6e8e523d53d3f61b12fd4610"


@pytest.mark.parametrize("ending", [".parquet", ".jsonl", ".csv", ".xlsx"])
def test_a_level_with_an_undecided_code_is_read_as_not_coded(
    trained: Path, table: Path, tmp_path: Path, shipped_codebook: Codebook, ending: str
) -> None:
    label(table, trained, tmp_path / "out.parquet")
    label(table, trained, tmp_path / f"read{ending}")
    rows = {row["id"]: row for row in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    read = read_coder_file(tmp_path / f"read{ending}")
    (coder,) = read.coders
    units = {unit.unit_id: unit for unit in coder.units}
    _check_units(rows, units, shipped_codebook)
    assert any("undecided" in note for note in coder.notes)


def _check_units(rows: dict[str, dict[str, object]], units: dict[str, CodedUnit], codebook: Codebook) -> None:
    n_partly = 0
    for unit_id, row in rows.items():
        levels = left_open(row, codebook)
        if row["status"] == "empty" or levels == set(PREDICTED_LEVELS):
            assert unit_id not in units
            continue
        n_partly += bool(levels)
        for level in PREDICTED_LEVELS:
            codes = getattr(units[unit_id], level)
            assert codes == (None if level in levels else tuple(row[level]))  # type: ignore[arg-type]
    assert n_partly


def test_evaluate_compares_only_the_levels_that_were_decided(
    trained: Path, table: Path, tmp_path: Path, shipped_codebook: Codebook
) -> None:
    label(table, trained, tmp_path / "out.jsonl")
    units = read_coded_units(tmp_path / "out.jsonl", shipped_codebook)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    for unit, row in zip(units, rows, strict=True):
        for level in left_open(row, shipped_codebook):
            assert getattr(unit, level) is None


def test_a_model_without_calibration_scores_names_the_command(
    trained: Path, table: Path, tmp_path: Path
) -> None:
    bare = shutil.copytree(trained, tmp_path / "bare")
    (bare / CALIBRATION_SCORES).unlink()
    with pytest.raises(ModelError, match="policy-nlp calibrate"):
        label(table, bare, tmp_path / "out.parquet")
    assert not (tmp_path / "out.parquet").exists()


def test_the_command_tells_how_many_rows_abstained_and_what_each_code_lacks(
    trained: Path, table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["label", str(table), "--out", str(tmp_path / "out.csv"), "--model", str(trained)]
    assert run([*arguments, "--abstain", "0.2", "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert " abstained, 1 empty" in printed
    assert "to refuse" in printed
    assert run([*arguments, "--abstain", "0.2", "--quiet", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["abstention"]["risk"] == 0.2
    assert value["n_abstained"] > 0
    assert run([*arguments, "--abstain", "1.5"]) == 2


def test_a_result_folder_counts_abstained_sentences_apart(
    trained: Path, table: Path, tmp_path: Path, shipped_codebook: Codebook
) -> None:
    text = "\n".join(json.loads(line)["text"] for line in table.read_text(encoding="utf-8").splitlines())
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    settings = CodeSettings((tmp_path / "a.txt",), tmp_path / "out", model=str(trained), risk=RISK)
    result = code_documents(settings)
    assert result.manifest.counts.n_abstained > 0
    assert any("left undecided" in warning for warning in result.manifest.warnings)
    again = code_documents(settings)
    assert again.was_finished
    assert again.manifest.abstention == result.manifest.abstention
    corpus = read_corpus([tmp_path / "out"])
    assert measure_overview(corpus).n_abstained == result.manifest.counts.n_abstained
    assert corpus.is_undecided is not None
    assert int(corpus.is_undecided.any(axis=1).sum()) == result.manifest.counts.n_abstained
    rows = {
        row["sentence_id"]: row for row in pq.read_table(tmp_path / "out" / "sentences.parquet").to_pylist()
    }
    (coder,) = read_coder_file(tmp_path / "out").coders
    _check_units(rows, {unit.unit_id: unit for unit in coder.units}, shipped_codebook)
    with pytest.raises(OutputError, match="--abstain"):
        code_documents(CodeSettings((tmp_path / "a.txt",), tmp_path / "out", model=str(trained)))
