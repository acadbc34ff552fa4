"""The installed Chromium for tests: headless, a blank profile, nothing but this machine in reach.

`open_page()` gives a playwright page. A test fails at its end when one of its pages asked for anything
outside this machine, or when a script of it failed; `allow_errors=True` leaves the second out.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)  # fmt: skip
FOREIGN = re.compile(r"^(?!file:|data:|blob:|about:|https?://(127\.0\.0\.1|localhost)(:|/|$))")

OpenPage = Callable[..., "Page"]


def chromium_path() -> str | None:
    """The installed Chromium or Chrome; None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run; each page of `open_page` has a context of its own in it."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *root])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """`open_page(width=1440, height=900, allow_errors=False) -> Page`, as many as the test wants.

    Each page is a browser of its own: no cookies, no storage of another. `allow_errors`: the test means
    to see failures (a server that is gone), so errors of scripts and of loading are no fault.
    """
    contexts, foreign, errors = [], [], []

    def block(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    def open_one(*, width: int = 1440, height: int = 900, allow_errors: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=width < 600, accept_downloads=True
        )
        context.set_default_timeout(10_000)
        context.route(FOREIGN, block)
        contexts.append(context)
        page = context.new_page()
        if not allow_errors:
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda message: errors.extend(_error_of(message)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not foreign, f"a page asked for {foreign}"
    assert not errors, f"a page failed: {errors}"


def _error_of(message: ConsoleMessage) -> list[str]:
    return [f"{message.text} ({message.location})"] if message.type == "error" else []
