"""Codings of coder files -> their places in texts: by characters, by the unit's own span, by the unit's id.

Units that lie in no known text are joined, line by line, into texts of their own: one for each document and
each group of coders who were given the same units, so that what a coder was not given is in another text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_NAME
from policy_nlp.gold.units import squeeze_text
from policy_nlp.records import PREDICTED_LEVELS, CodedDocument, CodedUnit, Coder, Level, Span


@dataclass(frozen=True, slots=True)
class TextUnit:
    """A unit of a text: where codings of the same unit id belong."""

    unit_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class PlacedCoding:
    """One coding with its place in a text that is known from elsewhere."""

    span: Span
    code_id: str
    coder_id: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SeenSpan:
    """A unit that a coder was given and in which no code applies."""

    coder_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The codings on one text.

    Attributes:
        coder_ids: the coders who were given all of it.
        seen_only: what others were given of it and found no code for.
    """

    codings: tuple[PlacedCoding, ...]
    coder_ids: tuple[str, ...]
    seen_only: tuple[SeenSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedText:
    """Units of one document joined by line feeds; all of `coder_ids` were given each of them."""

    name: str
    text: str
    codings: tuple[PlacedCoding, ...]
    coder_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A unit that one coder was given in one file."""

    file_place: int
    coder_id: str
    unit: CodedUnit


@dataclass(slots=True)
class _Joining:
    """A unit without a place, with the coders who were given it."""

    document_id: str
    unit_id: str
    text: str
    units: dict[str, CodedUnit] = field(default_factory=dict)  # by coder


@dataclass(slots=True)
class _Counts:
    """What notes tell."""

    n_main: int = 0
    n_without_text: int = 0
    n_other_text: int = 0
    in_part: dict[str, int] = field(default_factory=dict)  # documents by coder


def describe_score(score: float | None, coder_id: str) -> str:
    """The evidence behind a model's coding, as tools show it; empty for a person.

    >>> describe_score(0.8734, "policy-zh 0.1.0")
    'score 0.873; model policy-zh 0.1.0'
    """
    return "" if score is None else f"score {score:.3f}; model {coder_id}"


class Placer:
    """Finds the place of every coding of some files; each unit is placed once.

    Attributes:
        coders: of all files; one of the same id in two files is one coder.
        texts: of all files, each once.
    """

    def __init__(self, files: Sequence[CoderFile], codebook: Codebook) -> None:
        self._files = files
        self._codebook = codebook
        self._counts = _Counts()
        by_id = {
            units.coder.coder_id: units.coder for file in reversed(files) for units in reversed(file.coders)
        }
        self.coders: tuple[Coder, ...] = tuple(reversed(by_id.values()))
        self.texts: tuple[SourceText, ...] = _unique_texts(files)
        self._own_texts = [{text.document_id: text.text for text in file.texts} for file in files]
        self._waiting = dict(enumerate(_iter_given(files)))
        self._by_unit: dict[str, list[int]] = {}
        self._by_document: dict[str, list[int]] = {}
        for number, given in self._waiting.items():
            self._by_unit.setdefault(given.unit.unit_id, []).append(number)
            self._by_document.setdefault(given.unit.document_id or "", []).append(number)
        self._characters: dict[str, list[tuple[int, CodedDocument]]] = {}
        for place, file in enumerate(files):
            for coded in file.documents:
                if coded.document_id in self._own_texts[place]:  # positions mean nothing without their text
                    self._characters.setdefault(coded.document_id, []).append((place, coded))
        self._levels = _levels_coded(files)

    def place(self, text: SourceText, units: Iterable[TextUnit]) -> PlacedText:
        """The codings of all files that belong into this text.

        Args:
            text: a document.
            units: its sentences; units of the same ids are placed there.

        Raises:
            ExchangeError: a file has another text of the same document.
        """
        codings: list[PlacedCoding] = []
        spans: dict[str, list[Span]] = {}
        without_code: list[SeenSpan] = []
        for place, coded in self._characters.pop(text.document_id, []):
            self._check_same_text(place, text)
            codings += self._codings_on_characters(coded)
            for coder_id in self._take_coders_of(place, coded):
                spans[coder_id] = [Span(0, len(text.text))]
        for number, span in (self._spans_by_id(text, units) | self._own_spans(text)).items():
            given = self._waiting.pop(number)
            codings += self._codings_of_unit(given.unit, given.coder_id, span)
            spans.setdefault(given.coder_id, []).append(span)
            if not _has_codes(given.unit):
                without_code.append(SeenSpan(given.coder_id, span))
        whole = [coder_id for coder_id, found in spans.items() if _covers(found, text.text)]
        for coder_id in spans.keys() - set(whole):
            self._counts.in_part[coder_id] = self._counts.in_part.get(coder_id, 0) + 1
        seen_only = (seen for seen in without_code if seen.coder_id not in whole)
        return PlacedText(tuple(codings), tuple(whole), tuple(seen_only))

    def units_in(self, text: SourceText) -> list[TextUnit]:
        """The units of a document whose spans the files tell, each id once."""
        numbers = self._by_document.get(text.document_id, [])
        units = [self._waiting[number].unit for number in numbers if number in self._waiting]
        spans = {unit.unit_id: unit.span for unit in units if unit.span is not None}
        return [TextUnit(unit_id, span) for unit_id, span in spans.items()]

    def iter_joined(self) -> Iterator[JoinedText]:
        """Texts made of the units that no text holds; when this ends, none are waiting."""
        groups: dict[tuple[str, tuple[str, ...]], list[_Joining]] = {}
        for joining in self._join_coders():
            if joining.text:
                key = joining.document_id, tuple(joining.units)
                groups.setdefault(key, []).append(joining)
            else:
                self._counts.n_without_text += len(joining.units)
        n_groups = Counter(document_id for document_id, _ in groups)
        for (document_id, coder_ids), joinings in groups.items():
            name = document_id if n_groups[document_id] == 1 else f"{document_id} [{', '.join(coder_ids)}]"
            yield self._joined_text(name, coder_ids, joinings)

    @property
    def coders_in_part(self) -> frozenset[str]:
        """Those who were given a part of a text, among the texts that were placed so far."""
        return frozenset(self._counts.in_part)

    def levels_in_part(self, coder_id: str) -> tuple[Level, ...]:
        """The levels that a coder coded; empty when these are all that the codebook has."""
        levels = self._levels.get(coder_id, set())
        every = [level for level in PREDICTED_LEVELS if self._codebook.ids(level)]
        if not levels or levels >= set(every):
            return ()
        return tuple(level for level in every if level in levels)

    def notes(self) -> tuple[str, ...]:
        """What is not in the texts, or not as the files have it, once all are placed."""
        counts = self._counts
        told = [
            (counts.n_main, "codings of main categories are left out: they follow from the initial ones"),
            (counts.n_without_text, "coded units have no text in any input and are left out"),
            (
                counts.n_other_text,
                "units have another text than the unit of the same id elsewhere: kept apart",
            ),
        ]
        notes = [f"{number:,} {what}" for number, what in told if number]
        notes += [
            f"{coder_id} was given only a part of {n_documents:,} documents: in them, sentences in which no "
            f"code applies have the code {SEEN_ONLY_NAME!r}"
            for coder_id, n_documents in counts.in_part.items()
        ]
        return tuple(notes)

    def _check_same_text(self, place: int, text: SourceText) -> None:
        if self._own_texts[place][text.document_id] != text.text:
            raise ExchangeError(
                f"{self._files[place].path}: document {text.document_id!r} has another text there than in "
                "another input, so positions do not agree. Export the two apart.",
                path=self._files[place].path,
                document_id=text.document_id,
            )

    def _codings_on_characters(self, coded: CodedDocument) -> Iterator[PlacedCoding]:
        for coding in coded.codings:
            if self._codebook.level_of(coding.code_id) == "main":
                self._counts.n_main += 1
                continue
            description = describe_score(coding.score, coding.coder_id)
            yield PlacedCoding(coding.span, coding.code_id, coding.coder_id, description)

    def _take_coders_of(self, place: int, coded: CodedDocument) -> tuple[str, ...]:
        """The coders of a document, all of which they were given; their units need no other place."""
        for number in self._by_document.get(coded.document_id, []):
            given = self._waiting.get(number)
            if given is not None and given.file_place == place and given.coder_id in coded.coder_ids:
                del self._waiting[number]
        return coded.coder_ids

    def _own_spans(self, text: SourceText) -> dict[int, Span]:
        """Waiting units of the document, by their own spans, where the text there is theirs."""
        found: dict[int, Span] = {}
        for number in self._by_document.get(text.document_id, []):
            unit = self._waiting[number].unit if number in self._waiting else None
            if unit is not None and unit.span is not None and _is_text_at(unit.text, text.text, unit.span):
                found[number] = unit.span
        return found

    def _spans_by_id(self, text: SourceText, units: Iterable[TextUnit]) -> dict[int, Span]:
        """Waiting units whose id is that of a unit of the text, and whose text is the same or not given."""
        found: dict[int, Span] = {}
        for unit in units:
            for number in self._by_unit.get(unit.unit_id, []):
                given = self._waiting.get(number)
                if given is None:
                    continue
                if _is_text_at(given.unit.text, text.text, unit.span):
                    found[number] = unit.span
                else:
                    self._counts.n_other_text += 1
        return found

    def _codings_of_unit(self, unit: CodedUnit, coder_id: str, span: Span) -> Iterator[PlacedCoding]:
        for codes in (unit.initial, unit.dimensions, unit.paths):
            for code_id in codes or ():
                yield PlacedCoding(span, code_id, coder_id)

    def _join_coders(self) -> list[_Joining]:
        """The waiting units, each once with all its coders; one without text takes that of its id."""
        joinings: dict[tuple[str, str, str], _Joining] = {}
        of_id: dict[str, _Joining] = {}
        waiting = sorted(
            self._waiting.values(), key=lambda given: not given.unit.text
        )  # those with text first
        for given in waiting:
            unit = given.unit
            document_id = unit.document_id or self._files[given.file_place].path.stem
            known = None if unit.text else of_id.get(unit.unit_id)
            key = document_id, unit.unit_id, squeeze_text(unit.text)
            joining = known or joinings.setdefault(key, _Joining(document_id, unit.unit_id, unit.text))
            of_id.setdefault(unit.unit_id, joining)
            joining.units.setdefault(given.coder_id, unit)
        self._waiting = {}
        return list(joinings.values())

    def _joined_text(self, name: str, coder_ids: tuple[str, ...], joinings: Sequence[_Joining]) -> JoinedText:
        codings: list[PlacedCoding] = []
        start = 0
        for joining in joinings:
            span = Span(start, start + len(joining.text))
            for coder_id, unit in joining.units.items():
                codings += self._codings_of_unit(unit, coder_id, span)
            start = span.end + 1
        text = "\n".join(joining.text for joining in joinings)
        return JoinedText(name, text, tuple(codings), coder_ids)


def _unique_texts(files: Sequence[CoderFile]) -> tuple[SourceText, ...]:
    texts: dict[str, SourceText] = {}
    for file in files:
        for text in file.texts:
            texts.setdefault(text.document_id, text)
    return tuple(texts.values())


def _iter_given(files: Sequence[CoderFile]) -> Iterator[_Given]:
    for place, file in enumerate(files):
        for coder in file.coders:
            yield from (_Given(place, coder.coder.coder_id, unit) for unit in coder.units)


def _levels_coded(files: Sequence[CoderFile]) -> Mapping[str, set[Level]]:
    levels: dict[str, set[Level]] = {}
    for given in _iter_given(files):
        found = levels.setdefault(given.coder_id, set())
        found.update(level for level in PREDICTED_LEVELS if getattr(given.unit, level) is not None)
    return levels


def _has_codes(unit: CodedUnit) -> bool:
    return bool(unit.initial or unit.dimensions or unit.paths)


def _is_text_at(own: str, text: str, span: Span) -> bool:
    """Whether a unit's own text, where it has one, is what stands at a span, blanks aside."""
    if span.end > len(text):
        return False
    return not own or squeeze_text(own) == squeeze_text(text[span.start : span.end])


def _covers(spans: Iterable[Span], text: str) -> bool:
    """Whether only blanks lie outside the spans."""
    end = 0
    for span in sorted(spans, key=lambda span: span.start):
        if text[end : max(span.start, end)].strip():
            return False
        end = max(end, span.end)
    return not text[end:].strip()
