"""Selections and codings as a file has them -> sources and codings of a project, anchored to the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policy_nlp.exchange.refi_qda.anchors import PLAIN, Anchored, Counting, SourceAnchors, Verdict
from policy_nlp.exchange.refi_qda.findings import Findings
from policy_nlp.exchange.refi_qda.project import QdaCode, QdaCoding, QdaUser
from policy_nlp.exchange.refi_qda.sources_reading import RawCoding, RawSelection, RawSource
from policy_nlp.exchange.refi_qda.xml_reading import shorten
from policy_nlp.records import Span

_MOST_NAMED = 3  # selections that a line of a report names


@dataclass(frozen=True, slots=True)
class ReadCodings:
    """The codings of a project in the order of the file, and all its users."""

    codings: tuple[QdaCoding, ...]
    users: tuple[QdaUser, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """One coding with the span it applies to."""

    source: RawSource
    span: Span
    coding: RawCoding
    description: str


@dataclass(slots=True)
class _Seen:
    """What the codings need of the rest of the project."""

    code_guids: frozenset[str]
    users: dict[str, QdaUser]
    default_user: str
    n_by_default: dict[str, int] = field(default_factory=dict)


def read_codings(
    sources: Sequence[RawSource],
    *,
    codes: Sequence[QdaCode],
    users: Mapping[str, QdaUser],
    default_user: str,
    findings: Findings,
) -> ReadCodings:
    """The codings of all sources, each at the characters it means.

    Whose a coding is: its own user's, else that of its selection, else who changed or made the source, else
    who changed or made the project, else the only user.

    Args:
        sources: as the file has them.
        codes: of the project; a coding of any other code is not kept.
        users: of the project by GUID; one that is only named by a coding is added.
        default_user: GUID of the project's own user; empty where it names none.
        findings: where repairs and losses go.
    """
    seen = _Seen(frozenset(code.guid for code in codes), dict(users), default_user)
    if not default_user and len(users) == 1:
        seen.default_user = next(iter(users))
    codings = list(_iter_codings(sources, seen, findings))
    for guid, n_codings in seen.n_by_default.items():
        who = seen.users[guid].name if guid else "nobody (the file names no user)"
        findings.mend(f"{n_codings} codings name no user; they were taken as those of {who}")
    unique = tuple(dict.fromkeys(codings))
    findings.lose("codings that stand twice (same characters, code and user)", len(codings) - len(unique))
    return ReadCodings(unique, tuple(seen.users.values()))


def _iter_codings(sources: Sequence[RawSource], seen: _Seen, findings: Findings) -> Iterator[QdaCoding]:
    for placed in _iter_placed(sources, findings):
        coding = placed.coding
        if coding.code_guid not in seen.code_guids:
            findings.lose("codings whose code is not in the project's codebook")
            continue
        yield QdaCoding(
            source_guid=placed.source.guid,
            span=placed.span,
            code_guid=coding.code_guid,
            user_guid=_user_of(placed, seen, findings),
            description=placed.description,
            created=coding.created,
        )


def _user_of(placed: _Placed, seen: _Seen, findings: Findings) -> str | None:
    guid = placed.coding.user_guid
    if not guid:
        guid = placed.source.user_guid or seen.default_user
        seen.n_by_default[guid] = seen.n_by_default.get(guid, 0) + 1
    if guid and guid not in seen.users:
        seen.users[guid] = QdaUser(guid, f"unknown user {guid[:8]}")
        findings.mend(f"user {guid} is not in the project's list of users; called {seen.users[guid].name!r}")
    return guid or None


def _iter_placed(sources: Sequence[RawSource], findings: Findings) -> Iterator[_Placed]:
    verdicts = [_anchors_of(source).judge() for source in sources]
    common = _common_counting(sources, verdicts)
    for source, verdict in zip(sources, verdicts, strict=True):
        length = len(source.text.text)
        for coding in source.codings:
            if length:
                yield _Placed(source, Span(0, length), coding, "")
            else:
                findings.lose("codings of whole sources without a character")
        if source.selections:
            is_open = verdict.n_match == 0 and verdict.counting == PLAIN
            own = replace(verdict, counting=common) if is_open else verdict
            yield from _iter_selected(source, own, findings)


def _iter_selected(source: RawSource, verdict: Verdict, findings: Findings) -> Iterator[_Placed]:
    anchored = _anchors_of(source).apply(verdict.counting)
    _report(source, verdict, anchored, findings)
    for selection, span in zip(source.selections, anchored.spans, strict=True):
        if span is None:
            what = f"codings outside the text of source {shorten(source.name)!r}, or on no character of it"
            findings.lose(what, len(selection.codings), is_of_source=True)
            continue
        for coding in selection.codings:
            yield _Placed(source, span, coding, selection.description)


def _common_counting(sources: Sequence[RawSource], verdicts: Sequence[Verdict]) -> Counting:
    """How every source that shows it counts; the plain way where none does or they differ."""
    found = {
        verdict.counting
        for source, verdict in zip(sources, verdicts, strict=True)
        if verdict.n_match and _shows_counting(source)
    }
    return found.pop() if len(found) == 1 else PLAIN


def _shows_counting(source: RawSource) -> bool:
    """Whether ways to count differ on this text."""
    return bool(len(source.text.line_ends) or len(source.text.beyond_16_bits))


def _anchors_of(source: RawSource) -> SourceAnchors:
    return SourceAnchors(source.text, [raw.selection for raw in source.selections])


def _report(source: RawSource, verdict: Verdict, anchored: Anchored, findings: Findings) -> None:
    """Say how the positions of a source were read, and which selections could not be checked."""
    title = f"source {shorten(source.name)!r}"
    n_selections = len(source.selections)
    if line := _counting_line(source, verdict, anchored):
        findings.mend_alike(repr(shorten(source.name)), line)
    for places, what in (
        (anchored.reversed_, "end before they begin; the two were exchanged"),
        (anchored.clipped, "go beyond the text and were cut at its ends"),
        (anchored.moved, "do not lie on the text they quote; moved to the one place near by that has it"),
        (anchored.mismatched, "do not lie on the text they quote; left at their positions"),
    ):
        if places:
            named = "; ".join(_show(source.selections[index]) for index in places[:_MOST_NAMED])
            findings.mend(
                f"{title}: {len(places)} of {n_selections} selections {what} ({named})", is_of_source=True
            )
    if anchored.unchecked:
        findings.mend(
            f"{title}: {len(anchored.unchecked)} of {n_selections} selections do not quote their text, "
            "so that their places cannot be checked",
            is_of_source=True,
        )


def _counting_line(source: RawSource, verdict: Verdict, anchored: Anchored) -> str:
    """How positions were counted where that is worth a word; else empty."""
    n_match = anchored.n_match
    if verdict.counting != PLAIN and verdict.n_match:
        found = (
            f"{n_match} of {verdict.n_quoting} selections agree with their text so, {verdict.n_plain} else"
        )
        return f"{verdict.counting.describe()}: {found}; positions were converted"
    if verdict.counting != PLAIN:
        why = "as in the project's other sources, or because else selections would go beyond the text"
        return f"{verdict.counting.describe()} ({why}); positions were converted"
    if len(source.text.crlf) or source.text.has_mark:
        what = "CR LF line ends" if len(source.text.crlf) else "a byte order mark"
        if n_match == 0:
            return f"has {what}; positions were taken not to count it, which no selection's text confirms"
        n_all = len(source.selections)
        agreeing = "all" if n_match == n_all else f"{n_match} of {n_all}"
        return f"{what} not counted by positions; {agreeing} selections agree with their text"
    return ""


def _show(raw: RawSelection) -> str:
    text = next(iter(raw.selection.texts), "")
    return f"{raw.selection.start} to {raw.selection.end} {shorten(text, 24)!r}"
