"""Projects as programs really write them end as the same codings; what is not kept is said."""

import random
from pathlib import Path

import pytest

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda.project import ReadProject
from policy_nlp.exchange.refi_qda.reading import read_project
from tests.exchange.refi_qda.examples import (
    ANNA,
    BEN,
    CODES,
    MONEY,
    PILOT,
    SOURCE,
    SUBSIDY,
    TEXT,
    USERS,
    Counting,
    coding,
    guid,
    inline,
    project,
    quoting,
    selection,
    text_source,
    write_qdpx,
)

PILOTED, SUBSIDISED, LED = "支持中试平台建设", "成果转化给予补助", "鼓励企业牵头组织联合攻关"
THREE = (quoting(PILOTED), quoting(SUBSIDISED, code=SUBSIDY), quoting(LED))


def coded(read: ReadProject) -> list[tuple[str, str, str | None]]:
    """Text, code and user of each coding."""
    texts = {source.guid: source.text for source in read.project.sources}
    codes = {code.guid: code.name for code in read.project.codes}
    users = {user.guid: user.name for user in read.project.users}
    return [
        (
            texts[one.source_guid][one.span.start : one.span.end],
            codes[one.code_guid],
            users[one.user_guid] if one.user_guid else None,
        )
        for one in read.project.codings
    ]


AS_CODED = [(PILOTED, "中试", "Anna"), (SUBSIDISED, "补助", "Anna"), (LED, "中试", "Anna")]


def test_a_plain_project_is_read_without_repair_or_loss(tmp_path: Path) -> None:
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE))))
    assert coded(read) == AS_CODED
    assert (read.repairs, read.losses) == ((), ())
    assert read.project.sources[0].text == TEXT
    assert [(code.name, code.parent_guid, code.color) for code in read.project.codes] == [
        ("资金", None, "#ff8800"),
        ("补助", MONEY, None),
        ("中试", None, None),
    ]


def test_guids_in_braces_and_upper_case_are_the_same_guids(tmp_path: Path) -> None:
    xml = project(text_source(*THREE))
    for one in (ANNA, BEN, SOURCE, PILOT, SUBSIDY, MONEY):
        xml = xml.replace(f'"{one}"', f'"{{{one.upper()}}}"')
    read = read_project(write_qdpx(tmp_path, xml))
    assert coded(read) == AS_CODED
    assert read.project.sources[0].guid == SOURCE


@pytest.mark.parametrize(
    "path",
    [
        f"internal://{SOURCE}.txt",
        f"internal:///{SOURCE}.txt",
        f"{SOURCE}.txt",
        f"sources/{SOURCE.upper()}.TXT",
        f"relative:///somewhere/{SOURCE}.txt",
        f"absolute:///C:/Users/x/{SOURCE}.txt",
        f"internal://..\\..\\{SOURCE}.txt",
    ],
)
@pytest.mark.parametrize("folder", ["sources/", "Sources/", "", "Export/sources/"])
def test_a_source_is_found_whatever_path_names_it(tmp_path: Path, path: str, folder: str) -> None:
    texts = {f"{folder}{SOURCE}.txt": TEXT.encode()}
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE, path=path)), texts=texts))
    assert coded(read) == AS_CODED


@pytest.mark.parametrize("name", ["My Project.qde", "Project.QDE", "folder/project.qde", "试点.qde"])
def test_the_one_qde_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE)), name=name))
    assert coded(read) == AS_CODED
    assert "not project.qde" in read.repairs[0]


def test_a_bare_qde_finds_its_sources_beside_it_and_follows_no_link(tmp_path: Path) -> None:
    path = tmp_path / "p.qde"
    path.write_text(project(text_source(*THREE)), encoding="utf-8")
    (tmp_path / "sources").mkdir()
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT, encoding="utf-8")
    (tmp_path / "sources" / f"{SOURCE}.txt").symlink_to(secret)
    assert read_project(path).project.sources == ()
    (tmp_path / "sources" / f"{SOURCE}.txt").unlink()
    (tmp_path / "sources" / f"{SOURCE}.txt").write_text(TEXT, encoding="utf-8")
    assert coded(read_project(path)) == AS_CODED


@pytest.mark.parametrize(
    "path", ["../secret.txt", "absolute:///etc/passwd", "file:///etc/passwd", "/etc/passwd"]
)
def test_no_path_leads_out_of_the_project(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE, path=path)), texts={}))
    assert read.project.sources == ()
    assert "did not come with the project (3 selections, 3 codings)" in read.losses[0]


