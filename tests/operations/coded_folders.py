"""Result folders with scores, status and manifest, as `code` leaves them, for tests of commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from policy_nlp.codebook import Codebook
from policy_nlp.exchange.result_folder import MANIFEST, SENTENCES
from policy_nlp.exchange.result_manifest import CodeManifest, CodeRun, manifest_json
from policy_nlp.records import PREDICTED_LEVELS, LabelCounts
from tests.exchange.scored_folders import make_scored_folder


def make_coded_folder(
    path: Path, codebook: Codebook, codes: Mapping[str, tuple[str, ...]], *, texts: Mapping[str, str]
) -> Path:
    """The folder; the sentence of each text in `codes` has these codes."""
    make_scored_folder(path, codebook, codes, texts=texts)
    table = pq.read_table(path / SENTENCES)
    lists = [table.column(level).to_pylist() for level in PREDICTED_LEVELS]
    status = ["coded" if any(own) else "uncoded" for own in zip(*lists, strict=True)]
    pq.write_table(table.append_column("status", pa.array(status)), path / SENTENCES)
    run = CodeRun((), "m" * 64, codebook.digest, None, "cpu", "fp32", 1024, "0.1.0")
    counts = LabelCounts(table.num_rows, 0, 0, 0, 0, ())
    manifest = CodeManifest(
        run, "policy-zh", "m:cpu", codebook.name, 0, len(texts), counts, (), (), (), "2026-11-23", {}
    )
    (path / MANIFEST).write_text(manifest_json(manifest), encoding="utf-8")
    return path
