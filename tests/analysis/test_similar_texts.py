"""The join of similar texts against brute force."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.analysis.similar_texts import N_GRAM, find_similar, shingle_sets


def shingles_of(text: str) -> set[str]:
    return {text[at : at + N_GRAM] for at in range(len(text) - N_GRAM + 1)}


def brute_force(texts: list[str], share: float, *, is_mutual: bool) -> set[tuple[int, int, int]]:
    found = set()
    for first, second in combinations(range(len(texts)), 2):
        one, other = shingles_of(texts[first]), shingles_of(texts[second])
        n_needed = share * (max if is_mutual else min)(len(one), len(other))
        if one and other and len(one & other) >= n_needed - 1e-9:
            found.add((first, second, len(one & other)))
    return found


@given(
    st.lists(st.text(alphabet="甲乙丙", max_size=14), max_size=12),
    st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    st.booleans(),
)
def test_the_join_finds_exactly_the_pairs_that_brute_force_finds(
    texts: list[str], share: float, is_mutual: bool
) -> None:
    pairs = find_similar(shingle_sets(texts), share=share, is_mutual=is_mutual)
    columns = (pairs.first, pairs.second, pairs.n_shared)
    found = set(zip(*(column.tolist() for column in columns), strict=True))
    assert found == brute_force(texts, share, is_mutual=is_mutual)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_a_text_has_as_many_shingles_as_it_has_different_runs_of_characters(texts: list[str]) -> None:
    plain = [text.encode("utf-8", "ignore").decode("utf-8") for text in texts]
    sets = shingle_sets(plain)
    assert sets.getnnz(axis=1).tolist() == [len(shingles_of(text)) for text in plain]


def test_shingles_do_not_reach_over_the_end_of_a_text() -> None:
    assert find_similar(shingle_sets(["甲乙", "丙丁戊", "甲乙丙丁"]), share=0.1).first.size == 0
