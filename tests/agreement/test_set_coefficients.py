from __future__ import annotations

import numpy as np
import pytest

from policy_nlp.agreement import set_pair_sums
from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.patterns import Patterns, find_patterns
from policy_nlp.agreement.set_coefficients import count_set_agreement

N_DOCUMENTS = 200
CHANCE_CORRECTED = (
    "cohen_kappa",
    "scott_pi",
    "fleiss_kappa",
    "conger_kappa",
    "krippendorff_alpha",
    "gwet_ac1",
)


def patterns_of(share_with_code: float) -> Patterns:
    """Documents of 1 to 40 units, ten coders with gaps: few units share what all coders did."""
    generator = np.random.default_rng(0)
    document_of = np.repeat(np.arange(N_DOCUMENTS), generator.integers(1, 41, N_DOCUMENTS))
    truth = generator.random((len(document_of), 2)) < share_with_code / 2
    coded = generator.random((10, len(document_of))) < 0.6
    applies = truth & (generator.random((10, *truth.shape)) < 0.8) & coded[..., np.newaxis]
    return find_patterns(LevelCodings(applies, coded), document_of, n_groups=N_DOCUMENTS)


def draw_documents(n_draws: int) -> np.ndarray:
    generator = np.random.default_rng(1)
    return generator.multinomial(N_DOCUMENTS, np.full(N_DOCUMENTS, 1 / N_DOCUMENTS), n_draws).astype(float)


@pytest.mark.parametrize("name", CHANCE_CORRECTED)
def test_rare_codes_keep_their_intervals_to_first_order(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = patterns_of(0.02)
    sample = patterns.sample(draw_documents(200))
    exact = getattr(count_set_agreement(patterns).of(sample), name)
    monkeypatch.setattr(set_pair_sums, "MOST_CURVED_ROWS", 0)
    nearly = getattr(count_set_agreement(patterns).of(sample), name)
    low, high = np.quantile(exact, [0.025, 0.975])
    assert np.quantile(nearly, [0.025, 0.975]) == pytest.approx([low, high], abs=0.05 * (high - low))


def test_one_set_only_is_undefined_in_every_sample_to_first_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_pair_sums, "MOST_CURVED_ROWS", 0)
    patterns = patterns_of(0.0)
    found = count_set_agreement(patterns).of(patterns.sample(draw_documents(20)))
    assert np.isnan([getattr(found, name) for name in CHANCE_CORRECTED]).all()
