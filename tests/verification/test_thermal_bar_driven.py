"""A bar driven by a sine at one end (NAFEMS T3)."""

import numpy as np
import pytest
from bodies import bar, orders, run

#: x [m] -> temperature [degC] after 32 s and 36 s: Duhamel's integral, 4000 terms
EXACT = {0.02: (0.090907, 0.186428), 0.04: (1.150281, 1.822645), 0.08: (36.603116, 36.681301)}


def history(cells: int, tolerance: float = 1e-3) -> np.ndarray:
    """Temperatures at the points of EXACT after 32 and 36 s, shape (points, 2)."""
    solid = bar(cells, 0.1, 0.1 / cells, 35.0, 7200 * 440.5)
    model = solid.model(held={"bar:-x": 0.0, "bar:+x": lambda t: 100 * np.sin(np.pi * t / 40)})
    first = run(model, solid.start(0.0), (0.0, 32.0), tolerance=tolerance)
    last = run(model, first, (32.0, 36.0), tolerance=tolerance)
    return np.array([[solid.at(T, x, 0.0, 0.0) for T in (first, last)] for x in EXACT])


def test_temperatures_along_the_bar():
    """0.1 m, one end at 0, the other at 100 sin(pi t/40) degC: 36.60 degC at x = 0.08 m and 32 s; all points within 0.05 K.

    Source: NAFEMS TNSB, Rev. 3, 1990, test T3; MOOSE prints 36.9 for ten linear elements.
    """
    assert history(80) == pytest.approx(np.array(list(EXACT.values())), abs=0.05)


def test_second_order_in_space():
    """The same, on 20, 40 and 80 elements: errors at 0.08 m and 32 s fall with the square of the element length."""
    errors = [abs(history(cells)[2, 0] - EXACT[0.08][0]) for cells in (20, 40, 80)]
    assert orders([1 / 20, 1 / 40, 1 / 80], errors) == pytest.approx([2.0, 2.0], abs=0.4)
