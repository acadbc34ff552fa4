"""Settings of `screen`: topics, the rules of a decision, and what to read and write."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from policy_nlp.errors import SettingsError

TopicNeed = Literal["any", "all"]
_EXAMPLE = '`[[topic]]` with name = "创新联合体", variants = ["攻关联合体"]'
_LISTS = ("variants", "related", "excluded", "short_forms")


@dataclass(frozen=True, slots=True)
class Topic:
    """What documents are searched for.

    Attributes:
        name: counts as a hit itself.
        variants: other wordings of the same thing; they count like the name.
        related: wordings of neighbouring things; they never make a document one to keep.
        excluded: longer words that hold a variant or a short form and mean something else.
        short_forms: what a text calls the thing after it was named; they count where the name or a variant
            stands in the document too, and are related words elsewhere.
    """

    name: str
    variants: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    short_forms: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        words = (self.name, *self.variants, *self.related, *self.excluded, *self.short_forms)
        if any(not word.strip() for word in words):
            raise SettingsError(f"topic {self.name!r}: a word of it is empty. Give it or leave it out.")


# 联合体 alone counts only where 创新联合体 is named too, and never in compounds that mean a medical, farming,
# teaching or bidding one: by itself it is one of these far more often.
# 创新共同体 is related only: in policy texts it names cooperation of regions (京津冀、长三角), not of firms
# around a task; 创新联盟 is an alliance of an industry, looser and older than the 创新联合体.
DEFAULT_TOPICS = (
    Topic(
        "创新联合体",
        variants=("联合创新体", "攻关联合体", "研发联合体", "科研联合体", "产学研联合体", "产学研用联合体"),
        related=("创新共同体", "创新联盟", "产学研联盟", "联合攻关体"),
        excluded=(
            *("创新联合体系", "创新联合体制", "联合体系", "联合体制", "医疗联合体", "产业化联合体"),
            *(
                "农业联合体",
                "产教联合体",
                "教育联合体",
                "银行联合体",
                "党建联合体",
                "联合体形式",
                "联合体投标",
            ),
        ),
        short_forms=("联合体",),
    ),
    Topic("新质生产力", related=("新型生产力", "先进生产力质态")),
)


@dataclass(frozen=True, slots=True)
class ScreenRules:
    """Thresholds of a decision; hits are those that count, outside lists of names and footers.

    Attributes:
        keep_hits: hits from which a document can be kept for its text ...
        keep_density: ... if there are as many a thousand characters too.
        keep_headings: hits in headings that keep a document with `keep_hits` in all.
        keep_comentions: sentences with two topics that keep a document.
        passing_density: a single hit in no heading, in a text with fewer hits a thousand characters than
            this, is a passing mention.
        related_hits: hits of related words from which a person should look.
        coded_share: share of coded sentences from which a document without any hit is one to look at.
        coded_sentences: sentences that such a document has at least.
        duplicate_share: of the shingles of both texts, from which two documents are one.
    """

    keep_hits: int = 3
    keep_density: float = 1.0
    keep_headings: int = 2
    keep_comentions: int = 2
    passing_density: float = 1.0
    related_hits: int = 3
    coded_share: float = 0.5
    coded_sentences: int = 10
    duplicate_share: float = 0.9
    need: TopicNeed = "any"

    def __post_init__(self) -> None:
        for name in ("keep_hits", "keep_headings", "keep_comentions", "related_hits", "coded_sentences"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} = {getattr(self, name)}; at least 1 was expected.", key=name)
        for name in ("coded_share", "duplicate_share"):
            if not 0 < getattr(self, name) <= 1:
                wanted = "a fraction above 0, at most 1,"
                raise SettingsError(f"{name} = {getattr(self, name)}; {wanted} was expected.", key=name)


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Documents to screen, for what, and where the table goes."""

    inputs: tuple[Path, ...]  # result folders of `code`, documents, folders, archives
    topics: tuple[Topic, ...] = DEFAULT_TOPICS
    rules: ScreenRules = ScreenRules()
    decisions_path: Path | None = None  # table of an earlier run that a person filled in
    out: Path | None = None  # .xlsx or .csv
    text_column: str | None = None  # of tables among the inputs; None: found by its name
    is_forced: bool = False

    def __post_init__(self) -> None:
        if self.rules.need == "all" and len(self.topics) < 2:
            raise SettingsError("--need all is for two topics or more. Give another --topic.", key="need")
        if self.out is not None and self.out.suffix.lower() not in (".xlsx", ".csv"):
            raise SettingsError(f"--out {self.out}: .xlsx or .csv was expected.", path=self.out)


