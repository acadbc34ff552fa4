"""What the READMEs say is so: commands, options, files, the demo's output, and both say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

from policy_nlp.cli.main import app
from policy_nlp.operations.code import code_documents
from policy_nlp.reports.code_summary import render_code_summary
from policy_nlp.settings.commands import CodeSettings

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.en.md")
NEAR = 3  # sentences by which a count may differ on a processor that computes in another precision


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _demo_block(text: str) -> list[str]:
    block = re.search(r"```\n(41 documents.*?)\n…\n```", text, re.DOTALL)
    assert block, "the README must show what make demo prints"
    return block.group(1).split("\n")


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_exists(name: str) -> None:
    commands = get_command(app).commands
    options = {option for command in commands.values() for p in command.params for option in p.opts}
    elsewhere = {"--help"}  # typer adds it
    text = _read(name).replace("policy-nlp-", "")
    for command in re.findall(r"`policy-nlp ([a-z-]+)", text):
        assert command in commands
    for option in set(re.findall(r"(--[a-z][a-z-]+)", text)) - elsewhere:
        assert option in options, option


@pytest.mark.parametrize("name", READMES)
def test_every_file_named_exists(name: str) -> None:
    targets = re.findall(r"\]\(([\w./-]+)\)", _read(name))
    targets += re.findall(r"`((?:configs|data|models)/[\w./-]+|[A-Z]+\.md)`", _read(name))
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_both_languages_show_the_same_numbers() -> None:
    chinese, english = (set(re.findall(r"\d\.\d{2,3}", _read(name))) for name in READMES)
    assert chinese == english
    assert _demo_block(_read(READMES[0])) == _demo_block(_read(READMES[1]))


@pytest.mark.parametrize("name", READMES)
def test_keywords_prints_what_the_readme_shows(name: str, tmp_path: Path) -> None:
    block = re.search(r"```\n(41 documents, 561 sentences, 15,328.*?)\n```", _read(name), re.DOTALL)
    assert block, "the README must show what keywords prints"
    samples = str(ROOT / "data" / "samples")
    done = CliRunner().invoke(app, ["keywords", samples, "--out", str(tmp_path / "keywords"), "--quiet"])
    printed = [line.rstrip() for line in done.stdout.split("\n")]
    shown = block.group(1).split("\n")
    assert printed[: len(shown)] == shown


@pytest.mark.slow
def test_demo_prints_what_the_readme_shows(tmp_path: Path) -> None:
    result = code_documents(CodeSettings(inputs=(ROOT / "data" / "samples",), out=tmp_path / "demo"))
    console = Console(width=140, record=True, file=(tmp_path / "shown.txt").open("w", encoding="utf-8"))
    console.print(render_code_summary(result.manifest, result.codebook))
    printed = [line.rstrip() for line in console.export_text().split("\n")]
    for shown, found in zip(_demo_block(_read("README.md")), printed, strict=False):
        numbers = [int(n) for n in re.findall(r"(?<![\d.])\d+(?![\d.])", shown)]
        others = [int(n) for n in re.findall(r"(?<![\d.])\d+(?![\d.])", found)]
        assert re.sub(r"[\d.\s]+", "", shown) == re.sub(r"[\d.\s]+", "", found)
        assert len(numbers) == len(others)
        assert all(abs(n - other) <= NEAR for n, other in zip(numbers, others, strict=True))
