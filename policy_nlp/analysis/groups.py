"""Documents of a corpus -> groups by region, issuer, year or genre; those without one are counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policy_nlp.analysis.coded_corpus import CodedCorpus, CorpusDocument
from policy_nlp.documents.regions import REGIONS
from policy_nlp.errors import CorpusError
from policy_nlp.settings.compare import GroupBy, YearRange

GROUP_WORDS = {"region": "地区", "issuer": "发文机关", "year": "年份", "kind": "文种"}
_NO_GROUP = -1
_ISSUER_MARKS = re.compile(r"[\s、，,　]")


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that share one property; `documents` are their places in the corpus, rising."""

    name: str
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups of documents of one corpus, each document in one at most.

    Attributes:
        groups: provinces in their official order, years rising, others the largest first.
        left_out: places of the documents without the property, or outside every range of years.
        n_documents: D, of the whole corpus.
    """

    by: GroupBy
    groups: tuple[Group, ...]
    left_out: tuple[int, ...]
    n_documents: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the groups, in order."""
        return tuple(group.name for group in self.groups)

    def group_of_documents(self) -> NDArray[np.int64]:
        """Shape (D,): the place of each document's group, -1 where it has none."""
        places = np.full(self.n_documents, _NO_GROUP, dtype=np.int64)
        for place, group in enumerate(self.groups):
            places[list(group.documents)] = place
        return places


def group_documents(corpus: CodedCorpus, by: GroupBy, *, year_ranges: Sequence[YearRange] = ()) -> Grouping:
    """The documents of the corpus in groups.

    Args:
        corpus: with metadata as found, or as a table of the user corrected it.
        by: the property.
        year_ranges: years that belong together; empty: each year is a group.

    Raises:
        CorpusError: fewer than two groups would come out, so that there is nothing to compare.
    """
    members: dict[str, list[int]] = {}
    left_out: list[int] = []
    shown: dict[str, str] = {}  # 中共中央、国务院 and 中共中央国务院 are one issuer
    for place, document in enumerate(corpus.documents):
        name = _name_of(document, by, year_ranges)
        if name is None:
            left_out.append(place)
        else:
            members.setdefault(shown.setdefault(_ISSUER_MARKS.sub("", name), name), []).append(place)
    _check_groups(members, by, n_left_out=len(left_out))
    groups = [Group(name, tuple(places)) for name, places in members.items()]
    groups.sort(key=lambda group: _rank(group, by))
    return Grouping(by, tuple(groups), tuple(left_out), len(corpus.documents))


def _name_of(document: CorpusDocument, by: GroupBy, year_ranges: Sequence[YearRange]) -> str | None:
    metadata = document.metadata
    if by != "year":
        return {"region": metadata.region, "issuer": metadata.issuer, "kind": document.kind}[by]
    if metadata.year is None:
        return None
    year = metadata.year
    if not year_ranges:
        return str(year)
    return next((one.name for one in year_ranges if one.holds(year)), None)


def _check_groups(members: dict[str, list[int]], by: GroupBy, *, n_left_out: int) -> None:
    if len(members) >= 2:
        return
    found = f"only {next(iter(members))!r}" if members else "none"
    raise CorpusError(
        f"--by {by} needs documents of two groups ({GROUP_WORDS[by]}) or more, found {found}; {n_left_out:,} "
        "documents have none. Give what is missing in a table: --metadata FILE (columns file and "
        f"{by}; documents.csv of an earlier `compare` is one to fill in), or compare by something else.",
        by=by,
        n_left_out=n_left_out,
    )


def _rank(group: Group, by: GroupBy) -> tuple[int, str]:
    if by == "region":
        return (REGIONS.index(group.name) if group.name in REGIONS else len(REGIONS), group.name)
    return (0, group.name) if by == "year" else (-len(group.documents), group.name)
