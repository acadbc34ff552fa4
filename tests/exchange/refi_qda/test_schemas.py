"""Our schemas refuse what the official ones refuse: every document one change away from a whole one."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from lxml import etree

from tests.exchange.refi_qda.schemas import official_schema, own_schema, validate_codebook, validate_project

G = "0b0d1f61-7315-5c71-96aa-15751640cd1"
AUDIT = f'creatingUser="{G}0" creationDateTime="2026-01-02T03:04:05Z"'
CHANGED = f'modifyingUser="{{{G}0}}" modifiedDateTime="2026-01-02T03:04:05+08:00"'
NOTES = f'<NoteRef targetGUID="{G}7"/>'
CODING = f'<Coding guid="{G}2"><CodeRef targetGUID="{G}1"/>{NOTES}</Coding>'
KINDS = {
    "Text": "字",
    "Boolean": "true",
    "Integer": "-3",
    "Float": "2.5",
    "Date": "2026-01-02",
    "DateTime": "2026-01-02T03:04:05",
}
VALUES = [
    f'<VariableValue><VariableRef targetGUID="{G}4"/><{kind}Value>{value}</{kind}Value></VariableValue>'
    for kind, value in KINDS.items()
]
WHOLE = f"{CODING}{NOTES}{VALUES[0]}"
DESCRIPTION = "<Description>d</Description>"
SELECTED = f"{DESCRIPTION}{CODING}{NOTES}"
CORNERS = 'firstX="1" firstY="2" secondX="3" secondY="4"'
PATHS = 'richTextPath="a" plainTextPath="b"'


def text(name: str, *, audit: str = "") -> str:
    return (
        f'<{name} guid="{G}3" name="n" {PATHS} {audit}>{DESCRIPTION}'
        f"<PlainTextContent>t</PlainTextContent>"
        f'<PlainTextSelection guid="{G}5" name="n" startPosition="0" endPosition="3" {audit}>'
        f"{SELECTED}</PlainTextSelection>{WHOLE}</{name}>"
    )


def medium(name: str, content: str) -> str:
    paths = 'path="a" currentPath="b"'
    return f'<{name} guid="{G}3" name="n" {paths} {AUDIT}>{DESCRIPTION}{content}{WHOLE}</{name}>'


def recording(kind: str) -> str:
    return medium(
        f"{kind}Source",
        f'<Transcript guid="{G}3" name="n" {PATHS}>{DESCRIPTION}'
        f'<PlainTextContent>t</PlainTextContent><SyncPoint guid="{G}6" timeStamp="1" position="2"/>'
        f'<TranscriptSelection guid="{G}5" name="n" fromSyncPoint="{G}6" toSyncPoint="{G}6">'
        f"{SELECTED}</TranscriptSelection>{NOTES}</Transcript>"
        f'<{kind}Selection guid="{G}5" name="n" begin="0" end="9">{SELECTED}</{kind}Selection>',
    )


def project(content: str) -> str:
    return (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="o" creatingUserGUID="{G}0" basePath="b"'
        f' creationDateTime="2026-01-02T03:04:05.5Z" modifyingUserGUID="{G}0"'
        f' modifiedDateTime="2026-01-02T03:04:05Z">{content}</Project>'
    )


PROJECTS = {
    "users, codes": f"""<Users><User guid="{G}0" name="u" id="i"/></Users>
<CodeBook><Codes><Code guid="{G}1" name="c" isCodable="true" color="#aBc012">{DESCRIPTION}{NOTES}
<Code guid="{G}9" name="c" isCodable="0" color="#aBc"/></Code></Codes></CodeBook>
<Variables><Variable guid="{G}4" name="v" typeOfVariable="Text">{DESCRIPTION}</Variable></Variables>""",
    "cases": f"""<Cases><Case guid="{G}a" name="n">{DESCRIPTION}<CodeRef targetGUID="{G}1"/>{"".join(VALUES)}
<SourceRef targetGUID="{G}3"/><SelectionRef targetGUID="{G}5"/></Case></Cases>""",
    "text": f"<Sources>{text('TextSource', audit=CHANGED)}</Sources>",
    "notes": f"<Notes>{text('Note', audit=AUDIT)}</Notes>{DESCRIPTION}{NOTES}",
    "coding": f"<Sources>{text('TextSource').replace('<Coding ', f'<Coding {AUDIT} ')}</Sources>",
    "picture": f"""<Sources>{
        medium(
            "PictureSource",
            text("TextDescription")
            + f'<PictureSelection guid="{G}5" name="n" {CORNERS} {AUDIT}>{SELECTED}</PictureSelection>',
        )
    }</Sources>""",
    "pdf": f"""<Sources>{
        medium(
            "PDFSource",
            f'<PDFSelection guid="{G}5" name="n" page="1" {CORNERS}>{DESCRIPTION}'
            f"{text('Representation')}{CODING}{NOTES}</PDFSelection>" + text("Representation"),
        )
    }</Sources>""",
    "audio": f"<Sources>{recording('Audio')}</Sources>",
    "video": f"<Sources>{recording('Video')}</Sources>",
    "links, sets, graphs": f"""<Links><Link guid="{G}b" name="n" direction="OneWay" color="#123456"
 originGUID="{G}0" targetGUID="{G}1">{NOTES}</Link></Links>