@pytest.mark.parametrize(
    ("counting", "content", "said"),
    [
        (Counting(), TEXT.replace("\n", "\r\n").encode(), "CR LF line ends not counted"),
        (Counting("\r\n"), TEXT.replace("\n", "\r\n").encode(), "CR LF counted as two"),
        (Counting(), TEXT.encode("utf-8-sig"), "byte order mark not counted"),
        (Counting(first=1), TEXT.encode("utf-8-sig"), "byte order mark"),
        (Counting(utf16=True), TEXT.encode("utf-16"), "UTF-16 units counted"),
        (Counting(), TEXT.encode("gb18030"), "gb18030"),
        (Counting(end_included=True), TEXT.encode(), "last character included"),
    ],
)
def test_each_form_of_text_and_counting_is_mapped_and_reported(
    tmp_path: Path, counting: Counting, content: bytes, said: str
) -> None:
    three = (quoting(PILOTED, counting), quoting(SUBSIDISED, counting, code=SUBSIDY), quoting(LED, counting))
    texts = {f"sources/{SOURCE}.txt": content}
    read = read_project(write_qdpx(tmp_path, project(text_source(*three)), texts=texts))
    assert coded(read) == AS_CODED
    assert read.project.sources[0].text == TEXT
    assert said in " ".join(read.repairs)


def test_a_source_without_quotations_is_read_as_the_projects_other_sources_are(tmp_path: Path) -> None:
    counting = Counting("\r\n")
    other = guid("other")
    unnamed = selection(*counting.span(TEXT, LED), coding())
    second = text_source(unnamed, path=f"internal://{other}.txt", name="二").replace(SOURCE, other)
    content = TEXT.replace("\n", "\r\n").encode()
    texts = {f"sources/{one}.txt": content for one in (SOURCE, other)}
    xml = project(text_source(quoting(SUBSIDISED, counting)) + second)
    read = read_project(write_qdpx(tmp_path, xml, texts=texts))
    assert [text for text, _, _ in coded(read)] == [SUBSIDISED, LED]
    assert "as in the project's other sources" in " ".join(read.repairs)


def test_inline_text_and_a_missing_file_with_inline_text_are_read(tmp_path: Path) -> None:
    inside = text_source(inline(TEXT), *THREE, path=None)
    assert coded(read_project(write_qdpx(tmp_path, project(inside), texts={}))) == AS_CODED
    both = text_source(inline(TEXT), *THREE)
    read = read_project(write_qdpx(tmp_path, project(both), texts={}))
    assert coded(read) == AS_CODED
    assert "its inline text was read" in read.repairs[0]


def test_a_source_without_any_text_is_lost_with_its_counts(tmp_path: Path) -> None:
    rich = text_source(*THREE, path=None).replace(
        "<TextSource", '<TextSource richTextPath="internal://a.docx"'
    )
    read = read_project(write_qdpx(tmp_path, project(rich), texts={"sources/a.docx": b"PK"}))
    assert read.losses == ("1 source '规定.txt': it has no plain text (3 selections, 3 codings)",)
    binary = {f"sources/{SOURCE}.txt": bytes(range(256)) * 9}
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE)), texts=binary))
    assert "no text (3 selections, 3 codings)" in read.losses[0]


def test_each_coding_of_a_shared_selection_has_its_own_user(tmp_path: Path) -> None:
    start, end = Counting().span(TEXT, LED)
    shared = selection(start, end, coding(), coding(user=BEN), coding(SUBSIDY, user=None), name=LED, user=BEN)
    read = read_project(write_qdpx(tmp_path, project(text_source(shared))))
    assert coded(read) == [(LED, "中试", "Anna"), (LED, "中试", "Ben"), (LED, "补助", "Ben")]


def test_a_coding_without_a_user_is_the_sources_then_the_projects_users_and_said(tmp_path: Path) -> None:
    start, end = Counting().span(TEXT, LED)
    bare = text_source(selection(start, end, coding(user=None), name=LED))
    owned = bare.replace("<TextSource", f'<TextSource creatingUser="{ANNA}" modifyingUser="{BEN}"')
    assert coded(read_project(write_qdpx(tmp_path, project(owned)))) == [(LED, "中试", "Ben")]
    read = read_project(write_qdpx(tmp_path, project(bare, top=f' creatingUserGUID="{ANNA}"')))
    assert coded(read) == [(LED, "中试", "Anna")]
    assert read.repairs == ("1 codings name no user; they were taken as those of Anna",)
    read = read_project(write_qdpx(tmp_path, project(bare, users="")))
    assert coded(read) == [(LED, "中试", None)]
    read = read_project(write_qdpx(tmp_path, project(text_source(*THREE), users="")))
    assert {user for _, _, user in coded(read)} == {f"unknown user {ANNA[:8]}"}


