from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import qdapy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from policy_nlp import __version__
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.guids import make_guid
from policy_nlp.exchange.refi_qda.project import (
    MODEL_USER_ID,
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaVariable,
)
from policy_nlp.exchange.refi_qda.project_xml import DEEPEST_CODE, LONGEST_NAME, UNDATED
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.exchange.refi_qda.safe_text import is_of_kind
from policy_nlp.exchange.refi_qda.writing import write_project
from policy_nlp.records import Span
from tests.exchange.refi_qda.schemas import validate_project

TEXT = "第一条 支持𠮷林路的中试平台。\n第二条 🚀给予“补助”<50万元>&奖励。\n第三条 鼓励企业牵头攻关。\n"
NAMESPACES = {"q": "urn:QDA-XML:project:1.0"}

# What is hard to carry: markup, quotes, line ends, CJK, characters beyond 16 bits, combining marks.
CHARACTERS = st.one_of(
    st.sampled_from("<>&\"'=[]]>;#%/\\{}\n\t \u00a0\u3000\u2028\u0085\ufeff\u0301"),
    st.sampled_from("中试平台补助𠮷🚀👩‍🔬éß"),
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
)
# A byte order mark at the beginning of a text is no part of it for any reader.
TEXTS = st.text(CHARACTERS, max_size=50).filter(lambda text: not text.startswith("\ufeff"))
WORDS = st.text(CHARACTERS, min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
DESCRIPTIONS = st.one_of(st.just(""), WORDS)


def guid(*names: object) -> str:
    return make_guid("test", *names)


def names(n: int) -> st.SearchStrategy[list[str]]:
    return st.lists(WORDS, min_size=n, max_size=n, unique_by=lambda name: name.strip().casefold())


@st.composite
def codes(draw: st.DrawFn) -> tuple[QdaCode, ...]:
    given_names = draw(names(draw(st.integers(1, 6))))
    parents = [draw(st.sampled_from([None, *range(i)])) for i in range(len(given_names))]
    flat = [
        QdaCode(
            guid=guid("code", i),
            name=name,
            parent_guid=None if parent is None else guid("code", parent),
            description=draw(DESCRIPTIONS),
            color=draw(st.sampled_from([None, "#a1b2c3", "#ffffff"])),
            is_codable=draw(st.booleans()),
        )
        for i, (name, parent) in enumerate(zip(given_names, parents, strict=True))
    ]
    return tuple(_in_file_order(flat, None))


def _in_file_order(flat: list[QdaCode], parent: str | None) -> list[QdaCode]:
    family = [code for code in flat if code.parent_guid == parent]
    return [found for code in family for found in (code, *_in_file_order(flat, code.guid))]


VALUES = {
    "Text": WORDS,
    "Boolean": st.sampled_from(["true", "false"]),
    "Integer": st.integers(-(10**20), 10**20).map(str),
    "Float": st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**9, min_value=0).map(
        str
    ),
    "Date": st.dates().map(str),
    "DateTime": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
}


@st.composite
def projects(draw: st.DrawFn) -> QdaProject:
    n_users, n_sources = draw(st.integers(1, 3)), draw(st.integers(0, 3))
    users = tuple(
        QdaUser(guid("user", i), name, draw(st.sampled_from(["", "a 1", f"{MODEL_USER_ID} 甲"])))
        for i, name in enumerate(draw(names(n_users)))
    )
    variables = tuple(
        QdaVariable(name, draw(st.sampled_from(sorted(VALUES))), draw(DESCRIPTIONS))
        for name in draw(names(draw(st.integers(0, 3))))
    )
    tree = draw(codes())
    sources = tuple(
        QdaSource(
            guid("source", i),
            name,
            draw(TEXTS),
            {v.name: draw(VALUES[v.kind]) for v in variables if draw(st.booleans())},
        )
        for i, name in enumerate(draw(names(n_sources)))
    )
    return QdaProject(
        name=draw(WORDS),
        users=users,
        codes=tree,
        sources=sources,
        codings=draw(codings(users, tree, sources)),
        sets=draw(sets(tree, sources)),
        origin=f"policy-nlp {__version__}",
        variables=variables,
        description=draw(DESCRIPTIONS),
    )


