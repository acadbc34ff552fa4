"""What was found while a project was read: what was mended, and what could not be kept, with counts."""

from __future__ import annotations

from collections import Counter

MOST_LINES = 40  # on single sources; a project may have thousands


class Findings:
    """Lines for people, in the order in which they were found; the same loss is counted up."""

    def __init__(self) -> None:
        self._repairs: dict[str, bool] = {}  # line -> whether it is on one source
        self._alike: dict[str, list[str]] = {}  # line -> the sources that it is true of
        self._losses: Counter[str] = Counter()
        self._losses_of_sources: set[str] = set()

    @property
    def repairs(self) -> tuple[str, ...]:
        """What the file had otherwise than the standard and how it was read."""
        of_sources = [line for line, is_of_source in self._repairs.items() if is_of_source]
        left_out = set(of_sources[MOST_LINES:])
        lines = [self._with_sources(line) for line in self._repairs if line not in left_out]
        return (*lines, *([f"{len(left_out)} further lines on sources"] if left_out else []))

    @property
    def losses(self) -> tuple[str, ...]:
        """What the file holds and the project does not, each with how many."""
        of_sources = [what for what in self._losses if what in self._losses_of_sources]
        left_out = set(of_sources[MOST_LINES:])
        lines = [f"{n_lost} {what}" for what, n_lost in self._losses.items() if what not in left_out]
        return (*lines, *([f"{len(left_out)} further losses of sources"] if left_out else []))

    def mend(self, line: str, *, is_of_source: bool = False) -> None:
        """Note one repair."""
        self._repairs[line] = is_of_source

    def mend_alike(self, source: str, line: str) -> None:
        """Note one repair that other sources may have needed too: told once for all of them."""
        self._repairs[line] = False
        self._alike.setdefault(line, []).append(source)

    def lose(self, what: str, n_lost: int = 1, *, is_of_source: bool = False) -> None:
        """Note that so many of something are not kept."""
        if n_lost:
            self._losses[what] += n_lost
            if is_of_source:
                self._losses_of_sources.add(what)

    def _with_sources(self, line: str) -> str:
        sources = self._alike.get(line, [])
        if len(sources) > 1:
            return f"{len(sources):,} sources (the first is {sources[0]}): {line}"
        return f"source {sources[0]}: {line}" if sources else line
