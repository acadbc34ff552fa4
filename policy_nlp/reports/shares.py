"""How shares are written in every table of the terminal."""

from __future__ import annotations


def show_share(n: int, n_all: int) -> str:
    """A fraction with three decimals; `n/a` where there is nothing to share.

    >>> show_share(1, 3), show_share(0, 0)
    ('0.333', 'n/a')
    """
    return f"{n / n_all:.3f}" if n_all else "n/a"
