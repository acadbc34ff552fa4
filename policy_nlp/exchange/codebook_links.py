"""Which codes of an old codebook live on in which of a new one: the same, renamed, split or merged.

Codes of one id are one code. What is left is linked by name, then, within a level, by what the codes say:

- a part comes from a whole when half of the part's pairs of characters (six or more) stand in the whole, or
  half of its trigger words (two or more) are the whole's, or it bears the whole's name and shares a fifth;
- a whole is split when two parts come from it, or one part took from it what the code of its id lost;
- merged is the same with old and new changed over;
- a code is renamed where its text is alike by half, or its name by 0.6 and its text by 0.3.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook, CodeLevel
from policy_nlp.exchange.code_similarity import ComparedCode, PairIndex, compared, dice

_LEAST_SHARE = 0.5
_LEAST_PAIRS = 6
_LEAST_TRIGGERS = 2
_LEAST_SHARE_WITH_NAME = 0.2
_ALIKE = 0.5  # texts of a renamed code
_ALIKE_WITH_NAME = 0.3
_LIKE_NAME = 0.6
_SAME = 0.85  # a part as like the whole as this is the whole under another id


@dataclass(frozen=True, slots=True)
class Draw:
    """What a part has of a whole.

    Attributes:
        text_share: of the part's pairs of characters, those that stand in the whole; NaN without a text.
        triggers: trigger words of both.
        trigger_share: of the part's trigger words; NaN where it has none.
        bears_name: whether its name holds the whole's, or the whole's name its.
    """

    part: Code
    n_pairs: int
    text_share: float
    triggers: tuple[str, ...]
    trigger_share: float
    bears_name: bool

    @property
    def is_enough(self) -> bool:
        """Whether this says that the part comes from the whole."""
        by_text = self.n_pairs >= _LEAST_PAIRS and self.text_share >= _LEAST_SHARE
        by_triggers = len(self.triggers) >= _LEAST_TRIGGERS and self.trigger_share >= _LEAST_SHARE
        by_name = self.bears_name and (
            self.text_share >= _LEAST_SHARE_WITH_NAME or self.trigger_share >= _LEAST_SHARE_WITH_NAME
        )
        return by_text or by_triggers or by_name

    @property
    def score(self) -> float:
        """To choose the whole that a part has most of."""
        shares = [share for share in (self.text_share, self.trigger_share) if not math.isnan(share)]
        return max(shares, default=0.0) + (0.1 if self.bears_name else 0.0)

    def describe(self) -> str:
        """The figures, for people."""
        parts = []
        if not math.isnan(self.text_share):
            parts.append(f"{self.text_share:.2f} of its text")
        if self.triggers:
            parts.append(
                f"trigger words {'、'.join(self.triggers[:5])} ({self.trigger_share:.2f} of its own)"
            )
        if self.bears_name:
            parts.append("the name")
        return f"{self.part.code_id} shares {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Family:
    """A code that became several, or several that became one; `parts` may hold the code of the whole's id."""

    whole: Code
    parts: tuple[Code, ...]
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Renaming:
    """A code under another id; the similarities are NaN where there is nothing to compare."""

    old: Code
    new: Code
    name_similarity: float
    text_similarity: float
    has_same_name: bool


@dataclass(frozen=True, slots=True)
class CodeLinks:
    """What became of each code. `new_id_of` holds codes of one id and renamed ones."""

    new_id_of: Mapping[str, str]
    renamed: tuple[Renaming, ...]
    splits: tuple[Family, ...]
    merges: tuple[Family, ...]
    removed: tuple[Code, ...]
    added: tuple[Code, ...]


def link_codes(old: Codebook, new: Codebook) -> CodeLinks:
    """The links between the codes of two versions."""
    old_codes, new_codes = _compared_codes(old), _compared_codes(new)
    shared = [code_id for code_id in old_codes if code_id in new_codes]
    linker = _Linker(
        {i: code for i, code in old_codes.items() if i not in new_codes},
        {i: code for i, code in new_codes.items() if i not in old_codes},
    )
    linker.rename_by_name()
    changed = [i for i in shared if old_codes[i].meaning != new_codes[i].meaning]
    old_changed, new_changed = ({i: codes[i] for i in changed} for codes in (old_codes, new_codes))
    splits = _find_families(linker.old | old_changed, linker.new, new_changed)
    merges = _find_families(linker.new | new_changed, linker.old, old_changed)
    linker.leave_out(splits, merges)
    linker.rename_by_text()
    same = {code_id: code_id for code_id in shared}
    return CodeLinks(
        new_id_of=same | {r.old.code_id: r.new.code_id for r in linker.renamed},
        renamed=tuple(linker.renamed),
        splits=splits,
        merges=merges,
        removed=tuple(found.code for found in linker.old.values()),
        added=tuple(found.code for found in linker.new.values()),
    )


def all_codes(codebook: Codebook) -> dict[str, Code]:
    """The codes of every level by id, in order."""
    return {code.code_id: code for code in codebook.all_codes}


def _compared_codes(codebook: Codebook) -> dict[str, ComparedCode]:
    return {code_id: compared(code) for code_id, code in all_codes(codebook).items()}


