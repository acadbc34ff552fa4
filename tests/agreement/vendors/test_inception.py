"""INCEpTION's unitising alpha by document."""

from __future__ import annotations

import pytest

from policy_nlp.agreement.alpha_u_2004 import alpha_u_2004
from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.vendors.inception import compare_like_inception
from tests.agreement.coded_documents import coded_document


def test_each_document_has_the_alpha_of_its_pair_of_coders() -> None:
    # The first document is DKPro's test, which INCEpTION calls: -.7003.
    dkpro = {"0": [(1, 9, "A")], "1": [(2, 3, "A"), (4, 5, "A"), (6, 7, "A")]}
    documents = [
        coded_document(10, {**dkpro, "2": [(0, 2, "A")]}, "d1"),
        coded_document(20, {"0": [(3, 9, "B")], "1": [(3, 8, "B")]}, "d2"),
        coded_document(20, {"0": [], "1": []}, "d3"),
    ]
    comparisons = compare_like_inception(lay_end_to_end(documents))
    assert [(c.first, c.second) for c in comparisons] == [("0", "1"), ("0", "2"), ("1", "2")]
    pair = comparisons[0]
    assert pair.document_ids == ("d1", "d2", "d3")
    assert pair.alphas[0].value == pytest.approx(-0.7003, abs=1e-4)
    assert pair.alphas[1].value == pytest.approx(alpha_u_2004([documents[1]]))
    assert pair.alphas[2].reason
    assert pair.mean.value == pytest.approx((pair.alphas[0].value + pair.alphas[1].value) / 2)
    assert pair.joined.value == pytest.approx(
        alpha_u_2004([coded_document(d.length, _pair_marks(d), d.document_id) for d in documents])
    )
    assert comparisons[1].document_ids == ("d1",)


def _pair_marks(document):
    marks = {"0": [], "1": []}
    for coding in document.codings:
        if coding.coder_id in marks:
            marks[coding.coder_id].append((coding.span.start, coding.span.end, coding.code_id))
    return marks
