"""`code` writes a true, complete result folder, the same bytes however often it is killed."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.errors import DocumentError, ModelError, OutputError, SettingsError
from policy_nlp.exchange import codings
from policy_nlp.exchange.result_folder import PROJECT, REPORT, RESULT_FILES
from policy_nlp.files import sha256_of_file
from policy_nlp.operations import code
from policy_nlp.operations.code import CodeResult, code_documents
from policy_nlp.operations.export import export_codings
from policy_nlp.records import LEVELS, PREDICTED_LEVELS
from policy_nlp.settings.commands import CodeSettings, ExportSettings
from policy_nlp.settings.engine import EngineSettings

PARQUET = ("documents.parquet", "sentences.parquet")
PARTS = (
    "推进基础研究原始创新",
    "支持龙头企业牵头组建创新联合体",
    "加快成果转化应用",
    "开展重大科技项目攻关",
    "今天天气好",
)


def write_inputs(folder: Path, *, n_sentences: int = 40) -> Path:
    folder.mkdir(parents=True)
    sentences = [f"{PARTS[i % 5]}{PARTS[i // 5 % 5]}第{i}项。" for i in range(n_sentences)]
    (folder / "甲.txt").write_text("关于加快建设的意见\n" + "".join(sentences), encoding="utf-8")
    (folder / "乙.txt").write_text("（一）推進創(chuàng)新。支持領(l?ng)軍企業。\n——", encoding="gb18030")
    (folder / "丙.txt").write_text("=推进建设，见 https://example.org/a?b=1。\n-加快发展。", encoding="utf-8")
    (folder / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    return folder


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> CodeResult:
    """One coded folder for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("read-only")
    inputs = write_inputs(folder / "inputs")
    return code_documents(CodeSettings((inputs,), folder / "out", model=str(tiny_model_path)))


@pytest.fixture
def settings(tmp_path: Path, tiny_model_path: Path) -> CodeSettings:
    inputs = write_inputs(tmp_path / "inputs")
    return CodeSettings((inputs,), tmp_path / "out", model=str(tiny_model_path))


@pytest.fixture
def coded(settings: CodeSettings) -> CodeResult:
    return code_documents(settings)


def test_the_folder_holds_the_contracted_files_and_nothing_else(read_only: CodeResult) -> None:
    assert {path.name for path in read_only.out.iterdir()} == {*RESULT_FILES, "manifest.json"}
    assert not [path for path in read_only.out.parent.iterdir() if path.name.startswith(".")]


def test_every_sentence_is_the_text_of_its_document_under_its_span(read_only: CodeResult) -> None:
    documents = {row["document_id"]: row for row in pq.read_table(read_only.out / PARQUET[0]).to_pylist()}
    sentences = pq.read_table(read_only.out / PARQUET[1]).to_pylist()
    assert len(documents) == 3
    for sentence in sentences:
        text = documents[sentence["document_id"]]["text"]
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
    counted = {key: sum(s["document_id"] == key for s in sentences) for key in documents}
    assert counted == {key: row["n_sentences"] for key, row in documents.items()}


def test_columns_are_those_of_the_contract(read_only: CodeResult) -> None:
    documents, sentences = (pq.read_schema(read_only.out / name) for name in PARQUET)
    contracted = "document_id path title format encoding sha256 text n_sentences warnings issuer region year"
    assert {*contracted.split(), "document_number"} <= set(documents.names)
    assert sentences.names[:5] == ["document_id", "sentence_id", "start", "end", "text"]
    assert sentences.field("initial").type == pa.list_(pa.string())
    scores = sentences.field("scores").type
    assert [scores.field(i).name for i in range(scores.num_fields)] == list(read_only.codebook.code_ids)
    assert {scores.field(i).type for i in range(scores.num_fields)} == {pa.float32()}


def test_a_segment_without_words_has_status_empty_and_no_scores(read_only: CodeResult) -> None:
    rows = pq.read_table(read_only.out / PARQUET[1]).to_pylist()
    empty = [row for row in rows if row["status"] == "empty"]
    assert [row["text"] for row in empty] == ["——"]
    assert empty[0]["scores"] is None
    assert empty[0]["initial"] == []


