"""Numbers of a page as compressed text: one JSON document, and the arrays that it refers to as they lie in memory."""

import base64
import gzip
import json
import os
import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from heliorack.runtime.cache import cache_folder

KINDS = {"f4": "<f4", "u1": "<u1", "u2": "<u2", "u4": "<u4"}
HOLE = 65535  #: stands for "no value" among 16-bit numbers
REFERENCE = "$"  #: key of a reference: [first byte, count, kind]


class Pack:
    """Arrays put one behind the other; what `add` gives goes into the document in their place."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def add(self, values: ArrayLike, kind: str = "f4") -> dict[str, list[int | str]]:
        """Keep an array, flattened; `kind` is a key of `KINDS`. Returns the reference to it."""
        array = np.ascontiguousarray(values, dtype=KINDS[kind]).ravel()
        found: dict[str, list[int | str]] = {REFERENCE: [self.size, len(array), kind]}
        raw = array.tobytes()
        padded = raw + bytes(-len(raw) % 4)
        self.pieces.append(padded)
        self.size += len(padded)
        return found

    def steps(self, values: ArrayLike, low: float, high: float) -> dict[str, list[int | str]]:
        """Keep an array as 16-bit steps from `low` to `high`; not a number where there is no value."""
        array = np.asarray(values, dtype=float)
        reach = max(high - low, 1e-30)
        shares = np.clip((np.nan_to_num(array, nan=low) - low) / reach, 0.0, 1.0)
        return self.add(np.where(np.isfinite(array), np.rint(shares * (HOLE - 1)), HOLE), "u2")

    def text(self, document: Mapping[str, Any]) -> str:
        """Document and arrays as one text: base64 of gzip of (length of the JSON, JSON, arrays); the same each time."""
        said = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        said += b" " * (-len(said) % 4)
        return compressed(b"".join([struct.pack("<I", len(said)), said, *self.pieces]))


def compressed(raw: bytes) -> str:
    """Base64 of gzip, without the time of day."""
    return base64.b64encode(gzip.compress(raw, 6, mtime=0)).decode("ascii")


@cache
def plotly_js() -> str:
    """plotly.js of the installed package, compressed; the package itself, which takes a second to import, is not.

    Raises:
        ModuleNotFoundError: plotly is not installed.
    """
    found = find_spec("plotly")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the report needs the package plotly: pip install plotly")
    return _kept((Path(found.submodule_search_locations[0]) / "package_data" / "plotly.min.js").read_bytes())


def _kept(raw: bytes) -> str:
    """`compressed`, kept between runs under the hash of what is compressed: 0.01 s instead of 0.14 for five megabytes.

    Its own hash comes before it: a file that was cut or changed is made anew.
    """
    try:
        place = cache_folder() / "pages" / f"{sha256(raw).hexdigest()}.txt"
    except RuntimeError:  # a user without a home
        return compressed(raw)
    with suppress(OSError, UnicodeDecodeError):
        known, _, text = place.read_text(encoding="ascii").partition("\n")
        if sha256(text.encode()).hexdigest() == known:
            return text
    text = compressed(raw)
    with suppress(OSError):  # a cache that cannot be written
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f"{place.name}.{os.getpid()}")
        temporary.write_text(f"{sha256(text.encode()).hexdigest()}\n{text}", encoding="ascii")
        temporary.replace(place)
    return text
