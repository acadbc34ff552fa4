"""The pages that only show: none of these routes changes anything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast, get_args

import numpy as np
from flask import Blueprint, Response, current_app, g, make_response, render_template, request

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ReviewError
from policy_nlp.review.adjudication import adjudication_state, disagreeing_units, read_disagreement
from policy_nlp.review.code_keys import CodeGroup
from policy_nlp.review.exporting import export_review
from policy_nlp.review.live_agreement import measure_live_agreement
from policy_nlp.review.records import (
    CodeLists,
    Decision,
    Disagreement,
    Mode,
    QueueOptions,
    QueueState,
    ReviewUnit,
    Seat,
)
from policy_nlp.review.seat_states import CODED, SKIPPED, lists_of
from policy_nlp.review.store import ReviewStore
from policy_nlp.review.work import Work, read_work
from policy_nlp.settings.review import ExportedDecisions, ReviewExportSettings, ReviewSettings

PROJECT = "qdpx"  # holds the model's codings beside the people's
FORMATS = ("jsonl", PROJECT, "csv", "xlsx")
ROWS_A_PAGE = 25
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

pages = Blueprint("pages", __name__)


def open_store() -> ReviewStore:
    """The store of this server."""
    return cast(ReviewStore, current_app.extensions["review_store"])


def review_settings() -> ReviewSettings:
    """The settings of this server."""
    return cast(ReviewSettings, current_app.extensions["review_settings"])


def _groups() -> tuple[CodeGroup, ...]:
    return cast(tuple[CodeGroup, ...], current_app.extensions["review_groups"])


def _take_work() -> Work:
    """The work of the address, for this request and its templates."""
    work = read_work(request.args)
    g.work = work
    return work


@pages.get("/")
def start() -> str:
    """Who codes, how, and in which order."""
    store = open_store()
    return render_template(
        "start.html",
        store=store,
        settings=review_settings(),
        n_documents=len(store.documents()),
        coders=store.coders(),
        codebook=store.codebook,
    )


@pages.get("/code")
def code() -> str:
    """The unit that is next, or the one that the address names."""
    store, work = open_store(), _take_work()
    unit = _wanted_unit(store, work)
    decision = store.current(work.seat, unit.unit_id) if unit is not None else None
    return render_template(
        "code.html",
        unit=unit,
        decision=decision,
        seen=decision.number if decision is not None else 0,
        state=store.state(work.seat, work.options),
        groups=_groups(),
        chosen=_chosen(unit, decision, store.codebook),
        model_ids=unit.model_codes.code_ids if unit is not None and unit.model_codes is not None else (),
        scores={one.code_id: one.score for one in unit.scores} if unit is not None else {},
        model_name=store.model,
        codebook=store.codebook,
    )


def _wanted_unit(store: ReviewStore, work: Work) -> ReviewUnit | None:
    if unit_id := request.args.get("unit"):
        return store.unit(unit_id, mode=work.seat.mode)
    return store.next_unit(work.seat, work.options, after=request.args.get("after") or None)


def _chosen(unit: ReviewUnit | None, decision: Decision | None, codebook: Codebook) -> tuple[str, ...]:
    """What is ticked: what was just taken back, else what was decided, else what the model gave."""
    if unit is None:
        return ()
    if "chosen" in request.args:
        wanted = request.args["chosen"].split(",")
        return tuple(code_id for code_id in codebook.code_ids if code_id in wanted)
    if decision is not None and decision.kind == "coded":
        return decision.codes.code_ids
    return unit.model_codes.code_ids if unit.model_codes is not None else ()


@dataclass(frozen=True, slots=True)
class _SeatRow:
    seat: Seat
    state: QueueState


@dataclass(frozen=True, slots=True)
class _OwnRow:
    unit_id: str
    text: str
    kind: str
    codes: CodeLists


@pages.get("/overview")
def overview() -> str:
    """How far everybody is, what the coder decided, and the documents."""
    store, work = open_store(), _take_work()
    seats = dict.fromkeys((work.seat, *store.seats()))
    places = np.flatnonzero(store.state_of(work.seat).kind)
    n_pages = max(1, -(-len(places) // ROWS_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), n_pages)
    shown = places[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    documents = store.documents()
    n_document_pages = max(1, -(-len(documents) // ROWS_A_PAGE))
    document_page = min(max(1, request.args.get("document_page", 1, type=int)), n_document_pages)
    return render_template(
        "overview.html",
        seats=[_SeatRow(seat, store.state(seat, _queue_of(work, seat))) for seat in seats],
        rows=[_own_row(store, work.seat, int(place)) for place in shown],
        page=page,
        n_pages=n_pages,
        documents=documents[(document_page - 1) * ROWS_A_PAGE : document_page * ROWS_A_PAGE],
        document_page=document_page,
        n_document_pages=n_document_pages,
        notes=store.notes,
        codebook=store.codebook,
    )


def _queue_of(work: Work, seat: Seat) -> QueueOptions:
    """The queue of the page, without what a blind seat must not ask for."""
    is_blind = seat.mode == "blind"
    options = replace(work.options, document_id=None, only_skipped=False)
    return replace(options, only_coded=False, code_id=None) if is_blind else options


def _own_row(store: ReviewStore, seat: Seat, place: int) -> _OwnRow:
    state = store.state_of(seat)
    unit_id = store.columns.unit_ids[place]
    kind = "skipped" if state.kind[place] == SKIPPED else "coded"
    return _OwnRow(
        unit_id, store.unit(unit_id, mode="blind").text, kind, lists_of(state.applies[place], store.codebook)
    )


@pages.get("/adjudicate")
def adjudicate() -> str:
    """One unit on which coders of the mode differ, with what each gave."""
    store, work = open_store(), _take_work()
    mode = work.seat.mode
    found = _wanted_disagreement(store, mode)
    given = [one.codes.code_ids for one in found.decisions] if found is not None else []
    settled = found.settled if found is not None else None
    agreed = [
        code_id for code_id in store.codebook.code_ids if given and all(code_id in one for one in given)
    ]
    return render_template(
        "adjudicate.html",
        found=found,
        unit=found.unit if found is not None else None,
        sides=list(zip(LETTERS, found.decisions, given, strict=False)) if found is not None else [],
        marks=_marks(given),
        n_coders=len(given),
        chosen=settled.codes.code_ids if settled is not None else agreed,
        seen=settled.number if settled is not None else 0,
        state=adjudication_state(store, mode),
        n_seats=sum(seat.mode == mode for seat in store.seats()),
        groups=_groups(),
        codebook=store.codebook,
        is_adjudication=True,
    )


def _wanted_disagreement(store: ReviewStore, mode: Mode) -> Disagreement | None:
    unit_id = request.args.get("unit")
    if not unit_id:
        unit_ids = disagreeing_units(store, mode, only_open=True)
        after = request.args.get("after")
        place = store.place_of(after) if after else -1
        later = [one for one in unit_ids if store.place_of(one) > place]
        unit_id = next(iter((*later, *unit_ids)), None)
    return read_disagreement(store, mode, unit_id=unit_id) if unit_id is not None else None


def _marks(given: Sequence[tuple[str, ...]]) -> dict[str, str]:
    """The letters of the coders who gave each code."""
    marks: dict[str, str] = {}
    for letter, code_ids in zip(LETTERS, given, strict=False):
        for code_id in code_ids:
            marks[code_id] = marks.get(code_id, "") + letter
    return marks


@pages.get("/agreement")
def agreement() -> str:
    """Agreement of every pair, as of now."""
    store, work = open_store(), _take_work()
    may_see = _may_see_model(store, work)
    pairs = [
        pair
        for pair in measure_live_agreement(store)
        if pair.mode == work.seat.mode and (may_see or not pair.is_model)
    ]
    return render_template("agreement.html", pairs=pairs, may_see_model=may_see, codebook=store.codebook)


def _may_see_model(store: ReviewStore, work: Work) -> bool:
    """Whether nothing blind is left to code: after one unit even the agreement tells the model's codes."""
    if work.seat.mode == "assisted":
        return True
    state = store.state(work.seat, work.options)
    return state.n_coded + state.n_skipped >= state.n_units