@dataclass(slots=True)
class _Linker:
    """The codes that no link explains yet."""

    old: dict[str, ComparedCode]
    new: dict[str, ComparedCode]
    renamed: list[Renaming] = field(default_factory=list)

    def rename_by_name(self) -> None:
        """Link codes that alone have one name; the level may have changed."""
        old_of_name, new_of_name = _by_only_name(self.old), _by_only_name(self.new)
        for name, old in old_of_name.items():
            if name in new_of_name:
                self._rename(old, new_of_name[name], has_same_name=True)

    def rename_by_text(self) -> None:
        """Link codes of one level whose texts are alike, the likest first."""
        found: list[tuple[float, str, str]] = []
        for level in CODE_LEVELS:
            old_codes, new_codes = _of_level(level, self.old), _of_level(level, self.new)
            index = PairIndex({i: code.all_pairs for i, code in new_codes.items()})
            for old_id, old in old_codes.items():
                scores = ((_renaming_score(old, new_codes[i]), i) for i in index.nearest(old.all_pairs))
                found += [(-score, old_id, i) for score, i in scores if score]
        for _, old_id, new_id in sorted(found):
            if old_id in self.old and new_id in self.new:
                self._rename(self.old[old_id], self.new[new_id], has_same_name=False)

    def leave_out(self, splits: Sequence[Family], merges: Sequence[Family]) -> None:
        """Take out what splits and merges explain."""
        for family in splits:
            self.old.pop(family.whole.code_id, None)
            for part in family.parts:
                self.new.pop(part.code_id, None)
        for family in merges:
            self.new.pop(family.whole.code_id, None)
            for part in family.parts:
                self.old.pop(part.code_id, None)

    def _rename(self, old: ComparedCode, new: ComparedCode, *, has_same_name: bool) -> None:
        name, text = dice(old.name, new.name), dice(old.meaning, new.meaning)
        self.renamed.append(Renaming(old.code, new.code, name, text, has_same_name))
        del self.old[old.code.code_id], self.new[new.code.code_id]


def _of_level(level: CodeLevel, codes: Mapping[str, ComparedCode]) -> dict[str, ComparedCode]:
    return {code_id: found for code_id, found in codes.items() if found.code.level == level}


def _by_only_name(codes: Mapping[str, ComparedCode]) -> dict[str, ComparedCode]:
    n_of_name = Counter(found.folded_name for found in codes.values())
    return {found.folded_name: found for found in codes.values() if n_of_name[found.folded_name] == 1}


def _renaming_score(old: ComparedCode, new: ComparedCode) -> float:
    """How alike the codes are; 0 where that does not make them one."""
    text, name = dice(old.meaning, new.meaning), dice(old.name, new.name)
    text = 0.0 if math.isnan(text) else text
    if text >= _ALIKE or (name >= _LIKE_NAME and text >= _ALIKE_WITH_NAME):
        return text + name
    return 0.0


def _find_families(
    wholes: Mapping[str, ComparedCode],
    parts: Mapping[str, ComparedCode],
    partners: Mapping[str, ComparedCode],
) -> tuple[Family, ...]:
    """The wholes that parts come from; `partners` are the codes of the wholes' ids in the parts' version."""
    found: list[Family] = []
    for level in CODE_LEVELS:
        if of_level := _of_level(level, parts):
            found += _families_of_level(_of_level(level, wholes), of_level, partners)
    return tuple(found)


def _families_of_level(
    wholes: Mapping[str, ComparedCode],
    parts: Mapping[str, ComparedCode],
    partners: Mapping[str, ComparedCode],
) -> Iterator[Family]:
    index = PairIndex({i: whole.all_pairs for i, whole in wholes.items()})
    draws: dict[str, list[Draw]] = defaultdict(list)
    for part in parts.values():
        found = [(i, _draw(part, wholes[i])) for i in index.nearest(part.all_pairs)]
        best = max(found, key=lambda item: item[1].score, default=None)
        if best is not None and best[1].is_enough:
            draws[best[0]].append(best[1])
    families = (_family(wholes[i], of_whole, parts, partners.get(i)) for i, of_whole in draws.items())
    yield from (family for family in families if family is not None)


def _draw(part: ComparedCode, whole: ComparedCode) -> Draw:
    n_shared = len(part.meaning & whole.meaning)
    own_triggers = part.code.triggers
    triggers = tuple(word for word in own_triggers if word in whole.code.triggers)
    names = part.folded_name, whole.folded_name
    return Draw(
        part.code,
        n_shared,
        n_shared / len(part.meaning) if part.meaning else math.nan,
        triggers,
        len(triggers) / len(own_triggers) if own_triggers else math.nan,
        min(map(len, names)) > 1 and (names[0] in names[1] or names[1] in names[0]),
    )


def _family(
    whole: ComparedCode,
    draws: Sequence[Draw],
    parts: Mapping[str, ComparedCode],
    partner: ComparedCode | None,
) -> Family | None:
    """The family of a whole, or None where one part alone could be the whole itself."""
    if partner is None:
        likest = max(dice(parts[draw.part.code_id].meaning, whole.meaning) for draw in draws)
        if len(draws) < 2 or likest >= _SAME:
            return None
        return Family(whole.code, tuple(draw.part for draw in draws), tuple(draws))
    taken = [draw for draw in draws if _took(draw, parts[draw.part.code_id], whole, partner)]
    if not taken:
        return None
    return Family(whole.code, (partner.code, *(draw.part for draw in taken)), tuple(taken))


def _took(draw: Draw, part: ComparedCode, whole: ComparedCode, partner: ComparedCode) -> bool:
    """Whether what the part shares with the whole is no longer in the code of the whole's id."""
    shared = part.meaning & whole.meaning
    gone = shared - partner.meaning
    triggers_gone = [word for word in draw.triggers if word not in partner.code.triggers]
    return 2 * len(gone) >= len(shared) > 0 or len(triggers_gone) >= _LEAST_TRIGGERS
