"""The browser of the tests keeps to this machine and tells of failing scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import FOREIGN, OpenPage


def test_a_local_file_opens_and_chinese_is_shown(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<meta charset='utf-8'><h1>创新联合体</h1>", encoding="utf-8")
    page = open_page(width=390, height=700)
    page.goto(path.as_uri())
    assert page.inner_text("h1") == "创新联合体"
    assert page.evaluate("window.innerWidth") == 390


@pytest.mark.parametrize(
    ("url", "is_foreign"),
    [
        ("https://example.org/a.js", True),
        ("http://127.0.0.1.example.org/", True),
        ("http://127.0.0.1:5000/", False),
        ("http://localhost/", False),
        ("data:text/plain,a", False),
        ("file:///a.html", False),
    ],
)
def test_only_this_machine_is_in_reach(url: str, is_foreign: bool) -> None:
    assert (FOREIGN.match(url) is not None) is is_foreign


def test_a_context_shares_no_storage_with_another(open_page: OpenPage, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>a</p>", encoding="utf-8")
    first, second = open_page(), open_page()
    for page in (first, second):
        page.goto(path.as_uri())
    first.evaluate("localStorage.setItem('a', '1')")
    assert second.evaluate("localStorage.getItem('a')") is None
