"""CardFacts -> the files of a card in a model folder; what was added to a card before stays in the folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from policy_nlp.evaluation.method_choice import MethodChoice
from policy_nlp.files import remove_path, write_atomically
from policy_nlp.model.trained import read_manifest
from policy_nlp.operations.ablate_output import read_ablation_rows
from policy_nlp.operations.learning_curve_files import CURVE_TABLE, read_curve, write_curve_picture
from policy_nlp.reports.model_card import CARDS, DIAGRAM, CardFacts, render_model_card
from policy_nlp.reports.reliability_diagram import draw_reliability
from policy_nlp.settings.card import read_error_reading

ERRORS = "errors.toml"
ABLATION = "ablation.csv"


def write_card(folder: Path, facts: CardFacts) -> None:
    """Write the card in both languages and its pictures; nothing that decides codes is touched.

    Errors that were read, an ablation and a learning curve are taken from the folder where they lie in it.

    Raises:
        SettingsError, TableError: such a file breaks its form.
    """
    choice = read_manifest(folder).get("method_choice")
    facts = _with_additions(
        folder, replace(facts, choice=MethodChoice.from_fields(choice) if choice else None)
    )
    if facts.curve is not None:
        write_curve_picture(facts.curve, folder)
    picture = draw_reliability(facts.report.levels)
    if picture is None:
        remove_path(folder / DIAGRAM)
    else:
        write_atomically(folder / DIAGRAM, picture)
    for name, words in CARDS.items():
        write_atomically(folder / name, render_model_card(facts, words))


def _with_additions(folder: Path, facts: CardFacts) -> CardFacts:
    errors, ablation, curve = (folder / name for name in (ERRORS, ABLATION, CURVE_TABLE))
    return replace(
        facts,
        errors=read_error_reading(errors) if errors.is_file() else None,
        ablation=read_ablation_rows(ablation) if ablation.is_file() else (),
        curve=read_curve(curve) if curve.is_file() else None,
    )
