"""Settings of `compare`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from policy_nlp.errors import SettingsError
from policy_nlp.records import Level

GroupBy = Literal["region", "issuer", "year", "kind"]
"""What documents are grouped by: 地区, 发文机关, 年份, 文种."""


@dataclass(frozen=True, slots=True)
class YearRange:
    """Years that form one group; both ends are of it, as people write them."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1000 <= self.first <= self.last <= 9999:
            raise SettingsError(
                f"--years {self.first}-{self.last}: two years of four digits were expected, the "
                "earlier first, as in 2018-2020.",
                years=f"{self.first}-{self.last}",
            )

    @property
    def name(self) -> str:
        """`2018–2020`, or one year alone."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def holds(self, year: int) -> bool:
        """Whether the year is one of these."""
        return self.first <= year <= self.last


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """Result folders to compare, and where the comparison goes."""

    inputs: tuple[Path, ...]  # result folders of `code`
    by: GroupBy
    out: Path  # a folder, or one file: .html or .xlsx
    levels: tuple[Level, ...] = ("main", "initial")
    year_ranges: tuple[YearRange, ...] = ()  # with by = year; empty: each year is a group
    metadata_path: Path | None = None  # table that corrects regions, years ...
    gold_path: Path | None = None  # a person's codings of a random sample of the sentences
    codebook_path: Path | None = None
    n_draws: int = 9999  # permutations behind each test
    seed: int = 0
    is_forced: bool = False

    def __post_init__(self) -> None:
        if self.year_ranges and self.by != "year":
            raise SettingsError(f"--years is for --by year, found --by {self.by}. Leave it out.", by=self.by)


def parse_year_ranges(text: str | None) -> tuple[YearRange, ...]:
    """Ranges as the user writes them; empty for None.

    Raises:
        SettingsError: a range is not of the form 2018-2020 or 2021, or two overlap.

    >>> [one.name for one in parse_year_ranges("2018-2020,2021")]
    ['2018–2020', '2021']
    """
    if text is None:
        return ()
    ranges = sorted((_parse_range(part.strip()) for part in text.split(",")), key=lambda one: one.first)
    for earlier, later in pairwise(ranges):
        if later.first <= earlier.last:
            raise SettingsError(f"--years {text}: {earlier.name} and {later.name} overlap.", years=text)
    return tuple(ranges)


def _parse_range(text: str) -> YearRange:
    first, mark, last = text.replace("–", "-").partition("-")
    if not (first.strip().isdecimal() and (last.strip().isdecimal() or not mark)):
        raise SettingsError(f"--years {text!r}: expected ranges as in 2018-2020,2021-2025.", years=text)
    return YearRange(int(first), int(last) if mark else int(first))
