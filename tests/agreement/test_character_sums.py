"""A bootstrap draw is a corpus in which documents stand as often as they were drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.agreement.character_sums import code_quantities, sum_codes
from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.unitizing import (
    bar_u_alpha_of_sums,
    cu_alpha_of_sums,
    ku_alpha_of_sums,
    sum_unitizing,
    u_alpha_of_sums,
)
from policy_nlp.records import CodedDocument
from tests.agreement.coded_documents import coded_corpora

CODES = ("a1", "a2")


def repeated(documents: list[CodedDocument], weights: list[int]) -> list[CodedDocument]:
    used = [document for document in documents if len(document.coder_ids) >= 2]
    return [
        replace(document, document_id=f"{document.document_id}/{copy}")
        for document, weight in zip(used, weights, strict=True)
        for copy in range(weight)
    ]


@given(coded_corpora(CODES), st.data())
@settings(deadline=None)
def test_weights_of_documents_are_repetitions_of_documents(documents: list[CodedDocument], data) -> None:
    continuum = lay_end_to_end(documents, CODES)
    n_documents = len(continuum.lengths)
    # The first document is drawn at least once, so that all coders stay in the repeated corpus.
    drawn = st.lists(st.integers(0, 3), min_size=n_documents, max_size=n_documents)
    weights = data.draw(drawn.filter(lambda drawn: drawn[0] > 0))
    drawn_often = np.array([weights], dtype=np.float64)
    copies = lay_end_to_end(repeated(documents, weights), CODES)
    once = np.ones((1, len(copies.lengths)))

    of_draw = code_quantities(sum_codes(continuum).weighted(drawn_often))
    of_copies = code_quantities(sum_codes(copies).weighted(once))
    assert of_draw == pytest.approx(of_copies, nan_ok=True)
    for alpha in (u_alpha_of_sums, bar_u_alpha_of_sums, cu_alpha_of_sums, ku_alpha_of_sums):
        by_draw = alpha(sum_unitizing(continuum).weighted(drawn_often))
        by_copies = alpha(sum_unitizing(copies).weighted(once))
        assert by_draw == pytest.approx(by_copies, nan_ok=True)
