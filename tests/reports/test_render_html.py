from __future__ import annotations

import base64
from html.parser import HTMLParser

from policy_nlp.reports.agreement_document import agreement_document
from policy_nlp.reports.render_html import render_html
from policy_nlp.reports.report_blocks import Figure, Paragraph, ReportDocument, TableBlock
from tests.reports.agreement_examples import result

VOID = {"meta", "br", "img"}


class Reader(HTMLParser):
    """Collects tags, attributes and text; fails where tags do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert not reader.open
    return reader


def test_a_script_in_a_sentence_is_shown_and_not_run() -> None:
    reader = read(render_html(agreement_document(result(), n_listed=5)))
    assert "script" not in reader.tags
    assert "龙头|企业<script>alert(1)</script>牵头" in reader.text


def test_the_page_needs_no_other_file_and_no_network() -> None:
    reader = read(render_html(agreement_document(result(), n_listed=5)))
    assert len(reader.links) == 1
    assert reader.links[0].startswith("data:image/png;base64,")
    assert base64.b64decode(reader.links[0].partition(",")[2]).startswith(b"\x89PNG")
    assert not {"script", "link", "iframe"} & set(reader.tags)


def test_texts_cannot_leave_an_attribute_or_a_cell() -> None:
    blocks = (Figure(b"x", 'c"', '" onload="x'), Paragraph("<b>"), TableBlock("<i>", ('"',), (("<td>",),)))
    page = render_html(ReportDocument("</title><script>", blocks, 'p"'))
    reader = read(page)
    assert not {"b", "i", "script"} & set(reader.tags)
    assert 'onload="' not in page


def test_control_characters_are_left_out() -> None:
    page = render_html(ReportDocument("a\x00b\ud800c", (Paragraph("x\x1by"),), "p"))
    assert page.encode("utf-8")
    assert "\x00" not in page
    assert "\x1b" not in page