def parse_topic(text: str) -> Topic:
    """A topic as the user writes it: WORD or WORD=variant,variant; after a `~` stand related words.

    Raises:
        SettingsError: a word is empty.

    >>> parse_topic("创新联合体=攻关联合体,研发联合体~创新共同体").related
    ('创新共同体',)
    """
    wordings, has_related, related = text.partition("~")
    name, has_variants, variants = wordings.partition("=")
    return Topic(
        name.strip(), _split(variants) if has_variants else (), _split(related) if has_related else ()
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").replace("、", ",").split(","))


@dataclass(frozen=True, slots=True)
class ScreenFile:
    """What a file of topics holds; the default topics and rules where it names none."""

    topics: tuple[Topic, ...] = DEFAULT_TOPICS
    rules: ScreenRules = ScreenRules()


def read_topics(path: Path) -> ScreenFile:
    """The topics of a file: TOML with `[[topic]]` and `[rules]`, else text, one topic a line (`#`: comment).

    Raises:
        SettingsError: the file cannot be read, names neither topic nor rule, or holds an unknown key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix.lower() == ".toml" else None
    except (OSError, UnicodeDecodeError) as err:
        raise SettingsError(f"{path}: cannot be read ({err}). Name a file in UTF-8.", path=path) from err
    except tomllib.TOMLDecodeError as err:
        raise SettingsError(f"{path}: not TOML ({err}). Expected {_EXAMPLE}.", path=path) from err
    if content is None:
        lines = [line.strip() for line in text.splitlines()]
        content = {}
        topics = [parse_topic(line) for line in lines if line and not line.startswith("#")]
    else:
        topics = [_topic_of(path, entry) for entry in _entries(path, content)]
    if not topics and "rules" not in content:
        raise SettingsError(f"{path}: no topic is named. Expected {_EXAMPLE}, or one a line.", path=path)
    return ScreenFile(tuple(topics) or DEFAULT_TOPICS, _rules_of(path, content.get("rules", {})))


def _rules_of(path: Path, entry: object) -> ScreenRules:
    known = {field.name: getattr(ScreenRules(), field.name) for field in fields(ScreenRules)}
    values = entry if isinstance(entry, dict) else {"rules": entry}
    for key, value in values.items():
        if key not in known:
            raise SettingsError(
                f"{path}: [rules] {key!r} is not a known key; known are {', '.join(known)}.",
                path=path,
                key=key,
            )
        is_like = type(value) is type(known[key]) or (type(value) is int and type(known[key]) is float)
        if not is_like or (key == "need" and value not in get_args(TopicNeed)):
            raise SettingsError(
                f"{path}: [rules] {key} = {value!r}; a value like {known[key]!r} was expected.",
                path=path,
                key=key,
            )
    return ScreenRules(**values)


def _entries(path: Path, content: dict[str, Any]) -> Sequence[object]:
    entries = content.get("topic", [])
    if set(content) - {"topic", "rules"} or not isinstance(entries, list):
        found = ", ".join(content)
        raise SettingsError(f"{path}: found {found}; expected only {_EXAMPLE} and [rules].", path=path)
    return entries


def _topic_of(path: Path, entry: object) -> Topic:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise SettingsError(f"{path}: a topic without a name. Expected {_EXAMPLE}.", path=path)
    if unknown := set(entry) - {"name", *_LISTS}:
        known = ", ".join(("name", *_LISTS))
        raise SettingsError(f"{path}: {unknown.pop()!r} is not a known key; known are {known}.", path=path)
    words = {key: entry.get(key, []) for key in _LISTS}
    for key, value in words.items():
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise SettingsError(f"{path}: {key} = {value!r}; a list of words was expected.", path=path)
    return Topic(entry["name"], *(tuple(words[key]) for key in _LISTS))