def test_a_coding_of_the_source_itself_is_on_all_of_its_text(tmp_path: Path) -> None:
    read = read_project(write_qdpx(tmp_path, project(text_source(coding(user=BEN)))))
    assert coded(read) == [(TEXT, "中试", "Ben")]


@pytest.mark.parametrize("element", ["Representation", "TextDescription"])
def test_the_text_of_a_pdf_or_picture_is_kept_and_its_areas_are_lost(tmp_path: Path, element: str) -> None:
    kind = {"Representation": "PDF", "TextDescription": "Picture"}[element]
    inner = text_source(*THREE).replace("TextSource", element).replace(SOURCE, guid("inner"), 1)
    area = (
        f'<{kind}Selection guid="{guid("area")}" page="0" firstX="1" firstY="2" secondX="3" secondY="4">'
        f"{coding()}</{kind}Selection>"
    )
    source = (
        f'<{kind}Source guid="{SOURCE}" name="扫描.pdf" path="internal://a.pdf">{area}{inner}</{kind}Source>'
    )
    read = read_project(write_qdpx(tmp_path, project(source)))
    assert coded(read) == AS_CODED
    assert [(one.guid, one.name) for one in read.project.sources] == [(SOURCE, "扫描.pdf")]
    assert read.losses == ("1 areas of pages or pictures in source '扫描.pdf' (1 codings)",)


def test_an_area_that_repeats_a_selection_of_the_text_is_not_lost(tmp_path: Path) -> None:
    inside = text_source(THREE[0]).replace("TextSource", "Representation").replace(SOURCE, guid("inner"), 1)
    area = THREE[0].replace("PlainTextSelection", "PDFSelection")
    other = THREE[1].replace("PlainTextSelection", "PDFSelection")
    for areas, losses in (
        (area, ()),
        (area + other, ("1 areas of pages or pictures in source 'a' (1 codings)",)),
    ):
        source = f'<PDFSource guid="{SOURCE}" name="a">{areas}{inside}</PDFSource>'
        read = read_project(write_qdpx(tmp_path, project(source)))
        assert coded(read) == AS_CODED[:1]
        assert read.losses == losses


@pytest.mark.parametrize("kind", ["PDF", "Picture", "Audio", "Video"])
def test_sources_without_text_are_listed_with_the_codings_on_them(tmp_path: Path, kind: str) -> None:
    on_it = coding() + coding(SUBSIDY)
    area = f'<{kind}Selection guid="{guid("area")}" begin="1" end="2">{on_it}</{kind}Selection>'
    source = (
        f'<{kind}Source guid="{SOURCE}" name="会场" path="internal://a.bin">{area}{coding()}</{kind}Source>'
    )
    read = read_project(write_qdpx(tmp_path, project(source)))
    assert read.losses == (f"1 {kind} source '会场': it has no text (1 selections, 3 codings)",)


def test_what_a_project_has_and_the_records_do_not_is_counted(tmp_path: Path) -> None:
    nowhere = selection(1, 3, coding(guid("no such code")), name=TEXT[1:3])
    uncoded = selection(1, 3, name=TEXT[1:3])
    note = f'<NoteRef targetGUID="{guid("note")}"/>'
    rest = (
        f'<Notes><Note guid="{guid("note")}"><PlainTextContent>备忘</PlainTextContent></Note></Notes>'
        f'<Links><Link guid="{guid("link")}"/><Link guid="{guid("link2")}"/></Links>'
        f'<Graphs><Graph guid="{guid("graph")}"/></Graphs><Journal/>'
    )
    codingless = f'<Coding guid="{guid("c")}"/>'
    broken = selection("one", 3, coding())
    xml = project(text_source(nowhere, uncoded, broken, codingless, THREE[0] * 2, note, "<Odd/>"), rest=rest)
    read = read_project(write_qdpx(tmp_path, xml))
    assert coded(read) == AS_CODED[:1]
    assert set(read.losses) == {
        "1 codings whose code is not in the project's codebook",
        "1 selections without a code",
        "1 codings of source '规定.txt' whose position is no number",
        "1 codings that name no code",
        "1 codings that stand twice (same characters, code and user)",
        "1 links of sources, selections and codings to notes",
        "1 unknown elements 'Odd' in sources",
        "1 notes (memos)",
        "2 links",
        "1 graphs (networks)",
        "1 unknown elements 'Journal'",
    }


