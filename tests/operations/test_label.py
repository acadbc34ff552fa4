import errno
import json
import multiprocessing
import os
import random
import signal
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policy_nlp.codebook import shipped_codebook_path
from policy_nlp.errors import MissingColumnError, ModelError, OutputError
from policy_nlp.operations.label import LabelResult, label_rows, label_table
from policy_nlp.operations.label_manifest import read_manifest
from policy_nlp.settings.commands import LabelSettings
from policy_nlp.tables.reading import open_table
from tests.operations.label_fakes import CODEBOOK, fake_predictor, hash_logits, sentences

N_ROWS = 100
LABELS = ["initial", "main", "dimensions", "paths", "scores", "status"]


def write_input(folder: Path, *, n_rows: int = N_ROWS) -> Path:
    path = folder / "in.parquet"
    pq.write_table(pa.table({"id": [f"{i:05d}" for i in range(n_rows)], "text": sentences(n_rows)}), path)
    return path


def settings_for(folder: Path, out: str = "out.parquet", **changes: object) -> LabelSettings:
    return LabelSettings(folder / "in.parquet", folder / out, shard_rows=16, **changes)  # type: ignore[arg-type]


def label(settings: LabelSettings, *, predictor=None) -> LabelResult:
    predictor = predictor or fake_predictor()
    codebook = predictor.model.codebook
    return label_rows(open_table(settings.input_path), predictor, codebook=codebook, settings=settings)


def stopping_after(n_calls: int, error: BaseException):
    calls: list[int] = []

    def compute_logits(texts):
        calls.append(len(texts))
        if len(calls) > n_calls:
            raise error
        return hash_logits(texts)

    return fake_predictor(compute_logits)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_input_row_is_one_output_row_in_order_with_its_columns(tmp_path: Path) -> None:
    write_input(tmp_path)
    result = label(settings_for(tmp_path))
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.names == ["id", "text", *LABELS]
    assert table.column("id").to_pylist() == [f"{i:05d}" for i in range(N_ROWS)]
    assert table.column("text").to_pylist() == sentences(N_ROWS)
    assert names_in(tmp_path) == ["in.parquet", "out.parquet", "out.parquet.manifest.json"]
    assert result.counts.n_rows == N_ROWS


def test_rows_without_usable_text_are_empty_and_have_no_scores(tmp_path: Path) -> None:
    table = pa.table({"text": ["支持企业。", None, "", "　\n", "？！"]})
    pq.write_table(table, tmp_path / "in.parquet")
    label(settings_for(tmp_path))
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["status"] == "empty" for row in found] == [False, True, True, True, True]
    assert [row["scores"] is None for row in found] == [False, True, True, True, True]


@pytest.mark.parametrize("out", ["out.parquet", "out.jsonl", "out.jsonl.gz", "out.csv", "out.xlsx", "out"])
def test_a_run_that_was_stopped_gives_the_bytes_of_one_that_was_not(tmp_path: Path, out: str) -> None:
    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()
        write_input(tmp_path / name)
    label(settings_for(tmp_path / "whole", out))
    for n_calls in (0, 2, 1):
        with pytest.raises(KeyboardInterrupt):
            label(
                settings_for(tmp_path / "stopped", out),
                predictor=stopping_after(n_calls, KeyboardInterrupt()),
            )
    assert not (tmp_path / "stopped" / out).exists()
    result = label(settings_for(tmp_path / "stopped", out))
    assert result.n_resumed == 48
    assert names_in(tmp_path / "stopped") == names_in(tmp_path / "whole")
    whole, stopped = tmp_path / "whole" / out, tmp_path / "stopped" / out
    names = [""] if whole.is_file() else names_in(whole)
    assert names
    for name in names:
        assert (whole / name).read_bytes() == (stopped / name).read_bytes()


def test_a_folder_holds_nothing_but_shards_so_that_any_reader_opens_it(tmp_path: Path) -> None:
    write_input(tmp_path)
    result = label(settings_for(tmp_path, "out"))
    assert names_in(tmp_path) == ["in.parquet", "out", "out.manifest.json"]
    assert pq.read_table(tmp_path / "out").num_rows == result.counts.n_rows


