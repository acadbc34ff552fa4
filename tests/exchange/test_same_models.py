from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.same_models import JoinedModels, join_same_models
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span

CODES = ("government_support", "market_competition")
FOLDER = Coder("m", is_model=True, model_sha256="a" * 64, name_in_projects="m 0.1.0")


def file(name: str, coder: Coder, units: int = 2, code: str = CODES[0]) -> CoderFile:
    own = tuple(
        CodedUnit(f"s{i}", f"第{i}句。", (code,), None, (), document_id="d", coder_id=coder.coder_id)
        for i in range(units)
    )
    codings = (Coding("d", Span(0, 2), code, coder.coder_id),)
    documents = (CodedDocument("d", 8, (coder.coder_id,), codings),)
    codebook = load_codebook(shipped_codebook_path())
    return CoderFile(Path(name), "", codebook, (CoderUnits(coder, own),), documents)


def join(*files: CoderFile) -> JoinedModels:
    return join_same_models(files, align_units(files))


def coder_ids(joined: JoinedModels) -> list[str]:
    return [own.coder.coder_id for file in joined.files for own in file.coders]


def test_one_model_in_a_folder_and_in_its_project_is_one_coder() -> None:
    marked = Coder("m 0.1.0", is_model=True, model_sha256="a" * 64)
    joined = join(file("res", FOLDER), file("p.qdpx", marked))
    assert coder_ids(joined) == ["m"]
    assert [len(one.documents) for one in joined.files] == [1, 0]
    assert joined.notes == (
        "'m 0.1.0' of p.qdpx is the model 'm' of res, with the same codes on all 2 units of both: counted "
        "once",
    )


def test_a_project_whose_tool_dropped_the_mark_holds_the_model_by_its_name() -> None:
    joined = join(file("p.qdpx", Coder("m 0.1.0"), units=3), file("res", FOLDER))
    assert coder_ids(joined) == ["m"]
    assert joined.files[1].coders[0].coder.is_model
    assert [unit.unit_id for unit in joined.files[1].coders[0].units] == ["s0", "s1", "s2"]


def test_a_model_whose_codings_somebody_changed_stays_a_coder_of_its_own() -> None:
    joined = join(file("res", FOLDER), file("p.qdpx", Coder("m 0.1.0"), code=CODES[1]))
    assert coder_ids(joined) == ["m", "m 0.1.0"]
    assert joined.notes == (
        "'m 0.1.0' of p.qdpx is the model 'm' of res, but 2 of 2 units have other codes: compared as two",
    )


def test_other_weights_are_another_model_whatever_the_name() -> None:
    other = replace(FOLDER, model_sha256="b" * 64)
    assert coder_ids(join(file("res", FOLDER), file("more", other))) == ["m", "m (more)"]


def test_three_occurrences_are_one_and_no_unit_is_there_twice() -> None:
    joined = join(
        file("p.qdpx", Coder("m 0.1.0"), units=4), file("res", FOLDER), file("res2", FOLDER, units=4)
    )
    (own,) = (own for one in joined.files for own in one.coders)
    assert sorted(unit.unit_id for unit in own.units) == ["s0", "s1", "s2", "s3"]


def test_a_document_that_only_the_second_occurrence_has_is_kept() -> None:
    second = file("p.qdpx", Coder("m 0.1.0"))
    more = CodedDocument("e", 5, ("m 0.1.0",), (Coding("e", Span(0, 5), CODES[0], "m 0.1.0"),))
    joined = join(file("res", FOLDER), replace(second, documents=(*second.documents, more)))
    (document,) = joined.files[1].documents
    assert document.coder_ids == ("m",)
    assert document.codings[0].coder_id == "m"
