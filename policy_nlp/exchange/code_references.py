"""What the codes of a codebook say of each other by id: found broken, and dropped where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policy_nlp.codebook import CODE_LEVELS, NO_CODE, Code, CodeLevel

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class BrokenReference:
    """A field of a code that names an id that is not there, or is not of the right level."""

    code: Code
    field_name: str
    code_id: str


def iter_broken_references(codes: Sequence[Code]) -> Iterator[BrokenReference]:
    """Ids in `exclude`, `near_miss_use`, `dimensions`, ... that no code of their level has."""
    ids = _ids_of_levels(codes)
    for code in codes:
        for name, code_ids, level in _references(code):
            yield from (BrokenReference(code, name, c) for c in code_ids if c not in ids[level])


def drop_broken_references(codes: Sequence[Code]) -> tuple[list[Code], tuple[str, ...]]:
    """The codes without their broken references, and a note that counts them."""
    broken = list(iter_broken_references(codes))
    if not broken:
        return list(codes), ()
    ids = _ids_of_levels(codes)
    shown = ", ".join(f"{b.field_name} {b.code_id!r} of {b.code.code_id}" for b in broken[:_SHOWN])
    more = ", ..." if len(broken) > _SHOWN else ""
    note = f"{len(broken)} references to codes that are not there are left out: {shown}{more}"
    return [_mended(code, ids) for code in codes], (note,)


def _ids_of_levels(codes: Sequence[Code]) -> Mapping[CodeLevel, Collection[str]]:
    return {level: {code.code_id for code in codes if code.level == level} for level in CODE_LEVELS}


def _references(code: Code) -> tuple[tuple[str, tuple[str, ...], CodeLevel], ...]:
    used = tuple(case.use for case in code.exclude if case.use != NO_CODE)
    near_miss_use = (code.near_miss_use,) if code.near_miss_use not in ("", NO_CODE) else ()
    return (
        ("exclude", used, "initial"),
        ("near_miss_use", near_miss_use, "initial"),
        ("dimensions", code.dimension_ids, "dimensions"),
        ("paths", code.path_ids, "paths"),
        ("typical_categories", code.typical_ids, "initial"),
        ("requires", code.required_ids, "initial"),
    )


def _mended(code: Code, ids: Mapping[CodeLevel, Collection[str]]) -> Code:
    initial = {*ids["initial"], NO_CODE}

    def known(code_ids: tuple[str, ...], level: CodeLevel) -> tuple[str, ...]:
        return tuple(code_id for code_id in code_ids if code_id in ids[level])

    return replace(
        code,
        exclude=tuple(case for case in code.exclude if case.use in initial),
        near_miss_use=code.near_miss_use if code.near_miss_use in initial else "",
        dimension_ids=known(code.dimension_ids, "dimensions"),
        path_ids=known(code.path_ids, "paths"),
        typical_ids=known(code.typical_ids, "initial"),
        required_ids=known(code.required_ids, "initial"),
    )
