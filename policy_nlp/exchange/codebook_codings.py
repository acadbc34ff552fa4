"""Which codings a change of the codebook touches: how many, of which coder, in which document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.codebook_diff import CodeChange
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.records import CodedUnit


@dataclass(frozen=True, slots=True)
class TouchedCodings:
    """Codings of one coder in one document (empty where units name none) that a change touches."""

    coder_id: str
    document_id: str
    n_codings: int


@dataclass(frozen=True, slots=True)
class CodingCounts:
    """How many codings of each code every coder made in every document."""

    of_place: Mapping[tuple[str, str], Counter[str]]

    @property
    def n_codings(self) -> int:
        """All codings counted."""
        return sum(counts.total() for counts in self.of_place.values())

    def touched_by(self, change: CodeChange, old: Codebook) -> tuple[TouchedCodings, ...]:
        """The codings that a change touches; another order touches none.

        The codings of a main category are those of its initial categories.
        """
        if change.kind == "order":
            return ()
        code_ids = {*change.old_ids, *(c.code_id for c in old.initial if c.parent_id in change.old_ids)}
        found = ((place, sum(counts[i] for i in code_ids)) for place, counts in self.of_place.items())
        return tuple(TouchedCodings(coder, document, n) for (coder, document), n in found if n)


def count_codings(files: Sequence[CoderFile]) -> CodingCounts:
    """The codings of coder files: those of units, or those on characters where a file has no units.

    Where several files are given, a coder is named with the file.
    """
    of_place: dict[tuple[str, str], Counter[str]] = {}
    for file in files:
        suffix = f" ({file.path.name})" if len(files) > 1 else ""
        for coder_id, document_id, code_ids in _iter_codings(file):
            of_place.setdefault((f"{coder_id}{suffix}", document_id), Counter()).update(code_ids)
    return CodingCounts(of_place)


def _iter_codings(file: CoderFile) -> Iterable[tuple[str, str, Sequence[str]]]:
    if any(coder.units for coder in file.coders):
        for coder in file.coders:
            yield from (
                (coder.coder.coder_id, unit.document_id or "", _codes_of(unit)) for unit in coder.units
            )
    else:
        for document in file.documents:
            yield from ((c.coder_id, document.document_id, (c.code_id,)) for c in document.codings)


def _codes_of(unit: CodedUnit) -> tuple[str, ...]:
    return (*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ()))
