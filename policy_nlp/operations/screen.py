"""ScreenSettings -> ScreenResult: a decision for every document, and the table for a person to go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policy_nlp import __version__
from policy_nlp.analysis.screen_result import ScreenResult
from policy_nlp.analysis.screening import ScreenedDocument, screen_documents
from policy_nlp.analysis.topic_hits import ScreenDocument
from policy_nlp.errors import DocumentError
from policy_nlp.exchange.screen_decisions import PersonDecision, read_decisions
from policy_nlp.files import atomic_path, hold_lock
from policy_nlp.operations.label_manifest import now
from policy_nlp.operations.output_checks import check_free_output
from policy_nlp.operations.screen_inputs import iter_screen_documents
from policy_nlp.records import Progress, SkippedInput
from policy_nlp.reports.screen_sheets import write_screening
from policy_nlp.settings.screen import ScreenSettings


def screen(settings: ScreenSettings, progress: Progress | None = None) -> ScreenResult:
    """Decide on every document of the inputs, and write the table when one is asked for.

    Raises:
        DocumentError: none of the inputs could be read.
        ExchangeError: a result folder is damaged.
        TableError: the decisions file is none, or holds an answer that is not known.
        OutputError: OUT exists and may not be overwritten, or cannot be written.
    """
    if settings.out is not None:
        check_free_output(settings.out, settings.inputs, is_forced=settings.is_forced)
    decisions = {} if settings.decisions_path is None else read_decisions(settings.decisions_path)
    documents, skipped = _read(settings, progress)
    screened = screen_documents(documents, settings.topics, rules=settings.rules)
    result = ScreenResult(
        documents=tuple(_with_decision(one, decisions.get(one.document_id)) for one in screened),
        skipped=tuple(skipped),
        topics=settings.topics,
        rules=settings.rules,
        notes=_notes(decisions, screened, settings),
        version=__version__,
        date=now(),
    )
    if settings.out is not None:
        with hold_lock(settings.out), atomic_path(settings.out) as temporary:
            write_screening(temporary, result, kind=settings.out.suffix.lower())
    return result


def _read(
    settings: ScreenSettings, progress: Progress | None
) -> tuple[list[ScreenDocument], list[SkippedInput]]:
    documents: list[ScreenDocument] = []
    skipped: list[SkippedInput] = []
    for found in iter_screen_documents(settings.inputs, text_column=settings.text_column):
        if isinstance(found, SkippedInput):
            skipped.append(found)
            continue
        documents.append(found)
        if progress is not None:
            progress(len(documents), None)
    if not documents:
        reasons = "".join(f"\n  {entry.reason}" for entry in skipped)
        raise DocumentError(f"none of the inputs could be read, so there is nothing to screen:{reasons}")
    return documents, skipped


def _with_decision(document: ScreenedDocument, decided: PersonDecision | None) -> ScreenedDocument:
    if decided is None:
        return document
    return replace(document, person_decision=decided.decision, person_note=decided.note)


def _notes(
    decisions: Mapping[str, PersonDecision], documents: Sequence[ScreenedDocument], settings: ScreenSettings
) -> tuple[str, ...]:
    unknown = set(decisions) - {document.document_id for document in documents}
    if not unknown:
        return ()
    return (
        f"{settings.decisions_path}: {len(unknown):,} of {len(decisions):,} decisions are on documents that "
        f"are not among the inputs ({min(unknown)} ...) and were not used",
    )