<Sets><Set guid="{G}c" name="s">{DESCRIPTION}<MemberCode targetGUID="{G}1"/><MemberSource
 targetGUID="{G}3"/><MemberNote targetGUID="{G}3"/></Set></Sets>
<Graphs><Graph guid="{G}d" name="n"><Vertex guid="{G}e" representedGUID="{G}1" name="n" {CORNERS} shape="Oval"
 color="#123"/><Edge guid="{G}f" representedGUID="{G}1" name="n" sourceVertex="{G}e" targetVertex="{G}e"
 color="#123" direction="Associative" lineStyle="solid"/></Graph></Graphs>""",
}
CODEBOOK = f"""<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="o"><Codes><Code guid="{G}1" name="c"
 isCodable="true" color="#abc">{DESCRIPTION}<Code guid="{{{G}2}}" name="c" isCodable="false"/></Code>
</Codes><Sets><Set guid="{G}3" name="s">{DESCRIPTION}<MemberCode guid="{G}1"/></Set></Sets></CodeBook>"""
OTHER_VALUES = ("", "x", "-7", "{" + G + "0")


def iter_changed(content: str) -> Iterator[etree._Element]:
    """Every document that is one change away: an attribute or element more, less, moved, or otherwise."""
    tree = etree.fromstring(content)
    known: set[tuple[str, str]] = set()
    for number, element in enumerate(list(tree.iter())):
        for name in [*element.attrib, "foreign"]:
            if (element.tag, name) not in known:
                known.add((element.tag, name))
                for value in (None, *OTHER_VALUES):
                    yield _with_attribute(tree, number, name, value)
        for change in (_remove, _repeat, _swap, _rename, _fill, _empty):
            changed = copy.deepcopy(tree)
            if change(list(changed.iter())[number]):
                yield changed


def _with_attribute(tree: etree._Element, number: int, name: str, value: str | None) -> etree._Element:
    changed = copy.deepcopy(tree)
    element = list(changed.iter())[number]
    if value is None:
        element.attrib.pop(name, None)
    else:
        element.set(name, value)
    return changed


def _remove(element: etree._Element) -> bool:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
    return parent is not None


def _repeat(element: etree._Element) -> bool:
    if element.getparent() is not None:
        element.addnext(copy.deepcopy(element))
    return element.getparent() is not None


def _swap(element: etree._Element) -> bool:
    following = element.getnext()
    if following is not None:
        following.addnext(element)
    return following is not None


def _rename(element: etree._Element) -> bool:
    element.tag = "{" + str(etree.QName(element).namespace) + "}Foreign"
    return True


def _fill(element: etree._Element) -> bool:
    element.text = (element.text or "") + "字"
    return True


def _empty(element: etree._Element) -> bool:
    for child in list(element):
        element.remove(child)
    return True


def test_whole_documents_are_valid() -> None:
    for content in PROJECTS.values():
        validate_project(project(content).encode())
    validate_codebook(CODEBOOK.encode())


# How many of the changed documents are refused, counted with the official schemas.
REFUSED = {
    "users, codes": 133,
    "cases": 188,
    "text": 177,
    "notes": 183,
    "coding": 169,
    "picture": 261,
    "pdf": 310,
    "audio": 240,
    "video": 240,
    "links, sets, graphs": 230,
    "codebook": 83,
}


@pytest.mark.parametrize("part", [*PROJECTS, "codebook"])
def test_our_schema_refuses_a_change_exactly_where_the_official_one_does(part: str) -> None:
    kind = "codebook" if part == "codebook" else "project"
    content = CODEBOOK if part == "codebook" else project(PROJECTS[part])
    own, official = own_schema(kind), official_schema(kind)
    n_refused = 0
    for changed in iter_changed(content):
        is_valid = own.validate(changed)
        n_refused += not is_valid
        if official is not None:
            assert official.validate(changed) == is_valid, etree.tostring(changed)
    assert n_refused == REFUSED[part]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<Users>", "<Users/><Users>"),
        ('isCodable="true"', ""),
        ('isCodable="true"', 'isCodable="yes"'),
        (f'guid="{G}0"', 'guid="0"'),
        ("#aBc012", "#aBc01"),
        ("2026-01-02T03:04:05.5Z", "2026-01-02"),
        ('typeOfVariable="Text"', 'typeOfVariable="String"'),
    ],
)
def test_a_broken_project_is_refused(right: str, wrong: str) -> None:
    content = project(PROJECTS["users, codes"])
    assert right in content
    with pytest.raises(etree.DocumentInvalid):
        validate_project(content.replace(right, wrong, 1).encode())
