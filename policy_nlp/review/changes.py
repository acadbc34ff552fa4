"""The routes that change something: POST only, answered when it is on disk, each leads to a page."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from policy_nlp.errors import ReviewError
from policy_nlp.review.adjudication import settle as settle_unit
from policy_nlp.review.pages import open_store
from policy_nlp.review.records import ADJUDICATOR, Choice, CodeLists, Decision, Seat
from policy_nlp.review.words import LANGUAGES
from policy_nlp.review.work import Work, read_work

LANGUAGE_COOKIE = "policy_nlp_language"
_YEAR_S = 365 * 24 * 3600

changes = Blueprint("changes", __name__)


@changes.post("/sign-in")
def sign_in() -> Response:
    """A coder takes a seat; known names are found again whatever their case."""
    arguments = request.form.to_dict()
    arguments["coder"] = open_store().sign_in(arguments.get("coder", ""))
    if arguments.get("mode") == "blind":
        arguments.pop("only_coded", None)  # it would tell what the model coded
    return _go("pages.code", read_work(arguments))


@changes.post("/decide")
def decide() -> Response:
    """What was chosen on one unit; then the next one."""
    work, choice = read_work(request.form), _read_choice()
    open_store().decide(work.seat, choice)
    return _go("pages.code", work, after=choice.unit_id if work.options.only_skipped else "")


@changes.post("/undo")
def undo() -> Response:
    """Take back the last decision and return to its unit, with what was chosen."""
    work = read_work(request.form)
    undone = open_store().undo(work.seat)
    if undone is None:
        return _go("pages.code", work)
    return _go("pages.code", work, unit=undone.taken_back.unit_id, **_chosen(undone.taken_back))


@changes.post("/settle")
def settle() -> Response:
    """The gold of one unit; then the next disagreement."""
    work, choice = read_work(request.form), _read_choice()
    if choice.kind == "skipped":
        return _go("pages.adjudicate", work, after=choice.unit_id)
    settle_unit(open_store(), choice, mode=work.seat.mode, settled_by=work.seat.coder_id)
    return _go("pages.adjudicate", work, after=choice.unit_id)


@changes.post("/unsettle")
def unsettle() -> Response:
    """Take back what was settled last in this mode."""
    work = read_work(request.form)
    undone = open_store().undo(Seat(ADJUDICATOR, work.seat.mode))
    return _go("pages.adjudicate", work, unit=undone.taken_back.unit_id if undone is not None else "")


@changes.post("/language")
def set_language() -> Response:
    """Chinese or English, for this browser; back to the page that asked."""
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        raise ReviewError(f"language {wanted[:20]!r} is not known. Choose zh or en.")
    answer = redirect(_own_path(request.form.get("back", "/")), code=303)
    answer.set_cookie(LANGUAGE_COOKIE, wanted, max_age=_YEAR_S, httponly=True, samesite="Strict", path="/")
    return answer


def _own_path(back: str) -> str:
    """The path and arguments of an address, if it is one of ours; else the start page."""
    parts = urlsplit(back)
    is_own = not parts.scheme and not parts.netloc and back.startswith("/") and "\\" not in back
    return back.rstrip("?") if is_own else "/"


def _read_choice() -> Choice:
    form = request.form
    kind = form.get("kind", "coded")
    if kind not in ("coded", "skipped"):
        raise ReviewError(f"a unit is coded or skipped, not {kind[:20]!r}. Use the buttons of the page.")
    return Choice(
        unit_id=form.get("unit_id", ""),
        codes=CodeLists(*(tuple(form.getlist(level)) for level in ("initial", "dimensions", "paths"))),
        kind="skipped" if kind == "skipped" else "coded",
        note=form.get("note", "").strip(),
        seconds=_read_seconds(form.get("seconds", "0")),
        seen=_read_number(form.get("seen", "0")),
    )


def _read_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise ReviewError(f"seconds {text[:20]!r} are no time. Load the page again.")
    return seconds


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ReviewError(f"{text[:20]!r} is no number of a decision. Load the page again.")
    return int(text)


def _chosen(decision: Decision) -> dict[str, str]:
    """What was chosen, for the page that shows it again."""
    return {"chosen": ",".join(decision.codes.code_ids), "note": decision.note}


def _go(endpoint: str, work: Work, **values: str) -> Response:
    """On to a page: a reload of it sends nothing twice."""
    filled: dict[str, Any] = {key: value for key, value in values.items() if value or key == "chosen"}
    return redirect(url_for(endpoint, **{**work.arguments, **filled}), code=303)
