"""What comes with the package is there and is what the contract promises."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policy_nlp.codebook import CODE_LEVELS, FROM_PAPER, RECONSTRUCTED, Codebook, load_codebook
from policy_nlp.codebook import shipped_codebook_path as codebook_path
from policy_nlp.engine.predictor import open_predictor
from policy_nlp.model.trained import load_model
from policy_nlp.settings.engine import EngineSettings
from policy_nlp.shipped import shipped_path

PROJECT = Path(__file__).parents[1]
N_SENTENCES = 50


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(codebook_path())


def test_the_codebook_has_the_counts_of_the_contract(codebook: Codebook) -> None:
    counts = {level: len(codebook.codes(level)) for level in CODE_LEVELS}
    assert counts == {"main": 6, "initial": 19, "concepts": 33, "dimensions": 3, "paths": 5}


def test_the_codebook_states_the_counts_it_has(codebook: Codebook) -> None:
    text = codebook_path().read_text(encoding="utf-8")
    assert "initial_categories: 19" in text
    assert "concepts: 33" in text


def test_ids_are_unique_over_all_levels(codebook: Codebook) -> None:
    ids = [code.code_id for level in CODE_LEVELS for code in codebook.codes(level)]
    assert len(set(ids)) == len(ids) == 66


def test_every_main_category_has_an_initial_one_and_every_initial_one_a_concept(codebook: Codebook) -> None:
    assert {code.parent_id for code in codebook.initial} == set(codebook.ids("main"))
    assert {code.parent_id for code in codebook.concepts} == set(codebook.ids("initial"))


def test_names_from_the_paper_and_reconstructed_names_are_told_apart(codebook: Codebook) -> None:
    from_paper = {c.name_zh for c in codebook.initial if c.evidence_status == FROM_PAPER}
    assert from_paper == {"政府支持", "市场竞争", "行业集中度"}
    assert {c.evidence_status for c in codebook.concepts} == {RECONSTRUCTED}


def test_the_codebook_is_reached_from_another_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert codebook_path().is_absolute()
    assert codebook_path().is_file()


def test_an_installed_package_prefers_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "shipped" / "configs" / "codebook.yaml"
    own.parent.mkdir(parents=True)
    own.touch()
    monkeypatch.setattr("policy_nlp.shipped._PACKAGE", tmp_path)
    assert shipped_path("configs/codebook.yaml") == own
    assert shipped_path("models/none") == tmp_path.parent / "models" / "none"


def example_sentences() -> list[str]:
    """Sentences from all parts of data/examples.jsonl."""
    lines = (PROJECT / "data" / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [str(json.loads(line)["text"]) for line in lines]
    return texts[:: len(texts) // N_SENTENCES][:N_SENTENCES]


def codes_by_model_card(capsys: pytest.CaptureFixture[str], texts: list[str]) -> list[list[str]]:
    """What the Python of the model card prints for each text; only its line `text = ...` is changed."""
    card = (PROJECT / "models" / "policy-zh" / "README.md").read_text(encoding="utf-8")
    [snippet] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    loading, text_line, deciding = re.split(r"^(text = .*\n)", snippet, flags=re.MULTILINE)
    names: dict[str, object] = {}
    exec(loading, names)
    codes = []
    for text in texts:
        capsys.readouterr()
        exec(f"text = {text!r}\n{deciding}", names)
        codes.append([line.split()[0] for line in capsys.readouterr().out.splitlines()])
    assert text_line
    return codes


def test_plain_transformers_decide_as_the_engine_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)  # the model card names the folder from there
    texts = example_sentences()
    predictor = open_predictor(load_model("policy-zh"), EngineSettings(device="cpu", precision="fp32"))
    decisions = predictor.decide(texts)
    by_engine = [
        [code_id for code_id, applies in zip(decisions.code_ids, row, strict=True) if applies]
        for row in decisions.applies
    ]
    assert len(texts) == N_SENTENCES
    assert sum(map(len, by_engine)) > N_SENTENCES
    assert codes_by_model_card(capsys, texts) == by_engine
