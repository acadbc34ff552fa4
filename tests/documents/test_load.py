"""Inputs become documents in a fixed order; nothing an input holds stops the run."""

import errno
import os
import shutil
import sys
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_nlp.documents import load
from policy_nlp.documents.load import iter_documents, make_document_id
from policy_nlp.records import Document, ExtractedText, InputFile, SkippedInput

SENTENCE = "支持企业牵头组建创新联合体，承担关键核心技术攻关任务。"


def read(*paths: Path) -> tuple[list[Document], list[SkippedInput]]:
    found = list(iter_documents(paths))
    return [item for item in found if isinstance(item, Document)], [
        item for item in found if isinstance(item, SkippedInput)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "文件夹"
    (root / "子").mkdir(parents=True)
    (root / "乙.txt").write_text(SENTENCE, encoding="utf-8")
    (root / "甲.txt").write_bytes((SENTENCE * 5).encode("gb18030"))
    document = python_docx.Document()
    document.add_paragraph(SENTENCE)
    document.save(str(root / "子" / "丙.docx"))
    (root / "子" / "~$丙.docx").write_bytes(b"lock")
    (root / ".DS_Store").write_bytes(b"\0\0")
    (root / "表.csv").write_text(
        f"标题,正文,地区\n一,{SENTENCE},浙江\n二,{SENTENCE},江苏\n", encoding="utf-8"
    )
    with zipfile.ZipFile(root / "包.zip", "w") as container:
        container.writestr("丁.txt", SENTENCE)
    return root


def test_a_folder_is_read_to_the_bottom_in_a_fixed_order(folder: Path) -> None:
    documents, skipped = read(folder)
    assert skipped == []
    assert [document.path for document in documents] == [
        "乙.txt",
        "包.zip/丁.txt",
        "子/丙.docx",
        "甲.txt",
        "表.csv#row 1",
        "表.csv#row 2",
    ]


def test_ids_survive_a_move_and_differ_within_a_run(folder: Path, tmp_path: Path) -> None:
    documents, _ = read(folder)
    moved = tmp_path / "别处" / "另名"
    shutil.copytree(folder, moved)
    assert [d.document_id for d in read(moved)[0]] == [d.document_id for d in documents]
    assert len({d.document_id for d in documents}) == len(documents)


def test_the_same_file_given_twice_has_two_ids(folder: Path) -> None:
    documents, _ = read(folder / "乙.txt", folder / "乙.txt")
    assert len({document.document_id for document in documents}) == 2
    assert documents[0].document_id == make_document_id("乙.txt", "", sha256=documents[0].sha256)


def test_what_the_format_states_wins_over_the_text(folder: Path) -> None:
    documents, _ = read(folder / "表.csv")
    assert [document.title for document in documents] == ["一", "二"]
    assert [document.metadata.region for document in documents] == ["浙江", "江苏"]


def test_a_lying_ending_is_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_text(f"text,label\n{SENTENCE},科技\n", encoding="utf-8")
    (document,), _ = read(path)
    assert document.format == "csv"
    assert "the name ends in .xlsx, but the content is csv; it was read as csv" in document.warnings


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.csv", b"", "空.csv: the file is empty"),
        ("空白.txt", b" \r\n \t", "空白.txt"),
        ("图.png", b"\x89PNG\r\n\x1a\n", "run OCR first"),
        ("包.rar", b"Rar!\x1a\x07\x00", "unpack it"),
        (
            "旧.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") + b"\0\0",
            "encrypted",
        ),
        ("乱.bin", bytes(range(256)) * 4, "乱.bin: 1024 bytes"),
        ("坏.docx", b"PK\x03\x04", "damaged"),
        ("坏.pdf", b"%PDF-1.7", "坏.pdf"),
        ("坏.zip", b"PK\x03\x04", "damaged zip"),
        ("数.csv", b"a,1\nb,2\n", "no column of the table holds sentences"),
    ],
)
def test_what_cannot_be_read_is_skipped_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    (tmp_path / "好.txt").write_text(SENTENCE, encoding="utf-8")
    documents, skipped = read(path, tmp_path / "好.txt")
    assert [document.path for document in documents] == ["好.txt"]
    assert [item.path for item in skipped] == [name]
    assert reason in skipped[0].reason


def test_missing_paths_and_empty_folders_are_told(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    _, skipped = read(tmp_path / "没有.txt", tmp_path / "空")
    assert "there is no such file" in skipped[0].reason
    assert "holds no files" in skipped[1].reason


def test_links_and_pipes_in_a_folder_are_skipped_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "乙.txt").symlink_to("甲.txt")
    (tmp_path / "断.txt").symlink_to("没有.txt")
    (tmp_path / "回").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "管.txt")
    documents, skipped = read(tmp_path, tmp_path / ("长" * 300))
    assert [document.path for document in documents] == ["乙.txt", "甲.txt"]
    reasons = {item.path: item.reason for item in skipped[:3]}
    assert "not followed" in reasons["回"]
    assert "leads to no file" in reasons["断.txt"]
    assert "pipe" in reasons["管.txt"]
    assert "no such file" in skipped[3].reason


def test_a_file_without_read_permission_is_skipped_with_a_plain_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(load, "detect_format", refuse)
    _, skipped = read(folder / "乙.txt")
    reason = "乙.txt: it cannot be read (Permission denied); check its rights and the disk"
    assert [item.reason for item in skipped] == [reason]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_file_name_in_gbk_is_shown_in_characters(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + "/政策.txt".encode("gb18030"))).write_text(
        SENTENCE, encoding="utf-8"
    )
    documents, skipped = read(tmp_path)
    assert [(document.path, document.title) for document in documents] == [("政策.txt", "政策")]
    assert skipped == []


def test_a_reader_that_fails_unforeseen_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: InputFile) -> list[ExtractedText]:
        raise LookupError("broken inside")

    monkeypatch.setattr(load, "READERS", {**load.READERS, "docx": fail})
    documents, skipped = read(folder)
    assert len(documents) == 5
    assert "its reader failed (LookupError: broken inside)" in skipped[0].reason


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"PAR1", b'{"text":', b"<html>", b"\xff\xfe"]),
    st.binary(max_size=300),
    st.sampled_from(["a", "a.txt", "a.docx", "a.pdf", "a.csv", "a.xlsx", "a.html", "a.jsonl", "a.md"]),
)
def test_no_bytes_whatever_stop_the_run(tmp_path: Path, magic: bytes, rest: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(magic + rest)
    found = list(iter_documents([path]))
    assert found
    assert all(isinstance(item, Document | SkippedInput) for item in found)
    assert not any("its reader failed" in item.reason for item in found if isinstance(item, SkippedInput))
