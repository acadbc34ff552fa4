"""`label` in a process of its own, with a real (tiny) encoder, killed with no chance to tidy up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.operations.label_fakes import sentences

N_ROWS = 6000
N_KILLS = 2
START_S = 400.0  # longest wait for a process to load its model and begin

# The command with shards of 128 rows, so that a few thousand rows are many of them.
LABEL = """
import sys
from pathlib import Path
import torch
from policy_nlp.operations.label import label_table
from policy_nlp.settings.commands import LabelSettings
from policy_nlp.settings.engine import EngineSettings
folder, model = Path(sys.argv[1]), sys.argv[2]
engine = EngineSettings(device="cpu", n_threads=1)
places = folder / "in.parquet", folder / "out.parquet"
label_table(LabelSettings(*places, model=model, shard_rows=128, engine=engine))
"""


def write_input(folder: Path) -> None:
    folder.mkdir()
    pq.write_table(pa.table({"id": range(N_ROWS), "text": sentences(N_ROWS)}), folder / "in.parquet")


def start(folder: Path, model: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", LABEL, str(folder), str(model)], stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate(timeout=START_S)
    assert process.returncode == 0, errors.decode("utf-8")


def n_shards(folder: Path) -> int:
    return len(list((folder / ".out.parquet.partial").glob("*/rows-*.parquet")))


def wait_for_work(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until the process has done one shard more, or ended."""
    before, deadline = n_shards(folder), time.monotonic() + START_S
    while n_shards(folder) <= before and process.poll() is None:
        assert time.monotonic() < deadline, "the process never began"
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_process_run_again_gives_the_bytes_of_an_undisturbed_one(
    tmp_path: Path, tiny_model_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    write_input(whole)
    write_input(killed)
    undisturbed = start(whole, tiny_model_path)
    rng = random.Random(3)
    kept: list[int] = []
    for _ in range(N_KILLS):
        process = start(killed, tiny_model_path)
        wait_for_work(process, killed)
        time.sleep(rng.uniform(0.0, 0.3))
        assert process.poll() is None, process.communicate()[1].decode("utf-8")
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        kept.append(n_shards(killed))
        assert not (killed / "out.parquet").exists()
    finish(start(killed, tiny_model_path))
    finish(undisturbed)
    assert kept == sorted(kept)
    assert kept[0] > 0
    assert (killed / "out.parquet").read_bytes() == (whole / "out.parquet").read_bytes()
    names = {path.name for path in killed.iterdir()}
    assert names == {"in.parquet", "out.parquet", "out.parquet.manifest.json"}