def read_codings_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_and_xlsx_hold_each_coding_of_the_sentences_once(read_only: CodeResult) -> None:
    expected = [
        (row["sentence_id"], level, code_id, round(row["scores"][code_id], 4))
        for row in pq.read_table(read_only.out / PARQUET[1]).to_pylist()
        for level in PREDICTED_LEVELS
        for code_id in row[level]
    ]
    assert expected
    rows = read_codings_csv(read_only.out / "codings.csv")
    found = [(r["sentence_id"], r["level"], r["code_id"], round(float(r["score"]), 4)) for r in rows]
    assert found == expected
    sheet = openpyxl.load_workbook(read_only.out / "codings.xlsx").active
    assert sheet is not None
    assert sheet.max_row - 1 == len(expected)


def test_each_initial_category_is_shown_with_its_chinese_name_and_main_category(
    read_only: CodeResult,
) -> None:
    for row in read_codings_csv(read_only.out / "codings.csv"):
        found = read_only.codebook.find(row["code_id"])
        assert row["code_name"] == found.name_zh
        assert row["main_id"] == (found.parent_id or "" if row["level"] == "initial" else "")


def test_csv_begins_with_a_byte_order_mark_and_no_cell_with_a_formula(read_only: CodeResult) -> None:
    content = (read_only.out / "codings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in read_codings_csv(read_only.out / "codings.csv") for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in "=@+" and cell]


def test_a_full_excel_sheet_ends_with_a_note_and_the_csv_has_all(
    read_only: CodeResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codings, "MAX_ROWS", 4)
    warnings = codings.write_codings(tmp_path / "codings.xlsx", read_only.out, codebook=read_only.codebook)
    sheet = openpyxl.load_workbook(tmp_path / "codings.xlsx").active
    assert sheet is not None
    assert sheet.max_row == 4
    assert "3 of the" in warnings[-1]


def test_the_manifest_hashes_counts_and_explains(read_only: CodeResult) -> None:
    content = json.loads((read_only.out / "manifest.json").read_text(encoding="utf-8"))
    for output in content["outputs"]:
        assert sha256_of_file(read_only.out / output["path"]) == output["sha256"]
    assert [output["path"] for output in content["outputs"]] == list(RESULT_FILES)
    assert [entry["path"] for entry in content["skipped"]] == ["图.png"]
    assert content["run"]["codebook_sha256"] == read_only.codebook.digest
    assert {"policy-nlp", "python", "torch", "transformers"} <= set(content["versions"])
    counts = content["counts"]
    rows = pq.read_table(read_only.out / PARQUET[1]).to_pylist()
    assert counts["n_rows"] == len(rows) == counts["n_coded"] + counts["n_uncoded"] + counts["n_empty"]
    n_of = {count["code_id"]: count["n_rows"] for count in counts["codes"]}
    for level in LEVELS:
        for code_id in read_only.codebook.ids(level):
            assert n_of[code_id] == sum(code_id in row[level] for row in rows)


def test_a_finished_folder_is_left_alone(coded: CodeResult, settings: CodeSettings) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in coded.out.iterdir()}
    again = code_documents(settings)
    assert again.was_finished
    assert again.manifest == coded.manifest
    assert {path.name: path.stat().st_mtime_ns for path in coded.out.iterdir()} == before


def test_the_sentences_the_model_could_not_read_to_their_end_are_counted(settings: CodeSettings) -> None:
    (settings.inputs[0] / "丁.txt").write_text("推进建设，" * 40 + "。\n短句。", encoding="utf-8")
    assert code_documents(settings).manifest.counts.n_truncated == 1


def test_another_input_or_setting_is_refused_unless_forced(coded: CodeResult, settings: CodeSettings) -> None:
    (settings.inputs[0] / "丁.txt").write_text("开展应用。", encoding="utf-8")
    with pytest.raises(OutputError, match="not the same: inputs"):
        code_documents(settings)
    with pytest.raises(OutputError, match="inputs, --text-column"):
        code_documents(replace(settings, text_column="正文"))
    assert code_documents(replace(settings, is_forced=True)).manifest.n_documents == 4