def test_variables_of_a_source_and_of_its_cases_are_its_variables(tmp_path: Path) -> None:
    year, place = guid("year"), guid("place")
    variables = (
        f'<Variables><Variable guid="{year}" name="year" typeOfVariable="Integer"/>'
        f'<Variable guid="{place}" name="region" typeOfVariable="Text"/></Variables>'
    )

    def value(variable: str, kind: str, text: str) -> str:
        return f'<VariableValue><VariableRef targetGUID="{variable}"/><{kind}>{text}</{kind}></VariableValue>'

    cases = (
        f'<Cases><Case guid="{guid("case")}" name="甲市">{value(place, "TextValue", "甲")}'
        f'{value(year, "IntegerValue", "2019")}<SourceRef targetGUID="{SOURCE}"/></Case></Cases>'
    )
    xml = project(text_source(*THREE, value(year, "IntegerValue", "2021")), rest=variables + cases)
    read = read_project(write_qdpx(tmp_path, xml))
    assert dict(read.project.sources[0].variables) == {"year": "2021", "region": "甲"}
    assert [(one.name, one.kind) for one in read.project.variables] == [
        ("year", "Integer"),
        ("region", "Text"),
    ]
    assert any("another value" in loss for loss in read.losses)


def test_sets_keep_the_codes_and_sources_that_are_there(tmp_path: Path) -> None:
    members = f'<MemberCode targetGUID="{PILOT}"/><MemberSource targetGUID="{SOURCE}"/>'
    members += f'<MemberCode targetGUID="{guid("x")}"/>'
    rest = f'<Sets><Set guid="{guid("set")}" name="甲">{members}</Set></Sets>'
    read = read_project(write_qdpx(tmp_path, project(text_source(), rest=rest)))
    assert [(one.name, one.code_guids, one.source_guids) for one in read.project.sets] == [
        ("甲", (PILOT,), (SOURCE,))
    ]
    assert read.losses == ("1 members of sets that are no code or source that was kept",)


def test_a_project_of_users_alone_is_no_error(tmp_path: Path) -> None:
    xml = f'<Project xmlns="urn:QDA-XML:project:1.0" name="blank">{USERS}</Project>'
    read = read_project(write_qdpx(tmp_path, xml, texts={}))
    assert (len(read.project.users), read.project.sources, read.losses) == (2, (), ())


@pytest.mark.parametrize(
    "namespace", ["", "urn:QDA-XML:project:2.0", "http://schema.qdasoftware.org/Project"]
)
def test_another_namespace_or_none_is_read_alike(tmp_path: Path, namespace: str) -> None:
    xml = project(text_source(*THREE)).replace("urn:QDA-XML:project:1.0", namespace)
    assert coded(read_project(write_qdpx(tmp_path, xml))) == AS_CODED


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_the_xml_may_be_in_the_encoding_it_declares(tmp_path: Path, encoding: str) -> None:
    xml = project(text_source(*THREE).replace("𠮷", "吉"))
    content = xml.replace("utf-8", encoding.removesuffix("-sig"), 1).encode(encoding)
    assert coded(read_project(write_qdpx(tmp_path, content))) == AS_CODED


def test_two_sources_of_one_guid_are_two_sources(tmp_path: Path) -> None:
    xml = project(text_source(THREE[0]) + text_source(THREE[2], name="二.txt"))
    read = read_project(write_qdpx(tmp_path, xml))
    assert [text for text, _, _ in coded(read)] == [PILOTED, LED]
    assert len({source.guid for source in read.project.sources}) == 2
    assert "given its own" in read.repairs[0]


def test_two_users_of_one_guid_are_an_error_at_their_line(tmp_path: Path) -> None:
    users = USERS.replace(BEN, ANNA)
    with pytest.raises(
        ExchangeError, match=r"project\.qde:2: GUID .* stands for two users, 'Anna' and 'Ben'"
    ):
        read_project(write_qdpx(tmp_path, project(users=users)))


def test_ten_thousand_codes_and_a_thousand_levels_are_read(tmp_path: Path) -> None:
    flat = "".join(f'<Code guid="{guid(f"f{n}")}" name="f{n}" isCodable="true"/>' for n in range(10_000))
    deep = "".join(f'<Code guid="{guid(f"d{n}")}" name="d{n}" isCodable="true">' for n in range(1000))
    codes = f"<CodeBook><Codes>{flat}{deep}{'</Code>' * 1000}</Codes></CodeBook>"
    read = read_project(write_qdpx(tmp_path, project(codes=codes)))
    assert len(read.project.codes) == 11_000
    assert read.project.codes[-1].parent_guid == guid("d998")


