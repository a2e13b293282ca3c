"""What a page unpacks is what was packed."""

import base64
import gzip
import json
import struct

import numpy as np
import pytest

from heliorack.report.packed import HOLE, KINDS, Pack, plotly_js
from heliorack.report.plots.over_time import samples


def unpacked(text: str):
    """Document and arrays, as the page reads them."""
    raw = gzip.decompress(base64.b64decode(text))
    (length,) = struct.unpack("<I", raw[:4])
    assert (4 + length) % 4 == 0  # arrays of four bytes lie where a browser can read them

    def arrays(found):
        if "$" not in found:
            return found
        first, count, kind = found["$"]
        return np.frombuffer(raw, dtype=KINDS[kind], count=count, offset=4 + length + first)

    return json.loads(raw[4 : 4 + length], object_hook=arrays)


def test_arrays_of_every_kind_come_back():
    """Odd lengths too; text with signs of its own stays text."""
    pack = Pack()
    given = {"u1": [1, 2, 3], "u2": [65535, 7, 9], "u4": [2**32 - 1], "f4": [[0.5, -1.5], [3.0, np.nan]]}
    document = {kind: pack.add(values, kind) for kind, values in given.items()}
    found = unpacked(pack.text({"title": "</script> & ünïts", **document}))
    assert found["title"] == "</script> & ünïts"
    for kind, values in given.items():
        np.testing.assert_array_equal(found[kind], np.ravel(values))


def test_steps_are_finer_than_a_hundredth_of_a_kelvin():
    """16 bits over 300 K; what has no value says so."""
    values = np.linspace(-150.0, 150.0, 1001)
    pack = Pack()
    raw = unpacked(pack.text({"value": pack.steps(np.append(values, np.nan), -150.0, 150.0)}))["value"]
    assert raw[-1] == HOLE
    assert np.abs(-150.0 + raw[:-1] / (HOLE - 1) * 300.0 - values).max() < 0.5 * 300.0 / (HOLE - 1) + 1e-9


def test_a_number_that_is_none_is_refused():
    """The page could not read it either."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        Pack().text({"a": float("inf")})


def test_plotly_is_that_of_the_package_whole():
    """Compressed without loss."""
    assert gzip.decompress(base64.b64decode(plotly_js())).startswith(b"/**\n* plotly.js v")


def test_kept_plotly_is_believed_only_whole(tmp_path, monkeypatch):
    """The next process takes the file; one that was cut is made anew; without a cache it works too."""
    monkeypatch.setenv("HELIORACK_CACHE", str(tmp_path))
    plotly_js.cache_clear()
    made = plotly_js()
    (kept,) = (tmp_path / "pages").iterdir()
    plotly_js.cache_clear()
    with monkeypatch.context() as never:
        never.setattr("heliorack.report.packed.compressed", None)
        assert plotly_js() == made
    kept.write_text(kept.read_text()[:-100])
    plotly_js.cache_clear()
    assert plotly_js() == made
    monkeypatch.setenv("HELIORACK_CACHE", str(kept))  # a file, in which nothing can be kept
    plotly_js.cache_clear()
    assert plotly_js() == made


def test_thinned_histories_keep_their_extremes():
    """Of ten thousand samples less than a thousand are drawn, with the highest and the lowest of every row."""
    t = np.linspace(0.0, 1e4, 10_001)
    rows = [np.sin(t), np.where(t == 1234.0, 9.0, 0.0)]
    at = samples(t, rows)
    assert len(at) < 1000
    assert (at[0], at[-1]) == (0, 10_000)
    for row in rows:
        assert row[at].max() == row.max()
        assert row[at].min() == row.min()
