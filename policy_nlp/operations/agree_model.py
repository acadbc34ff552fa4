"""A model codes the units that people coded, and joins them as one more coder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError, ModelError
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit, Coder, CoderUnits, Decisions, Progress
from policy_nlp.settings.commands import AgreeSettings

FITTED_NOTE = (
    "caution: this model was trained, calibrated or given its thresholds on one of these very files, so its "
    "agreement with people is too kind here; its card has honest numbers"
)
_TEXTS_AT_ONCE = 1024  # sentences between two steps of the progress


@dataclass(frozen=True, slots=True)
class ModelCoder:
    """The model's codings.

    Attributes:
        signature: what determines them: model digest, precision and version.
    """

    coder: CoderUnits
    signature: str


def code_with_model(
    coders: Sequence[CoderUnits],
    settings: AgreeSettings,
    *,
    codebook: Codebook,
    input_sha256: Collection[str] = (),
    progress: Progress | None = None,
) -> ModelCoder:
    """Every unit that some coder was given, coded by the model.

    A note says so where the model was fitted on one of the inputs, whose hashes are `input_sha256`.

    Raises:
        GoldError: a unit has no text.
        ModelError: there is no such model, or it was not trained for a code of the codebook.
    """
    # Imported here: comparing files needs no torch, which takes seconds to load.
    from policy_nlp.engine.predictor import open_predictor
    from policy_nlp.model.trained import load_model

    units = collect_units(coders)
    model = load_model(settings.model)
    _check_codes(codebook, model.codebook.code_ids)
    predictor = open_predictor(model, settings.engine)
    coder_id = _free_name(model.name, {coder.coder.coder_id for coder in coders})
    coded: list[CodedUnit] = []
    for start in range(0, len(units), _TEXTS_AT_ONCE):
        if progress:
            progress(start, len(units))
        part = units[start : start + _TEXTS_AT_ONCE]
        decisions = predictor.decide([unit.text for unit in part])
        coded.extend(units_from_decisions(part, decisions, codebook=codebook, coder_id=coder_id))
    if progress:
        progress(len(units), len(units))
    coder = Coder(coder_id, is_model=True, source=f"model {model.name}, run for this comparison")
    n_empty = sum(not unit.text.strip() for unit in coded)
    notes = [f"{n_empty} units without usable text count as coded, nothing applies"] if n_empty else []
    if set(input_sha256) & set(model.gold_sha256):
        notes.append(FITTED_NOTE)
    return ModelCoder(CoderUnits(coder, tuple(coded), tuple(notes)), predictor.signature)


def collect_units(coders: Sequence[CoderUnits]) -> list[CodedUnit]:
    """Each unit that a coder was given, once, with its text.

    Raises:
        GoldError: no coder's file has the text of a unit.
    """
    found: dict[str, CodedUnit] = {}
    for unit in (unit for coder in coders for unit in coder.units):
        known = found.get(unit.unit_id)
        if known is None or (unit.text and not known.text):
            found[unit.unit_id] = unit
    missing = [unit.unit_id for unit in found.values() if not unit.text]
    if missing:
        raise GoldError(
            f"{len(missing)} of {len(found)} units have no text for the model to read, the first is "
            f"{missing[0]!r}. Give one input that holds the texts (JSON Lines with `text`, a coding sheet, a "
            f"project), or leave out --with-model.",
            unit_id=missing[0],
        )
    return list(found.values())


def units_from_decisions(
    units: Sequence[CodedUnit], decisions: Decisions, *, codebook: Codebook, coder_id: str
) -> list[CodedUnit]:
    """The units as the model coded them; codes outside the codebook are left out."""
    lists: Mapping[str, list[tuple[str, ...]]] = {
        level: _ids_by_row(decisions, codebook.ids(level)) for level in PREDICTED_LEVELS
    }
    return [
        CodedUnit(
            unit_id=unit.unit_id,
            text=unit.text,
            initial=lists["initial"][row],
            dimensions=lists["dimensions"][row],
            paths=lists["paths"][row],
            document_id=unit.document_id,
            coder_id=coder_id,
            stratum=unit.stratum,
            span=unit.span,
        )
        for row, unit in enumerate(units)
    ]


def _ids_by_row(decisions: Decisions, code_ids: Sequence[str]) -> list[tuple[str, ...]]:
    columns = [decisions.code_ids.index(code_id) for code_id in code_ids]
    rows = decisions.applies[:, columns].tolist()
    return [tuple(i for i, applies in zip(code_ids, row, strict=True) if applies) for row in rows]


def _check_codes(codebook: Codebook, known: Sequence[str]) -> None:
    if missing := [code_id for code_id in codebook.code_ids if code_id not in known]:
        raise ModelError(
            f"the model was not trained for code {missing[0]!r} of codebook {codebook.name!r} "
            f"({len(missing)} codes in all). Name the model's own codebook with --codebook, or a model that "
            f"was trained with this one.",
            code_id=missing[0],
        )


def _free_name(name: str, taken: set[str]) -> str:
    return name if name not in taken else f"model:{name}"