def test_a_finished_folder_that_lost_a_file_is_said_to_be_incomplete(
    coded: CodeResult, settings: CodeSettings
) -> None:
    (coded.out / "codings.csv").unlink()
    with pytest.raises(OutputError, match=r"codings\.csv of this finished result is gone"):
        code_documents(settings)


def test_a_lost_project_can_be_written_alone_with_the_same_bytes(
    coded: CodeResult, settings: CodeSettings
) -> None:
    project = coded.out / PROJECT
    before = project.read_bytes()
    project.unlink()
    with pytest.raises(OutputError, match=r"or write it alone: policy-nlp export \S+ --out \S+project\.qdpx"):
        code_documents(settings)
    export_codings(ExportSettings((coded.out,), project))
    assert project.read_bytes() == before
    code_documents(settings)


def test_a_folder_of_a_version_without_report_is_told_the_command_that_writes_it(
    coded: CodeResult, settings: CodeSettings
) -> None:
    report = coded.out / REPORT
    report.unlink()
    with pytest.raises(OutputError, match=r"or write it alone: policy-nlp report \S+out\."):
        code_documents(settings)
    (coded.out / PROJECT).unlink()
    with pytest.raises(OutputError, match=r"policy-nlp export .*project\.qdpx ; policy-nlp report \S+out\."):
        code_documents(settings)


