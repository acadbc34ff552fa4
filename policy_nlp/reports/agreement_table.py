"""AgreeResult -> tables for a terminal, or Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from policy_nlp.agreement.report import (
    AgreementReport,
    CodeAgreement,
    CoderSummary,
    Disagreement,
    HumanModelLevel,
    LevelAgreement,
    PairAgreement,
)
from policy_nlp.agreement.result import AgreeResult
from policy_nlp.codebook import Codebook
from policy_nlp.records import PREDICTED_LEVELS, CodedUnit
from policy_nlp.reports.agreement_json import (
    READINGS_RULE,
    code_measures,
    coefficient_measures,
    level_measures,
    pair_measures,
    replacement_measures,
    text_of,
)
from policy_nlp.reports.character_table import character_tables, vendor_tables
from policy_nlp.reports.codebook_table import describe_origin
from policy_nlp.reports.evaluation_table import LEVEL_TITLES, TextTable, markdown_table, rich_table
from policy_nlp.reports.measure_texts import (
    ShownMeasure,
    explain_missing,
    explain_undefined_draws,
    show_measure,
)
from policy_nlp.reports.plan_section import plan_table

MEASURE_TITLES = {
    "micro_f1": "F1, micro",
    "macro_f1": "F1, macro",
    "exact_match": "exact match",
    "alpha_masi": "alpha, MASI",
    "alpha_jaccard": "alpha, Jaccard",
    "alpha_masi_coded": "alpha, MASI, coded units only",
    "alpha_jaccard_coded": "alpha, Jaccard, coded units only",
    "alpha_hierarchy": "alpha, tree of codes",
    "precision": "P",
    "recall": "R",
    "f1": "F1",
    "krippendorff_alpha": "alpha",
    "cohen_kappa": "kappa",
    "gwet_ac1": "AC1",
    "percent_agreement": "agree",
    "alpha_analytic": "alpha, Gwet SE",
    "ac1_analytic": "AC1, Gwet SE",
    "alpha_with_person": "alpha, people",
    "alpha_with_model": "alpha, model in place",
    "change": "change",
    "model_advantage": "model's advantage",
}
COEFFICIENT_TITLES = {
    "percent_agreement": "percent agreement, pairs",
    "percent_agreement_all": "percent agreement, all coders",
    "holsti": "Holsti",
    "cohen_kappa": "Cohen's kappa, mean of pairs",
    "scott_pi": "Scott's pi, mean of pairs",
    "fleiss_kappa": "Fleiss' kappa",
    "conger_kappa": "Conger's kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "gwet_ac1": "Gwet's AC1",
    "brennan_prediger": "Brennan-Prediger",
    "perreault_leigh": "Perreault-Leigh",
}
_READING_TITLES = {"pooled": "pooled", "mean": "mean of codes", "sets": "sets", "analytic": "sets, Gwet SE"}
_OF_CODES = ("percent_agreement", "cohen_kappa", "krippendorff_alpha", "gwet_ac1", "f1")
MODEL_AMONG_CODERS = (
    "note: a model is one of the coders in every table but those of people and model, which say how "
    "people agree"
)
NOTHING_APPLIES = "（无）"  # seen, no code: no sign that a spreadsheet would take for a formula
_ONE_SIDED_RULE = (
    "kappa is 0 by construction between a coder who never used the code and one who did; a mean of pairs "
    "holds these zeros"
)
_PARADOX_RULE = (
    "rare or very frequent codes, so kappa and AC1 lie far apart: AC1 is mostly of units that all coders say "
    "no to (or yes); read them with F1 and the counts"
)
_WITH_INTERVAL = "krippendorff_alpha"  # of the code measures; the intervals of all are in the JSON


def render_agreement(result: AgreeResult, *, n_listed: int) -> RenderableType:
    """Who was compared, then the levels, people and model, codes, pairs, and the first disagreements."""
    parts: list[RenderableType] = [Text("\n".join(describe_comparison(result)) + "\n")]
    for table in tables_of(result):
        parts.append(rich_table(table))
        parts.append(Text("".join(f"{note}\n" for note in table.notes), style="italic"))
    parts.append(Text("\n".join(describe_disagreements(result, n_listed))))
    return Group(*parts)


def agreement_markdown(result: AgreeResult, *, n_listed: int) -> str:
    """The same tables as Markdown."""
    head = "\n".join(f"- {line}" for line in describe_comparison(result))
    tables = (markdown_table(table) for table in tables_of(result))
    first, *others = describe_disagreements(result, n_listed)
    return "\n\n".join(["# Agreement", head, *tables, f"## {first}", "\n".join(others)]).rstrip() + "\n"


def describe_comparison(result: AgreeResult) -> list[str]:
    """What a reader needs to have the numbers again: files, coders, codebook, units, intervals, date."""
    report, source = result.report, result.source
    documents = f" of {report.n_documents} documents" if report.n_documents else ""
    draws = report.bootstrap
    interval = (
        f"{draws.confidence:.0%} intervals: percentile bootstrap over {report.resampled}, "
        f"{draws.n_draws:,} draws, seed {draws.seed}"
    )
    return [
        *(f"input: {part.path} (sha256 {part.sha256[:12]})" for part in source.inputs),
        *(_describe_coder(summary) for summary in report.coders),
        f"units: {report.n_units}; given to two coders or more: {report.n_units_shared}{documents}",
        describe_origin(result.codebook),
        interval if draws.n_draws else "no intervals",
        f"policy-nlp {source.version}, {source.date}",
        *([MODEL_AMONG_CODERS] if has_model_and_people(report) else []),
        *(f"note: {note}" for note in report.notes),
        *(f"left out: {part.level}: {part.reason}" for part in report.left_out),
    ]


def tables_of(result: AgreeResult) -> list[TextTable]:
    """Every table of the report, as text."""
    report = result.report
    tables = [_levels_table(report.levels)] if report.levels else []
    tables += [_human_model_table(part) for part in report.human_model]
    for level in report.levels:
        tables += [_coefficients_table(level), _codes_table(level, report.coders)]
        if len(level.pairs) > 1:
            tables.append(_pairs_table(level))
    tables += character_tables(result.characters) if result.characters else []
    tables += vendor_tables(result.vendors) if result.vendors else []
    return tables + ([plan_table(result.plan)] if result.plan else [])


def describe_disagreements(result: AgreeResult, n_listed: int) -> list[str]:
    """A head, then the first units that coders coded differently, each with what each coder gave it."""
    found = result.report.disagreements
    shown = found[:n_listed]
    head = f"Units coded differently: {len(found)}"
    if shown:
        head += f"; the {len(shown)} most informative:" if len(shown) < len(found) else ":"
    return [head, *(line for item in shown for line in _iter_disagreement_lines(item, result.codebook))]


def names_of_codes(unit: CodedUnit, codebook: Codebook) -> str:
    """The Chinese names of a unit's codes over all levels, or `NOTHING_APPLIES`."""
    lists = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    ids = [code_id for level in PREDICTED_LEVELS for code_id in lists[level] or ()]
    return "、".join(codebook.find(code_id).name_zh for code_id in ids) or NOTHING_APPLIES


