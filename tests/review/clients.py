"""A review app on a small folder, and a client that came in with the token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy_nlp.review.app import create_app
from policy_nlp.review.opening import open_review
from policy_nlp.review.security import Access
from policy_nlp.review.store import ReviewStore
from policy_nlp.settings.review import ReviewSettings

PORT = 8000
BASE = f"http://127.0.0.1:{PORT}"
OWN = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}


@dataclass
class Visitor:
    """A browser of the tests: it holds the cookie and asks as our own page does."""

    client: FlaskClient
    store: ReviewStore
    access: Access
    headers: dict[str, str] = field(default_factory=lambda: dict(OWN))

    def enter(self) -> Visitor:
        assert self.client.get(f"/?token={self.access.token}", base_url=BASE).status_code == 303
        return self

    def get(self, path: str, **arguments: str) -> TestResponse:
        return self.client.get(path, base_url=BASE, query_string=arguments)

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: object) -> TestResponse:
        data = {"form_token": self.access.form_token, **fields}
        return self.client.post(
            path, base_url=BASE, data=data, headers=self.headers if headers is None else headers
        )

    def sign_in(self, coder: str, mode: str = "blind", **options: str) -> dict[str, str]:
        assert self.post("/sign-in", coder=coder, mode=mode, **options).status_code == 303
        return {"coder": coder, "mode": mode, **options}

    def unit_of(self, answer: TestResponse) -> str:
        found = re.search(r'name="unit_id" value="([^"]+)"', answer.text)
        assert found is not None, answer.text[:500]
        return unescape(found[1])


@contextmanager
def open_visitor(folder: Path, **settings: object) -> Iterator[Visitor]:
    with open_review(folder) as store:
        access = Access("127.0.0.1", PORT)
        app = create_app(store, ReviewSettings(folder, **settings), access=access)  # type: ignore[arg-type]
        yield Visitor(app.test_client(), store, access).enter()