def test_coding_draws_no_pictures(tmp_path: Path, tiny_model_path: Path) -> None:
    inputs = write_inputs(tmp_path / "inputs")
    program = (
        "import sys; from pathlib import Path; from policy_nlp.operations.code import code_documents;"
        "from policy_nlp.settings.commands import CodeSettings;"
        f"code_documents(CodeSettings((Path({str(inputs)!r}),), Path({str(tmp_path / 'out')!r}), "
        f"model={str(tiny_model_path)!r})); assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert (tmp_path / "out" / REPORT).exists()


def test_files_of_other_origin_are_not_overwritten(settings: CodeSettings) -> None:
    settings.out.mkdir()
    (settings.out / "codings.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"no manifest\.json"):
        code_documents(settings)
    assert (settings.out / "codings.csv").read_text(encoding="utf-8") == "mine"


def test_an_output_among_the_inputs_is_refused(settings: CodeSettings) -> None:
    with pytest.raises(OutputError, match="lies in the input"):
        code_documents(replace(settings, out=settings.inputs[0] / "out"))


def test_the_current_folder_can_take_the_result(
    settings: CodeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    code_documents(replace(settings, out=Path()))
    assert (tmp_path / "here" / "manifest.json").is_file()


def test_a_device_that_is_not_there_leaves_no_unfinished_folder(settings: CodeSettings) -> None:
    with pytest.raises(SettingsError, match="CUDA"):
        code_documents(replace(settings, engine=EngineSettings(device="cuda")))
    assert not settings.out.exists() or not any(settings.out.iterdir())


def test_when_no_input_can_be_read_the_reasons_are_given_and_nothing_is_left(
    settings: CodeSettings, tmp_path: Path
) -> None:
    unreadable = replace(settings, inputs=(settings.inputs[0] / "图.png", tmp_path / "无.txt"))
    with pytest.raises(DocumentError, match=r"(?s)none of the inputs could be read.*图\.png.*无\.txt"):
        code_documents(unreadable)
    assert not settings.out.exists()


def test_a_codebook_with_other_codes_than_the_models_is_refused(
    settings: CodeSettings, tmp_path: Path, tiny_model_path: Path
) -> None:
    text = (tiny_model_path / "codebook.yaml").read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("basic_research_original_innovation", "basic_research"), encoding="utf-8")
    with pytest.raises(ModelError, match="basic_research"):
        code_documents(replace(settings, codebook_path=other))


def test_two_folders_of_one_input_have_the_same_parquet_and_codings(
    coded: CodeResult, settings: CodeSettings, tmp_path: Path
) -> None:
    second = code_documents(replace(settings, out=tmp_path / "second"))
    assert [path.sha256 for path in second.manifest.outputs] == [
        path.sha256 for path in coded.manifest.outputs
    ]


class Stopped(BaseException):
    """Stands for a kill at a moment the test chooses."""


@pytest.mark.parametrize("n_steps", [0, 1, 3])
def test_a_broken_off_run_goes_on_and_gives_the_same_bytes(
    settings: CodeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_steps: int
) -> None:
    monkeypatch.setattr(code, "SHARD_SENTENCES", 8)
    undisturbed = code_documents(replace(settings, out=tmp_path / "undisturbed"))
    steps: list[int] = []

    def stop(n_done: int, n_total: int | None) -> None:
        steps.append(n_done)
        if len(steps) > n_steps:
            raise Stopped

    with pytest.raises(Stopped):
        code_documents(settings, stop)
    assert not (settings.out / "manifest.json").exists()
    resumed = code_documents(settings)
    assert resumed.n_resumed == 8 * n_steps
    assert resumed.manifest.outputs == undisturbed.manifest.outputs


def test_a_run_stopped_while_files_are_put_in_place_goes_on(
    settings: CodeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = code_documents(replace(settings, out=tmp_path / "undisturbed"))
    with monkeypatch.context() as patched:
        patched.setattr(code, "manifest_json", lambda _: (_ for _ in ()).throw(Stopped))
        with pytest.raises(Stopped):
            code_documents(settings)
    assert (settings.out / "sentences.parquet").exists()
    assert code_documents(settings).manifest.outputs == undisturbed.manifest.outputs


def test_a_broken_off_run_of_other_inputs_is_refused(
    settings: CodeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(code, "find_first_missing_row", lambda *_: (_ for _ in ()).throw(Stopped))
        with pytest.raises(Stopped):
            code_documents(settings)
    (settings.inputs[0] / "丁.txt").write_text("开展应用。", encoding="utf-8")
    with pytest.raises(OutputError, match="not the same: inputs"):
        code_documents(settings)
    assert code_documents(replace(settings, is_forced=True)).manifest.n_documents == 4


RUN_SLOWLY = """
import sys, time
from pathlib import Path
from policy_nlp.operations import code
from policy_nlp.settings.commands import CodeSettings, ExportSettings
from policy_nlp.settings.engine import EngineSettings
code.SHARD_SENTENCES = 64
inputs, out, model = map(Path, sys.argv[1:])
settings = CodeSettings((inputs,), out, model=str(model), engine=EngineSettings(device="cpu", n_threads=1))
code.code_documents(settings, lambda n_done, n_total: time.sleep(0.05))
"""


@pytest.mark.slow
def test_a_process_killed_again_and_again_leaves_the_bytes_of_an_undisturbed_run(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    inputs = write_inputs(tmp_path / "inputs", n_sentences=1500)

    def start(out: Path) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-c", RUN_SLOWLY, str(inputs), str(out), str(tiny_model_path)]
        return subprocess.Popen(arguments, stdout=subprocess.DEVNULL)

    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(undisturbed).wait(timeout=300) == 0
    for n_shards in (1, 9):
        process = start(killed)
        wait_for_shards(killed, n_shards, process)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
        assert not (killed / "manifest.json").exists()
    assert start(killed).wait(timeout=300) == 0
    assert {path.name for path in killed.iterdir()} == {path.name for path in undisturbed.iterdir()}
    for name in RESULT_FILES:
        assert (killed / name).read_bytes() == (undisturbed / name).read_bytes(), name


def wait_for_shards(out: Path, n_shards: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while len(list(out.glob(".partial/*/rows-*.parquet"))) < n_shards:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_no_utf8_do_not_end_the_run(settings: CodeSettings) -> None:
    folder = settings.inputs[0]
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("推进基础研究。", encoding="utf-8")
    (folder / "loop").symlink_to("loop")
    result = code_documents(settings)
    paths = pq.read_table(result.out / PARQUET[0]).column("path").to_pylist()
    assert "\ufffd.txt" in paths
    assert "loop" in [entry.path for entry in result.manifest.skipped]


def test_a_link_to_itself_is_a_missing_input(settings: CodeSettings, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    result = code_documents(replace(settings, inputs=(*settings.inputs, tmp_path / "loop")))
    assert result.manifest.run.inputs[1].sha256 == "missing"
