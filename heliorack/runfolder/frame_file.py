"""Kept moments as .vtu files: temperatures are all that differs between those of a run, and all that is written or read again.

An array lies in such a file as VTK writes it: blocks compressed by zlib one by one, their sizes before them, both as base64.
"""

import re
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

TEMPERATURE = "temperature_degC"
BLOCK = 32768  #: bytes of an array that are compressed together
LEVEL = 5  #: of compression, as VTK has it
OPENING = f'<DataArray type="Float32" Name="{TEMPERATURE}" format="binary"'
VALUES = re.compile(re.escape(OPENING) + r"[^>]*>\s*([A-Za-z0-9+/=]+)\s*</DataArray>")
INLINE = 'byte_order="LittleEndian" header_type="UInt32" compressor="vtkZLibDataCompressor"'


class FrameFiles:
    """Writes moments of one mesh; VTK writes the first one, and the others are that one with other temperatures."""

    def __init__(self, grid: Any) -> None:
        """Nothing is written yet; `grid` is a PyVista grid with all that does not change."""
        self._grid = grid
        self._around: tuple[str, str] | None = None  #: of the first moment what comes before its temperatures, and after them

    def write(self, path: Path, temperature: ArrayLike) -> None:
        """Write a moment: temperature by node [degC]."""
        values = np.asarray(temperature, dtype="<f4")
        if self._around is None:
            self._grid.point_data[TEMPERATURE] = values
            self._grid.save(path)
            before, after = VALUES.split(_text(path), maxsplit=1)[::2]
            self._around = before, after
            return
        reach = f' RangeMin="{float(values.min())!r}" RangeMax="{float(values.max())!r}"'
        array = f"{OPENING}{reach}>\n          {_encoded(values.tobytes())}\n        </DataArray>"
        path.write_text(array.join(self._around), encoding="utf-8")


def temperatures(path: Path) -> NDArray[np.float32]:
    """Temperature by node of one moment [degC].

    Raises:
        OSError, ValueError: the file cannot be read, or is not as a run writes it.
    """
    found = VALUES.search(_text(path))
    if found is None:
        raise ValueError(f"{path} holds no {TEMPERATURE} as a run writes it")
    return np.frombuffer(_decoded(found[1]), dtype="<f4")


def _text(path: Path) -> str:
    """Text of a file whose arrays lie in it as they do here.

    Raises:
        ValueError: they lie there in another way.
    """
    text = path.read_text(encoding="utf-8")
    if INLINE not in text[:400]:
        raise ValueError(f"{path} is not a .vtu as a run writes it")
    return text


def _encoded(raw: bytes) -> str:
    """An array in the text of a file: number of blocks, size of one, of the last if it is smaller, of each compressed; then they."""
    blocks = [zlib.compress(raw[start : start + BLOCK], LEVEL) for start in range(0, len(raw), BLOCK)]
    sizes = np.array([len(blocks), BLOCK, len(raw) % BLOCK, *map(len, blocks)], dtype="<u4")
    return (b64encode(sizes.tobytes()) + b64encode(b"".join(blocks))).decode("ascii")


def _decoded(text: str) -> bytes:
    """The array of `_encoded`.

    Raises:
        ValueError: the text is cut, or damaged.
    """
    try:
        count = int(np.frombuffer(b64decode(text[:8])[:4], dtype="<u4")[0])
        head = -(-4 * (3 + count) // 3) * 4  # characters: base64 writes three bytes as four of them
        ends = np.cumsum(np.frombuffer(b64decode(text[:head]), dtype="<u4")[3:])
        body = b64decode(text[head:])
        return b"".join(zlib.decompress(body[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True))
    except (zlib.error, IndexError) as error:
        raise ValueError(f"an array is damaged ({error})") from error
