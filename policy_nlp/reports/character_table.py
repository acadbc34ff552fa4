"""Agreement on characters, and what other tools would print, as tables for a terminal or Markdown."""

from __future__ import annotations

from policy_nlp.agreement.character_report import CharacterAgreement, CharacterLevel
from policy_nlp.agreement.vendors.report import VendorLevel, VendorParity
from policy_nlp.reports.evaluation_table import LEVEL_TITLES, TextTable
from policy_nlp.reports.measure_texts import ShownMeasure, explain_missing, show_measure, show_number
from policy_nlp.reports.vendor_rows import pairs_of, vendor_rows

_LEVEL_MEASURES = {
    "u_alpha": "u-alpha, codes and gaps",
    "bar_u_alpha": "|u-alpha, coded or gap",
    "cu_alpha": "cu-alpha, where both coded",
    "cu_coverage": "share of text cu-alpha is of",
    "mean_alpha": "alpha, mean of codes",
    "mean_u_alpha": "u-alpha, mean of codes",
    "mean_kappa": "kappa, mean of codes",
}
_CODE_MEASURES = {
    "percent_agreement": "agree",
    "kappa": "kappa",
    "alpha": "alpha",
    "ac1": "AC1",
    "positive_agreement": "F1",
    "u_alpha": "u-alpha",
    "ku_alpha": "ku-alpha",
}


def character_tables(found: CharacterAgreement) -> list[TextTable]:
    """One table of the levels, one of the codes of each."""
    return [_levels_table(found), *(_codes_table(level, found) for level in found.levels)]


def vendor_tables(parity: VendorParity) -> list[TextTable]:
    """What other tools would print, one table a level; the last says why the numbers differ."""
    tables = [_vendor_table(level) for level in parity.levels]
    why = tuple((note.why,) for note in parity.notes)
    return [*tables, TextTable("Why other tools print other numbers", ("",), why)]


def _levels_table(found: CharacterAgreement) -> TextTable:
    rows = [
        (
            f"share of text coded by {coder_id}",
            *(show_number(level.coded_shares[k]) for level in found.levels),
        )
        for k, coder_id in enumerate(found.coder_ids)
    ]
    shown = []
    for name, title in _LEVEL_MEASURES.items():
        measures = [getattr(level, name) for level in found.levels]
        rows.append((title, *(show_measure(measure) for measure in measures)))
        shown += [
            ShownMeasure(level.level, title, measure)
            for level, measure in zip(found.levels, measures, strict=True)
        ]
    size = f"{found.n_characters:,} characters of {found.n_documents:,} texts given to two coders or more"
    header = ("", *(LEVEL_TITLES[level.level] for level in found.levels))
    notes = (size, *explain_missing(shown), *found.notes)
    return TextTable("Characters: levels", header, tuple(rows), notes)


def _codes_table(level: CharacterLevel, found: CharacterAgreement) -> TextTable:
    rows, shown = [], []
    for code in level.per_code:
        if not any(code.n_spans):
            continue
        measures = {title: getattr(code, name) for name, title in _CODE_MEASURES.items()}
        cells = (show_measure(m, with_interval=title == "u-alpha") for title, m in measures.items())
        rows.append((code.name_zh, *(str(n) for n in code.n_spans), *cells))
        shown += [ShownMeasure(code.name_zh, title, m) for title, m in measures.items() if not m.is_defined]
    header = ("code", *found.coder_ids, *_CODE_MEASURES.values())
    title = f"{LEVEL_TITLES[level.level]}: codes on characters (spans of each coder)"
    return TextTable(title, header, tuple(rows), tuple(explain_missing(shown)))


def _vendor_table(level: VendorLevel) -> TextTable:
    rows = vendor_rows(level)
    pairs = pairs_of(rows)
    cells = tuple(
        (
            f"{row.vendor}: {row.name}",
            *(show_measure(row.measures[p]) if p in row.measures else "" for p in pairs),
        )
        for row in rows
    )
    shown = [
        ShownMeasure(f"{row.vendor} {row.name}", pair, measure)
        for row in rows
        for pair, measure in row.measures.items()
        if not measure.is_defined
    ]
    title = f"{LEVEL_TITLES[level.level]}: what other tools would print"
    return TextTable(title, ("", *pairs), cells, tuple(explain_missing(shown)))
