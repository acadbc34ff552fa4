"""Two sentences joined to one that carries the codes of both: more combinations of codes to learn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policy_nlp.model.gold_tokens import TokenisedGold


def join_sentences(
    gold: TokenisedGold, *, share: float, max_tokens: int, generator: np.random.Generator
) -> TokenisedGold:
    """The gold with a random share of its sentences each followed by another one.

    A sentence is left alone when it would not fit into `max_tokens` with its partner. A joined one has the
    higher target of each code and the mean weight.

    Args:
        gold: sentences between a first and a last special token.
        share: share of the sentences for which a partner is drawn.
        max_tokens: longest joined sentence, special tokens included.
        generator: draws sentences and partners.
    """
    if share == 0:
        return gold
    n = len(gold.token_ids)
    partners = generator.integers(0, n, n)
    lengths = gold.lengths
    is_joined = (generator.random(n) < share) & (lengths + lengths[partners] - 2 <= max_tokens)
    token_ids = list(gold.token_ids)
    for row in np.flatnonzero(is_joined):
        token_ids[row] = gold.token_ids[row][:-1] + gold.token_ids[partners[row]][1:]
    both = np.maximum(gold.targets, gold.targets[partners])
    targets = np.where(is_joined[:, None], both, gold.targets)
    weights = gold.weights
    if weights is not None:
        weights = np.where(is_joined, (weights + weights[partners]) / 2, weights).astype(np.float32)
    return replace(gold, token_ids=token_ids, targets=targets, weights=weights)
