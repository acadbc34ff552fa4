"""The 4-bit encoder file: blocks by hand, a small file written here, and damage."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from policy_nlp.errors import EncoderError
from policy_nlp.model.e5_file import dequantise_q4, read_e5_file


def test_block_is_scale_times_nibble_minus_eight() -> None:
    nibbles = np.arange(32) % 16
    packed = np.concatenate(
        [np.array([0.5], "<f2").view(np.uint8), (nibbles[:16] | nibbles[16:] << 4).astype(np.uint8)]
    )
    np.testing.assert_array_equal(dequantise_q4(packed[None].astype(np.uint8))[0], (nibbles - 8) * 0.5)


def _e5_bytes(pieces: list[str], table: np.ndarray) -> bytes:
    """An E5S1 file with one float32 tensor `emb.pos` of shape (rows, 32)."""
    blob = [piece.encode() for piece in pieces]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7if", 1, 32, 1, 1, 64, len(pieces), len(table), 2, 1e-12)
    head += struct.pack("<2i4iQ", 32, len(pieces), 0, 2, 1, 3, sum(map(len, blob)))
    head += offsets.tobytes() + np.zeros(len(pieces), "<f4").tobytes() + b"".join(blob)
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", 1)
    name = b"emb.pos"
    place = len(head) + 2 + len(name) + 21
    head += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", 0, table.size, place, table.size * 4)
    return head + table.astype("<f4").tobytes()


def test_pieces_and_tensors_are_read_back(tmp_path: Path) -> None:
    table = np.arange(64, dtype=np.float32).reshape(2, 32)
    path = tmp_path / "e5.bin"
    path.write_bytes(_e5_bytes(["<s>", "创新", "▁政府"], table))
    found = read_e5_file(path)
    assert found.pieces == ("<s>", "创新", "▁政府")
    np.testing.assert_array_equal(found.rows("emb.pos"), table)
    np.testing.assert_array_equal(found.rows("emb.pos", np.array([1])), table[1:])


@pytest.mark.parametrize("n_bytes", [0, 3, 40, 90, 200])
def test_a_file_cut_short_is_refused_by_name(tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "e5.bin"
    path.write_bytes(_e5_bytes(["<s>", "创新"], np.ones((2, 32), np.float32))[:n_bytes])
    with pytest.raises(EncoderError, match=r"e5\.bin"):
        read_e5_file(path)
