"""ReviewStore -> the Flask app of the review page, and the server that shows it."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from flask import Flask, Response, g, make_response, render_template, request, url_for
from waitress.server import create_server
from werkzeug.exceptions import HTTPException

from policy_nlp.errors import PolicyNlpError, ReviewError
from policy_nlp.records import Progress
from policy_nlp.review.changes import LANGUAGE_COOKIE, changes
from policy_nlp.review.code_keys import group_codes
from policy_nlp.review.names import LONGEST_NAME, LONGEST_NOTE
from policy_nlp.review.opening import open_review
from policy_nlp.review.pages import pages
from policy_nlp.review.security import MOST_BODY_BYTES, Access, guard, is_loopback
from policy_nlp.review.store import ReviewStore
from policy_nlp.review.words import LANGUAGES, WORDS, Language, say, say_duration
from policy_nlp.review.work import Work
from policy_nlp.settings.review import ReviewSettings

USUAL_PORT = 8327  # the same at each start where it is free: the browser keeps drafts by address
_TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")  # they would take over the terminal
_log = logging.getLogger(__name__)


def create_app(store: ReviewStore, settings: ReviewSettings, *, access: Access) -> Flask:
    """The app; every request of it passes `security.guard`."""
    app = Flask(__name__, template_folder="templates", static_folder="static")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["review_store"] = store
    app.extensions["review_settings"] = settings
    app.extensions["review_groups"] = group_codes(store.codebook)

    @app.before_request
    def choose_language() -> None:
        wanted = request.cookies.get(LANGUAGE_COOKIE, settings.language)
        g.language = wanted if wanted in LANGUAGES else "zh"

    guard(app, access)
    app.register_blueprint(pages)
    app.register_blueprint(changes)
    app.register_error_handler(PolicyNlpError, _show_bad_input)
    app.register_error_handler(HTTPException, _show_refusal)
    app.register_error_handler(Exception, _show_fault)
    app.context_processor(_page_words)
    return app


def _page_words() -> dict[str, object]:
    """What every template may use."""
    language = cast(Language, g.get("language", "zh"))
    work: Work | None = g.get("work")
    return {
        "language": language,
        "t": partial(_say_in, language),
        "duration": partial(say_duration, language=language),
        "local_time": _local_time,
        "to": partial(_address, work),
        "work": work,
        "longest_name": LONGEST_NAME,
        "longest_note": LONGEST_NOTE,
        "form_token": g.get("form_token"),
        "is_partial": request.headers.get("X-Part") == "work",
    }


def _say_in(language: Language, key: str, **values: object) -> str:
    return say(key, language, **values)


def _address(work: Work | None, endpoint: str, **values: object) -> str:
    """The address of a page for the same coder and queue."""
    carried: dict[str, Any] = {}
    if work is not None and endpoint != "pages.start":
        carried.update(work.arguments)
    return url_for(endpoint, **{**carried, **values})


def _local_time(decided_at: str) -> str:
    return datetime.fromisoformat(decided_at).astimezone().strftime("%Y-%m-%d %H:%M")


def _show_bad_input(err: PolicyNlpError) -> Response:
    return _message(err.message, 400)


def _show_refusal(err: HTTPException) -> Response:
    status = err.code or 500
    key = f"error_{status}" if f"error_{status}" in WORDS else "error_400"
    return _message(say(key, g.get("language", "zh")), status)


def _show_fault(err: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=err)
    return _message(say("error_500", g.get("language", "zh")), 500)


def _message(message: str, status: int) -> Response:
    heading = say("error", g.get("language", "zh"))
    return make_response(render_template("message.html", heading=heading, message=message), status)


@dataclass(frozen=True, slots=True)
class _Announcement:
    """What the user is told once the server listens."""

    url: str
    is_open_to_others: bool

    def text(self) -> str:
        """The lines, the address first: programs read it there."""
        lines = [self.url]
        if self.is_open_to_others:
            lines.append(
                "WARNING: other machines can reach this page, over a connection that is not encrypted. Give "
                "the address only to your coders, and only in a network you trust."
            )
        return "\n".join([*lines, "Every decision is saved at once. Ctrl+C ends."])


def serve(
    settings: ReviewSettings, *, announce: Callable[[str], None], progress: Progress | None = None
) -> None:
    """Show the review of a folder until Ctrl+C.

    Args:
        settings: of the command.
        announce: told the address, once the server listens.
        progress: told the units that are taken in at the first opening.

    Raises:
        ReviewError: the address or port cannot be had, or the review cannot be opened.
    """
    with open_listening_socket(settings.host, settings.port) as listening:
        access = Access(settings.host, listening.getsockname()[1])
        with open_review(settings.folder, codebook_path=settings.codebook_path, progress=progress) as store:
            server = create_server(
                create_app(store, settings, access=access),
                sockets=[listening],
                threads=8,
                channel_timeout=30,  # seconds a client may be silent in the middle of a request
                connection_limit=100,
                max_request_body_size=2 * MOST_BODY_BYTES,
                max_request_header_size=32 * 1024,
                ident=None,
            )
            announce(_Announcement(access.url, not is_loopback(settings.host)).text())
            if settings.opens_browser:
                _open_browser(access.url)
            server.run()  # returns at Ctrl+C, when the requests under way are answered


def open_listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0: the usual one where it is free, else any.

    Raises:
        ReviewError: the port is taken, or this machine has no such address.
    """
    if port == 0:
        try:
            return _listen(host, USUAL_PORT)
        except OSError:
            pass  # taken: any other will do
    try:
        return _listen(host, port)
    except OSError as err:
        if err.errno == errno.EADDRINUSE:
            raise ReviewError(
                f"port {port} of {host} is taken by another program. Name another; 0 takes a free one.",
                port=port,
            ) from err
        raise ReviewError(
            f"cannot listen on {host}:{port} ({err.strerror or err}). Give an address of this machine: "
            "--host 127.0.0.1",
            host=host,
        ) from err


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # on Windows this would let two programs have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening


def _open_browser(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return  # none is here: the address was printed
    if getattr(browser, "name", "") not in _TEXT_BROWSERS:
        browser.open(url)
