"""Old binary Word, WPS, RTF and OpenDocument files -> text, by way of LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policy_nlp.documents.docx import read_docx
from policy_nlp.errors import DocumentError, MissingProgramError
from policy_nlp.records import ExtractedText, InputFile

TIMEOUT_S = 120
_PROGRAMS = ("soffice", "libreoffice")
_USUAL_PLACES = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path(os.path.expandvars(r"%ProgramFiles%\LibreOffice\program\soffice.exe")),
)


def find_libreoffice() -> Path | None:
    """The LibreOffice program of this machine, or None."""
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return next((place for place in _USUAL_PLACES if place.is_file()), None)


def read_doc(source: InputFile) -> Iterator[ExtractedText]:
    """The text of a .doc file. Raises as `read_docx` does, and MissingProgramError without LibreOffice."""
    return _read_converted(source, "doc")


def read_wps(source: InputFile) -> Iterator[ExtractedText]:
    """The text of a .wps file. Raises as `read_doc` does."""
    return _read_converted(source, "wps")


def read_rtf(source: InputFile) -> Iterator[ExtractedText]:
    """The text of an .rtf file. Raises as `read_doc` does."""
    return _read_converted(source, "rtf")


def read_odt(source: InputFile) -> Iterator[ExtractedText]:
    """The text of an .odt file. Raises as `read_doc` does."""
    return _read_converted(source, "odt")


def _read_converted(source: InputFile, format_name: str) -> Iterator[ExtractedText]:
    program = find_libreoffice()
    if program is None:
        raise MissingProgramError(
            f"{source.shown_path}: a .{format_name} file is read by LibreOffice, which is not on this "
            "machine. Install LibreOffice (the program soffice), or save the file as .docx in Word or WPS.",
            path=source.shown_path,
            program="soffice",
        )
    with tempfile.TemporaryDirectory(prefix="policy-nlp-") as folder:
        converted = _convert(program, source, format_name, folder=Path(folder))
        for extracted in read_docx(InputFile(converted, source.shown_path)):
            yield replace(extracted, format=format_name)


def _convert(program: Path, source: InputFile, format_name: str, *, folder: Path) -> Path:
    """Path of the .docx that LibreOffice made; its profile is new: no macro or setting of the user runs."""
    original = folder / f"document.{format_name}"
    shutil.copyfile(source.path, original)
    profile = (folder / "profile").as_uri()
    command = [
        *(str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck"),
        *("--convert-to", "docx", "--outdir", str(folder / "out"), str(original)),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 - no shell
    except subprocess.TimeoutExpired as err:
        raise DocumentError(
            f"{source.shown_path}: LibreOffice did not finish in {TIMEOUT_S} seconds. Save the file as .docx "
            "in Word or WPS.",
            path=source.shown_path,
        ) from err
    except OSError as err:
        raise DocumentError(
            f"{source.shown_path}: LibreOffice could not be started: {err}", path=str(program)
        ) from err
    converted = folder / "out" / "document.docx"
    if not converted.is_file():
        reason = done.stderr.decode("utf-8", errors="replace").strip().partition("\n")[0][:200]
        raise DocumentError(
            f"{source.shown_path}: LibreOffice could not convert it ({reason or 'no reason given'}). Save it "
            "as .docx in Word or WPS.",
            path=source.shown_path,
        )
    return converted
