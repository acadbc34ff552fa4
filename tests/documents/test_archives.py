"""Zip archives: readable names, bounds, and nothing outside the temporary folder."""

import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.documents import archives, zip_reading
from policy_nlp.documents.archives import decode_names, guess_encoding, is_ignored, iter_archive
from policy_nlp.errors import DocumentError
from policy_nlp.records import InputFile, SkippedInput


def write_zip(path: Path, members: dict[str, bytes], *, encoding: str | None = None) -> Path:
    """A zip; with `encoding` the names are written in it without the UTF-8 flag, as Chinese Windows does."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            stored = name if encoding is None else name.encode(encoding).decode("cp437")
            entry = _RawInfo(stored) if encoding else zipfile.ZipInfo(stored)
            container.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return path


class _RawInfo(zipfile.ZipInfo):
    """An entry whose name is written as the bytes it stands for, without the flag for UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def read(path: Path) -> list[tuple[str, bytes | str]]:
    return [
        (item.path, item.reason)
        if isinstance(item, SkippedInput)
        else (item.shown_path, item.path.read_bytes())
        for item in iter_archive(InputFile(path, path.name))
    ]


@pytest.mark.parametrize("encoding", [None, "utf-8", "gb18030"])
def test_names_are_readable_whatever_packed_them(tmp_path: Path, encoding: str | None) -> None:
    path = write_zip(
        tmp_path / "a.zip", {"各省报告/科技创新.txt": b"1", "各省报告/人才.txt": b"2"}, encoding=encoding
    )
    assert read(path) == [("a.zip/各省报告/人才.txt", b"2"), ("a.zip/各省报告/科技创新.txt", b"1")]


def test_names_in_big5_are_readable(tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "a.zip", {"創新政策報告.txt": b"1", "產業發展條例.txt": b"2"}, encoding="big5"
    )
    assert {name for name, _ in read(path)} == {"a.zip/創新政策報告.txt", "a.zip/產業發展條例.txt"}


def test_the_unicode_path_field_of_info_zip_wins(tmp_path: Path) -> None:
    raw = b"????.txt"
    field = struct.pack("<BL", 1, zlib.crc32(raw)) + "政策.txt".encode()
    entry = zipfile.ZipInfo(raw.decode("ascii"))
    entry.extra = struct.pack("<HH", 0x7075, len(field)) + field
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.writestr(entry, b"1")
    assert read(tmp_path / "a.zip") == [("a.zip/政策.txt", b"1")]


@given(st.lists(st.text(alphabet="科技创新政策的若干意见人民政府办公厅关于印发通知", min_size=2), min_size=1))
def test_names_in_gb18030_are_told_from_big5(names: list[str]) -> None:
    raw = [name.encode("gb18030") for name in names]
    encoding = guess_encoding(raw)
    assert encoding == "gb18030" or [name.decode(encoding) for name in raw] == names


def test_gb18030_names_that_are_valid_utf8_too_are_read_as_chinese() -> None:
    for name in ("通知.docx", "印知.txt"):
        assert name.encode("gb18030").decode("utf-8") != name
        assert guess_encoding([name.encode("gb18030")]) == "gb18030"


@pytest.mark.parametrize("name", ["отчёт.txt", "résumé.docx", "通知.docx", "Ünïcödé ñ.txt"])
def test_utf8_names_stay_utf8(name: str) -> None:
    assert guess_encoding([name.encode("utf-8")]) == "utf-8"


@given(st.text(), st.sampled_from([0, 0x800]))
def test_no_name_steps_out_of_the_archive(name: str, flag: int) -> None:
    entry = zipfile.ZipInfo("x")
    entry.orig_filename = name.encode("cp437", errors="replace").decode("cp437") if flag == 0 else name
    entry.flag_bits = flag
    (shown,) = decode_names([entry])
    assert not shown.startswith("/")
    assert ".." not in shown.split("/")
    assert shown


def test_paths_out_of_the_archive_are_harmless(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"../../etc/甲.txt": b"1", "C:\\乙.txt": b"2", "/丙.txt": b"3"})
    before = sorted(tmp_path.parent.rglob("*.txt"))
    assert sorted(name for name, _ in read(path)) == ["a.zip/etc/甲.txt", "a.zip/丙.txt", "a.zip/乙.txt"]
    assert sorted(tmp_path.parent.rglob("*.txt")) == before


def test_members_are_gone_from_disk_afterwards(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"甲.txt": b"1", "乙.txt": b"2"})
    seen = [item.path for item in iter_archive(InputFile(path, "a.zip")) if isinstance(item, InputFile)]
    assert len(seen) == 2
    assert not any(member.exists() for member in seen)


def test_archives_in_archives_are_opened_to_a_depth(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "0.zip", {"甲.txt": b"1"})
    for level in range(1, 4):
        inner = write_zip(tmp_path / f"{level}.zip", {"内.zip": inner.read_bytes()})
    assert read(tmp_path / "2.zip") == [("2.zip/内.zip/内.zip/甲.txt", b"1")]
    ((name, reason),) = read(tmp_path / "3.zip")
    assert name == "3.zip/内.zip/内.zip/内.zip"
    assert "nested more than 3 deep" in str(reason)


def test_what_no_user_means_is_ignored(tmp_path: Path) -> None:
    names = ("__MACOSX/._甲.txt", ".DS_Store", "x/.git/config", "~$稿.docx", "Thumbs.db")
    assert all(map(is_ignored, names))
    assert read(write_zip(tmp_path / "a.zip", dict.fromkeys(names, b"1"))) == []


def test_an_encrypted_member_is_skipped_with_its_reason(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"甲.txt": b"1", "乙.txt": b"2"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    found = dict(read(path))
    assert "encrypted" in str(found["a.zip/甲.txt"])
    assert found["a.zip/乙.txt"] == b"2"


def test_a_damaged_member_is_skipped_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as container:
        container.writestr("甲.txt", b"AAAA")
        container.writestr("乙.txt", b"BBBB")
    path.write_bytes(path.read_bytes().replace(b"AAAA", b"AAAX"))
    found = dict(read(path))
    assert "cannot be unpacked" in str(found["a.zip/甲.txt"])
    assert found["a.zip/乙.txt"] == b"BBBB"


def test_a_bomb_is_skipped_and_the_others_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_reading, "RATIO_FREE_BYTES", 1 << 16)
    found = dict(read(write_zip(tmp_path / "a.zip", {"弹.txt": bytes(4 << 20), "好.txt": b"1"})))
    assert "zip bomb" in str(found["a.zip/弹.txt"])
    assert found["a.zip/好.txt"] == b"1"


def test_the_bound_on_all_members_together_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives._Allowance.__init__, "__defaults__", (25, 100))
    found = read(write_zip(tmp_path / "a.zip", {f"{index}.txt": b"x" * 10 for index in range(4)}))
    assert [isinstance(content, bytes) for _, content in found[:3]] == [True, True, False]
    assert "the most that is read" in str(found[2][1])


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives._Allowance.__init__, "__defaults__", (1000, 2))
    with pytest.raises(DocumentError, match="holds more than"):
        read(write_zip(tmp_path / "a.zip", {f"{index}.txt": b"x" for index in range(3)}))


def test_a_damaged_archive_gives_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(DocumentError, match=r"a\.zip: found a damaged zip"):
        read(path)
