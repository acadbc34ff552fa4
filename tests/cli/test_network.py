"""Coding opens no connection: run in a process of its own where every attempt is written down."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WATCHED_RUN = """
import socket, sys
attempts = []
def refuse(*arguments, **options):
    attempts.append(str(arguments))
    raise OSError("no network here")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from policy_nlp.cli.main import run
exit_code = run(sys.argv[1:])
print("attempts:", attempts)
sys.exit(exit_code or len(attempts))
"""


def test_label_opens_no_connection_although_the_hub_is_not_switched_off(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    (tmp_path / "in.csv").write_text("text\n推进产业集群建设。\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    arguments = ["label", "in.csv", "--out", "out.csv", "--model", str(tiny_model_path), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_RUN, *arguments],
        cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    assert "attempts: []" in done.stdout
    assert (tmp_path / "out.csv").is_file()
