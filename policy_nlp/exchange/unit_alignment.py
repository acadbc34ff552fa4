"""Coder files -> the same files with one id for each unit, document and coder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.coder_tables import MADE_UP_ID
from policy_nlp.exchange.collector import collector_paused
from policy_nlp.exchange.document_alignment import align_documents
from policy_nlp.gold.units import squeeze_text
from policy_nlp.records import CodedUnit, CoderUnits, Span

_MOST_OTHER_TEXTS = 0.5  # of units with one id; where more have other texts the ids are of other units

_Place = tuple[str, Span]


@dataclass(slots=True)
class _Pool:
    """The units of the files so far, and what each is known by."""

    units: dict[str, CodedUnit] = field(default_factory=dict)
    id_of_place: dict[_Place, str] = field(default_factory=dict)
    ids_of_text: dict[str, list[str]] = field(default_factory=dict)

    def add(self, unit: CodedUnit) -> None:
        """Keeps a unit under its id."""
        self.units[unit.unit_id] = unit
        if place := _place_of(unit):
            self.id_of_place.setdefault(place, unit.unit_id)
        if text := squeeze_text(unit.text):
            self.ids_of_text.setdefault(text, []).append(unit.unit_id)


@dataclass(slots=True)
class _Matches:
    """The unit of the pool that each unit of a file is, by its id in the file."""

    pool_ids: dict[str, str] = field(default_factory=dict)
    n_by_id: int = 0
    n_by_place: int = 0
    n_by_text: int = 0
    other_texts: list[str] = field(default_factory=list)  # ids under which the files have differing texts


def align_units(files: Sequence[CoderFile]) -> tuple[CoderFile, ...]:
    """The files, their units, documents and coders named as in the first file that has them.

    A unit is the same as one of the files before it when their ids are the same; else when they have the same
    span of the same document; else when they have the same text and no other unit in either file has it.
    Nothing is matched by order. Each file's notes say how many units were matched by which rule. Documents
    are the same when their texts are. A coder whose name an earlier file has gets the file's name added.

    Raises:
        GoldError: most units with the same ids have other texts, so that the ids are not of the same units.
    """
    with collector_paused():
        return _align(files)


def _align(files: Sequence[CoderFile]) -> tuple[CoderFile, ...]:
    named = align_documents(_name_coders(files))
    pool = _Pool()
    aligned: list[CoderFile] = []
    for file in named:
        units = {unit.unit_id: unit for coder in file.coders for unit in coder.units}
        matches = _match(units, pool, file)
        new_ids = {
            unit_id: matches.pool_ids.get(unit_id) or _free_id(unit_id, pool, file) for unit_id in units
        }
        notes = tuple(_iter_notes(matches, len(units), file=file, before=aligned))
        aligned.append(_renamed(file, new_ids, pool, notes))
        for unit_id, unit in units.items():
            if unit_id not in matches.pool_ids:
                pool.add(_with_id(unit, new_ids, pool))
    return tuple(aligned)


def _name_coders(files: Sequence[CoderFile]) -> list[CoderFile]:
    """The files with coders of different names."""
    taken: set[str] = set()
    named = []
    for file in files:
        names = {coder.coder.coder_id: "" for coder in file.coders}
        for coder_id in names:
            names[coder_id] = _free_name(coder_id, taken, file.path.name)
            taken.add(names[coder_id])
        changed = [f"coder {old!r} is called {new!r}" for old, new in names.items() if old != new]
        notes = (f"{'; '.join(changed)}, as another file has a coder of that name",) if changed else ()
        named.append(_with_coder_ids(file, names, notes) if changed else file)
    return named


def _free_name(name: str, taken: set[str], file_name: str) -> str:
    candidates = [name, f"{name} ({file_name})"]
    candidates += [f"{name} ({file_name}, {number})" for number in range(2, len(taken) + 3)]
    return next(candidate for candidate in candidates if candidate not in taken)


def _with_coder_ids(file: CoderFile, names: Mapping[str, str], notes: tuple[str, ...]) -> CoderFile:
    coders = []
    for coder in file.coders:
        name = names[coder.coder.coder_id]
        units = tuple(replace(unit, coder_id=name) for unit in coder.units)
        coders.append(replace(coder, coder=replace(coder.coder, coder_id=name), units=units))
    documents = tuple(
        replace(
            document,
            coder_ids=tuple(names.get(coder_id, coder_id) for coder_id in document.coder_ids),
            codings=tuple(
                replace(one, coder_id=names.get(one.coder_id, one.coder_id)) for one in document.codings
            ),
        )
        for document in file.documents
    )
    return replace(file, coders=tuple(coders), documents=documents, notes=(*file.notes, *notes))


def _match(units: Mapping[str, CodedUnit], pool: _Pool, file: CoderFile) -> _Matches:
    matches = _Matches()
    if not pool.units:
        return matches
    for unit_id, unit in units.items():
        known = pool.units.get(unit_id)
        if known is not None and (_is_same_text(unit, known) or not _is_made_up(unit_id)):
            matches.pool_ids[unit_id] = unit_id
            if not _is_same_text(unit, known):
                matches.other_texts.append(unit_id)
    matches.n_by_id = len(matches.pool_ids)
    _refuse_other_units(matches, pool, file)
    matches.n_by_place = _match_by(lambda unit: _id_at_place(unit, pool), units, matches)
    n_of_text = Counter(squeeze_text(unit.text) for unit in units.values())
    matches.n_by_text = _match_by(lambda unit: _id_of_text(unit, pool, n_of_text), units, matches)
    return matches


def _match_by(
    find: Callable[[CodedUnit], str | None], units: Mapping[str, CodedUnit], matches: _Matches
) -> int:
    """Matches the units that are left by one rule, each unit of the pool once; how many were."""
    taken = set(matches.pool_ids.values())
    n_before = len(matches.pool_ids)
    for unit_id, unit in units.items():
        if unit_id in matches.pool_ids:
            continue
        found = find(unit)
        if found is not None and found not in taken:
            matches.pool_ids[unit_id] = found
            taken.add(found)
    return len(matches.pool_ids) - n_before


def _id_at_place(unit: CodedUnit, pool: _Pool) -> str | None:
    place = _place_of(unit)
    found = pool.id_of_place.get(place) if place else None
    return found if found is not None and _is_same_text(unit, pool.units[found]) else None


def _id_of_text(unit: CodedUnit, pool: _Pool, n_of_text: Counter[str]) -> str | None:
    text = squeeze_text(unit.text)
    found = pool.ids_of_text.get(text, [])
    return found[0] if text and len(found) == 1 and n_of_text[text] == 1 else None


def _refuse_other_units(matches: _Matches, pool: _Pool, file: CoderFile) -> None:
    n_other = len(matches.other_texts)
    if n_other > _MOST_OTHER_TEXTS * matches.n_by_id:
        first = matches.other_texts[0]
        raise GoldError(
            f"{file.path}: {n_other:,} of the {matches.n_by_id:,} units whose ids other files have too have "
            f"another text there, the first is {first!r} ({pool.units[first].text[:30]!r} there). Compare "
            "codings of the same sentences, or give different sentences different ids.",
            path=file.path,
            unit_id=first,
        )


def _is_made_up(unit_id: str) -> bool:
    return unit_id.startswith(MADE_UP_ID)


def _is_same_text(unit: CodedUnit, other: CodedUnit) -> bool:
    """Whether nothing speaks against it: a unit may come without its text."""
    return not unit.text or not other.text or squeeze_text(unit.text) == squeeze_text(other.text)


def _place_of(unit: CodedUnit) -> _Place | None:
    return (unit.document_id, unit.span) if unit.document_id is not None and unit.span is not None else None


def _free_id(unit_id: str, pool: _Pool, file: CoderFile) -> str:
    """The id of a unit that no other file has; only made-up ids may have to give way."""
    return f"{file.path.name} {unit_id}" if unit_id in pool.units else unit_id


def _renamed(file: CoderFile, new_ids: Mapping[str, str], pool: _Pool, notes: tuple[str, ...]) -> CoderFile:
    coders = tuple(
        CoderUnits(coder.coder, tuple(_with_id(unit, new_ids, pool) for unit in coder.units), coder.notes)
        for coder in file.coders
    )
    return replace(file, coders=coders, notes=(*file.notes, *notes))


def _with_id(unit: CodedUnit, new_ids: Mapping[str, str], pool: _Pool) -> CodedUnit:
    """The unit under its new id, in the document that the pool names for it."""
    new_id = new_ids[unit.unit_id]
    known = pool.units.get(new_id)
    document_id = known.document_id if known is not None and known.document_id else unit.document_id
    if (new_id, document_id) == (unit.unit_id, unit.document_id):
        return unit
    return replace(unit, unit_id=new_id, document_id=document_id)


def _iter_notes(
    matches: _Matches, n_units: int, *, file: CoderFile, before: Sequence[CoderFile]
) -> Iterator[str]:
    if not before:
        return
    names = ", ".join(file.path.name for file in before)
    n_left = n_units - len(matches.pool_ids)
    yield (
        f"units of {file.path.name} matched with those of {names}: {matches.n_by_id:,} by id, "
        f"{matches.n_by_place:,} by document and span, {matches.n_by_text:,} by text; {n_left:,} are in none "
        "of them"
    )
    if matches.other_texts:
        shown = ", ".join(repr(unit_id) for unit_id in matches.other_texts[:3])
        yield f"{len(matches.other_texts):,} units with the same ids have other texts there: {shown}"
