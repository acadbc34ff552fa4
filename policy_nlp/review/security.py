"""Who may use the review page: one token, this machine's own names, no other site, no foreign script.

The page is served to a browser in which other sites are open too. Against those stand: the token of the
address, kept in a cookie that no script and no other site can use; names of this server only (a foreign
name that points here is DNS rebinding); no request that another site started; a second token in every
form; a content policy without inline script; small bodies.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

MOST_BODY_BYTES = 64 * 1024
_TOKEN_BYTES = 32
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_OPEN_ENDPOINTS = ("static",)  # styles of the page that refuses; nothing of the documents
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Access:
    """The secrets of one running server and the names it answers to.

    Attributes:
        host: what it listens on; a loopback address answers only to names of this machine.
        token: stands in the address that is printed.
        session: the value of the cookie that the token is exchanged for.
        form_token: stands in every form.
    """

    host: str
    port: int
    token: str = field(default_factory=_new_token, repr=False)
    session: str = field(default_factory=_new_token, repr=False)
    form_token: str = field(default_factory=_new_token, repr=False)

    @property
    def cookie_name(self) -> str:
        """With the port in it: cookies know no ports, and two reviews may run on one machine."""
        return f"policy_nlp_review_{self.port}"

    @property
    def url(self) -> str:
        """The address to open, with the token."""
        return f"http://{_shown_host(self.host)}:{self.port}/?token={self.token}"

    def is_own_host(self, host: str) -> bool:
        """Whether a Host header names this server.

        Beyond the loopback any bare address will do, since only names can be pointed elsewhere, and the
        name of this machine.
        """
        match = _HOST.fullmatch(host)
        if match is None or int(match["port"] or 80) != self.port:
            return False
        name = match["name"].lower()
        if name in _LOOPBACK:
            return True
        return not is_loopback(self.host) and (_is_address(name) or name == socket.gethostname().lower())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on this host."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 compared, not bound
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def guard(app: Flask, access: Access) -> None:
    """Check every request of the app before its route runs, and add the headers to every answer."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BODY_BYTES
    app.config["MAX_FORM_PARTS"] = 1000

    @app.before_request
    def check() -> Response | None:
        if not access.is_own_host(request.host):
            abort(421)
        if request.endpoint == "pages.start" and "token" in request.args:
            return _enter(access)
        if request.endpoint in _OPEN_ENDPOINTS:
            return None
        if not _same(request.cookies.get(access.cookie_name, ""), access.session):
            return make_response(render_template("refused.html"), 403)
        if not _is_from_this_page(request, is_change=request.method not in ("GET", "HEAD")):
            abort(403)
        if request.method == "POST" and not _same(request.form.get("form_token", ""), access.form_token):
            abort(403)
        g.form_token = access.form_token
        return None

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers[name] = value
        return response


def _enter(access: Access) -> Response:
    """The token becomes a cookie and leaves the address."""
    if request.method != "GET" or not _same(request.args["token"], access.token):
        return make_response(render_template("refused.html"), 403)
    target = url_for("pages.start")
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        # The address was clicked on another site (a terminal in a browser): a strict cookie does not go with
        # a redirect of theirs, but with the next address of our own page.
        response = make_response(render_template("enter.html", target=target))
    else:
        response = make_response(redirect(target, code=303))
    response.set_cookie(access.cookie_name, access.session, httponly=True, samesite="Strict", path="/")
    return response


def _same(given: str, expected: str) -> bool:
    """Equality in a time that does not depend on where the two differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _is_from_this_page(asked: Request, *, is_change: bool) -> bool:
    """Whether this page, or the address bar, asked; a browser tells so in headers no script can set.

    Under `Referrer-Policy: no-referrer` the Origin of our own forms is `null`: then Sec-Fetch-Site decides.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    if not is_change:
        return site in (None, "same-origin", "none")
    origin = asked.headers.get("Origin")
    is_own_origin = origin is not None and urlsplit(origin).netloc == asked.host
    if site is None:
        return is_own_origin
    return site == "same-origin" and (is_own_origin or origin in (None, "null"))