@pages.get("/codebook")
def codebook() -> str:
    """Every code with its definition."""
    _take_work()
    return render_template("codebook.html", groups=_groups(), codebook=open_store().codebook)


@pages.get("/export")
def export() -> str:
    """What can be downloaded."""
    store, work = open_store(), _take_work()
    n_coded = sum(int((store.state_of(seat).kind == CODED).sum()) for seat in store.seats())
    may_see = _may_see_model(store, work)
    return render_template(
        "export.html",
        formats=[ending for ending in FORMATS if may_see or ending != PROJECT],
        may_see_model=may_see,
        n_coded=n_coded,
        mode=work.seat.mode,
        codebook=store.codebook,
    )


@pages.get("/download/<decisions>.<ending>")
def download(decisions: str, ending: str) -> Response:
    """The file, made anew; its name holds only what every system takes."""
    store, work = open_store(), _take_work()
    if decisions not in get_args(ExportedDecisions) or ending not in FORMATS:
        raise ReviewError(f"no download {decisions[:20]}.{ending[:20]}. Use the export page.")
    if ending == PROJECT and not _may_see_model(store, work):
        raise ReviewError(
            "the project holds the model's codings, which a blind coder has not seen. Code the queue to its "
            f"end, or write it on the command line: policy-nlp review DIR --export FILE.{PROJECT}"
        )
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", store.folder.resolve().name).strip("-") or "review"
    name = f"{stem}-{decisions}-{work.seat.mode}.{ending}"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / name
        settings = ReviewExportSettings(
            folder=store.folder,
            out=out,
            codebook_path=review_settings().codebook_path,
            decisions=cast(ExportedDecisions, decisions),
            mode=work.seat.mode,
            n_sample=work.options.n_sample,
            seed=work.options.seed,
        )
        export_review(store, settings)
        content = out.read_bytes()
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
