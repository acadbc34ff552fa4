"""Archives are read in memory, within bounds, and nothing is written anywhere."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.refi_qda import archive
from policy_nlp.exchange.refi_qda.archive import open_project
from tests.exchange.refi_qda.examples import SOURCE, TEXT, project, text_source, write_qdpx

XML = project(text_source())


def read(path: Path, reference: str = f"internal://{SOURCE}.txt") -> bytes | None:
    with open_project(path) as files:
        return files.read_source(reference)


def test_no_member_is_ever_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    more = [
        ("../../slip.txt", b"x"),
        ("/abs.txt", b"x"),
        ("C:\\win.txt", b"x"),
        ("sources/../../up.txt", b"x"),
    ]
    path = write_qdpx(inside, XML, more=more)
    assert read(path) == TEXT.encode()
    assert read(path, "internal://../../slip.txt") == b"x"  # a member of the archive, under any name
    assert [file.name for file in tmp_path.rglob("*")] == ["inside", "p.qdpx"]


def test_a_reference_is_looked_up_by_path_first_and_by_file_name_only_if_one_has_it(tmp_path: Path) -> None:
    more = [("sources/a/same.txt", b"a"), ("sources/b/same.txt", b"b"), ("c/one.txt", b"c")]
    path = write_qdpx(tmp_path, XML, more=more)
    assert read(path, "internal://a/same.txt") == b"a"
    assert read(path, "internal://same.txt") is None
    assert read(path, "internal://one.txt") == b"c"
    assert read(path, "internal://ONE.TXT") == b"c"
    assert read(path, "") is None


@pytest.mark.parametrize(
    "reference", ["internal://采访 一.txt", "internal://%E9%87%87%E8%AE%BF%20%E4%B8%80.txt"]
)
def test_names_of_other_encodings_and_escaped_ones_are_found(tmp_path: Path, reference: str) -> None:
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("project.qde", XML)
        container.writestr("sources/AA.txt", b"found")
    name = "采访 一.txt".encode("gb18030")
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("project.qde", XML)
        container.writestr("sources/" + "x" * len(name), b"found")
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    assert read(path, reference) == b"found"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "found no .qde file among nothing"),
        (["a.txt"], "found no .qde file among a.txt"),
        (["a.qde", "b/project.qde"], "found 2 projects (a.qde, b/project.qde)"),
        (["project.qde", "project.qde"], "found 2 projects"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_needs_exactly_one_project(tmp_path: Path, names: list[str], said: str) -> None:
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as container:
        for name in names:
            container.writestr(name, XML)
    if not names:  # an empty zip has no other mark
        path.write_bytes(b"PK\x05\x06" + bytes(18))
    with pytest.raises(ExchangeError) as caught:
        read(path)
    assert said in caught.value.message


def test_resource_forks_of_macos_are_no_projects(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path, XML, more=[("__MACOSX/._project.qde", b"x"), ("._project.qde", b"x")])
    assert read(path) == TEXT.encode()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_one_path_the_last_is_read_and_said(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path, XML, more=[(f"sources/{SOURCE}.txt", b"last")])
    with open_project(path) as files:
        assert files.read_source(f"{SOURCE}.txt") == b"last"
        assert "more than once" in files.repairs[0]


def test_a_source_that_unpacks_beyond_the_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_TEXT_BYTES", 1 << 20)
    path = write_qdpx(tmp_path, XML, texts={f"sources/{SOURCE}.txt": b"a" * ((1 << 20) + 1)})
    with pytest.raises(ExchangeError, match="unpacks to more than 1 MB"):
        read(path)
    bare = tmp_path / "p.qde"
    bare.write_text(XML, encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / f"{SOURCE}.txt").write_bytes(b"a" * ((1 << 20) + 1))
    with pytest.raises(ExchangeError, match="larger than 1 MB"):
        read(bare)


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("project.qde", b" " * (40 << 20))
    content = packed.getvalue()
    stated = struct.pack("<L", 40 << 20)
    path.write_bytes(content.replace(stated, struct.pack("<L", 100)))  # a directory that lies
    with pytest.raises(ExchangeError):
        read(path)
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match="zip bomb"):
        read(path)


def test_an_encrypted_source_says_so(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path, XML)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.rfind(mark) + offset] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(ExchangeError, match="encrypted"):
        read(path)


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    path = write_qdpx(tmp_path, XML, more=[("a", b""), ("b", b"")])
    with pytest.raises(ExchangeError, match="holds 4 files"):
        read(path)


def test_a_folder_a_missing_file_and_a_pipe_are_bad_paths(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no.qdpx", Path("/dev/null")):
        with pytest.raises(ExchangeError, match=r"expected a \.qdpx or \.qde file"):
            read(path)
