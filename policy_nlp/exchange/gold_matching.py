"""Gold file of any form + a corpus -> GoldSample: which sentences of the corpus a person coded, and how."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from policy_nlp.agreement.level_tables import table_of_units
from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.analysis.gold_sample import GoldLevel, GoldSample
from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.files import show_path
from policy_nlp.gold.rows import RowSource, parse_row
from policy_nlp.gold.units import read_coded_units
from policy_nlp.records import LEVELS, CodedUnit, Coder, CoderUnits, Span

_WEIGHT_FIELDS = ("weight", "probability")  # 1 / the chance to be drawn, up to a factor; the chance itself
_CORPUS = "the sentences of the folders"


def read_gold_sample(path: Path, corpus: CodedCorpus) -> GoldSample:
    """The gold of a file, matched with sentences of the corpus by the rules of `agree`.

    A unit is a sentence of the corpus when their ids are the same, else their document and span, else their
    text where one sentence only has it. JSON Lines may give `weight` or `probability` on each line.

    Raises:
        GoldError: the file cannot be read, holds several coders, or no unit is a sentence of the corpus.
        UnknownCodeError: a code is not in the codebook of the corpus.
    """
    units = _read_units(path, corpus)
    named = tuple(replace(unit, coder_id="gold") for unit in units)
    gold_file = CoderFile(path, "", corpus.codebook, (CoderUnits(Coder("gold"), named),))
    _, aligned = align_units([_corpus_file(corpus), gold_file])
    row_of = {sentence_id: row for row, sentence_id in enumerate(corpus.sentence_ids)}
    matched: dict[int, CodedUnit] = {}
    weight_of = _read_weights(path, corpus)
    weights: dict[int, float] = {}
    for old, unit in zip(units, aligned.coders[0].units, strict=True):
        if (row := row_of.get(unit.unit_id)) is not None:
            matched[row] = unit
            weights[row] = weight_of.get(old.unit_id, math.nan)
    if not matched:
        raise GoldError(
            f"{path}: none of its {len(units):,} units is a sentence of these folders, by id, document and "
            "span, or text. Code sentences of these folders: `agree DIR --make-sheet`, or `review DIR`.",
            path=path,
        )
    return GoldSample(
        levels=_levels(matched, weights if weight_of else None, corpus),
        n_units=len(units),
        n_matched=len(matched),
        notes=(
            f"{show_path(path)}: {len(matched):,} of {len(units):,} units are sentences of these folders",
        ),
    )


def _read_units(path: Path, corpus: CodedCorpus) -> Sequence[CodedUnit]:
    """The adjudicated codes of a gold file, else those of its only human coder."""
    if path.suffix.lower() == ".jsonl" and path.is_file():
        return read_coded_units(path, corpus.codebook)
    coders = read_coder_file(path).coders
    people = [coder for coder in coders if not coder.coder.is_model]
    if len(people) != 1:
        names = ", ".join(repr(coder.coder.coder_id) for coder in people) or "none"
        raise GoldError(
            f"{path}: gold is what one person, or the coders together, decided; this file has {len(people)} "
            f"human coders ({names}). Settle their codings (`review`), or give a file with one of them.",
            path=path,
        )
    return people[0].units


def _corpus_file(corpus: CodedCorpus) -> CoderFile:
    """The sentences of the corpus as units without codes, for matching."""
    documents = corpus.document_of_rows().tolist()
    units = tuple(
        CodedUnit(sentence_id, text, None, None, None, corpus.documents[document].document_id, "model")
        for sentence_id, text, document in zip(corpus.sentence_ids, corpus.texts, documents, strict=True)
    )
    spans = zip(units, corpus.starts.tolist(), corpus.ends.tolist(), strict=True)
    placed = tuple(replace(unit, span=Span(start, end)) for unit, start, end in spans)
    return CoderFile(Path(_CORPUS), "", corpus.codebook, (CoderUnits(Coder("model", True), placed),))


def _read_weights(path: Path, corpus: CodedCorpus) -> Mapping[str, float]:
    """The weight of each unit by its id, where the lines of a JSON Lines file give one; else empty."""
    if path.suffix.lower() != ".jsonl":
        return {}
    source = RowSource(path, corpus.codebook)
    found: dict[str, float] = {}
    n_lines = 0
    for line, text in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not text.strip():
            continue
        n_lines += 1
        row = parse_row(text, line=line, source=source)
        name = next((name for name in _WEIGHT_FIELDS if row.get(name) is not None), None)
        if name is None:
            continue
        value = row[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
            raise source.error(line, f"`{name}` is {value!r}, a number above 0 was expected.")
        found[str(row.get("id"))] = 1 / value if name == "probability" else float(value)
    if found and len(found) < n_lines:
        raise GoldError(
            f"{path}: {len(found):,} of {n_lines:,} lines give a weight. Give all of them one, or none.",
            path=path,
        )
    return found


def _levels(
    matched: Mapping[int, CodedUnit], weights: Mapping[int, float] | None, corpus: CodedCorpus
) -> tuple[GoldLevel, ...]:
    rows = np.array(sorted(matched), dtype=np.int64)
    units = [matched[row] for row in rows.tolist()]
    of_rows = None if weights is None else np.array([weights[row] for row in rows.tolist()])
    levels = []
    for level in LEVELS:
        table = table_of_units(units, level, codebook=corpus.codebook)
        coded = table.coded
        if coded.any():
            own = None if of_rows is None else of_rows[coded]
            levels.append(GoldLevel(level, rows[coded], table.applies[coded], own))
    return tuple(levels)
