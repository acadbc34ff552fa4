from __future__ import annotations

from policy_nlp.exchange.project_matching import match_projects
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    DOCUMENT_ID_VARIABLE,
    QdaCode,
    QdaProject,
    QdaSource,
    QdaUser,
)


def guid(name: str) -> str:
    return make_guid("test", name)


def project(
    users: tuple[QdaUser, ...] = (), codes: tuple[QdaCode, ...] = (), sources: tuple[QdaSource, ...] = ()
) -> QdaProject:
    return QdaProject("p", users, codes, sources, ())


def test_a_user_is_found_by_guid_before_name() -> None:
    known = project((QdaUser(guid("1"), "李"), QdaUser(guid("2"), "王")))
    own = project((QdaUser(guid("2"), "李"), QdaUser(guid("3"), " 王 ")))
    assert match_projects(own, known).users == {guid("2"): guid("2")}


def test_a_name_that_two_users_have_is_that_of_neither() -> None:
    known = project((QdaUser(guid("1"), "李"), QdaUser(guid("2"), "李")))
    assert match_projects(project((QdaUser(guid("3"), "李"),)), known).users == {}


def test_a_code_that_was_renamed_is_found_by_our_id() -> None:
    known = project(codes=(QdaCode(guid("1"), "补贴", description="id: subsidy\nlevel: initial"),))
    own = project(codes=(QdaCode(guid("2"), "财政补贴", description="id: subsidy\nlevel: initial"),))
    assert match_projects(own, known).codes == {guid("2"): guid("1")}


def test_codes_of_one_name_are_one() -> None:
    known = project(codes=(QdaCode(guid("1"), "Fiscal  Support"),))
    own = project(codes=(QdaCode(guid("2"), "fiscal support"), QdaCode(guid("3"), "税")))
    assert match_projects(own, known).codes == {guid("2"): guid("1")}


def test_a_source_with_another_text_is_another_source_whatever_its_guid_and_id() -> None:
    values = {DOCUMENT_ID_VARIABLE: "d1"}
    known = project(sources=(QdaSource(guid("1"), "意见", "旧文本。", values),))
    own = project(sources=(QdaSource(guid("1"), "意见", "新文本。", values),))
    assert match_projects(own, known).sources == {}


def test_a_source_is_found_by_document_id_by_name_and_by_text() -> None:
    known = project(
        sources=(
            QdaSource(guid("1"), "一", "同文。", {DOCUMENT_ID_VARIABLE: "d1"}),
            QdaSource(guid("2"), "二", "同文。", {DOCUMENT_ID_VARIABLE: "d2"}),
            QdaSource(guid("3"), "三", "同文。"),
        )
    )
    own = project(
        sources=(
            QdaSource(guid("7"), "他", "同文。"),
            QdaSource(guid("8"), "一", "同文。"),
            QdaSource(guid("9"), "九", "同文。", {DOCUMENT_ID_VARIABLE: "d2"}),
        )
    )
    assert match_projects(own, known).sources == {
        guid("9"): guid("2"),
        guid("8"): guid("1"),
        guid("7"): guid("3"),
    }


def test_characters_that_no_file_holds_make_no_other_text() -> None:
    known = project(sources=(QdaSource(guid("1"), "一", "\ufffd支持\n"),))
    own = project(sources=(QdaSource(guid("2"), "二", "\x07支持\n"),))
    assert match_projects(own, known).sources == {guid("2"): guid("1")}
