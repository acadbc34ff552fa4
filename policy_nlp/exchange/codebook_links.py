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

from policy_nlp.codebook import CODE_LEVELS, Code, Codebook
from policy_nlp.exchange.code_similarity import PairIndex, Pairs, character_pairs, dice, meaning_pairs
from policy_nlp.exchange.project_codebook import fold_name

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
    old_codes, new_codes = all_codes(old), all_codes(new)
    shared = old_codes.keys() & new_codes.keys()
    linker = _Linker(
        {i: code for i, code in old_codes.items() if i not in shared},
        {i: code for i, code in new_codes.items() if i not in shared},
    )
    linker.rename_by_name()
    changed = [i for i in old_codes if i in shared and _meaning(old_codes[i]) != _meaning(new_codes[i])]
    partners = {i: new_codes[i] for i in changed}
    splits = _find_families([*linker.old.values(), *(old_codes[i] for i in changed)], linker.new, partners)
    partners = {i: old_codes[i] for i in changed}
    merges = _find_families([*linker.new.values(), *(new_codes[i] for i in changed)], linker.old, partners)
    linker.leave_out(splits, merges)
    linker.rename_by_text()
    same = {code_id: code_id for code_id in old_codes if code_id in shared}
    return CodeLinks(
        new_id_of=same | {r.old.code_id: r.new.code_id for r in linker.renamed},
        renamed=tuple(linker.renamed),
        splits=splits,
        merges=merges,
        removed=tuple(linker.old.values()),
        added=tuple(linker.new.values()),
    )


def all_codes(codebook: Codebook) -> dict[str, Code]:
    """The codes of every level by id, in order."""
    return {code.code_id: code for level in CODE_LEVELS for code in codebook.codes(level)}


@dataclass(slots=True)
class _Linker:
    """The codes that no link explains yet."""

    old: dict[str, Code]
    new: dict[str, Code]
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
            of_level = {i: code for i, code in self.new.items() if code.level == level}
            index = PairIndex({i: meaning_pairs(code) | _name_pairs(code) for i, code in of_level.items()})
            for old in (code for code in self.old.values() if code.level == level):
                near = index.nearest(meaning_pairs(old) | _name_pairs(old))
                scores = ((_renaming_score(old, of_level[i]), i) for i in near)
                found += [(-score, old.code_id, i) for score, i in scores if score]
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

    def _rename(self, old: Code, new: Code, *, has_same_name: bool) -> None:
        self.renamed.append(
            Renaming(
                old,
                new,
                dice(character_pairs(old.name_zh), character_pairs(new.name_zh)),
                dice(meaning_pairs(old), meaning_pairs(new)),
                has_same_name,
            )
        )
        del self.old[old.code_id], self.new[new.code_id]


def _by_only_name(codes: Mapping[str, Code]) -> dict[str, Code]:
    n_of_name = Counter(fold_name(code.name_zh) for code in codes.values())
    return {name: code for code in codes.values() if n_of_name[name := fold_name(code.name_zh)] == 1}


def _renaming_score(old: Code, new: Code) -> float:
    """How alike the codes are; 0 where that does not make them one."""
    text = dice(meaning_pairs(old), meaning_pairs(new))
    name = dice(_name_pairs(old), _name_pairs(new))
    text = 0.0 if math.isnan(text) else text
    if text >= _ALIKE or (name >= _LIKE_NAME and text >= _ALIKE_WITH_NAME):
        return text + name
    return 0.0


def _name_pairs(code: Code) -> Pairs:
    return character_pairs(code.name_zh)


def _meaning(code: Code) -> tuple[str, str, str, tuple[str, ...]]:
    return (code.definition, code.include, code.code_if, code.triggers)


def _find_families(
    wholes: Sequence[Code], parts: Mapping[str, Code], partners: Mapping[str, Code]
) -> tuple[Family, ...]:
    """The wholes that parts come from; `partners` are the codes of the wholes' ids in the parts' version."""
    found: list[Family] = []
    for level in CODE_LEVELS:
        of_level = [part for part in parts.values() if part.level == level]
        if of_level:
            found += _families_of_level([w for w in wholes if w.level == level], of_level, partners)
    return tuple(found)


def _families_of_level(
    wholes: Sequence[Code], parts: Sequence[Code], partners: Mapping[str, Code]
) -> Iterator[Family]:
    pairs = {whole.code_id: meaning_pairs(whole) for whole in wholes}
    by_id = {whole.code_id: whole for whole in wholes}
    index = PairIndex({i: found | _name_pairs(by_id[i]) for i, found in pairs.items()})
    draws: dict[str, list[Draw]] = defaultdict(list)
    for part in parts:
        own = meaning_pairs(part)
        near = index.nearest(own | _name_pairs(part))
        found = [(i, _draw(part, by_id[i], own=own, of_whole=pairs[i])) for i in near]
        best = max(found, key=lambda item: item[1].score, default=None)
        if best is not None and best[1].is_enough:
            draws[best[0]].append(best[1])
    families = (_family(by_id[i], of_whole, pairs[i], partners.get(i)) for i, of_whole in draws.items())
    yield from (family for family in families if family is not None)


def _draw(part: Code, whole: Code, *, own: Pairs, of_whole: Pairs) -> Draw:
    shared = len(own & of_whole)
    triggers = tuple(word for word in part.triggers if word in whole.triggers)
    names = fold_name(part.name_zh), fold_name(whole.name_zh)
    return Draw(
        part,
        shared,
        shared / len(own) if own else math.nan,
        triggers,
        len(triggers) / len(part.triggers) if part.triggers else math.nan,
        min(map(len, names)) > 1 and (names[0] in names[1] or names[1] in names[0]),
    )


def _family(whole: Code, draws: Sequence[Draw], pairs: Pairs, partner: Code | None) -> Family | None:
    """The family of a whole, or None where one part alone could be the whole itself."""
    if partner is None:
        is_renamed = any(dice(meaning_pairs(draw.part), pairs) >= _SAME for draw in draws)
        if len(draws) < 2 or is_renamed:
            return None
        return Family(whole, tuple(draw.part for draw in draws), tuple(draws))
    taken = [draw for draw in draws if _took(draw, pairs, partner)]
    if not taken:
        return None
    return Family(whole, (partner, *(draw.part for draw in taken)), tuple(taken))


def _took(draw: Draw, pairs: Pairs, partner: Code) -> bool:
    """Whether what the part shares with the whole is no longer in the code of the whole's id."""
    shared = meaning_pairs(draw.part) & pairs
    gone = shared - meaning_pairs(partner)
    triggers_gone = [word for word in draw.triggers if word not in partner.triggers]
    return 2 * len(gone) >= len(shared) > 0 or len(triggers_gone) >= _LEAST_TRIGGERS
