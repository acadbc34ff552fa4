"""Old binary Word, WPS, RTF and OpenDocument files -> text, by way of LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
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
# No macros, and nothing that a document links to is fetched.
_SAFE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""
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
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SAFE_SETTINGS, encoding="utf-8")
    command = [
        *(
            str(program),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
        ),
        *("--convert-to", "docx", "--outdir", str(folder / "out"), str(original)),
    ]
    errors = _run(command, source.shown_path)
    converted = folder / "out" / "document.docx"
    if not converted.is_file():
        raise DocumentError(
            f"{source.shown_path}: LibreOffice could not convert it ({_first_error(errors)}). Save it as "
            ".docx in Word or WPS.",
            path=source.shown_path,
        )
    return converted


def _run(command: list[str], shown_path: str) -> str:
    """What the program wrote to stderr. It is ended, with all it started, when it takes too long."""
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, and the only name in it is our own
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as err:
        raise DocumentError(
            f"{shown_path}: LibreOffice could not be started: {err}", path=shown_path
        ) from err
    try:
        _, errors = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired as err:
        raise DocumentError(
            f"{shown_path}: LibreOffice did not finish in {TIMEOUT_S} seconds. Save the file as .docx in "
            "Word or WPS.",
            path=shown_path,
        ) from err
    finally:
        _end(process)
    return errors.decode("utf-8", errors="replace")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program if it still runs; soffice is a script, so its whole group is meant."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _first_error(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return next(
        (line for line in lines if line.startswith("Error")), lines[-1] if lines else "no reason given"
    )[:200]
