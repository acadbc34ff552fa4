"""Sentences and characters of a project with what each coder decided on them."""

import pytest

from policy_nlp.codebook import Code, Codebook
from policy_nlp.exchange.project_units import ProjectUnits, coders_of_project
from policy_nlp.exchange.refi_qda.project import (
    DOCUMENT_ID_VARIABLE,
    MODEL_USER_ID,
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    ReadProject,
)
from policy_nlp.records import CodedUnit, Span
from policy_nlp.sentences import sentences_in
from policy_nlp.settings.commands import SeenRule

TEXT = "建设中试平台。\n给予补助。开放场景。\n"  # sentences [0, 7), [8, 13), [13, 18)


def code(code_id: str, level: str, parent_id: str | None = None) -> Code:
    return Code(code_id, level, code_id, code_id, parent_id, "")


CODEBOOK = Codebook(
    "c",
    main=(code("supply", "main"),),
    initial=(code("pilot", "initial", "supply"), code("money", "initial", "supply")),
    concepts=(code("grant", "concepts", "money"),),
    dimensions=(code("people", "dimensions"),),
)
CODES = tuple(QdaCode(f"g-{name}", name) for name in ("supply", "pilot", "money", "grant", "people", "other"))
CODE_IDS = {f"g-{name}": name for name in ("supply", "pilot", "money", "grant", "people")}
ANNA, BEN, MODEL = QdaUser("u-a", "Anna"), QdaUser("u-b", "Ben"), QdaUser("u-m", "m 1", f"{MODEL_USER_ID} m")
SOURCES = (QdaSource("s-1", "甲.txt", TEXT), QdaSource("s-2", "乙.txt", "开放场景。"))


def coding(
    span: tuple[int, int], name: str = "pilot", user: str | None = "u-a", source: str = "s-1", said: str = ""
) -> QdaCoding:
    return QdaCoding(source, Span(*span), f"g-{name}", user, said)


def units_of(
    *codings: QdaCoding,
    sources: tuple[QdaSource, ...] = SOURCES,
    users: tuple[QdaUser, ...] = (ANNA, BEN, MODEL),
    sets: tuple[QdaSet, ...] = (),
    seen: SeenRule = "coded-documents",
) -> ProjectUnits:
    project = QdaProject("p", users, CODES, sources, codings, sets)
    read = ReadProject(project, ("mended",), ("2 links",))
    return coders_of_project(
        read, codebook=CODEBOOK, code_id_of_guid=CODE_IDS, seen=seen, shown_path="p.qdpx"
    )


def initial_of(units: tuple[CodedUnit, ...]) -> list[tuple[str, ...] | None]:
    return [unit.initial for unit in units]


@pytest.mark.parametrize(
    ("span", "coded"),
    [
        ((0, 7), [0]),
        ((6, 9), [0, 1]),
        ((12, 14), [1, 2]),
        ((0, 18), [0, 1, 2]),
        ((7, 8), []),
        ((17, 19), [2]),
    ],
)
def test_a_sentence_is_coded_where_one_of_its_characters_is(span: tuple[int, int], coded: list[int]) -> None:
    (anna,) = units_of(coding(span), coding((0, 1), "people")).coders
    assert [place for place, unit in enumerate(anna.units) if unit.initial] == coded
    assert any("touch no sentence" in note for note in anna.notes) == (not coded)


def test_overlapping_codings_of_one_code_are_one_code_of_the_sentence() -> None:
    (anna,) = units_of(coding((0, 10)), coding((2, 4)), coding((2, 14)), coding((0, 2), "money")).coders
    assert initial_of(anna.units) == [("pilot", "money"), ("pilot",), ("pilot",)]


def test_units_have_the_ids_and_texts_that_result_folders_have() -> None:
    named = (QdaSource("s-1", "别名", TEXT, {DOCUMENT_ID_VARIABLE: "doc-7"}),)
    (anna,) = units_of(coding((0, 7)), sources=named).coders
    assert [(unit.unit_id, unit.text, unit.span) for unit in anna.units] == [
        (sentence.sentence_id, sentence.text, sentence.span) for sentence in sentences_in(TEXT, "doc-7")
    ]
    assert {unit.document_id for unit in anna.units} == {"doc-7"}


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (("甲.txt", "乙.docx"), ("甲", "乙")),
        (("甲", "乙"), ("甲", "乙")),
        (("甲.txt", "甲.pdf"), ("甲.txt", "甲.pdf")),
        (("甲", "甲"), ("甲 s-1", "甲 s-2")),
        (("", "甲"), ("s-1", "甲")),
    ],
)
def test_documents_are_called_after_their_sources_each_by_its_own_name(
    names: tuple[str, str], ids: tuple[str, str]
) -> None:
    sources = tuple(QdaSource(f"s-{number}", name, TEXT) for number, name in enumerate(names, start=1))
    assert tuple(text.document_id for text in units_of(sources=sources).texts) == ids


