from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.codebook import Code, Codebook
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.operations.agree_model import FITTED_NOTE, code_with_model, collect_units
from policy_nlp.records import CodedUnit, Coder, CoderUnits
from tests.operations.agree_examples import TEXTS, settings_of


def coder_of(name: str, *texts: str) -> CoderUnits:
    units = tuple(CodedUnit(f"u{row}", text, (), (), (), "doc", name) for row, text in enumerate(texts))
    return CoderUnits(Coder(name), units)


def test_each_unit_is_coded_once_with_the_text_that_some_coder_has() -> None:
    units = collect_units([coder_of("a", "", TEXTS[1]), coder_of("b", TEXTS[0])])
    assert {unit.unit_id: unit.text for unit in units} == {"u0": TEXTS[0], "u1": TEXTS[1]}
    assert len(units) == 2


def test_a_unit_without_text_is_named_with_a_mend() -> None:
    with pytest.raises(GoldError, match=r"1 of 2 units have no text.*'u0'.*--with-model"):
        collect_units([coder_of("a", "", TEXTS[1])])


def test_the_models_codes_are_those_of_its_decisions(
    tiny_model_path: Path, shipped_codebook: Codebook
) -> None:
    from policy_nlp.engine.predictor import open_predictor
    from policy_nlp.model.trained import load_model

    settings = settings_of(Path("x"), model=str(tiny_model_path))
    found = code_with_model([coder_of("a", *TEXTS)], settings, codebook=shipped_codebook)
    decisions = open_predictor(load_model(str(tiny_model_path)), settings.engine).decide(TEXTS)
    for unit, applies in zip(found.coder.units, decisions.applies, strict=True):
        wanted = {code_id for code_id, yes in zip(decisions.code_ids, applies, strict=True) if yes}
        assert {*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ())} == wanted
        assert unit.coder_id == "tiny"
        assert unit.document_id == "doc"
    assert found.coder.coder.is_model
    assert any(unit.initial for unit in found.coder.units)


def test_a_model_that_was_fitted_on_an_input_says_so(
    tiny_model_path: Path, shipped_codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policy_nlp.model import trained

    fitted = replace(trained.load_model(str(tiny_model_path)), gold_sha256=frozenset({"abc"}))
    monkeypatch.setattr(trained, "load_model", lambda name: fitted)
    coders, settings = [coder_of("a", *TEXTS[:2])], settings_of(Path("x"))
    for sha256, wanted in (("abc", (FITTED_NOTE,)), ("def", ())):
        found = code_with_model(coders, settings, codebook=shipped_codebook, input_sha256=[sha256])
        assert found.coder.notes == wanted


def test_a_model_does_not_take_the_name_of_a_person(
    tiny_model_path: Path, shipped_codebook: Codebook
) -> None:
    settings = settings_of(Path("x"), model=str(tiny_model_path))
    found = code_with_model([coder_of("tiny", *TEXTS[:2])], settings, codebook=shipped_codebook)
    assert found.coder.coder.coder_id == "model:tiny"


def test_a_model_that_was_not_trained_for_a_code_is_refused(
    tiny_model_path: Path, shipped_codebook: Codebook
) -> None:
    new = Code("new_code", "initial", "新", "", shipped_codebook.main[0].code_id, "d")
    wider = replace(shipped_codebook, initial=(*shipped_codebook.initial, new))
    settings = settings_of(Path("x"), model=str(tiny_model_path))
    with pytest.raises(ModelError, match=r"'new_code'.*--codebook"):
        code_with_model([coder_of("a", *TEXTS[:2])], settings, codebook=wider)