def _describe_coder(summary: CoderSummary) -> str:
    coder = summary.coder
    kind = "model" if coder.is_model else "person"
    notes = "".join(f"; {note}" for note in summary.notes)
    documents = f" of {summary.n_documents} documents" if summary.n_documents else ""
    source = f" ({coder.source})" if coder.source else ""
    return f"coder: {coder.coder_id}, {kind}, {summary.n_units} units{documents}{source}{notes}"


def _levels_table(levels: Sequence[LevelAgreement]) -> TextTable:
    columns = [level_measures(level) for level in levels]
    rows = [
        ("units compared", *(str(level.n_units) for level in levels)),
        ("of these without any code", *(str(level.n_units_empty) for level in levels)),
    ]
    rows += [
        (MEASURE_TITLES[name], *(show_measure(column[name]) for column in columns)) for name in columns[0]
    ]
    shown = [
        ShownMeasure(level.level, MEASURE_TITLES[name], measure)
        for level, column in zip(levels, columns, strict=True)
        for name, measure in column.items()
    ]
    header = ("", *(LEVEL_TITLES[level.level] for level in levels))
    notes = (*explain_missing(shown), *explain_undefined_draws(shown))
    return TextTable("Levels", header, tuple(rows), notes)


def _coefficients_table(level: LevelAgreement) -> TextTable:
    rows, shown = [], []
    for coefficient in level.coefficients:
        title = COEFFICIENT_TITLES[coefficient.name]
        measures = coefficient_measures(coefficient)
        rows.append((title, *(show_measure(measure) for measure in measures.values())))
        shown += [ShownMeasure(title, _READING_TITLES[name], measure) for name, measure in measures.items()]
    header = ("coefficient", *_READING_TITLES.values())
    title = f"{LEVEL_TITLES[level.level]}: coefficients"
    notes = (f"{READINGS_RULE}.", *explain_missing(shown), *explain_undefined_draws(shown))
    return TextTable(title, header, tuple(rows), notes)