@st.composite
def codings(
    draw: st.DrawFn, users: tuple[QdaUser, ...], tree: tuple[QdaCode, ...], sources: tuple[QdaSource, ...]
) -> tuple[QdaCoding, ...]:
    with_text = [source for source in sources if source.text]
    found: dict[tuple[object, ...], QdaCoding] = {}
    for _ in range(draw(st.integers(0, 6)) if with_text else 0):
        source = draw(st.sampled_from(with_text))
        start = draw(st.integers(0, len(source.text) - 1))
        coding = QdaCoding(
            source_guid=source.guid,
            span=Span(start, draw(st.integers(start + 1, len(source.text)))),
            code_guid=draw(st.sampled_from(tree)).guid,
            user_guid=draw(st.sampled_from(users)).guid,
            description=draw(DESCRIPTIONS),
            created=draw(st.sampled_from([UNDATED, "2026-11-23T18:00:00Z"])),
        )
        found.setdefault((coding.source_guid, coding.span, coding.code_guid, coding.user_guid), coding)
    return tuple(found.values())


@st.composite
def sets(draw: st.DrawFn, tree: tuple[QdaCode, ...], sources: tuple[QdaSource, ...]) -> tuple[QdaSet, ...]:
    code_guids = st.lists(st.sampled_from([code.guid for code in tree]), unique=True, max_size=3)
    source_guids = (
        st.lists(st.sampled_from([s.guid for s in sources]), unique=True) if sources else st.just([])
    )
    return tuple(
        QdaSet(guid("set", i), name, tuple(draw(code_guids)), tuple(draw(source_guids)))
        for i, name in enumerate(draw(names(draw(st.integers(0, 2)))))
    )


def example() -> QdaProject:
    anna, model = QdaUser(guid("anna"), "安娜"), QdaUser(guid("model"), "policy-zh 1", MODEL_USER_ID)
    money = QdaCode(guid("money"), "资金", None, "给钱", "#a00000", is_codable=False)
    subsidy = QdaCode(guid("subsidy"), "补助", money.guid, color="#c00000")
    source = QdaSource(guid("doc"), "办法", TEXT, {"year": "2024", "issuer": "市政府"})
    quotes = ("𠮷林路的中试平台", "🚀给予“补助”<50万元>&奖励", "第三条 鼓励企业牵头攻关。\n")
    spans = [Span(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes]
    made = [
        QdaCoding(source.guid, span, subsidy.guid, user.guid, f"score 0.{i}", "2026-11-23T18:00:00Z")
        for i, span in enumerate(spans)
        for user in (anna, model)
    ]
    seen = QdaSet(guid("seen"), "seen by 安娜", (), (source.guid,))
    return QdaProject(
        "项目", (anna, model), (money, subsidy), (source,), tuple(made), (seen,),
        variables=(QdaVariable("year", "Integer"),), description="说明",
    )  # fmt: skip


def xml_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("project.qde")


def tree_of(path: Path) -> etree._Element:
    return etree.fromstring(xml_of(path))


def in_order(codings: tuple[QdaCoding, ...]) -> list[QdaCoding]:
    return sorted(codings, key=lambda one: (one.source_guid, one.span.start, one.span.end, str(one)))


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(project=projects())
def test_what_is_written_is_read_back_and_valid(tmp_path: Path, project: QdaProject) -> None:
    path = tmp_path / "project.qdpx"
    assert write_project(path, project) == ()
    validate_project(xml_of(path))
    read = read_project(path)
    assert in_order(read.project.codings) == in_order(project.codings)
    assert replace(read.project, codings=()) == replace(project, codings=())
    assert read.losses == ()
    assert all("cannot be checked" in line for line in read.repairs)  # selections of blanks only


def test_the_same_project_gives_the_same_bytes_whatever_the_order_of_its_codings(tmp_path: Path) -> None:
    project = example()
    turned = replace(project, codings=tuple(reversed(project.codings)))
    for name, one in (("a.qdpx", project), ("b.qdpx", project), ("c.qdpx", turned)):
        write_project(tmp_path / name, one)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}
    assert len(digests) == 1


def test_a_second_reader_finds_every_coding_on_the_right_characters(tmp_path: Path) -> None:
    path, project = tmp_path / "p.qdpx", example()
    write_project(path, project)
    fragments = qdapy.read_qdpx(path, warn=False).fragments
    found = {(row.codedBy, row.code, row.text, row.comment) for row in fragments.itertuples()}
    user_names = {user.guid: user.name for user in project.users}
    assert found == {
        (user_names[one.user_guid or ""], "资金/补助", TEXT[one.span.start : one.span.end], one.description)
        for one in project.codings
    }
    assert "𠮷林路的中试平台" in set(fragments["text"])


