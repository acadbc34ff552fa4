"""Result folders and coder files -> a QDA project with people and models side by side on the same sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policy_nlp.codebook import RECONSTRUCTED, Codebook
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.folder_models import CodedFolder, ModelDocument, iter_model_documents, name_models
from policy_nlp.exchange.placing import PlacedCoding, PlacedText, Placer, SeenSpan, TextUnit
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_GUID, codes_of_codebook, seen_only_code
from policy_nlp.exchange.refi_qda.guids import code_guid, coder_guid, make_guid, source_guid
from policy_nlp.exchange.refi_qda.project import (
    DOCUMENT_ID_VARIABLE,
    MODEL_USER_ID,
    SEEN_PREFIX,
    QdaCoding,
    QdaProject,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaVariable,
)
from policy_nlp.exchange.refi_qda.project_xml import CodedSource
from policy_nlp.exchange.refi_qda.writing import write_sources
from policy_nlp.records import Coder, DocumentMetadata

PROJECT_NAME = "policy-nlp 政策文本编码"
_VARIABLES = (
    QdaVariable(DOCUMENT_ID_VARIABLE, "Text", "文档编号 id of the document in policy-nlp"),
    QdaVariable("title", "Text", "标题"),
    QdaVariable("issuer", "Text", "发文机关"),
    QdaVariable("region", "Text", "地区"),
    QdaVariable("year", "Integer", "年份"),
    QdaVariable("document_number", "Text", "发文字号"),
    QdaVariable("date", "Date", "日期"),
    QdaVariable("date_in_part", "Text", "只有年或年月的日期 a date of which only year or month is known"),
    QdaVariable("format", "Text", "文件格式 format of the file"),
    QdaVariable("path", "Text", "文件路径 path of the file"),
    QdaVariable("sha256", "Text", "SHA-256 of the file"),
)
_FULL_DATE = len("2024-03-05")
_LONGEST_TITLE = 60  # code points in the name of a source: file names may have 255 bytes
_FULL_WIDTH = {ord(mark): ord(mark) + 0xFEE0 for mark in '/\\:*?"<>|'}  # what no file name may hold


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text and its sentences."""

    text: SourceText
    units: tuple[TextUnit, ...]


