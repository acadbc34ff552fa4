"""Codebooks that hypothesis invents: every field, and texts that formats are easily broken by."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from policy_nlp.codebook import CODE_LEVELS, NO_CODE, Code, Codebook, CodeLevel, Exclusion, OtherField
from policy_nlp.yaml_maps import plain_text

# What has a meaning in YAML, in CSV, in spreadsheets, in XML or in our own labelled lines.
PITFALLS = (
    *("=1+1", "'=1", "''@x", "-3.5", "yes", "null", "1.0", "~", "- a", "a: b", "# 注", "id: x", "\\id: x"),
    *("a;b", "a\\;b", "甲 -> 乙", "a\nb", "a\n\nb", "a\nlevel: main\nb", "x\n  - y", "“引”", '"', "'"),
    *(
        "]]>",
        "_x000D_",
        "　全角　",
        "𠮷野家",
        "a\tb",
        "A::b",
        "a / b",
        "{",
        "[1",
        "1e5",
        "0x1F",
        "2024-01-01",
    ),
    *("\\", "a\\", "include: 甲", "<b>&amp;</b>"),
)
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n\t"
)
TEXTS = st.one_of(
    st.sampled_from(PITFALLS),
    st.text(CHARACTERS, max_size=30),
    st.text("政府支持=;:'\"\\\n -a>", max_size=15),
).map(str.strip)
FILLED = TEXTS.filter(bool)
NAMES = st.one_of(st.sampled_from(["需求", "需求", "政府支持", "A::b", "x (需求)"]), FILLED).filter(
    lambda name: "\n" not in name
)
IDS = st.from_regex(r"[a-z需求_0-9][\w.\-]{0,12}", fullmatch=True)
KEYS = st.sampled_from(["role", "备注", "order", "sources", "evidence", "screening_question"])
SCALARS = st.one_of(st.integers(-(10**12), 10**12), st.booleans(), st.none(), TEXTS)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(FILLED, inner), max_leaves=4)


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """A valid codebook of any shape: levels in any order, references to codes that are there."""
    ids = draw(st.lists(IDS, min_size=2, max_size=14, unique=True))
    n_main = draw(st.integers(1, max(1, len(ids) // 3)))
    n_initial = draw(st.integers(1, max(1, len(ids) - n_main - 1)))
    main, rest = ids[:n_main], ids[n_main:]
    initial, rest = rest[:n_initial], rest[n_initial:]
    thirds = [rest[i::3] for i in range(3)]
    by_level = dict(zip(CODE_LEVELS, (main, initial, *thirds), strict=True))
    return Codebook(
        draw(FILLED),
        *(
            tuple(draw(codes(level, by_level, code_id=code_id)) for code_id in by_level[level])
            for level in CODE_LEVELS
        ),
        status=draw(TEXTS),
    )


@st.composite
def codes(draw: st.DrawFn, level: CodeLevel, by_level: dict[CodeLevel, list[str]], *, code_id: str) -> Code:
    """One code with some of its fields filled."""

    def some_of(named: CodeLevel) -> tuple[str, ...]:
        if not by_level[named]:
            return ()
        return tuple(draw(st.lists(st.sampled_from(by_level[named]), max_size=3, unique=True)))

    uses = st.sampled_from([*by_level["initial"], NO_CODE])
    above: CodeLevel | None = {"initial": "main", "concepts": "initial"}.get(level)  # type: ignore[assignment]
    near_miss = draw(TEXTS)
    others = draw(st.dictionaries(KEYS, VALUES.map(plain_text).filter(bool), max_size=2))
    return Code(
        code_id=code_id,
        level=level,
        name_zh=draw(NAMES),
        name_en=draw(TEXTS),
        parent_id=draw(st.sampled_from(by_level[above])) if above else None,
        definition=draw(FILLED),
        evidence_status=draw(st.sampled_from(["", "reconstructed", "from the paper's text"])),
        include=draw(TEXTS),
        exclude=tuple(draw(st.lists(st.builds(Exclusion, FILLED, uses), max_size=2))),
        code_if=draw(TEXTS),
        not_if=draw(TEXTS),
        triggers=tuple(draw(st.lists(FILLED, max_size=3))),
        example=draw(TEXTS),
        near_miss=near_miss,
        near_miss_use=draw(uses) if near_miss else "",
        dimension_ids=some_of("dimensions"),
        path_ids=some_of("paths"),
        typical_ids=some_of("initial"),
        others=tuple(OtherField(key, others[key]) for key in sorted(others)),
    )


def without_lines(codebook: Codebook) -> Codebook:
    """The codebook without what only its file gives: digest, and the lines of its codes."""
    levels = {level: tuple(replace(code, line=0) for code in codebook.codes(level)) for level in CODE_LEVELS}
    return replace(codebook, digest="", **levels)  # type: ignore[arg-type]


def with_initial(*texts: str) -> Codebook:
    """A codebook with one initial category for each text, which fills every field that may hold any text."""
    initial = tuple(
        Code(
            f"c{n}",
            "initial",
            f"名{n}",
            text.strip(),
            "main",
            text.strip(),
            include=text.strip(),
            exclude=(Exclusion(text.strip(), NO_CODE),),
            code_if=text.strip(),
            not_if=text.strip(),
            triggers=(text, "二"),
            example=text.strip(),
            near_miss=text.strip(),
            others=(OtherField("role", plain_text(text)),),
        )
        for n, text in enumerate(texts)
    )
    return Codebook("书", (Code("main", "main", "主", "", None, "主的定义。"),), initial)
