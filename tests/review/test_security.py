from __future__ import annotations

# ruff: noqa: E501 tables of cases
from collections.abc import Iterator

import pytest

from policy_nlp.review.security import MOST_BODY_BYTES, Access, is_loopback
from review.clients import BASE, OWN, PORT, Visitor, open_visitor
from review.folders import make_review_folder

PAGES = (
    "/",
    "/code",
    "/overview",
    "/adjudicate",
    "/agreement",
    "/codebook",
    "/export",
    "/download/gold.jsonl",
)
CHANGES = ("/sign-in", "/decide", "/undo", "/settle", "/unsettle", "/language")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """One review for all requests that must not change anything."""
    with open_visitor(make_review_folder(tmp_path_factory.mktemp("shared") / "coded")) as found:
        found.sign_in("李明")
        yield found


@pytest.fixture
def visitor(shared: Visitor) -> Visitor:
    return shared.enter()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_without_the_cookie(visitor: Visitor, path: str) -> None:
    visitor.client.delete_cookie(visitor.access.cookie_name, domain="127.0.0.1")
    answer = visitor.get(path, coder="李明")
    assert answer.status_code == 403
    assert "第1批" not in answer.text
    assert visitor.access.form_token not in answer.text


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43])
def test_a_wrong_token_opens_nothing(visitor: Visitor, token: str) -> None:
    visitor.client.delete_cookie(visitor.access.cookie_name, domain="127.0.0.1")
    answer = visitor.get("/", token=token)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_the_token_becomes_a_strict_cookie_and_leaves_the_address(visitor: Visitor) -> None:
    answer = visitor.get("/", token=visitor.access.token)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert visitor.access.token not in cookie


def test_a_token_clicked_on_another_site_enters_by_a_page_of_ours(visitor: Visitor) -> None:
    answer = visitor.client.get(
        f"/?token={visitor.access.token}", base_url=BASE, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text
    assert visitor.access.token not in answer.text


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}"],
)
def test_another_name_that_points_here_is_refused(visitor: Visitor, host: str) -> None:
    answer = visitor.client.get("/", base_url=BASE, headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert visitor.access.form_token not in answer.text


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
def test_a_post_of_another_site_changes_nothing(visitor: Visitor, path: str, headers: dict[str, str]) -> None:
    unit_id = visitor.store.columns.unit_ids[0]
    answer = visitor.post(path, headers=headers, coder="李明", mode="blind", unit_id=unit_id, language="en")
    assert answer.status_code == 403
    assert visitor.store.counting() == ()
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers", [OWN, {"Origin": BASE}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}]
)
def test_a_post_of_our_page_is_taken(visitor: Visitor, headers: dict[str, str]) -> None:
    unit_id = visitor.store.columns.unit_ids[0]
    answer = visitor.post("/decide", headers=headers, coder="李明", mode="blind", unit_id=unit_id)
    assert answer.status_code == 303
    visitor.post("/undo", coder="李明", mode="blind")


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("form_token", ["", "x", "é"])
def test_a_post_without_the_form_token_is_refused(visitor: Visitor, path: str, form_token: str) -> None:
    answer = visitor.post(
        path, form_token=form_token, coder="李明", unit_id=visitor.store.columns.unit_ids[0]
    )
    assert answer.status_code == 403
    assert visitor.store.counting() == ()


@pytest.mark.parametrize("path", CHANGES)
def test_a_get_changes_nothing(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, coder="李明", unit_id=visitor.store.columns.unit_ids[0])
    assert answer.status_code == 405
    assert visitor.store.counting() == ()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    assert visitor.client.open("/code", method=method, base_url=BASE, headers=OWN).status_code in (403, 405)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_can_load_no_page(visitor: Visitor, site: str) -> None:
    answer = visitor.client.get("/codebook?coder=a", base_url=BASE, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403


def test_a_long_body_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/decide", coder="李明", note="长" * MOST_BODY_BYTES)
    assert answer.status_code == 413
    assert "64 KB" in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/static/review.js", "/static/", "/static/../app.py"])
def test_every_answer_has_the_headers(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, coder="李明")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/templates/base.html"]
)
def test_only_the_files_of_the_page_are_served(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_fault_shows_no_traceback(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitor.store, "state", lambda *a: 1 / 0)
    answer = visitor.get("/code", coder="李明", mode="blind")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_redirect_leads_away(visitor: Visitor, back: str) -> None:
    assert visitor.post("/language", language="en", back=back).headers["Location"] == "/"


def test_secrets_are_long_different_and_not_shown() -> None:
    access = Access("127.0.0.1", 1)
    secrets = {access.token, access.session, access.form_token}
    assert len(secrets) == 3
    assert min(map(len, secrets)) >= 43
    assert not any(one in repr(access) for one in secrets)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("pc", False)],
)  # fmt: skip
def test_only_loopback_addresses_are_this_machine_alone(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_beyond_the_loopback_addresses_are_taken_and_names_are_not() -> None:
    access = Access("0.0.0.0", PORT)
    assert access.is_own_host(f"192.168.1.5:{PORT}")
    assert access.is_own_host(f"[fe80::1]:{PORT}")
    assert not access.is_own_host(f"evil.example:{PORT}")
    assert not access.is_own_host("192.168.1.5:1")
