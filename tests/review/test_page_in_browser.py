"""People at work on the review page: a real Chromium, and a server that is a process of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import OpenPage

from review.folders import write_review_folder

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRIPT = '<script>document.title="broken"</script><img src=x onerror=alert(1)>支持攻关。'
TEXTS = [
    ["甲省创新方案", *(f"支持第{i}批领军企业牵头攻关。" for i in range(1, 7)), SCRIPT],
    ["乙省创新方案", *(f"建设第{i}个共性技术平台。" for i in range(1, 7))],
]


def _listen_to_interrupts() -> None:
    """A shell that starts the tests in the background makes them, and what they start, deaf to SIGINT."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Server:
    """`policy-nlp review` on a folder; `start` again after a kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.url = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "policy_nlp.cli.main", "review", str(self.folder), "--no-browser",
             "--port", str(self.port)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            preexec_fn=_listen_to_interrupts,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        self.port = int(re.search(r":(\d+)/", self.url)[1])  # type: ignore[index]
        return self

    def end(self, how: int) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()  # type: ignore[union-attr]
        return code


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(write_review_folder(tmp_path / "coded", TEXTS)).start()
    yield running
    if running.process is not None and running.process.poll() is None:
        running.end(signal.SIGKILL)


def sign_in(page: Page, server: Server, coder: str, *, mode: str = "blind") -> None:
    page.goto(server.url)
    assert "token" not in page.url
    page.fill("[name=coder]", coder)
    page.check(f"[name=mode][value={mode}]")
    page.click(".start .button.main")
    page.wait_for_selector("#decide")
    page.wait_for_load_state("load")


def unit_id(page: Page) -> str:
    return page.input_value("#decide [name=unit_id]")


def code_by_keys(page: Page, keys: str) -> str:
    """The unit that was coded; returns when the next one is there."""
    before = unit_id(page)
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('#decide [name=unit_id]')?.value !== before", arg=before
    )
    return before


def download(page: Page, link: str, to: Path) -> Path:
    page.click("nav a[href^='/export']")
    with page.expect_download() as found:
        page.click(f"a[href*='{link}']")
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", found.value.suggested_filename)
    found.value.save_as(to)
    return to


@pytest.mark.slow
def test_two_coders_code_by_keys_are_settled_and_exported(
    server: Server, open_page: OpenPage, tmp_path: Path
) -> None:
    first, second = open_page(), open_page()
    sign_in(first, server, "李明")
    sign_in(second, server, "王芳")
    coded = [code_by_keys(first, "1171") for _ in range(10)]
    assert len(set(coded)) == 10
    assert "10 / 15" in first.inner_text(".progress")

    first.keyboard.press("u")
    first.wait_for_function(
        "id => document.querySelector('#decide [name=unit_id]').value === id", arg=coded[9]
    )
    assert first.is_checked("input[value=national_strategic_demand]")
    assert code_by_keys(first, "022") == coded[9]  # 0 clears, 22 is another code
    first.reload()
    assert "10 / 15" in first.inner_text(".progress")

    assert [code_by_keys(second, "1171") for _ in range(10)] == coded
    second.click("nav a[href^='/adjudicate']")
    second.wait_for_load_state("load")
    assert unit_id(second) == coded[9]
    second.keyboard.press("a")
    second.keyboard.press("Enter")
    second.wait_for_selector(".done")

    gold = download(second, "gold.jsonl", tmp_path / "gold.jsonl")
    rows = {row["id"]: row for row in map(json.loads, gold.read_text(encoding="utf-8").splitlines())}
    assert set(rows) == set(coded)
    assert rows[coded[0]]["initial"] == ["national_strategic_demand"]
    assert rows[coded[0]]["dimensions"] == ["strategy_led"]
    assert rows[coded[9]]["initial"] == ["market_competition"]
    assert second.locator("a[href*='.qdpx']").count() == 0, (
        "a project would tell a blind coder the model's codes"
    )

    second.click("nav a[href^='/code']")
    second.wait_for_selector("#decide")
    second.wait_for_load_state("load")
    for _ in range(5):
        code_by_keys(second, "1171")
    with zipfile.ZipFile(download(second, "coders.qdpx", tmp_path / "a.qdpx")) as project:
        xml = project.read("project.qde").decode("utf-8")
    assert "李明" in xml
    assert "王芳" in xml


@pytest.mark.slow
def test_a_killed_server_loses_nothing_that_was_answered_and_the_input_comes_back(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(allow_errors=True)
    sign_in(page, server, "李明")
    coded = [code_by_keys(page, "21") for _ in range(3)]
    on_screen = unit_id(page)
    page.keyboard.press("3")
    page.keyboard.press("1")
    page.fill("#note", "想一想")
    page.keyboard.press("Escape")
    server.end(signal.SIGKILL)
    page.keyboard.press("Enter")
    page.wait_for_selector("#alert:not([hidden])")
    assert "没有保存" in page.inner_text("#alert")
    assert unit_id(page) == on_screen
    assert page.is_checked("input[value=basic_research_original_innovation]")

    server.start()
    page.keyboard.press("Enter")  # the old page: the new server does not know it
    page.wait_for_function("() => document.querySelector('#alert').textContent.includes('token')")
    sign_in(page, server, "李明")
    assert unit_id(page) == on_screen
    assert page.is_checked("input[value=basic_research_original_innovation]")
    assert page.input_value("#note") == "想一想"
    assert "3 / 15" in page.inner_text(".progress")
    assert len(coded) == 3
    assert server.end(signal.SIGINT) == 0


@pytest.mark.slow
def test_blind_pages_hold_no_codes_of_the_model_and_assisted_ones_do(
    server: Server, open_page: OpenPage
) -> None:
    blind, assisted = open_page(), open_page()
    sign_in(blind, server, "李明")
    sign_in(assisted, server, "李明", mode="assisted")
    seen = {"checked": 0, "scores": 0}
    for _ in range(6):
        seen["checked"] += assisted.locator(".code input:checked").count()
        seen["scores"] += assisted.locator(".score").count()
        assert blind.locator(".code input:checked, .score, .model, meter").count() == 0
        assert "tiny" not in blind.content()
        code_by_keys(blind, "11")
        code_by_keys(assisted, "")
    assert min(seen.values()) > 0


@pytest.mark.slow
def test_a_script_in_a_sentence_stays_text(server: Server, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, server, "<b>李明</b>")
    assert page.inner_text(".seat b") == "<b>李明</b>"
    for _ in range(7):
        code_by_keys(page, "11")
    assert page.inner_text("#sentence") == SCRIPT
    code_by_keys(page, "11")
    page.click("nav a[href^='/overview']")
    assert "broken" not in page.title()
    assert page.locator("main img, main script").count() == 0


def find_code(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("链韧性")
    assert page.locator(".code:visible").count() == 1
    page.keyboard.press("Enter")


@pytest.mark.slow
def test_search_skip_note_help_definitions_timer_and_language(server: Server, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, server, "李明")
    find_code(page)
    assert page.is_checked("input[value=industrial_resilience_clusters]")
    page.keyboard.press("d")
    page.keyboard.press("2")
    page.keyboard.press("1")
    assert "政府支持" in page.inner_text("#panel")
    assert not page.is_checked("input[value=government_support]")
    page.keyboard.press("n")
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    assert not page.is_checked("input[value=national_strategic_demand]")  # digits of a note are text
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert "暂停" in page.inner_text("#timer")
    first = unit_id(page)
    page.keyboard.press("s")
    page.wait_for_function("id => document.querySelector('#decide [name=unit_id]').value !== id", arg=first)
    page.click(".language button")
    assert "Save" in page.inner_text("#save")
    assert "重建" in page.inner_text(".note")


@pytest.mark.slow
def test_coding_works_by_touch_at_390_pixels(server: Server, open_page: OpenPage) -> None:
    page = open_page(width=390, height=780)
    sign_in(page, server, "李明")
    before = unit_id(page)
    page.locator(".code label").first.tap()
    page.locator(".code .about").nth(3).tap()
    assert "政府支持" in page.inner_text("#panel")
    page.locator("#close-panel").tap()
    page.locator("#save").tap()
    page.wait_for_function("id => document.querySelector('#decide [name=unit_id]').value !== id", arg=before)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.slow
def test_the_timer_rests_while_the_page_is_hidden(server: Server, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, server, "李明")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    shown = page.inner_text("#timer")
    page.wait_for_timeout(2200)
    assert page.inner_text("#timer") == shown
