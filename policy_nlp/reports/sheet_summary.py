"""A coding sheet that was made -> what to do next, or JSON."""

from __future__ import annotations

import json

from policy_nlp.exchange.coding_sheets import MadeSheet
from policy_nlp.settings.commands import SheetSettings


def describe_sheet(made: MadeSheet, settings: SheetSettings) -> str:
    """What is in the sheet, and how to go on with it."""
    return "\n".join(
        [
            f"coding sheet: {made.path}",
            f"coder {settings.coder}: {made.n_units:,} of {made.n_available:,} sentences, seed "
            f"{settings.seed}",
            *(f"note: {note}" for note in made.notes),
            "next:",
            f"  1. {settings.coder} codes every row in Excel, WPS or LibreOffice, alone and without "
            "seeing other "
            "codes; a row in which nothing applies is marked so, not left empty.",
            "  2. Make a sheet for each further coder with the same input, --n and --seed: the sentences "
            "are the "
            "same, their order is not.",
            f"  3. Compare: policy-nlp agree {made.path} OTHER.xlsx (or {settings.input_path}) --out "
            "report.docx",
        ]
    )


def sheet_json(made: MadeSheet, settings: SheetSettings) -> str:
    """One JSON object."""
    value = {
        "sheet": str(made.path),
        "coder": settings.coder,
        "n_units": made.n_units,
        "n_available": made.n_available,
        "n_left_out": made.n_left_out,
        "seed": settings.seed,
        "notes": list(made.notes),
    }
    return json.dumps(value, ensure_ascii=False, indent=2)
