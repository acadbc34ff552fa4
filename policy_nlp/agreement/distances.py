"""Distances between codes for Krippendorff's alpha: nominal, ordinal, interval, ratio, along a tree, others.

A table of distances has shape (C, C), is symmetric and 0 on the diagonal. Alpha does not change when all its
distances are multiplied by one number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.chance import Codes, Floats, number_of_codes
from policy_nlp.agreement.coefficients import distance_alpha, pairable_totals
from policy_nlp.errors import DistanceError


def nominal_distances(n_codes: int) -> Floats:
    """1 between different codes."""
    return 1.0 - np.eye(n_codes)


def ordinal_distances(code_totals: Floats) -> Floats:
    """Squared number of values between two ranks, half of those at the ranks themselves.

    Args:
        code_totals: shape (C,), how often each code was given in pairable units; codes in their order.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section E.
    """
    return interval_distances(np.cumsum(code_totals) - code_totals / 2)


def interval_distances(values: Sequence[float] | Floats) -> Floats:
    """Squared differences of the values of the codes."""
    numbers = np.asarray(values, dtype=np.float64)
    distances: Floats = (numbers[:, np.newaxis] - numbers) ** 2
    return distances


def ratio_distances(values: Sequence[float] | Floats) -> Floats:
    """Squared ratios of difference to sum of the values of the codes, which are 0 or more.

    Raises:
        DistanceError: a value is negative.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if (numbers < 0).any():
        raise DistanceError(
            f"found the value {numbers.min():g}; ratios need values of 0 or more. Use interval distances.",
            value=float(numbers.min()),
        )
    sums = numbers[:, np.newaxis] + numbers
    ratios = np.divide(numbers[:, np.newaxis] - numbers, sums, out=np.zeros_like(sums), where=sums > 0)
    distances: Floats = ratios**2
    return distances


def ordinal_alpha(codes: Codes) -> float:
    """Krippendorff's alpha of ranks: code 0 is the lowest; NaN when one code is all that was used.

    >>> round(ordinal_alpha(np.array([[0, 1, 2, 2], [0, 1, 2, 1]])), 3)
    0.79
    """
    return distance_alpha(codes, ordinal_distances(pairable_totals(codes, number_of_codes(codes))))


def interval_alpha(codes: Codes, values: Sequence[float] | Floats) -> float:
    """Krippendorff's alpha of numbers, the value of each code; NaN when one code is all that was used."""
    return distance_alpha(codes, interval_distances(values))


def ratio_alpha(codes: Codes, values: Sequence[float] | Floats) -> float:
    """Krippendorff's alpha of numbers with a true zero; NaN when one code is all that was used."""
    return distance_alpha(codes, ratio_distances(values))


def find_ancestors(code_ids: Sequence[str], parents: Mapping[str, str | None]) -> NDArray[np.bool_]:
    """Which nodes of the tree each code is or lies under, shape (C, N).

    Args:
        code_ids: C codes; several may have ancestors in common.
        parents: the parent of each node; None, or no entry, for those at the top.

    Raises:
        DistanceError: the parents form a circle.
    """
    chains = [_chain(code_id, parents) for code_id in code_ids]
    nodes = {node: column for column, node in enumerate(dict.fromkeys(n for chain in chains for n in chain))}
    table = np.zeros((len(chains), len(nodes)), dtype=np.bool_)
    for row, chain in enumerate(chains):
        table[row, [nodes[node] for node in chain]] = True
    return table


def tree_distances(ancestors: NDArray[np.bool_]) -> Floats:
    """1 - 2 depth(lowest common ancestor) / (depth(a) + depth(b)), from `find_ancestors`.

    The root over all top nodes has depth 0: codes under different top nodes are at distance 1, and codes
    without parents have nominal distances.

    Source: Wu and Palmer (1994), "Verb semantics and lexical selection", as a distance.

    >>> tree_distances(find_ancestors(["a1", "a2", "b1"], {"a1": "a", "a2": "a", "b1": "b"})).tolist()
    [[0.0, 0.5, 1.0], [0.5, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    table = ancestors.astype(np.float64)
    depths = table.sum(axis=1)
    distances: Floats = 1.0 - 2 * (table @ table.T) / (depths[:, np.newaxis] + depths)
    return distances


def check_distances(distances: Floats, n_codes: int) -> None:
    """Raise DistanceError unless this is a table of distances between `n_codes` codes."""
    if distances.shape != (n_codes, n_codes):
        raise DistanceError(
            f"found a table of shape {distances.shape} for {n_codes} codes. "
            f"Give one row and one column a code.",
            shape=distances.shape,
        )
    faults = {
        "a distance that is negative or no number": ~(distances >= 0) | np.isinf(distances),
        "a code at a distance from itself": np.diag(np.diag(distances) != 0),
        "two distances of one pair": distances != distances.T,
    }
    for fault, cells in faults.items():
        if cells.any():
            row, column = (int(index) for index in np.argwhere(cells)[0])
            raise DistanceError(
                f"row {row + 1}, column {column + 1} of the distances: {fault} ({distances[row, column]:g}). "
                f"Distances are 0 or more, 0 on the diagonal and the same both ways.",
                row=row,
                column=column,
            )


def _chain(code_id: str, parents: Mapping[str, str | None]) -> list[str]:
    chain: list[str] = []
    node: str | None = code_id
    while node is not None:
        if node in chain:
            raise DistanceError(
                f"code {node!r} is its own ancestor ({' > '.join([*chain, node])}). Correct the parents.",
                code_id=node,
            )
        chain.append(node)
        node = parents.get(node)
    return chain
