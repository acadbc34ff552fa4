from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.errors import SettingsError
from policy_nlp.operations.card import render_error_reading
from policy_nlp.settings.card import ErrorReading, ReadError, read_error_reading

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, TEXTS)
def test_a_file_of_errors_comes_back_whatever_its_notes_hold(
    tmp_path_factory: pytest.TempPathFactory, note: str, sample: str
) -> None:
    reading = ErrorReading(
        read_by="c1",
        date="2026-01-02",
        sample=sample,
        errors=(
            ReadError("u1", "government_support", "missed", "label_doubtful", note=note),
            ReadError("u2", "path_1", "false", note_zh=note),
        ),
    )
    path = tmp_path_factory.mktemp("errors") / "errors.toml"
    path.write_bytes(render_error_reading(reading).encode("utf-8"))
    assert read_error_reading(path) == reading


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('read_by = "c1"\n', r"no \[\[error\]\] is there"),
        ('[[error]]\nunit = "u"\ncode = "c"\n', r"\[\[error\]\] 1: kind is missing"),
        ('[[error]]\nunit = "u"\ncode = "c"\nkind = "false"\nwhy = "x"\n', "why is not a known key"),
        ('[[error]]\nunit = 3\ncode = "c"\nkind = "false"\n', "unit = 3; a text was expected"),
        (
            '[[error]]\nunit = "u"\ncode = "c"\nkind = "false"\njudgement = "both"\n',
            "expected one of label_doubtful, model_wrong, codebook_unclear",
        ),
    ],
)
def test_what_is_wrong_in_a_file_of_errors_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "errors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        read_error_reading(path)
