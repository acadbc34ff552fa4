"""QDA projects -> what each coder decided on each sentence, and their codings on characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.coder_file import SourceText
from policy_nlp.exchange.project_coders import ProjectCoder, find_applied_codes, iter_project_coders
from policy_nlp.exchange.refi_qda.project import DOCUMENT_ID_VARIABLE, QdaCoding, QdaSource, ReadProject
from policy_nlp.records import (
    PREDICTED_LEVELS,
    CodedDocument,
    CodedUnit,
    Coder,
    CoderUnits,
    Coding,
    DocumentMetadata,
    Sentence,
    Span,
)
from policy_nlp.sentences import sentences_in
from policy_nlp.settings.commands import SeenRule

_ENDING = re.compile(r"\.(?:txt|docx?|rtf|odt|pdf|md|html?|wps)$", re.IGNORECASE)
_SCORE = re.compile(r"score ([01](?:\.\d+)?)\b")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class ProjectUnits:
    """The coders of a project.

    Attributes:
        coders: those who coded something, or whom a set of the project names, in the order of its users.
        documents: codings on characters, with the codes that `coders` have.
        texts: of all sources.
        notes: repairs and losses of reading, and what could not be carried over to units.
    """

    coders: tuple[CoderUnits, ...]
    documents: tuple[CodedDocument, ...]
    texts: tuple[SourceText, ...]
    notes: tuple[str, ...]


def coders_of_project(
    read: ReadProject,
    *,
    codebook: Codebook,
    code_id_of_guid: Mapping[str, str],
    seen: SeenRule,
    shown_path: str = "",
) -> ProjectUnits:
    """The sentences of a project's sources with what each of its coders decided.

    A sentence has a code where a character of it is coded. Sentence ids follow from the document's id and
    text, as in result folders.

    Args:
        read: the project.
        codebook: whose levels and order of codes the units have.
        code_id_of_guid: which code of it each code of the project is.
        seen: which sources a user was given for whom no set `seen by NAME` says it.
        shown_path: what `Coder.source` calls the project.
    """
    project = read.project
    codes = find_applied_codes(project, codebook, code_id_of_guid=code_id_of_guid)
    users = list(iter_project_coders(project, codes, seen=seen))
    coders = [user for user in users if user.source_guids]
    document_ids = document_ids_of(project.sources)
    sources = [
        _Source(
            source, document_ids[source.guid], tuple(sentences_in(source.text, document_ids[source.guid]))
        )
        for source in project.sources
    ]
    return ProjectUnits(
        coders=tuple(
            _coder_units(coder, sources, codebook=codebook, shown_path=shown_path) for coder in coders
        ),
        documents=tuple(_coded_document(source, coders) for source in sources),
        texts=tuple(
            SourceText(source.document_id, source.source.name, source.source.text, metadata_of(source.source))
            for source in sources
        ),
        notes=(
            *read.repairs,
            *(f"not kept: {loss}" for loss in read.losses),
            *codes.notes,
            *(
                f"user {user.name!r} applied no code of the codebook and is no coder here"
                for user in users
                if not user.source_guids
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """A source, its document id and its sentences."""

    source: QdaSource
    document_id: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _CodedSentences:
    """The codes of each sentence of a source, and how many codings touch none of them."""

    codes: tuple[frozenset[str], ...]
    n_untouched: int


@dataclass(frozen=True, slots=True)
class _Touched:
    """The sentences that some spans touch, and how many spans touch none."""

    places: tuple[int, ...]
    n_without: int


def _touched(spans: Sequence[Span], sentences: Sequence[Sentence], starts: Sequence[int]) -> _Touched:
    places: list[int] = []
    n_without = 0
    first_free = 0  # sentences before it are in `places` already, or touched by no span that follows
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        first = max(bisect_right(starts, span.start) - 1, 0)
        if first < len(sentences) and sentences[first].span.end <= span.start:
            first += 1
        last = bisect_right(starts, span.end - 1)
        n_without += first >= last
        places.extend(range(max(first, first_free), last))
        first_free = max(first_free, last)
    return _Touched(tuple(places), n_without)


def _coded_sentences(source: _Source, coder: ProjectCoder) -> _CodedSentences:
    spans: dict[str, list[Span]] = {}
    for one in coder.applied.get(source.source.guid, ()):
        spans.setdefault(one.code_id, []).append(one.coding.span)
    codes: list[set[str]] = [set() for _ in source.sentences]
    starts = [sentence.span.start for sentence in source.sentences]
    n_untouched = 0
    for code_id, own in spans.items():
        touched = _touched(own, source.sentences, starts)
        n_untouched += touched.n_without
        for place in touched.places:
            codes[place].add(code_id)
    return _CodedSentences(tuple(map(frozenset, codes)), n_untouched)


def _coder_units(
    coder: ProjectCoder, sources: Sequence[_Source], *, codebook: Codebook, shown_path: str
) -> CoderUnits:
    units: list[CodedUnit] = []
    n_untouched = 0
    for source in sources:
        if source.source.guid in coder.source_guids:
            coded = _coded_sentences(source, coder)
            n_untouched += coded.n_untouched
            units.extend(_iter_units(source, coded, coder=coder, codebook=codebook))
    levels = ", ".join(level for level in PREDICTED_LEVELS if level in coder.levels)
    notes = [coder.note, f"levels coded: {levels or 'none'}"]
    if n_untouched:
        notes.append(f"{n_untouched} codings touch no sentence (white space only) and are in no unit")
    shown = ", ".join(filter(None, (shown_path, coder.name)))
    who = Coder(
        coder.name,
        is_model=coder.is_model,
        source=shown,
        model_sha256=coder.model_sha256,
        name_in_projects=coder.name if coder.is_model else "",
    )
    return CoderUnits(who, tuple(units), tuple(notes))


def _iter_units(
    source: _Source, coded: _CodedSentences, *, coder: ProjectCoder, codebook: Codebook
) -> Iterator[CodedUnit]:
    places = {
        level: {code_id: at for at, code_id in enumerate(codebook.ids(level))} for level in PREDICTED_LEVELS
    }
    in_part = coder.spans_in_part.get(source.source.guid)
    starts = [sentence.span.start for sentence in source.sentences]
    given = range(len(starts)) if in_part is None else set(_touched(in_part, source.sentences, starts).places)
    for place, (sentence, own) in enumerate(zip(source.sentences, coded.codes, strict=True)):
        if place not in given:
            continue
        initial, dimensions, paths = (
            tuple(sorted(own & places[level].keys(), key=places[level].__getitem__))
            if level in coder.levels and places[level]
            else None
            for level in PREDICTED_LEVELS
        )
        yield CodedUnit(
            unit_id=sentence.sentence_id,
            text=sentence.text,
            initial=initial,
            dimensions=dimensions,
            paths=paths,
            document_id=source.document_id,
            coder_id=coder.name,
            span=sentence.span,
        )


def _coded_document(source: _Source, coders: Sequence[ProjectCoder]) -> CodedDocument:
    guid = source.source.guid
    given = [c for c in coders if guid in c.source_guids and guid not in c.spans_in_part]
    codings = [
        Coding(source.document_id, one.coding.span, one.code_id, coder.name, _score_of(one.coding, coder))
        for coder in given
        for one in coder.applied.get(source.source.guid, ())
    ]
    return CodedDocument(
        document_id=source.document_id,
        length=len(source.source.text),
        coder_ids=tuple(coder.name for coder in given),
        codings=tuple(dict.fromkeys(codings)),
    )


def _score_of(coding: QdaCoding, coder: ProjectCoder) -> float | None:
    """The score that policy-nlp wrote into a model's selection."""
    match = _SCORE.match(coding.description) if coder.is_model else None
    return float(match.group(1)) if match and float(match.group(1)) <= 1.0 else None


