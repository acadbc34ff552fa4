"""SaturationSettings -> SaturationResult: whether further documents still bring new codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from policy_nlp import __version__
from policy_nlp.agreement.result import AgreementInput
from policy_nlp.analysis.document_codes import LevelCodings, PlacedSentence, gather_level
from policy_nlp.analysis.saturation import SaturationRules, measure_saturation
from policy_nlp.analysis.saturation_result import SaturationResult
from policy_nlp.codebook import Codebook
from policy_nlp.errors import TooFewDocumentsError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.exchange.sentence_scores import iter_best_scores
from policy_nlp.operations.agree_coders import JoinedCoders, choose_coders, join_coder_files
from policy_nlp.operations.label_manifest import now
from policy_nlp.settings.commands import SaturationSettings


def saturate(settings: SaturationSettings) -> SaturationResult:
    """How the codes of one level grow over the documents of all inputs.

    Raises:
        GoldError, UnknownCodeError, ExchangeError: an input breaks its form, or inputs do not fit together.
        TooFewDocumentsError: there are fewer than three documents, or units name none.
    """
    files = [read_coder_file(path, codebook_path=settings.codebook_path) for path in settings.inputs]
    joined = choose_coders(join_coder_files(files), only=settings.coders, models=())
    codings = gather_level(
        joined.coders,
        joined.codebook,
        level=settings.level,
        scores=_scores(settings, joined.codebook),
        low_score=settings.low_score,
    )
    _check_documents(codings)
    rules = SaturationRules(
        order=settings.order,
        base_size=settings.base_size,
        run_length=settings.run_length,
        threshold=settings.threshold,
        n_orders=settings.n_orders,
        seed=settings.seed,
    )
    return SaturationResult(
        saturation=measure_saturation(codings.documents, codings.code_ids, rules=rules),
        codings=codings,
        inputs=_inputs(joined),
        codebook_name=joined.codebook.name,
        codebook_sha256=joined.codebook.digest,
        notes=joined.notes,
        version=__version__,
        date=now(),
    )


def _scores(settings: SaturationSettings, codebook: Codebook) -> Mapping[PlacedSentence, float]:
    """The best score of the level in each sentence of the result folders among the inputs."""
    level = "initial" if settings.level == "main" else settings.level
    return {
        PlacedSentence(one.document_id, one.span.start, one.span.end): one.score
        for path in settings.inputs
        if is_result_folder(path)
        for one in iter_best_scores(path, codebook.ids(level))
    }


def _check_documents(codings: LevelCodings) -> None:
    if codings.n_without_document and not codings.documents:
        raise TooFewDocumentsError(
            f"none of the {codings.n_without_document:,} units names its document, and saturation is over "
            f"documents. Give files with `doc_id`, a result folder or a project.",
            n_units=codings.n_without_document,
        )


def _inputs(joined: JoinedCoders) -> tuple[AgreementInput, ...]:
    kept = {coder.coder.coder_id for coder in joined.coders}
    return tuple(
        replace(one, coder_ids=tuple(c for c in one.coder_ids if c in kept)) for one in joined.inputs
    )