def _codes_table(level: LevelAgreement, coders: Sequence[CoderSummary]) -> TextTable:
    rows = []
    for code in level.per_code:
        measures = code_measures(code)
        cells = (show_measure(measures[name], with_interval=name == _WITH_INTERVAL) for name in _OF_CODES)
        rows.append((code.name_zh, *(str(n) for n in code.n_applied), *cells))
    header = ("code", *(c.coder.coder_id for c in coders), *(MEASURE_TITLES[name] for name in _OF_CODES))
    title = f"{LEVEL_TITLES[level.level]}: codes (units each coder gave the code)"
    return TextTable(title, header, tuple(rows), tuple(_notes_on_codes(level)))


def _notes_on_codes(level: LevelAgreement) -> Iterator[str]:
    shown = [
        ShownMeasure(code.name_zh, MEASURE_TITLES[name], code_measures(code)[name])
        for code in level.per_code
        for name in _OF_CODES
    ]
    yield from explain_missing(shown)
    yield from explain_undefined_draws(
        [item for item in shown if item.title == MEASURE_TITLES[_WITH_INTERVAL]]
    )
    if one_sided := [code.name_zh for code in level.per_code if is_one_sided(code)]:
        yield f"{_ONE_SIDED_RULE}: {', '.join(one_sided)}"
    if paradox := [code.name_zh for code in level.per_code if is_prevalence_paradox(code)]:
        yield f"{_PARADOX_RULE}: {', '.join(paradox)}"


def has_model_and_people(report: AgreementReport) -> bool:
    """Whether numbers over all coders mix people with a model."""
    return len({summary.coder.is_model for summary in report.coders}) == 2


def is_one_sided(code: CodeAgreement) -> bool:
    """Whether some coders never used a code that others used."""
    used = [n_applied > 0 for n_applied, n_coded in zip(code.n_applied, code.n_coded, strict=True) if n_coded]
    return any(used) and not all(used)


def is_prevalence_paradox(code: CodeAgreement) -> bool:
    """Whether kappa is under .4 and AC1 at least .8, though every coder used the code.

    Source: Feinstein & Cicchetti (1990), "High agreement but low kappa"; the two limits are ours.
    """
    return code.kappa.value < 0.4 and code.ac1.value >= 0.8 and not is_one_sided(code)


def _pairs_table(level: LevelAgreement) -> TextTable:
    return pairs_table(level.pairs, f"{LEVEL_TITLES[level.level]}: pairs of coders")


def pairs_table(pairs: Sequence[PairAgreement], title: str) -> TextTable:
    """One line a pair of coders."""
    rows, shown = [], []
    for pair in pairs:
        name, measures = f"{pair.first} - {pair.second}", pair_measures(pair)
        rows.append(
            (name, str(pair.n_units), *(show_measure(m, with_interval=False) for m in measures.values()))
        )
        shown += [ShownMeasure(name, MEASURE_TITLES[key], measure) for key, measure in measures.items()]
    header = ("pair", "units", *(MEASURE_TITLES[key] for key in pair_measures(pairs[0])))
    undefined = [item for item in shown if not item.measure.is_defined]
    return TextTable(title, header, tuple(rows), tuple(explain_missing(undefined)))


def _human_model_table(part: HumanModelLevel) -> TextTable:
    rows: list[tuple[str, ...]] = [
        ("people", str(part.n_units), show_measure(part.alpha_people), "", "", ""),
        ("people and model", str(part.n_units), show_measure(part.alpha_all), "", "", ""),
    ]
    rows += [
        (f"{pair.first} - {pair.second}", str(pair.n_units), show_measure(pair.alpha_jaccard), "", "", "")
        for pair in (*part.person_person, *part.person_model)
    ]
    shown = [
        ShownMeasure("people", "alpha", part.alpha_people),
        ShownMeasure("people and model", "alpha", part.alpha_all),
    ]
    for item in part.replacements:
        measures = replacement_measures(item)
        texts = [show_measure(measure) for measure in measures.values()]
        rows.append((f"model in the place of {item.coder_id}", str(item.n_units), *texts))
        shown += [ShownMeasure(item.coder_id, MEASURE_TITLES[name], m) for name, m in measures.items()]
    header = ("", "units", "alpha, Jaccard", "with the model instead", "change", "model's advantage")
    title = f"People and model {part.model_id}: {LEVEL_TITLES[part.level]}"
    rule = (
        "change: alpha with the model in a person's place less alpha with that person, same units and draws; "
        "advantage: share of units in which the model is nearer to the other people than this person is, "
        "less the share in which it is farther"
    )
    return TextTable(
        title, header, tuple(rows), (rule, *explain_missing(shown), *explain_undefined_draws(shown))
    )


def _iter_disagreement_lines(item: Disagreement, codebook: Codebook) -> Iterator[str]:
    first = item.codings[0]
    yield f"{first.unit_id} ({', '.join(item.levels)}): {text_of(item)}"
    for unit in item.codings:
        yield f"    {unit.coder_id}: {names_of_codes(unit, codebook)}"