def document_ids_of(sources: Sequence[QdaSource]) -> dict[str, str]:
    """The id of each source's document by GUID: ours, else its name without the file ending.

    Names make ids, and not GUIDs, because two programs give one document two GUIDs.
    """
    spellings = [
        (
            source.variables.get(DOCUMENT_ID_VARIABLE, ""),
            _ENDING.sub("", source.name.strip()),
            source.name.strip(),
        )
        for source in sources
    ]
    counts = [Counter(names) for names in zip(*spellings, strict=True)]
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for source, names in zip(sources, spellings, strict=True):
        unique = (name for name, counted in zip(names, counts, strict=True) if name and counted[name] == 1)
        fallback = f"{source.name.strip()} {source.guid}".strip()
        ids[source.guid] = next((name for name in unique if name not in taken), fallback)
        taken.add(ids[source.guid])
    return ids


def metadata_of(source: QdaSource) -> DocumentMetadata:
    """What the variables of a source say of its document."""
    values = source.variables
    year = _YEAR.fullmatch(values.get("year", "").strip())
    return DocumentMetadata(
        issuer=values.get("issuer") or None,
        document_number=values.get("document_number") or None,
        date=values.get("date") or values.get("date_in_part") or None,
        region=values.get("region") or None,
        year=int(year.group()) if year else None,
    )