def test_the_archive_is_what_every_program_opens(tmp_path: Path) -> None:
    write_project(tmp_path / "p.qdpx", example())
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        text_name = f"sources/{guid('doc')}.txt"
        assert sorted(archive.namelist()) == ["project.qde", text_name]
        assert archive.read(text_name) == TEXT.encode("utf-8")
        assert not archive.read("project.qde").startswith(b"\xef\xbb\xbf")
        assert b"\r" not in archive.read("project.qde")
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_each_selection_names_its_user_twice_its_time_and_its_text(tmp_path: Path) -> None:
    write_project(tmp_path / "p.qdpx", example())
    tree = tree_of(tmp_path / "p.qdpx")
    selections = tree.findall(".//q:PlainTextSelection", NAMESPACES)
    assert len(selections) == len(example().codings)
    for selection in selections:
        (coding,) = selection.findall("q:Coding", NAMESPACES)
        assert coding.get("creatingUser") == selection.get("creatingUser")
        assert coding.get("creationDateTime") == selection.get("creationDateTime") == "2026-11-23T18:00:00Z"
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
        assert selection.get("name") == TEXT[start:end]
    (source,) = tree.findall(".//q:TextSource", NAMESPACES)
    assert source.get("plainTextPath") == f"internal://{guid('doc')}.txt"
    assert source.get("richTextPath") is None
    assert source.find("q:PlainTextContent", NAMESPACES) is None
    for element in tree.iter("{*}TextSource", "{*}PlainTextSelection", "{*}Coding", "{*}Project"):
        assert element.get("creationDateTime")


def test_names_that_repeat_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    project = example()
    more = (
        QdaCode(guid("m"), "人才", None),
        QdaCode(guid("m1"), "补助", guid("m")),
        QdaCode(guid("m2"), "引进", guid("m")),
        QdaCode(guid("m3"), "补助", guid("m2")),
        QdaCode(guid("top"), "资金", None),
    )
    sources = (*project.sources, replace(project.sources[0], guid=guid("doc 2"), text="另一份"))
    users = (*project.users, QdaUser(guid("anna 2"), "安娜"))
    write_project(
        tmp_path / "p.qdpx",
        replace(project, codes=(*project.codes, *more), sources=sources, users=users),
    )
    read = read_project(tmp_path / "p.qdpx").project
    assert {code.guid: code.name for code in read.codes} == {
        guid("money"): "资金",
        guid("subsidy"): "补助",
        guid("m"): "人才",
        guid("m1"): "补助 (人才)",
        guid("m2"): "引进",
        guid("m3"): "补助 (人才/引进)",
        guid("top"): "资金 (2)",
    }
    assert [source.name for source in read.sources] == ["办法", "办法 (2)"]
    assert [user.name for user in read.users] == ["安娜", "policy-zh 1", "安娜 (2)"]


def test_characters_that_xml_may_not_hold_are_replaced_one_for_one_and_told(tmp_path: Path) -> None:
    project = example()
    text = "\ufeff甲\x00乙\x0b丙\ud800丁\ufffe戊\r\n己\r庚𠮷"
    source = replace(project.sources[0], text=text)
    coding = replace(project.codings[0], span=Span(len(text) - 2, len(text)), description="a\x01b")
    path = tmp_path / "p.qdpx"
    (warning,) = write_project(path, replace(project, sources=(source,), codings=(coding,)))
    assert "'办法'" in warning
    assert "one for one" in warning
    validate_project(xml_of(path))
    with zipfile.ZipFile(path) as archive:
        written = archive.read(f"sources/{guid('doc')}.txt").decode("utf-8")
    assert written == "\ufffd甲\ufffd乙\ufffd丙\ufffd丁\ufffd戊 \n己\n庚𠮷"
    assert len(written) == len(text)
    (found,) = read_project(path).project.codings
    assert written[found.span.start : found.span.end] == "庚𠮷"
    assert found.description == "a\ufffdb"


def test_a_value_that_is_not_of_the_kind_of_its_variable_makes_it_text(tmp_path: Path) -> None:
    project = example()
    source = replace(project.sources[0], variables={"year": "约2024年", "region": "浙江"})
    (warning,) = write_project(tmp_path / "p.qdpx", replace(project, sources=(source,)))
    assert "'约2024年'" in warning
    read = read_project(tmp_path / "p.qdpx").project
    assert read.variables == (QdaVariable("year", "Text"), QdaVariable("region", "Text"))
    assert read.sources[0].variables == source.variables


