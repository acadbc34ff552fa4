"""Files, folders and archives -> Documents, in a fixed order; what cannot be read is skipped, with why."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from policy_nlp.documents.archives import is_ignored, iter_archive
from policy_nlp.documents.cleaning import clean_text
from policy_nlp.documents.docx import read_docx
from policy_nlp.documents.formats import detect_format, ending_warning
from policy_nlp.documents.html import read_html
from policy_nlp.documents.legacy import read_doc, read_odt, read_rtf, read_wps
from policy_nlp.documents.metadata import find_metadata
from policy_nlp.documents.pdf import read_pdf
from policy_nlp.documents.table_files import read_table_rows
from policy_nlp.documents.text_files import read_markdown, read_text_file
from policy_nlp.documents.titles import find_title
from policy_nlp.errors import PolicyNlpError
from policy_nlp.files import is_link, kind_of_path, sha256_of_file, show_path
from policy_nlp.records import Document, DocumentMetadata, ExtractedText, InputFile, SkippedInput

Reader = Callable[[InputFile], Iterator[ExtractedText]]

READERS: Mapping[str, Reader] = {
    "txt": read_text_file,
    "md": read_markdown,
    "html": read_html,
    "docx": read_docx,
    "pdf": read_pdf,
    "doc": read_doc,
    "wps": read_wps,
    "rtf": read_rtf,
    "odt": read_odt,
}
NO_FILE: Mapping[str, str] = {
    "folder": "a link to a folder is not followed; give that folder itself",
    "link": "the link leads to no file; check where it points",
    "other": "it is no file but a pipe, socket or device",
    "missing": "there is no such file or folder, or it may not be looked at; check the path",
}
EMPTY = "the file is empty (0 bytes); copy or download it again"
TABLE_FORMATS = frozenset({"csv", "tsv", "xlsx", "xls", "xlsb", "ods", "jsonl", "json", "parquet"})

# Why a file of a format without a reader is skipped, and what the user can do.
NO_READER: Mapping[str, str] = {
    "image": "it is a picture; run OCR first and give the text",
    "ppt": "slides are not read; save them as .docx or .pdf",
    "pptx": "slides are not read; save them as .docx or .pdf",
    "epub": "books in epub are not read; save them as .docx or .html",
    "ofd": "OFD files are not read; save or print it as .pdf",
    "mhtml": "web archives are not read; open it in Word or a browser and save it as .docx or .html",
    "rar": "RAR archives are not read; unpack it and give the folder or a .zip",
    "7z": "7z archives are not read; unpack it and give the folder or a .zip",
    "gzip": "gzip files are not read; unpack it first",
    "encrypted-office": "it is encrypted; save it without a password",
    "binary": "its bytes are no text and no document format that is known",
}


@dataclass(slots=True)
class _Loader:
    """One run over the inputs; remembers which ids are taken."""

    text_column: str | None
    _taken_ids: set[str] = field(default_factory=set)

    def iter_source(self, source: InputFile) -> Iterator[Document | SkippedInput]:
        """The documents of one file, or why there are none."""
        try:
            if source.path.stat().st_size == 0:
                yield SkippedInput(source.shown_path, f"{source.shown_path}: {EMPTY}")
                return
            format_name = detect_format(source.path)
            if format_name == "zip":
                yield from self._iter_archive(source)
            else:
                yield from self._iter_documents(source, format_name)
        except OSError as err:
            reason = f"it cannot be read ({err.strerror or err}); check its rights and the disk"
            yield SkippedInput(source.shown_path, f"{source.shown_path}: {reason}")
        except PolicyNlpError as err:
            reason = str(err)
            named = reason if source.shown_path in reason else f"{source.shown_path}: {reason}"
            yield SkippedInput(source.shown_path, named)
        except Exception as err:  # noqa: BLE001 - nothing an input holds may stop a run of thousands
            reason = f"its reader failed ({type(err).__name__}: {err}); please report the file"
            yield SkippedInput(source.shown_path, f"{source.shown_path}: {reason}")

    def _iter_archive(self, source: InputFile) -> Iterator[Document | SkippedInput]:
        n_members = 0
        for member in iter_archive(source):
            n_members += 1
            if isinstance(member, SkippedInput):
                yield member
            else:
                yield from self.iter_source(member)
        if n_members == 0:
            yield SkippedInput(source.shown_path, f"{source.shown_path}: the archive holds no files")

    def _iter_documents(self, source: InputFile, format_name: str) -> Iterator[Document | SkippedInput]:
        read = self._reader_of(format_name)
        if read is None:
            reason = NO_READER.get(format_name, f"files of format {format_name} are not read")
            yield SkippedInput(source.shown_path, f"{source.shown_path}: {reason}")
            return
        sha256 = sha256_of_file(source.path)
        warning = ending_warning(source.shown_path, format_name)
        n_parts = 0
        for extracted in read(source):
            n_parts += 1
            noted = replace(extracted, warnings=(*((warning,) if warning else ()), *extracted.warnings))
            yield self._finish(source, noted, sha256)
        if n_parts == 0:
            yield SkippedInput(source.shown_path, f"{source.shown_path}: the file holds no text")

    def _reader_of(self, format_name: str) -> Reader | None:
        if format_name in TABLE_FORMATS:
            return partial(read_table_rows, text_column=self.text_column)
        return READERS.get(format_name)

    def _finish(self, source: InputFile, extracted: ExtractedText, sha256: str) -> Document | SkippedInput:
        """The document of an extracted text: cleaned once, with its title, metadata and id."""
        shown_path = f"{source.shown_path}#{extracted.part}" if extracted.part else source.shown_path
        text = clean_text(extracted.text)
        if not text:
            return SkippedInput(shown_path, f"{shown_path}: no text is left after cleaning")
        stem = PurePosixPath(source.shown_path).stem
        title = clean_text(extracted.title or "").replace("\n", "") or find_title(
            text, "" if extracted.part else stem
        )
        return Document(
            document_id=self._take_id(source.shown_path, extracted.part, sha256),
            path=shown_path,
            title=title,
            format=extracted.format,
            encoding=extracted.encoding,
            encoding_confidence=extracted.encoding_confidence,
            sha256=sha256,
            text=text,
            metadata=_merge_metadata(extracted.metadata, find_metadata(text, title=title)),
            warnings=extracted.warnings,
        )

    def _take_id(self, shown_path: str, part: str, sha256: str) -> str:
        """An id no other document of this run has; the same inputs in the same order give the same ids."""
        n_tries = 0
        while True:
            document_id = make_document_id(shown_path, part, sha256=sha256, n_before=n_tries)
            if document_id not in self._taken_ids:
                self._taken_ids.add(document_id)
                return document_id
            n_tries += 1


def iter_documents(
    paths: Sequence[Path], *, text_column: str | None = None
) -> Iterator[Document | SkippedInput]:
    """Every document under `paths`, and every input that could not be read, in a fixed order.

    Args:
        paths: files, folders (searched to the bottom, names in code point order) and zip archives.
        text_column: name of the column that holds the text of table rows; None to choose by name and content.
    """
    loader = _Loader(text_column)
    for source in iter_inputs(paths):
        if isinstance(source, SkippedInput):
            yield source
        else:
            yield from loader.iter_source(source)


def iter_inputs(paths: Sequence[Path]) -> Iterator[InputFile | SkippedInput]:
    """The files under `paths`; `shown_path` is relative to the folder given, so ids survive a move."""
    for path in paths:
        if kind_of_path(path) == "folder":
            yield from _iter_folder(path)
        elif kind_of_path(path) == "file":
            yield InputFile(path, show_path(path.name))
        else:
            yield _no_file(path, show_path(path))


def make_document_id(shown_path: str, part: str, *, sha256: str, n_before: int = 0) -> str:
    """16 hexadecimal digits from what the document is called, which part it is and what the file holds."""
    key = "\0".join((shown_path, part, sha256, *([str(n_before)] if n_before else [])))
    return hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]


def _iter_folder(root: Path) -> Iterator[InputFile | SkippedInput]:
    found: list[tuple[tuple[str, ...], InputFile | SkippedInput]] = []
    for folder, folder_names, file_names in os.walk(
        root, onerror=lambda err: found.append(_unread_folder(root, err))
    ):
        here = Path(folder).relative_to(root)
        folder_names[:] = [name for name in folder_names if not is_ignored(name)]
        links = [name for name in folder_names if is_link(Path(folder, name))]
        for name in (*links, *file_names):
            if not is_ignored(name):
                parts = (*here.parts, name)
                found.append((parts, _source_at(Path(folder, name), show_path("/".join(parts)))))
    if not found:
        yield SkippedInput(show_path(root), f"{show_path(root)}: the folder holds no files")
    for _, source in sorted(found, key=lambda item: item[0]):
        yield source


def _source_at(path: Path, shown_path: str) -> InputFile | SkippedInput:
    """The file as an input, or why it is none: nothing in a folder is passed over in silence."""
    return InputFile(path, shown_path) if kind_of_path(path) == "file" else _no_file(path, shown_path)


def _no_file(path: Path, shown_path: str) -> SkippedInput:
    return SkippedInput(shown_path, f"{shown_path}: {NO_FILE[kind_of_path(path)]}")


def _unread_folder(root: Path, error: OSError) -> tuple[tuple[str, ...], SkippedInput]:
    folder = Path(error.filename or root)
    parts = folder.relative_to(root).parts if folder.is_relative_to(root) else (str(folder),)
    return parts, SkippedInput(
        show_path("/".join(parts) or root),
        f"{show_path(folder)}: the folder cannot be read ({error.strerror})",
    )


def _merge_metadata(stated: DocumentMetadata, found: DocumentMetadata) -> DocumentMetadata:
    """What the file format states, completed by what the text states."""
    return DocumentMetadata(
        issuer=stated.issuer or found.issuer,
        document_number=stated.document_number or found.document_number,
        date=stated.date or found.date,
        region=stated.region or found.region,
        year=stated.year or found.year,
    )
