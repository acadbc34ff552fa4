from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from policy_nlp.exchange.project_merging import merge_projects
from policy_nlp.exchange.refi_qda.codebook_codes import seen_only_code
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    SEEN_PREFIX,
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaVariable,
)
from policy_nlp.records import Span
from tests.exchange.refi_qda.test_writing import projects

TEXT = "支持企业牵头。完善财政补贴办法。"


def guid(name: str) -> str:
    return make_guid("test", name)


def people() -> QdaProject:
    """A tree three deep; a coding with the deepest code on a part of a sentence, one with the top one."""
    codes = (
        QdaCode(guid("top"), "供给型", description="总类", color="#aa0000"),
        QdaCode(guid("mid"), "财政", guid("top")),
        QdaCode(guid("deep"), "财政补贴", guid("mid"), color="#00aa00"),
    )
    source = QdaSource(guid("text"), "办法.txt", TEXT, {"地区": "浙江"})
    user = QdaUser(guid("user"), "张三", "zs")
    codings = (
        QdaCoding(source.guid, Span(9, 13), guid("deep"), user.guid, "看过", "2026-03-01T08:00:00Z"),
        QdaCoding(source.guid, Span(0, 7), guid("top"), user.guid, "", "2026-03-01T08:05:00+08:00"),
    )
    variables = (QdaVariable("地区", guid=guid("variable")),)
    sets = (QdaSet(guid("set"), "我的集合", (guid("mid"),), (source.guid,)),)
    return QdaProject("人", (user,), codes, (source,), codings, sets, "NVivo", variables, "说明")


def model() -> QdaProject:
    """Another program's project on the same text: other GUIDs, one code of the same name, a user more."""
    codes = (
        QdaCode(guid("own top"), "创新联合体"),
        QdaCode(guid("own deep"), "财政补贴", guid("own top"), "另一说明", "#0000aa"),
        QdaCode(guid("own new"), "人才", guid("own deep")),
    )
    source = QdaSource(guid("own text"), "意见.txt", TEXT, {"地区": "江苏", "年份": "2024"})
    user = QdaUser(guid("model"), "policy-zh 0.1.0")
    codings = (
        QdaCoding(source.guid, Span(7, 16), guid("own deep"), user.guid, "score 0.9"),
        QdaCoding(source.guid, Span(0, 7), guid("own new"), user.guid),
    )
    variables = (QdaVariable("地区"), QdaVariable("年份", "Integer"))
    return QdaProject("模型", (user,), codes, (source,), codings, variables=variables)


def test_one_project_alone_stays_what_it_is() -> None:
    merged = merge_projects(people())
    assert (merged.project, merged.notes) == (people(), ())


def test_nothing_of_the_first_project_changes() -> None:
    merged = merge_projects(people(), model()).project
    first = people()
    assert merged.users[:1] == first.users
    assert merged.codes[:3] == first.codes
    assert merged.codings[:2] == first.codings
    assert merged.sets == first.sets
    assert (merged.name, merged.description) == (first.name, first.description)
    assert merged.variables[0].guid == guid("variable")
    (source,) = merged.sources
    assert (source.guid, source.name, source.text) == (guid("text"), "办法.txt", TEXT)
    assert source.variables == {"地区": "浙江", "年份": "2024"}


def test_codings_of_the_second_project_are_on_the_text_and_codes_of_the_first() -> None:
    merged = merge_projects(people(), model()).project
    assert [user.name for user in merged.users] == ["张三", "policy-zh 0.1.0"]
    assert [(code.name, code.parent_guid) for code in merged.codes[3:]] == [
        ("创新联合体", None),
        ("人才", guid("deep")),
    ]
    assert [(one.source_guid, one.span, one.code_guid) for one in merged.codings[2:]] == [
        (guid("text"), Span(7, 16), guid("deep")),
        (guid("text"), Span(0, 7), guid("own new")),
    ]


def test_notes_tell_what_is_taken_for_the_same_and_what_is_otherwise() -> None:
    notes = merge_projects(people(), model()).notes
    assert "project '模型': 1 codes are taken for those of the same id or name: 财政补贴" in notes
    assert (
        "project '模型': 1 sources have other values of variables in the first project, which stay: 办法.txt"
        in notes
    )
    assert (
        "project '模型': 2 codings are added, 0 were there already (same user, code and characters)" in notes
    )


@settings(max_examples=40, deadline=None)
@given(projects())
def test_a_project_adds_nothing_to_itself(project: QdaProject) -> None:
    assert merge_projects(project, project).project == project


def test_a_text_that_was_changed_is_kept_beside_the_first() -> None:
    changed = replace(people(), sources=(replace(people().sources[0], text=TEXT + "补"),))
    merged = merge_projects(people(), changed)
    first, second = merged.project.sources
    assert (first.text, second.text) == (TEXT, TEXT + "补")
    assert first.guid == guid("text") != second.guid
    assert [one.source_guid for one in merged.project.codings] == [first.guid] * 2 + [second.guid] * 2
    assert any("another text than the source of the same GUID" in note for note in merged.notes)


def test_a_guid_of_another_kind_of_thing_is_replaced() -> None:
    other = replace(people(), users=(QdaUser(guid("text"), "李四"),), codings=(), sources=(), sets=())
    merged = merge_projects(people(), other).project
    assert merged.users[1].name == "李四"
    assert merged.users[1].guid not in {guid("text"), guid("user")}


def test_sets_of_what_one_user_was_given_are_joined() -> None:
    def given(*names: str) -> QdaSet:
        return QdaSet(guid("seen"), SEEN_PREFIX + "张三", (), tuple(guid(name) for name in names))

    first = replace(people(), sets=(given("text"),))
    more = QdaSource(guid("more"), "其他", "其他文本。")
    other = replace(people(), sources=(more,), codings=(), sets=(given("more"),))
    (joined,) = merge_projects(first, other).project.sets
    assert joined.source_guids == (guid("text"), guid("more"))


def test_sources_coded_in_whole_stay_so_beside_sources_given_in_part() -> None:
    seen = QdaSet(guid("seen"), SEEN_PREFIX + "张三")
    first = replace(people(), sets=(seen,))
    other = replace(model(), codes=(*model().codes, seen_only_code()))
    (joined,) = merge_projects(first, other).project.sets
    assert joined.source_guids == (guid("text"),)
