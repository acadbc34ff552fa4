"""Documents as HTML: their text is kept to the letter, and every sentence says what it is."""

from __future__ import annotations

import lxml.html
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.reports.pages.coded_text import show_documents
from policy_nlp.reports.report_blocks import printable
from tests.reports.pages.corpora import Said, Written, write_corpus

SHIPPED = load_codebook(shipped_codebook_path())
SUPPORT, LEADER = "government_support", "leading_enterprise_leadership"


def bodies(written: Written, most_characters: int = 10**6) -> list[str]:
    shown = show_documents(written.corpus, written.texts, most_characters=most_characters)
    return [str(one.body) for one in shown]


def shown_text(body: str) -> str:
    """The text of the paragraphs as a browser sees them, joined with line feeds."""
    return "\n".join(p.text_content().removesuffix("\n") for p in lxml.html.fromstring(body).iter("p"))


@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("研究<&>\"'资金 \u2028"), min_size=1, max_size=6),
            st.sampled_from(["", "\n", "\n\n", " ", "\u3000\n", "&lt;"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["", "\n", "落款"]),
)
def test_the_paragraphs_joined_are_the_text_of_the_document(
    pieces: list[tuple[str, str, bool]], end: str
) -> None:
    said = [Said(text, {SUPPORT: 0.9} if coded else {}, gap) for text, gap, coded in pieces]
    written = write_corpus(SHIPPED, {"a": said}, end=end)
    lines = bodies(written)[0].split("<p>")[1:]
    text = "\n".join(
        lxml.html.fromstring(f"<div>{line}</div>").text_content().removesuffix("\n") for line in lines
    )
    assert text == printable(written.texts[0])


def test_a_script_in_a_sentence_stays_text(shipped_codebook: Codebook) -> None:
    written = write_corpus(shipped_codebook, {"a": [Said("<script>alert(1)</script>", {SUPPORT: 0.9})]})
    assert "<script" not in bodies(written)[0]
    assert "<script>alert(1)</script>" in shown_text(bodies(written)[0])


def test_a_coded_sentence_says_its_codes_scores_and_main_categories(shipped_codebook: Codebook) -> None:
    written = write_corpus(shipped_codebook, {"a": [Said("支持牵头。", {SUPPORT: 0.73, LEADER: 0.9})]})
    (mark,) = lxml.html.fromstring(bodies(written)[0]).iter("mark")
    ids = shipped_codebook.code_ids
    assert mark.get("data-c") == f"{ids.index(SUPPORT)}:73 {ids.index(LEADER)}:90"
    assert mark.get("data-m") == "BE"  # 创新环境 is the second main category, 产学研 the fifth
    assert mark.get("class") == "m4"  # the look is that of the higher score


def test_a_sentence_with_a_dimension_only_has_a_look_of_its_own(shipped_codebook: Codebook) -> None:
    written = write_corpus(shipped_codebook, {"a": [Said("面向战略。", {"strategy_led": 0.9})]})
    (mark,) = lxml.html.fromstring(bodies(written)[0]).iter("mark")
    assert (mark.get("class"), mark.get("data-m")) == ("m", "＊")


def test_statuses_and_headings_are_told_apart(shipped_codebook: Codebook) -> None:
    said = [Said("一、", is_heading=True), Said("也许。", status="abstained"), Said("—", status="empty")]
    spans = lxml.html.fromstring(bodies(write_corpus(shipped_codebook, {"a": said}))[0]).iter("span")
    assert [span.get("class") for span in spans] == ["h", "abstained", "empty"]


def test_a_page_without_room_for_all_texts_shows_coded_and_abstained_sentences_then_none(
    shipped_codebook: Codebook,
) -> None:
    said = [Said("无关。"), Said("支持。", {SUPPORT: 0.9}), Said("也许。", status="abstained")]
    written = write_corpus(shipped_codebook, {"a": said, "b": said, "c": said})
    shown = list(show_documents(written.corpus, written.texts, most_characters=12))
    assert [one.extent for one in shown] == ["coded", "coded", "none"]
    assert shown_text(str(shown[0].body)).split() == ["支持。", "也许。"]
    assert str(shown[2].body) == ""
    assert [one.n_coded for one in shown] == [1, 1, 1]
