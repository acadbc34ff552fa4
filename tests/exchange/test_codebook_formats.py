"""A codebook comes back from every format as it was, and what a format cannot hold is said."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.exchange.codebook_formats import read_codebook_file, write_codebook_file
from tests.exchange.codebooks import codebooks, without_lines

ENDINGS = (".yaml", ".qdc", ".csv", ".xlsx")


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(codebook=codebooks())
def test_any_codebook_comes_back_equal(ending: str, codebook: Codebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"codebook{ending}"
        assert write_codebook_file(path, codebook) == ()
        read = read_codebook_file(path).codebook
    assert without_lines(read) == without_lines(codebook)