def test_codings_without_a_user_get_one_called_no_user(tmp_path: Path) -> None:
    project = example()
    nobodys = replace(project, codings=(replace(project.codings[0], user_guid=None),))
    write_project(tmp_path / "p.qdpx", nobodys)
    read = read_project(tmp_path / "p.qdpx").project
    assert [user.name for user in read.users] == ["安娜", "policy-zh 1", "no user"]
    assert read.codings[0].user_guid == read.users[2].guid


def test_codings_that_say_the_same_are_written_once_and_those_of_no_character_never(tmp_path: Path) -> None:
    project = example()
    first = project.codings[0]
    made = (first, replace(first, description="again"), replace(first, span=Span(3, 3)))
    warnings = write_project(tmp_path / "p.qdpx", replace(project, codings=made))
    assert warnings == (
        "1 codings of no character are left out",
        "1 codings are left out: another with another description or time has the same user, code and "
        "characters",
    )
    assert read_project(tmp_path / "p.qdpx").project.codings == (first,)


def test_a_long_selection_is_named_by_its_beginning(tmp_path: Path) -> None:
    text = "长" * (LONGEST_NAME + 5)
    source = QdaSource(guid("doc"), "长文", text)
    coding = replace(example().codings[0], span=Span(0, len(text)))
    write_project(tmp_path / "p.qdpx", replace(example(), sources=(source,), codings=(coding,), sets=()))
    selection = tree_of(tmp_path / "p.qdpx").find(".//q:PlainTextSelection", NAMESPACES)
    assert selection is not None
    assert selection.get("name") == "长" * LONGEST_NAME
    read = read_project(tmp_path / "p.qdpx")
    assert (read.project.codings, read.repairs) == ((coding,), ())


def test_an_empty_project_is_valid(tmp_path: Path) -> None:
    write_project(tmp_path / "p.qdpx", QdaProject("空", (), (), (), ()))
    validate_project(xml_of(tmp_path / "p.qdpx"))


def broken_projects() -> dict[str, QdaProject]:
    project = example()
    first, code, source = project.codings[0], project.codes[1], project.sources[0]
    chain = [QdaCode(guid(0), "码0")]
    chain += [QdaCode(guid(i), f"码{i}", guid(i - 1)) for i in range(1, DEEPEST_CODE + 1)]
    return {
        "is not in project": replace(project, codings=(replace(first, source_guid=guid("x")),)),
        "names code": replace(project, codings=(replace(first, code_guid=guid("x")),)),
        "names user": replace(project, codings=(replace(first, user_guid=guid("x")),)),
        "ends at 9999": replace(project, codings=(replace(first, span=Span(0, 9999)),)),
        "is used twice": replace(project, codes=(*project.codes, code)),
        "no GUID": replace(project, sources=(replace(source, guid="{X}"),), codings=(), sets=()),
        "in a circle": replace(project, codes=(replace(code, parent_guid=code.guid),), codings=()),
        "missing": replace(project, codes=(code,)),
        "levels deep": replace(project, codes=tuple(chain), codings=()),
        "names source": replace(project, sets=(QdaSet(guid("s"), "集", (), (guid("x"),)),)),
    }


@pytest.mark.parametrize("what", broken_projects())
def test_a_project_that_points_nowhere_is_refused_and_no_file_is_left(tmp_path: Path, what: str) -> None:
    with pytest.raises(ExchangeError, match=what):
        write_project(tmp_path / "p.qdpx", broken_projects()[what])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    path.write_bytes(b"before")
    with pytest.raises(ExchangeError):
        write_project(path, broken_projects()["names code"])
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize(
    ("value", "kind", "is_right"),
    [
        ("2024-02-29", "Date", True), ("2023-02-29", "Date", False), ("2024-02", "Date", False),
        ("007", "Integer", True), ("٣", "Integer", False), ("1e5", "Float", False), (".5", "Float", True),
        ("2024-02-29T25:00:00", "DateTime", False), ("True", "Boolean", False), ("", "Text", True),
    ],
)  # fmt: skip
def test_values_are_judged_as_xml_schema_judges_them(value: str, kind: str, is_right: bool) -> None:
    assert is_of_kind(value, kind) == is_right  # type: ignore[arg-type]