HOSTILE = {
    "entities": '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    "external DTD": '<!DOCTYPE Project SYSTEM "http://localhost/p.dtd">',
    "file entity": '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
}


@pytest.mark.parametrize("doctype", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_before_anything_is_parsed(tmp_path: Path, doctype: str, encoding: str) -> None:
    xml = (
        project(text_source(*THREE))
        .replace("<Project", f"<!-- a -->{doctype}<Project")
        .replace("utf-8", encoding)
    )
    with pytest.raises(ExchangeError, match=r"project\.qde:2: found a document type declaration"):
        read_project(write_qdpx(tmp_path, xml.encode(encoding)))


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("", "damaged XML"),
        ("<Project>", "damaged XML"),
        ("no xml", "damaged XML"),
        (project().replace("Anna", "An\x01na"), "damaged XML"),
        (project().replace("Anna", "&#0;"), "damaged XML"),
        (project().encode().replace(b"Anna", b"\xff\xfe"), "damaged XML"),
        (project().replace("utf-8", "rot13"), "not known"),
        ("<CodeBook/>", "root element is 'CodeBook'"),
        ("<a>" * 5000 + "</a>" * 5000, "damaged XML"),
    ],
)
def test_xml_that_is_none_names_its_place(tmp_path: Path, xml: str | bytes, said: str) -> None:
    with pytest.raises(ExchangeError, match=said) as caught:
        read_project(write_qdpx(tmp_path, xml))
    assert "p.qdpx/project.qde" in caught.value.message


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (CODES.replace(PILOT, SUBSIDY), "stands for two codes, '补助' and '中试'"),
        (CODES.replace(SUBSIDY, MONEY), "nested in itself"),
    ],
)
def test_codes_that_cannot_be_told_apart_are_an_error(tmp_path: Path, codes: str, said: str) -> None:
    with pytest.raises(ExchangeError, match=said):
        read_project(write_qdpx(tmp_path, project(codes=codes)))


def test_a_huge_attribute_and_positions_beyond_all_bounds_do_no_harm(tmp_path: Path) -> None:
    long = selection(0, 3, coding(), name="长" * 1_000_000)
    far = selection(2**31, 2**63, coding()) + selection("9" * 5000, "-" + "9" * 5000, coding())
    read = read_project(write_qdpx(tmp_path, project(text_source(long, far))))
    assert len(read.project.codings) == 2
    assert all(len(line) < 400 for line in (*read.repairs, *read.losses))


def mutants(content: bytes, n_mutants: int, seed: int) -> list[bytes]:
    """Damaged copies: flipped bits, cuts, pieces moved or doubled."""
    choose = random.Random(seed)
    found = []
    for _ in range(n_mutants):
        damaged = bytearray(content)
        at, size = choose.randrange(len(content)), choose.randrange(1, 60)
        match choose.randrange(4):
            case 0:
                for _ in range(choose.randrange(1, 12)):
                    damaged[choose.randrange(len(damaged))] ^= 1 << choose.randrange(8)
            case 1:
                del damaged[at:]
            case 2:
                del damaged[at : at + size]
            case _:
                damaged[at:at] = damaged[choose.randrange(len(content)) :][:size]
        found.append(bytes(damaged))
    return found


@pytest.mark.parametrize("damaged", ["archive", "xml", "text"])
def test_no_damage_ends_in_anything_but_a_project_or_an_exchange_error(tmp_path: Path, damaged: str) -> None:
    xml = project(text_source(*THREE, coding(user=BEN)))
    whole = {"archive": write_qdpx(tmp_path, xml).read_bytes(), "xml": xml.encode(), "text": TEXT.encode()}
    folder = tmp_path / "alone"
    folder.mkdir()
    path = folder / "p.qdpx"
    n_refused = 0
    for mutant in mutants(whole[damaged], 200, seed=20261123):
        if damaged == "archive":
            path.write_bytes(mutant)
        elif damaged == "xml":
            write_qdpx(folder, mutant)
        else:
            write_qdpx(folder, xml, texts={f"sources/{SOURCE}.txt": mutant})
        try:
            read_project(path)
        except ExchangeError as err:
            message = err.message
        else:
            message = ""
        n_refused += bool(message)
        assert not message or message.startswith(str(path))
    assert (n_refused > 0) == (damaged != "text")  # a damaged text is still a text
    assert [file.name for file in folder.iterdir()] == [path.name]
