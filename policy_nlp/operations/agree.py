"""AgreeSettings -> AgreeResult: two or more coders, people or models, against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from policy_nlp import __version__
from policy_nlp.agreement.compare_coders import compare_coders
from policy_nlp.agreement.intervals import Bootstrap
from policy_nlp.agreement.plan_codes import plan_codes
from policy_nlp.agreement.result import AgreementSource, AgreeResult
from policy_nlp.errors import TooFewCodersError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.files import show_path
from policy_nlp.gold.coders import is_assisted
from policy_nlp.operations.agree_characters import (
    compare_as_vendors,
    compare_on_characters,
    documents_of_coders,
)
from policy_nlp.operations.agree_coders import JoinedCoders, choose_coders, join_coder_files
from policy_nlp.operations.agree_output import check_outputs, write_outputs
from policy_nlp.operations.label_manifest import now
from policy_nlp.records import CoderUnits, Progress
from policy_nlp.settings.commands import AgreeSettings


def agree(settings: AgreeSettings, progress: Progress | None = None) -> AgreeResult:
    """Compare the coders of all inputs, and write the report and the disagreements where asked.

    Raises:
        GoldError, UnknownCodeError, ExchangeError: an input breaks its form, or inputs do not fit together.
        TooFewCodersError: there are not two coders.
        OutputError: an output is there already, or has an ending that is not known.
        ModelError: there is no such model, or it does not know a code of the codebook.
    """
    check_outputs(settings)
    joined = _read_coders(settings)
    coders, signature = _with_model(joined, settings, progress)
    _check_number(coders, settings, joined)
    bootstrap = Bootstrap(n_draws=settings.n_draws, seed=settings.seed)
    report = compare_coders(
        coders, joined.codebook, bootstrap=bootstrap, n_disagreements=sum(len(c.units) for c in coders)
    )
    result = AgreeResult(
        report=replace(report, notes=(*joined.notes, *_note_assisted(coders), *report.notes)),
        codebook=joined.codebook,
        source=_source(joined, settings, signature),
    )
    result = _with_characters(result, joined, coders, settings=settings)
    if settings.plan_width is not None:
        plan = plan_codes(coders, joined.codebook, width=settings.plan_width)
        result = replace(result, plan=plan)
    write_outputs(result, settings)
    return result


def _note_assisted(coders: Sequence[CoderUnits]) -> tuple[str, ...]:
    names = [one.coder.coder_id for one in coders if is_assisted(one.coder.coder_id)]
    if not names:
        return ()
    return (
        f"caution: {', '.join(names)} decided with a model's codes filled in. Agreement with that model, and "
        "among such coders, is too high to report as reliability",
    )


def _read_coders(settings: AgreeSettings) -> JoinedCoders:
    files = [
        read_coder_file(path, codebook_path=settings.codebook_path, seen=settings.seen)
        for path in settings.inputs
    ]
    return choose_coders(join_coder_files(files), only=settings.coders, models=settings.model_coders)


def _with_model(
    joined: JoinedCoders, settings: AgreeSettings, progress: Progress | None
) -> tuple[tuple[CoderUnits, ...], str | None]:
    """The coders, with the model as the last where asked; then the model's signature."""
    if not settings.with_model:
        return joined.coders, None
    from policy_nlp.operations.agree_model import code_with_model

    model = code_with_model(
        joined.coders,
        settings,
        codebook=joined.codebook,
        input_sha256=[source.sha256 for source in joined.inputs],
        progress=progress,
    )
    return (*joined.coders, model.coder), model.signature


def _check_number(coders: Sequence[CoderUnits], settings: AgreeSettings, joined: JoinedCoders) -> None:
    if len(coders) >= 2:
        return
    found = ", ".join(coder.coder.coder_id for coder in coders) or "none"
    found = "; ".join((found, *joined.same_models))
    inputs = ", ".join(show_path(path) for path in settings.inputs)
    raise TooFewCodersError(
        f"{inputs}: agreement needs two coders or more, found {len(coders)} ({found}). Name a second file, "
        f"or let the model join with --with-model.",
        coders=found,
    )


def _with_characters(
    result: AgreeResult, joined: JoinedCoders, coders: Sequence[CoderUnits], *, settings: AgreeSettings
) -> AgreeResult:
    """The result with the comparisons on characters that were asked for."""
    if settings.unit == "sentence" and not settings.with_vendors:
        return result
    read = documents_of_coders(joined.documents, coders)
    if settings.unit == "character":
        bootstrap = result.report.bootstrap
        result = replace(result, characters=compare_on_characters(read, joined.codebook, bootstrap=bootstrap))
    if settings.with_vendors:
        result = replace(result, vendors=compare_as_vendors(read, joined.codebook, texts=joined.texts))
    return result


def _source(joined: JoinedCoders, settings: AgreeSettings, signature: str | None) -> AgreementSource:
    return AgreementSource(
        inputs=joined.inputs,
        codebook_name=joined.codebook.name,
        codebook_sha256=joined.codebook.digest,
        unit=settings.unit,
        seen=settings.seen,
        model_signature=signature,
        version=__version__,
        date=now(),
    )