@pytest.mark.parametrize("out", ["out.parquet", "out"])
def test_a_finished_output_is_left_as_it_is(tmp_path: Path, out: str) -> None:
    write_input(tmp_path)
    first = label(settings_for(tmp_path, out))
    manifest = first.manifest_path.read_bytes()
    again = label(settings_for(tmp_path, out), predictor=stopping_after(0, AssertionError()))
    assert again.was_finished
    assert again.counts == first.counts
    assert again.manifest_path.read_bytes() == manifest


@pytest.mark.parametrize("out", ["out.parquet", "out"])
def test_output_of_other_settings_is_kept_unless_forced(tmp_path: Path, out: str) -> None:
    write_input(tmp_path)
    label(settings_for(tmp_path, out))
    other = fake_predictor(signature="fake:2")
    with pytest.raises(OutputError, match=r"not the same: signature.*--force"):
        label(settings_for(tmp_path, out), predictor=other)
    result = label(settings_for(tmp_path, out, is_forced=True), predictor=other)
    assert read_manifest(result.manifest_path).run.signature == "fake:2"


def test_output_of_another_input_is_kept(tmp_path: Path) -> None:
    write_input(tmp_path)
    label(settings_for(tmp_path))
    write_input(tmp_path, n_rows=N_ROWS - 1)
    with pytest.raises(OutputError, match="not the same: input_sha256"):
        label(settings_for(tmp_path))


