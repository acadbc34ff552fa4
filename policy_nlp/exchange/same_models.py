"""Coder files in which one model is a coder twice -> the same files with that model once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.records import PREDICTED_LEVELS, CodedDocument, CodedUnit, Coder, CoderUnits, Level


@dataclass(frozen=True, slots=True)
class JoinedModels:
    """Files in which no model is twice with the same codes, and a line for each that was."""

    files: tuple[CoderFile, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A coder of a file: by its own name, and as it is after aligning."""

    file_place: int
    own: Coder
    aligned: CoderUnits

    @property
    def name(self) -> str:
        """What the coder is called after aligning."""
        return self.aligned.coder.coder_id


def join_same_models(files: Sequence[CoderFile], aligned: Sequence[CoderFile]) -> JoinedModels:
    """The aligned files without the second occurrence of a model, for instance of a folder in its project.

    Coders are one model where both have the same weights, or where one is called as projects call the other.
    They are joined where they decided the same on every unit they share. Otherwise both stay: somebody
    changed codings under the model's name, or it was run with other settings.

    Args:
        files: with the coders' own names.
        aligned: the same files, their units matched.
    """
    places = [
        _Place(at, own.coder, named)
        for at, (file, other) in enumerate(zip(files, aligned, strict=True))
        for own, named in zip(file.coders, other.coders, strict=True)
    ]
    found = list(aligned)
    notes: list[str] = []
    dropped: set[str] = set()
    for pair in combinations(places, 2):
        if not _is_same_model(pair[0], pair[1]) or dropped & {place.name for place in pair}:
            continue
        kept, second = sorted(pair, key=lambda place: not place.own.is_model)
        n_shared, n_other = _count_shared(kept.aligned, second.aligned)
        where = f"{second.name!r} of {found[second.file_place].path.name} is the model {kept.name!r}"
        where += f" of {found[kept.file_place].path.name}"
        if n_shared and not n_other:
            found = _without(found, second, kept)
            dropped.add(second.name)
            notes.append(f"{where}, with the same codes on all {n_shared:,} units of both: counted once")
        elif n_shared:
            notes.append(f"{where}, but {n_other:,} of {n_shared:,} units have other codes: compared as two")
    return JoinedModels(tuple(found), tuple(notes))


def _is_same_model(one: _Place, other: _Place) -> bool:
    if one.file_place == other.file_place:
        return False
    digests = {one.own.model_sha256, other.own.model_sha256}
    if "" not in digests:
        return len(digests) == 1
    return one.own.coder_id == other.own.name_in_projects or other.own.coder_id == one.own.name_in_projects


def _count_shared(one: CoderUnits, other: CoderUnits) -> tuple[int, int]:
    """How many units both were given, and in how many of them they differ at a level that both coded."""
    by_id = {unit.unit_id: unit for unit in one.units}
    pairs = [(by_id[unit.unit_id], unit) for unit in other.units if unit.unit_id in by_id]
    return len(pairs), sum(any(_differs(level, a, b) for level in PREDICTED_LEVELS) for a, b in pairs)


def _differs(level: Level, one: CodedUnit, other: CodedUnit) -> bool:
    codes, others = getattr(one, level), getattr(other, level)
    return codes is not None and others is not None and set(codes) != set(others)


def _without(files: Sequence[CoderFile], second: _Place, kept: _Place) -> list[CoderFile]:
    """The files without the second occurrence; what only that was given goes to the one kept."""
    own = next(c for c in files[kept.file_place].coders if c.coder.coder_id == kept.name)
    known = {unit.unit_id for unit in own.units}
    others = next(c for c in files[second.file_place].coders if c.coder.coder_id == second.name)
    more = tuple(replace(unit, coder_id=kept.name) for unit in others.units if unit.unit_id not in known)
    joined = replace(own, units=(*own.units, *more))
    given = {document.document_id for document in files[kept.file_place].documents}
    found = []
    for file in files:
        coders = tuple(joined if c is own else c for c in file.coders if c is not others)
        documents = (
            _document_without(document, second.name, "" if document.document_id in given else kept.name)
            for document in file.documents
        )
        found.append(replace(file, coders=coders, documents=tuple(d for d in documents if d.coder_ids)))
    return found


def _document_without(document: CodedDocument, coder_id: str, name: str) -> CodedDocument:
    """The document without one coder, or with the coder under another name where there is one."""
    if coder_id not in document.coder_ids:
        return document
    names = {known: name if known == coder_id else known for known in document.coder_ids}
    return replace(
        document,
        coder_ids=tuple(filter(None, names.values())),
        codings=tuple(
            replace(coding, coder_id=names[coding.coder_id])
            for coding in document.codings
            if names[coding.coder_id]
        ),
    )
