from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from policy_nlp.reports.agreement_table import (
    agreement_markdown,
    describe_disagreements,
    is_one_sided,
    is_prevalence_paradox,
    render_agreement,
)
from tests.reports.agreement_examples import code, measure, result


def rendered(n_listed: int = 5) -> str:
    stream = io.StringIO()
    Console(file=stream, width=140).print(render_agreement(result(), n_listed=n_listed))
    return stream.getvalue()


def test_the_tables_name_coders_codes_intervals_and_reasons() -> None:
    shown = rendered()
    for text in (
        "coder: tiny, model",
        "政府支持",
        "0.720 [0.620, 0.770]",
        "n/a, no variance: nobody used the code",
        "model in the place of 甲",
        "Krippendorff's alpha",
        "6 of 3 documents",
        "are reconstructed",
        "left out: paths",
        "note: one unit has two texts",
        "percentile bootstrap over documents, 100 draws, seed 7",
    ):
        assert text in shown


def test_markup_in_a_sentence_is_printed_as_it_is() -> None:
    assert "[x](y)" in rendered()
    assert "<script>alert(1)</script>" in rendered()


def test_only_as_many_disagreements_are_listed_as_wanted() -> None:
    assert describe_disagreements(result(), 0) == ["Units coded differently: 1"]
    assert len(describe_disagreements(result(), 5)) == 5  # head, sentence, three coders


def test_markdown_tables_have_as_many_cells_in_each_row() -> None:
    blocks = [b for b in agreement_markdown(result(), n_listed=2).split("\n\n") if b.startswith("|")]
    assert len(blocks) > 8
    for block in blocks:
        assert len({line.replace("\\|", "").count("|") for line in block.splitlines()}) == 1


def test_a_code_that_one_coder_never_used_is_one_sided() -> None:
    assert is_one_sided(code("government_support", (0, 3)))
    assert not is_one_sided(code("government_support", (1, 3)))
    assert not is_one_sided(code("government_support", (0, 0)))


def test_a_coder_who_was_not_given_the_level_makes_no_code_one_sided() -> None:
    assert not is_one_sided(replace(code("government_support", (0, 3)), n_coded=(0, 6)))


def test_low_kappa_beside_high_ac1_is_the_paradox_unless_one_coder_never_used_the_code() -> None:
    rare = replace(code("government_support", (1, 3)), kappa=measure(0.31), ac1=measure(0.81))
    assert is_prevalence_paradox(rare)  # the table 80/7/8/5 of Feinstein & Cicchetti's kind
    assert not is_prevalence_paradox(replace(rare, ac1=measure(0.5)))
    assert not is_prevalence_paradox(replace(rare, n_applied=(0, 3)))
    assert not is_prevalence_paradox(code("government_support", (0, 0)))


def test_the_text_of_a_unit_is_from_whichever_coder_has_it() -> None:
    found = result(2)
    (item,) = found.report.disagreements
    without_text = replace(item, codings=(replace(item.codings[0], text=""), *item.codings[1:]))
    report = replace(found.report, disagreements=(without_text,))
    assert "龙头" in describe_disagreements(replace(found, report=report), 1)[1]