def test_an_output_that_was_changed_since_is_not_taken_for_finished(tmp_path: Path) -> None:
    write_input(tmp_path)
    label(settings_for(tmp_path, "out.jsonl"))
    with (tmp_path / "out.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("{}\n")
    with pytest.raises(OutputError, match="was changed since"):
        label(settings_for(tmp_path, "out.jsonl"))


def test_a_folder_with_other_files_is_not_replaced_even_when_forced(tmp_path: Path) -> None:
    write_input(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds 'notes\.txt'"):
        label(settings_for(tmp_path, "out", is_forced=True))
    assert names_in(tmp_path / "out") == ["notes.txt"]


def test_a_kill_between_the_output_and_its_manifest_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_input(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("policy_nlp.operations.label_output.publish_manifest", raise_interrupt)
        with pytest.raises(KeyboardInterrupt):
            label(settings_for(tmp_path))
    assert names_in(tmp_path) == [".out.parquet.partial", "in.parquet", "out.parquet"]
    result = label(settings_for(tmp_path), predictor=stopping_after(0, AssertionError()))
    assert result.was_finished
    assert names_in(tmp_path) == ["in.parquet", "out.parquet", "out.parquet.manifest.json"]


def raise_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_full_disk_is_said_and_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_input(tmp_path)

    def write_some(path: Path, *_: object, **__: object) -> tuple[str, ...]:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("policy_nlp.operations.label_output.write_table", write_some)
        with pytest.raises(OutputError, match="disk is full"):
            label(settings_for(tmp_path))
    assert names_in(tmp_path) == [".out.parquet.partial", "in.parquet"]
    assert label(settings_for(tmp_path)).n_resumed == N_ROWS


def test_what_other_settings_left_unfinished_is_removed_at_the_end(tmp_path: Path) -> None:
    write_input(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        label(settings_for(tmp_path), predictor=stopping_after(2, KeyboardInterrupt()))
    result = label(settings_for(tmp_path), predictor=fake_predictor(signature="fake:2"))
    assert result.n_resumed == 0
    assert names_in(tmp_path) == ["in.parquet", "out.parquet", "out.parquet.manifest.json"]


def test_a_second_run_on_the_same_output_is_kept_out(tmp_path: Path) -> None:
    write_input(tmp_path)
    seen: list[str] = []

    def compute_logits(texts):
        with pytest.raises(OutputError, match="another run") as caught:
            label(settings_for(tmp_path))
        seen.append(caught.value.message)
        return hash_logits(texts)

    label(settings_for(tmp_path), predictor=fake_predictor(compute_logits))
    assert seen


def test_the_output_may_not_lie_in_the_input(tmp_path: Path) -> None:
    write_input(tmp_path)
    with pytest.raises(OutputError, match="lies in the input"):
        label(settings_for(tmp_path, "in.parquet", is_forced=True))


def test_errors_of_the_user_are_said_before_the_model_is_loaded(tmp_path: Path) -> None:
    write_input(tmp_path)
    with pytest.raises(MissingColumnError, match="'id', 'text'"):
        label_table(settings_for(tmp_path, text_column="内容", model="no such model"))
    with pytest.raises(OutputError, match="no table can be written"):
        label_table(settings_for(tmp_path, "out.docx", model="no such model"))


def test_a_codebook_with_other_codes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_input(tmp_path)
    first = CODEBOOK.ids("initial")[0]
    text = shipped_codebook_path().read_text(encoding="utf-8")
    (tmp_path / "codebook.yaml").write_text(text.replace(first, f"{first}_x"), encoding="utf-8")
    monkeypatch.setattr("policy_nlp.operations.label.load_model", lambda _: fake_predictor().model)
    with pytest.raises(ModelError, match=f"{first}_x"):
        label_table(settings_for(tmp_path, codebook_path=tmp_path / "codebook.yaml"))


def test_counts_are_those_of_the_rows(tmp_path: Path) -> None:
    write_input(tmp_path)
    counts = label(settings_for(tmp_path)).counts
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (counts.n_coded, counts.n_uncoded, counts.n_empty) == tuple(
        sum(row["status"] == status for row in rows) for status in ("coded", "uncoded", "empty")
    )
    assert counts.n_coded > 0
    for code in counts.codes:
        assert code.n_rows == sum(code.code_id in row[code.level] for row in rows)
    assert counts.n_truncated == sum(len(text) > 15 for text in sentences(N_ROWS))


def test_a_gold_file_keeps_its_own_codes_beside_the_new_ones(tmp_path: Path) -> None:
    line = {"id": "1", "text": "支持企业。", "initial": ["own"], "meta": {"page": 3}}
    (tmp_path / "in.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    result = label(LabelSettings(tmp_path / "in.jsonl", tmp_path / "out.jsonl"))
    row = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert row["input_initial"] == ["own"]
    assert row["meta"] == {"page": 3}
    assert list(row)[:4] == ["id", "text", "input_initial", "meta"]
    assert any("input_initial" in warning for warning in result.warnings)


def test_categories_of_pandas_are_kept_across_shards(tmp_path: Path) -> None:
    kinds = pa.array([f"k{i % 7}" for i in range(N_ROWS)]).dictionary_encode()
    pq.write_table(
        pa.table({"text": sentences(N_ROWS), "kind": kinds}), tmp_path / "in.parquet", row_group_size=9
    )
    label(settings_for(tmp_path))
    assert pq.read_table(tmp_path / "out.parquet").column("kind").to_pylist() == kinds.to_pylist()


def test_a_table_without_rows_is_labelled(tmp_path: Path) -> None:
    write_input(tmp_path, n_rows=0)
    assert label(settings_for(tmp_path)).counts.n_rows == 0
    assert pq.read_schema(tmp_path / "out.parquet").names == ["id", "text", *LABELS]


def test_formulas_in_the_input_do_not_run_in_the_output(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["=HYPERLINK(1)"], "by": ["@x"]}), tmp_path / "in.parquet")
    label(settings_for(tmp_path, "out.csv"))
    assert (
        (tmp_path / "out.csv")
        .read_text(encoding="utf-8-sig")
        .splitlines()[1]
        .startswith("'=HYPERLINK(1),'@x,")
    )
    label(settings_for(tmp_path, "out.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.data_type for cell in sheet[2][:2]] == ["s", "s"]


def run_until_killed(settings: LabelSettings) -> None:
    label(settings)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_kills_at_random_moments_never_change_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    write_input(tmp_path / "whole", n_rows=3000)
    write_input(tmp_path, n_rows=3000)
    label(replace(settings_for(tmp_path / "whole"), shard_rows=16))
    rng = random.Random(5)
    context = multiprocessing.get_context("fork")
    n_killed = 0
    for _ in range(12):
        process = context.Process(target=run_until_killed, args=(settings_for(tmp_path),))
        process.start()
        process.join(rng.uniform(0.02, 0.4))
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            n_killed += 1
        process.join()
    label(settings_for(tmp_path))
    assert n_killed > 0
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole" / "out.parquet").read_bytes()
    assert names_in(tmp_path) == ["in.parquet", "out.parquet", "out.parquet.manifest.json", "whole"]
