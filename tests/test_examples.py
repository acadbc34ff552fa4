"""The shipped example sentences keep the form and the rules of the coding guide."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.gold import read_coded_units

_DATA_PATH = Path(__file__).resolve().parent.parent / "data"
_EXAMPLES_PATH = _DATA_PATH / "examples.jsonl"
_LEVELS = ("initial", "dimensions", "paths")
_STRATA = {"positive", "hard_negative", "uncoded"}

# Path -> the initial categories of which it needs at least one; path_5 needs none.
_PATH_NEEDS = {
    "path_1": {"basic_research_original_innovation", "frontier_disruptive_technology"},
    "path_2": {
        "bottleneck_technology_breakthrough",
        "industrial_generic_technology",
        "frontier_disruptive_technology",
    },
    "path_3": {"achievement_commercialization", "application_scenario_demand"},
    "path_4": {"chain_integration", "industrial_structure_upgrading", "industrial_resilience_clusters"},
}


@dataclass(frozen=True, slots=True)
class Example:
    """One line of the file."""

    id: str
    text: str
    initial: tuple[str, ...]
    dimensions: tuple[str, ...]
    paths: tuple[str, ...]
    document_id: str
    stratum: str

    @property
    def code_ids(self) -> tuple[str, ...]:
        return self.initial + self.dimensions + self.paths


def _read_example(line: str) -> Example:
    row = json.loads(line)
    return Example(**{key: tuple(value) if key in _LEVELS else value for key, value in row.items()})


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return [_read_example(line) for line in _EXAMPLES_PATH.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook(shipped_codebook_path())


def test_the_gold_reader_reads_every_example(examples, codebook):
    units = read_coded_units(_EXAMPLES_PATH, codebook)
    assert len(units) == len(examples)


def test_ids_count_up_without_gaps(examples):
    assert [example.id for example in examples] == [f"ex-{n:04d}" for n in range(1, len(examples) + 1)]


def test_texts_are_unique_trimmed_and_one_line(examples):
    texts = [example.text for example in examples]
    assert len(set(texts)) == len(texts)
    assert all(text == text.strip() and text and "\n" not in text for text in texts)


def test_each_level_holds_codes_of_its_level_in_codebook_order(examples, codebook):
    for example in examples:
        for level in _LEVELS:
            known = codebook.ids(level)
            coded = getattr(example, level)
            assert coded == tuple(code_id for code_id in known if code_id in coded), example.id
            assert len(set(coded)) == len(coded)


def test_each_code_has_at_least_twelve_positives(examples, codebook):
    counts = Counter(
        code_id for example in examples if example.stratum == "positive" for code_id in example.code_ids
    )
    assert {code_id: counts[code_id] for code_id in codebook.code_ids if counts[code_id] < 12} == {}


def test_strata_agree_with_the_codes(examples):
    assert {example.stratum for example in examples} == _STRATA
    assert all(example.initial for example in examples if example.stratum == "positive")
    assert not any(example.code_ids for example in examples if example.stratum == "uncoded")


def test_each_negative_stratum_has_ninety_sentences_or_more(examples):
    counts = Counter(example.stratum for example in examples)
    assert counts["uncoded"] >= 90
    assert counts["hard_negative"] >= 90


def test_a_sentence_without_category_has_no_dimension_and_no_path(examples):
    broken = [example.id for example in examples if not example.initial and example.code_ids]
    assert broken == []


@pytest.mark.parametrize("path_id", sorted(_PATH_NEEDS))
def test_a_path_stands_only_with_a_category_it_needs(examples, path_id):
    needed = _PATH_NEEDS[path_id]
    broken = [e.id for e in examples if path_id in e.paths and needed.isdisjoint(e.initial)]
    assert broken == []


def test_a_scenario_demand_is_always_scenario_driven(examples):
    demands = [e for e in examples if "application_scenario_demand" in e.initial]
    assert [e.id for e in demands if "scenario_driven" not in e.dimensions] == []


def test_a_third_of_the_coded_sentences_carry_two_categories(examples):
    coded = [example for example in examples if example.initial]
    n_multiple = sum(len(example.initial) > 1 for example in coded)
    assert 0.28 <= n_multiple / len(coded) <= 0.45


def test_documents_hold_fifteen_to_twenty_five_sentences(examples):
    sizes = Counter(example.document_id for example in examples)
    assert all(15 <= size <= 25 for size in sizes.values())


def test_no_two_sentences_share_a_run_of_fourteen_characters(examples):
    seen: dict[str, str] = {}
    for example in examples:
        for start in range(len(example.text) - 13):
            run = example.text[start : start + 14]
            assert seen.setdefault(run, example.id) == example.id, run


def test_the_readme_gives_the_checksum_of_the_examples():
    digest = hashlib.sha256(_EXAMPLES_PATH.read_bytes()).hexdigest()
    assert digest in (_DATA_PATH / "README.md").read_text(encoding="utf-8")
