"""Puts texts to labels: python data/join_labels.py POOL LABELS OUT.

The texts that were labelled may not be handed on, so `data/labels/*.jsonl` names each by its document, its
place and the SHA-256 of its text. With the pool at hand (JSON Lines, may be gzipped; `doc_id`, `start`,
`end`, `text`) this writes a gold file that `policy-nlp train` reads. Of a sentence that two coders read, the
first coding is written: a second is there to measure the coders, not to learn from. A label whose text is
not in the pool, or is another text there, ends it with the place named; nothing is written then.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, Any]


class Place(NamedTuple):
    """Where a sentence stands: `[start, end)` in code points of its document."""

    doc_id: str
    start: int
    end: int


def join_labels(pool: Path, labels: Path) -> list[Row]:
    """The labels with their texts, in the order of the labels; SystemExit names what does not match."""
    first_codings: dict[str, tuple[int, Row]] = {}
    for line, row in enumerate(_iter_rows(labels), start=1):
        first_codings.setdefault(row["id"], (line, row))
    texts = _find_texts(pool, {_place_of(row) for _, row in first_codings.values()})
    return [_join(row, texts, labels, line=line) for line, row in first_codings.values()]


def _join(row: Row, texts: dict[Place, str], labels: Path, *, line: int) -> Row:
    place = _place_of(row)
    text = texts.get(place)
    if text is None:
        sys.exit(f"{labels}:{line}: {place} is not in the pool. Give the pool the labels were drawn from.")
    if hashlib.sha256(text.encode("utf-8")).hexdigest() != row["sha256"]:
        sys.exit(f"{labels}:{line}: the pool has another text at {place}. Give the pool as it was.")
    return {
        "id": row["id"],
        "text": text,
        **{name: row[name] for name in row if name not in ("id", "sha256")},
    }


def _find_texts(pool: Path, wanted: set[Place]) -> dict[Place, str]:
    return {place: row["text"] for row in _iter_rows(pool) if (place := _place_of(row)) in wanted}


def _place_of(row: Row) -> Place:
    return Place(row["doc_id"], row["start"], row["end"])


def _iter_rows(path: Path) -> Iterator[Row]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


def main() -> None:
    """Joins the files named on the command line."""
    if len(sys.argv) != 4:
        sys.exit("usage: python data/join_labels.py POOL LABELS OUT")
    pool, labels, out = map(Path, sys.argv[1:])
    rows = join_labels(pool, labels)
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    sys.stdout.write(f"{out}: {len(rows)} labelled sentences\n")


if __name__ == "__main__":
    main()