def test_a_coder_was_given_the_documents_they_coded_in_or_all_by_the_rule() -> None:
    codings = (coding((0, 7)), coding((0, 5), user="u-b"), coding((0, 5), user="u-b", source="s-2"))
    anna, ben = units_of(*codings).coders
    assert (len(anna.units), len(ben.units)) == (3, 4)
    assert "given 1 of 2 documents" in anna.notes[0]
    anna, ben = units_of(*codings, seen="all-documents").coders
    assert (len(anna.units), len(ben.units)) == (4, 4)
    assert initial_of(anna.units)[3] == ()


def test_a_set_says_which_documents_and_levels_a_coder_had_and_wins_over_the_rule() -> None:
    seen = QdaSet("x", "seen by Anna", ("g-people",), ("s-2",))
    (anna,) = units_of(sets=(seen,), seen="all-documents").coders
    assert [(unit.document_id, unit.initial, unit.dimensions) for unit in anna.units] == [("乙", None, ())]
    everything = QdaSet("x", "seen by Anna", (), ("s-2",))
    (anna,) = units_of(sets=(everything,)).coders
    assert [(unit.initial, unit.dimensions, unit.paths) for unit in anna.units] == [((), (), None)]


def test_a_level_is_coded_where_one_of_its_codes_is_used_anywhere() -> None:
    (anna,) = units_of(coding((0, 7)), coding((0, 5), "people", source="s-2")).coders
    assert [(unit.initial, unit.dimensions, unit.paths) for unit in anna.units] == [
        (("pilot",), (), None),
        ((), (), None),
        ((), (), None),
        ((), ("people",), None),
    ]
    (anna,) = units_of(coding((0, 7))).coders
    assert {unit.dimensions for unit in anna.units} == {None}


def test_concepts_count_for_their_category_and_what_is_left_out_is_said() -> None:
    found = units_of(
        coding((0, 7), "grant"), coding((0, 7), "supply"), coding((0, 7), "supply"), coding((0, 7), "other")
    )
    (anna,) = found.coders
    assert initial_of(anna.units)[0] == ("money",)
    assert found.notes[0] == "mended"
    assert "not kept: 2 links" in found.notes
    text = "\n".join(found.notes)
    assert "2 codings with main categories were left out" in text
    assert "1 codings with concepts count for" in text
    assert "1 codings with codes that are not in the codebook were left out: other 1" in text


def test_a_user_who_applied_no_code_is_no_coder_and_is_named() -> None:
    found = units_of(coding((0, 7)), coding((0, 7), "other", user="u-b"), seen="all-documents")
    assert [coder.coder.coder_id for coder in found.coders] == ["Anna"]
    assert "user 'Ben' applied no code of the codebook and is no coder here" in found.notes


def test_models_are_known_by_their_user_id_and_bring_their_scores() -> None:
    found = units_of(
        coding((0, 7), user="u-m", said="score 0.873; model m 1"), coding((0, 7), said="score 0.5")
    )
    assert [(one.coder.coder_id, one.coder.is_model) for one in found.coders] == [
        ("Anna", False),
        ("m 1", True),
    ]
    assert [(one.coder_id, one.score) for one in found.documents[0].codings] == [
        ("Anna", None),
        ("m 1", 0.873),
    ]


def test_coders_of_one_name_and_codings_of_nobody_stay_apart() -> None:
    users = (QdaUser("11111111-a", "Anna"), QdaUser("22222222-b", "Anna"))
    found = units_of(
        coding((0, 7), user="11111111-a"),
        coding((0, 7), user="22222222-b"),
        coding((0, 7), user=None),
        users=users,
    )
    assert [one.coder.coder_id for one in found.coders] == ["Anna (11111111)", "Anna (22222222)", "no user"]


def test_codings_on_characters_are_those_of_the_given_coders_inside_the_text() -> None:
    found = units_of(coding((2, 4)), coding((2, 4)), coding((0, 5), "grant", user="u-b", source="s-2"))
    first, second = found.documents
    assert (first.document_id, first.length, first.coder_ids) == ("甲", len(TEXT), ("Anna",))
    assert [(one.span, one.code_id) for one in first.codings] == [(Span(2, 4), "pilot")]
    assert [(one.coder_id, one.code_id) for one in second.codings] == [("Ben", "money")]


def test_metadata_that_policy_nlp_writes_comes_back() -> None:
    values = {"issuer": "甲市人民政府", "year": "2024", "date_in_part": "2024-03", "region": "甲"}
    (text,) = units_of(sources=(QdaSource("s-1", "甲", TEXT, values),)).texts
    assert (text.metadata.issuer, text.metadata.year, text.metadata.date, text.metadata.region) == (
        "甲市人民政府",
        2024,
        "2024-03",
        "甲",
    )
