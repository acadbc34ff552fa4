"""What was found while a project was read: what was mended, and what could not be kept, with counts."""

from __future__ import annotations

from collections import Counter


class Findings:
    """Lines for people, in the order in which they were found; the same loss is counted up."""

    def __init__(self) -> None:
        self._repairs: dict[str, None] = {}
        self._losses: Counter[str] = Counter()

    @property
    def repairs(self) -> tuple[str, ...]:
        """What the file had otherwise than the standard and how it was read."""
        return tuple(self._repairs)

    @property
    def losses(self) -> tuple[str, ...]:
        """What the file holds and the project does not, each with how many."""
        return tuple(f"{n} {what}" for what, n in self._losses.items() if n)

    def mend(self, line: str) -> None:
        """Note one repair."""
        self._repairs[line] = None

    def lose(self, what: str, n_lost: int = 1) -> None:
        """Note that so many of something are not kept."""
        if n_lost:
            self._losses[what] += n_lost
