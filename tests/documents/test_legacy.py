"""Old Word files go through LibreOffice, or are skipped with the mend."""

import subprocess
import sys
from pathlib import Path

import docx as python_docx
import pytest

from policy_nlp.documents import legacy
from policy_nlp.documents.legacy import find_libreoffice, read_doc, read_wps
from policy_nlp.errors import DocumentError, MissingProgramError
from policy_nlp.records import InputFile

# Stands in for soffice: does to its last argument what `action` says.
STAND_IN = """#!{python}
import shutil, sys, time
from pathlib import Path
folder = Path(sys.argv[sys.argv.index("--outdir") + 1])
assert "--headless" in sys.argv and any(a.startswith("-env:UserInstallation=file:") for a in sys.argv)
{action}
"""
REAL_PROGRAM = find_libreoffice()
COPY = 'folder.mkdir(); shutil.copy({docx!r}, folder / "document.docx")'


@pytest.fixture
def old_file(tmp_path: Path) -> InputFile:
    path = tmp_path / "旧文件.doc"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    return InputFile(path, path.name)


def install_stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "soffice"
    program.write_text(STAND_IN.format(python=sys.executable, action=action), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))


def write_docx(folder: Path) -> str:
    document = python_docx.Document()
    document.add_paragraph("转换后的正文。")
    document.save(str(folder / "made.docx"))
    return str(folder / "made.docx")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")
def test_a_doc_is_converted_and_stays_doc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old_file: InputFile
) -> None:
    install_stand_in(tmp_path, monkeypatch, COPY.format(docx=write_docx(tmp_path)))
    (extracted,) = read_doc(old_file)
    assert (extracted.text, extracted.format) == ("转换后的正文。", "doc")
    (extracted,) = read_wps(old_file)
    assert extracted.format == "wps"


def test_without_libreoffice_the_reason_tells_the_mend(
    monkeypatch: pytest.MonkeyPatch, old_file: InputFile
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(legacy, "_USUAL_PLACES", ())
    assert find_libreoffice() is None
    with pytest.raises(MissingProgramError, match=r"旧文件\.doc: .*Install LibreOffice"):
        list(read_doc(old_file))


@pytest.mark.slow
@pytest.mark.skipif(REAL_PROGRAM is None, reason="LibreOffice is not on this machine")
def test_libreoffice_itself_gives_back_the_text(tmp_path: Path) -> None:
    command = [str(REAL_PROGRAM), f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless"]
    command += ["--convert-to", "doc", "--outdir", str(tmp_path), write_docx(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    (extracted,) = read_doc(InputFile(tmp_path / "made.doc", "made.doc"))
    assert (extracted.text, extracted.format) == ("转换后的正文。", "doc")


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")
def test_a_failed_conversion_gives_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old_file: InputFile
) -> None:
    install_stand_in(tmp_path, monkeypatch, 'sys.exit("source file could not be loaded")')
    with pytest.raises(DocumentError, match=r"could not convert it \(source file could not be loaded\)"):
        list(read_doc(old_file))


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script with a shebang")
def test_a_hanging_conversion_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old_file: InputFile
) -> None:
    install_stand_in(tmp_path, monkeypatch, "time.sleep(60)")
    monkeypatch.setattr(legacy, "TIMEOUT_S", 1)
    with pytest.raises(DocumentError, match="did not finish in 1 seconds"):
        list(read_doc(old_file))
