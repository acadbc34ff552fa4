"""Whether LaTeX takes the file was tried by hand with TeX Live 2022; here: nothing of a text is left live."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.reports.agreement_document import agreement_document
from policy_nlp.reports.render_latex import escape_latex, render_latex
from policy_nlp.reports.report_blocks import ReportDocument, TableBlock
from tests.reports.agreement_examples import HOSTILE, result

COMMANDS = re.compile(r"\\(?:text[a-z]+|allowbreak|newline)\{\}|\\[{}$&#%_]|-\{\}|\{[\[\]]\}")


def live_characters(escaped: str) -> set[str]:
    """Characters of meaning to LaTeX that stand outside the commands which print one."""
    return set(COMMANDS.sub("", escaped)) & set("\\{}$&#^_%~<>|\"'`[]")


@given(st.text("ab创\\{}$&#^_%~<>|\"'`[]- \n", max_size=20))
def test_no_character_of_a_text_is_live(text: str) -> None:
    assert not live_characters(escape_latex(text))


@pytest.mark.parametrize("n_coders", [2, 3])
def test_braces_and_environments_of_the_report_are_balanced(n_coders: int) -> None:
    source = render_latex(agreement_document(result(n_coders), n_listed=5), figure_name="f.png")
    bare = re.sub(r"(?<!\\)((?:\\\\)*)\\[{}]", r"\1", source)
    assert bare.count("{") == bare.count("}")
    assert re.findall(r"\\begin\{(\w+)\}", source).count("longtable") == source.count("\\end{longtable}") > 10
    assert source.isprintable() or set(source) & {"\n"}


def test_each_row_has_one_cell_for_each_column() -> None:
    table = TableBlock("t", ("a", "b & c"), ((HOSTILE, "1\n[0.1, 0.2]"), ("[x", "2")))
    source = render_latex(ReportDocument("t", (table,), "p"))
    rows = [line for line in source.splitlines() if line.endswith(" \\\\")]
    assert len(rows) == 4  # the header twice
    for row in rows:
        assert len(re.findall(r"(?<!\\)&", row)) == 1
        assert not row.startswith("[")  # it would be read as an argument of the line before


def test_a_checksum_may_break_over_lines() -> None:
    assert escape_latex("0" * 64).count("\\allowbreak{}") == 3


def test_greek_letters_are_set_in_the_chinese_font() -> None:
    source = render_latex(ReportDocument("α", (), "p"))
    assert 'xeCJKDeclareCharClass{CJK}{"0370 -> "03FF' in source
    assert source.startswith("% !TEX program = xelatex")
