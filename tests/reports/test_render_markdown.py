from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policy_nlp.reports.agreement_document import agreement_document
from policy_nlp.reports.render_markdown import escape_markdown, render_markdown
from policy_nlp.reports.report_blocks import Paragraph, ReportDocument, TableBlock
from tests.reports.agreement_examples import HOSTILE, result

READER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def shown_text(markdown: str) -> str:
    """What a reader of the rendered page sees; fails on HTML, links and emphasis of the text's own."""
    found = []
    for token in READER.parse(markdown):
        for child in token.children or ():
            assert child.type in ("text", "softbreak", "hardbreak", "text_special"), child
            found.append(child.content if child.type.startswith("text") else "\n")
    return "".join(found)


def tables_in(markdown: str) -> list[list[list[str]]]:
    tables: list[list[list[str]]] = []
    for token in READER.parse(markdown):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and tables and token.level >= 4:
            tables[-1][-1].append("".join(child.content for child in token.children or ()))
    return tables


def test_every_table_of_the_report_is_read_as_a_table_of_the_same_size() -> None:
    document = agreement_document(result(), n_listed=5)
    wanted = [block for block in document.blocks if isinstance(block, TableBlock)]
    found = tables_in(render_markdown(document, figure_name="f.png"))
    sizes = [(1 + len(block.rows), len(block.header)) for block in wanted]
    assert [(len(table), len(table[0])) for table in found] == sizes


def test_a_bar_in_a_sentence_does_not_part_its_cell() -> None:
    table = TableBlock("t", ("a|b", "c"), (("x|y", "1"), (HOSTILE, "2")), n_text_columns=1)
    (found,) = tables_in(render_markdown(ReportDocument("t", (table,), "p")))
    assert found[0] == ["a|b", "c"]
    assert found[1] == ["x|y", "1"]
    assert found[2] == [HOSTILE.replace("\x0b", " "), "2"]


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "# no heading", "- no list", "1. no list", "> no quote", "[a]: b", "a_b_c _d_", "***", "&lt;",
     "![x](y)", "    four blanks", "~~x~~", "===", "a\n---", "+ x", "2) y", "<https://a.b>"],
)  # fmt: skip
def test_a_text_is_shown_as_it_is_written(text: str) -> None:
    assert shown_text(escape_markdown(text)).split() == text.replace("\x0b", " ").split()


@given(st.text("ab创 |*_`<>[]()!#-+.1~\\&;=:", max_size=20))
def test_no_short_text_is_read_as_markup(text: str) -> None:
    assert shown_text(escape_markdown(text)).split() == text.split()


def test_the_figure_is_named_beside_the_file() -> None:
    assert "](<报告 1_heatmap.png>)" in render_markdown(
        agreement_document(result(), n_listed=0), figure_name="报告 1_heatmap.png"
    )


def test_lines_of_a_paragraph_stay_lines() -> None:
    text = render_markdown(ReportDocument("t", (Paragraph("一\n二"),), "p"))
    assert "一  \n二" in text