@dataclass(frozen=True, slots=True)
class ProjectInputs:
    """What a project is made of.

    Attributes:
        codebook: all codes of the project; a coding with another code is an error.
        folders: result folders, the first one with its texts read a document at a time.
        files: of people, in memory.
        texts: that codings of the files may lie in; those in which none do are not in the project.
    """

    codebook: Codebook
    folders: tuple[CodedFolder, ...] = ()
    files: tuple[CoderFile, ...] = ()
    texts: tuple[KnownText, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenProject:
    """What a project that was written holds, and what is not in it or is there otherwise."""

    n_sources: int
    n_codings: int
    coder_ids: tuple[str, ...]
    notes: tuple[str, ...]


def write_coded_project(path: Path, inputs: ProjectInputs) -> WrittenProject:
    """Write the codings of all inputs as one project; a folder streams, so it may be of any size.

    Raises:
        UnknownCodeError: a coding has a code that is not in the codebook.
        ExchangeError: an input is damaged.
        OutputError: the file cannot be written.
    """
    building = _Building(inputs)
    sources: Iterable[CodedSource] = building.iter_sources()
    if inputs.files:  # all in memory anyway; whether they need a code of their own shows at the end
        sources = list(sources)
    warnings = write_sources(path, building.head(), sources=sources, sets=building.iter_sets())
    return WrittenProject(
        n_sources=building.n_sources,
        n_codings=building.n_codings,
        coder_ids=building.coder_ids,
        notes=(*building.placer.notes(), *warnings),
    )


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """A project in memory, and what of its inputs is not in it or is there otherwise."""

    project: QdaProject
    notes: tuple[str, ...]


def build_coded_project(inputs: ProjectInputs) -> BuiltProject:
    """The project that `write_coded_project` writes, which names the errors."""
    building = _Building(inputs)
    sources = list(building.iter_sources())
    project = replace(
        building.head(),
        sources=tuple(coded.source for coded in sources),
        codings=tuple(coding for coded in sources for coding in coded.codings),
        sets=tuple(building.iter_sets()),
    )
    return BuiltProject(project, building.placer.notes())


def describe_codebook(codebook: Codebook) -> str:
    """What a project says of its codebook: its name, and how much of it is ours and not from a paper."""
    lines = [f"codebook: {codebook.name} (sha256 {codebook.digest})"]
    n_ours = sum(code.evidence_status == RECONSTRUCTED for code in codebook.initial)
    if n_ours:
        lines.append(
            f"{n_ours} of the {len(codebook.initial)} names of initial categories are reconstructed by "
            "policy-nlp. They are never to be cited as the authors' table."
        )
    return "\n".join([*lines, codebook.status]).rstrip()


class _Building:
    """One project, while its sources pass by."""

    def __init__(self, inputs: ProjectInputs) -> None:
        self.placer = Placer(inputs.files, inputs.codebook)
        self.n_sources = 0
        self.n_codings = 0
        self._inputs = inputs
        models = zip(name_models(inputs.folders), inputs.folders, strict=True)
        self._users = {coder_id: _model_user(coder_id, folder) for coder_id, folder in models}
        for coder in self.placer.coders:
            self._users.setdefault(coder.coder_id, _user(coder))
        self._seen: dict[str, list[str]] = {coder_id: [] for coder_id in self._users}

    @property
    def coder_ids(self) -> tuple[str, ...]:
        """Models first, then people."""
        return tuple(self._users)

    def head(self) -> QdaProject:
        """All but the sources; to be asked for after them where there are coder files."""
        seen_only = (seen_only_code(),) if self.placer.coders_in_part else ()
        description = (
            f"{describe_codebook(self._inputs.codebook)}\n"
            "Main categories are not applied themselves: one applies where an initial category of it does."
            "\nTimes of 1980-01-01 stand for times that are not known."
        )
        return QdaProject(
            name=PROJECT_NAME,
            users=tuple(self._users.values()),
            codes=codes_of_codebook(self._inputs.codebook) + seen_only,
            sources=(),
            codings=(),
            variables=_VARIABLES,
            description=description,
        )

    def iter_sources(self) -> Iterator[CodedSource]:
        """The documents of the folder, then those of the coder files, then units without a document."""
        written: set[str] = set()
        for found in iter_model_documents(self._inputs.folders):
            written.add(found.document.document_id)
            yield self._of_folder(found)
        for known in self._inputs.texts:
            if known.text.document_id not in written:
                written.add(known.text.document_id)
                placed = self.placer.place(known.text, known.units)
                if placed.codings or placed.coder_ids or placed.seen_only:
                    yield self._of_placed(known.text, placed)
        for text in self.placer.texts:
            if text.document_id not in written:
                written.add(text.document_id)
                yield self._of_text(text)
        for joined in self.placer.iter_joined():
            source = QdaSource(make_guid("joined", joined.name), joined.name, joined.text)
            yield self._coded(source, joined.codings, seen_by=joined.coder_ids)

    def iter_sets(self) -> Iterator[QdaSet]:
        """Who was given which sources, and which levels, where a coder did not code all."""
        codebook = self._inputs.codebook
        for coder_id, guids in self._seen.items():
            if not guids and coder_id not in self.placer.coders_in_part:
                continue
            levels = self.placer.levels_in_part(coder_id)
            yield QdaSet(
                guid=make_guid("seen", coder_id),
                name=SEEN_PREFIX + coder_id,
                code_guids=tuple(code_guid(code_id) for level in levels for code_id in codebook.ids(level)),
                source_guids=tuple(guids),
            )

    def _of_folder(self, found: ModelDocument) -> CodedSource:
        document = found.document
        text = SourceText(
            document.document_id, document.title or document.path, document.text, document.metadata
        )
        placed = self.placer.place(text, found.units)
        more = {"format": document.format, "path": document.path, "sha256": document.sha256}
        source = _source(text, more=tuple(more.items()))
        seen_by = dict.fromkeys((*found.coder_ids, *placed.coder_ids))
        codings = (*found.codings, *placed.codings)
        return self._coded(source, codings, seen_by=tuple(seen_by), seen_only=placed.seen_only)

    def _of_text(self, text: SourceText) -> CodedSource:
        return self._of_placed(text, self.placer.place(text, self.placer.units_in(text)))

    def _of_placed(self, text: SourceText, placed: PlacedText) -> CodedSource:
        return self._coded(
            _source(text), placed.codings, seen_by=placed.coder_ids, seen_only=placed.seen_only
        )

    def _coded(
        self,
        source: QdaSource,
        codings: Iterable[PlacedCoding],
        *,
        seen_by: Sequence[str],
        seen_only: Sequence[SeenSpan] = (),
    ) -> CodedSource:
        for coder_id in seen_by:
            self._seen[coder_id].append(source.guid)
        made = tuple(
            QdaCoding(
                source_guid=source.guid,
                span=coding.span,
                code_guid=code_guid(self._inputs.codebook.find(coding.code_id).code_id),
                user_guid=self._users[coding.coder_id].guid,
                description=coding.description,
            )
            for coding in codings
        )
        self.n_sources += 1
        self.n_codings += len(made)
        marks = tuple(
            QdaCoding(source.guid, seen.span, SEEN_ONLY_GUID, self._users[seen.coder_id].guid)
            for seen in seen_only
        )
        return CodedSource(source, made + marks)


def _model_user(coder_id: str, folder: CodedFolder) -> QdaUser:
    return QdaUser(coder_guid(coder_id), coder_id, f"{MODEL_USER_ID} {coder_id} {folder.model_sha256}")


def _user(coder: Coder) -> QdaUser:
    user_id = f"{MODEL_USER_ID} {coder.coder_id}" if coder.is_model else coder.coder_id
    return QdaUser(coder_guid(coder.coder_id), coder.coder_id, user_id)


def _source(text: SourceText, *, more: Sequence[tuple[str, str]] = ()) -> QdaSource:
    ids = {DOCUMENT_ID_VARIABLE: text.document_id, "title": text.title.strip()}
    variables = {**ids, **_metadata(text.metadata), **dict(more)}
    name = _file_name(text.title) or text.document_id
    return QdaSource(source_guid(text.document_id), name, text.text, variables)


def _file_name(title: str) -> str:
    """A title as the name of a file, which some programs make of it: short, no line ends, no path in it."""
    name = " ".join(title.translate(_FULL_WIDTH).split())
    return name if len(name) <= _LONGEST_TITLE else f"{name[: _LONGEST_TITLE - 1]}…"


def _metadata(metadata: DocumentMetadata) -> dict[str, str]:
    """What is known of a document, as values of the variables of these names."""
    date = metadata.date or ""
    values = {
        "issuer": metadata.issuer,
        "region": metadata.region,
        "year": None if metadata.year is None else str(metadata.year),
        "document_number": metadata.document_number,
        "date" if len(date) == _FULL_DATE else "date_in_part": date,
    }
    return {name: value for name, value in values.items() if value}
